"""The law of a line: how likely a pattern of marks is where an official stands at η on a sheet.

A mark y of item k is given where η + b + β_k + noise falls between the cuts t_y and t_{y+1}; the noise is
normal with standard deviation κ, and b, the *halo*, is one normal draw a line (standard deviation κ·σ_b)
that all its items share. Integrating b out makes the marks of a line what they are: not independent.

    P(p | η) = ∫ Π_k [Φ((t_{y+1} − η − b − β_k)/κ) − Φ((t_y − η − b − β_k)/κ)] N(b; 0, κ²σ_b²) db

Sources: ordinal probit, McCullagh (1980), J. R. Stat. Soc. B 42:109–142; halo as a random effect of the
rater × ratee pair, Wang & Wilson (2005), Appl. Psych. Meas. 29:296–318; Gauss–Hermite quadrature.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from scipy.optimize import minimize
from scipy.special import ndtr, ndtri

from shigan.maths.raters.sheets import BLANK, Floats, Indices, Marks

REACH: Final = 7.0
STEP: Final = 0.1
GRID: Final = np.round(np.arange(-REACH, REACH + STEP / 2, STEP), 6)
"""Where η is tabulated, in standard deviations of the noise of an ordinary sheet."""
_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(9)
_WEIGHTS = _WEIGHTS / _WEIGHTS.sum()
_TINY: Final = 1e-12
"""No pattern is impossible: a voter may slip with any mark."""


@dataclass(frozen=True, slots=True)
class Law:
    """`cuts` (G - 1,) rising; `items` β (K,), their sum is 0; `halo` σ_b. All in noise units of κ = 1."""

    cuts: Floats
    items: Floats
    halo: float

    @classmethod
    def start(cls, marks: Marks, grades: int, spread: float = 1.6) -> Law:
        """The cuts that would give the marks' shares if η had the standard deviation `spread`."""
        counts = np.bincount(marks[marks != BLANK].astype(np.int64), minlength=grades) + 1.0
        shares = np.cumsum(counts[:-1]) / counts.sum()
        return cls(ndtri(shares) * np.hypot(spread, 1.0), np.zeros(marks.shape[1]), 1.0)


def patterns(marks: Marks, grades: int) -> tuple[Marks, Indices]:
    """The different lines that occur (U, K), and which of them each line is (L,)."""
    codes = (marks.astype(np.int64) + 1) @ (grades + 1) ** np.arange(marks.shape[1])
    _codes, first, number = np.unique(codes, return_index=True, return_inverse=True)
    return marks[first], number


def _steps(law: Law, grades: int, scale: float) -> Floats:
    """(K, G + 1, X·B): the chance of each mark of each item at each η and node; the last row, for a blank,
    is 1."""
    place = (GRID[:, None] + scale * law.halo * _NODES).ravel()
    below = ndtr((law.cuts[None, :, None] - place - law.items[:, None, None]) / scale)
    ends = np.zeros((len(law.items), 1, len(place)))
    steps = np.diff(np.concatenate([ends, below, ends + 1], axis=1), axis=1)
    chances: Floats = np.concatenate([np.maximum(steps, _TINY), ends + 1], axis=1)
    return chances


def _joint(law: Law, seen: Marks, grades: int, scale: float) -> Floats:
    """(U, X, B): the chance of each pattern at each η and node, times the node's weight."""
    steps = _steps(law, grades, scale)
    joint = steps[0, seen[:, 0]]
    for item in range(1, seen.shape[1]):
        joint = joint * steps[item, seen[:, item]]
    whole: Floats = joint.reshape(len(seen), len(GRID), -1) * _WEIGHTS
    return whole


@dataclass(frozen=True, slots=True)
class Table:
    """log P, its first and its second derivative by η, (U, X) each."""

    log: Floats
    slope: Floats
    bend: Floats

    @classmethod
    def of(cls, law: Law, seen: Marks, grades: int, scale: float = 1.0) -> Table:
        """The law tabulated for the patterns seen (U, K); `scale` is κ. The derivatives are central
        differences, for the last two rows of the grid one-sided."""
        log = np.log(_joint(law, seen, grades, scale).sum(axis=2))
        slope = np.gradient(log, STEP, axis=1)
        bend = np.zeros_like(log)
        bend[:, 1:-1] = (log[:, 2:] - 2 * log[:, 1:-1] + log[:, :-2]) / STEP**2
        bend[:, 0], bend[:, -1] = bend[:, 1], bend[:, -2]
        return cls(log, slope, np.minimum(bend, -1e-6))


def places(eta: Floats) -> tuple[Indices, Floats]:
    """The grid cell of each η and how far into it, 0 to 1; what lies outside the grid counts at its edge."""
    scaled = np.clip((eta + REACH) / STEP, 0, len(GRID) - 1.000001)
    cell = scaled.astype(np.int64)
    return cell, scaled - cell


def at(table: Floats, seen: Indices, cell: Indices, part: Floats) -> Floats:
    """A table (U, X) read at each line's pattern and place, linear between the grid's points."""
    flat, start = table.ravel(), seen * table.shape[1] + cell
    low = flat[start]
    between: Floats = low + part * (flat[start + 1] - low)
    return between


def refit(law: Law, seen: Marks, grades: int, weight: Floats) -> Law:
    """One EM step for cuts, items and halo, from how often each pattern stands at each η, `weight` (U, X).

    The weights must be smeared over the doubt about η: with η taken as known the halo would vanish."""
    joint = _joint(law, seen, grades, 1.0)
    joint *= (weight / joint.sum(axis=2))[:, :, None]
    halo = law.halo * float(np.sqrt((joint.sum(axis=(0, 1)) @ _NODES**2) / joint.sum()))
    flat = joint.reshape(len(seen), -1)
    counts = np.stack([_counts(flat, seen[:, item], grades) for item in range(seen.shape[1])])
    place = (GRID[:, None] + law.halo * _NODES).ravel()
    cuts, items = _probit(law, counts, place)
    return replace(law, cuts=cuts, items=items, halo=halo)


def _counts(flat: Floats, mark: Indices | Marks, grades: int) -> Floats:
    """(G, X·B): how much weight each mark of one item has at each place."""
    return np.stack([flat[mark == grade].sum(axis=0) for grade in range(grades)])


def _probit(law: Law, counts: Floats, place: Floats) -> tuple[Floats, Floats]:
    """Cuts and items that fit the counts (K, G, X·B) best."""
    grades = counts.shape[1]
    used = counts.sum(axis=(0, 1)) > counts.sum() * 1e-9
    counts, place, total = counts[:, :, used], place[used], counts.sum()

    def loss(free: Floats) -> tuple[float, Floats]:
        cuts, items = np.cumsum(np.r_[free[0], np.exp(free[1 : grades - 1])]), free[grades - 1 :]
        items = items - items.mean()
        edge = cuts[None, :, None] - place - items[:, None, None]
        below, density = ndtr(edge), np.exp(-edge * edge / 2) / np.sqrt(2 * np.pi)
        zero = np.zeros_like(below[:, :1])
        chance = np.maximum(np.diff(np.concatenate([zero, below, zero + 1], axis=1), axis=1), _TINY)
        pull = counts / chance
        by_cut = ((pull[:, :-1] - pull[:, 1:]) * density).sum(axis=2)
        by_item = -by_cut.sum(axis=1)
        summed = by_cut.sum(axis=0)
        ahead = np.cumsum(summed[::-1])[::-1]
        steps = np.exp(free[1 : grades - 1]) * ahead[1:]
        slope = np.r_[ahead[0], steps, by_item - by_item.mean()]
        return -float((counts * np.log(chance)).sum()) / total, -slope / total

    start = np.r_[law.cuts[0], np.log(np.diff(law.cuts)), law.items]
    free = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 12}).x
    items = free[grades - 1 :]
    return np.cumsum(np.r_[free[0], np.exp(free[1 : grades - 1])]), items - items.mean()
