"""Sheets of one unit that move together: some officials of the unit up, others down, by the same shifts.

A bloc has members M_r (chances) and, for every official of the unit, a shift q_j: none with chance 1 − ρ,
else N(0, SHIFT²). A member's line is read at η + q_j. The evidence is measured against the *contaminated*
law, so that a single odd line is no bloc. All units are worked at once: each step is a group-by of lines.
Source: variational mixtures, Jordan et al. (1999), Machine Learning 37:183–233.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.special import expit, logsumexp

from shigan.maths.raters.law import GRID, STEP, places
from shigan.maths.raters.sheets import Floats, Indices, Sheets

SHIFT = 1.6
MEMBER = 0
LEAST_GAIN = 0.5
LEAST_MEMBERS = 1.7
MOST = 0.5
EVERY = 5
SHIFTS = np.arange(-40, 41, 2 * EVERY)
"""Shifts on the grid of the law, in its steps: −4.5 to 4.5 by 0.5."""
DS = 3
FIRST = True
WIDE = np.arange(-40 - 5 * DS, 41 + 5 * DS, EVERY)
_SIZES = np.exp(-0.5 * (SHIFTS * STEP / SHIFT) ** 2) * (SHIFTS != 0)
_SIZES = _SIZES / _SIZES.sum()
NONE = int(np.flatnonzero(SHIFTS == 0)[0])


PSEUDO = (1.0, 5.0)
class Bloc:
    def __init__(self, member, units):
        self.member = member
        self.held = None
        self.rate, self.ratio, self.allowed = np.full(units, .2), np.full(units, .5), np.ones(units, bool)


class Finder:
    """Finds blocs among the lines that judge officials of the sheet's own unit."""

    def __init__(self, sheets: Sheets, number: Indices) -> None:
        self.sheets = sheets
        self.least = LEAST_GAIN
        self.allowed = np.ones(int(max(sheets.unit.max(), sheets.home.max())) + 1, bool)
        self.own = np.flatnonzero(sheets.home[sheets.sheet] == sheets.unit[sheets.official])
        self.units = int(max(sheets.unit.max(initial=0), sheets.home.max(initial=0))) + 1
        self.sheet, self.official = sheets.sheet[self.own], sheets.official[self.own]
        self.number = number[self.own]
        self.is_own = sheets.home[sheets.sheet] == sheets.unit[sheets.official]
        lines = np.arange(len(self.own))
        n, s = len(sheets.unit), len(sheets.home)
        one = np.ones(len(self.own))
        self.by_official = csr_array((one, (self.official, lines)), shape=(n, len(self.own)))
        self.by_sheet = csr_array((one, (self.sheet, lines)), shape=(s, len(self.own)))
        self.local = np.bincount(self.sheet, minlength=s) > 0
        self.size = np.bincount(sheets.home[self.local], minlength=self.units)

    def evidence(self, log, eta, wrong, honest, weight):
        cell, part = places(eta[self.own])
        flat = log.ravel()
        at = np.clip(cell[:, None] + WIDE, 0, len(GRID) - 2) + self.number[:, None] * len(GRID)
        low = flat[at]
        found = low + part[:, None] * (flat[at + 1] - low)
        found = np.log(honest[self.own][:, None] * np.exp(found) + wrong[self.own][:, None])
        found -= found[:, [len(WIDE) // 2]]
        return found * weight[self.own][:, None]

    def score(self, bloc, evidence, severity):
        """(S,): log prior and what a sheet's own lines say for its membership, against ordinary."""
        q, home = len(SHIFTS), self.sheets.home
        r = bloc.chance[self.official]
        push = np.stack([np.bincount(self.sheet, np.einsum('lq,lq->l', evidence[:, d : d + 2 * q - 1 : 2], r), len(home)) for d in range(2 * DS + 1)])
        d = (np.arange(2 * DS + 1) - DS)[:, None] * 0.5
        push -= ((severity[0] - d) ** 2 - severity[0] ** 2) / (2 * severity[1] ** 2)
        bloc.pick = push.argmax(axis=0) - DS
        with np.errstate(divide='ignore'):
            return np.where(self.local, push.max(axis=0) + np.log(bloc.rate * bloc.allowed)[home], -np.inf)

    def retarget(self, bloc, evidence):
        home, unit = self.sheets.home, self.sheets.unit
        q = len(SHIFTS)
        base = np.arange(len(evidence))[:, None] * len(WIDE)
        cols = (bloc.pick[self.sheet] + DS)[:, None] + 2 * np.arange(q)
        score = self.by_official @ (evidence.ravel()[cols + base] * bloc.member[self.sheet][:, None])
        prior = np.log(bloc.ratio)[unit][:, None] + np.log(_SIZES + 1e-300)
        prior[:, NONE] = np.log(1 - bloc.ratio)[unit]
        whole = logsumexp(score + prior, axis=1)
        bloc.chance = np.exp(score + prior - whole[:, None])
        bloc.cost = np.bincount(unit, whole - (bloc.chance * score).sum(1), self.units)
        bloc.moved = 1 - bloc.chance[:, NONE]
        officials = np.maximum(np.bincount(unit, minlength=self.units), 1)
        bloc.ratio = np.clip((np.bincount(unit, bloc.moved, self.units) + 1) / (officials + 2), 0.02, 0.95)
        bloc.members = np.bincount(home, bloc.member, self.units)
        bloc.rate = np.clip((bloc.members + PSEUDO[0]) / (self.size + PSEUDO[1]), 0.01, 0.5)

    def fresh(self, member, evidence, severity):
        member = np.where(self.local, member, 0.0)
        b = Bloc(member, self.units)
        b.pick = np.clip(np.round(severity[0] / 0.5).astype(int), -DS, DS)
        self.retarget(b, evidence)
        b.rate[:] = .2
        return b

    def starts(self, residual: Floats, count: int = 2) -> list[Floats]:
        """(S,) first guesses of members: the strongest directions of the units' residuals, both ways."""
        s, n = len(self.sheets.home), len(self.sheets.unit)
        rest, found = residual[self.own], []
        for seed in range(count):
            x = np.cos(np.arange(n) * (1.7 + seed))
            for _ in range(8):
                y = np.bincount(self.sheet, rest * x[self.official], s)
                y /= self._norm(y, self.sheets.home)[self.sheets.home]
                x = np.bincount(self.official, rest * y[self.sheet], n)
                strength = self._norm(x, self.sheets.unit)
                x = x / strength[self.sheets.unit]
            found += [y, -y]
            rest = rest - y[self.sheet] * x[self.official] * strength[self.sheets.unit[self.official]]
        return [np.where(each > 0.5 * self._peak(each), 0.8, 0.02) for each in found]

    def _norm(self, values: Floats, of: Indices) -> Floats:
        return np.sqrt(np.bincount(of, values**2, self.units)) + 1e-12

    def _peak(self, values: Floats) -> Floats:
        peak = np.full(self.units, 1e-12)
        np.maximum.at(peak, self.sheets.home[self.local], values[self.local])
        return peak[self.sheets.home]

    def severe(self, severity):
        return [np.where(severity > c * severity[self.local].std(), 0.8, 0.02) for c in (0.8,)]

    def targets(self, official, residual):
        """First guesses from targets: the best of each unit, pushed down."""
        order = np.lexsort((-official, self.sheets.unit))
        rank = np.empty(len(order), int)
        first = np.searchsorted(self.sheets.unit[order], np.arange(self.units))
        rank[order] = np.arange(len(order)) - first[self.sheets.unit[order]]
        out = []
        for top in (3,):
            t = rank < top
            low = np.bincount(self.sheet, residual[self.own] * t[self.official], len(self.sheets.home))
            n = np.bincount(self.sheet, 1.0 * t[self.official], len(self.sheets.home))
            z = -low / np.sqrt(np.maximum(n, 1))
            out.append(np.where(z > 0.8, 0.8, 0.02))
        return out

    def merge(self, found, best, good):
        home, unit = best[self.sheets.home], best[self.sheets.unit]
        s, n, u = np.arange(len(home)), np.arange(len(unit)), np.arange(self.units)
        g = lambda name, index, who: np.array([getattr(each, name) for each in found])[index, who]
        b = Bloc(g("member", home, s) * good[self.sheets.home], self.units)
        b.chance, b.rate, b.ratio, b.pick, b.allowed = g("chance", unit, n), g("rate", best, u), g("ratio", best, u), g("pick", home, s), good
        b.moved = (1 - b.chance[:, NONE]) * good[self.sheets.unit]
        return b
