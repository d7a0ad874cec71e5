"""Character by character, what a document has of a source: the passages that a reader is shown.

Chains of exact stretches (`chains`) are filled and prolonged: the text between two stretches, and up to 300
characters beyond either end, is aligned (longest common subsequence). Of an alignment counts the beginning,
and the end, with the highest score: +0.7 for an equal character, −0.3 for one that only the document has,
−0.1 for one that only the source has. So a rewritten sentence is kept from a third of its characters on, and
chance agreement of other wording is not.
Sources: Hyyrö (2004), Bit-parallel LCS-length computation revisited (rapidfuzz); the score's rule, X-drop
extension, Altschul et al. (1990), J. Mol. Biol. 215:403–410.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from rapidfuzz.distance import Indel

from shigan.maths.reuse.chains import Block, Chain, chains
from shigan.maths.reuse.islands import Island
from shigan.maths.reuse.text import Normal, codes_of, normalized

HOLE: Final = 20
"""So many original characters of its own a passage may hold in one place."""
SKIPPED: Final = 60
"""So many original characters of the source it may leave out in one place."""
BEYOND: Final = 300
"""So far beyond an end is looked."""
EQUAL, OWN, LEFT_OUT = 0.7, -0.3, -0.1
FEWEST: Final = 12
"""Equal characters of a passage."""


class Passage(NamedTuple):
    """[start, end) of a document stands at [source_start, source_end) of a source; original characters.

    `similarity`: 2·equal / (normal characters of both), in (0, 1]. `blocks`: what is equal, in normal
    characters, ascending in both texts."""

    source: int
    start: int
    end: int
    source_start: int
    source_end: int
    similarity: float
    blocks: tuple[Block, ...] = ()


def passages(normal: Normal, islands: Iterable[Island], text_of: Callable[[int], str]) -> list[Passage]:
    """The passages shared with the sources of these islands, by source and start.

    `text_of`: the original text of a source."""
    codes, found = codes_of(normal.text), list[Passage]()
    for source in sorted({island.source for island in islands}):
        other = normalized(text_of(source))
        linked = chains(codes, codes_of(other.text))
        for at, chain in enumerate(linked):
            low = linked[at - 1][-1].end if at else 0
            high = linked[at + 1][0].here if at + 1 < len(linked) else len(codes)
            whole = _filled(normal.text, other.text, chain, (low, high))
            found += [_passage(source, normal, other, part) for part in _parts(normal, other, whole)]
    return found


def _filled(text: str, other: str, chain: Chain, room: tuple[int, int]) -> Chain:
    """The chain with what is equal between its blocks and beyond its ends, within `room` of the document."""
    first, last = chain[0], chain[-1]
    low, high = max(room[0], first.here - BEYOND), min(room[1], last.end + BEYOND)
    there_low, there_high = max(0, first.there - BEYOND), last.there_end + BEYOND
    before = _aligned(text, other, (low, first.here), (there_low, first.there))
    whole = _best_end(before, first)
    for block, following in pairwise(chain):
        whole.append(block)
        between = _aligned(
            text, other, (block.end, following.here), (block.there_end, following.there)
        )  # fmt: skip
        whole += _joined(between, block, following)
    whole.append(last)
    return whole + _best_start(_aligned(text, other, (last.end, high), (last.there_end, there_high)), last)


def _aligned(text: str, other: str, here: tuple[int, int], there: tuple[int, int]) -> Chain:
    """The equal blocks of a longest common subsequence of two parts."""
    if here[0] >= here[1] or there[0] >= there[1]:
        return []
    steps = Indel.opcodes(text[slice(*here)], other[slice(*there)])
    return [
        Block(here[0] + step.src_start, there[0] + step.dest_start, step.src_end - step.src_start)
        for step in steps
        if step.tag == "equal"
    ]


def _joined(between: Chain, block: Block, following: Block) -> Chain:
    """Of what is equal between two blocks: the best beginning and the best end."""
    start = _best_start(between, block)
    return start + _best_end(between[len(start) :], following)


def _best_start(blocks: Chain, last: Block) -> Chain:
    """The blocks up to where the score, going on from `last`, is highest."""
    score = best = 0.0
    count = 0
    for number, (before, block) in enumerate(pairwise([last, *blocks]), 1):
        score += OWN * (block.here - before.end) + LEFT_OUT * (block.there - before.there_end)
        score += EQUAL * block.length
        if score > best:
            best, count = score, number
    return blocks[:count]


def _best_end(blocks: Chain, first: Block) -> Chain:
    """The blocks from where the score, going back from `first`, is highest."""
    mirrored = [Block(-block.end, -block.there_end, block.length) for block in reversed(blocks)]
    count = len(_best_start(mirrored, Block(-first.end, -first.there_end, first.length)))
    return blocks[len(blocks) - count :]


def _parts(normal: Normal, other: Normal, chain: Chain) -> Iterator[Chain]:
    """A chain cut where too much stands between."""
    part = chain[:1]
    for before, block in pairwise(chain):
        hole = normal.offsets[block.here] - normal.offsets[before.end - 1] - 1
        skipped = other.offsets[block.there] - other.offsets[before.there_end - 1] - 1
        if hole > HOLE or skipped > SKIPPED:
            yield part
            part = []
        part.append(block)
    yield part


def _passage(source: int, normal: Normal, other: Normal, blocks: Sequence[Block]) -> Passage:
    first, last = blocks[0], blocks[-1]
    equal = sum(block.length for block in blocks)
    similarity = 2 * equal / (last.end - first.here + last.there_end - first.there)
    spans = normal.original(first.here, last.end) + other.original(first.there, last.there_end)
    return Passage(source, *spans, similarity, tuple(blocks))
