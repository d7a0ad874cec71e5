"""Red line 3 and its neighbours, held on everything the judges say."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import json
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import shigan.judge
from shigan.facts import KINDS, fields
from shigan.facts.appraisal import ItemTally, RoutineGrade, Sanction, VoterClass
from shigan.judge import MEASURES, Book, Finding, Flag, Profile, Tables, judge
from shigan.judge.tables import SHAPES
from shigan.ledger.entry import Entry
from shigan.policy import Rulebook
from tests.judge.given import entry, fact, sealed, sheets

pytestmark = pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")

RULES = Rulebook.shipped()
TODAY = date(2026, 11, 23)
PERSONS = [f"P{n:04}" for n in range(1, 9)]
FORBIDDEN = re.compile(
    r"grade|rank|score|total|label|motive|order_of|percentile|best|worst|等次|总分|排名|名次"
)
SOURCES = sorted(Path(shigan.judge.__file__).parent.glob("*.py"))


def county() -> Iterator[Entry]:
    """A small county in which something is said of every measure that speaks of persons."""
    day = date(2026, 3, 31)
    yield entry("G01", fact("GroupFormed", scheme="县直部门领导干部"), date(2020, 1, 1))
    for at, person in enumerate(PERSONS):
        yield entry(person, fact("PersonPosted", group="G01"), date(2020, 1, 1))
        yield entry(f"{person}/2026", fact("RoutineGraded", quarter=1, grade=RoutineGrade.GOOD), day)
        tally = ItemTally(item="德", counts=(20 - at, at, 0, 0, 0))
        yield entry(f"{person}/2026", sheets(20, tally, voters=VoterClass.C), day)
        result = fact("ResultRecorded", indicator="分管重点任务完成率", value=Decimal(80 + at))
        yield entry(f"{person}/2026", result, day)
    yield entry("P0001", fact("SanctionImposed", sanction=Sanction.DEMERIT), day)


@pytest.fixture(scope="module")
def book() -> Book:
    return judge(Tables.of(sealed(county())), RULES, 2026, TODAY)


def everything(book: Book) -> list[dict[str, Any]]:
    profiles = [*book.persons.values(), *book.teams.values(), *book.groups.values(), *book.units.values()]
    return [p.to_plain() for p in profiles] + [flag.to_plain() for flag in book.flags]


def keys(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, each in value.items():
            yield key
            yield from keys(each)
    elif isinstance(value, list):
        for each in value:
            yield from keys(each)


def test_no_key_of_any_output_is_a_grade_a_rank_or_a_total(book: Book) -> None:
    said = {key for each in everything(book) for key in keys(each)}
    assert not [key for key in said - {"total"} if FORBIDDEN.search(key)]


def test_the_only_total_is_that_of_the_quota_s_places(book: Book) -> None:
    totals = [f for p in book.groups.values() for f in p.findings if "total" in f.values]
    assert {f.measure for f in totals} == {"quota.pool"}
    assert not [p for p in book.persons.values() for f in p.findings if "total" in f.values]


def test_no_field_and_no_measure_is_named_after_a_grade_or_a_rank() -> None:
    names = [f.name for cls in (Finding, Profile, Flag, Book) for f in dataclasses.fields(cls)]
    assert not [name for name in (*names, *MEASURES) if FORBIDDEN.search(name)]


def test_the_profiles_keep_the_order_of_codes_whatever_the_figures(book: Book) -> None:
    assert list(book.persons) == PERSONS


def test_every_mean_and_every_place_has_an_interval(book: Book) -> None:
    for profile in book.persons.values():
        for f in profile.of("evaluation.mean") + profile.of("results.area") + profile.of("evaluation.class"):
            assert f.low is not None and f.value is not None and f.high is not None
            assert f.low <= f.value <= f.high and f.low < f.high


def test_those_who_cannot_be_told_apart_are_named_in_order_of_codes(book: Book) -> None:
    (alike,) = book.persons["P0003"].of("evaluation.alike")
    assert alike.values["others"] == sorted(alike.values["others"])
    (chains,) = book.groups["G01"].of("evaluation.groups")
    assert [code for chain in chains.values["chains"] for code in chain] == PERSONS


def test_every_figure_about_a_person_opens_to_its_entries(book: Book) -> None:
    strips = ("late.happened", "late.recorded")
    for profile in book.persons.values():
        for f in profile.findings:
            if f.value and f.measure not in strips:
                assert f.evidence, f


def test_every_profile_and_flag_survives_json(book: Book) -> None:
    for profile in (*book.persons.values(), *book.groups.values(), *book.units.values()):
        assert Profile.from_plain(json.loads(json.dumps(profile.to_plain()))) == profile
    for flag in book.flags:
        assert Flag.from_plain(json.loads(json.dumps(flag.to_plain()))) == flag


def test_every_sentence_can_be_filled(book: Book) -> None:
    for profile in (*book.persons.values(), *book.groups.values(), *book.units.values()):
        assert all("{" not in f.sentence() for f in profile.findings)


def test_the_order_in_which_entries_are_given_changes_nothing(book: Book) -> None:
    again = judge(Tables.of(reversed(sealed(county()))), RULES, 2026, TODAY)
    assert everything(again) == everything(book)


def test_every_policy_number_a_measure_names_is_in_the_rule_book() -> None:
    for name, measure in MEASURES.items():
        for path in measure.numbers:
            at: Any = RULES
            for step in path.split("."):
                at = getattr(at, step)
            assert at is not None, (name, path)


def test_every_measure_used_in_the_code_is_in_the_closed_list_and_every_one_listed_is_used() -> None:
    code = "".join(path.read_text("utf-8") for path in SOURCES if path.name != "measure.py")
    said = set(
        re.findall(
            r'"((?:problems|late|results|evaluation|routine|quota|group|documents)\.\w+|blocks)"', code
        )
    )
    assert said == set(MEASURES)


def test_no_table_has_a_column_for_religion_ethnicity_health_or_family() -> None:
    columns = {key.lower() for shape in SHAPES.values() for key in shape}
    assert not [c for c in columns if re.search(r"relig|ethnic|minzu|health|photo|family", c)]


def test_the_only_names_in_the_tables_are_those_of_policies() -> None:
    """A case of erasure says whether a name goes as well (yes or no), never which."""
    named = {table for table, shape in SHAPES.items() if any("name" in key for key in shape)}
    assert named == {"PolicyAdopted", "ErasureRequested", "PayloadErased"}
    for kind in ("ErasureRequested", "PayloadErased"):
        assert {field.key: field.type for field in fields(KINDS[kind])}["name"] is bool


def test_judges_write_nothing_know_no_web_and_use_no_approximate_functions() -> None:
    for path in SOURCES:
        tree = ast.parse(path.read_text("utf-8"))
        imported = {n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
        assert not [
            m for m in imported if m.startswith(("django", "shigan.web", "shigan.demo", "shigan.exchange"))
        ]
        called = {n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute)}
        assert not [
            name for name in called if name.startswith("approx") or name in ("insert", "create_table")
        ]


def test_flags_speak_of_units_never_of_motives() -> None:
    from shigan.judge import flags

    said = inspect.getsource(flags)
    assert not re.search(r"拉票|贿选|作假|造假|故意|态度|动机", said)
