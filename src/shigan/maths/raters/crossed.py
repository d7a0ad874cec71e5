"""The crossed part: where officials stand (θ), how severe sheets are (s), what each class sees (v).

    η_l = θ_j − s_r + v_jg,   θ_j ~ N(μ_unit, σ_θ²),   s_r ~ N(ν_home + ν_class, σ_s²),   v_jg ~ N(0, σ_v²)

Each is moved by one Newton step from the sums of its lines' slopes and bends, so that every step is a scan
and a group-by; variances follow by EM from the squares of the estimates and what is still in doubt.
Source: generalised linear mixed models by penalised quasi-likelihood, Breslow & Clayton (1993), JASA 88:9–25.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from shigan.maths.raters.sheets import Floats, Indices, Sheets

UNIT, HOME = 0.2, 0.45
UNIT_SPREAD = 0.5
"""Prior standard deviation of a unit's mean merit and of its mean severity: the voters of a unit are not all
alike, but nobody may assume that units differ much more than officials do."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Standard deviations, in noise units of an ordinary sheet."""

    official: float = 1.0
    sheet: float = 0.7
    vantage: float = 0.3
    unit: float = 0.4
    home: float = 0.4


@dataclass(slots=True)
class Places:
    """All unknowns and how sure they are (`*_bend` is the precision of each, its prior included).

    `cell` (L,): which vantage cell (official × class) a line is in; `cell_official` (C,) whose it is."""

    sheets: Sheets
    cell: Indices
    cells: int
    spread: Spread = field(default_factory=Spread)
    official: Floats = field(default_factory=lambda: np.zeros(0))
    sheet: Floats = field(default_factory=lambda: np.zeros(0))
    vantage: Floats = field(default_factory=lambda: np.zeros(0))
    unit: Floats = field(default_factory=lambda: np.zeros(0))
    home: Floats = field(default_factory=lambda: np.zeros(0))
    voters: Floats = field(default_factory=lambda: np.zeros(0))
    official_bend: Floats = field(default_factory=lambda: np.ones(0))
    sheet_bend: Floats = field(default_factory=lambda: np.ones(0))
    vantage_bend: Floats = field(default_factory=lambda: np.ones(0))
    sure: tuple = ()

    @classmethod
    def start(cls, sheets: Sheets) -> Places:
        """Everybody in the middle."""
        classes = int(sheets.voters.max(initial=0)) + 1
        units = int(max(sheets.unit.max(initial=0), sheets.home.max(initial=0))) + 1
        code = sheets.official * classes + sheets.voters[sheets.sheet]
        names, cell = np.unique(code, return_inverse=True)
        zeros, ones = np.zeros, np.ones
        n, s, c = len(sheets.unit), len(sheets.home), len(names)
        return cls(
            sheets, cell, c, Spread(), zeros(n), zeros(s), zeros(c), zeros(units), zeros(units),
            zeros(classes), ones(n), ones(s), ones(c),
        )  # fmt: skip

    @property
    def eta(self) -> Floats:
        """(L,): where each line's official stands on its sheet."""
        of = self.sheets
        return self.official[of.official] - self.sheet[of.sheet] + self.vantage[self.cell]

    def move_officials(self, slope: Floats, bend: Floats) -> None:
        """One Newton step for θ; `slope` and `bend` (L,) are ℓ′ and −ℓ″ of the lines, already weighted."""
        of, prior = self.sheets, self.spread.official**-2
        push = np.bincount(of.official, slope, len(self.official))
        self.official_bend = np.bincount(of.official, bend, len(self.official)) + prior
        push -= (self.official - self.unit[of.unit]) * prior
        self.official = self.official + _limited(push / self.official_bend)

    def move_sheets(self, slope: Floats, bend: Floats) -> None:
        """One Newton step for s."""
        of, prior = self.sheets, self.spread.sheet**-2
        push = -np.bincount(of.sheet, slope, len(self.sheet))
        self.sheet_bend = np.bincount(of.sheet, bend, len(self.sheet)) + prior
        push -= (self.sheet - self.usual_severity) * prior
        self.sheet = self.sheet + _limited(push / self.sheet_bend)

    def move_vantages(self, slope: Floats, bend: Floats) -> None:
        """One Newton step for v."""
        prior = self.spread.vantage**-2
        push = np.bincount(self.cell, slope, self.cells) - self.vantage * prior
        self.vantage_bend = np.bincount(self.cell, bend, self.cells) + prior
        self.vantage = self.vantage + _limited(push / self.vantage_bend)

    @property
    def usual_severity(self) -> Floats:
        """(S,): the severity expected of a sheet of such a home and class."""
        return self.home[self.sheets.home] + self.voters[self.sheets.voters]

    def settle(self, counted: Floats) -> None:
        """Means of units, homes and classes, and the variances; `counted` (S,) is how far each sheet counts."""
        of = self.sheets
        self.unit = _shrunk(of.unit, self.official, np.ones(len(self.official)), self.spread.official, self.spread.unit, len(self.unit))
        rest = self.sheet - self.home[of.home]
        weight = np.bincount(of.voters, counted, len(self.voters))
        self.voters = np.bincount(of.voters, counted * rest, len(self.voters)) / np.maximum(weight, 1e-9)
        rest = self.sheet - self.voters[of.voters]
        self.home = _shrunk(of.home, rest, counted, self.spread.sheet, self.spread.home, len(self.home))
        self.spread = Spread(
            _spread(self.official - self.unit[of.unit], self.sure[0], np.ones(len(self.official))),
            _spread(self.sheet - self.usual_severity, self.sure[1], counted),
            _spread(self.vantage, self.sure[2], np.ones(self.cells)),
            UNIT, HOME,
        )

    def assess(self, bend):
        of = self.sheets
        cell = np.bincount(self.cell, bend, self.cells)
        by = np.zeros(self.cells, int); by[self.cell] = of.official
        ho, hs, hv = self.official_bend, self.sheet_bend, self.vantage_bend
        a = ho - np.bincount(of.official, bend**2 / hs[of.sheet], len(ho)) - np.bincount(by, cell**2 / hv, len(ho))
        b = hs - np.bincount(of.sheet, bend**2 / ho[of.official], len(hs)) - np.bincount(of.sheet, bend**2/hv[self.cell], len(hs))
        c = hv - np.bincount(self.cell, bend**2 / hs[of.sheet], self.cells) - cell**2 / ho[by]
        self.sure = (np.maximum(a, self.spread.official**-2), np.maximum(b, self.spread.sheet**-2), np.maximum(c, self.spread.vantage**-2))


def _limited(step: Floats) -> Floats:
    return np.clip(step, -1.5, 1.5)


def _shrunk(of: Indices, values: Floats, weight: Floats, spread: float, among: float, groups: int) -> Floats:
    """Each group's mean, drawn to 0 as UNIT_SPREAD says."""
    count = np.bincount(of, weight, groups)
    return np.bincount(of, weight * values, groups) / (count + (spread / among) ** 2)


def _spread(values: Floats, bend: Floats, weight: Floats) -> float:
    """EM: the mean of the squares and of what is in doubt; never so small that a unit could not move."""
    return max(0.15, float(np.sqrt(np.average(values**2 + 1 / bend, weights=weight + 1e-12))))


def _among(means: Floats, count: Floats, within: float, among: float) -> float:
    doubt = 1 / (count / within**2 + among**-2)
    return max(0.1, float(np.sqrt((means**2 + doubt)[count > 0].mean())))
