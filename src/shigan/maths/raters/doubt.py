"""What may be wrong with a sheet or a line, and how far it then counts. Doubt only ever lowers a weight.

A sheet is *ordinary* (κ = 1), *noisy* (κ = NOISE), *careless* (its marks come from one law, whoever is
marked) or *uniform* (the same marks for everybody). A line of an ordinary or noisy sheet is honest, or a
favour (ε⁺ of its official's lines), or hostile (ε⁻): half of the hostile are a bare bottom mark, half the
honest law moved DOWN. The shares ε are drawn to those of the county. No kind is sharper than ordinary: who
agrees with everybody is not worth more for it, for colluders agree best.
Source: mixtures for careless raters, e.g. Dawid & Skene (1979), J. R. Stat. Soc. C 28:20–28; contaminated
normal law, Tukey (1960).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shigan.maths.raters.law import GRID, Law, Table, at, places
from shigan.maths.raters.sheets import Floats, Indices, Marks, Sheets

NOISE = 1.8
DOWN = 3.0
HABIT = np.array([1.0, 1.0, 1.5, 1.5])
SAME = 0.97
"""How often a line of a uniform sheet has the sheet's one pattern."""
KINDS = 5
ORDINARY, NOISY, CARELESS, UNIFORM, OTHER = range(KINDS)


@dataclass(slots=True)
class Doubt:
    """`kinds` (S, 4) chances of each kind of sheet; `favour`, `hostile` (N,) the shares ε⁺, ε⁻;
    `honest` (L,) and `noisy` (L,) how far each line counts at κ = 1 and at κ = NOISE;
    `level` (L,) the log likelihood of a line under the contaminated law."""

    kinds: Floats
    prior: Floats
    favour: Floats
    hostile: Floats
    careless: Floats
    honest: Floats
    noisy: Floats
    level: Floats
    whole: Floats = None

    @classmethod
    def none(cls, sheets: Sheets, seen: int) -> Doubt:
        """Nobody is doubted."""
        kinds = np.zeros((len(sheets.home), KINDS))
        kinds[:, ORDINARY] = 1
        n, line = len(sheets.unit), np.ones(sheets.lines)
        return cls(
            kinds, np.array([0.8, 0.1, 0.04, 0.03, 0.03]), np.full(n, 0.03), np.full(n, 0.03),
            np.full(seen, 1 / seen), line, line * 0, line * 0,
        )  # fmt: skip


def favours(seen: Marks, grades: int) -> Floats:
    """(U,) the law of a favour: the best mark for everything, a slip now and then."""
    return _independent(seen, np.r_[np.full(grades - 1, 0.03 / (grades - 1)), 0.97])


def bottoms(seen: Marks, grades: int) -> Floats:
    """(U,) the law of a bare bottom line: the two worst marks, others seldom."""
    chances = np.full(grades, 0.1 / max(grades - 2, 1))
    chances[:2] = 0.45
    return _independent(seen, chances / chances.sum())


def _independent(seen: Marks, chances: Floats) -> Floats:
    return np.prod(np.r_[chances, 1.0][seen], axis=1)


class Judge:
    """The parts of the doubt that do not change from round to round."""

    def __init__(self, sheets: Sheets, seen: Marks, number: Indices) -> None:
        grades = sheets.grades
        self.sheets, self.seen, self.number = sheets, seen, number
        self.favour, self.bottom = favours(seen, grades), bottoms(seen, grades)
        marks = [np.bincount(seen[number, k] + 1, minlength=grades + 1)[1:] + 1.0 for k in range(seen.shape[1])]
        self.base = np.prod([np.r_[m / m.sum(), 1.0][seen[:, k]] for k, m in enumerate(marks)], axis=0)
        self.base /= self.base.sum()
        self.lines_of = np.bincount(sheets.sheet, minlength=len(sheets.home))
        self.main, self.agreeing = self._main()
        from scipy.special import gammaln
        S = len(sheets.home)
        each = np.stack([(sheets.marks == g).sum(axis=1) for g in range(grades)], axis=1)
        count = np.stack([np.bincount(sheets.sheet, each[:, g], S) for g in range(grades)], axis=1)
        alpha = HABIT[-grades:] if grades <= 4 else np.ones(grades)
        self.habit = gammaln(alpha.sum()) - gammaln(alpha.sum() + count.sum(1)) + (gammaln(alpha + count) - gammaln(alpha)).sum(1)
        best = (seen[self.main] == grades - 1).all(axis=1)
        self.main_prior = np.log(np.where(best, 0.9, 0.1 * self.base[self.main]))

    def _main(self) -> tuple[Indices, Indices]:
        """(S,) each sheet's most frequent pattern, and (S,) how many of its lines have it."""
        code = self.sheets.sheet * len(self.seen) + self.number
        pairs, count = np.unique(code, return_counts=True)
        sheet = pairs // len(self.seen)
        order = np.lexsort((count, sheet))
        last = np.r_[sheet[order][1:] != sheet[order][:-1], True]
        main, agreeing = np.zeros(len(self.lines_of), np.int64), np.zeros(len(self.lines_of), np.int64)
        main[sheet[order][last]] = (pairs % len(self.seen))[order][last]
        agreeing[sheet[order][last]] = count[order][last]
        return main, agreeing

    def weigh(self, doubt, eta, ordinary, noisy, copy, finder=None, blocs=(), severity=None, learn=True):
        """One round of Bayes' rule for kinds, lines and shares, in place."""
        of = self.sheets
        cell, part = places(eta)
        plain, loose = at(ordinary.log, self.number, cell, part), at(noisy.log, self.number, cell, part)
        down = at(ordinary.log, self.number, *places(eta - DOWN))
        plus, minus = doubt.favour[of.official], doubt.hostile[of.official]
        favoured = plus * self.favour[self.number]
        hostile = minus * 0.5 * (self.bottom[self.number] + np.exp(down))
        honest, noise = (1 - plus - minus) * np.exp(plain), (1 - plus - minus) * np.exp(loose)
        wrong = favoured + hostile
        level, loose_level = np.log(honest + wrong), np.log(noise + wrong)
        score = self._scores(doubt, level, loose_level, copy)
        if len(blocs):
            evidence = finder.evidence(ordinary.log, eta, wrong, (1 - plus - minus), copy)
            rest = np.bincount(of.sheet, level * copy, len(self.lines_of))
            score = np.column_stack([score, *(finder.score(b, evidence, severity) + rest for b in blocs)])
        doubt.whole = np.logaddexp.reduce(score, axis=1)
        doubt.kinds = np.exp(score - doubt.whole[:, None])
        for at_, b in enumerate(blocs):
            if b.held is not None:
                doubt.kinds *= ((1 - b.held) / np.maximum(1 - doubt.kinds[:, KINDS + at_], 1e-9))[:, None]
                doubt.kinds[:, KINDS + at_] = b.held
            b.member = doubt.kinds[:, KINDS + at_]
            finder.retarget(b, evidence)
        kinds = doubt.kinds[of.sheet]
        free = np.zeros(of.lines)
        for at_, b in enumerate(blocs):
            free += kinds[:, KINDS + at_] * (1 - b.moved[of.official] * finder.is_own)
        doubt.honest = (kinds[:, ORDINARY] + free) * honest / (honest + wrong) * copy
        doubt.noisy = kinds[:, NOISY] * noise / (noise + wrong) * copy
        if not learn: return
        share = (kinds[:, ORDINARY] + free) / (honest + wrong) + kinds[:, NOISY] / (noise + wrong)
        counted = (kinds[:, ORDINARY] + kinds[:, NOISY] + free) * copy
        doubt.favour = self._shares(share * favoured * copy, counted)
        doubt.hostile = self._shares(share * hostile * copy, counted)
        used = self.lines_of > 0
        doubt.prior = doubt.kinds[used][:, :KINDS].sum(axis=0) + np.array([16.0, 2.0, 1.0, 1.0, 1.0])
        doubt.prior /= doubt.prior.sum()
        weight = np.bincount(self.number, doubt.kinds[of.sheet, OTHER] + doubt.kinds[of.sheet, CARELESS], len(self.seen))
        doubt.careless = (weight + 30 * self.base) / (weight.sum() + 30)

    def _scores(self, doubt, level, loose, copy):
        of, n = self.sheets, len(self.lines_of)
        careless = np.log(doubt.careless)[self.number]
        by_sheet = [np.bincount(of.sheet, each * copy, n) for each in (level, loose, careless)]
        share = np.bincount(of.sheet, copy, n) / np.maximum(self.lines_of, 1)
        learned, by_sheet[2] = by_sheet[2], self.habit * share
        same = self.number == self.main[of.sheet]
        line = np.where(same, np.log(SAME), np.log(1 - SAME) + careless)
        by_sheet.append(self.main_prior + np.bincount(of.sheet, line * copy, n))
        by_sheet.append(learned)
        return np.column_stack(by_sheet) + np.log(doubt.prior)

    def _shares(self, wrong, counted, sure: float = 8.0):
        """Each official's share of wrong lines, drawn to the county's."""
        usual = min(0.2, (wrong.sum() + 1) / (counted.sum() + 50))
        n = len(self.sheets.unit)
        lines = np.bincount(self.sheets.official, counted, n)
        return np.minimum(0.6, (np.bincount(self.sheets.official, wrong, n) + sure * usual) / (lines + sure))


def grid_weights(law_at: Indices, eta: Floats, sd: Floats, weight: Floats, seen: int) -> Floats:
    """(U, X): how much weight each pattern has at each η, smeared over the doubt about η (three points)."""
    total = np.zeros(seen * len(GRID))
    for shift, share in ((-1.7320508, 1 / 6), (0.0, 2 / 3), (1.7320508, 1 / 6)):
        cell, part = places(eta + shift * sd)
        start = law_at * len(GRID) + cell
        total += np.bincount(start, weight * share * (1 - part), len(total))
        total += np.bincount(start + 1, weight * share * part, len(total))
    return total.reshape(seen, len(GRID))


__all__ = ["Doubt", "Judge", "Law", "grid_weights"]
