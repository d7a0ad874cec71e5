"""Which texts repeat an earlier one: shared 8-character runs, linear in the length of all texts; no AI.

Each run of 8 characters is linked to the earliest and to the previous text that holds it (a «star join»),
so that a text copied three hundred times costs no more than one copied once.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

GRAM: Final = 8
"""Characters in a run: eight equal ones in a row seldom happen by chance in Chinese."""
SHARED: Final = 0.8
"""Share of a text's runs that one earlier text must hold for it to count as copied."""
SHORTEST: Final = 16
"""Shorter texts («已整改到位») are too common to call copied."""
OTHER: Final = re.compile(r"[\W_]+")
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
    return OTHER.sub("", unicodedata.normalize("NFKC", words).lower())


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
    words = [normal(t.words) for t in texts]
    lengths = np.array([len(each) for each in words], np.int64)
    holder = np.repeat(np.arange(len(texts)), lengths)
    hashes = _hashes("".join(words), _codes([t.scope for t in texts])[holder])
    ends = np.cumsum(lengths)[holder] - np.arange(len(holder))
    whole = (ends >= GRAM) & (lengths[holder] >= SHORTEST)
    runs, holder = hashes[whole[: len(hashes)]], holder[: len(hashes)][whole[: len(hashes)]]
    order = np.lexsort((holder, runs))
    runs, holder = runs[order], holder[order]
    new = _changes(runs) | _changes(holder)
    return runs[new], holder[new]


def _hashes(words: str, scopes: Indices) -> Hashes:
    """The hash of each run of all texts together; those that cross from one text into the next are waste."""
    points = np.frombuffer(words.encode("utf-32-le"), np.uint32).astype(np.uint64)
    total = scopes[: max(0, len(points) - GRAM + 1)].astype(np.uint64)
    for at in range(GRAM):
        total = (total ^ points[at : at + len(total)]) * _FACTOR
        total ^= total >> np.uint64(29)
    return total


def _changes(values: NDArray[Any]) -> NDArray[np.bool_]:
    """Where a value differs from the one before it; the first always does."""
    return np.concatenate((np.ones(min(1, len(values)), bool), values[1:] != values[:-1]))


def _codes(names: Sequence[str]) -> Indices:
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(name, len(numbers)) for name in names], np.int64)


def _pairs(runs: Hashes, holder: Indices, own: Indices, judged: NDArray[np.bool_]) -> Indices:
    """(text × all + source) once for each run that a judged text shares with an earlier text of another."""
    new = _changes(runs)
    earliest = holder[np.maximum.accumulate(np.where(new, np.arange(len(runs)), 0))]
    previous = np.where(new, holder, np.r_[holder[:1], holder[:-1]])
    both = [(holder, earliest), (holder[previous != earliest], previous[previous != earliest])]
    found = []
    for text, source in both:
        keep = (own[text] != own[source]) & judged[text]
        found.append(text[keep] * len(own) + source[keep])
    return np.concatenate(found)
