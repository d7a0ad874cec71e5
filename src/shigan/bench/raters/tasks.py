"""One county of the gaming benchmark read by everybody: the figures, the seconds, the memory."""

from __future__ import annotations

import time
from collections.abc import Callable
from ctypes import CDLL
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from shigan.bench.raters.cases import Case
from shigan.bench.raters.figures import NONE, Figures
from shigan.bench.raters.methods import ROBUST, View, flagged, readers
from shigan.bench.raters.metrics import coverage, flag_rates, pair_claims, scores
from shigan.bench.raters.world import World
from shigan.maths.raters.sheets import Floats


@dataclass(frozen=True, slots=True)
class Task:
    """A county to be read.

    `calm`: by method (N,) its figures of the same county where nobody cheats; None where nobody does anyway.
    """

    case: Case
    seed: int
    units: int
    draws: int
    readers: tuple[tuple[str, ...], ...]
    calm: dict[str, Floats] | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a task: the figures, and by method (N,) how it sees the officials."""

    task: Task
    rows: list[Figures]
    seen: dict[str, Floats]


def carry_out(task: Task) -> Outcome:
    """Let every reader of a task read its county."""
    world = task.case.county(task.seed, task.units)
    ask = readers(peers=True, with_oracle=True, draws=task.draws)
    rows, seen = [], {}
    for name in task.readers:
        views, seconds, megabytes = measured(partial(ask[name], world))
        for view in views:
            seen[view.method] = view.figure
            calm = view.figure if task.calm is None else task.calm[view.method]
            rows.append(_figures(task, world, view, calm, seconds, megabytes))
    return Outcome(task, rows, seen)


def _figures(task: Task, world: World, view: View, calm: Floats, seconds: float, megabytes: float) -> Figures:
    found = scores(world, view.figure, calm)
    return Figures(
        case=task.case.name, seed=task.seed, method=view.method, **asdict(found),
        seconds=seconds, megabytes=megabytes, **_doubts(world, view), **_flags(world, view.method),
    )  # fmt: skip


def _doubts(world: World, view: View) -> dict[str, float]:
    if view.sd is None:
        return {}
    claims = pair_claims(view.figure, view.sd, world.merit)
    return {
        "covered": coverage(view.figure, view.sd, world.merit),
        "edge": claims.edge / claims.all,
        "edge_wrong": claims.edge_wrong,
        "sure_wrong": claims.sure_wrong,
    }


def _flags(world: World, method: str) -> dict[str, float]:
    if method != ROBUST:
        return {}
    rates = flag_rates(flagged(world.sheets), world.attackers)
    return {"found": rates.found, "false": rates.false}


def measured(reading: Callable[[], tuple[View, ...]]) -> tuple[tuple[View, ...], float, float]:
    """What a reading gives, its seconds, and the megabytes it took at its most over those held before."""
    held = _forget_peak()
    start = time.perf_counter()
    views = reading()
    seconds = time.perf_counter() - start
    return views, seconds, _memory("VmHWM") - held


def _forget_peak() -> float:
    """Let Linux forget the peak of this process's memory; the megabytes held now, NaN elsewhere.

    What earlier readings freed is given back first, lest a later one use it unseen.
    """
    try:
        CDLL(None).malloc_trim(0)
        Path("/proc/self/clear_refs").write_text("5")
    except (OSError, AttributeError, TypeError):
        return NONE
    return _memory("VmRSS")


def _memory(what: str) -> float:
    """A line of Linux's own account of this process, in megabytes; NaN elsewhere."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        return NONE
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(what)), NONE)
