"""Sheets of one unit that move together: some officials of the unit up, others down, by the same shifts.

A unit has at most one bloc. It has members M_r (chances; a share RATE of the unit's sheets beforehand) and,
for every official of the unit, a shift q_j: none with chance 1 − ρ, else by Cauchy's law of scale SHIFT. A
member's line is read at η + q_j, under the contaminated law as every line, and a member may be severer or
milder than its marks as an ordinary sheet suggest (DRIFTS). All units are worked at once: each step is a
group-by of lines.
Source: variational mixtures, Jordan et al. (1999), Machine Learning 37:183–233.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from shigan.maths.raters.law import Table
from shigan.maths.raters.passes import Engine
from shigan.maths.raters.sheets import Floats, Indices, Sheets, sums

if TYPE_CHECKING:
    from shigan.maths.raters.doubt import Lines

SHIFT: Final = 1.5
HALF: Final = 5
"""Half a noise unit, in steps of the law's grid."""
SHIFTS: Final = np.arange(-6.0, 3.5, 1.0)
NONE: Final = 6
"""The place of «no shift» in SHIFTS."""
DRIFTS: Final = np.arange(-1.5, 2.0, 0.5)
_WIDE: Final = np.arange(-15, 10) * HALF
"""Every sum of a shift and a drift, in steps of the grid."""
_SIZES: Final = (SHIFTS != 0) / (1 + (SHIFTS / SHIFT) ** 2)
RATE: Final = (1.0, 5.0)
"""A unit's share of members is (members + the first) / (sheets + the second)."""
LEAST: Final = 1.7
MOST: Final = 0.5
"""A bloc has at least so many members, and at most this share of the unit's sheets: beyond, who is the bloc
and who is honest is a mirror image that no ballot can tell apart."""


@dataclass(frozen=True, slots=True)
class Local:
    """The lines that judge officials of the sheet's own unit: where they are and how to sum over them."""

    sheets: Sheets
    own: Indices
    sheet: Indices
    official: Indices
    number: Indices
    passes: Engine
    has: NDArray[np.bool_]
    size: Indices

    @classmethod
    def of(cls, sheets: Sheets, number: Indices, passes: Engine) -> Local:
        """The local lines of sheets; `number` (L,) is each line's pattern."""
        own = np.flatnonzero(sheets.home[sheets.sheet] == sheets.unit[sheets.official])
        sheet, official = sheets.sheet[own], sheets.official[own]
        has = np.bincount(sheet, minlength=len(sheets.home)) > 0
        size = np.bincount(sheets.home[has], minlength=sheets.units)
        return cls(sheets, own, sheet, official, number[own], passes, has, size)

    def by_home(self, values: Floats) -> Floats:
        """(units,) sums of a figure of the sheets that have local lines."""
        total: Floats = sums(self.sheets.home, np.where(self.has, values, 0.0), self.sheets.units)
        return total

    def by_unit(self, values: Floats) -> Floats:
        """(units,) sums of a figure of the officials."""
        total: Floats = sums(self.sheets.unit, values, self.sheets.units)
        return total


@dataclass(slots=True)
class Bloc:
    """One bloc a unit at most: `member` (S,), `chance` (N, shifts) where each official is moved, `rate` and
    `ratio` (units,) shares of members and of targets, `drift` (S,) its place in DRIFTS, `allowed` (units,)
    where a bloc is considered at all. `held`: members as given, not to be doubted yet. `worth` (units,): what
    it was found to be worth in log units; `agreement` (units,): how much likelier the members' lines are with
    the shifts; `cost` (units,): what the shifts take off the
    likelihood, a divergence with its sign turned."""

    local: Local
    member: Floats
    chance: Floats
    rate: Floats
    ratio: Floats
    drift: Indices
    allowed: NDArray[np.bool_]
    held: bool = False
    worth: Floats = field(default_factory=lambda: np.zeros(0))
    agreement: Floats = field(default_factory=lambda: np.zeros(0))
    cost: Floats = field(default_factory=lambda: np.zeros(0))
    evidence: Floats = field(default_factory=lambda: np.zeros((0, 0)))

    @classmethod
    def start(cls, local: Local, member: Floats, drift: Floats) -> Bloc:
        """From a guess of members (S,) and of how far they are from their severity as ordinary sheets."""
        n, units = len(local.sheets.unit), local.sheets.units
        return cls(
            local, np.where(local.has, member, 0.0), np.zeros((n, len(SHIFTS))), np.full(units, 0.2),
            np.full(units, 0.5), _nearest(drift), np.ones(units, bool), held=True,
        )  # fmt: skip

    def copy(self) -> Bloc:
        """The same; the arrays are never changed in place."""
        return copy(self)

    @property
    def members(self) -> Floats:
        """(units,) the expected number of members."""
        return self.local.by_home(self.member)

    @property
    def moved(self) -> Floats:
        """(N,) the chance that an official is a target."""
        return 1 - self.chance[:, NONE]

    @property
    def targeted(self) -> Floats:
        """(L,) the chance that a member's line is about a target."""
        found = np.zeros(self.local.sheets.lines)
        found[self.local.own] = self.moved[self.local.official]
        return found

    def consider(self, table: Table, eta: Floats, lines: Lines, vote: Floats) -> None:
        """How much likelier each local line is with every sum of shift and drift than as it stands."""
        own = self.local.own
        self.evidence = self.local.passes.evidence(
            table.log, self.local.number, eta[own], lines.honest[own], lines.wrong[own], vote[own], _WIDE
        )
        if self.held:
            self.retarget()

    def score(self, severity: tuple[Floats, float]) -> Floats:
        """(S,) log prior and what a sheet's local lines say for its membership, against ordinary."""
        away, spread = severity
        local = self.local
        found = local.passes.by_sheet(self.evidence, self.chance, local.sheet, local.official, len(away))
        found -= ((away - DRIFTS[:, None]) ** 2 - away**2) / (2 * spread**2)
        self.drift = found.argmax(axis=0)
        with np.errstate(divide="ignore"):
            prior = np.log(self.rate * self.allowed)[self.local.sheets.home]
        return np.where(self.local.has, found.max(axis=0) + prior, -np.inf)

    def take_members(self, kinds: Floats) -> Floats:
        """Members, targets and shares from the chances of the kinds (S, 6), the last of which is the bloc;
        gives the kinds back, with the members as they are held."""
        if self.held:
            others = kinds[:, :-1] / np.maximum(kinds[:, :-1].sum(axis=1, keepdims=True), 1e-12)
            kinds = np.column_stack([others * (1 - self.member)[:, None], self.member])
        else:
            self.member = kinds[:, -1]
        self.retarget()
        self.rate = np.clip((self.members + RATE[0]) / (self.local.size + RATE[1]), 0.01, 0.5)
        return kinds

    def retarget(self) -> None:
        """Where the members move each official, and the share of targets."""
        local, unit = self.local, self.local.sheets.unit
        score = local.passes.by_official(
            self.evidence,
            self.member[local.sheet],
            self.drift[local.sheet],
            local.official,
            self.chance.shape,
        )
        prior = np.log(self.ratio)[unit][:, None] + np.log(_SIZES / _SIZES.sum() + 1e-300)
        prior[:, NONE] = np.log(1 - self.ratio)[unit]
        whole = logsumexp(score + prior, axis=1)
        self.chance = np.exp(score + prior - whole[:, None])
        self.agreement = self.local.by_unit(whole - prior[:, NONE])
        self.cost = self.local.by_unit(whole - (self.chance * score).sum(axis=1))
        officials = np.maximum(self.local.by_unit(np.ones(len(unit))), 1)
        self.ratio = np.clip((self.local.by_unit(self.moved) + 1) / (officials + 2), 0.02, 0.95)

    @property
    def possible(self) -> NDArray[np.bool_]:
        """(units,) where it has neither too few members nor too many."""
        return (self.members >= LEAST) & (self.members <= MOST * self.local.size)


def join(found: list[Bloc], best: Indices, good: NDArray[np.bool_]) -> Bloc:
    """One bloc from several: in each unit the one numbered `best` (units,), where `good`."""
    local = found[0].local
    home, unit, units = local.sheets.home, local.sheets.unit, local.sheets.units
    sheet, official, each = np.arange(len(home)), np.arange(len(unit)), np.arange(units)
    member = np.array([bloc.member for bloc in found])[best[home], sheet] * good[home]
    chance = np.array([bloc.chance for bloc in found])[best[unit], official]
    chance = np.where(good[unit][:, None], chance, np.eye(len(SHIFTS))[NONE])
    rate, ratio = (
        np.array([getattr(bloc, name) for bloc in found])[best, each] for name in ("rate", "ratio")
    )
    drift = np.array([bloc.drift for bloc in found])[best[home], sheet]
    return Bloc(local, member, chance, rate, ratio, drift, good)


def _nearest(drift: Floats) -> Indices:
    place: Indices = np.clip(np.round((drift - DRIFTS[0]) / 0.5), 0, len(DRIFTS) - 1).astype(np.int64)
    return place
