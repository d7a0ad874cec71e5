"""Which short texts (reports of progress, claims) repeat an earlier one: the kernel of documents, finer.

`maths.reuse` keeps of eight hashes in a row the smallest, which is sure from 31 shared characters on; a
report has often fewer. Here every hash is kept (k = 8, w = 1): what is shared is counted exactly. Normal
form, hash and star join are the kernel's, so that a text copied three hundred times costs no more than one
copied once. docs/reuse.md, «Short texts».
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from shigan.maths.reuse.islands import seeds
from shigan.maths.reuse.kernel import BITS, HASH_BITS, STIR, hashes
from shigan.maths.reuse.star import Rows, star
from shigan.maths.reuse.text import codes_of, normal_codes

K: Final = 8
"""Characters of a hash: eight equal ones in a row seldom happen by chance in Chinese."""
SHARED: Final = 0.8
"""Share of a text's hashes that one earlier text must hold for it to count as copied."""
SHORTEST: Final = 16
"""Normal characters; shorter texts («已整改到位») are too common to call copied."""

Salts = NDArray[np.uint64]


class Text(NamedTuple):
    """`own` names whose text it is: a text is never compared with one of the same `own`; only texts of
    the same `scope` are compared. `judged` is False for texts that serve as sources only."""

    own: str
    scope: str
    words: str
    judged: bool = True


class Copy(NamedTuple):
    """Text number `text` shares `share` (0 to 1) of its hashes with the earlier text `source`."""

    text: int
    source: int
    share: float


def copied(texts: Sequence[Text]) -> Iterator[Copy]:
    """The judged texts that repeat an earlier one; give the texts in the order in which they were written."""
    rows, size = _printed(texts)
    pairs, count = np.unique(_pairs(rows, texts), axis=0, return_counts=True)
    share = count / size[pairs[:, 0]]
    best = np.lexsort((pairs[:, 1], -share, pairs[:, 0]))
    first = best[np.unique(pairs[best, 0], return_index=True)[1]]
    for at in first[share[first] >= SHARED]:
        yield Copy(int(pairs[at, 0]), int(pairs[at, 1]), float(share[at]))


def _printed(texts: Sequence[Text]) -> tuple[Rows, Rows]:
    """The hashes of all texts that are long enough, as rows for `star`, and how many each text has.

    All texts are one string: a hash counts where its first and its last character are of one text. Each scope
    changes the hashes in its own way, so that no other scope holds the same."""
    codes, places = normal_codes(codes_of("".join(text.words for text in texts)))
    holder = np.repeat(np.arange(len(texts)), [len(text.words) for text in texts])[places]
    long = np.bincount(holder, minlength=len(texts))[holder] >= SHORTEST
    at = np.flatnonzero((holder[: 1 - K] == holder[K - 1 :]) & long[: 1 - K])
    found, holder = hashes(codes, K)[at], holder[at]
    found ^= _salts([text.scope for text in texts])[holder]
    return np.stack([found << BITS, holder << 32 | at], axis=1), np.bincount(holder, minlength=len(texts))


def _salts(scopes: Sequence[str]) -> Rows:
    """For each scope as many bits as a hash has, the same for the same scope."""
    salt: Salts = _codes(scopes).astype(np.uint64) * np.uint64(STIR) >> np.uint64(64 - HASH_BITS)
    return salt.astype(np.int64)


def _pairs(rows: Rows, texts: Sequence[Text]) -> Rows:
    """(N, 2) text and source, once for each hash that a judged text shares with one of another."""
    pairs: Rows = seeds(star(rows))[:, :2].astype(np.int64)
    own, judged = _codes([text.own for text in texts]), np.array([text.judged for text in texts], bool)
    text, source = pairs.T
    return pairs.compress((own[text] != own[source]) & judged[text], axis=0)


def _codes(names: Sequence[str]) -> NDArray[np.int64]:
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(name, len(numbers)) for name in names], np.int64)
