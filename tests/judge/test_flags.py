"""Planted patterns are found; ordinary luck is not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from random import Random

import pytest

from shigan.facts.appraisal import ItemTally, VoterClass
from shigan.judge import Book, Flag, Kind, Tables, judge
from shigan.ledger.entry import Entry
from shigan.policy import Rulebook
from tests.judge.given import entry, fact, sealed, sheets

pytestmark = pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")

RULES = Rulebook.shipped()
TODAY = date(2026, 11, 23)
ITEMS = "德能勤绩廉"
HONEST = (0.80, 0.15, 0.04, 0.01, 0.0)


def book(entries: Iterator[Entry]) -> Book:
    return judge(Tables.of(sealed(entries)), RULES, 2026, TODAY)


def raised(found: Book, kind: Kind) -> list[Flag]:
    return [flag for flag in found.flags if flag.kind == kind]


def counted(random: Random, n: int, pushed: int = 0, lifted: int = 0) -> tuple[ItemTally, ...]:
    """`n` sheets on one person, of which some are bloc sheets: all items 不称职, or all 优秀."""
    tallies = []
    honest = [random.choices(range(5), HONEST)[0] for _sheet in range(n - pushed - lifted)]
    for item in ITEMS:
        marks = [min(3, mark + (random.random() < 0.05)) for mark in honest] + [3] * pushed + [0] * lifted
        tallies.append(ItemTally(item=item, counts=tuple(marks.count(at) for at in range(5))))
    return tuple(tallies)


def teams(random: Random, bloc: Sequence[str]) -> Iterator[Entry]:
    """Twenty teams of eight; in those of `bloc` three of eight peers lift the first and push three rivals."""
    yield entry("G01", fact("GroupFormed", scheme="县直部门领导干部"), date(2020, 1, 1))
    for unit in [f"U{n:03}" for n in range(20)]:
        for at in range(8):
            person = f"P{unit[1:]}{at}"
            yield entry(person, fact("PersonPosted", group="G01"), date(2020, 1, 1), unit)
            for voters, n in (("A", 5), ("B", 8), ("C", 25)):
                acts = unit in bloc and voters == "B"
                pushed, lifted = (3 if acts and 1 <= at <= 3 else 0), (3 if acts and at == 0 else 0)
                told = sheets(n, *counted(random, n, pushed, lifted), voters=VoterClass(voters))
                yield entry(f"{person}/2026", told, date(2026, 11, 10), unit)


def test_a_bloc_of_three_in_eight_leaves_its_pattern_in_the_sheets() -> None:
    (flag,) = raised(book(teams(Random(1), ["U007"])), Kind.SHEETS)
    assert flag.about == "U007"
    assert set(flag.things) <= {"P0071", "P0072", "P0073"}
    assert "不是对谁的结论" in flag.sentence()


def test_a_flag_on_sheets_never_says_who_was_lifted() -> None:
    (flag,) = raised(book(teams(Random(1), ["U007"])), Kind.SHEETS)
    assert "P0070" not in str(flag.to_plain())


@pytest.mark.parametrize("seed", [2, 3, 4])
def test_a_county_that_votes_honestly_raises_no_flag_on_sheets(seed: int) -> None:
    assert not raised(book(teams(Random(seed), [])), Kind.SHEETS)


def checked(units: dict[str, tuple[int, int]]) -> Iterator[Entry]:
    """For each unit so many problems looked back at, of which so many relapsed."""
    number = 0
    for unit, (looked, relapsed) in units.items():
        for at in range(looked):
            number += 1
            code, again = f"Q{number:04}", at < relapsed
            yield entry(code, fact("ProblemRaised"), date(2026, 1, 5), unit, "U900")
            yield entry(code, fact("LookedBack", months=3, relapsed=again), date(2026, 6, 5), unit, "U900")


def test_a_unit_that_relapses_far_more_than_all_others_is_asked_about() -> None:
    ordinary = {f"U{n:03}": (10, 1) for n in range(1, 20)}
    (flag,) = raised(book(checked(ordinary | {"U050": (10, 7)})), Kind.RELAPSE)
    assert (flag.about, flag.values["k"]) == ("U050", 7)


def test_three_relapses_of_ten_may_be_luck_where_many_units_are_looked_at() -> None:
    ordinary = {f"U{n:03}": (10, 1) for n in range(1, 60)}
    assert not raised(book(checked(ordinary | {"U060": (10, 3)})), Kind.RELAPSE)


def test_two_late_entries_of_three_are_shown_in_the_finding_but_raise_no_flag() -> None:
    def entries() -> Iterator[Entry]:
        for n in range(200):
            late = date(2026, 5, 30) if n % 10 == 0 else None
            yield entry(f"T{n:03}", fact("TaskProgressed"), date(2026, 5, 1), f"U{n % 20:03}", recorded=late)
        for n in range(3):
            late = date(2026, 5, 30) if n else None
            yield entry(f"T9{n:02}", fact("TaskProgressed"), date(2026, 5, 1), "U900", recorded=late)

    found = book(entries())
    assert [flag.about for flag in raised(found, Kind.LATE)] == ["U000", "U010"]
    late = found.units["U900"].one("late.share")
    assert late is not None and "请核实" in late.sentence()
