"""Formulae (套话): short wording that many unrelated documents share. It is shown grey and not counted.

Documents that share a long island are of one *family*: a notice and its thousand relays are one. An island
is a formula if it is short and its wording is held by many families.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from statistics import median
from typing import Final

from shigan.maths.reuse.index import Index
from shigan.maths.reuse.islands import Island
from shigan.maths.reuse.text import Normal

LONG: Final = 100
"""Normal characters from which on an island makes two documents one family."""
SHORT: Final = 40
"""A formula is shorter than this."""
MANY: Final = 5
"""So many families make a wording a formula."""


def families(islands: Iterable[Island], long: int = LONG) -> dict[int, int]:
    """For each document in a long island, the smallest number of its family. Others are their own family."""
    root = dict[int, int]()

    def of(doc: int) -> int:
        while root.setdefault(doc, doc) != doc:
            root[doc] = root[root[doc]]
            doc = root[doc]
        return doc

    for island in islands:
        if island.end - island.start >= long:
            one, other = of(island.doc), of(island.source)
            root[max(one, other)] = min(one, other)
    return {doc: of(doc) for doc in root}


def formulae(
    index: Index, normal: Normal, islands: Sequence[Island], family: Mapping[int, int], many: int = MANY
) -> list[bool]:
    """For each island of a document, whether it is a formula.

    `family`: of `families`, over the index's documents. An island's wording is held by as many families as
    the median of its fingerprints is."""
    return [_formula(index, normal, island, family, many) for island in islands]


def _formula(index: Index, normal: Normal, island: Island, family: Mapping[int, int], many: int) -> bool:
    if island.end - island.start >= SHORT:
        return False
    held = [_different(parts, family, 2 * many) for parts in index.holders(normal, island)]
    return bool(held) and median(held) >= many


def _different(parts: Iterable[list[int]], family: Mapping[int, int], most: int) -> int:
    """How many families hold it; `most` where there are more: of twice as many as asked for the median is
    the same."""
    found = set[int]()
    for docs in parts:
        found |= {family.get(doc, doc) for doc in docs}
        if len(found) >= most:
            return most
    return len(found)
