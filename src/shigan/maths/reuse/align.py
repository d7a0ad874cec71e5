"""Character by character, what a document has of a source."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Final, NamedTuple

from rapidfuzz.distance import Indel

from shigan.maths.reuse.islands import Island
from shigan.maths.reuse.text import Normal, normalized

HOLE: Final = 20
"""So many characters of the document may stand between two parts of one passage."""
DENSITY: Final = 0.35


class Passage(NamedTuple):
    """[start, end) of a document stands at [source_start, source_end) of a source; original characters.

    `similarity`: 2·equal / (characters of both), in (0, 1]. `blocks`: what is equal, as (start, source_start,
    length) in normal characters, ascending."""

    source: int
    start: int
    end: int
    source_start: int
    source_end: int
    similarity: float
    blocks: tuple[tuple[int, int, int], ...] = ()


Block = tuple[int, int, int]
"""Start in the document, start in the source, length."""


def passages(normal: Normal, islands: Iterable[Island], text_of: Callable[[int], str]) -> list[Passage]:
    """The passages that these islands show, aligned and merged, by source and start.

    `text_of`: the original text of a source."""
    found = list[Passage]()
    for source, group in groupby(
        sorted(islands, key=lambda island: island[3:]), lambda island: island.source
    ):
        other = normalized(text_of(source))
        for blocks in _merged(sorted(set(_blocks(normal.text, other.text, group)))):
            found.append(_passage(source, normal, other, blocks))
    return found


def _blocks(text: str, other: str, islands: Iterable[Island]) -> Iterator[Block]:
    for island in islands:
        own, theirs = text[island.start : island.end], other[island.source_start : island.source_end]
        for part in Indel.opcodes(own, theirs):
            if part.tag == "equal":
                at, there = island.start + part.src_start, island.source_start + part.dest_start
                yield at, there, part.src_end - part.src_start


def _merged(blocks: list[Block]) -> Iterator[list[Block]]:
    chain = list[Block]()
    for block in blocks:
        if chain and not (0 <= block[0] - chain[-1][0] - chain[-1][2] <= HOLE and block[1] > chain[-1][1]):
            yield chain
            chain = []
        chain.append(block)
    if chain:
        yield chain


def _passage(source: int, normal: Normal, other: Normal, blocks: list[Block]) -> Passage:
    (start, there, _), (last, last_there, length) = blocks[0], blocks[-1]
    end, source_end = last + length, last_there + length
    equal = sum(block[2] for block in blocks)
    similarity = 2 * equal / (end - start + source_end - there)
    spans = normal.original(start, end) + other.original(there, source_end)
    return Passage(source, *spans, similarity, tuple(blocks))
