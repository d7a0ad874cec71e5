"""Leadership teams are decided through the same pages, in their own words, quota and pool."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from shigan.facts.appraisal import EvaluationCounted, ItemTally, VoterClass
from shigan.facts.units import GroupFormed, PersonPosted, Rank, UnitFounded, UnitKind
from shigan.web import boards, naming, sealing, store
from shigan.web.models import NameRow
from shigan.work.admit import Author, Draft
from tests.web.conftest import County

Clients = Callable[[str], Client]
YEAR = date.today().year
FIRST = date(YEAR, 1, 1)
TEAMS, PERSONS = (f"/appraisal/group/{code}/{YEAR}/decide" for code in ("G07", "G05"))
CODES = [f"U{n:03d}" for n in range(51, 57)]


def counted(best: int) -> EvaluationCounted:
    """Twelve sheets of class C on a team, `best` of them 优秀 and the rest 良好."""
    return EvaluationCounted(
        voters=VoterClass.C, expected=12, present=12, issued=12, returned=12, valid=12, void=0,
        tallies=(ItemTally(item="工作实绩", counts=(best, 12 - best, 0, 0, 0)),), session="年度测评会",
    )  # fmt: skip


@pytest.fixture
def teams(county: County) -> County:
    """G07 with six teams (6 × 30% = 1.80: no pool), and the officials' groups G05 and G06 with two each
    (4 × 25% = 1: all of it pool), sealed and judged."""
    drafts = [Draft("G07", GroupFormed(scheme="县直部门领导班子", words="县直部门班子"), "U001", FIRST)]
    for n, code in enumerate(CODES):
        unit = UnitFounded(kind=UnitKind.DEPARTMENT, parent="U001", group="G07")
        drafts += [Draft(code, unit, code, FIRST), Draft(f"{code}/{YEAR}", counted(n), code, date.today())]
    for n, group in enumerate(("G05", "G06")):
        drafts.append(Draft(group, GroupFormed(scheme="县直部门领导干部", words="副职"), "U001", FIRST))
        posted = PersonPosted(rank=Rank.DEPUTY, in_team=True, group=group, managed_by="U001")
        drafts += [Draft(f"P{100 + 2 * n + at:04d}", posted, "U003", FIRST) for at in range(2)]
    store.append(drafts, Author("P0001", "U002"))
    NameRow.objects.bulk_create(NameRow(code=code, name=f"演示{code[2:]}局") for code in CODES)
    naming.forget()
    sealing.seal()
    boards.judge_now()
    return county


def decision(grades: dict[str, str], **more: object) -> dict[str, object]:
    """What the form of the committee's decision posts."""
    common = {"meeting": "县委常委会", "happened": date.today().isoformat(), "pool": 0, "seen": 0}
    return {**common, **{f"grade-{c}": g for c, g in grades.items()}, **more}


GOOD = dict.fromkeys(CODES, "良好")


def test_teams_are_decided_in_their_own_words_and_their_page_shows_it(
    teams: County, client_for: Clients
) -> None:
    client = client_for("leader")
    assert TEAMS in client.get(f"/appraisal/group/G07/{YEAR}").content.decode()
    page = client.get(TEAMS).content.decode()
    assert '<option value="良好">' in page and '<option value="称职">' not in page
    assert "不定等次" not in page and "6 × 30% = 1.80，取整 1 名" in page
    assert "尚未决定" in client.get(f"/appraisal/team/U051/{YEAR}").content.decode()
    assert client.post(TEAMS, decision(GOOD | {"U056": "优秀"})).status_code == 302
    shown = client.get(f"/appraisal/team/U056/{YEAR}").content.decode()
    assert "<b>优秀</b> · 县委常委会" in shown and "尚未决定" not in shown


def test_a_persons_grade_or_too_many_excellent_teams_write_nothing(
    teams: County, client_for: Clients
) -> None:
    client = client_for("leader")
    assert client.post(TEAMS, decision(GOOD | {"U051": "称职"})).status_code == 422
    answer = client.post(TEAMS, decision(GOOD | {"U055": "优秀", "U056": "优秀"}))
    assert answer.status_code == 422 and "6 个 × 30%" in answer.content.decode()
    assert store.state(f"G07/{YEAR}") is None


def test_an_excellent_team_whose_ballots_lie_below_the_group_needs_a_reason(
    teams: County, client_for: Clients
) -> None:
    answer = client_for("leader").post(TEAMS, decision(GOOD | {"U051": "优秀"}))
    assert answer.status_code == 422 and "请写理由" in answer.content.decode()


def test_teams_and_officials_draw_from_pools_of_their_own(teams: County, client_for: Clients) -> None:
    client = client_for("leader")
    assert "余额池还剩 0 名" in client.get(TEAMS).content.decode()
    assert "余额池还剩 1 名" in client.get(PERSONS).content.decode()
    answer = client.post(TEAMS, decision(GOOD, pool=1))
    assert answer.status_code == 422 and "余额池只剩 0 名" in answer.content.decode()
    given = {"P0100": "优秀", "P0101": "称职"}
    assert client.post(PERSONS, decision(given, pool=1)).status_code == 302
    assert "余额池还剩 0 名" in client.get(PERSONS).content.decode()


def test_only_the_leader_decides_on_teams(teams: County, client_for: Clients) -> None:
    for username in ("officer", "clerk", "auditor"):
        assert client_for(username).get(TEAMS).status_code == 403
