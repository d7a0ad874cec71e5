"""What two texts have in common in the same order: exact stretches, linked into chains.

Once an index has named a source, every stretch of six equal characters counts, not only fingerprints. A
stretch goes on a chain if it is near its end in both texts; a block that was moved begins another chain. Of
chains that lie on each other the longer keeps the place.
Source: seeds and chains as in the alignment of sequences, Li (2018), Bioinformatics 34:3094–3100 (minimap2).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

import numpy as np

from shigan.maths.reuse.kernel import hashes
from shigan.maths.reuse.star import Rows
from shigan.maths.reuse.text import Codes

SEED: Final = 6
"""Equal characters that make a seed."""
OFTEN: Final = 8
"""Seeds with more places in the source say nothing about where."""
NEAR: Final = 150
"""A stretch goes on a chain that ends at most so many characters before it, in either text."""
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


def chains(codes: Codes, source: Codes) -> list[Chain]:
    """The chains of common stretches, none over another in the document, by where they begin."""
    kept = _chosen(_linked(stretches(codes, source)), len(codes))
    return sorted(_linked(sorted(block for chain in kept for block in chain)))


def _chosen(linked: list[Chain], length: int) -> list[Chain]:
    """The heaviest chains, of each what no heavier one has; inside a heavier one only heavy ones."""
    free, around = np.ones(length, bool), np.ones(length, bool)
    kept = list[Chain]()
    for chain in sorted(linked, key=weight, reverse=True):
        if weight(chain) < LEAST:
            break
        left = [part for block in chain for part in _free_part(block, free)]
        outside = around[chain[0].here : chain[-1].end].mean() > 0.5
        if weight(left) >= (LEAST if outside else INSIDE):
            kept.append(left)
            around[left[0].here : left[-1].end] = False
            for block in left:
                free[block.here : block.end] = False
    return kept


def stretches(codes: Codes, source: Codes) -> list[Block]:
    """All longest equal stretches of at least `SEED` characters, by where they begin."""
    here, there = _seeds(codes, source)
    order = np.lexsort((here, here - there))
    here, there = here[order], there[order]
    begins = np.ones(len(here), bool)
    begins[1:] = (np.diff(here) != 1) | (np.diff(there) != 1)
    edges = np.flatnonzero(begins)
    lengths = np.diff(edges, append=len(here)) + SEED - 1
    return sorted(map(Block, here[edges].tolist(), there[edges].tolist(), lengths.tolist()))


def _seeds(codes: Codes, source: Codes) -> tuple[Rows, Rows]:
    """Places in both texts with the same `SEED` characters."""
    if min(len(codes), len(source)) < SEED:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    own, theirs = hashes(codes, SEED), hashes(source, SEED)
    order = np.argsort(theirs, kind="stable")
    low = np.searchsorted(theirs, own, sorter=order)
    counts = np.searchsorted(theirs, own, "right", sorter=order) - low
    counts[counts > OFTEN] = 0
    here = np.repeat(np.arange(len(own)), counts)
    within = np.arange(len(here)) - np.repeat(np.cumsum(counts) - counts, counts)
    return here, order[low[here] + within]


def _linked(blocks: list[Block]) -> list[Chain]:
    """Each block behind the chain whose end is nearest, or at the head of a new one."""
    done, open_ = list[Chain](), list[Chain]()
    for block in blocks:
        done += [chain for chain in open_ if chain[-1].end < block.here - NEAR]
        open_ = [chain for chain in open_ if chain[-1].end >= block.here - NEAR]
        best = min(open_, key=lambda chain: _distance(chain[-1], block), default=None)
        trimmed = _behind(best[-1], block) if best else None
        if best and trimmed and _distance(best[-1], block) <= NEAR:
            best.append(trimmed)
        else:
            open_.append([block])
    return done + open_


def _distance(last: Block, block: Block) -> int:
    """How far the block is from going on where the last one ended; too far where it does not go on."""
    trimmed = _behind(last, block)
    if trimmed is None:
        return NEAR + 1
    here, there = trimmed.here - last.end, trimmed.there - last.there_end
    return max(here, there) + abs(here - there)


def _behind(last: Block, block: Block) -> Block | None:
    """What of the block lies behind the last one in both texts."""
    cut = max(last.end - block.here, last.there_end - block.there, 0)
    if cut >= block.length or block.there < last.there:
        return None
    return Block(block.here + cut, block.there + cut, block.length - cut)


def _free_part(block: Block, free: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Chain:
    """The longest part of a block whose place in the document is free."""
    part = free[block.here : block.end]
    if part.all():
        return [block]
    taken = np.concatenate([[-1], np.flatnonzero(~part), [block.length]])
    at = int(np.argmax(np.diff(taken)))
    start, length = int(taken[at]) + 1, int(taken[at + 1] - taken[at]) - 1
    return [Block(block.here + start, block.there + start, length)] if length else []


def weight(chain: Iterable[Block]) -> int:
    """Equal characters."""
    return sum(block.length for block in chain)
