"""From fingerprints that an earlier document holds to islands and runs.

A *holding* is a fingerprint of a document that an earlier one holds: one row (doc, ordinal, pos, first doc,
first pos, last doc, last pos). `ordinal` counts the document's fingerprints, `first` is the earliest holder,
`last` the one just before the document; −1 where it is the same.

An *island* is a chain of at least three such fingerprints shared with one source: each at most 48 characters
behind the one before, the shift between the two texts changing by at most 16. A *run* is at least three
fingerprints of the document in a row that earlier documents hold, whichever.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from shigan.maths.reuse.kernel import USUAL, Grain, Numbers

GAP: Final = 48
DRIFT: Final = 16
FEWEST: Final = 3
NOBODY: Final = -1
DOC, ORDINAL, POS, FIRST_DOC, FIRST_POS, LAST_DOC, LAST_POS = range(7)


class Island(NamedTuple):
    """[start, end) of `doc` stands at [source_start, source_end) of `source`, about; normal characters."""

    doc: int
    start: int
    end: int
    source: int
    source_start: int
    source_end: int
    seeds: int


class Run(NamedTuple):
    """[start, end) of `doc` was seen before, in whichever documents; normal characters."""

    doc: int
    start: int
    end: int
    seeds: int


def seeds(holdings: Numbers) -> Numbers:
    """(S, 4) doc, source, pos and source pos, in that order: what each holding shares with either holder."""
    first = holdings[:, [DOC, FIRST_DOC, POS, FIRST_POS]]
    second = holdings[holdings[:, LAST_DOC] != NOBODY]
    both = np.concatenate([first, second[:, [DOC, LAST_DOC, POS, LAST_POS]]])
    return both[np.lexsort((both[:, 2], both[:, 1], both[:, 0]))]


def islands(holdings: Numbers, grain: Grain = USUAL) -> Numbers:
    """(I, 7) the islands, columns as in `Island`, ordered by doc, source and start."""
    found = seeds(holdings)
    if not len(found):
        return np.zeros((0, 7), np.int32)
    pos, shift = found[:, 2], found[:, 2] - found[:, 3]
    begins = np.ones(len(found), bool)
    begins[1:] = (found[1:, :2] != found[:-1, :2]).any(axis=1)
    begins[1:] |= (np.diff(pos) > GAP) | (np.abs(np.diff(shift)) > DRIFT)
    edges, sizes = _stretches(begins)
    ends = edges + sizes - 1
    low, high = np.minimum.reduceat(found[:, 3], edges), np.maximum.reduceat(found[:, 3], edges)
    doc, source = found[edges, 0], found[edges, 1]
    table = np.stack([doc, pos[edges], pos[ends] + grain.k, source, low, high + grain.k, sizes], axis=1)
    return table[sizes >= FEWEST].astype(np.int32)


def runs(holdings: Numbers, grain: Grain = USUAL) -> Numbers:
    """(R, 4) the runs, columns as in `Run`, by doc and start. `holdings` in order of doc and ordinal."""
    if not len(holdings):
        return np.zeros((0, 4), np.int32)
    doc, pos = holdings[:, DOC], holdings[:, POS]
    begins = np.ones(len(holdings), bool)
    begins[1:] = (np.diff(holdings[:, ORDINAL]) != 1) | (doc[1:] != doc[:-1])
    edges, sizes = _stretches(begins)
    table = np.stack([doc[edges], pos[edges], pos[edges + sizes - 1] + grain.k, sizes], axis=1)
    return table[sizes >= FEWEST].astype(np.int32)


def _stretches(begins: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where each stretch begins, and how long it is."""
    edges = np.flatnonzero(begins)
    return edges, np.diff(edges, append=len(begins))


def digest(table: Numbers) -> str:
    """Sixteen hexadecimal digits of SHA-256 over the rows in ascending order: equal for equal findings."""
    rows = np.ascontiguousarray(table[np.lexsort(table.T[::-1])], "<i8") if len(table) else table
    return sha256(rows.tobytes()).hexdigest()[:16]
