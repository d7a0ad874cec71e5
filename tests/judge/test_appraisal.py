"""Profiles: whom they compare, what they ask, what they leave open."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shigan.facts.appraisal import Area, ItemTally, Nature, VoterClass
from shigan.judge import Book, Tables, judge
from shigan.judge.results import Record, group_results
from shigan.ledger.entry import Entry
from shigan.policy import Rulebook
from tests.judge.given import entry, fact, sealed, sheets

pytestmark = pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")

RULES = Rulebook.shipped()
SCHEME = RULES.schemes.of("县直部门领导干部")
OUTCOME = "分管重点任务完成率"
LONG_AGO = date(2020, 1, 1)


def book(entries: Iterator[Entry], year: int = 2026) -> Book:
    return judge(Tables.of(sealed(entries)), RULES, year, date(2026, 11, 23))


def person(code: str, low_votes: int, figure: int, year: int = 2026) -> Iterator[Entry]:
    """A person's file: 40 class-C sheets, some of them 称职, and one result."""
    tally = ItemTally(item="德", counts=(40 - low_votes, low_votes, 0, 0, 0))
    yield entry(f"{code}/{year}", sheets(40, tally, voters=VoterClass.C), date(year, 11, 10))
    yield entry(
        f"{code}/{year}", fact("ResultRecorded", indicator=OUTCOME, value=Decimal(figure)), date(year, 6, 1)
    )


def group(scheme: str = "县直部门领导干部") -> Iterator[Entry]:
    """Eight officials in one comparison group: P0001 with the poorest sheets and the best result."""
    yield entry("G01", fact("GroupFormed", scheme=scheme), LONG_AGO)
    for n in range(1, 9):
        yield entry(f"P{n:04}", fact("PersonPosted", group="G01"), LONG_AGO)
        yield from person(f"P{n:04}", 30 if n == 1 else n, 99 if n == 1 else 60 + n)


def test_poor_sheets_and_the_best_results_are_put_as_a_question() -> None:
    found = book(group())
    asked = {code: f.sentence() for code, p in found.persons.items() for f in p.of("results.contradiction")}
    assert asked["P0001"] == "测评偏低而实绩偏高，请核实"
    assert asked["P0002"] == "测评偏高而实绩偏低，请核实"
    assert "P0005" not in asked


def test_those_whose_intervals_overlap_are_named_and_the_one_apart_is_not() -> None:
    found = book(group())
    alike = {code: p.one("evaluation.alike") for code, p in found.persons.items()}
    assert alike["P0002"].values["others"] == [f"P{n:04}" for n in range(3, 9)]  # type: ignore[union-attr]
    assert alike["P0001"].sentence() == "测评区间与同组其他人都不重叠"  # type: ignore[union-attr]
    chains = found.groups["G01"].one("evaluation.groups").values["chains"]  # type: ignore[union-attr]
    assert chains == [["P0001"], [f"P{n:04}" for n in range(2, 9)]]


def test_a_group_under_a_scheme_that_the_rule_book_lacks_says_so_and_keeps_the_rest() -> None:
    found = book(group(scheme="没有这个方案"))
    missing = found.groups["G01"].one("group.scheme")
    assert missing is not None and "没有这个方案" in missing.sentence()
    assert not found.persons["P0001"].of("evaluation.mean")
    assert found.persons["P0001"].of("late.share")


def test_who_is_in_no_group_still_has_a_profile_without_comparison() -> None:
    def entries() -> Iterator[Entry]:
        yield entry("P0001", fact("PersonPosted"), LONG_AGO)
        yield from person("P0001", 3, 80)

    found = book(entries()).persons["P0001"]
    assert found.group == "" and found.of("late.share")
    assert not found.of("results.area") and not found.of("evaluation.alike")


def test_who_left_has_no_profile_and_who_moved_is_compared_in_the_new_group() -> None:
    def entries() -> Iterator[Entry]:
        yield from group()
        yield entry("G02", fact("GroupFormed", scheme="县直部门领导干部"), LONG_AGO)
        yield entry("P0002", fact("PersonLeft"), date(2026, 3, 1))
        yield entry("P0003", fact("PersonPosted", group="G02"), date(2026, 3, 1))

    found = book(entries())
    assert "P0002" not in found.persons
    assert found.persons["P0003"].group == "G02"
    assert found.groups["G01"].one("quota.excellent").n == 6  # type: ignore[union-attr]


def test_earlier_years_stand_beside_this_one_each_from_its_own_sheets() -> None:
    def entries() -> Iterator[Entry]:
        yield from group()
        yield from person("P0001", 0, 70, year=2024)

    (earlier,) = book(entries()).persons["P0001"].of("evaluation.year")
    assert (earlier.item, earlier.value, earlier.n) == ("2024", 95.0, 40)
    assert earlier.low is not None and earlier.low < 95


def test_a_result_that_the_scheme_does_not_know_is_listed_not_compared() -> None:
    def entries() -> Iterator[Entry]:
        yield from group()
        yield entry("P0001/2026", fact("ResultRecorded", indicator="招商引资到位数"), date(2026, 6, 1))

    other = book(entries()).persons["P0001"].one("results.other")
    assert other is not None and other.sentence() == "方案中没有的指标：招商引资到位数"


def records(values: list[int], indicator: str = OUTCOME, months: int = 1) -> dict[str, list[Record]]:
    return {
        f"P{n:04}": [
            Record(m, indicator, float(value), "%", False, f"2026-{m + 1:02}") for m in range(months)
        ]
        for n, value in enumerate(values)
    }


@settings(max_examples=40)
@given(st.lists(st.integers(0, 20), min_size=5, max_size=12), st.integers(1, 3))
def test_places_of_a_group_average_to_the_middle_and_lie_in_their_intervals(
    values: list[int], months: int
) -> None:
    given = records(values, months=months)
    found = group_results(list(given), given, SCHEME, RULES)
    areas = [f for own in found.values() for f in own if f.measure == "results.area"]
    assert sum(f.value or 0 for f in areas) / len(areas) == pytest.approx(50)
    assert all(0 <= (f.low or 0) <= (f.value or 0) <= (f.high or 0) <= 100 + 1e-9 for f in areas)


@given(st.lists(st.integers(0, 50), min_size=5, max_size=9), st.integers(1, 9), st.integers(0, 9))
def test_the_scale_of_an_indicator_changes_no_place(values: list[int], factor: int, shift: int) -> None:
    given, scaled = records(values), records([factor * value + shift for value in values])
    one, two = (group_results(list(each), each, SCHEME, RULES) for each in (given, scaled))
    places = [
        [f.value for own in found.values() for f in own if f.measure == "results.area"]
        for found in (one, two)
    ]
    assert places[0] == pytest.approx(places[1])


def test_fewer_than_five_are_not_compared() -> None:
    given = records([1, 2, 3, 4])
    found = group_results(list(given), given, SCHEME, RULES)
    assert {f.measure for own in found.values() for f in own} == {"results.outcome"}
    assert all(f.compare is None for own in found.values() for f in own)


def test_process_never_outweighs_results_in_an_area() -> None:
    """Best in a process indicator of weight .10, worst in an outcome of .20: the place is the cap, 30 %."""
    process = [i for i in SCHEME.indicators if i.area is Area.PARTY and i.nature is Nature.PROCESS]
    outcome = [i for i in SCHEME.indicators if i.area is Area.PARTY and i.nature is Nature.OUTCOME]
    given = records([10, 20, 30, 40, 50, 60], outcome[0].name)
    for code, own in records([60, 50, 40, 30, 20, 10], process[0].name).items():
        given[code] += own
    found = group_results(list(given), given, SCHEME, RULES)
    (area,) = [f for f in found["P0000"] if f.measure == "results.area"]
    assert area.value == pytest.approx(30)
