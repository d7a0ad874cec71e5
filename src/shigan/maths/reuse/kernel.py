"""Fingerprints: a few hashes of a text, the same wherever the same run of characters stands.

    prints = fingerprints(normalized(text))     # int64, ascending in position
    prints >> 20, prints & 0xFFFFF              # hash and position in the normal form

Every k characters in a row are hashed; of every w hashes in a row the smallest is kept, of equal ones the
rightmost. Two texts that share k + w − 1 characters in a row share a fingerprint, and k + 3w − 1 = 31 in a
row at least three. Fingerprints depend on the one document only.
Sources: winnowing, Schleimer, Wilkerson & Aiken (2003), SIGMOD, 76–85; rolling hash, Karp & Rabin (1987),
IBM J. Res. Dev. 31:249–260.

A fingerprint has 43 bits of hash and 20 of position; the sign bit stays free, so that every engine of tables
can divide it. Hence a document has at most 2²⁰ normal characters: `pieces` cuts longer ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from shigan.maths.reuse.text import Codes, Normal, codes_of, normal_codes

Prints = NDArray[np.int64]
Numbers = NDArray[np.int32]

BITS: Final = 20
"""Of a fingerprint, for the position."""
LONGEST: Final = 1 << BITS
"""Normal characters that one document (or piece) may have."""
PIECE: Final = 1_000_000
SHARED: Final = 64
"""So many characters two pieces have in common: no run of 31 is lost between them."""
HASH_BITS: Final = 63 - BITS
BASE: Final = 0x9E3779B97F4A7C15
STIR: Final = 0xD6E8FEB86659FD93


class Grain(NamedTuple):
    """How fine a text is printed: `k` characters a hash, the smallest of `w` hashes."""

    k: int
    w: int

    @property
    def sure(self) -> int:
        """From so many shared characters in a row on, there are three common fingerprints."""
        return self.k + 3 * self.w - 1


USUAL: Final = Grain(8, 8)
SENSITIVE: Final = Grain(6, 6)


def fingerprints(normal: Normal, sensitive: bool = False) -> Prints:
    """The fingerprints of a normal form, in order of position.

    `sensitive`: k = w = 6 instead of 8, for short or much altered texts.
    Raises ValueError above 2²⁰ characters.
    """
    return printed(codes_of(normal.text), SENSITIVE if sensitive else USUAL)


def pieces(normal: Normal) -> Iterator[tuple[int, Normal]]:
    """A long text in pieces of 10⁶ characters that share 64 with the next; each with where it starts."""
    for start in range(0, max(len(normal.text) - SHARED, 1), PIECE - SHARED):
        part = slice(start, start + PIECE)
        yield start, Normal(normal.text[part], normal.offsets[part])


def printed(codes: Codes, grain: Grain = USUAL) -> Prints:
    """As `fingerprints`, of the code points of the normal form."""
    if len(codes) > LONGEST:
        raise ValueError(f"at most {LONGEST} characters have fingerprints, not {len(codes)}")
    if len(codes) < grain.k:
        return np.zeros(0, np.int64)
    keys = (_hashes(codes, grain.k) << np.uint64(BITS)).view(np.int64)
    keys |= LONGEST - 1 - np.arange(len(keys))  # of equal hashes, the rightmost is the smallest key
    least = _sliding(keys, min(grain.w, len(keys)))
    fresh = np.flatnonzero(least[1:] != least[:-1]) + 1
    return np.concatenate([least[:1], least[fresh]]) ^ (LONGEST - 1)


def hashes(codes: Codes, k: int) -> Prints:
    """(N − k + 1,) the hash of every k code points in a row."""
    return _hashes(codes, k).view(np.int64)


def _hashes(codes: Codes, k: int) -> NDArray[np.uint64]:
    """Σ c_j·BASE^(k−1−j) mod 2⁶⁴, stirred; doubled up, as the hash of 2m is that of m and the next m."""
    value, width = codes.astype(np.uint64), 1
    while width * 2 <= k:
        value, width = value[:-width] * _power(width) + value[width:], width * 2
    if rest := k - width:
        value = value[:-rest] * _power(rest) + _raw(codes[width:], rest)
    value = (value ^ (value >> np.uint64(32))) * np.uint64(STIR)
    return value >> np.uint64(64 - HASH_BITS)


def _power(exponent: int) -> np.uint64:
    return np.uint64(pow(BASE, exponent, 2**64))


def _raw(codes: Codes, k: int) -> NDArray[np.uint64]:
    """Σ c_j·BASE^(k−1−j) mod 2⁶⁴ of every k code points in a row."""
    value = np.zeros(len(codes) - k + 1, np.uint64)
    for at in range(k):
        value = value * np.uint64(BASE) + codes[at : at + len(value)]
    return value


def _sliding(keys: Prints, width: int) -> Prints:
    """The smallest of every `width` keys in a row: of 2m in a row, the smaller of two neighbours' m."""
    reach = 1
    while reach * 2 <= width:
        keys, reach = np.minimum(keys[:-reach], keys[reach:]), reach * 2
    rest = width - reach
    return np.minimum(keys[:-rest], keys[rest:]) if rest else keys


def print_texts(texts: Sequence[str], grain: Grain = USUAL) -> tuple[Prints, NDArray[np.int64]]:
    """The fingerprints of several original texts, one after another, and how many each has."""
    found = [printed(normal_codes(codes_of(text))[0], grain) for text in texts]
    counts = np.array([len(prints) for prints in found], np.int64)
    return (np.concatenate(found) if found else np.zeros(0, np.int64)), counts
