"""What may be wrong with a sheet or a line, and how far it then counts. Doubt only ever lowers a weight.

A sheet is of one kind: *ordinary* (κ = 1), *noisy* (κ = NOISE), *careless* (each mark drawn anew from a
habit of the sheet's own, whoever is marked), *uniform* (the same marks for everybody), *alike* (its lines
follow one law learned from doubtful sheets, whoever is marked), or one of a *bloc* (see `blocs`). A line of
an ordinary, noisy or bloc sheet is honest, or a favour (ε⁺ of its official's lines), or hostile (ε⁻): half of
the hostile are a bare bottom mark, half the honest law moved DOWN. The shares ε are drawn to the county's.

No kind is sharper than ordinary: who agrees with everybody is worth no more for it; colluders agree best.
Sources: contaminated normal law, Tukey (1960), in Contributions to Probability and Statistics, 448–485;
mixtures for raters, Dawid & Skene (1979), J. R. Stat. Soc. C 28:20–28; the habit is a Dirichlet-multinomial,
Mosimann (1962), Biometrika 49:65–82.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from shigan.maths.raters.law import Table
from shigan.maths.raters.passes import Engine
from shigan.maths.raters.sheets import Floats, Indices, Marks, Sheets, sums

if TYPE_CHECKING:
    from shigan.maths.raters.blocs import Bloc

NOISE: Final = 1.8
DOWN: Final = 3.0
SLIP: Final = 0.03
"""How often a line of a uniform sheet, or a mark of a favour, is something else."""
SURE: Final = 8.0
"""An official's shares ε are drawn to the county's as by so many lines."""
MOST: Final = 0.6
SEVERE: Final = 1.0
"""The law of sheets that are alike is first looked for among sheets so many standard deviations severe."""
FEW_ALIKE: Final = 0.05
"""Fewer sheets than this share have no law in common: such a law would be made of chance."""
ORDINARY, NOISY, CARELESS, UNIFORM, ALIKE, IN_BLOC = range(6)
PRIOR: Final = np.array([16.0, 2.0, 1.0, 1.0, 1.0])
"""Sheets that the shares of the kinds are drawn to, as if seen before; a bloc has a share of its own."""
READ: Final = [ORDINARY, NOISY, IN_BLOC]
"""The kinds whose lines tell of the official."""


class Clues(NamedTuple):
    """What the marks alone say, the same in every round. U patterns, S sheets.

    `favour`, `bottom`: (U,) laws of a favour and of a bare bottom line. `base`: (U,) patterns of items marked
    independently. `habit`: (S,) log likelihood of a sheet as careless. `main`: (S,) its most frequent
    pattern, `surprise`: (S,) log chance that a uniform sheet has that one. `number`: (L,) each line's
    pattern; `passes`: who walks over the lines.
    """

    sheets: Sheets
    number: Indices
    passes: Engine

    favour: Floats
    bottom: Floats
    base: Floats
    habit: Floats
    main: Indices
    surprise: Floats

    @classmethod
    def of(cls, sheets: Sheets, seen: Marks, number: Indices, passes: Engine) -> Clues:
        """The clues of sheets whose lines are of these patterns."""
        grades = sheets.grades
        bottom = np.r_[0.45, 0.45, np.full(grades - 2, 0.1 / max(grades - 2, 1))]
        favour = np.r_[np.full(grades - 1, SLIP / (grades - 1)), 1 - SLIP]
        base = np.prod([_shares(sheets.marks[:, k], grades)[seen[:, k]] for k in range(sheets.items)], axis=0)
        main = _main(sheets, number, len(seen))
        best = (seen[main] == grades - 1).all(axis=1)
        return cls(
            sheets, number, passes,
            _independent(favour, seen), _independent(bottom / bottom.sum(), seen), base / base.sum(),
            _habit(sheets), main, np.log(np.where(best, 0.9, 0.1 * (base / base.sum())[main])),
        )  # fmt: skip


def _independent(chances: Floats, seen: Marks) -> Floats:
    product: Floats = np.prod(np.r_[chances, 1.0][seen], axis=1)
    return product


def _shares(marks: Marks, grades: int) -> Floats:
    """The share of each option among the marks of an item, and 1 for a blank (its place is the last)."""
    count = np.bincount(marks + 1, minlength=grades + 1)[1:] + 1.0
    shares: Floats = np.r_[count / count.sum(), 1.0]
    return shares


def _habit(sheets: Sheets) -> Floats:
    habit = np.linspace(1.0, 1.5, sheets.grades)
    count = np.stack([
        sums(sheets.sheet, (sheets.marks == grade).sum(axis=1), len(sheets.home))
        for grade in range(sheets.grades)
    ], axis=1)  # fmt: skip
    whole = gammaln(habit.sum()) - gammaln(habit.sum() + count.sum(axis=1))
    found: Floats = whole + (gammaln(habit + count) - gammaln(habit)).sum(axis=1)
    return found


def _main(sheets: Sheets, number: Indices, seen: int) -> Indices:
    """(S,) each sheet's most frequent pattern, of equally frequent ones the last; 0 without a line."""
    pairs, count = np.unique(sheets.sheet * seen + number, return_counts=True)
    order = np.lexsort((pairs, count, pairs // seen))
    last = np.r_[np.diff((pairs // seen)[order]) > 0, True][: len(order)]
    main = np.zeros(len(sheets.home), np.int64)
    main[(pairs // seen)[order][last]] = (pairs % seen)[order][last]
    return main


class Lines(NamedTuple):
    """Likelihoods of the lines (L,): honest at κ = 1 and κ = NOISE, hostile, favour."""

    honest: Floats
    noisy: Floats
    hostile: Floats
    favour: Floats

    @property
    def wrong(self) -> Floats:
        """Not honest, one way or the other."""
        return self.hostile + self.favour


@dataclass(frozen=True, slots=True)
class Doubt:
    """`kinds`: (S, 6) chances of each kind; `prior`: (5,) their shares without a bloc. `favour`, `hostile`:
    (N,) ε⁺, ε⁻. `alike`: (U,) the law of sheets that are alike. `honest`, `noisy`: (L,) how far each line
    counts at κ = 1 and κ = NOISE. `worth`: (S,) log likelihood of each sheet under all kinds together;
    `lines`: the likelihoods that led there."""

    kinds: Floats
    prior: Floats
    favour: Floats
    hostile: Floats
    alike: Floats
    honest: Floats
    noisy: Floats
    worth: Floats
    lines: Lines

    @classmethod
    def none(cls, sheets: Sheets, seen: int) -> Doubt:
        """Nobody is doubted."""
        kinds = np.zeros((len(sheets.home), 6))
        kinds[:, ORDINARY] = 1
        n, line = len(sheets.unit), np.ones(sheets.lines)
        start, few = PRIOR / PRIOR.sum(), np.full(n, 0.03)
        return cls(
            kinds,
            start,
            few,
            few,
            np.full(seen, 1 / seen),
            line,
            0 * line,
            kinds[:, 0],
            Lines(line, line, 0 * line, 0 * line),
        )

    @property
    def counted(self) -> Floats:
        """(S,) how far a sheet's severity counts among its like."""
        counted: Floats = self.kinds[:, READ].sum(axis=1)
        return counted


def weigh(
    doubt: Doubt, clues: Clues, eta: Floats, tables: tuple[Table, Table], vote: Floats,
    bloc: Bloc | None, severity: tuple[Floats, float],
) -> Doubt:  # fmt: skip
    """One round of Bayes' rule: kinds of sheets, weights of lines, a bloc's members and targets (in place).

    `tables`: the law at κ = 1 and κ = NOISE; `vote`: (L,) what copies leave of a line; `severity`: how far
    each sheet's severity is from the usual (S,), and its spread. The shares are left to `learn`."""
    sheets, lines = clues.sheets, likelihoods(doubt, clues, eta, tables)
    level = np.log(lines.honest + lines.wrong)
    score = _scores(doubt, clues, level, np.log(lines.noisy + lines.wrong), vote)
    score[:, IN_BLOC] = -np.inf
    if bloc is not None:
        bloc.consider(tables[0], eta, lines, vote)
        score[:, IN_BLOC] = bloc.score(severity) + sums(sheets.sheet, level * vote, len(score))
    worth = np.logaddexp.reduce(score, axis=1)
    kinds = np.exp(score - worth[:, None])
    if bloc is not None:
        kinds = bloc.take_members(kinds)
    own = kinds[sheets.sheet]
    ordinary = own[:, ORDINARY] + (0.0 if bloc is None else own[:, IN_BLOC] * (1 - bloc.targeted))
    honest = ordinary * lines.honest / (lines.honest + lines.wrong) * vote
    noisy = own[:, NOISY] * lines.noisy / (lines.noisy + lines.wrong) * vote
    return replace(doubt, kinds=kinds, honest=honest, noisy=noisy, worth=worth, lines=lines)


def likelihoods(doubt: Doubt, clues: Clues, eta: Floats, tables: tuple[Table, Table]) -> Lines:
    """The likelihoods of the lines at η, each with its share."""
    official, number = clues.sheets.official, clues.number
    plus, minus = doubt.favour[official], doubt.hostile[official]
    honest, noisy = clues.passes.likelihoods([table.log for table in tables], number, eta)
    (down,) = clues.passes.likelihoods([tables[0].log], number, eta - DOWN)
    return Lines(
        (1 - plus - minus) * honest,
        (1 - plus - minus) * noisy,
        minus * 0.5 * (clues.bottom[number] + down),
        plus * clues.favour[number],
    )


def _scores(doubt: Doubt, clues: Clues, level: Floats, loose: Floats, vote: Floats) -> Floats:
    """(S, 6) log prior and likelihood of each kind; the bloc's is left at 0."""
    sheets, number, s = clues.sheets, clues.number, len(clues.sheets.home)
    alike = np.log(doubt.alike)[number]
    same = np.where(number == clues.main[sheets.sheet], np.log(1 - SLIP), np.log(SLIP) + alike)
    found = np.zeros((s, 6))
    for kind, line in ((ORDINARY, level), (NOISY, loose), (UNIFORM, same), (ALIKE, alike)):
        found[:, kind] = sums(sheets.sheet, line * vote, s)
    count = np.maximum(np.bincount(sheets.sheet, minlength=s), 1)
    found[:, CARELESS] = clues.habit * sums(sheets.sheet, vote, s) / count
    found[:, UNIFORM] += clues.surprise
    with np.errstate(divide="ignore"):
        found[:, :IN_BLOC] += np.log(doubt.prior)
    return found


def learn(doubt: Doubt, clues: Clues, vote: Floats, bloc: Bloc | None) -> Doubt:
    """The shares that `weigh` found: of kinds, of wrong lines of each official, and the law `alike`."""
    sheets, lines = clues.sheets, doubt.lines
    own = doubt.kinds[sheets.sheet]
    ordinary = own[:, ORDINARY] + (0.0 if bloc is None else own[:, IN_BLOC] * (1 - bloc.targeted))
    each = vote * (ordinary / (lines.honest + lines.wrong) + own[:, NOISY] / (lines.noisy + lines.wrong))
    counted = vote * (ordinary + own[:, NOISY])
    marked = np.bincount(sheets.sheet, minlength=len(doubt.kinds)) > 0
    prior = doubt.kinds[marked, :IN_BLOC].sum(axis=0) + PRIOR * (doubt.prior > 0)
    return replace(
        doubt,
        prior=prior / prior.sum(),
        favour=_wrong_share(sheets, each * lines.favour, counted),
        hostile=_wrong_share(sheets, each * lines.hostile, counted),
        alike=_smooth(clues, own[:, CARELESS] + own[:, ALIKE]),
    )


def first_alike(doubt: Doubt, clues: Clues, severity: tuple[Floats, float]) -> Doubt:
    """A first law of sheets that are alike: that of the severe ones; sheets that differ in what they say of
    whom leave it again."""
    away, spread = severity
    return replace(doubt, alike=_smooth(clues, (away > SEVERE * spread)[clues.sheets.sheet]))


def without_few_alike(doubt: Doubt, sheets: Sheets) -> Doubt:
    """The same, without the law of sheets that are alike where few follow it; it never comes back."""
    marked = np.bincount(sheets.sheet, minlength=len(doubt.kinds)) > 0
    if doubt.kinds[marked, ALIKE].mean() >= FEW_ALIKE:
        return doubt
    prior = doubt.prior.copy()
    prior[ALIKE] = 0
    return replace(doubt, prior=prior / prior.sum())


def _smooth(clues: Clues, weight: Floats | NDArray[np.bool_]) -> Floats:
    """(U,) shares of the patterns, as if 30 lines of independent items had been seen before."""
    count = sums(clues.number, weight.astype(np.float64), len(clues.base))
    shares: Floats = (count + 30 * clues.base) / (count.sum() + 30)
    return shares


def _wrong_share(sheets: Sheets, wrong: Floats, counted: Floats) -> Floats:
    usual = min(0.2, (wrong.sum() + 1) / (counted.sum() + 50))
    n = len(sheets.unit)
    own, count = sums(sheets.official, wrong, n), sums(sheets.official, counted, n)
    shares: Floats = np.minimum(MOST, (own + SURE * usual) / (count + SURE))
    return shares
