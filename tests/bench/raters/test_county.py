"""The made-up county: its size, its margins, and that a seed always gives the same."""

from __future__ import annotations

import numpy as np
import pytest

from shigan.bench.raters.county import county, mean_marks, summary
from shigan.bench.raters.metrics import tau
from shigan.bench.raters.world import TOP, Scenario, Voters, World

SEED = 5


@pytest.fixture(scope="module")
def clean() -> World:
    return county(SEED)


def test_a_county_has_twelve_hundred_officials_in_sixty_units(clean: World) -> None:
    sizes = np.bincount(clean.sheets.unit)
    assert len(sizes) == 60 and sizes.sum() == 1200
    assert sizes.min() >= 5 and sizes.max() <= 60


def test_its_sheets_are_those_of_the_design_paper(clean: World) -> None:
    assert np.bincount(clean.sheets.voters).tolist() == [20, 1200, 600, 600]
    lines = np.bincount(clean.sheets.official)
    assert lines.min() >= 3 and lines.max() <= 45
    assert 17 <= np.median(lines) <= 21
    assert 21_500 <= clean.sheets.lines <= 24_500


def test_most_marks_are_the_best_and_most_lines_all_best(clean: World) -> None:
    top = clean.sheets.marks == TOP
    assert 0.77 < top.mean() < 0.83
    assert 0.57 < top.all(axis=1).mean() < 0.65


def test_the_plain_mean_follows_merit_as_in_the_design_paper(clean: World) -> None:
    assert 0.66 < tau(mean_marks(clean.sheets), clean.merit) < 0.76


def test_an_official_explains_a_third_of_the_variance_of_a_single_mark(clean: World) -> None:
    marks, official = clean.sheets.marks[:, 0].astype(float), clean.sheets.official
    count = np.bincount(official)
    means = np.bincount(official, marks) / count
    within = np.sum((marks - means[official]) ** 2) / (len(marks) - len(count))
    between = np.average((means - marks.mean()) ** 2, weights=count) - within / count.mean()
    assert 0.28 < between / (between + within) < 0.48


def test_nobody_marks_himself_and_nobody_twice(clean: World) -> None:
    sheets = clean.sheets
    assert not np.any(clean.voter[sheets.sheet] == sheets.official)
    assert len(np.unique(sheets.sheet * len(sheets.unit) + sheets.official)) == sheets.lines


def test_some_peers_mark_another_unit_and_leaders_mark_many(clean: World) -> None:
    sheets = clean.sheets
    voters = sheets.voters[sheets.sheet]
    away = sheets.home[sheets.sheet] != sheets.unit[sheets.official]
    guests = np.unique(sheets.sheet[away & (voters == Voters.PEER)])
    assert 0.10 < len(guests) / 1200 < 0.20
    leader = voters == Voters.LEADER
    assert len(np.unique(sheets.unit[sheets.official[leader]])) == 60


def test_the_same_seed_gives_the_same_county() -> None:
    one, two = county(SEED, Scenario.MIX), county(SEED, Scenario.MIX)
    assert np.array_equal(one.sheets.marks, two.sheets.marks)
    assert np.array_equal(one.merit, two.merit)
    assert not np.array_equal(one.sheets.marks[:500], county(SEED + 1, Scenario.MIX).sheets.marks[:500])


def test_without_links_no_sheet_reaches_two_units() -> None:
    sheets = county(SEED, Scenario.DISCONNECTED).sheets
    pairs = np.unique(np.stack([sheets.sheet, sheets.unit[sheets.official]]), axis=1)
    assert len(np.unique(pairs[0])) == pairs.shape[1]


def test_a_thin_county_has_three_to_six_lines_an_official() -> None:
    lines = np.bincount(county(SEED, Scenario.THIN).sheets.official)
    assert lines.min() == 3 and lines.max() == 6


def test_a_county_at_the_ceiling_has_nine_best_marks_of_ten() -> None:
    assert 0.87 < (county(SEED, Scenario.CEILING).sheets.marks == TOP).mean() < 0.93


def test_a_small_county_keeps_the_proportions() -> None:
    small = county(SEED, units=6).sheets
    assert len(small.unit) == 120 and len(small.home) == 242


def test_a_share_belongs_to_breakdown_only() -> None:
    with pytest.raises(ValueError):
        county(SEED, Scenario.CANVASS, share=0.3)
    with pytest.raises(ValueError):
        county(SEED, Scenario.BREAKDOWN)
    with pytest.raises(ValueError):
        county(SEED, Scenario.BREAKDOWN, share=1.2)
    with pytest.raises(ValueError):
        county(SEED, "unheard of")


def test_the_summary_prints_the_margins(clean: World) -> None:
    assert "officials 1200, sheets 2420" in summary(clean)
