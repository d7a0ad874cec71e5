"""The star join: every fingerprint is linked to the earliest and to the last document before that holds it.

Two links, however many documents hold it: so a notice that a thousand villages relay is linked a thousand
times and not left out as too frequent, and the work grows with the text, not with its square.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from shigan.maths.reuse.islands import NOBODY
from shigan.maths.reuse.kernel import BITS, LONGEST, Numbers, Prints

Rows = NDArray[np.int64]
Flags = NDArray[np.bool_]


def star(prints: Prints, docs: Numbers, ordinals: Numbers) -> Numbers:
    """(H, 7) the holdings of fingerprints in order of (doc, ordinal); see `islands`.

    Of several places in one holder the first counts."""
    order = np.argsort(prints >> BITS, kind="stable")
    hashes, doc = (prints >> BITS)[order], docs[order]
    group = _starts(hashes[1:] != hashes[:-1])
    block = _starts((hashes[1:] != hashes[:-1]) | (doc[1:] != doc[:-1]))
    held = np.flatnonzero(block > group)
    return _rows(prints, docs, ordinals, order, held, group[held], block[block[held] - 1])


def _starts(changes: Flags) -> Rows:
    """For each row, the first row of its stretch; `changes`: between each row and the next."""
    begins = np.zeros(len(changes) + 1, np.int64)
    begins[1:] = np.where(changes, np.arange(1, len(changes) + 1), 0)
    return np.maximum.accumulate(begins)


def _rows(
    prints: Prints, docs: Numbers, ordinals: Numbers, order: Rows, held: Rows, first: Rows, last: Rows
) -> Numbers:
    """Holdings in the order of the fingerprints."""
    own = order[held]
    back = np.argsort(own, kind="stable")
    own, first, last = own[back], order[first[back]], order[last[back]]
    same = docs[first] == docs[last]
    pos = (prints & (LONGEST - 1)).astype(np.int32)
    columns = (
        docs[own], ordinals[own], pos[own], docs[first], pos[first],
        np.where(same, NOBODY, docs[last]), np.where(same, NOBODY, pos[last]),
    )  # fmt: skip
    return np.stack(columns, axis=1).astype(np.int32)
