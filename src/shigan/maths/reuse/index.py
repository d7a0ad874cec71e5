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

from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from shigan.maths.reuse.islands import NOBODY, Island, Run, islands, runs
from shigan.maths.reuse.kernel import BITS, LONGEST, SENSITIVE, USUAL, Grain, Numbers, Prints, printed
from shigan.maths.reuse.star import Flags, Rows
from shigan.maths.reuse.text import Normal, codes_of

DRAFT: Final = 2**31 - 1
"""The number of a draft that has none: later than all."""


class Layer(NamedTuple):
    """Postings sorted by (hash, doc, position): (P,) fingerprints and documents."""

    prints: Prints
    docs: Numbers


class Index:
    """Documents by their fingerprints. `sensitive`: finer fingerprints, a third more of them."""

    def __init__(self, sensitive: bool = False) -> None:
        self.grain: Grain = SENSITIVE if sensitive else USUAL
        self.layers: list[Layer] = []
        self.fresh: list[Layer] = []

    def add(self, doc: int, normal: Normal) -> None:
        """Take a document in. `doc`: 0 … 2³¹ − 2, ascending with the date; any order of adding will do.

        Raises ValueError for other numbers."""
        if not 0 <= doc < DRAFT:
            raise ValueError(f"documents have numbers from 0 to {DRAFT - 1}, not {doc}")
        prints = self._prints(normal)
        self.fresh.append(Layer(prints, np.full(len(prints), doc, np.int32)))

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
            np.full(len(held), doc), held, prints[held] & (LONGEST - 1), first.docs[held], first.prints[held],
            np.where(same, NOBODY, last.docs[held]), np.where(same, NOBODY, last.prints[held]),
        )  # fmt: skip
        return np.stack(columns, axis=1).astype(np.int32)

    def holders(self, normal: Normal, island: Island) -> list[Numbers]:
        """For each fingerprint in the island, the documents that hold it, ascending, however many."""
        prints = self._prints(normal)
        pos = prints & (LONGEST - 1)
        hashes = prints[(pos >= island.start) & (pos + self.grain.k <= island.end)] >> BITS
        found = list[Numbers]()
        bounds = [(layer.docs, *_bounds(layer, hashes, DRAFT)) for layer in self._settled()]
        for at in range(len(hashes)):
            parts = [docs[low[at] : high[at]] for docs, low, high in bounds]
            found.append(np.unique(np.concatenate([np.zeros(0, np.int32), *parts])))
        return found

    def save(self, folder: Path) -> None:
        """Write the index as two files of one layer into the folder."""
        folder.mkdir(parents=True, exist_ok=True)
        layer = _merged(self._settled())
        np.save(folder / "prints.npy", layer.prints)
        np.save(folder / "docs.npy", layer.docs)

    @classmethod
    def load(cls, folder: Path, sensitive: bool = False) -> Index:
        """The index of a folder, its files mapped into memory and read only where a query looks."""
        index = cls(sensitive)
        names = ("prints.npy", "docs.npy")
        index.layers = [Layer(*(np.load(folder / name, mmap_mode="r") for name in names))]
        return index

    def _prints(self, normal: Normal) -> Prints:
        return printed(codes_of(normal.text), self.grain)

    def _settled(self) -> list[Layer]:
        """The layers, with what was added since sorted in."""
        if self.fresh:
            layer, self.fresh = _merged(self.fresh), []
            while self.layers and len(self.layers[-1].docs) <= len(layer.docs):
                layer = _merged([self.layers.pop(), layer])
            self.layers.append(layer)
        return self.layers

    def _ends(self, hashes: Prints, before: int) -> tuple[Layer, Layer]:
        """The earliest holder of each hash and the last one before a document, with their positions; or −1.

        (`prints` of the two layers are positions here.)"""
        first = Layer(np.full(len(hashes), NOBODY, np.int64), np.full(len(hashes), DRAFT, np.int32))
        last = Layer(np.full(len(hashes), NOBODY, np.int64), np.full(len(hashes), NOBODY, np.int32))
        for layer in self._settled():
            low, high = _bounds(layer, hashes, before)
            found = np.flatnonzero(high > low)
            start = low[found]
            _keep(first, found, layer, start, layer.docs[start] < first.docs[found])
            end = _lower(layer.docs, start, high[found], layer.docs[high[found] - 1])
            _keep(last, found, layer, end, layer.docs[end] > last.docs[found])
        return first, last


def _merged(layers: list[Layer]) -> Layer:
    prints = np.concatenate([np.zeros(0, np.int64), *(layer.prints for layer in layers)])
    docs = np.concatenate([np.zeros(0, np.int32), *(layer.docs for layer in layers)])
    order = np.lexsort((prints, docs, prints >> BITS))
    return Layer(prints[order], docs[order])


def _bounds(layer: Layer, hashes: Prints, before: int) -> tuple[Rows, Rows]:
    """[low, high): the postings of each hash by documents numbered below `before`."""
    low = np.searchsorted(layer.prints, hashes << BITS)
    high = np.searchsorted(layer.prints, hashes << BITS | (LONGEST - 1), side="right")
    return low, _lower(layer.docs, low, high, np.full(len(low), before))


def _lower(docs: Numbers, low: Rows, high: Rows, value: Rows | Numbers) -> Rows:
    """In each [low, high), the first row whose document is `value` or later: binary searches side by side."""
    low, high = low.copy(), high.copy()
    while len(open_ := np.flatnonzero(low < high)):
        middle = (low[open_] + high[open_]) // 2
        less = docs[middle] < value[open_]
        low[open_[less]] = middle[less] + 1
        high[open_[~less]] = middle[~less]
    return low


def _keep(into: Layer, where: Rows, layer: Layer, rows: Rows, better: Flags) -> None:
    """Put the postings that are better than those so far in their places."""
    into.docs[where[better]] = layer.docs[rows[better]]
    into.prints[where[better]] = layer.prints[rows[better]] & (LONGEST - 1)
