"""Appraisal through its pages: rights, what is never said, decisions, tables written whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from shigan.facts.appraisal import (
    EvaluationCounted,
    ItemTally,
    RoutineGrade,
    RoutineGraded,
    Sanction,
    SanctionImposed,
    StatementMade,
    VoterClass,
)
from shigan.facts.units import GroupFormed, PersonPosted, Rank
from shigan.web import boards, naming, sealing, store
from shigan.web.models import NameRow
from shigan.work.admit import Author, Draft
from shigan.work.appraisal import GroupYear, PersonYear
from tests.web.conftest import County

Clients = Callable[[str], Client]
YEAR = date.today().year
NEVER = ("总分", "总排名", "排名", "名次", "排行", "得分", "第一名")
OPTIONS = 5


def code(n: int) -> str:
    """The code of the n-th official of the group."""
    return f"P{100 + n:04d}"


def sheet(voters: VoterClass, valid: int, best: int) -> EvaluationCounted:
    """A count in which `best` sheets say 优秀 and the rest 称职."""
    tally = tuple(ItemTally(item=i, counts=(best, valid - best, 0, 0, 0)) for i in "德能勤绩廉")
    return EvaluationCounted(
        voters=voters, expected=valid, present=valid, issued=valid, returned=valid, valid=valid, void=0,
        tallies=tally, session="年度测评会",
    )  # fmt: skip


def people(first: int, n: int) -> None:
    """More officials of U003 in the comparison group G05, each evaluated."""
    author, drafts = Author("P0001", "U002"), []
    posted = PersonPosted(rank=Rank.DEPUTY, in_team=True, group="G05", managed_by="U001")
    for at in range(first, first + n):
        drafts.append(Draft(code(at), posted, "U003", date(YEAR, 1, 1)))
        drafts.append(Draft(f"{code(at)}/{YEAR}", sheet(VoterClass.B, 12, at % 12), "U003", date.today()))
        drafts.append(
            Draft(f"{code(at)}/{YEAR}", sheet(VoterClass.C, 40, 3 * (at % 12)), "U003", date.today())
        )
    store.append(drafts, author)
    NameRow.objects.bulk_create([NameRow(code=code(a), name=f"乙{a:02d}") for a in range(first, first + n)])
    naming.forget()


@pytest.fixture
def filed(county: County) -> County:
    """G05 with eight officials P0100 to P0107 of U003; P0006, the account `official`, joins it."""
    scheme = GroupFormed(scheme="县直部门领导干部", words="县直部门副职")
    store.append([Draft("G05", scheme, "U001", date(YEAR, 1, 1))], Author("P0001", "U002"))
    NameRow.objects.create(code="G05", name="县直副职组")
    people(0, 8)
    county.write("P0006", PersonPosted(rank=Rank.DEPUTY, in_team=True, group="G05", managed_by="U001"))
    county.write(f"P0006/{YEAR}", sheet(VoterClass.A, 3, 1))
    county.write(f"P0006/{YEAR}", StatementMade(text="请核对供水一项"), by="official")
    return county


@pytest.fixture
def group(filed: County) -> County:
    """The same, sealed and judged."""
    judged()
    return filed


def judged() -> None:
    """Seal and judge what was written."""
    sealing.seal()
    boards.judge_now()


PAGES = (
    f"/appraisal/?year={YEAR}",
    "/appraisal/group/G05",
    f"/appraisal/group/G05/{YEAR}",
    f"/appraisal/{code(0)}/{YEAR}",
    f"/appraisal/team/U003/{YEAR}",
)
RECORDING = (
    "/appraisal/record/",
    f"/appraisal/record/U003/{YEAR}",
    f"/appraisal/record/U003/{YEAR}/routine/1",
    f"/appraisal/record/U003/{YEAR}/tally/people/C",
    f"/appraisal/record/{code(0)}/{YEAR}/results",
    f"/appraisal/record/{code(0)}/{YEAR}/LeaveTaken",
    f"/appraisal/record/{code(0)}/{YEAR}/SanctionImposed",
)


def test_no_page_of_appraisal_knows_a_total_or_a_rank(group: County, client_for: Clients) -> None:
    leader, officer = client_for("leader"), client_for("officer")
    texts = [leader.get(p) for p in (*PAGES, f"/appraisal/group/G05/{YEAR}/decide")]
    texts += [officer.get(p) for p in RECORDING] + [client_for("official").get("/own/record")]
    for answer in texts:
        assert answer.status_code == 200, answer.request["PATH_INFO"]
        page = answer.content.decode()
        assert not [word for word in NEVER if word in page], answer.request["PATH_INFO"]


@pytest.mark.parametrize("username", ["clerk", "other_clerk", "township", "admin", "official"])
def test_neither_clerks_nor_other_officials_see_an_appraisal(
    filed: County, client_for: Clients, username: str
) -> None:
    client = client_for(username)
    for page in (
        *PAGES,
        *RECORDING,
        f"/appraisal/group/G05/{YEAR}/decide",
        f"/appraisal/{code(0)}/{YEAR}.pdf",
    ):
        assert client.get(page).status_code == 403, page


def test_auditors_look_and_write_nothing(filed: County, client_for: Clients) -> None:
    client = client_for("auditor")
    assert all(client.get(page).status_code == 200 for page in PAGES)
    assert all(client.get(page).status_code == 403 for page in RECORDING)


def test_the_own_record_shows_everything_of_oneself_and_nothing_of_others(
    group: County, client_for: Clients
) -> None:
    client = client_for("official")
    page = client.get("/own/record").content.decode()
    assert "请核对供水一项" in page and "本人陈述" in page and "申请复核" in page
    assert not [n for n in range(8) if f"乙{n:02d}" in page or code(n) in page]
    assert client.get(f"/appraisal/P0006/{YEAR}").status_code == 200
    assert client.get(f"/appraisal/{code(1)}/{YEAR}").status_code == 403


def test_three_ballots_are_never_shown_in_figures(group: County, client_for: Clients) -> None:
    for username, path in (("official", "/own/record"), ("leader", f"/appraisal/P0006/{YEAR}")):
        page = client_for(username).get(path).content.decode()
        assert "不足 5 份，按规定不显示任何数字" in page
        assert "1；2；0" not in page and "33" not in page.split("民主测评")[1].split("问题整改")[0]


def test_members_stand_in_roster_order_whatever_the_figures(group: County, client_for: Clients) -> None:
    page = client_for("leader").get(f"/appraisal/group/G05/{YEAR}").content.decode()
    table = page.split("<tbody>")[-1]
    places = [table.index(f"乙{n:02d}") for n in range(8)]
    assert places == sorted(places)


def test_the_board_costs_the_same_number_of_queries_however_large_the_group(
    group: County, client_for: Clients, django_assert_max_num_queries: Callable[..., object]
) -> None:
    client = client_for("leader")
    paths = (f"/appraisal/group/G05/{YEAR}", "/appraisal/", f"/appraisal/team/U003/{YEAR}")
    for path in paths:
        client.get(path)  # the first look of a day is noted
        with django_assert_max_num_queries(22):  # type: ignore[attr-defined]
            client.get(path)
    people(10, 40)
    judged()
    naming.name("U001")
    for path in paths:
        client.get(path)
        with django_assert_max_num_queries(22):  # type: ignore[attr-defined]
            assert client.get(path).status_code == 200
    assert "乙49" in client.get(paths[0]).content.decode()


def decision(grades: dict[str, str], **more: object) -> dict[str, object]:
    """What the form of the committee's decision posts."""
    common = {"meeting": "县委常委会", "happened": date.today().isoformat(), "pool": 0, "seen": 0}
    return {**common, **{f"grade-{c}": g for c, g in grades.items()}, **more}


def decided() -> GroupYear | None:
    state = store.state(f"G05/{YEAR}")
    return state if isinstance(state, GroupYear) else None


DECIDE = f"/appraisal/group/G05/{YEAR}/decide"


def test_only_the_leader_writes_the_decision(filed: County, client_for: Clients) -> None:
    given = decision({code(n): "称职" for n in range(8)})
    assert client_for("officer").post(DECIDE, given).status_code == 403
    assert client_for("leader").post(DECIDE, given).status_code == 302
    state = decided()
    assert state is not None and len(state.decisions) == 8


def test_a_decision_against_the_figures_needs_its_reason_and_keeps_it(
    group: County, client_for: Clients
) -> None:
    client, lowest = client_for("leader"), code(0)
    given = decision({code(n): "优秀" if n == 0 else "称职" for n in range(8)})
    answer = client.post(DECIDE, given)
    assert answer.status_code == 422
    assert "测评区间全部低于同类中位数而评为优秀，请写理由" in answer.content.decode()
    assert decided() is None
    assert client.post(DECIDE, given | {f"reason-{lowest}": "主动承担矛盾集中的拆违"}).status_code == 302
    state = decided()
    own = state.grade_of(lowest) if state else None
    assert own is not None and own.departs and own.reason == "主动承担矛盾集中的拆违"
    assert "主动承担矛盾集中的拆违" in client.get(f"/appraisal/{lowest}/{YEAR}").content.decode()


def test_what_a_rule_blocks_is_refused_with_its_source_and_nothing_is_written(
    filed: County, client_for: Clients
) -> None:
    filed.write(code(7), SanctionImposed(sanction=Sanction.DEMERIT, number="青纪〔2026〕8号"))
    grades = {code(n): "称职" for n in range(7)} | {code(7): "优秀"}
    answer = client_for("leader").post(DECIDE, decision(grades))
    assert answer.status_code == 422 and decided() is None
    assert "不得确定为优秀" in answer.content.decode() and "影响期至" in answer.content.decode()


def test_the_quota_and_what_is_left_of_the_pool_hold(group: County, client_for: Clients) -> None:
    client = client_for("leader")
    many = {code(n): "优秀" if n > 4 else "称职" for n in range(8)}
    answer = client.post(DECIDE, decision(many))
    assert answer.status_code == 422 and "超过名额" in answer.content.decode()
    answer = client.post(DECIDE, decision(many, pool=5))
    assert answer.status_code == 422 and "余额池只剩" in answer.content.decode()
    assert decided() is None


def test_two_decisions_at_once_the_second_is_told(filed: County, client_for: Clients) -> None:
    client = client_for("leader")
    client.post(DECIDE, decision({code(1): "称职"}))
    answer = client.post(DECIDE, decision({code(2): "称职"}))
    assert answer.status_code == 422 and "刚刚有了新的记录" in answer.content.decode()


def test_from_notification_to_review_with_the_clock_in_words(filed: County, client_for: Clients) -> None:
    officer, official = client_for("officer"), client_for("official")
    client_for("leader").post(DECIDE, decision({"P0006": "称职"}))
    page = officer.get(f"/appraisal/P0006/{YEAR}").content.decode()
    assert "/act/ResultNotified/P0006" in page and 'value="称职"' in page
    state = store.state(f"P0006/{YEAR}")
    assert state is not None
    told = {"grade": "称职", "happened": date.today().isoformat(), "seen": state.seq}
    assert officer.post(f"/act/ResultNotified/P0006/{YEAR}", told).status_code == 302
    page = official.get("/own/record").content.decode()
    assert "前申请复核，也可以不经复核在同一日前直接申诉" in page and "/act/ReviewRequested/P0006" in page
    asked = {"text": "请复核供水", "happened": date.today().isoformat(), "seen": state.seq + 1}
    assert officer.post(f"/act/ReviewRequested/P0006/{YEAR}", asked).status_code == 403
    assert official.post(f"/act/ReviewRequested/P0006/{YEAR}", asked).status_code == 302
    assert "复核应在" in official.get("/own/record").content.decode()


def test_too_many_good_grades_in_a_quarter_are_refused_as_a_whole(filed: County, client_for: Clients) -> None:
    client, path = client_for("officer"), f"/appraisal/record/U003/{YEAR}/routine/1"
    assert "剩余" in client.get(path).content.decode()
    everybody = {f"grade-{code(n)}": "好" for n in range(8)}
    answer = client.post(path, everybody | {"happened": date.today().isoformat()})
    assert answer.status_code == 422 and "超过名额" in answer.content.decode()
    assert not routine(0)
    few = {f"grade-{code(n)}": "好" if n < 2 else "较好" for n in range(8)}
    assert client.post(path, few | {"happened": date.today().isoformat()}).status_code == 302
    assert routine(0) == RoutineGrade.GOOD and routine(7) == RoutineGrade.FAIRLY_GOOD
    assert f'name="grade-{code(0)}"' not in client.get(path).content.decode(), (
        "what is on record is not asked again"
    )


def routine(n: int) -> str:
    state = store.state(f"{code(n)}/{YEAR}")
    return state.routine[0] if isinstance(state, PersonYear) else ""


def cells(n: int, *counts: int) -> dict[str, str]:
    """One person's part of the table, the same for every item."""
    return {f"{code(n)}-{item}-{at}": str(c) for item in range(5) for at, c in enumerate(counts)}


def test_a_table_of_ballots_is_written_whole_or_not_at_all(filed: County, client_for: Clients) -> None:
    client, path = client_for("officer"), f"/appraisal/record/U003/{YEAR}/tally/people/A"
    head = {
        "expected": 7,
        "present": 6,
        "issued": 6,
        "returned": 6,
        "valid": 6,
        "void": 0,
        "session": "年度测评会",
    }
    common = {**head, "happened": date.today().isoformat()}
    wrong = client.post(path, common | cells(0, 4, 2) | cells(1, 6, 1))
    assert wrong.status_code == 422
    assert "多于有效票 6 份" in wrong.content.decode() and "乙01" in wrong.content.decode()
    assert not on_record(0), "nothing of the good row either"
    answer = client.post(path, common | cells(0, 4, 1) | cells(1, 3, 3))
    assert answer.status_code == 302
    assert on_record(0) and on_record(1) and not on_record(2)
    fact = next(
        e.fact
        for e in store.entries(f"{code(0)}/{YEAR}")
        if isinstance(e.fact, EvaluationCounted) and e.fact.voters == "A"
    )
    assert isinstance(fact, EvaluationCounted) and {t.blank for t in fact.tallies} == {1}


def on_record(n: int) -> bool:
    state = store.state(f"{code(n)}/{YEAR}")
    return isinstance(state, PersonYear) and "年度测评会·A" in state.counted


def test_unreconciled_ballots_are_refused_in_words(filed: County, client_for: Clients) -> None:
    path = f"/appraisal/record/U003/{YEAR}/tally/people/A"
    head = {"expected": 7, "present": 6, "issued": 6, "returned": 6, "valid": 4, "void": 1, "session": "会"}
    answer = client_for("officer").post(path, head | cells(0, 4) | {"happened": date.today().isoformat()})
    assert answer.status_code == 422 and "不等于收回" in answer.content.decode()


def test_a_result_needs_to_say_where_it_can_be_checked(filed: County, client_for: Clients) -> None:
    client, path = client_for("officer"), f"/appraisal/record/{code(0)}/{YEAR}/results"
    day = {"happened": date.today().isoformat()}
    answer = client.post(path, day | {"value-0": "97.5"})
    assert answer.status_code == 422 and "别人在哪里能查到" in answer.content.decode()
    assert client.post(path, day | {"value-0": "97.5", "evidence-0": "县督查台账 12 号"}).status_code == 302
    state = store.state(f"{code(0)}/{YEAR}")
    assert isinstance(state, PersonYear) and state.results == 1


def test_leave_and_sanctions_are_recorded_and_seen_by_the_person(filed: County, client_for: Clients) -> None:
    client, day = client_for("officer"), date.today().isoformat()
    state = store.state(f"P0006/{YEAR}")
    assert state is not None
    given = {"days": 200, "happened": day, "seen": state.seq}
    assert client.post(f"/appraisal/record/P0006/{YEAR}/LeaveTaken", given).status_code == 302
    assert "200" in client_for("official").get("/own/record").content.decode()


def test_a_profile_comes_as_word_and_pdf(group: County, client_for: Clients) -> None:
    client = client_for("officer")
    assert client.get(f"/appraisal/{code(0)}/{YEAR}.docx").content.startswith(b"PK")
    assert client.get(f"/appraisal/{code(0)}/{YEAR}.pdf").content.startswith(b"%PDF")
    assert client.get(f"/appraisal/{code(0)}/{YEAR}.exe").status_code == 404


def test_the_committee_and_the_person_get_their_papers(group: County, client_for: Clients) -> None:
    leader = client_for("leader")
    assert leader.get(f"/appraisal/group/G05/{YEAR}.pdf").content.startswith(b"%PDF")
    leader.post(DECIDE, decision({code(0): "称职"}))
    letter = leader.get(f"/appraisal/{code(0)}/{YEAR}.docx?letter=1")
    assert "letter" in letter.headers["Content-Disposition"] and letter.content.startswith(b"PK")
    assert client_for("official").get(f"/appraisal/P0006/{YEAR}.pdf").content.startswith(b"%PDF")


def test_before_anything_is_judged_the_pages_say_so(county: County, client_for: Clients) -> None:
    county.write(f"P0006/{YEAR}", RoutineGraded(quarter=1, grade=RoutineGrade.GOOD))
    client = client_for("officer")
    assert "本年度还没有封存评判" in client.get(f"/appraisal/P0006/{YEAR}").content.decode()
    assert client.get(f"/appraisal/P0006/{YEAR - 1}").status_code == 200
    assert client.get("/appraisal/").status_code == 200
    assert client.get(f"/appraisal/P0006/{YEAR + 1}").status_code == 404
    assert client.get(f"/appraisal/P0999/{YEAR}").status_code == 404
