"""The star join: every fingerprint is linked to the earliest and to the last document before that holds it.

Two links, however many documents hold it: so a notice that a thousand villages relay is linked a thousand
times and not left out as too frequent, and the work grows with the text, not with its square.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from shigan.maths.reuse.islands import NOBODY
from shigan.maths.reuse.kernel import BITS, LONGEST, Numbers

Rows = NDArray[np.int64]
Flags = NDArray[np.bool_]


def star(rows: Rows) -> Numbers:
    """(H, 7) the holdings among fingerprints; see `islands`. In order of doc and ordinal.

    `rows` (P, 2): fingerprint, and doc « 32 | ordinal, ascending. Of several places in one holder the first
    counts."""
    hashes, owners = rows[:, 0] >> BITS, rows[:, 1]
    order = np.argsort(hashes, kind="stable")
    value, doc = hashes[order], owners[order] >> 32
    other = value[1:] != value[:-1]
    group, block = _starts(other), _starts(other | (doc[1:] != doc[:-1]))
    held = np.flatnonzero(block > group)
    held = held[np.argsort(order[held])]
    return _holdings(rows, order[held], order[group[held]], order[block[block[held] - 1]])


def _starts(changes: Flags) -> Rows:
    """For each row, the first row of its stretch; `changes`: between each row and the next."""
    begins = np.zeros(len(changes) + 1, np.int64)
    begins[1:] = np.where(changes, np.arange(1, len(changes) + 1), 0)
    return np.maximum.accumulate(begins)


def _holdings(rows: Rows, own: Rows, first: Rows, last: Rows) -> Numbers:
    doc, pos = rows[:, 1] >> 32, rows[:, 0] & (LONGEST - 1)
    same = doc[first] == doc[last]
    columns = (
        doc[own], rows[own, 1] & 0xFFFFFFFF, pos[own], doc[first], pos[first],
        np.where(same, NOBODY, doc[last]), np.where(same, NOBODY, pos[last]),
    )  # fmt: skip
    return np.stack(columns, axis=1).astype(np.int32)
