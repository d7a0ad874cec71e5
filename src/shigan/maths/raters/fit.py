"""The fit: rounds of small steps, first as if nobody cheated, then with doubt, then with blocs.

Generalised EM: every round weighs sheets and lines by Bayes' rule, moves θ, s and v by one Newton step each,
and learns means, variances and shares; now and then the law itself is fitted anew.
"""

from __future__ import annotations

from copy import copy
from typing import Final

import numpy as np
from numpy.typing import NDArray

from shigan.maths.raters import copies, doubt
from shigan.maths.raters.blocs import Bloc, Local
from shigan.maths.raters.crossed import Places
from shigan.maths.raters.doubt import ALIKE, CARELESS, IN_BLOC, NOISE, Clues, Doubt
from shigan.maths.raters.law import GRID, Law, Table, at, patterns, places, refit
from shigan.maths.raters.leaps import leap
from shigan.maths.raters.passes import Engine
from shigan.maths.raters.search import search
from shigan.maths.raters.sheets import Floats, Sheets, sums

PLAIN, AGAIN, CALM, FOUND = 30, 15, 12, 18
"""Rounds as if nobody cheated, the same from near the goal, with doubt, and with the blocs found."""
LAW_PLAIN, LAW_CALM, LAW_FOUND = (4, 9, 16, 24), (5,), (7,)
LEAPS = (3, 9)
ALMOST_SURE: Final = 0.99
CAMP, CAMP_LINES = 0.35, 5
"""Two camps: so large a share of an official's lines, at least so many, contradict the others."""
_THREE: Final = ((-1.7320508, 1 / 6), (0.0, 2 / 3), (1.7320508, 1 / 6))
"""Gauss–Hermite with three points: places in standard deviations, and weights."""


class Fit:
    """A fit in progress. `places`, `doubt`, `bloc` and `law` are replaced as it goes on."""

    def __init__(self, sheets: Sheets, passes: Engine) -> None:
        self.sheets, self.passes = sheets, passes
        self.seen, self.number = patterns(sheets.marks, sheets.grades)
        self.clues = Clues.of(sheets, self.seen, self.number, passes)
        self.local = Local.of(sheets, self.number, passes)
        self.places = Places.start(sheets)
        self.doubt = Doubt.none(sheets, len(self.seen))
        self.copies = np.arange(len(sheets.home))
        self.vote = np.ones(sheets.lines)
        self.bloc: Bloc | None = None
        self._tabulate(Law.start(sheets.marks, sheets.grades))

    def _tabulate(self, law: Law) -> None:
        self.law = law
        grades = self.sheets.grades
        self.tables = (Table.of(law, self.seen, grades), Table.of(law, self.seen, grades, NOISE))

    def plain(self) -> Fit:
        """As if nobody cheated: every line counts in full."""
        for number in range(PLAIN):
            self._move(settle=True)
            if number in LAW_PLAIN:
                self._refit()
        return self

    def plain_from(self, other: Fit) -> Fit:
        """The same where the law is known and the places nearly are."""
        self._tabulate(other.law)
        start = other.places
        self.places.official, self.places.sheet = start.official.copy(), start.sheet.copy()
        self.places.vantage, self.places.spread = start.vantage.copy(), start.spread
        for _ in range(AGAIN):
            self._move(settle=True)
        return self

    def robust(self) -> Fit:
        """With doubt; to be called after `plain`."""
        self.copies = copies.groups(self.sheets, self.number)
        self.vote = copies.shares(self.copies)[self.sheets.sheet]
        self.doubt = doubt.first_alike(self.doubt, self.clues, self.severity)
        for number in range(CALM):
            self.step()
            if number in LEAPS:
                self.places, self.doubt = leap(self)
            if number in LAW_CALM:
                self._refit()
        self.doubt = doubt.without_few_alike(self.doubt, self.sheets)
        search(self)
        for number in range(FOUND):
            self.step()
            if number in LAW_FOUND:
                self._refit()
        return self

    def step(self, settle: bool = True) -> None:
        """One round with doubt; without `settle`, means, variances stay as they are."""
        self.weigh()
        self.doubt = doubt.learn(self.doubt, self.clues, self.vote, self.bloc)
        self._move(settle)

    def weigh(self) -> None:
        """Weights of sheets and lines as things stand."""
        self.doubt = doubt.weigh(
            self.doubt, self.clues, self.places.eta, self.tables, self.vote, self.bloc, self.severity
        )

    @property
    def severity(self) -> tuple[Floats, float]:
        """(S,) how much severer than usual each sheet is, and the spread of that."""
        return self.places.sheet - self.places.usual_severity, self.places.spread.sheet

    def forces(self) -> tuple[Floats, Floats]:
        """(L,) slopes and bends (sign turned) of the lines where things stand, weighted."""
        weights = (self.doubt.honest, self.doubt.noisy)
        return self.passes.forces(self.tables, weights, self.number, self.places.eta)

    def _move(self, settle: bool) -> None:
        self.places.move_officials(*self.forces())
        self.places.move_sheets(*self.forces())
        forces = self.forces()
        self.places.move_vantages(*forces)
        if settle:
            self.places.assess(forces[1])
            self.places.settle(self.doubt.counted)

    def _refit(self) -> None:
        """The law that fits the ordinary lines best, each smeared over the doubt about its place."""
        of, sure, eta = self.sheets, self.places.sure, self.places.eta
        variance = (
            1 / sure.official[of.official] + 1 / sure.sheet[of.sheet] + 1 / sure.vantage[self.places.cell]
        )
        weight = np.zeros(len(self.seen) * len(GRID))
        for shift, share in _THREE:
            cell, part = places(eta + shift * np.sqrt(variance))
            start = self.number * len(GRID) + cell
            weight += sums(start, self.doubt.honest * share * (1 - part), len(weight))
            weight += sums(start + 1, self.doubt.honest * share * part, len(weight))
        law = self.law
        for _ in range(2):
            law = refit(law, self.seen, of.grades, weight.reshape(len(self.seen), -1))
        self._tabulate(law)

    def worth(self) -> Floats:
        """(units,) log likelihood of the unit's sheets, with priors: what a bloc must improve."""
        self.weigh()
        p, of, units = self.places, self.sheets, self.sheets.units
        away, spread = self.severity
        found: Floats = sums(of.home, self.doubt.worth - away**2 / (2 * spread**2), units)
        merit = (p.official - p.unit[of.unit]) ** 2 / (2 * p.spread.official**2)
        found -= sums(of.unit, merit, units)
        found -= sums(of.unit[p.owner], p.vantage**2 / (2 * p.spread.vantage**2), units)
        return found if self.bloc is None else found + self.bloc.cost

    def residual(self) -> Floats:
        """(L,) standardised score residuals: slopes over the root of their information."""
        cell, part = places(self.places.eta)
        slope, bend = (
            at(each, self.number, cell, part) for each in (self.tables[0].slope, self.tables[0].bend)
        )
        found: Floats = slope / np.sqrt(-bend)
        return found

    def flagged(self) -> NDArray[np.bool_]:
        """(S,) sheets that almost surely tell nothing of the officials, copies, and members of a bloc. For
        benchmarks alone: no page, paper or table may show what became of a sheet."""
        kinds = self.doubt.kinds
        empty = kinds[:, CARELESS] + kinds[:, ALIKE] > ALMOST_SURE
        found: NDArray[np.bool_] = empty | (kinds[:, IN_BLOC] > 0.5) | (copies.shares(self.copies) < 1)
        return found

    def camps(self) -> NDArray[np.bool_]:
        """(N,) officials whose lines fall into two camps of nearly equal size."""
        of, n = self.sheets, len(self.sheets.unit)
        heard = self.doubt.counted[of.sheet] * self.vote
        wrong = np.maximum(heard - self.doubt.honest - self.doubt.noisy, 0.0)
        lines = sums(of.official, heard, n)
        split: NDArray[np.bool_] = sums(of.official, wrong, n) >= CAMP * np.maximum(lines, CAMP_LINES)
        return split

    def branch(self) -> Fit:
        """A fit that goes on from here without changing this one."""
        other = copy(self)
        other.places = copy(self.places)
        other.bloc = None if self.bloc is None else self.bloc.copy()
        return other
