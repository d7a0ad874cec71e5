"""Natural truth of direction: two versions of one law, the older and the newer, known by their dates."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from itertools import combinations
from typing import TypeAlias

from shigan.bench.reuse.corpus import Base
from shigan.bench.reuse.metrics import share
from shigan.bench.reuse.truth import letters

Direction: TypeAlias = Callable[[str, str], float]
"""Above 0 if the second text is later than the first, below 0 if earlier, 0 if it cannot be told."""

DATED = re.compile(r"[（(].*?[）)]")
AMENDMENTS = "修正案"
"""Amendments of one title follow each other; they are no versions of one text."""
RELATED, RUN = 0.2, 12
"""The share of the shorter text that two versions have in common at least, in runs of so many letters."""


def versions(bases: Sequence[Base]) -> list[tuple[str, str]]:
    """The texts of each two versions, the older first: same title, another date, some common text."""
    named = defaultdict[str, list[Base]](list)
    for base in sorted(bases, key=lambda base: base.date):
        named[DATED.sub("", base.title)].append(base)
    return [
        (older.text, newer.text)
        for title, each in named.items()
        for older, newer in combinations(each, 2)
        if not title.endswith(AMENDMENTS) and older.date < newer.date and _related(older.text, newer.text)
    ]


def _related(one: str, other: str) -> bool:
    """Whether two texts have much in common without being the same."""
    first, second = _runs(one), _runs(other)
    return one != other and len(first & second) >= RELATED * max(1, min(len(first), len(second)))


def _runs(text: str) -> set[str]:
    plain = letters(text)[0]
    return {plain[at : at + RUN] for at in range(len(plain) - RUN + 1)}


def accuracy(pairs: Sequence[tuple[str, str]], direction: Direction) -> float:
    """The share of pairs told rightly; one that cannot be told counts half. NaN without pairs.

    Each is asked in both orders, so that a method gains nothing by always saying the same.
    """
    told = [_told(direction(older, newer)) for older, newer in pairs]
    told += [1 - _told(direction(newer, older)) for older, newer in pairs]
    return sum(told) / len(told) if told else share([])


def _told(verdict: float) -> float:
    return 0.5 if verdict == 0 else float(verdict > 0)
