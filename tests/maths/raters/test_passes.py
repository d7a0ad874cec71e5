"""numba's passes give numpy's figures."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from shigan.maths.raters.law import GRID, Table
from shigan.maths.raters.passes import engine
from shigan.maths.raters.sheets import Floats

PATTERNS, LINES, SHEETS, OFFICIALS = 40, 3000, 90, 70
PLAIN = engine("numpy")


class Drawn:
    """Random tables and lines; some lines lie beyond the grid, some count for nothing."""

    def __init__(self, lines: int = LINES) -> None:
        rng = np.random.default_rng(7)
        self.tables = [self.table(rng), self.table(rng)]
        self.number = rng.integers(0, PATTERNS, lines)
        self.eta = rng.normal(0, 4, lines)
        self.weights = [rng.uniform(0, 1, lines) * (rng.random(lines) < 0.7) for _ in range(2)]
        self.honest, self.wrong = np.exp(rng.uniform(-20, 0, lines)), np.exp(rng.uniform(-30, -2, lines))
        self.sheet, self.official = rng.integers(0, SHEETS, lines), rng.integers(0, OFFICIALS, lines)
        self.drift = rng.integers(0, 7, lines)
        self.chance = rng.dirichlet(np.ones(9), OFFICIALS)

    @staticmethod
    def table(rng: np.random.Generator) -> Table:
        log, slope, bend = rng.normal(-4, 2, (3, PATTERNS, len(GRID)))
        return Table(log, slope, -np.exp(bend))

    def evidence(self, name: str = "numpy") -> Floats:
        steps = np.arange(-55, 56, 5)
        log, vote = self.tables[0].log, self.weights[0]
        passes = engine("numba" if name == "numba" else "numpy")
        return passes.evidence(log, self.number, self.eta, self.honest, self.wrong, vote, steps)


@pytest.mark.parametrize("lines", [LINES, 250_000])
def test_slopes_bends_and_likelihoods_are_the_same_on_one_thread_and_on_several(lines: int) -> None:
    fast, drawn = engine("numba"), Drawn(lines)
    case = drawn.tables, drawn.weights, drawn.number, drawn.eta
    for ours, theirs in zip(fast.forces(*case), PLAIN.forces(*case), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-12)
    logs = [table.log for table in drawn.tables]
    found = fast.likelihoods(logs, drawn.number, drawn.eta)
    for ours, theirs in zip(found, PLAIN.likelihoods(logs, drawn.number, drawn.eta), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-12)


def test_a_line_that_is_not_moved_gains_nothing() -> None:
    assert abs(Drawn().evidence()[:, 11]).max() < 1e-12


def test_the_gains_of_moved_lines_are_the_same() -> None:
    np.testing.assert_allclose(Drawn().evidence("numba"), Drawn().evidence(), rtol=1e-9, atol=1e-11)


def test_sums_over_sheets_and_officials_are_the_same() -> None:
    fast, drawn = engine("numba"), Drawn()
    gains = drawn.evidence()
    sheets = gains, drawn.chance, drawn.sheet, drawn.official, SHEETS
    assert PLAIN.by_sheet(*sheets).shape == (7, SHEETS)
    np.testing.assert_allclose(fast.by_sheet(*sheets), PLAIN.by_sheet(*sheets), atol=1e-9)
    officials = gains, drawn.weights[1], drawn.drift, drawn.official, (OFFICIALS, 9)
    np.testing.assert_allclose(fast.by_official(*officials), PLAIN.by_official(*officials), atol=1e-9)


def test_without_numba_the_remedy_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "numba", None)
    monkeypatch.delitem(sys.modules, "shigan.maths.raters.fast", raising=False)
    monkeypatch.delattr("shigan.maths.raters.fast", raising=False)
    with pytest.raises(ImportError, match=r"pip install 'shigan\[fast\]'"):
        engine("numba")
