"""The passes of `passes` as loops that numba compiles: one walk over the lines each, no arrays in between.

Import needs numba (the extra `fast`); go through `passes.engine("numba")`. The first call of a process
compiles, some seconds: a cache on disk would not notice that the grid of the law has changed. Threads share
the lines of a long pass.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any, Final, TypeVar, cast

import numpy as np
from numba import njit

from shigan.maths.raters.law import GRID, REACH, STEP, Table
from shigan.maths.raters.sheets import Floats, Indices

POINTS: Final = len(GRID)
LAST: Final = POINTS - 1.000001
LONG: Final = 200_000
"""From so many lines on, threads are worth their start."""
STRETCH: Final = 4096
"""So many lines at a time, so that what is worked on stays in the processor's cache. exp and log are left to
numpy, whose own are several times faster than those of the C library that numba calls."""
Loop = TypeVar("Loop", bound=Callable[..., Any])


def _compiled(loop: Loop) -> Loop:
    return cast(Loop, njit(nogil=True, error_model="numpy")(loop))


def _over(lines: int, loop: Callable[..., None], *arguments: Any) -> None:
    """`loop(first, end, …)` over all lines; results lie in the arguments."""
    parts = (os.cpu_count() or 1) if lines >= LONG else 1
    edges = np.linspace(0, lines, parts + 1).astype(np.int64)
    if parts == 1:
        return loop(0, lines, *arguments)
    with ThreadPoolExecutor(parts) as pool:
        for done in [pool.submit(loop, *edge, *arguments) for edge in pairwise(edges)]:
            done.result()


def forces(
    tables: Sequence[Table], weights: Sequence[Floats], number: Indices, eta: Floats
) -> tuple[Floats, Floats]:
    """See `passes.forces`."""
    slope, bend = np.zeros(len(eta)), np.zeros(len(eta))
    for table, weight in zip(tables, weights, strict=True):
        _over(len(eta), _forces, table.slope.ravel(), table.bend.ravel(), weight, number, eta, slope, bend)
    return slope, bend


def likelihoods(logs: Sequence[Floats], number: Indices, eta: Floats) -> list[Floats]:
    """See `passes.likelihoods`."""
    found = [np.empty(len(eta)) for _ in logs]
    for table, out in zip(logs, found, strict=True):
        _over(len(eta), _at, table.ravel(), number, eta, out)
        np.exp(out, out=out)
    return found


def evidence(
    log: Floats, number: Indices, eta: Floats, honest: Floats, wrong: Floats, vote: Floats, steps: Indices
) -> Floats:
    """See `passes.evidence`."""
    gain = np.empty((len(eta), len(steps)))
    _over(len(eta), _evidence, log.ravel(), number, eta, honest, wrong, vote, steps, gain)
    return gain


def by_sheet(evidence: Floats, chance: Floats, sheet: Indices, official: Indices, sheets: int) -> Floats:
    """See `passes.by_sheet`."""
    found = np.zeros((evidence.shape[1] - 2 * chance.shape[1] + 2, sheets))
    _by_sheet(evidence, chance, sheet, official, found)
    return found


def by_official(
    evidence: Floats, weight: Floats, drift: Indices, official: Indices, shape: tuple[int, int]
) -> Floats:
    """See `passes.by_official`."""
    found = np.zeros(shape)
    _by_official(evidence, weight, drift, official, found)
    return found


@_compiled
def _place(eta: float) -> tuple[int, float]:
    scaled = min(max((eta + REACH) / STEP, 0.0), LAST)
    return int(scaled), scaled - int(scaled)


@_compiled
def _read(table: Floats, start: int, part: float) -> float:
    return float(table[start] + part * (table[start + 1] - table[start]))


@_compiled
def _forces(
    first: int, end: int, slopes: Floats, bends: Floats, weight: Floats,
    number: Indices, eta: Floats, slope: Floats, bend: Floats,
) -> None:  # fmt: skip
    for line in range(first, end):
        if weight[line] != 0.0:
            cell, part = _place(eta[line])
            start = number[line] * POINTS + cell
            slope[line] += weight[line] * _read(slopes, start, part)
            bend[line] -= weight[line] * _read(bends, start, part)


@_compiled
def _at(first: int, end: int, table: Floats, number: Indices, eta: Floats, out: Floats) -> None:
    for line in range(first, end):
        cell, part = _place(eta[line])
        out[line] = _read(table, number[line] * POINTS + cell, part)


def _evidence(
    first: int, end: int, table: Floats, number: Indices, eta: Floats,
    honest: Floats, wrong: Floats, vote: Floats, steps: Indices, gain: Floats,
) -> None:  # fmt: skip
    for start in range(first, end, STRETCH):
        own = slice(start, min(start + STRETCH, end))
        _aside(table, number[own], eta[own], steps, gain[own])
        np.exp(gain[own], out=gain[own])
        _mixed(honest[own], wrong[own], gain[own])
        np.log(gain[own], out=gain[own])
        gain[own] *= vote[own, None]


@_compiled
def _aside(table: Floats, number: Indices, eta: Floats, steps: Indices, gain: Floats) -> None:
    for line in range(len(eta)):
        cell, part = _place(eta[line])
        row = number[line] * POINTS
        here = _read(table, row + cell, part)
        for at in range(len(steps)):
            aside = row + min(max(cell + steps[at], 0), POINTS - 2)
            gain[line, at] = _read(table, aside, part) - here


@_compiled
def _mixed(honest: Floats, wrong: Floats, gain: Floats) -> None:
    for line in range(len(gain)):
        now = honest[line] + wrong[line]
        moves, stays = honest[line] / now, wrong[line] / now
        for at in range(gain.shape[1]):
            gain[line, at] = moves * gain[line, at] + stays


@_compiled
def _by_sheet(evidence: Floats, chance: Floats, sheet: Indices, official: Indices, found: Floats) -> None:
    for line in range(len(sheet)):
        for drift in range(len(found)):
            total = 0.0
            for shift in range(chance.shape[1]):
                total += evidence[line, drift + 2 * shift] * chance[official[line], shift]
            found[drift, sheet[line]] += total


@_compiled
def _by_official(evidence: Floats, weight: Floats, drift: Indices, official: Indices, found: Floats) -> None:
    for line in range(len(official)):
        if weight[line] != 0.0:
            for shift in range(found.shape[1]):
                found[official[line], shift] += weight[line] * evidence[line, drift[line] + 2 * shift]
