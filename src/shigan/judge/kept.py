"""Passages that were aligned once are not aligned anew: they are kept by the digests of both texts.

    kept = Kept()
    judge(tables, rules, year, today, kept)     # as often as something was sealed
    kept.sweep()                                # what was not asked for since the last sweep goes

Kept in memory only, places and digests without any text. The same two texts always have the same passages,
so the book that is judged does not depend on what was kept.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import NamedTuple

from shigan.maths import reuse


class Passage(NamedTuple):
    """[start, end) of the document stands at [source_start, source_end) of the source."""

    start: int
    end: int
    source_start: int
    source_end: int
    similarity: float


Pair = tuple[bytes, bytes]
Found = dict[int, tuple[Passage, ...]]


class Kept:
    """What was found, by the digests of the document and the source."""

    def __init__(self) -> None:
        self.found: dict[Pair, tuple[Passage, ...]] = {}
        self.asked: set[Pair] = set()

    def passages(
        self,
        text: str,
        normal: reuse.Normal,
        islands: Sequence[reuse.Island],
        source_of: Callable[[int], tuple[str, reuse.Normal]],
    ) -> Found:
        """The passages of a text by source; aligned are only pairs that were not before. `source_of`: text
        and normal form of a source."""
        own, sources = digest(text), sorted({island.source for island in islands})
        pairs = {source: (own, digest(source_of(source)[0])) for source in sources}
        new = [island for island in islands if pairs[island.source] not in self.found]
        fresh = aligned(normal, new, lambda source: source_of(source)[1])
        self.found |= {pairs[island.source]: fresh.get(island.source, ()) for island in new}
        self.asked |= set(pairs.values())
        return {source: self.found[pair] for source, pair in pairs.items() if self.found[pair]}

    def sweep(self) -> None:
        """Forget what was not asked for since the last sweep."""
        self.found = {pair: passages for pair, passages in self.found.items() if pair in self.asked}
        self.asked = set()


def aligned(
    normal: reuse.Normal, islands: Sequence[reuse.Island], normal_of: Callable[[int], reuse.Normal]
) -> Found:
    """The passages of a text by source."""
    found = defaultdict[int, list[Passage]](list)
    for each in reuse.passages(normal, islands, normal_of):
        found[each.source].append(
            Passage(each.start, each.end, each.source_start, each.source_end, each.similarity)
        )
    return {source: tuple(passages) for source, passages in found.items()}


def digest(text: str) -> bytes:
    """SHA-256 of the text, exactly as it is."""
    return sha256(text.encode("utf-8", "surrogatepass")).digest()
