"""The reading of single sheets as findings: in points, never of too few, never of one sheet."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from shigan.facts.appraisal import SheetsEntered, VoterClass, by_marks
from shigan.judge import MEASURES, Book, Finding, Flag, Kind, Profile, Tables, judge
from shigan.judge.raters import DOUBTFUL, Rated, official_findings, rated, unit_findings
from shigan.judge.sheet_flags import LEAST_WORTH, sheet_flags
from shigan.ledger.entry import Entry
from shigan.maths.raters import Bloc
from shigan.policy import Rulebook
from tests.judge.given import entry, fact, sealed

pytestmark = pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")

RULES = Rulebook.shipped()
SCHEME = RULES.schemes.of("县直部门领导干部")
DAY, TODAY = date(2026, 11, 10), date(2026, 11, 23)
UNITS = ("U1", "U2", "U3")
TEAM, STAFF, LEADERS = 8, 24, 16
WEAK = 0
"""The first of each team is marked low by everybody; the records bear it out but for that of U1."""
ODD = "4321" * 10
"""A sheet that anybody would know again."""


def code(unit: str, at: int) -> str:
    return f"P{unit[1:]}{at}"


def team(unit: str) -> list[str]:
    return [code(unit, at) for at in range(TEAM)]


def merit(person: str) -> float:
    return -1.6 if person.endswith(str(WEAK)) else 0.1 * int(person[-1])


def marked(random: np.random.Generator, people: Sequence[str], n: int) -> list[str]:
    """Sheets of five items on some people; each sheet has its severity, each line its impression."""
    stands = np.array([merit(person) for person in people])
    place = (
        stands[None, :, None] + random.normal(0, 0.4, (n, 1, 1)) + random.normal(0, 0.5, (n, len(people), 1))
    )
    place = place + random.normal(0, 0.5, (n, len(people), 5))
    marks = 4 - np.searchsorted([-2.2, -1.2, -0.3], place)
    return ["".join(map(str, sheet.ravel())) for sheet in marks]


def entered(voters: str, people: Sequence[str], sheets: Sequence[str]) -> SheetsEntered:
    counts = dict.fromkeys(("expected", "present", "issued", "returned", "valid"), len(sheets))
    return SheetsEntered(
        voters=VoterClass(voters), **counts, void=0, session="年度测评", items=tuple("德能勤绩廉"),
        targets=tuple(people), sheets=by_marks(sheets),
    )  # fmt: skip


def posts(units: Sequence[str] = UNITS) -> Iterator[Entry]:
    yield entry("G01", fact("GroupFormed", scheme=SCHEME.name), date(2020, 1, 1))
    for unit in units:
        for person in team(unit):
            yield entry(person, fact("PersonPosted", group="G01"), date(2020, 1, 1), unit)


def county() -> Iterator[Entry]:
    """Three teams of eight, each marked by its staff, all by the same leaders; monthly results."""
    random = np.random.default_rng(3)
    yield from posts()
    for unit in UNITS:
        sheets = [*marked(random, team(unit), STAFF - 1), ODD]
        yield entry(f"{unit}/2026", entered("C", team(unit), sheets), DAY, unit)
    everybody = [person for unit in UNITS for person in team(unit)]
    yield entry("U9/2026", entered("A", everybody, marked(random, everybody, LEADERS)), DAY, "U9")
    for month in range(1, 11):
        for person in everybody:
            yield result(random, person, month)


def result(random: np.random.Generator, person: str, month: int) -> Entry:
    """A month's result: by merit and chance, but of the weak one of U1 the best."""
    value = 99 if person == code("U1", WEAK) else 80 + 5 * merit(person) + random.normal(0, 3)
    told = fact("ResultRecorded", indicator=SCHEME.indicators[0].name, value=Decimal(f"{value:.1f}"))
    return entry(f"{person}/2026", told, date(2026, month, 15), person)


@pytest.fixture(scope="module")
def tables() -> Tables:
    return Tables.of(sealed(county()))


@pytest.fixture(scope="module")
def book(tables: Tables) -> Book:
    return judge(tables, RULES, 2026, TODAY)


@pytest.fixture(scope="module")
def given(tables: Tables) -> Rated:
    found = rated(tables, "2026", RULES)
    assert found
    return found


def one(profile: Profile, measure: str) -> Finding:
    found = profile.one(measure)
    assert found, measure
    return found


def test_every_official_has_a_reading_in_points_with_its_interval(book: Book) -> None:
    points = [float(each) for each in SCHEME.points().values()]
    for profile in book.persons.values():
        for measure in ("evaluation.adjusted", "evaluation.naive", "evaluation.fused"):
            f = one(profile, measure)
            assert f.low is not None and f.value is not None and f.high is not None
            assert min(points) <= f.low < f.value < f.high <= max(points)
            assert f.n == STAFF + LEADERS and f.unit == "分" and f.evidence


def test_who_is_marked_low_by_all_reads_lower_than_the_colleagues(book: Book) -> None:
    for unit in UNITS:
        weak, *others = (one(book.persons[person], "evaluation.adjusted") for person in team(unit))
        assert all((weak.high or 0) < (other.value or 0) for other in others)


def test_the_standing_is_one_of_three_sentences_with_letters(book: Book) -> None:
    said = {one(profile, "evaluation.standing").words for profile in book.persons.values()}
    assert 1 < len(said) <= 3
    weak, best = (one(book.persons[code("U2", at)], "evaluation.standing") for at in (WEAK, TEAM - 1))
    assert weak.value is None and "不在本单位前五分之一" in weak.sentence()
    assert not {*weak.values["letters"].split()} & {*best.values["letters"].split()}


def test_a_small_team_has_a_reading_but_no_standing(tables: Tables) -> None:
    text = RULES.texts["appraisal"].replace("[group_minimum]\nvalue = 5", "[group_minimum]\nvalue = 9")
    strict = RULES.with_adopted("appraisal", text)
    found = rated(tables, "2026", strict)
    measures = {f.measure for f in official_findings(found, code("U1", 3), SCHEME)}
    assert measures == {"evaluation.adjusted", "evaluation.naive"}


def small(n: int) -> list[Finding]:
    sheets = marked(np.random.default_rng(1), team("U1"), n)
    told = [*posts(["U1"]), entry("U1/2026", entered("C", team("U1"), sheets), DAY, "U1")]
    found = rated(Tables.of(sealed(told)), "2026", RULES)
    return [*official_findings(found, code("U1", 1), SCHEME)]


def test_below_the_least_number_of_sheets_nothing_is_said() -> None:
    assert not small(4)


def test_few_sheets_give_an_interval_in_fives_and_no_figure() -> None:
    adjusted = next(f for f in small(7) if f.measure == "evaluation.adjusted")
    assert adjusted.value is None and adjusted.low is not None and adjusted.high is not None
    assert adjusted.low % 5 == 0 and (adjusted.high % 5 == 0 or adjusted.high == 95)


def test_sheets_that_all_say_the_same_are_not_read() -> None:
    told = [*posts(["U1"]), entry("U1/2026", entered("C", team("U1"), ["1" * 40] * 12), DAY, "U1")]
    assert rated(Tables.of(sealed(told)), "2026", RULES) is None
    assert rated(Tables.of(sealed(posts())), "2026", RULES) is None


def test_a_unit_that_nothing_ties_to_the_others_is_read_only_within_itself(given: Rated) -> None:
    alone = replace(given, reading=replace(given.reading, comparable=np.zeros(len(UNITS) + 1, bool)))
    adjusted, standing = official_findings(alone, code("U1", 3), SCHEME)
    assert adjusted.value is None and adjusted.low is None and "跨单位不可比" in adjusted.sentence()
    assert standing.measure == "evaluation.standing"


def test_where_half_the_sheets_may_move_together_it_says_so_everywhere(given: Rated) -> None:
    unsure = replace(given, reading=replace(given.reading, doubtful=np.ones(len(UNITS) + 1, bool)))
    adjusted, *_others = official_findings(unsure, code("U1", 3), SCHEME)
    assert adjusted.words == DOUBTFUL
    assert DOUBTFUL in [f.words for f in unit_findings(unsure, "U1")]
    assert {flag.about for flag in sheet_flags(unsure, ()) if flag.words == DOUBTFUL} == {*UNITS}


def test_uniform_sheets_are_a_note_on_the_unit_and_no_flag(given: Rated) -> None:
    third = given.reading.sheets / 3
    plain = replace(given, reading=replace(given.reading, uniform=third))
    note = next(unit_findings(plain, "U1"))
    assert "约 35% 对所有人一律同一等次" in note.sentence() and "不算问题" in note.sentence()
    assert not [*sheet_flags(plain, ())]


def with_bloc(given: Rated, worth: float = LEAST_WORTH, **changed: object) -> list[Flag]:
    bloc = Bloc(0, 5.0, 0.2, np.array([1, 2]), np.array([3]), worth)
    reading = replace(given.reading, blocs=(replace(bloc, **changed),))  # type: ignore[arg-type]
    return [*sheet_flags(replace(given, reading=reading), ())]


def test_a_bloc_is_told_by_its_share_of_sheets_and_never_by_whom_it_lifts(given: Rated) -> None:
    (flag,) = with_bloc(given)
    assert (flag.kind, flag.about, flag.things) == (Kind.SHEETS, "U1", (code("U1", 1), code("U1", 2)))
    assert "约 20% 的票步调一致" in flag.sentence() and "不是对谁的结论" in flag.sentence()
    assert code("U1", 3) not in str(flag.to_plain())


@pytest.mark.parametrize(
    "changed", [{"worth": LEAST_WORTH - 1}, {"lowered": np.array([1])}, {"lifted": np.array([], int)}]
)
def test_a_pattern_that_may_be_chance_or_lowers_one_person_only_is_no_bloc(
    given: Rated, changed: dict[str, object]
) -> None:
    assert not with_bloc(given, **changed)  # type: ignore[arg-type]


def test_a_bloc_of_fewer_sheets_than_any_group_must_have_is_not_told(given: Rated) -> None:
    least = RULES.publication.nothing_below.value
    assert not with_bloc(given, sheets=least - 0.1)
    assert with_bloc(given, sheets=float(least))


def test_shares_of_sheets_are_told_in_fives_of_a_hundred(given: Rated) -> None:
    (flag,) = with_bloc(given, share=0.17)
    assert "约 15% 的票" in flag.sentence()


def test_copied_and_careless_sheets_are_asked_about(given: Rated) -> None:
    many = given.reading.sheets // 2
    for told in ({"copied": many}, {"careless": many.astype(float)}):
        found = [*sheet_flags(replace(given, reading=replace(given.reading, **told)), ())]
        assert {flag.about for flag in found} == {*UNITS} and "可" in found[0].sentence()


def test_an_honest_county_raises_no_flag_on_sheets(book: Book) -> None:
    assert not [flag for flag in book.flags if flag.kind == Kind.SHEETS]


def test_good_results_under_a_low_evaluation_are_a_question(book: Book) -> None:
    asked = {who: f.sentence() for who, p in book.persons.items() for f in p.of("results.contradiction")}
    assert asked == {code("U1", WEAK): "测评偏低而实绩偏高，请核实"}


def test_records_draw_the_fused_reading_towards_them_and_leave_the_first_alone(book: Book) -> None:
    profile = book.persons[code("U1", WEAK)]
    adjusted, fused = one(profile, "evaluation.adjusted"), one(profile, "evaluation.fused")
    assert adjusted.value and fused.value and adjusted.value < fused.value
    assert len(fused.evidence) == len(adjusted.evidence) + 10


def test_no_finding_and_no_flag_tells_a_sheet_or_its_weight(book: Book) -> None:
    told = json.dumps([p.to_plain() for p in (*book.persons.values(), *book.units.values())])
    assert ODD not in told and ODD[:10] not in told
    assert not [key for key in MEASURES if "weight" in key]


def test_the_same_sheets_give_the_same_book_again(tables: Tables, book: Book) -> None:
    assert judge(tables, RULES, 2026, TODAY) == book
