"""What two texts have in common in the same order: exact stretches, linked into chains.

Once an index has named a source, every stretch of six equal characters counts, not only fingerprints. A
stretch goes on a chain if it is near its end in both texts; a block that was moved begins another chain. Of
chains that lie on each other the longer keeps the place.
Source: seeds and chains as in the alignment of sequences, Li (2018), Bioinformatics 34:3094–3100 (minimap2).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from shigan.maths.reuse.kernel import Prints, hashes
from shigan.maths.reuse.star import Rows
from shigan.maths.reuse.text import Codes

SEED: Final = 6
"""Equal characters that make a seed."""
SIEVE: Final = 2**16 - 1
"""Bits of a hash by which most characters of a source are passed over."""
SIDES: Final[tuple[Literal["left"], Literal["right"]]] = ("left", "right")
OFTEN: Final = 8
"""Seeds with more places in the source say nothing about where."""
NEAR: Final = 150
"""A stretch goes on a chain that ends at most so many characters before it, in either text."""
FREE: Final = b"\1"
"""A character that no chain holds yet."""
SHELF: Final = 8
"""Ends of chains are kept together that lie in the same 2⁸ characters of the source."""
LEAST: Final = 16
"""Characters that a chain has in common, at least."""
INSIDE: Final = 40
"""The same where a heavier chain goes on before and behind it."""


class Block(NamedTuple):
    """Equal characters: where they begin in the document and in the source, and how many."""

    here: int
    there: int
    length: int

    @property
    def end(self) -> int:
        """Behind its last character in the document."""
        return self.here + self.length

    @property
    def there_end(self) -> int:
        """Behind its last character in the source."""
        return self.there + self.length


Chain = list[Block]
"""Blocks that ascend in both texts."""


class Seeds:
    """The seeds of a document (its code points), made once for all its sources."""

    def __init__(self, codes: Codes) -> None:
        self.length = len(codes)
        self.hashes = _hashes(codes)
        self.sieve = _sieve(self.hashes)

    def shared(self, source: Codes) -> tuple[Rows, Rows]:
        """Places in the document and in the source with the same `SEED` characters."""
        theirs = _hashes(source)
        places = np.flatnonzero(self.sieve[theirs & SIEVE])
        theirs = theirs[places]
        asked = np.flatnonzero(_sieve(theirs)[self.hashes & SIEVE])
        order = np.argsort(theirs, kind="stable")
        low, high = (np.searchsorted(theirs[order], self.hashes[asked], side) for side in SIDES)
        counts = high - low
        counts[counts > OFTEN] = 0
        at = np.repeat(np.arange(len(asked)), counts)
        within = np.arange(len(at)) - np.repeat(np.cumsum(counts) - counts, counts)
        return asked[at], places[order[low[at] + within]]


def _hashes(codes: Codes) -> Prints:
    return hashes(codes, SEED) if len(codes) >= SEED else np.zeros(0, np.int64)


def _sieve(found: Prints) -> NDArray[np.bool_]:
    """For the last bits of a hash whether one of these ends so: few others pass."""
    table = np.zeros(SIEVE + 1, bool)
    table[found & SIEVE] = True
    return table


def chains(seeds: Seeds, source: Codes) -> list[Chain]:
    """The chains of common stretches, none over another in the document, by where they begin."""
    kept = _chosen(_linked(stretches(seeds, source)), seeds.length)
    return sorted(_linked(sorted(block for chain in kept for block in chain)))


def _chosen(linked: list[Chain], length: int) -> list[Chain]:
    """The heaviest chains, of each what no heavier one has; inside a heavier one only heavy ones."""
    free, around = bytearray(FREE * length), bytearray(FREE * length)
    heavy = [chain for chain in linked if len(chain) > 1 or chain[0].length >= LEAST]
    kept = list[Chain]()
    for whole, chain in sorted(((weight(chain), chain) for chain in heavy), key=_weight_first):
        if whole < LEAST:
            break
        left = [part for block in chain if (part := _free_part(block, free))]
        first, last = chain[0].here, chain[-1].end
        outside = 2 * around.count(FREE, first, last) > last - first
        if weight(left) >= (LEAST if outside else INSIDE):
            kept.append(left)
            taken(around, left[0].here, left[-1].end)
            for block in left:
                taken(free, block.here, block.end)
    return kept


def _weight_first(weighed: tuple[int, Chain]) -> int:
    return -weighed[0]


def taken(free: bytearray, start: int, end: int) -> None:
    """Mark [start, end) as no longer free."""
    free[start:end] = bytes(end - start)


def stretches(seeds: Seeds, source: Codes) -> list[Block]:
    """All longest equal stretches of at least `SEED` characters, by where they begin."""
    here, there = seeds.shared(source)
    order = np.lexsort((here, here - there))
    here, there = here[order], there[order]
    begins = np.ones(len(here), bool)
    begins[1:] = (np.diff(here) != 1) | (np.diff(there) != 1)
    edges = np.flatnonzero(begins)
    lengths = np.diff(edges, append=len(here)) + SEED - 1
    return sorted(map(Block, here[edges].tolist(), there[edges].tolist(), lengths.tolist()))


def _linked(blocks: Iterable[Block]) -> list[Chain]:
    """Each block behind the chain whose end is nearest, or at the head of a new one; blocks in order."""
    chains, ends = list[Chain](), list[Ends]()
    shelves = defaultdict[int, list[int]](list)
    for block in blocks:
        number, cut = _nearest(block, ends, shelves)
        if number is None:
            number = len(chains)
            chains.append([block])
            ends.append((0, 0, 0))
        else:
            block = Block(block.here + cut, block.there + cut, block.length - cut)
            shelves[ends[number][2] >> SHELF].remove(number)
            chains[number].append(block)
        here, there, length = block
        ends[number] = here + length, there, there + length
        shelves[there + length >> SHELF].append(number)
    return chains


Ends = tuple[int, int, int]
"""Of the last block of a chain `end`, `there` and `there_end`."""


def _nearest(block: Block, ends: Sequence[Ends], shelves: Mapping[int, list[int]]) -> tuple[int | None, int]:
    """The chain that the block goes on (of equally near ones the first), and how much of the block's
    beginning that chain has already. `shelves`: the chains by where they end in the source."""
    here, there, length = block
    found: tuple[int | None, int] = (None, 0)
    least = NEAR + 1, 0
    for shelf in range(there - NEAR >> SHELF, (there + length >> SHELF) + 1):
        for number in shelves.get(shelf, ()):
            end, last, there_end = ends[number]
            if end < here - NEAR or there < last:
                continue
            cut = max(end - here, there_end - there, 0)
            on, along = here + cut - end, there + cut - there_end
            far = max(on, along) + abs(on - along), number
            if cut < length and far < least:
                found, least = (number, cut), far
    return found


def _free_part(block: Block, free: bytearray) -> Block | None:
    """The longest part of a block whose place in the document is free, of equal ones the first; None if none
    is."""
    here, there, length = block
    if free.find(0, here, here + length) < 0:
        return block
    parts = free[here : here + length].split(b"\0")
    longest = max(parts, key=len)
    at = sum(len(part) + 1 for part in parts[: parts.index(longest)])
    return Block(here + at, there + at, len(longest)) if longest else None


def weight(chain: Iterable[Block]) -> int:
    """Equal characters."""
    return sum([length for _, _, length in chain])
