"""What the sheets say, with their doubt: the one door of this package.

reading = read(sheets)
reading.official, reading.error          # where each stands, and its standard error
reading.shares(reading.official)         # (N, G) what an average rater would mark
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from shigan.maths.raters import copies, passes
from shigan.maths.raters.blocs import SHIFTS
from shigan.maths.raters.doubt import ALIKE, CARELESS, UNIFORM
from shigan.maths.raters.errors import calibration, comparable, components, standard_errors
from shigan.maths.raters.fit import Fit
from shigan.maths.raters.law import Law
from shigan.maths.raters.passes import Name
from shigan.maths.raters.sheets import Floats, Indices, Sheets, sums

Mask = NDArray[np.bool_]
SPLIT: Final = 2
"""A unit with so many officials whose lines fall into two like camps may have a bloc of half its sheets."""
BEST, DRAWS = 0.2, 1000
TOLD: Final = 5.0
"""Blocs of less worth, in log units, are allowed for but not told: they may be chance."""


@dataclass(frozen=True, slots=True)
class Bloc:
    """A pattern of sheets of one unit: `share` of its sheets move `lowered` officials down and `lifted` up by
    more than chance; `worth` is how much likelier the sheets are with it, in log units. It names no sheet."""

    unit: int
    sheets: float
    share: float
    lowered: Indices
    lifted: Indices
    worth: float


@dataclass(frozen=True, slots=True)
class Reading:
    """Figures of N officials and of the units; no weight of a sheet is among them.

    `official`, `error`: (N,) place and standard error, on the scale of the noise of an ordinary sheet.
    `naive`, `naive_error`: the same if nobody cheated. `lines`: (N,) how many sheets mark the official.
    `hostile`, `favour`: (N,) share of the lines that read as hostile or as favours. `best`: (N,) chance of
    being among the best fifth of the own unit. `component`: (N,) officials with different numbers cannot be
    compared. `comparable`: (units,) False where only assumptions tie the unit to the rest of the county.
    `careless`, `uniform`, `copied`: (units,) expected number of such sheets; `sheets`: (units,) their number.
    `doubtful`: (units,) half the sheets or more may be a bloc; ballots alone cannot tell who is right.
    """

    official: Floats
    error: Floats
    naive: Floats
    naive_error: Floats
    lines: Indices
    hostile: Floats
    favour: Floats
    best: Floats
    component: Indices
    comparable: Mask
    sheets: Indices
    careless: Floats
    uniform: Floats
    copied: Indices
    doubtful: Mask
    blocs: tuple[Bloc, ...]
    law: Law

    def shares(self, place: Floats) -> Floats:
        """(N, G) the chance of each option, worst first, from an average rater on an average item."""
        wide = np.sqrt(1 + self.law.halo**2)
        below = ndtr((self.law.cuts - place[:, None, None] - self.law.items[:, None]) / wide).mean(axis=1)
        ends = np.zeros((len(place), 1))
        shares: Floats = np.diff(np.concatenate([ends, below, ends + 1], axis=1), axis=1)
        return shares


def read(sheets: Sheets, engine: Name = "numpy") -> Reading:
    """The reading of a county's sheets: the robust one, and beside it the one under «nobody cheats».

    `engine`: numpy, or numba for very many sheets; the figures are the same. Raises `ImportError` with the
    remedy where numba is not installed."""
    begin = partial(Fit, passes=passes.engine(engine))
    fit = begin(sheets).plain()
    naive, naive_error = fit.places.official, standard_errors(fit.places, fit.forces()[1])
    fit.robust()
    marked = np.bincount(sheets.sheet, minlength=len(sheets.home)) > 0

    def by_home(weight: Floats) -> Floats:
        return sums(sheets.home, weight * marked, sheets.units)

    kinds = fit.doubt.kinds
    bend = fit.forces()[1]
    error = standard_errors(fit.places, bend)
    stretch = calibration(fit, error, begin)
    naive_error, error = naive_error * stretch, error * stretch
    return Reading(
        official=fit.places.official,
        error=error,
        naive=naive,
        naive_error=naive_error,
        lines=np.bincount(sheets.official, minlength=len(sheets.unit)),
        hostile=fit.doubt.hostile,
        favour=fit.doubt.favour,
        best=chances_of_best(fit.places.official, error, sheets.unit),
        component=components(sheets),
        comparable=comparable(sheets, bend),
        sheets=by_home(np.ones(len(sheets.home))).astype(np.int64),
        careless=by_home(kinds[:, CARELESS] + kinds[:, ALIKE]),
        uniform=by_home(kinds[:, UNIFORM]),
        copied=by_home((copies.shares(fit.copies) < 1).astype(np.float64)).astype(np.int64),
        doubtful=np.bincount(sheets.unit[fit.camps()], minlength=sheets.units) >= SPLIT,
        blocs=tuple(_blocs(fit)),
        law=fit.law,
    )


def _blocs(fit: Fit) -> Iterator[Bloc]:
    bloc = fit.bloc
    if bloc is None:
        return
    shift = bloc.chance @ SHIFTS
    for unit in np.flatnonzero(bloc.allowed & bloc.possible & (bloc.worth >= TOLD)):
        moved = (fit.sheets.unit == unit) & (bloc.moved > 0.5)
        count = float(bloc.members[unit])
        yield Bloc(
            int(unit), count, count / float(fit.local.size[unit]), np.flatnonzero(moved & (shift < 0)),
            np.flatnonzero(moved & (shift > 0)), float(bloc.worth[unit]),
        )  # fmt: skip


def chances_of_best(place: Floats, error: Floats, unit: Indices) -> Floats:
    """(N,) the chance to be among the best BEST of the own unit (one place at least), by DRAWS draws.

    Numbers are drawn anew for each unit, in the order of the places: no numbering changes the chances."""
    found = np.zeros(len(place))
    order = np.lexsort((place, unit))
    for own in np.split(order, np.flatnonzero(np.diff(unit[order])) + 1):
        count = max(1, round(BEST * len(own)))
        drawn = place[own] + error[own] * np.random.default_rng(0).standard_normal((DRAWS, len(own)))
        edge = np.sort(drawn, axis=1)[:, -count]
        found[own] = (drawn >= edge[:, None]).mean(axis=0)
    return found
