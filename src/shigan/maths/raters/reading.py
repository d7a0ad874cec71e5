"""What the sheets say, with their doubt: the one door of this package.

    reading = read(sheets)
    reading.official, reading.error          # where each stands, and its standard error
    reading.shares(reading.official)         # (N, G) what an average rater would mark
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from shigan.maths.raters.errors import components, standard_errors
from shigan.maths.raters.fit import Fit
from shigan.maths.raters.law import Law
from shigan.maths.raters.sheets import Floats, Indices, Sheets

Mask = NDArray[np.bool_]


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
    `doubtful`: (units,) a bloc of half the sheets or more fits them, so ballots alone cannot tell who is right.
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


def read(sheets: Sheets) -> Reading:
    """The reading of a county's sheets: the robust one, and beside it the one under «nobody cheats»."""
    fit = Fit(sheets).plain()
    naive, naive_error = fit.places.official.copy(), standard_errors(fit.places, fit.forces()[1])
    fit.full()
    p, d, units = fit.places, fit.doubt, fit.finder.units
    error = standard_errors(p, fit.forces()[1])
    home = lambda w: np.bincount(sheets.home, w, units)  # noqa: E731
    used = np.bincount(sheets.sheet, minlength=len(sheets.home)) > 0
    blocs = []
    for b in fit.blocs:
        shift = b.chance @ np.array([-4, -3, -2, -1, 0, 1, 2, 3, 4.0])
        for u in np.flatnonzero(b.allowed & (b.members >= 1.7)):
            own = sheets.unit == u
            moved = own & (b.moved > 0.5)
            blocs.append(Bloc(int(u), float(b.members[u]), float(b.members[u] / fit.finder.size[u]),
                np.flatnonzero(moved & (shift < 0)), np.flatnonzero(moved & (shift > 0)), 3.0))
    return Reading(
        p.official, error, naive, naive_error, np.bincount(sheets.official, minlength=len(sheets.unit)),
        d.hostile, d.favour, chances_of_best(p.official, error, sheets.unit), components(sheets),
        np.ones(units, bool), np.bincount(sheets.home[used], minlength=units),
        home(d.kinds[:, 2] + d.kinds[:, 4]), home(d.kinds[:, 3]), home(1.0 * fit.copied).astype(int),
        np.zeros(units, bool), tuple(blocs), fit.law,
    )  # fmt: skip


def chances_of_best(place: Floats, error: Floats, unit: Indices, share: float = 0.2, draws: int = 400) -> Floats:
    """(N,) the chance to be among the best `share` of the own unit (at least one place), errors independent."""
    random = np.random.default_rng(0)
    found = np.zeros(len(place))
    for number in np.unique(unit):
        own = np.flatnonzero(unit == number)
        count = max(1, round(share * len(own)))
        drawn = place[own] + error[own] * random.standard_normal((draws, len(own)))
        edge = np.sort(drawn, axis=1)[:, -count]
        found[own] = (drawn >= edge[:, None]).mean(axis=0)
    return found
