"""The passes over lines that take the time of a reading, in numpy; `fast` has the same compiled by numba.

    passes = engine("numba")
    slope, bend = passes.forces((table, loose), (doubt.honest, doubt.noisy), number, places.eta)

Both engines give the same figures (1e-9). numba is the extra `fast`: worth it from some 100,000 lines on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

import numpy as np
from scipy.sparse import csr_array

from shigan.maths.raters.law import GRID, Table, at, places
from shigan.maths.raters.sheets import Floats, Indices

Name = Literal["numpy", "numba"]


class Engine(NamedTuple):
    """The passes; each is described where numpy does it, below."""

    forces: Callable[[Sequence[Table], Sequence[Floats], Indices, Floats], tuple[Floats, Floats]]
    likelihoods: Callable[[Sequence[Floats], Indices, Floats], list[Floats]]
    evidence: Callable[[Floats, Indices, Floats, Floats, Floats, Floats, Indices], Floats]
    by_sheet: Callable[[Floats, Floats, Indices, Indices, int], Floats]
    by_official: Callable[[Floats, Floats, Indices, Indices, tuple[int, int]], Floats]


def engine(name: Name = "numpy") -> Engine:
    """The passes of this engine. Raises `ImportError` with the remedy where numba is not installed."""
    if name == "numpy":
        return Engine(forces, likelihoods, evidence, by_sheet, by_official)
    try:
        from shigan.maths.raters import fast
    except ImportError as error:
        raise ImportError("The engine «numba» needs numba: pip install 'shigan[fast]'.") from error
    return Engine(fast.forces, fast.likelihoods, fast.evidence, fast.by_sheet, fast.by_official)


def forces(
    tables: Sequence[Table], weights: Sequence[Floats], number: Indices, eta: Floats
) -> tuple[Floats, Floats]:
    """ℓ′ and −ℓ″ of each line (L,), summed over the tables; `weights`: (L,) for each table."""
    cell, part = places(eta)
    slope, bend = np.zeros(len(eta)), np.zeros(len(eta))
    for table, weight in zip(tables, weights, strict=True):
        if weight.any():
            slope += weight * at(table.slope, number, cell, part)
            bend -= weight * at(table.bend, number, cell, part)
    return slope, bend


def likelihoods(logs: Sequence[Floats], number: Indices, eta: Floats) -> list[Floats]:
    """(L,) the likelihood of each line at η, for each table of log P (U, X)."""
    cell, part = places(eta)
    return [np.exp(at(log, number, cell, part)) for log in logs]


def evidence(
    log: Floats, number: Indices, eta: Floats, honest: Floats, wrong: Floats, vote: Floats, steps: Indices
) -> Floats:
    """(L, W) log gain of each line if η were `steps` (W,) grid steps aside; 0 where the step is 0.

    `honest`, `wrong`: (L,) likelihoods of the line as it stands; `vote`: how far it counts. Only the honest
    part moves with η."""
    cell, part = places(eta)
    flat, row = log.ravel(), number * len(GRID)
    start = np.clip(cell[:, None] + steps, 0, len(GRID) - 2) + row[:, None]
    low = flat[start]
    moved = np.exp(low + part[:, None] * (flat[start + 1] - low))
    here = np.exp(at(log, number, cell, part))
    now = honest + wrong
    gain: Floats = np.log((honest[:, None] * (moved / here[:, None]) + wrong[:, None]) / now[:, None])
    return gain * vote[:, None]


def by_sheet(evidence: Floats, chance: Floats, sheet: Indices, official: Indices, sheets: int) -> Floats:
    """(D, S) what a sheet's lines say in all, at each of D drifts, averaged over the officials' shifts.

    `evidence` (L, W) in half steps, W = 2·Q − 1 + D − 1; `chance` (N, Q) of each official's shift."""
    width, own = 2 * chance.shape[1] - 1, chance[official]
    return np.stack([
        np.bincount(sheet, np.einsum("lq,lq->l", evidence[:, drift : drift + width : 2], own), sheets)
        for drift in range(evidence.shape[1] - width + 1)
    ])  # fmt: skip


def by_official(
    evidence: Floats, weight: Floats, drift: Indices, official: Indices, shape: tuple[int, int]
) -> Floats:
    """`shape` (N, Q): what an official's lines say in all for each shift, `evidence` (L, W) in half steps.

    `weight` and `drift` (L,): of the line's sheet, how far it counts and at which drift it is read."""
    said = np.take_along_axis(evidence, drift[:, None] + 2 * np.arange(shape[1]), axis=1)
    lines = csr_array((weight, (official, np.arange(len(weight)))), shape=(shape[0], len(weight)))
    found: Floats = lines @ said
    return found
