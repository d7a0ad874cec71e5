"""The peers: published ways of reading marks that are meant to be fairer or safer than a mean.

Each is a pure function from `Sheets` to (N,) figures of the officials, larger is better, in the unit it
names; nan for an official without a mark. All but the first look at a line's mean mark.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from shigan.bench.raters.rules import line_means
from shigan.maths.raters.linear import crossed
from shigan.maths.raters.rasch import Ratings, many_facet
from shigan.maths.raters.sheets import Floats, Indices, Sheets

Peer = Callable[[Sheets], Floats]

GHOST_GAMES = 2
"""Comparisons of everybody with a middling official, half of them won: no strength is infinite."""
INTERCEPT_PENALTY, FACTOR_PENALTY = 0.15, 0.03
FACTOR_SEED, FACTOR_START = 1, 0.01
GHOST_LINES = 2.0
"""Lines of ordinary disagreement added to every sheet, lest one of a single line counts for everything."""
SETTLED = 1e-4
ROUNDS = 1000


class _Lines(NamedTuple):
    """Lines with a mark, (L,): `official`, `sheet`, `mean` mark in grades; how many of both there are."""

    official: Indices
    sheet: Indices
    mean: Floats
    officials: int
    sheets: int


def many_facet_rasch(sheets: Sheets) -> Floats:
    """Log-odds of a better mark, severity of the sheet and difficulty of the item taken off, in logits.

    Linacre 1989, Many-Facet Rasch Measurement, by joint maximum likelihood: see `shigan.maths.raters.rasch`.
    """
    return many_facet(Ratings.of(sheets)).person


def crossed_linear(sheets: Sheets) -> Floats:
    """The official's effect on a line's mean, sheets and officials crossed at random, in grades.

    Bates, Mächler, Bolker & Walker 2015, J. Stat. Software 67(1): see `shigan.maths.raters.linear`.
    """
    lines = _lines(sheets)
    fit = crossed(lines.mean, lines.official, lines.sheet, lines.officials, lines.sheets)
    return _known(lines, fit.official)


def bradley_terry(sheets: Sheets) -> Floats:
    """Strength in comparisons within a sheet, in logits: whoever has the better line wins, equals share.

    Bradley & Terry 1952, Biometrika 39:324; fitted by the MM algorithm of Hunter 2004, Ann. Statist. 32:384,
    with GHOST_GAMES as prior. Uses no level of a sheet at all.
    """
    lines = _lines(sheets)
    first, second, won = _comparisons(lines)
    one, other, games = _met(first, second, lines.officials)
    wins = np.bincount(first, won, lines.officials) + np.bincount(second, 1 - won, lines.officials)
    strength = np.ones(lines.officials)
    for _ in range(ROUNDS):
        met = np.bincount(one, games / (strength[one] + strength[other]), lines.officials)
        better = (wins + GHOST_GAMES / 2) / (met + GHOST_GAMES / (strength + 1))
        change, strength = np.abs(np.log(better / strength)).max(), better
        if change < SETTLED:
            break
    return _known(lines, np.log(strength))


def community_notes(sheets: Sheets) -> Floats:
    """What is left of an official's marks when a common axis of taste explains the rest, 0 to 1 around 0.

    r = μ + i_sheet + i_official + f_sheet · f_official, least Σ (r - fitted)² + .15 (μ² + Σ i²) + .03 Σ f²:
    Wojcik et al. 2022, arXiv 2210.15723, with one factor, by alternating least squares from a random start of
    fixed seed, so that officials in another order read a little differently. We took what is kindest to it:
    the published code (twitter/communitynotes) has means for the sums, and deeper minima exist; both read
    worse here.
    """
    lines = _lines(sheets)
    mark = lines.mean / (sheets.grades - 1)
    start = np.random.default_rng(FACTOR_SEED).normal(0, FACTOR_START, lines.officials)
    of_officials = np.column_stack([np.zeros(lines.officials), start])
    level = float(mark.mean())
    for _ in range(ROUNDS):
        of_sheets = _ridge(lines.sheet, mark - level, of_officials[lines.official], lines.sheets)
        before = of_officials
        of_officials = _ridge(lines.official, mark - level, of_sheets[lines.sheet], lines.officials)
        level = _level(lines, mark, of_sheets, of_officials)
        if np.abs(of_officials - before)[:, 0].max() < SETTLED:
            break
    return _known(lines, of_officials[:, 0])


def reputation(sheets: Sheets) -> Floats:
    """The mean of lines in grades, sheets weighted by 1 / their mean squared distance from that mean.

    Laureti, Moret, Zhang & Yu 2006, Europhys. Lett. 75:1006; on such filters de Kerchove & Van Dooren 2010,
    SIAM J. Matrix Anal. Appl. 31:1812. Who agrees counts more, whatever they agree on.
    """
    lines = _lines(sheets)
    of_sheet = np.bincount(lines.sheet, minlength=lines.sheets)
    weight = np.ones(lines.sheets)
    figure = _weighted(lines, weight)
    for _ in range(ROUNDS):
        distance = (lines.mean - figure[lines.official]) ** 2
        usual = float(distance.mean())
        spread = np.bincount(lines.sheet, distance, lines.sheets) + GHOST_LINES * usual
        weight = (of_sheet + GHOST_LINES) / np.maximum(spread, 1e-9)
        before, figure = figure, _weighted(lines, weight)
        if np.nanmax(np.abs(figure - before)) < SETTLED:
            break
    return figure


PEERS: Mapping[str, Peer] = MappingProxyType({
    "many-facet Rasch": many_facet_rasch,
    "crossed linear": crossed_linear,
    "Bradley-Terry": bradley_terry,
    "Community Notes": community_notes,
    "reputation": reputation,
})  # fmt: skip


def _lines(sheets: Sheets) -> _Lines:
    means = line_means(sheets)
    kept = ~np.isnan(means)
    return _Lines(sheets.official[kept], sheets.sheet[kept], means[kept], len(sheets.unit), len(sheets.home))


def _known(lines: _Lines, figure: Floats) -> Floats:
    """The figure (N,), but nan for officials without a line."""
    return np.where(np.bincount(lines.official, minlength=lines.officials) > 0, figure, np.nan)


def _comparisons(lines: _Lines) -> tuple[Indices, Indices, Floats]:
    """All pairs of lines of one sheet: the two officials, and 1, ½ or 0 as the first is better."""
    order = np.argsort(lines.sheet, kind="stable")
    sheet, official, mean = lines.sheet[order], lines.official[order], lines.mean[order]
    most = int(np.bincount(lines.sheet).max())
    pairs = [np.flatnonzero(sheet[gap:] == sheet[:-gap]) for gap in range(1, most)]
    first = np.concatenate([np.empty(0, np.int64), *pairs])
    second = first + np.repeat(np.arange(1, most), [len(pair) for pair in pairs])
    won = (np.sign(mean[first] - mean[second]) + 1) / 2
    return official[first], official[second], won


def _met(first: Indices, second: Indices, officials: int) -> tuple[Indices, Indices, Floats]:
    """Who met whom how often, each pair in both directions."""
    pair = np.concatenate([first * officials + second, second * officials + first])
    distinct, games = np.unique(pair, return_counts=True)
    return distinct // officials, distinct % officials, games.astype(np.float64)


def _ridge(group: Indices, left: Floats, across: Floats, size: int) -> Floats:
    """(size, 2) intercept and factor of each group that fit `left` (L,) best, given those `across` (L, 2)."""
    left, factor = left - across[:, 0], across[:, 1]
    n = np.bincount(group, minlength=size) + INTERCEPT_PENALTY
    f = np.bincount(group, factor, size)
    ff = np.bincount(group, factor**2, size) + FACTOR_PENALTY
    y, fy = np.bincount(group, left, size), np.bincount(group, factor * left, size)
    determinant = n * ff - f**2
    return np.column_stack([(ff * y - f * fy) / determinant, (n * fy - f * y) / determinant])


def _level(lines: _Lines, mark: Floats, of_sheets: Floats, of_officials: Floats) -> float:
    """μ, itself penalised."""
    sheet, official = of_sheets[lines.sheet], of_officials[lines.official]
    left = mark - sheet[:, 0] - official[:, 0] - sheet[:, 1] * official[:, 1]
    return float(left.sum() / (len(left) + INTERCEPT_PENALTY))


def _weighted(lines: _Lines, weight: Floats) -> Floats:
    """(N,) the mean of an official's lines, each with the weight of its sheet; nan without a line."""
    weights = weight[lines.sheet]
    total = np.bincount(lines.official, weights, lines.officials)
    sums = np.bincount(lines.official, weights * lines.mean, lines.officials)
    return np.where(total > 0, sums / np.where(total > 0, total, 1), np.nan)
