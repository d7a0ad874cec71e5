"""What may not change a reading, what must change it, and what it says of its own doubt."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from scipy.stats import kendalltau

from shigan.bench.raters.county import county
from shigan.bench.raters.world import World
from shigan.maths.raters import BLANK, Reading, Sheets, read
from shigan.maths.raters import copies as copied
from shigan.maths.raters.fit import Fit
from shigan.maths.raters.law import patterns
from shigan.maths.raters.passes import engine
from shigan.maths.raters.sheets import Floats, Indices

UNITS = 8
TOP = 3


@cache
def world(scenario: str = "clean", seed: int = 1, share: float | None = None) -> World:
    return county(seed, scenario, units=UNITS, share=share)


@cache
def reading(scenario: str = "clean", seed: int = 1, share: float | None = None) -> Reading:
    return read(world(scenario, seed, share).sheets)


def mark(read: Reading, place: Floats) -> Floats:
    """(N,) expected mark, 0 to 3, by an average rater."""
    return read.shares(place) @ np.arange(4.0)


def with_sheet(sheets: Sheets, home: int, voters: int, official: Indices, marks: Floats) -> Sheets:
    """The sheets and one more."""
    new = np.full(len(official), len(sheets.home))
    return Sheets(
        np.r_[sheets.sheet, new], np.r_[sheets.official, official],
        np.vstack([sheets.marks, marks]).astype(np.int8), np.r_[sheets.home, home],
        np.r_[sheets.voters, voters], sheets.unit, sheets.grades,
    )  # fmt: skip


@pytest.mark.parametrize("scenario", ["clean", "mix"])
def test_how_sheets_officials_units_and_lines_are_numbered_changes_nothing(scenario: str) -> None:
    sheets, random = world(scenario).sheets, np.random.default_rng(5)
    line = random.permutation(sheets.lines)
    sheet, official = random.permutation(len(sheets.home)), random.permutation(len(sheets.unit))
    unit = random.permutation(sheets.units)
    moved = Sheets(
        sheet[sheets.sheet[line]], official[sheets.official[line]], sheets.marks[line],
        unit[sheets.home[np.argsort(sheet)]], sheets.voters[np.argsort(sheet)],
        unit[sheets.unit[np.argsort(official)]], sheets.grades,
    )  # fmt: skip
    again, before = read(moved), reading(scenario)
    assert again.official[official] == pytest.approx(before.official, abs=1e-6)
    assert again.error[official] == pytest.approx(before.error, abs=1e-6)
    assert again.best[official] == pytest.approx(before.best, abs=0.02)


def test_a_county_beside_its_own_image_reads_as_it_does_alone() -> None:
    """Components do not reach into one another: only the county's law and spreads are common."""
    sheets = world().sheets
    double = Sheets(
        np.r_[sheets.sheet, sheets.sheet + len(sheets.home)],
        np.r_[sheets.official, sheets.official + len(sheets.unit)],
        np.vstack([sheets.marks, sheets.marks]),
        np.r_[sheets.home, sheets.home + sheets.units], np.r_[sheets.voters, sheets.voters],
        np.r_[sheets.unit, sheets.unit + sheets.units], sheets.grades,
    )  # fmt: skip
    both, alone = Fit(double, engine()).plain().places, Fit(sheets, engine()).plain().places
    n = len(sheets.unit)
    assert both.official[:n] == pytest.approx(alone.official, abs=0.01)
    assert both.official[n:] == pytest.approx(both.official[:n], abs=1e-9)
    component = read(double).component
    assert not set(component[:n]) & set(component[n:])


def test_a_duplicate_of_a_sheet_shares_its_one_vote() -> None:
    sheets = world().sheets
    _seen, number = patterns(sheets.marks, sheets.grades)
    telling = np.bincount(sheets.sheet, number != np.bincount(number).argmax(), len(sheets.home))
    local = sheets.home[sheets.sheet] == sheets.unit[sheets.official]
    chosen = int(np.argmax(np.where(np.bincount(sheets.sheet, ~local) == 0, telling, 0)))
    own = sheets.sheet == chosen
    double = with_sheet(
        sheets, int(sheets.home[chosen]), int(sheets.voters[chosen]), sheets.official[own], sheets.marks[own]
    )
    groups = copied.groups(double, patterns(double.marks, 4)[1])
    assert copied.shares(groups)[[chosen, -1]] == pytest.approx(0.5)
    again, before = read(double), reading()
    assert np.abs(again.official - before.official).max() < 0.1 * before.error.mean()


def test_all_top_sheets_raise_nobody_inside_the_unit() -> None:
    sheets, before = world().sheets, reading()
    inside = np.flatnonzero(sheets.unit == 2)
    more = sheets
    for _ in range(8):
        more = with_sheet(more, 2, 2, inside, np.full((len(inside), 5), TOP))
    after = read(more)
    moved = (after.official - before.official)[inside]
    assert (moved - moved.mean() < before.error[inside]).all()


def test_a_sheet_that_is_a_grade_severer_throughout_moves_nobody() -> None:
    sheets, before = world().sheets, reading()
    lines = np.bincount(sheets.sheet, minlength=len(sheets.home))
    lowest = np.full(len(sheets.home), 9)
    np.minimum.at(lowest, sheets.sheet, sheets.marks.min(axis=1))
    chosen = int(np.argmax(np.where(lowest >= 2, lines, 0)))
    marks = sheets.marks - (sheets.sheet == chosen)[:, None].astype(np.int8)
    after = read(replace(sheets, marks=marks))
    moved = mark(after, after.official) - mark(before, before.official)
    assert np.abs(moved).max() / TOP < 0.02  # of the scale


def test_no_line_counts_more_than_an_ordinary_one() -> None:
    for scenario in ("clean", "clique", "mix"):
        fit = Fit(world(scenario).sheets, engine()).plain().robust()
        weight = fit.doubt.honest + fit.doubt.noisy
        assert weight.max() <= 1 + 1e-9
        assert weight.min() >= 0


def test_it_works_where_marks_are_blank() -> None:
    sheets, random = world().sheets, np.random.default_rng(3)
    marks = np.where(random.random(sheets.marks.shape) < 0.15, BLANK, sheets.marks).astype(np.int8)
    found = read(replace(sheets, marks=marks))
    assert kendalltau(found.official, reading().official).statistic > 0.85


def test_canvassing_hardly_moves_the_rivals_while_the_mean_would_bury_them() -> None:
    attacked = world("canvass")
    calm = read(replace(attacked.sheets, marks=attacked.honest))
    found, victims = reading("canvass"), attacked.victims
    assert len(victims) >= 6
    lost = calm.official[victims] - found.official[victims]
    naive = calm.official[victims] - found.naive[victims]
    assert lost.mean() < 0.25 * naive.mean()
    assert found.hostile[victims].mean() > 3 * np.delete(found.hostile, victims).mean()


def test_a_clique_is_told_as_a_pattern_of_sheets_and_an_honest_county_has_none() -> None:
    assert not reading("clean").blocs
    attacked = world("clique", seed=2)
    found = reading("clique", seed=2)
    suspicious = found.careless.sum() + sum(bloc.sheets for bloc in found.blocs)
    assert suspicious > 0.3 * attacked.attackers.sum()


def test_half_of_the_sheets_against_the_best_raises_the_warning_and_honest_sheets_do_not() -> None:
    assert reading("breakdown", share=0.55).doubtful[:UNITS].mean() >= 0.9
    assert not reading("clean").doubtful.any()


def test_units_that_no_outside_sheet_reaches_cannot_be_compared() -> None:
    sheets = world().sheets
    local = sheets.home[sheets.sheet] == sheets.unit[sheets.official]
    alone = read(sheets.only(local))
    assert not alone.comparable[:UNITS].any()
    assert len(np.unique(alone.component)) >= UNITS
    outside, everybody = sheets, np.arange(len(sheets.unit))
    lines = [np.flatnonzero(sheets.official == official) for official in everybody]
    for number in range(40):  # sheets that judge everybody, each as somebody else does
        marks = sheets.marks[[own[number % len(own)] for own in lines]]
        outside = with_sheet(outside, UNITS, 0, everybody, marks)
    assert read(outside).comparable[:UNITS].all()


def test_intervals_cover_the_truth_about_as_often_as_they_claim() -> None:
    inside = []
    for seed in (1, 2, 3):
        found, merit = reading(seed=seed), world(seed=seed).merit
        slope = np.cov(found.official, merit)[0, 1] / found.official.var()
        off = merit - merit.mean() - slope * (found.official - found.official.mean())
        inside.append(np.abs(off) <= 1.96 * slope * found.error)
    assert 0.90 <= np.mean(inside) <= 0.99


def test_the_chance_of_the_best_fifth_adds_up_to_its_places() -> None:
    found = reading()
    for unit in range(UNITS):
        own = world().sheets.unit == unit
        assert found.best[own].sum() == pytest.approx(max(1, round(0.2 * own.sum())), abs=0.02 * own.sum())


def test_an_average_rater_marks_the_better_higher() -> None:
    found = reading()
    marks = mark(found, np.linspace(-4, 4, 50))
    assert (np.diff(marks) > 0).all()
    assert found.shares(found.official).sum(axis=1) == pytest.approx(1)


def test_the_smallest_counties_are_read_too() -> None:
    one = Sheets(
        np.array([0, 1]), np.array([0, 0]), np.array([[3, 3], [3, 2]], np.int8), np.array([0, 0]),
        np.array([0, 1]), np.array([0]),
    )  # fmt: skip
    found = read(one)
    assert np.isfinite(found.official).all()
    assert np.isfinite(found.error).all()
