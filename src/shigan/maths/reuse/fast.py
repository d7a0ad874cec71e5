"""The passes of `kernel`, `star` and `islands` as loops that numba compiles; the same figures, bit for bit.

Import needs numba (the extra `fast`); go through `engine.engine("numba")`. The first call of a process
compiles, some seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar, cast

import numpy as np
from numba import njit
from numpy.typing import NDArray

from shigan.maths.reuse.islands import DRIFT, FEWEST, GAP, NOBODY
from shigan.maths.reuse.kernel import BASE, BITS, HASH_BITS, LONGEST, STIR, USUAL, Grain, Numbers, Prints
from shigan.maths.reuse.text import LAST, SEVERAL, Codes, codes_of, the_table
from shigan.maths.reuse.text import LONGEST as WIDEST

MASK: Final = LONGEST - 1
Loop = TypeVar("Loop", bound=Callable[..., Any])


def _compiled(loop: Loop) -> Loop:
    return cast(Loop, njit(nogil=True, error_model="numpy")(loop))


def print_texts(texts: Sequence[str], grain: Grain = USUAL) -> tuple[Prints, NDArray[np.int64]]:
    """See `kernel.print_texts`."""
    codes, lengths = codes_of("".join(texts)), np.array([len(text) for text in texts], np.int64)
    longest = int(lengths.max(initial=0)) * WIDEST + grain.w
    plain, keys = np.empty(longest, np.uint32), np.empty(longest, np.int64)
    out, counts = np.empty(len(codes) * WIDEST + 1, np.int64), np.zeros(len(texts), np.int64)
    found = _print_all(codes, lengths, *the_table(), grain.k, grain.w, plain, keys, out, counts)
    if found < 0:
        raise ValueError(f"at most {LONGEST} characters have fingerprints")
    return out[:found].copy(), counts


def star(rows: NDArray[np.int64]) -> Numbers:
    """See `star.star`."""
    slots = 1 << max(4, int(2 * len(rows) - 1).bit_length())
    table = np.full((slots, 4), NOBODY, np.int64)
    out = np.empty((len(rows), 7), np.int32)
    return out[: _star(rows, table, out)]


def islands(holdings: Numbers, grain: Grain = USUAL) -> Numbers:
    """See `islands.islands`; `holdings` in order of doc and ordinal."""
    out = np.empty((2 * len(holdings) // FEWEST + 1, 7), np.int32)
    keys = np.empty(2 * len(holdings), np.int64)
    return out[: _islands(holdings, keys, grain.k, out)].copy()


def runs(holdings: Numbers, grain: Grain = USUAL) -> Numbers:
    """See `islands.runs`."""
    out = np.empty((len(holdings) // FEWEST + 1, 4), np.int32)
    return out[: _runs(holdings, grain.k, out)].copy()


@_compiled
def _print_all(
    codes: Codes, lengths: Prints, of: Codes, flat: Codes, k: int, w: int,
    plain: Codes, keys: Prints, out: Prints, counts: Prints,
) -> int:  # fmt: skip
    start = found = 0
    for number in range(len(lengths)):
        end = start + lengths[number]
        size = _plain(codes[start:end], of, flat, plain)
        if size > LONGEST:
            return -1
        counts[number] = _printed(plain[:size], k, w, keys, out[found:])
        found += counts[number]
        start = end
    return found


@_compiled
def _plain(codes: Codes, of: Codes, flat: Codes, plain: Codes) -> int:
    size = 0
    for at in range(len(codes)):
        code = of[min(codes[at], LAST - 1)]
        if code < SEVERAL:
            plain[size] = code
            size += code != 0
        else:
            first = (code & (SEVERAL - 1)) >> 8
            for part in range(code & 255):
                plain[size] = flat[first + part]
                size += 1
    return size


@_compiled
def _printed(codes: Codes, k: int, w: int, keys: Prints, out: Prints) -> int:
    size = len(codes) - k + 1
    if size < 1:
        return 0
    base, stir = np.uint64(BASE), np.uint64(STIR)
    value, leaves = np.uint64(0), np.uint64(1)
    for at in range(k - 1):
        value = value * base + np.uint64(codes[at])
        leaves *= base
    for at in range(size):
        value = value * base + np.uint64(codes[at + k - 1])
        mixed = (value ^ (value >> np.uint64(32))) * stir
        keys[at] = np.int64(mixed >> np.uint64(64 - HASH_BITS)) << BITS | (MASK - at)
        value -= leaves * np.uint64(codes[at])
    return _least(keys, size, min(w, size), out)


@_compiled
def _least(keys: Prints, size: int, width: int, out: Prints) -> int:
    """The smallest of every `width` keys in a row, each once."""
    reach = 1
    while reach < width:
        step = min(reach, width - reach)
        for at in range(size - reach - step + 1):
            keys[at] = min(keys[at], keys[at + step])
        reach += step
    found, before = 0, np.int64(-1)
    for at in range(size - width + 1):
        out[found] = keys[at] ^ MASK
        found += keys[at] != before
        before = keys[at]
    return found


@_compiled
def _star(rows: Prints, table: Prints, out: Numbers) -> int:
    """Each slot of the table: a hash; the first row that has it; the first row of its last two documents."""
    found, last_slot = 0, len(table) - 1
    for row in range(len(rows)):
        value, doc = rows[row, 0] >> BITS, rows[row, 1] >> 32
        slot = (value >> 8) & last_slot
        while table[slot, 0] != NOBODY and table[slot, 0] != value:
            slot = (slot + 1) & last_slot
        if table[slot, 0] == NOBODY:
            table[slot, 0], table[slot, 1], table[slot, 2] = value, row, row
            continue
        if rows[table[slot, 2], 1] >> 32 != doc:
            table[slot, 3], table[slot, 2] = table[slot, 2], row
        first, last = table[slot, 1], table[slot, 3]
        if last != NOBODY:
            _holding(rows, row, first, last, out[found])
            found += 1
    return found


@_compiled
def _holding(rows: Prints, row: int, first: int, last: int, out: Numbers) -> None:
    out[0], out[1], out[2] = rows[row, 1] >> 32, rows[row, 1] & 0xFFFFFFFF, rows[row, 0] & MASK
    out[3], out[4] = rows[first, 1] >> 32, rows[first, 0] & MASK
    out[5], out[6] = NOBODY, NOBODY
    if rows[last, 1] >> 32 != out[3]:
        out[5], out[6] = rows[last, 1] >> 32, rows[last, 0] & MASK


@_compiled
def _islands(holdings: Numbers, keys: Prints, k: int, out: Numbers) -> int:
    found = first = 0
    while first < len(holdings):
        end = first
        while end < len(holdings) and holdings[end, 0] == holdings[first, 0]:
            end += 1
        size = 0
        for row in range(first, end):
            for column in (3, 5):
                if holdings[row, column] != NOBODY:
                    keys[size] = np.int64(holdings[row, column]) << 32 | 2 * row + (column == 5)
                    size += 1
        keys[:size].sort()
        found = _chained(holdings, keys[:size], k, out, found)
        first = end
    return found


@_compiled
def _chained(holdings: Numbers, keys: Prints, k: int, out: Numbers, found: int) -> int:
    """The islands of one document, whose seeds are sorted by source and position."""
    seeds = source = pos = shift = np.int64(-1)
    for key in keys:
        row, column = (key & 0xFFFFFFFF) >> 1, 4 + 2 * (key & 1)
        here, there = np.int64(holdings[row, 2]), np.int64(holdings[row, column])
        if key >> 32 != source or here - pos > GAP or abs(here - there - shift) > DRIFT:
            found += int(seeds >= FEWEST)
            seeds, source = np.int64(0), key >> 32
            out[found, 0], out[found, 1], out[found, 3] = holdings[row, 0], here, source
            out[found, 4], out[found, 5] = there, there + k
        seeds, pos, shift = seeds + 1, here, here - there
        out[found, 2], out[found, 6] = here + k, seeds
        out[found, 4], out[found, 5] = min(out[found, 4], there), max(out[found, 5], there + k)
    return found + int(seeds >= FEWEST)


@_compiled
def _runs(holdings: Numbers, k: int, out: Numbers) -> int:
    found = seeds = 0
    for row in range(len(holdings)):
        follows = seeds > 0 and holdings[row, 0] == holdings[row - 1, 0]
        if not (follows and holdings[row, 1] == holdings[row - 1, 1] + 1):
            found += seeds >= FEWEST
            seeds = 0
            out[found, 0], out[found, 1] = holdings[row, 0], holdings[row, 2]
        seeds += 1
        out[found, 2], out[found, 3] = holdings[row, 2] + k, seeds
    return found + int(seeds >= FEWEST)
