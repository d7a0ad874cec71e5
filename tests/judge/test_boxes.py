"""What the ballot box published, as findings: ranges, apart from counted sheets, each with its entry."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from random import Random
from typing import Any

import pytest

from shigan.box import manifest as manifests
from shigan.box.publication import percent, width
from shigan.facts.appraisal import ItemTally, VoterClass
from shigan.judge import Book, Tables, judge
from shigan.judge.boxes import Cell, mean_bounds
from shigan.ledger.entry import Entry
from shigan.policy import Rulebook
from tests.box import manifests as made_up
from tests.judge.given import entry, fact, sealed, sheets
from tests.work import evaluation

RULES = Rulebook.shipped()
POINTS = (95.0, 85.0, 75.0, 65.0)
NOW = datetime(2026, 11, 20, 1, tzinfo=UTC)
PLAIN = evaluation.plain(NOW)


def county(
    plain: dict[str, Any], valid: dict[str, int] | None = None, counted: bool = False
) -> Iterator[Entry]:
    """Three officials of one group, judged in the ballot box, and on paper too if `counted`."""
    founded, day = date(2020, 1, 1), date(2026, 11, 21)
    yield entry("G01", fact("GroupFormed", scheme="县直部门领导干部"), founded)
    for person in made_up.codes(3):
        yield entry(person, fact("PersonPosted", group="G01"), founded)
        if counted:
            tally = ItemTally(item="德", counts=(15, 5, 0, 0, 0))
            yield entry(f"{person}/2026", sheets(20, tally, voters=VoterClass.C), day)
    yield entry("B0001", evaluation.opening(plain), date(2026, 11, 20))
    yield entry("B0001", evaluation.closing(plain, valid=valid), day)


def book(*given: Any, year: int = 2026, **told: Any) -> Book:
    return judge(Tables.of(sealed(county(*given, **told))), RULES, year, date(2026, 11, 23))


@pytest.fixture(scope="module")
def judged() -> Book:
    return book(PLAIN, {"A": 4})


def test_shares_are_told_as_ranges_with_the_entry_that_published_them(judged: Book) -> None:
    own = judged.persons["P0001"]
    upper = own.of("evaluation.box_upper", "B0001·C·德")
    (first,) = own.of("evaluation.box_first", "B0001·C·德")
    assert len(upper) == 1 and first.value is None and first.n == 39
    assert first.low is not None and first.high is not None and first.high - first.low >= 5
    closing = max(p for f in own.of("evaluation.box_upper") for p in f.evidence)
    assert first.evidence == (closing,)
    assert {f.values["voters"] for f in own.of("evaluation.box_upper")} == {"AB", "C"}


def test_a_small_group_is_told_as_small(judged: Book) -> None:
    (small,) = book(PLAIN, {"A": 1, "B": 1, "C": 1}).persons["P0002"].of("evaluation.box_untold")
    assert small.n == 3 and "不显示任何数字" in small.sentence()
    assert not judged.persons["P0002"].of("evaluation.box_untold")
    bands = book(PLAIN | {"classes": [made_up.voters("A", 9, 100, pool="")]})
    (banded,) = bands.persons["P0001"].of("evaluation.box_untold")
    assert "大致范围" in banded.sentence() and not bands.persons["P0001"].of("evaluation.box_first")
    assert not bands.persons["P0001"].of("evaluation.box_points"), "bands would tell too much as points"


def test_the_bounds_of_the_mean_say_where_their_width_comes_from(judged: Book) -> None:
    (points,) = judged.persons["P0003"].of("evaluation.box_points", "B0001·C")
    assert points.low is not None and points.high is not None and 65 <= points.low < points.high <= 95
    assert "不是抽样误差" in points.sentence() and points.unit == "分"


def test_sheets_that_do_not_have_the_scheme_s_options_give_no_points() -> None:
    other = made_up.grid() | {"options": ["好", "较好", "一般", "差"]}
    own = book(PLAIN | {"parts": [other]}).persons["P0001"]
    assert own.of("evaluation.box_upper") and not own.of("evaluation.box_points")


def test_counted_sheets_and_the_box_are_never_mixed_in_one_mean() -> None:
    both, paper = book(PLAIN, counted=True), list(county(PLAIN, counted=True))
    without = [each for each in paper if not each.subject.startswith("B")]
    alone = judge(Tables.of(sealed(without)), RULES, 2026, date(2026, 11, 23))
    for measure in ("evaluation.mean", "evaluation.class", "evaluation.share"):
        got, wanted = both.persons["P0001"].of(measure), alone.persons["P0001"].of(measure)
        assert [(f.value, f.low, f.high, f.n) for f in got] == [(f.value, f.low, f.high, f.n) for f in wanted]
    assert both.persons["P0001"].of("evaluation.box_upper")


def test_the_year_is_that_of_the_closing_day_in_the_county() -> None:
    late = PLAIN | {"opens": "2026-12-31T09:00+08:00", "closes": "2026-12-31T23:30+08:00"}
    assert book(late).persons["P0001"].of("evaluation.box_upper")
    assert not book(late, year=2025).persons["P0001"].of("evaluation.box_upper")
    zulu = PLAIN | {"opens": "2025-12-31T09:00+00:00", "closes": "2025-12-31T17:00+00:00"}
    assert book(zulu).persons["P0001"].of("evaluation.box_upper"), "one o'clock on New Year's Day here"


def test_a_box_that_is_not_closed_says_nothing() -> None:
    entries = [each for each in county(PLAIN) if each.kind != "BoxClosed"]
    own = judge(Tables.of(sealed(entries)), RULES, 2026, date(2026, 11, 23)).persons["P0001"]
    assert not [f for f in own.findings if "box" in f.measure]


def test_the_true_mean_always_lies_within_the_bounds() -> None:
    random, rule = Random(4), manifests.read(PLAIN).rule
    for _case in range(500):
        n = random.randint(10, 90)
        weights = [random.random() ** 2 for _option in range(6)]
        marks = random.choices(range(6), weights, k=n)
        graded = [POINTS[mark] for mark in marks if mark < 4]
        if not graded:
            continue
        wide = width(n, rule)
        first = percent(marks.count(0), n, wide)
        upper = percent(marks.count(0) + marks.count(1), n, wide)
        cell = Cell("C", "a", "P0001", "德", first[0], first[1], upper[0], upper[1], n)
        low, high = mean_bounds([cell], POINTS)
        assert low <= sum(graded) / len(graded) <= high
