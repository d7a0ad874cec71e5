"""The crossed part: where officials stand (θ), how severe sheets are (s), what each class sees (v).

    η_l = θ_j − s_r + v_jg,   θ_j ~ N(μ_unit, σ_θ²),   s_r ~ N(ν_home + ν_class, σ_s²),   v_jg ~ N(0, σ_v²)

Each is moved by one Newton step from the sums of its lines' slopes and bends, so that every step is a scan
and a group-by; variances follow by EM from the squares of the estimates and what is still in doubt.
Source: generalised linear mixed models by penalised quasi-likelihood, Breslow & Clayton (1993), JASA 88:9–25.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from shigan.maths.raters.sheets import Floats, Indices, Sheets, sums

UNIT: Final = 0.25
HOME: Final = 0.45
"""Prior standard deviations of a unit's mean merit and of its sheets' mean severity. Sheets can hardly tell
the two apart, so this is an assumption: what a unit's voters have in common is their habit of marking more
than the merit of those they mark. Where it alone speaks, the reading is said not to be comparable."""
SMALLEST: Final = 0.15
"""No standard deviation falls below this, or its unknowns could never move again."""
LONGEST: Final = 1.5
"""A Newton step is cut here, in noise units."""


class Spread(NamedTuple):
    """Standard deviations, in noise units of an ordinary sheet."""

    official: float = 1.0
    sheet: float = 0.7
    vantage: float = 0.3


START: Final = Spread()


class Sure(NamedTuple):
    """Precisions of θ (N,), s (S,) and v (C,)."""

    official: Floats
    sheet: Floats
    vantage: Floats


@dataclass(slots=True)
class Places:
    """All unknowns. `cell` (L,): which vantage cell, official × class, a line is in; `owner` (C,) whose.

    `unit`, `home`, `voters`: means of θ by unit and of s by home and class. `bend`: precision of each unknown
    if all others were known, its prior included; `sure`: the same when the others are in doubt too.
    """

    sheets: Sheets
    cell: Indices
    owner: Indices
    official: Floats
    sheet: Floats
    vantage: Floats
    unit: Floats
    home: Floats
    voters: Floats
    bend: Sure
    sure: Sure
    spread: Spread = START

    @classmethod
    def start(cls, sheets: Sheets) -> Places:
        """Everybody in the middle."""
        classes = int(sheets.voters.max(initial=0)) + 1
        names, cell = np.unique(sheets.official * classes + sheets.voters[sheets.sheet], return_inverse=True)
        n, s, c, units = len(sheets.unit), len(sheets.home), len(names), sheets.units
        ones = Sure(np.ones(n), np.ones(s), np.ones(c))
        return cls(
            sheets, cell, names // classes, np.zeros(n), np.zeros(s), np.zeros(c),
            np.zeros(units), np.zeros(units), np.zeros(classes), ones, ones,
        )  # fmt: skip

    @property
    def eta(self) -> Floats:
        """(L,): where each line's official stands on its sheet."""
        of = self.sheets
        return self.official[of.official] - self.sheet[of.sheet] + self.vantage[self.cell]

    @property
    def usual_severity(self) -> Floats:
        """(S,): the severity expected of a sheet of such a home and class."""
        return self.home[self.sheets.home] + self.voters[self.sheets.voters]

    def move_officials(self, slope: Floats, bend: Floats) -> None:
        """One Newton step for θ; `slope` and `bend` (L,) are ℓ′ and −ℓ″ of the lines, already weighted."""
        of, prior = self.sheets, self.spread.official**-2
        push = sums(of.official, slope, len(self.official))
        push -= (self.official - self.unit[of.unit]) * prior
        total = sums(of.official, bend, len(self.official)) + prior
        self.official = self.official + _limited(push / total)
        self.bend = self.bend._replace(official=total)

    def move_sheets(self, slope: Floats, bend: Floats) -> None:
        """One Newton step for s."""
        of, prior = self.sheets, self.spread.sheet**-2
        push = -sums(of.sheet, slope, len(self.sheet)) - (self.sheet - self.usual_severity) * prior
        total = sums(of.sheet, bend, len(self.sheet)) + prior
        self.sheet = self.sheet + _limited(push / total)
        self.bend = self.bend._replace(sheet=total)

    def move_vantages(self, slope: Floats, bend: Floats) -> None:
        """One Newton step for v."""
        prior = self.spread.vantage**-2
        push = sums(self.cell, slope, len(self.owner)) - self.vantage * prior
        total = sums(self.cell, bend, len(self.owner)) + prior
        self.vantage = self.vantage + _limited(push / total)
        self.bend = self.bend._replace(vantage=total)

    def assess(self, bend: Floats) -> None:
        """How sure each unknown is when its neighbours are not known: the diagonal of the Schur complement.

        With the bare bends the variances would come out too small, and with them halo and doubt."""
        of, known = self.sheets, self.bend
        cell = sums(self.cell, bend, len(self.owner))
        square, n, s = bend**2, len(self.official), len(self.sheet)
        by_sheet, by_official = known.sheet[of.sheet], known.official[of.official]
        official = known.official - sums(of.official, square / by_sheet, n)
        official -= sums(self.owner, cell**2 / known.vantage, n)
        sheet = known.sheet - sums(of.sheet, square / by_official + square / known.vantage[self.cell], s)
        vantage = known.vantage - sums(self.cell, square / by_sheet, len(self.owner))
        vantage -= cell**2 / known.official[self.owner]
        found = (official, sheet, vantage)
        self.sure = Sure(*(np.maximum(each, sd**-2) for each, sd in zip(found, self.spread, strict=True)))

    def settle(self, counted: Floats) -> None:
        """Means of units, homes and classes, and the variances; `counted` (S,): how far each sheet counts."""
        of, one = self.sheets, np.ones
        self.unit = _shrunk(
            of.unit, self.official, one(len(self.official)), self.spread.official / UNIT, self.unit
        )
        rest = self.sheet - self.home[of.home]
        weight = sums(of.voters, counted, len(self.voters))
        self.voters = sums(of.voters, counted * rest, len(self.voters)) / np.maximum(weight, 1e-9)
        rest = self.sheet - self.voters[of.voters]
        self.home = _shrunk(of.home, rest, counted, self.spread.sheet / HOME, self.home)
        self.spread = Spread(
            _spread(self.official - self.unit[of.unit], self.sure.official, one(len(self.official))),
            _spread(self.sheet - self.usual_severity, self.sure.sheet, counted),
            _spread(self.vantage, self.sure.vantage, one(len(self.owner))),
        )


def _limited(step: Floats) -> Floats:
    return np.clip(step, -LONGEST, LONGEST)


def _shrunk(of: Indices, values: Floats, weight: Floats, ratio: float, groups: Floats) -> Floats:
    """The groups' means drawn to 0; `ratio` is the spread within a group over that among groups."""
    count = sums(of, weight, len(groups))
    mean: Floats = sums(of, weight * values, len(groups)) / (count + ratio**2)
    return mean


def _spread(values: Floats, sure: Floats, weight: Floats) -> float:
    """EM: the mean of the squares and of what is in doubt."""
    return max(SMALLEST, float(np.sqrt(np.average(values**2 + 1 / sure, weights=weight + 1e-12))))
