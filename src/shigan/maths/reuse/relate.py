"""All documents against all earlier ones, in time that grows with the text and in little memory.

    found = relate(enumerate(texts))                     # in order of the date the evidence gives
    found = relate(documents, "numba", folder=folder)    # gigabytes: what waits lies in files there

Three walks. Texts are printed and their fingerprints laid into bins by the low bits of the hash; each bin is
joined alone; its holdings are laid into bins of neighbouring documents, and those chained alone. One bin is
in memory at a time (the hash join of Grace: Kitsuregawa et al. 1983, New Gener. Comput. 1:63–74).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from shigan.maths.reuse.engine import Engine, Name, engine
from shigan.maths.reuse.kernel import BITS, SENSITIVE, USUAL, Grain, Numbers
from shigan.maths.reuse.star import Rows

BINS: Final = 256
"""Of fingerprints; low bits of the hash, as the smallest of several hashes has no fair high bits."""
AT_ONCE: Final = 2_000_000
"""Characters printed at a time."""
TOGETHER: Final = 500_000
"""Fingerprints of the documents that are chained together."""


class Relations(NamedTuple):
    """`islands` (I, 7) and `runs` (R, 4), columns and order as in `islands`."""

    islands: Numbers
    runs: Numbers


def relate(
    documents: Iterable[tuple[int, str]], name: Name = "numpy", folder: Path | None = None,
    sensitive: bool = False,
) -> Relations:  # fmt: skip
    """The islands and runs of every document. Raises ValueError where numbers do not ascend.

    `documents`: number and original text, of at most 2²⁰ normal characters (see `kernel.pieces`). `folder`:
    an empty one; without it everything stays in memory."""
    passes, grain = engine(name), SENSITIVE if sensitive else USUAL
    bins = Bins(BINS, 2, np.int64, folder and folder / "prints")
    docs, counts = _printed(printed_rows(documents, name, sensitive), bins)
    starts = np.concatenate([[0], np.cumsum(counts)])
    edges = np.unique(np.append(np.searchsorted(starts, np.arange(0, starts[-1], TOGETHER)), len(docs)))
    groups = Bins(max(len(edges) - 1, 1), 7, np.int32, folder and folder / "holdings")
    for number in range(BINS):
        holdings = passes.star(bins.taken(number))
        groups.lay(holdings, np.searchsorted(holdings[:, 0], docs[edges[1:-1]]))
    return _chain(groups, docs, starts, edges, passes, grain)


def printed_rows(
    documents: Iterable[tuple[int, str]], name: Name = "numpy", sensitive: bool = False
) -> Iterator[tuple[Rows, Rows, Rows]]:
    """Some documents at a time: their numbers, how many fingerprints each has, and those as in `star`."""
    passes, grain = engine(name), SENSITIVE if sensitive else USUAL
    for batch in _batches(documents):
        prints, counts = passes.print_texts([text for _, text in batch], grain)
        docs = np.array([number for number, _ in batch], np.int64)
        if (docs < 0).any() or (docs >= 2**31 - 1).any():
            raise ValueError("documents have numbers from 0 to 2³¹ − 2")
        ordinals = np.arange(len(prints)) - np.repeat(np.cumsum(counts) - counts, counts)
        yield docs, counts, np.stack([prints, np.repeat(docs << 32, counts) | ordinals], axis=1)


def _printed(batches: Iterable[tuple[Rows, Rows, Rows]], bins: Bins) -> tuple[Rows, Rows]:
    """Lay all fingerprints into bins; the documents' numbers and how many each has."""
    numbers, sizes = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for docs, counts, rows in batches:
        keys = (rows[:, 0] >> BITS & (BINS - 1)).astype(np.uint8)
        bins.lay(
            rows.take(np.argsort(keys, kind="stable"), axis=0),
            np.cumsum(np.bincount(keys, minlength=BINS))[:-1],
        )
        numbers.append(docs)
        sizes.append(counts)
    docs = np.concatenate(numbers)
    if (np.diff(docs) <= 0).any():
        raise ValueError("the documents' numbers must ascend")
    return docs, np.concatenate(sizes)


def _batches(documents: Iterable[tuple[int, str]]) -> Iterator[list[tuple[int, str]]]:
    batch, size = list[tuple[int, str]](), 0
    for document in documents:
        batch.append(document)
        size += len(document[1])
        if size >= AT_ONCE:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _chain(groups: Bins, docs: Rows, starts: Rows, edges: Rows, passes: Engine, grain: Grain) -> Relations:
    """The islands and runs of each group of documents [edges[i], edges[i + 1])."""
    islands, runs = list[Numbers](), list[Numbers]()
    for group in range(len(edges) - 1):
        first, end = edges[group], edges[group + 1]
        holdings = groups.taken(group)
        place = starts[first + np.searchsorted(docs[first:end], holdings[:, 0])] - starts[first]
        holdings = _placed(holdings, place + holdings[:, 1], int(starts[end] - starts[first]))
        islands.append(passes.islands(holdings, grain))
        runs.append(passes.runs(holdings, grain))
    return Relations(_whole(islands, 7), _whole(runs, 4))


def _whole(parts: list[Numbers], columns: int) -> Numbers:
    """All parts as one table; each is let go once it is copied, so that nothing is in memory twice."""
    end = sum(map(len, parts))
    table = np.empty((end, columns), np.int32)
    while parts:
        part = parts.pop()
        table[end - len(part) : end] = part
        end -= len(part)
    return table


def _placed(holdings: Numbers, place: Rows, size: int) -> Numbers:
    """The rows in order of `place`, where no two have the same, below `size`: sorting without comparing."""
    at = np.full(size, -1, np.int64)
    at[place] = np.arange(len(place))
    return holdings.take(at[at >= 0], axis=0)


class Bins:
    """Rows laid aside, bin by bin: in memory, or in one file a bin."""

    def __init__(self, bins: int, columns: int, kind: type[np.signedinteger], folder: Path | None) -> None:
        self.columns, self.kind, self.folder = columns, kind, folder
        self.parts: list[list[NDArray[np.signedinteger]]] = [[] for _ in range(bins)]
        if folder:
            folder.mkdir(parents=True)

    def lay(self, rows: NDArray[np.signedinteger], edges: Rows) -> None:
        """Lay the rows before the first edge into the first bin, and so on."""
        for number, part in enumerate(np.split(rows, edges)):
            if len(part) and self.folder:
                with (self.folder / str(number)).open("ab") as file:
                    part.tofile(file)
            elif len(part):
                self.parts[number].append(part)

    def taken(self, number: int) -> NDArray[np.signedinteger]:
        """All rows of a bin in the order of laying; it is empty then."""
        if self.folder:
            path = self.folder / str(number)
            rows = np.fromfile(path, self.kind) if path.exists() else np.zeros(0, self.kind)
            path.unlink(missing_ok=True)
            return rows.reshape(-1, self.columns)
        parts, self.parts[number] = self.parts[number], []
        return np.concatenate([np.zeros((0, self.columns), self.kind), *parts])
