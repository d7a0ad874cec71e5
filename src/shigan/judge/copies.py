"""Which texts repeat an earlier one: shared 8-character runs, linear in the length of all texts; no AI.

Each run of 8 characters is linked to the earliest and to the previous text that holds it (a «star join»),
so that a text copied three hundred times costs no more than one copied once.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

GRAM: Final = 8
"""Characters in a run: eight equal ones in a row seldom happen by chance in Chinese."""
SHARED: Final = 0.8
"""Share of a text's runs that one earlier text must hold for it to count as copied."""
SHORTEST: Final = 16
"""Shorter texts («已整改到位») are too common to call copied."""
_FACTOR: Final = np.uint64(0x9E3779B97F4A7C15)

Hashes = NDArray[np.uint64]
Indices = NDArray[np.int64]


class Text(NamedTuple):
    """`own` names whose text it is: a text is never compared with one of the same `own`; only texts of
    the same `scope` are compared. `judged` is False for texts that serve as sources only."""

    own: str
    scope: str
    words: str
    judged: bool = True


class Copy(NamedTuple):
    """Text number `text` shares `share` (0 to 1) of its runs with the earlier text number `source`."""

    text: int
    source: int
    share: float


def normal(words: str) -> str:
    """The letters, characters and digits only, in one width and case."""
    return "".join(c for c in unicodedata.normalize("NFKC", words).lower() if c.isalnum())


def copied(texts: Sequence[Text]) -> Iterator[Copy]:
    """The judged texts that repeat an earlier one; give the texts in the order in which they were written."""
    found = _shared(texts)
    if found is None:
        return
    text, source, share = found
    for at in np.flatnonzero(share >= SHARED):
        yield Copy(int(text[at]), int(source[at]), float(share[at]))


def _shared(texts: Sequence[Text]) -> tuple[Indices, Indices, NDArray[np.float64]] | None:
    """For each judged text its best source and the share of its runs found there."""
    runs, holder = _runs(texts)
    if not len(runs):
        return None
    size = np.bincount(holder, minlength=len(texts))
    pairs = _pairs(runs, holder, _codes([t.own for t in texts]), np.array([t.judged for t in texts]))
    if not len(pairs):
        return None
    pair, count = np.unique(pairs, return_counts=True)
    text, source = pair // len(texts), pair % len(texts)
    share = count / size[text]
    best = np.lexsort((source, -share, text))
    first = np.unique(text[best], return_index=True)[1]
    return text[best][first], source[best][first], share[best][first]


def _runs(texts: Sequence[Text]) -> tuple[Hashes, Indices]:
    """The distinct runs of every text as hashes, sorted by (run, text), and which text holds each."""
    scopes = _codes([t.scope for t in texts])
    hashes = [_hashes(normal(t.words), int(scope)) for t, scope in zip(texts, scopes, strict=True)]
    if not hashes:
        return np.empty(0, np.uint64), np.empty(0, np.int64)
    holder = np.repeat(np.arange(len(texts)), [len(h) for h in hashes])
    runs = np.concatenate(hashes)
    order = np.lexsort((holder, runs))
    return runs[order], holder[order]


def _hashes(words: str, scope: int) -> Hashes:
    """The distinct run hashes of one normalized text; none for a short one."""
    if len(words) < SHORTEST:
        return np.empty(0, np.uint64)
    points = np.frombuffer(words.encode("utf-32-le"), np.uint32).astype(np.uint64)
    total = np.full(len(points) - GRAM + 1, scope, np.uint64)
    for at in range(GRAM):
        total = (total ^ points[at : at + len(total)]) * _FACTOR
        total ^= total >> np.uint64(29)
    return np.unique(total)


def _codes(names: Sequence[str]) -> Indices:
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(name, len(numbers)) for name in names], np.int64)


def _pairs(runs: Hashes, holder: Indices, own: Indices, judged: NDArray[np.bool_]) -> Indices:
    """(text × all + source) once for each run that a judged text shares with an earlier text of another."""
    new = np.r_[True, runs[1:] != runs[:-1]]
    earliest = holder[np.maximum.accumulate(np.where(new, np.arange(len(runs)), 0))]
    previous = np.where(new, holder, np.r_[holder[:1], holder[:-1]])
    both = [(holder, earliest), (holder[previous != earliest], previous[previous != earliest])]
    found = []
    for text, source in both:
        keep = (own[text] != own[source]) & judged[text]
        found.append(text[keep] * len(own) + source[keep])
    return np.concatenate(found)
