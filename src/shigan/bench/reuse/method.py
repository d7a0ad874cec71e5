"""What our own kernel finds: every document is read against those before it, and relays are aligned."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from shigan.bench.reuse.spans import Document, Kind
from shigan.bench.reuse.truth import Case
from shigan.maths import reuse


@dataclass(slots=True)
class Reading:
    """Of each relay the passages found in it; of all documents the pairs; seconds of CPU.

    `weights`: of each relay and source, the characters that agree; `each`: seconds per relay, in their order.
    """

    passages: dict[int, list[Case]] = field(default_factory=dict)
    weights: dict[int, dict[int, float]] = field(default_factory=dict)
    pairs: set[tuple[int, int]] = field(default_factory=set)
    indexing: float = 0.0
    asking: float = 0.0
    aligning: float = 0.0
    each: dict[int, float] = field(default_factory=dict)


def read(documents: Sequence[Document]) -> Reading:
    """Read all documents, which come in the order of their dates, `number` being their place."""
    reading, start = Reading(), time.process_time()
    texts = [document.text for document in documents]
    normals = [reuse.normalized(text) for text in texts]
    index = reuse.Index()
    for document, normal in zip(documents, normals, strict=True):
        index.add(document.number, normal)
    reading.indexing = time.process_time() - start
    for document in documents:
        _ask(document, index, normals[document.number], texts, reading)
    return reading


def _ask(
    document: Document, index: reuse.Index, normal: reuse.Normal, texts: Sequence[str], reading: Reading
) -> None:
    start = time.process_time()
    islands = index.query(normal, before=document.number)
    asked = time.process_time()
    reading.asking += asked - start
    reading.pairs |= {(document.number, island.source) for island in islands}
    if document.kind is Kind.BASE:
        return
    found = reuse.passages(normal, islands, texts.__getitem__)
    reading.passages[document.number] = [
        Case(each.start, each.end, each.source, each.source_start, each.source_end) for each in found
    ]
    weights = reading.weights[document.number] = {}
    for each in found:
        weights[each.source] = weights.get(each.source, 0.0) + (each.end - each.start) * each.similarity
    done = time.process_time()
    reading.aligning += done - asked
    reading.each[document.number] = done - start


NEAR = 0.95


def parent(weights: Mapping[int, float]) -> int | None:
    """The document that most was taken from; of those within 5 % of it the latest."""
    if not weights:
        return None
    most = max(weights.values())
    return max(source for source, weight in weights.items() if weight >= NEAR * most)
