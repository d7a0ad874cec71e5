"""The bars that the finding of copies must clear, each met, missed or not measured."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shigan.bench.reuse import figures
from shigan.bench.reuse.figures import Read
from shigan.bench.reuse.relays import KINDS, RATES
from shigan.bench.reuse.spans import Kind

F1, RECALL, PIECES, PARENT, DIRECTION, STEADY = 0.96, 0.85, 1.05, 0.98, 0.90, 1.25
WORST = max(RATES)


@dataclass(frozen=True, slots=True)
class Bar:
    """What is asked (`title`, `must`) of which relays (`of`), and the figure; `met`: None if not measured."""

    title: str
    of: str
    figure: float
    must: str
    met: bool | None


def bars(all_: Sequence[Read], steadiness: float, direction: float) -> list[Bar]:
    """All bars, in the order of the task."""
    return [*_characters(all_), *_found(all_), *_parents(all_, direction), *_mass(all_, steadiness)]


def _least(title: str, of: str, figure: float, least: float) -> Bar:
    return Bar(title, of, figure, f"≥ {least:.2f}", _met(figure, figure >= least))


def _most(title: str, of: str, figure: float, most: float) -> Bar:
    return Bar(title, of, figure, f"≤ {most:.2f}", _met(figure, figure <= most))


def _all(title: str, of: str, figure: float) -> Bar:
    return Bar(title, of, figure, "all", _met(figure, figure == 1))


def _met(figure: float, is_so: bool) -> bool | None:
    return None if math.isnan(figure) else is_so


def _characters(all_: Sequence[Read]) -> Iterator[Bar]:
    for rate in RATES:
        yield _least("character F1", f"edits {rate:.0%}", figures.characters(all_, rate).f1, F1)
    yield _least("character F1", "all rates", figures.characters(all_).f1, F1)
    yield _least("character recall", f"edits {WORST:.0%}", figures.characters(all_, WORST).recall, RECALL)
    yield _most("pieces of a passage", "all rates", figures.granularity(all_), PIECES)


def _found(all_: Sequence[Read]) -> Iterator[Bar]:
    for kind in KINDS:
        for rate in RATES:
            yield _all("relays found", f"{kind}, edits {rate:.0%}", figures.found(all_, kind, rate=rate))
    yield _all("relays found", "chains", figures.found(all_, Kind.CHAIN))
    yield _all("relays found", "short notes", figures.found(all_, Kind.NOTE))
    yield _all("relays found", "one notice sent on", figures.found(all_, Kind.MASS))


def _parents(all_: Sequence[Read], direction: float) -> Iterator[Bar]:
    single = (Kind.WHOLE, Kind.PARTIAL, Kind.CHAIN, Kind.NOTE)
    yield _least("first-ranked parent", "relays of one source", figures.parents(all_, *single), PARENT)
    yield _least("first-ranked parent", "mosaics", figures.parents(all_, Kind.MOSAIC), PARENT)
    yield _least("direction without dates", "versions of laws", direction, DIRECTION)


def _mass(all_: Sequence[Read], steadiness: float) -> Iterator[Bar]:
    yield _most("time of the last copies / the first", "one notice sent on", steadiness, STEADY)
