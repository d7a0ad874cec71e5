"""The law of a line: chances that add up, with halo; slopes that are slopes; parameters that are found."""

from itertools import product

import numpy as np
import pytest

from shigan.maths.raters.errors import draw
from shigan.maths.raters.law import GRID, STEP, Law, Table, at, patterns, places, refit
from shigan.maths.raters.sheets import BLANK, Floats, Marks

LAW = Law(np.array([-2.5, -1.5, -0.4]), np.array([0.3, 0.0, -0.3]), 0.9)
ALL: Marks = np.array(list(product(range(4), repeat=3)), np.int8)


@pytest.mark.parametrize("scale", [1.0, 1.8])
def test_the_chances_of_all_patterns_add_up_to_one(scale: float) -> None:
    table = Table.of(LAW, ALL, 4, scale)
    assert np.exp(table.log).sum(axis=0) == pytest.approx(1, abs=1e-6)


def test_a_blank_item_counts_as_any_mark() -> None:
    open_end = ALL[:4].copy()
    open_end[:, 2] = BLANK
    whole = np.exp(Table.of(LAW, ALL, 4).log[:4]).sum(axis=0)
    assert np.exp(Table.of(LAW, open_end[:1], 4).log[0]) == pytest.approx(whole, rel=1e-6)


def test_halo_makes_equal_marks_likelier_together_than_apart() -> None:
    table = np.exp(Table.of(LAW, ALL, 4).log)
    middle = len(GRID) // 2
    top = [table[(ALL[:, k] == 3), middle].sum() for k in range(3)]
    assert table[-1, middle] > 1.3 * np.prod(top)


def test_slope_and_bend_are_the_derivatives() -> None:
    table = Table.of(LAW, ALL, 4)
    usual = (table.log > -12) & (np.abs(GRID) < 4)  # beyond, a floor under the chances makes kinks
    assert table.slope[usual] == pytest.approx(np.gradient(table.log, STEP, axis=1)[usual], abs=1e-9)
    assert table.bend[usual] == pytest.approx(np.gradient(table.slope, STEP, axis=1)[usual], abs=0.02)
    assert (table.bend < 0).all()


def test_what_lies_outside_the_grid_counts_at_its_edge() -> None:
    table = Table.of(LAW, ALL, 4)
    far = at(table.log, np.array([0, 63]), *places(np.array([-99.0, 99.0])))
    assert far == pytest.approx([table.log[0, 0], table.log[63, -1]], abs=1e-5)


def test_the_law_is_found_again_from_lines_whose_places_are_known() -> None:
    random = np.random.default_rng(1)
    eta: Floats = random.normal(0, 1.2, 60_000)
    marks = draw(LAW, np.zeros((len(eta), 3), np.int8), eta, random)
    seen, number = patterns(marks, 4)
    cell, part = places(eta)
    weight = np.zeros((len(seen), len(GRID)))
    np.add.at(weight, (number, cell), 1 - part)
    np.add.at(weight, (number, cell + 1), part)
    law = Law.start(marks, 4)
    for _ in range(60):
        law = refit(law, seen, 4, weight)
    assert law.cuts == pytest.approx(LAW.cuts, abs=0.05)
    assert law.items == pytest.approx(LAW.items, abs=0.05)
    assert law.halo == pytest.approx(LAW.halo, abs=0.05)


def test_patterns_are_the_different_lines_and_their_numbers() -> None:
    marks = np.array([[1, 2], [BLANK, 0], [1, 2]], np.int8)
    seen, number = patterns(marks, 4)
    assert len(seen) == 2
    assert (seen[number] == marks).all()
