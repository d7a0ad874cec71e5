"""What our own kernel finds: all documents are related in one pass, relays read one by one and aligned."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec

from shigan.bench.reuse.spans import Document, Kind
from shigan.bench.reuse.truth import Case
from shigan.maths import reuse
from shigan.maths.reuse.engine import Name
from shigan.maths.reuse.relate import relate

FASTEST: Name = "numba" if find_spec("numba") else "numpy"
WARMING = 20
"""Documents that are related before, so that nothing is compiled while the clock runs."""


@dataclass(slots=True)
class Reading:
    """Of all documents the pairs that are linked; of each relay the passages found in it; seconds of CPU.

    `weights`: of each relay and source, the characters that agree; `each`: seconds per relay, in their order.
    """

    passages: dict[int, list[Case]] = field(default_factory=dict)
    weights: dict[int, dict[int, float]] = field(default_factory=dict)
    pairs: set[tuple[int, int]] = field(default_factory=set)
    each: dict[int, float] = field(default_factory=dict)
    relating: float = 0.0
    asking: float = 0.0
    aligning: float = 0.0


def read(documents: Sequence[Document], name: Name = FASTEST) -> Reading:
    """Read all documents, which come in the order of their dates, `number` being their place."""
    reading, texts = Reading(), [document.text for document in documents]
    _relate(texts, name, reading)
    index = reuse.Index()
    for number, text in enumerate(texts):
        index.add(number, reuse.normalized(text))
    index.query(reuse.normalized(""))
    for document in documents:
        if document.kind is not Kind.BASE:
            _ask(document, index, texts, reading)
    return reading


def _relate(texts: Sequence[str], name: Name, reading: Reading) -> None:
    relate(enumerate(texts[:WARMING]), name)
    start = time.process_time()
    islands = relate(enumerate(texts), name).islands
    reading.relating = time.process_time() - start
    reading.pairs = {(int(doc), int(source)) for doc, source in islands[:, [0, 3]]}


def _ask(document: Document, index: reuse.Index, texts: Sequence[str], reading: Reading) -> None:
    start = time.process_time()
    normal = reuse.normalized(document.text)
    islands = index.query(normal, before=document.number)
    asked = time.process_time()
    found = reuse.passages(normal, islands, texts.__getitem__)
    reading.passages[document.number] = [
        Case(each.start, each.end, each.source, each.source_start, each.source_end) for each in found
    ]
    weights = reading.weights[document.number] = {}
    for each in found:
        weights[each.source] = weights.get(each.source, 0.0) + (each.end - each.start) * each.similarity
    done = time.process_time()
    reading.asking += asked - start
    reading.aligning += done - asked
    reading.each[document.number] = done - start


NEAR = 0.95


def parent(weights: Mapping[int, float]) -> int | None:
    """The document that most was taken from; of those within 5 % of it the latest."""
    if not weights:
        return None
    most = max(weights.values())
    return max(source for source, weight in weights.items() if weight >= NEAR * most)
