"""Character by character, what a document has of a source: the passages that a reader is shown.

Chains of exact stretches (`chains`) are filled and prolonged: the text between two stretches, and up to 300
characters beyond either end, is aligned (longest common subsequence). Of an alignment counts the beginning,
and the end, with the highest score: +7 for an equal character, −3 for one that only the document has,
−1 for one that only the source has. So a rewritten sentence is kept from a third of its characters on, and
chance agreement of other wording is not.
Sources: Hyyrö (2004), Bit-parallel LCS-length computation revisited (rapidfuzz); the score's rule, X-drop
extension, Altschul et al. (1990), J. Mol. Biol. 215:403–410.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from rapidfuzz.distance import Indel

from shigan.maths.reuse.chains import FREE, Block, Chain, Seeds, chains, taken, weight
from shigan.maths.reuse.islands import Island
from shigan.maths.reuse.text import Normal, codes_of, normalized

HOLE: Final = 20
"""So many original characters of its own a passage may hold in one place."""
REWRITTEN: Final = 60
"""The same of a rewritten stretch between two parts of one passage."""
LONG_REWRITTEN: Final = 100
"""The same where as much is equal on either side; and what the source has there."""
SKIPPED: Final = 60
"""So many original characters of the source it may leave out in one place."""
BEYOND: Final = 300
"""So far beyond an end is looked."""
EQUAL, OWN, LEFT_OUT = 7, -3, -1
SLIP: Final = 40
"""So far a passage may go back in the source, as where a clause was written twice or two changed places."""
FEWEST: Final = 12
"""Equal characters of a passage."""
MUCH, PLAIN, ALIKE = 30, 24, 0.8
"""A source that gave fewer equal characters than `MUCH` gave only passages of so many and so similar."""


class Passage(NamedTuple):
    """[start, end) of a document stands at [source_start, source_end) of a source; original characters.

    `similarity`: 2·equal / (normal characters of both), in (0, 1]. `blocks`: what is equal, in normal
    characters, ascending in the document."""

    source: int
    start: int
    end: int
    source_start: int
    source_end: int
    similarity: float
    blocks: tuple[Block, ...] = ()


def passages(
    normal: Normal, islands: Iterable[Island], text_of: Callable[[int], str | Normal]
) -> list[Passage]:
    """The passages shared with the sources of these islands, by source and start.

    `text_of`: the original text of a source, or its normal form where that is kept."""
    seeds, found = Seeds(codes_of(normal.text)), list[Passage]()
    for source in sorted({island.source for island in islands}):
        text = text_of(source)
        other = normalized(text) if isinstance(text, str) else text
        parts = list[Chain]()
        for chain in _filled_all(normal.text, other.text, chains(seeds, codes_of(other.text))):
            parts += _parts(normal, other, chain)
        blocks = sorted(block for part in _apart(parts, seeds.length) for block in part)
        wholes = _healed(normal, other, list(_parts(normal, other, blocks)))
        found += _told(_passage(source, normal, other, part) for part in wholes)
    return found


def _told(found: Iterable[Passage]) -> list[Passage]:
    """The passages of one source; of a source that gave little, only plain copies."""
    all_ = [passage for passage in found if weight(passage.blocks) >= FEWEST]
    if sum(weight(passage.blocks) for passage in all_) >= MUCH:
        return all_
    return [each for each in all_ if weight(each.blocks) >= PLAIN and each.similarity >= ALIKE]


def _filled_all(text: str, other: str, linked: list[Chain]) -> Iterator[Chain]:
    for at, chain in enumerate(linked):
        low = linked[at - 1][-1].end if at else 0
        high = linked[at + 1][0].here if at + 1 < len(linked) else len(text)
        yield _filled(text, other, chain, (low, high))


def _apart(parts: list[Chain], length: int) -> Iterator[Chain]:
    """The parts without what stands between the ends of a longer one in the document."""
    free = bytearray(FREE * length)
    for part in sorted(parts, key=weight, reverse=True):
        left = [block for block in part if free.find(0, block.here, block.end) < 0]
        if weight(left) >= FEWEST:
            taken(free, left[0].here, left[-1].end)
            yield left


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
    equal = Indel.opcodes(text[slice(*here)], other[slice(*there)]).as_matching_blocks()
    return [Block(here[0] + on, there[0] + along, length) for on, along, length in equal if length]


def _joined(between: Chain, block: Block, following: Block) -> Chain:
    """Of what is equal between two blocks: the best beginning and the best end."""
    start = _best_start(between, block)
    return start + _best_end(between[len(start) :], following)


def _best_start(blocks: Chain, last: Block) -> Chain:
    """The blocks up to where the score, going on from `last`, is highest."""
    score = best = 0
    count, end, there_end = 0, last.end, last.there_end
    for number, (here, there, length) in enumerate(blocks, 1):
        score += OWN * (here - end) + LEFT_OUT * (there - there_end) + EQUAL * length
        end, there_end = here + length, there + length
        if score > best:
            best, count = score, number
    return blocks[:count]


def _best_end(blocks: Chain, first: Block) -> Chain:
    """The blocks from where the score, going back from `first`, is highest."""
    if not blocks:
        return []
    mirrored = [Block(-block.end, -block.there_end, block.length) for block in reversed(blocks)]
    count = len(_best_start(mirrored, Block(-first.end, -first.there_end, first.length)))
    return blocks[len(blocks) - count :]


def _parts(normal: Normal, other: Normal, blocks: Sequence[Block]) -> Iterator[Chain]:
    """Ascending blocks, cut where too much stands between."""
    part = list[Block]()
    for block in blocks:
        if part:
            hole, skipped = _between(normal, other, part[-1], block)
            if not (hole <= HOLE and -SLIP <= skipped <= SKIPPED):
                yield part
                part = []
        part.append(block)
    if part:
        yield part


def _healed(normal: Normal, other: Normal, parts: Iterable[Chain]) -> list[Chain]:
    """Neighbouring parts joined over a rewritten stretch."""
    wholes = list[Chain]()
    for part in parts:
        if wholes:
            hole, skipped = _between(normal, other, wholes[-1][-1], part[0])
            rewritten = max(REWRITTEN, min(LONG_REWRITTEN, weight(wholes[-1]), weight(part)))
            if hole <= rewritten and -SLIP <= skipped <= LONG_REWRITTEN:
                wholes[-1] = wholes[-1] + part
                continue
        wholes.append(part)
    return wholes


def _between(normal: Normal, other: Normal, before: Block, block: Block) -> tuple[int, int]:
    """Original characters between two blocks, in the document and in the source (there perhaps below 0)."""
    hole = normal.offsets.item(block.here) - normal.offsets.item(before.end - 1) - 1
    skipped = other.offsets.item(block.there) - other.offsets.item(before.there_end - 1) - 1
    return hole, skipped


def _passage(source: int, normal: Normal, other: Normal, blocks: Sequence[Block]) -> Passage:
    start, end = blocks[0].here, blocks[-1].end
    there, there_end = min(block.there for block in blocks), max(block.there_end for block in blocks)
    similarity = min(1.0, 2 * weight(blocks) / (end - start + there_end - there))
    spans = normal.original(start, end) + other.original(there, there_end)
    return Passage(source, *spans, similarity, tuple(blocks))
