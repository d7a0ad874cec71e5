"""Sorted postings that lie in files, and many of them made into one.

    spill(index.layers, folder / "1")           # what is in memory goes to files
    joined(layers, numbers, folder / "whole")   # all layers in one, the documents numbered anew

The layers are walked together, some hashes at a time, so that in memory is never more than a small part. A
document without a new number is left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.lib.format import open_memmap

from shigan.maths.reuse.index import Layer, place
from shigan.maths.reuse.islands import NOBODY
from shigan.maths.reuse.kernel import BITS, Numbers, Prints
from shigan.maths.reuse.star import Rows

TOGETHER: Final = 500_000
"""Postings of the largest layer that are sorted at a time."""
FILES: Final = ("prints.npy", "docs.npy")


class Anew(NamedTuple):
    """Old numbers, ascending, and the new number of each."""

    old: Numbers
    new: Numbers

    @classmethod
    def of(cls, numbers: Mapping[int, int]) -> Anew:
        """The table of a mapping."""
        old = sorted(numbers)
        return cls(np.array(old, np.int32), np.array([numbers[each] for each in old], np.int32))

    def of_docs(self, docs: Numbers) -> Numbers:
        """The new numbers; −1 of those that have none."""
        at = np.minimum(np.searchsorted(self.old, docs), len(self.old) - 1)
        return np.where(self.old[at] == docs, self.new[at], NOBODY).astype(np.int32)


def opened(folder: Path) -> Layer:
    """The postings of a folder, mapped into memory and read only where a query looks."""
    prints, docs = (np.asarray(np.load(folder / name, mmap_mode="r")) for name in FILES)
    return Layer.of(prints, docs)


def spill(layer: Layer, folder: Path) -> Layer:
    """The layer, from now on in files of the folder."""
    if not len(layer.docs):
        return layer
    folder.mkdir(parents=True)
    np.save(folder / FILES[0], layer.prints)
    np.save(folder / FILES[1], layer.docs)
    return opened(folder)


def joined(layers: Sequence[Layer], numbers: Mapping[int, int], folder: Path) -> None:
    """Write all postings into files of the folder. `numbers`: of every document the new number."""
    folder.mkdir(parents=True)
    anew = Anew.of(numbers)
    size = sum(int((anew.of_docs(layer.docs) >= 0).sum()) for layer in layers)
    prints, docs = (
        open_memmap(folder / name, "w+", kind, (size,))
        for name, kind in zip(FILES, (np.int64, np.int32), strict=True)
    )
    at = 0
    for part in _walk(layers):
        found = _sorted(part, anew)
        end = at + len(found[0])
        prints[at:end], docs[at:end] = found
        at = end
    for column in (prints, docs):
        column.flush()


def _walk(layers: Sequence[Layer]) -> list[list[tuple[Prints, Numbers]]]:
    """The postings of all layers, some hashes at a time."""
    largest = max(layers, key=lambda layer: len(layer.docs))
    edges = np.unique(largest.prints[TOGETHER::TOGETHER] >> BITS) << BITS
    bounds = [_bounds(layer, edges) for layer in layers]
    return [[_cut(*each, n) for each in zip(layers, bounds, strict=True)] for n in range(len(edges) + 1)]


def _cut(layer: Layer, bounds: Rows, n: int) -> tuple[Prints, Numbers]:
    part = slice(bounds[n], bounds[n + 1])
    return layer.prints[part], layer.docs[part]


def _bounds(layer: Layer, edges: Prints) -> Rows:
    return np.concatenate([[0], place(layer, edges), [len(layer.docs)]])


def _sorted(parts: Sequence[tuple[Prints, Numbers]], anew: Anew) -> tuple[Prints, Numbers]:
    prints = np.concatenate([prints for prints, _ in parts])
    docs = anew.of_docs(np.concatenate([docs for _, docs in parts]))
    kept = np.flatnonzero(docs >= 0)
    prints, docs = prints[kept], docs[kept]
    by = np.lexsort((prints, docs, prints >> BITS))
    return prints[by], docs[by]
