"""Natural truth of direction: two versions of one law, the older and the newer, known by their dates."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TypeAlias

from shigan.bench.reuse.corpus import Base
from shigan.bench.reuse.metrics import share

Direction: TypeAlias = Callable[[str, str], float]
"""Above 0 if the second text is later than the first, below 0 if earlier, 0 if it cannot be told."""

DATED = re.compile(r"[（(].*?[）)]")


def versions(bases: Sequence[Base]) -> list[tuple[str, str]]:
    """The texts of each two neighbouring versions, the older first; same title, another date."""
    named = defaultdict[str, list[Base]](list)
    for base in sorted(bases, key=lambda base: base.date):
        named[DATED.sub("", base.title)].append(base)
    return [
        (older.text, newer.text)
        for each in named.values()
        for older, newer in pairwise(each)
        if older.date < newer.date and older.text != newer.text
    ]


def accuracy(pairs: Sequence[tuple[str, str]], direction: Direction) -> float:
    """The share of pairs told rightly; one that cannot be told counts half. NaN without pairs.

    Each is asked in both orders, so that a method gains nothing by always saying the same.
    """
    told = [_told(direction(older, newer)) for older, newer in pairs]
    told += [1 - _told(direction(newer, older)) for older, newer in pairs]
    return sum(told) / len(told) if told else share([])


def _told(verdict: float) -> float:
    return 0.5 if verdict == 0 else float(verdict > 0)
