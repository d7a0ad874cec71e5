"""The red lines of the product: each test fails when its line is crossed. What the judges say about persons
is held in `judge/test_red_lines.py`, the slot's secrets in `web/test_suggestions.py`, the budget of our own
burden in `web/test_burden.py`."""

from __future__ import annotations

import dataclasses
import io
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.apps import apps
from django.db import connection
from django.test import Client

import shigan
from shigan.exchange.sheets.secrecy import refuse_marked
from shigan.exchange.workbook import read_workbook
from shigan.facts import KINDS, Part, fields
from shigan.facts.appraisal import Decision, RoutineGrade, RoutineGraded
from shigan.facts.fact import base, inner
from shigan.facts.faults import Fault
from shigan.judge import MEASURES
from shigan.ledger.entry import leaf
from shigan.policy import NAMES, Rulebook, numbers
from shigan.web import proving, rights, sealing, slot, store
from shigan.web.models import Account, BurdenRow, SlipRow
from shigan.work.things import THINGS
from tests.web.conftest import County, client_for, county

__all__ = ["client_for", "county"]

Clients = Callable[[str], Client]
SOURCE = Path(shigan.__file__).parent
TODAY = date.today()


def everything_written() -> Iterator[tuple[str, str]]:
    """(where, name) of every field a fact, a state, a table or a rule has."""
    for name, kind in KINDS.items():
        yield from ((f"fact {name}", f"{key} {label}") for key, label in labels(kind))
    for thing in THINGS.values():
        yield from ((f"state {thing.key}", field.name) for field in dataclasses.fields(thing.state))
    for model in apps.get_models():
        yield from ((f"table {model._meta.db_table}", field.name) for field in model._meta.get_fields())
    for name in NAMES:
        yield from ((f"rule {name}", n.name) for n in numbers(getattr(Rulebook.shipped(), name)))


def labels(part: type[Part]) -> Iterator[tuple[str, str]]:
    for field in fields(part):
        yield field.key, field.label.name + field.label.hint
        hint = inner(field.type) or base(field.type)[0]
        if isinstance(hint, type) and issubclass(hint, Part):
            yield from labels(hint)


def holding(pattern: str) -> list[tuple[str, str]]:
    return [(where, name) for where, name in everything_written() if re.search(pattern, name, re.IGNORECASE)]


# 1. Officials and units are appraised; citizens never. No citizen accounts, no list of frequent complainants.


def test_no_thing_in_the_ledger_is_a_citizen() -> None:
    things = {"U", "P", "G", "A", "Q", "V", "K", "M", "T", "B", "D", "E", "F", "S", "R"}
    assert set(THINGS) == things | {"P/", "U/", "G/"}


def test_no_account_is_a_citizens() -> None:
    assert set(rights.ROLES) == {"admin", "officer", "leader", "clerk", "official", "auditor"}


def test_who_said_something_is_nowhere_written() -> None:
    assert (
        holding(r"complainant|petitioner|citizen|phone|id_card|信访人|投诉人|反映人|电话|身份证|住址") == []
    )
    assert set(dict(labels(KINDS["SuggestionMade"]))) == {"text", "page"}
    assert set(dict(labels(KINDS["OpinionHeard"]))) == {"channel", "text"}


# 2. No field for religion anywhere. Ethnicity, health, photo, family: only in a vault, not there yet.


def test_no_field_is_about_religion() -> None:
    assert holding(r"religio|faith|belief|宗教|信仰") == []


def test_no_field_is_about_ethnicity_health_photos_or_family() -> None:
    found = holding(r"ethni|nationality|health|photo|family|spouse|民族|健康|照片|家庭|配偶|子女")
    assert [f for f in found if f[0] != "rule visits"] == [], "the rules of visits forbid photos by name"


# 3. No machine gives a grade, a ranking without intervals, a label on motives, a score of belief.


def test_only_a_leader_writes_grades_and_no_judge_can() -> None:
    assert {role for role, permits in rights.PERMITS.items() if "GradesDecided" in permits} == {rights.LEADER}
    for path in (SOURCE / "judge").glob("**/*.py"):
        assert not re.search(r"\b(GradesDecided|Decision|ResultNotified)\(", path.read_text("utf-8")), (
            path.name
        )


def test_no_measure_is_a_total_a_rank_or_a_reading_of_a_mind() -> None:
    for key, measure in MEASURES.items():
        words = f"{key} {measure.title}"
        assert not re.search(r"total|rank|score|总分|排名|名次|等次预测|动机|政治|忠诚|信念", words), words


def test_a_grade_that_departs_from_the_profile_needs_its_reasons() -> None:
    with pytest.raises(Fault, match="没有写理由"):
        Decision(person="P0001", grade="优秀", departs=True)


# 4. Nobody can derive who wrote a note, from the database, the logs or a backup.


def test_an_unsigned_note_leaves_no_trace_of_its_writer(county: County, client_for: Clients) -> None:
    slot.forget()
    client = client_for("clerk")
    assert client.post("/suggest", {"text": "表太多了", "page": "/"}).status_code == 302
    assert {field.name for field in SlipRow._meta.get_fields()} == {
        "id",
        "day",
        "kind",
        "subject",
        "unit",
        "body",
    }
    sealing.seal(datetime.now(UTC) + timedelta(days=1))
    (entry,) = store.entries("S00001")
    assert (entry.by, entry.by_unit) == ("-", "-")
    assert entry.happened == TODAY, "a day, no time"
    rows = [str(row) for row in all_rows() if "P0003" in str(row) and "表太多" in str(row)]
    assert rows == [], "no row knows both the account and the words"


def all_rows() -> Iterator[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            yield from cursor.fetchall()


# 5. The person concerned sees the record, answers, appeals; deletion works without breaking the proofs.


def test_the_person_concerned_sees_the_own_record_and_may_answer_and_appeal(
    county: County, client_for: Clients
) -> None:
    year = f"P0006/{TODAY.year}"
    county.write(year, RoutineGraded(quarter=1, grade=RoutineGrade.FAIR, reason="一件未办结"))
    sealing.seal()
    (entry,) = store.entries(year)
    assert "一件未办结" in client_for("official").get(f"/ledger/{entry.position}").content.decode()
    person = Account.objects.get(username="official")
    for act in ("StatementMade", "ReviewRequested", "AppealMade"):
        assert rights.may(person, act, year), act


def test_a_deleted_payload_breaks_no_proof(county: County) -> None:
    sealing.seal()
    entry = next(store.entries("P0006"))
    erased = dataclasses.replace(entry, fact=None)
    assert leaf(erased) == leaf(entry)
    proof = proving.prove(erased)
    assert proof is not None and proof.holds


def test_names_stay_outside_the_ledger(county: County) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM payload WHERE body LIKE '%甲0%'")
        assert cursor.fetchone() == (0,)


# 6. No check-in, no track, no mandatory photo, no log-in statistics, no points or league tables of places.


def test_nobody_checks_in_is_tracked_or_earns_points() -> None:
    found = holding(
        r"check_?in|track|gps|latitude|longitude|badge|like_count|打卡|签到|轨迹|定位|积分|点赞|在线时长"
    )
    assert [f for f in found if f[0] != "rule visits"] == []
    visits = Rulebook.shipped().visits
    assert [n.value for n in numbers(visits) if "上传" in n.words or "签字" in n.words] == [
        False,
        False,
        False,
    ]


def test_no_log_in_is_counted(county: County) -> None:
    assert "last_login" not in {field.name for field in Account._meta.get_fields()}
    models = {model.__name__ for model in apps.get_models()}
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
    assert "AccessLog" in models and "axes_accesslog" in tables, "it is there, so it must stay empty:"
    client = Client()
    account = Account.objects.get(username="clerk")
    account.set_password("a long enough password")
    account.save()
    given = {"username": "clerk", "password": "a long enough password"}
    assert client.post("/login", given).status_code == 302
    assert not apps.get_model("axes", "AccessLog").objects.exists()


def test_places_are_listed_by_code_and_never_ranked() -> None:
    for page in (SOURCE / "web" / "templates").glob("**/*.html"):
        text = page.read_text("utf-8")
        assert not re.search(r"排行|排名榜|积分榜|第\s*\{\{[^}]*\}\}\s*名|先进榜|红黑榜", text), page.name


# 7. It stores no state secrets: uploads carrying a secrecy mark are refused and not kept.


def test_an_upload_that_bears_a_secrecy_mark_is_refused() -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        book.add_worksheet("表1").write("A1", "机密★1年")
    with pytest.raises(Fault, match="密级标志"):
        refuse_marked(file.getvalue(), "问题台账.xlsx", read_workbook(file.getvalue()))


def test_every_page_says_that_no_state_secrets_are_kept(county: County, client_for: Clients) -> None:
    for page in ("/", "/problems/", "/ledger/", "/rules/"):
        assert "本系统不存储、处理国家秘密" in client_for("officer").get(page).content.decode()


# 8. It may not add to the burden it measures.


def test_every_form_has_its_expected_seconds_and_every_role_its_budget() -> None:
    from shigan.web.burden import POLICY_ROLES, cost, load

    policy = Rulebook.shipped().burden
    assert all(cost(kind, policy)[1] > 0 for kind in KINDS.values())
    assert not any(load(role, policy).excess for role in POLICY_ROLES.values())


def test_minutes_are_kept_by_unit_and_day_and_never_by_person() -> None:
    columns = {field.name for field in BurdenRow._meta.get_fields()}
    assert columns == {"id", "unit", "role", "day", "form", "seconds", "times"}
