"""Seeded relays of known truth: whole, partial, mosaic, chains, short notes, one notice sent on and on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from shigan.bench.reuse import edits
from shigan.bench.reuse.corpus import Corpus, Foreign
from shigan.bench.reuse.spans import Document, Kind, Span, joined, own, renumbered, signed

RATES = (0.0, 0.05, 0.1, 0.2, 0.3, 0.4)
KINDS = (Kind.WHOLE, Kind.PARTIAL, Kind.MOSAIC)
SOURCE_LENGTHS = range(800, 8001)
"""Characters of a document that is copied from."""
NOTICE_LENGTHS = range(600, 2001)
STEPS = 3
"""Copies in a chain: province, city, county, township."""
NOTE, NOTE_COPIED, STRETCHES = 390, 320, 2
"""Characters of a short note and of what it copies, in so many stretches."""
MASS_RATE = 0.05
MOVED, RENAMED, RESPELT = 0.3, 0.5, 0.1
"""Chances that blocks are moved, that names are changed, and of each odd spelling."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is made: relays of each kind and rate, chains of three steps, notes, copies of one notice."""

    seed: int = 808
    each: int = 20
    chains: int = 20
    notes: int = 100
    copies: int = 1000


def made(corpus: Corpus, plan: Plan) -> list[Document]:
    """All documents, those of the corpus and the relays, in the order of their dates; number = place."""
    office = _Office(corpus, np.random.default_rng([plan.seed, 2]))
    for kind in KINDS:
        for rate in RATES:
            for _ in range(plan.each):
                office.relay(kind, rate)
    for at in range(plan.chains):
        office.chain(RATES[at % len(RATES)])
    for _ in range(plan.notes):
        office.note()
    office.mass(plan.copies)
    return _dated(office.documents)


class _Office:
    """Writes relays one after the other; numbers are places in the order of writing."""

    def __init__(self, corpus: Corpus, random: np.random.Generator) -> None:
        self.foreign: Foreign = corpus.foreign
        self.random = random
        self.documents = [
            Document(number, base.title, base.date, Kind.BASE, 0.0, (), signed(own(base.text), number))
            for number, base in enumerate(corpus.bases)
        ]
        self.usable = _endless(self._of_length(SOURCE_LENGTHS), random)

    def _of_length(self, lengths: range) -> list[Document]:
        return [document for document in self.documents if len(document.text) in lengths]

    def relay(self, kind: Kind, rate: float) -> None:
        """One relay of a kind; a mosaic has two or three sources."""
        count = int(self.random.integers(2, 4)) if kind is Kind.MOSAIC else 1
        sources = [next(self.usable) for _ in range(count)]
        pieces = [self._edited(self._taken(kind, source), rate) for source in sources]
        own_length = self._own_length(kind, sum(map(len, pieces)))
        self._add(kind, rate, sources, self._with_own(pieces, own_length))

    def _taken(self, kind: Kind, source: Document) -> list[Span]:
        """The sentences that are copied, in their order."""
        sentences = source.span.sentences()
        if kind is not Kind.PARTIAL and kind is not Kind.MOSAIC:
            return sentences
        wanted = int(self.random.integers(300, 1201)) if kind is Kind.MOSAIC else len(source.span) // 2
        start = int(self.random.integers(max(1, len(sentences) // 2)))
        ends = np.cumsum([len(sentence) for sentence in sentences[start:]])
        return sentences[start : start + 1 + int(np.searchsorted(ends, wanted))]

    def _edited(self, sentences: list[Span], rate: float) -> Span:
        foreign, random = self.foreign, self.random
        if rate and random.random() < MOVED:
            sentences = edits.moved(sentences, random)
        return joined(edits.edited(sentence, rate, foreign.fragment, random) for sentence in sentences)

    def _own_length(self, kind: Kind, copied: int) -> int:
        if kind is Kind.WHOLE:
            return 0
        share = self.random.uniform(0.3, 0.6) if kind is Kind.PARTIAL else self.random.uniform(0.5, 0.8)
        return round(copied * (1 - share) / share)

    def _with_own(self, pieces: list[Span], length: int) -> Span:
        """Own text before, between and behind the pieces, of `length` characters together."""
        if not length:
            return joined(pieces)
        gap = max(1, length // (len(pieces) + 1))
        parts = [self._own(gap)]
        for piece in pieces:
            parts += [piece, own("\n"), self._own(gap)]
        return joined(parts)

    def _own(self, length: int) -> Span:
        return own(self.foreign.text(length))

    def chain(self, rate: float) -> None:
        """Three copies, each of the one before."""
        last = next(self.usable)
        for _ in range(STEPS):
            last = self._add(Kind.CHAIN, rate, [last], self._edited(last.span.sentences(), rate))

    def note(self) -> None:
        """A note of 390 characters, 320 of them copied from one document."""
        source = next(self.usable)
        length = NOTE_COPIED // STRETCHES
        starts = np.sort(self.random.choice(len(source.span) // length, STRETCHES, replace=False)) * length
        stretches = [source.span.part(start, start + length) for start in map(int, starts)]
        rest = (NOTE - NOTE_COPIED) // (STRETCHES + 1)
        parts = [own(self.foreign.fragment(NOTE - NOTE_COPIED - rest * STRETCHES))]
        for stretch in stretches:
            parts += [stretch, own(self.foreign.fragment(rest))]
        self._add(Kind.NOTE, 0.0, [source], joined(parts), as_it_is=True)

    def mass(self, copies: int) -> None:
        """One notice that so many villages send on, each with a sentence of its own."""
        notices = [each for each in self._of_length(NOTICE_LENGTHS) if each.kind is Kind.BASE]
        source = notices[self.random.integers(len(notices))]
        for _ in range(copies):
            copy = self._edited(source.span.sentences(), MASS_RATE)
            self._add(Kind.MASS, MASS_RATE, [source], joined([copy, self._own(1)]))

    def _add(
        self, kind: Kind, rate: float, sources: Sequence[Document], span: Span, *, as_it_is: bool = False
    ) -> Document:
        number, random = len(self.documents), self.random
        span = span if as_it_is else self._spelt(span)
        days = int(random.integers(1, 61) if kind is Kind.MASS else random.integers(20, 401))
        date = max(source.date for source in sources) + dt.timedelta(days)
        title = f"{kind} {rate:g} {number}"
        numbers = tuple(source.number for source in sources)
        document = Document(number, title, date, kind, rate, numbers, signed(span, number))
        self.documents.append(document)
        return document

    def _spelt(self, span: Span) -> Span:
        """Names, traditional characters, widths and blanks, each by chance."""
        names, old, wide, blanks = self.random.random(4)
        span = edits.renamed(span) if names < RENAMED else span
        span = edits.traditional(span) if old < RESPELT else span
        span = edits.widened(span) if wide < RESPELT else span
        return edits.spaced(span, self.random) if blanks < RESPELT else span


def _endless(documents: list[Document], random: np.random.Generator) -> Iterator[Document]:
    """All of them in a random order, again and again."""
    if not documents:
        raise ValueError(f"no document has {SOURCE_LENGTHS.start} to {SOURCE_LENGTHS.stop - 1} characters")
    while True:
        yield from (documents[at] for at in random.permutation(len(documents)))


def _dated(documents: list[Document]) -> list[Document]:
    """The documents numbered anew in the order of their dates; origins and sources follow."""
    order = sorted(documents, key=lambda document: (document.date, document.number))
    places = np.empty(len(order), np.int64)
    places[[document.number for document in order]] = np.arange(len(order))
    return [_moved(document, places) for document in order]


def _moved(document: Document, places: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Document:
    sources = tuple(int(places[source]) for source in document.sources)
    number = int(places[document.number])
    return replace(document, number=number, sources=sources, span=renumbered(document.span, places))
