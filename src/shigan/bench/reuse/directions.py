"""Direction of relays without dates: what the product tells from two texts, and how much there is to tell.

The generator plants one evidence only: names of a level that became those of a county. An oracle that knows
the origin of every character counts the relays that still bear one; of the rest nothing tells by design.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from shigan.bench.reuse.edits import NAMES, common_end
from shigan.bench.reuse.spans import Document, Kind
from shigan.bench.reuse.truth import pairs

KINDS: Final = (Kind.WHOLE, Kind.PARTIAL, Kind.MOSAIC, Kind.CHAIN)


class Directions(NamedTuple):
    """Of so many (relay, source): told rightly, told wrongly, and those that bear evidence (`planted`)."""

    all: int
    right: int
    wrong: int
    planted: int

    @property
    def accuracy(self) -> float:
        """The share told rightly; one that cannot be told counts half."""
        return (self.right + (self.all - self.right - self.wrong) / 2) / self.all

    @property
    def oracle(self) -> float:
        """The same if all planted evidence were read and the rest left open."""
        return (self.planted + (self.all - self.planted) / 2) / self.all


def directions(documents: Sequence[Document], later: Callable[[str, str], float], *kinds: Kind) -> Directions:
    """What `later` (see `told`) says of the relays of these kinds and their sources."""
    asked = [(documents[n], each) for each in documents if each.kind in kinds for n in each.sources]
    told = [later(source.text, relay.text) for source, relay in asked]
    planted = sum(bears(relay, source) for source, relay in asked)
    return Directions(len(asked), sum(v > 0 for v in told), sum(v < 0 for v in told), planted)


def bears(relay: Document, source: Document) -> bool:
    """Whether the relay writes a county's name where its source writes that of an upper level."""
    here, there = (places.tolist() for places in pairs(relay.span.origin, source.span.origin))
    return any(
        (source.text[there[at] + 1 : there[at + 1]], relay.text[here[at] + 1 : here[at + 1]]) in BEGINNINGS
        for at in range(len(here) - 1)
    )


def _beginnings() -> set[tuple[str, str]]:
    """Of the names exchanged, what is not the same at their ends."""
    cut = ((old, new, common_end(old, new)) for old, new in NAMES.items())
    return {(old[: len(old) - same], new[: len(new) - same]) for old, new, same in cut}


BEGINNINGS: Final = _beginnings()
