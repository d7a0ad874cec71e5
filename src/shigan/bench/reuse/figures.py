"""All figures of one run: what was found of the relays, against their truth."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from shigan.bench.reuse import metrics, truth
from shigan.bench.reuse.method import Reading, parent
from shigan.bench.reuse.metrics import Counts
from shigan.bench.reuse.relays import KINDS
from shigan.bench.reuse.spans import Document, Kind, writers
from shigan.bench.reuse.truth import Case, Mask, Runs

NATURAL = 12
"""Equal letters in a row that make a relay's own text natural reuse: neither asked for nor wrong."""
ENOUGH = 20
"""Characters of a source that must be marked for the relay to count as found."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One source of one relay: `found` if enough of it is marked as copied, `named` if from that source."""

    relay: int
    source: int
    kind: Kind
    rate: float
    found: bool
    named: bool


@dataclass(frozen=True, slots=True)
class Read:
    """One relay: characters copied from anybody earlier, and from its own sources, there on both sides.

    `pieces`: of each true passage found, in how many; `parent_right`: None if it was not asked for.
    """

    document: Document
    anybody: Counts
    sources: Counts
    pieces: list[int]
    seen: list[Seen]
    parent_right: bool | None


def reads(documents: Sequence[Document], reading: Reading) -> list[Read]:
    """The figures of every relay."""
    runs = Runs([document.text for document in documents], NATURAL)
    family = families(documents)
    return [
        _read(document, documents, reading, runs, family[document.number])
        for document in documents
        if document.kind is not Kind.BASE
    ]


def _read(
    document: Document, documents: Sequence[Document], reading: Reading, runs: Runs, family: Sequence[int]
) -> Read:
    passages = reading.passages[document.number]
    natural = _natural(document, runs)
    from_sources = [
        _from_source(document, documents[source], passages, natural) for source in document.sources
    ]
    return Read(
        document,
        _anybody(document, passages, natural),
        metrics.total(counts for counts, _ in from_sources),
        [count for _, pieces in from_sources for count in pieces],
        [_seen(document, documents[source], passages) for source in document.sources],
        _parent_right(document, documents, reading.weights[document.number], family),
    )


def _natural(document: Document, runs: Runs) -> Mask:
    number, size = document.number, len(document.text)
    seen = truth.in_text(runs.seen_before(number), runs.positions[number], size)
    return truth.filled(seen, truth.GAP)


def _anybody(document: Document, passages: Sequence[Case], natural: Mask) -> Counts:
    found = metrics.marked(passages, len(document.text))
    return metrics.characters(truth.copied(document), found, natural)


def _from_source(
    document: Document, source: Document, passages: Sequence[Case], natural: Mask
) -> tuple[Counts, list[int]]:
    true = truth.cases(document, source)
    found = [passage for passage in passages if passage.source == source.number]
    size, nothing = len(source.text), np.zeros(len(source.text), bool)
    here = metrics.characters(
        metrics.marked(true, len(document.text)), metrics.marked(found, len(document.text)), natural
    )
    there = metrics.characters(
        metrics.marked(true, size, there=True), metrics.marked(found, size, there=True), nothing
    )
    return here + there, metrics.pieces(true, found)


def _seen(document: Document, source: Document, passages: Sequence[Case]) -> Seen:
    size = len(document.text)
    true = metrics.marked(truth.cases(document, source), size)
    of_source = [passage for passage in passages if passage.source == source.number]
    found, named = (
        int((true & metrics.marked(some, size)).sum()) >= ENOUGH for some in (passages, of_source)
    )
    return Seen(document.number, source.number, document.kind, document.rate, found, named)


def families(documents: Sequence[Document]) -> Mapping[int, list[int]]:
    """Of each relay the earlier documents that hold characters of the same first writers."""
    held = dict[int, list[int]]()
    families = dict[int, list[int]]()
    for document in documents:
        first = [int(writer) for writer in np.unique(writers(document.span.origin))]
        if document.kind not in (Kind.BASE, Kind.MASS):
            families[document.number] = sorted({other for writer in first for other in held.get(writer, [])})
        else:
            families[document.number] = list(document.sources)
        if document.kind is not Kind.MASS:
            for writer in first:
                held.setdefault(writer, []).append(document.number)
    return families


def _parent_right(
    document: Document, documents: Sequence[Document], weights: Mapping[int, float], family: Sequence[int]
) -> bool | None:
    """Whether the first-ranked parent is a source, or shares as much as one; not asked of mass copies."""
    if document.kind is Kind.MASS:
        return None
    named = parent(weights)
    if named is None or named in document.sources:
        return named is not None
    most = max(truth.shared(document, documents[source]) for source in document.sources)
    return named in family and truth.shared(document, documents[named]) >= most


def of_kind(all_: Iterable[Read], *kinds: Kind, rate: float | None = None) -> Iterator[Read]:
    """The relays of some kinds and, if given, one rate."""
    return (read for read in all_ if read.document.kind in kinds and rate in (None, read.document.rate))


EDITED = (*KINDS, Kind.CHAIN)
"""The kinds that every rate has."""


def characters(all_: Sequence[Read], rate: float | None = None) -> Counts:
    """Characters copied from anybody, over the relays of a rate or of all."""
    return metrics.total(read.anybody for read in of_kind(all_, *EDITED, rate=rate))


def by_source(all_: Sequence[Read], rate: float | None = None) -> Counts:
    """Characters of the passages between relays and their own sources, both sides."""
    return metrics.total(read.sources for read in of_kind(all_, *EDITED, rate=rate))


def granularity(all_: Sequence[Read]) -> float:
    """Pieces per passage found."""
    return metrics.granularity([count for read in of_kind(all_, *EDITED) for count in read.pieces])


def found(all_: Sequence[Read], *kinds: Kind, rate: float | None = None, named: bool = False) -> float:
    """The share of (relay, source) that was found or named."""
    seen = (each for read in of_kind(all_, *kinds, rate=rate) for each in read.seen)
    return metrics.share(each.named if named else each.found for each in seen)


def parents(all_: Sequence[Read], *kinds: Kind) -> float:
    """The share of relays whose first-ranked parent is right."""
    return metrics.share(bool(read.parent_right) for read in of_kind(all_, *kinds))


def steadiness(reading: Reading, all_: Sequence[Read]) -> float:
    """Seconds of the last quarter of the mass copies over those of the first: 1 if time is linear."""
    times = [reading.each[read.document.number] for read in of_kind(all_, Kind.MASS)]
    quarter = len(times) // 4
    return sum(times[-quarter:]) / sum(times[:quarter]) if quarter else metrics.NONE
