"""An index of documents, in memory or mapped from files, that one draft is looked up in.

    index = Index()
    index.add(7, normalized(text))          # numbers ascend with the date the evidence gives
    index.save(folder); index = Index.load(folder)
    index.query(normalized(draft))          # islands shared with earlier documents

Postings lie in a few sorted layers; a new layer is merged with those not larger than itself, so that adding
one document costs little, and n documents n log n (a log-structured merge tree, O'Neil et al. 1996, Acta
Informatica 33:351–385). Of a fingerprint the draft needs the earliest holder and the last one only: two
binary searches, however many documents hold it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from shigan.maths.reuse.islands import NOBODY, Island, Run, islands, runs
from shigan.maths.reuse.kernel import BITS, LONGEST, SENSITIVE, USUAL, Grain, Numbers, Prints, printed
from shigan.maths.reuse.star import Flags, Rows
from shigan.maths.reuse.text import Normal, codes_of

DRAFT: Final = 2**31 - 1
"""The number of a draft that has none: later than all."""
STRIDE: Final = 256
"""Every so many postings, one is kept at hand as a signpost."""
AT_ONCE: Final = 64


class Layer(NamedTuple):
    """Postings sorted by (hash, doc, position): (P,) fingerprints and documents; and every 256th."""

    prints: Prints
    docs: Numbers
    signs: Prints

    @classmethod
    def of(cls, prints: Prints, docs: Numbers) -> Layer:
        """The sorted postings with their signposts."""
        return cls(prints, docs, np.array(prints[::STRIDE]))


class Found(NamedTuple):
    """For each fingerprint asked for, a holder and the position there; −1 where there is none."""

    docs: Numbers
    pos: Rows


class Index:
    """Documents by their fingerprints. `sensitive`: finer fingerprints, a third more of them."""

    def __init__(self, sensitive: bool = False) -> None:
        self.grain: Grain = SENSITIVE if sensitive else USUAL
        self.layers: list[Layer] = []
        self.fresh: list[tuple[Prints, Numbers]] = []

    def add(self, doc: int, normal: Normal) -> None:
        """Take a document in. `doc`: 0 … 2³¹ − 2, ascending with the date, each once, in any order.

        Raises ValueError for other numbers."""
        if not 0 <= doc < DRAFT:
            raise ValueError(f"documents have numbers from 0 to {DRAFT - 1}, not {doc}")
        prints = self._prints(normal)
        self.fresh.append((prints, np.full(len(prints), doc, np.int32)))

    def query(self, normal: Normal, before: int | None = None) -> list[Island]:
        """The islands that a text shares with documents (numbered below `before`), by source and start."""
        return [Island(*row) for row in islands(self.holdings(normal, before), self.grain).tolist()]

    def runs(self, normal: Normal, before: int | None = None) -> list[Run]:
        """The runs of fingerprints that documents (numbered below `before`) hold, by start."""
        return [Run(*row) for row in runs(self.holdings(normal, before), self.grain).tolist()]

    def holdings(self, normal: Normal, before: int | None = None) -> Numbers:
        """(H, 7) what documents (numbered below `before`) hold of a text; see `islands`."""
        prints = self._prints(normal)
        doc = DRAFT if before is None else before
        first, last = self._ends(prints >> BITS, doc)
        held = np.flatnonzero(last.docs >= 0)
        same = first.docs[held] == last.docs[held]
        columns = (
            np.full(len(held), doc), held, prints[held] & (LONGEST - 1), first.docs[held], first.pos[held],
            np.where(same, NOBODY, last.docs[held]), np.where(same, NOBODY, last.pos[held]),
        )  # fmt: skip
        return np.stack(columns, axis=1).astype(np.int32)

    def holders(self, normal: Normal, island: Island) -> Iterator[Iterator[list[int]]]:
        """For each fingerprint in the island, the documents that hold it, some at a time, perhaps told twice.

        There may be very many, and whoever asks seldom needs all."""
        prints = self._prints(normal)
        pos = prints & (LONGEST - 1)
        hashes = prints[(pos >= island.start) & (pos + self.grain.k <= island.end)] >> BITS
        bounds = [(layer.docs, *_bounds(layer, hashes, DRAFT)) for layer in self.settled()]
        for at in range(len(hashes)):
            yield _some([docs[low[at] : high[at]] for docs, low, high in bounds])

    def sharing(self, normal: Normal, after: int = -1) -> list[tuple[int, int]]:
        """The documents above `after` that hold fingerprints of the text, and how many, ascending."""
        hashes = np.unique(self._prints(normal) >> BITS)
        parts = [np.zeros(0, np.int32)]
        for layer in self.settled():
            low, high = _bounds(layer, hashes, DRAFT)
            low = _lower(layer.docs, low, high, np.full(len(low), after + 1))
            parts += [layer.docs[a:b] for a, b in zip(low.tolist(), high.tolist(), strict=True)]
        docs, counts = np.unique(np.concatenate(parts), return_counts=True)
        return list(zip(docs.tolist(), counts.tolist(), strict=True))

    def save(self, folder: Path) -> None:
        """Write the index into the folder: two files of postings, one that says how fine they are."""
        folder.mkdir(parents=True, exist_ok=True)
        layer = _merged([layer[:2] for layer in self.settled()])
        np.save(folder / "prints.npy", layer.prints)
        np.save(folder / "docs.npy", layer.docs)
        np.save(folder / "grain.npy", np.array(self.grain))

    @classmethod
    def load(cls, folder: Path) -> Index:
        """The index of a folder, its files mapped into memory and read only where a query looks."""
        index = cls(sensitive=tuple(np.load(folder / "grain.npy")) == SENSITIVE)
        files = (np.load(folder / name, mmap_mode="r") for name in ("prints.npy", "docs.npy"))
        index.layers = [Layer.of(*map(np.asarray, files))]
        return index

    def _prints(self, normal: Normal) -> Prints:
        return printed(codes_of(normal.text), self.grain)

    def settled(self) -> list[Layer]:
        """The layers, with what was added since sorted in."""
        if self.fresh:
            layer, self.fresh = _merged(self.fresh), []
            while self.layers and len(self.layers[-1].docs) <= len(layer.docs):
                layer = _merged([self.layers.pop()[:2], layer[:2]])
            self.layers.append(layer)
        return self.layers

    def _ends(self, hashes: Prints, before: int) -> tuple[Found, Found]:
        """The earliest holder of each hash and the last one before a document."""
        size = len(hashes)
        first = Found(np.full(size, DRAFT, np.int32), np.full(size, NOBODY, np.int64))
        last = Found(np.full(size, NOBODY, np.int32), np.full(size, NOBODY, np.int64))
        for layer in self.settled():
            low, high = _bounds(layer, hashes, before)
            found = np.flatnonzero(high > low)
            start = low[found]
            _keep(first, found, layer, start, layer.docs[start] < first.docs[found])
            end = _lower(layer.docs, start, high[found], layer.docs[high[found] - 1])
            _keep(last, found, layer, end, layer.docs[end] > last.docs[found])
        return first, last


def _merged(parts: Sequence[tuple[Prints, Numbers]]) -> Layer:
    prints = np.concatenate([np.zeros(0, np.int64), *(prints for prints, _ in parts)])
    docs = np.concatenate([np.zeros(0, np.int32), *(docs for _, docs in parts)])
    order = np.lexsort((prints, docs, prints >> BITS))
    return Layer.of(prints[order], docs[order])


def _bounds(layer: Layer, hashes: Prints, before: int) -> tuple[Rows, Rows]:
    """[low, high): the postings of each hash by documents numbered below `before`."""
    low = place(layer, hashes << BITS)
    high, met = low.copy(), low < len(layer.prints)
    met[met] = layer.prints[low[met]] >> BITS == hashes[met]
    high[met] = place(layer, (hashes[met] << BITS | (LONGEST - 1)) + 1)
    if before < DRAFT:
        high[met] = _lower(layer.docs, low[met], high[met], np.full(int(met.sum()), before))
    return low, high


def place(layer: Layer, values: Prints) -> Rows:
    """The first posting that is `values` or more, by hash: the signposts first, then between two of them."""
    sign = np.searchsorted(layer.signs, values)
    low, high = np.maximum(sign - 1, 0) * STRIDE, np.minimum(sign * STRIDE, len(layer.prints))
    return _lower(layer.prints, low, high, values)


def _lower(table: Prints | Numbers, low: Rows, high: Rows, value: Rows | Numbers) -> Rows:
    """In each [low, high), the first row that is `value` or more: binary searches side by side."""
    low, high = low.copy(), high.copy()
    while (rows := np.flatnonzero(low < high)).size:
        middle = (low[rows] + high[rows]) >> 1
        less = table[middle] < value[rows]
        low[rows[less]] = middle[less] + 1
        high[rows[~less]] = middle[~less]
    return low


def _keep(into: Found, where: Rows, layer: Layer, rows: Rows, better: Flags) -> None:
    """Put the postings that are better than those so far in their places."""
    into.docs[where[better]] = layer.docs[rows[better]]
    into.pos[where[better]] = layer.prints[rows[better]] & (LONGEST - 1)


def _some(parts: Iterable[Numbers]) -> Iterator[list[int]]:
    for docs in parts:
        for first in range(0, len(docs), AT_ONCE):
            yield docs[first : first + AT_ONCE].tolist()
