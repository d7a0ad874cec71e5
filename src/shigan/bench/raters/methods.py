"""All who read a county's sheets in the gaming benchmark: rules in use, peers, our model, the oracle."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from shigan.bench.raters.oracle import oracle
from shigan.bench.raters.peers import PEERS
from shigan.bench.raters.rules import RULES
from shigan.bench.raters.world import Mask, World
from shigan.maths.raters import Sheets, read
from shigan.maths.raters.fit import Fit
from shigan.maths.raters.passes import engine
from shigan.maths.raters.sheets import Floats

NAIVE, ROBUST, ORACLE = "nobody cheats", "robust", "oracle"
OTHERS = (*RULES, *PEERS)
"""The rules and peers that our model is measured against."""
MODEL = (NAIVE, ROBUST)
METHODS = (*OTHERS, *MODEL, ORACLE)


@dataclass(frozen=True, slots=True)
class View:
    """How a method sees N officials: `figure` (N,), larger is better, finite; `sd` (N,) where it doubts."""

    method: str
    figure: Floats
    sd: Floats | None = None


Reader = Callable[[World], tuple[View, ...]]


def readers(*, peers: bool, with_oracle: bool, draws: int) -> dict[tuple[str, ...], Reader]:
    """The readers by the methods they give; the heaviest are last. `draws`: the oracle's."""
    all_: dict[tuple[str, ...], Reader] = {
        (name,): partial(_plain, name, judge) for name, judge in {**RULES, **(PEERS if peers else {})}.items()
    }
    all_[MODEL] = _model
    if with_oracle:
        all_[ORACLE,] = partial(_oracle, draws)
    return all_


def _plain(name: str, judge: Callable[[Sheets], Floats], world: World) -> tuple[View, ...]:
    return (View(name, _finite(judge(world.sheets))),)


def _model(world: World) -> tuple[View, ...]:
    reading = read(world.sheets)
    return (
        View(NAIVE, _finite(reading.naive), reading.naive_error),
        View(ROBUST, _finite(reading.official), reading.error),
    )


def _oracle(draws: int, world: World) -> tuple[View, ...]:
    return (View(ORACLE, *oracle(world, draws)),)


def _finite(figure: Floats) -> Floats:
    """The figures; of whom a method says nothing, it is taken to say the mean."""
    return np.where(np.isfinite(figure), figure, figure[np.isfinite(figure)].mean())


def flagged(sheets: Sheets) -> Mask:
    """(S,) sheets that the model takes for careless, for copies, or for members of a bloc.

    No product shows this; it is asked of the fit's inside, and here only. Sheets with the same marks for
    everybody are not among them: they say nothing, which is no misconduct.
    """
    return Fit(sheets, engine()).plain().robust().flagged()
