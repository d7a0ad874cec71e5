"""One document against those before it: what is copied from where, what is its own, and how specific that is.

    library = Library(documents, rules.documents)      # any order; the evidence puts them in order
    verdict = library.verdict(7)                        # of the eighth in `library.documents`
    verdict = library.draft(Document.read("draft", text))

Only documents come in here. What people said (complaints, suggestions, words heard on visits) never does.
docs/reuse.md has the method; the shares count letters and digits, without blanks and punctuation.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import Final, NamedTuple, Protocol, TypeVar

import numpy as np

from shigan.facts.documents import Direction, counted
from shigan.facts.faults import _
from shigan.judge.direction import Document, Evidence, evidence, ordered
from shigan.judge.heads import frame
from shigan.judge.kept import Found, Kept, aligned
from shigan.judge.kept import Passage as Passage
from shigan.judge.leaning import leaned, leaning
from shigan.judge.residues import Residue, residues
from shigan.judge.specificity import Reading, reading
from shigan.maths import reuse
from shigan.policy.documents import DocumentsPolicy

T_co = TypeVar("T_co", covariant=True)
Span = tuple[int, int]
"""[start, end) in characters of the text."""
GREY: Final = 40
"""Wording seen before in mixed sources counts from so many letters on; shorter, it is shown grey."""
SCRAP: Final = 20
"""A passage that lies in the head of a document counts if so many characters of it lie outside, as more
than 关于…的通知."""
NEARLY: Final = 0.9
"""Of two sources with nearly the same cover the later one is the parent."""
SEVERAL: Final = 0.3
"""From this copied share on a document of several sources is a collection."""


class Label(StrEnum):
    COPIED = _("照抄")
    DUTIES = _("转发并提出具体要求")
    SHORT = _("简短转发")
    SEVERAL = _("综合多份文件")
    PARTLY = _("部分沿用")
    OWN = _("原创")
    RECEIVED = _("收文")


class Source(NamedTuple):
    """An earlier document, the share of this one that stands there and the share of it that stands here
    (0 to 1), and by what evidence it is the earlier one."""

    document: Document
    share: float
    used: float
    evidence: Evidence
    passages: tuple[Passage, ...]


@dataclass(frozen=True)
class Verdict:
    """`share`: copied part of the body, 0 to 1. `mixed`: seen before in several sources, none of which
    holds it whole. `grey`: formulae, not counted. `own`: the rest. Sources in order of their share."""

    document: Document
    label: Label
    share: float
    sources: tuple[Source, ...]
    parent: Source | None
    mixed: tuple[Span, ...]
    grey: tuple[Span, ...]
    own: tuple[Span, ...]
    whole: Reading
    part: Reading
    demands: tuple[Span, ...]
    residues: tuple[Residue, ...]

    @property
    def own_length(self) -> int:
        """Characters of the own part, without blanks."""
        return sum(counted(self.document.text[a:b]) for a, b in self.own)

    @property
    def length(self) -> int:
        """Characters of the text, without blanks."""
        return counted(self.document.text)


class Numbered(Protocol[T_co]):
    """Something by the numbers of documents."""

    def __getitem__(self, number: int, /) -> T_co: ...


class Judging(ABC):
    """Documents numbered in the order of the evidence, and the index of their wording."""

    rules: DocumentsPolicy
    index: reuse.Index
    documents: Numbered[Document]
    normal: Numbered[reuse.Normal]

    @property
    @abstractmethod
    def families(self) -> Mapping[int, int]:
        """Documents that share long passages are one family: a notice and its relays."""

    def draft(self, document: Document) -> Verdict:
        """Of a text that is not in the library, against all of it."""
        normal = reuse.normalized(document.text)
        return self._judged(document, normal, self.index.query(normal), None)

    def _judged(
        self,
        document: Document,
        normal: reuse.Normal,
        islands: Sequence[reuse.Island],
        before: int | None,
    ) -> Verdict:
        many = self.rules.copying.formula_families.value
        formula = reuse.formulae(self.index, normal, islands, self.families, many)
        counted_islands = [each for each, grey in zip(islands, formula, strict=True) if not grey]
        sources = self._sources(document, normal, counted_islands, before)
        grey = [
            normal.original(i.start, i.end) for i, is_grey in zip(islands, formula, strict=True) if is_grey
        ]
        mixed = list[Span]()
        for run in reuse.seen_before(self.index, normal, islands, before):
            (mixed if run.end - run.start >= GREY else grey).append(normal.original(run.start, run.end))
        body, around = body_of(document.text), frame(document.text)
        copied = united([(p.start, p.end) for s in sources for p in s.passages] + mixed)
        own = outside(united([*copied, *grey, *around]), len(document.text))
        share = letters(normal, common(copied, body)) / max(1, letters(normal, body))
        return self._told(document, sources, share, common(united(mixed), body), united(grey), own)

    def _told(
        self,
        document: Document,
        sources: Sequence[Source],
        share: float,
        mixed: list[Span],
        grey: list[Span],
        own: list[Span],
    ) -> Verdict:
        rules = self.rules
        whole = reading(document.text, rules.wording, rules.home.names.value)
        part = whole.within(own)
        listed = tuple(s for s in sources if s.share >= float(rules.copying.listed.share))
        verdict = Verdict(
            document,
            Label.OWN,
            share,
            tuple(sources),
            parent(sources),
            tuple(mixed),
            tuple(grey),
            tuple(own),
            whole,
            part,
            tuple(demands(document.text, rules.demands.value)),
            tuple(self._residues(document)),
        )
        return replace(verdict, label=labelled(verdict, listed, rules))

    def _residues(self, document: Document) -> list[Residue]:
        home = self.rules.home
        everyday = self.rules.wording.everyday_places.value
        return residues(document.text, home.level.value, home.names.value, everyday)

    def _sources(
        self,
        document: Document,
        normal: reuse.Normal,
        islands: Sequence[reuse.Island],
        before: int | None,
    ) -> tuple[Source, ...]:
        """The sources by their share, the largest first; of equal ones the later."""
        found = self._passages(document, normal, islands, before)
        made = {n: self._source(document, normal, n, passages) for n, passages in found.items()}
        return tuple(made[n] for n in sorted(made, key=lambda n: (-made[n].share, -n)))

    def _passages(
        self,
        document: Document,
        normal: reuse.Normal,
        islands: Sequence[reuse.Island],
        before: int | None,
    ) -> Found:
        """The passages by the number of their source."""
        return aligned(normal, islands, self.normal.__getitem__)

    def _source(
        self, document: Document, normal: reuse.Normal, number: int, passages: Sequence[Passage]
    ) -> Source:
        other = self.documents[number]
        here = covered(document.text, normal, united((p.start, p.end) for p in passages))
        spans = united((p.source_start, p.source_end) for p in passages)
        used = covered(other.text, self.normal[number], spans)
        by = evidence(document, other, eras=self.rules.eras, contained=used >= NEARLY)
        if by in (Evidence.CONTAINED, Evidence.NONE) and not (other.year or other.posted):
            lean = leaning(normal, self.normal[number])
            by = lean.evidence if lean.odds > 0 else by
        return Source(other, here, used, by, tuple(passages))


class Library(Judging):
    """All documents in memory. `kept`: the passages of their texts that were found before."""

    documents: list[Document]
    normal: list[reuse.Normal]

    def __init__(
        self, documents: Iterable[Document], rules: DocumentsPolicy, kept: Kept | None = None
    ) -> None:
        self.rules, self.kept = rules, Kept() if kept is None else kept
        self.documents = leaned(ordered(list(documents), rules.eras), rules.eras)
        self.normal = [reuse.normalized(document.text) for document in self.documents]
        self.index = reuse.Index()
        for number, normal in enumerate(self.normal):
            self.index.add(number, normal)

    @cached_property
    def islands(self) -> list[list[reuse.Island]]:
        """Of each document, what it shares with earlier ones."""
        return [self.index.query(normal, before=number) for number, normal in enumerate(self.normal)]

    @cached_property
    def families(self) -> Mapping[int, int]:
        return reuse.families(island for found in self.islands for island in found)

    def verdicts(self) -> list[Verdict]:
        """Of every document, in order."""
        return [self.verdict(number) for number in range(len(self.documents))]

    def verdict(self, number: int) -> Verdict:
        """Of one document of the library, against those before it."""
        document, normal = self.documents[number], self.normal[number]
        return self._judged(document, normal, self.islands[number], number)

    def _passages(
        self,
        document: Document,
        normal: reuse.Normal,
        islands: Sequence[reuse.Island],
        before: int | None,
    ) -> Found:
        """As they were found before; of a draft nothing is kept."""
        if before is None:
            return super()._passages(document, normal, islands, before)
        return self.kept.passages(document.text, normal, islands, self._text)

    def _text(self, number: int) -> tuple[str, reuse.Normal]:
        return self.documents[number].text, self.normal[number]


def parent(sources: Sequence[Source]) -> Source | None:
    """The source that a document was made from: of those with nearly the largest cover, one that it names,
    else the latest."""
    if not sources:
        return None
    top = [s for s in sources if s.share >= NEARLY * sources[0].share]
    named = [s for s in top if s.evidence in (Evidence.TITLE, Evidence.CITED)]
    return max(named or top, key=lambda s: (s.document.dated is not None, s.document.dated, s.document.name))


def labelled(verdict: Verdict, listed: Sequence[Source], rules: DocumentsPolicy) -> Label:
    """What a document is, by its copied share and its own part."""
    if verdict.document.direction == Direction.RECEIVED:
        return Label.RECEIVED  # what others wrote is a source; who received it did not copy
    copying = rules.copying
    relays = verdict.document.head.relays or any(s.evidence is Evidence.TITLE for s in listed)
    specific = verdict.part.index >= float(copying.specific.value) and any(
        sentence.signals for sentence in verdict.part.sentences
    )
    if relays and listed and specific:
        return Label.DUTIES
    if relays and is_short(verdict, copying.honest.value):
        return Label.SHORT
    if verdict.share >= float(copying.share.share):
        return Label.DUTIES if specific else Label.COPIED
    if len(listed) > 1 and verdict.share >= SEVERAL:
        return Label.SEVERAL
    return Label.PARTLY if listed else Label.OWN


def is_short(verdict: Verdict, honest: int) -> bool:
    """A short page that passes a document on: alone, or with that document whole behind it."""
    if verdict.length <= honest:
        return True
    whole = max((p.end - p.start for s in verdict.sources for p in s.passages), default=0)
    copied = sum(b - a for a, b in united((p.start, p.end) for s in verdict.sources for p in s.passages))
    return verdict.own_length <= honest and copied > 0 and whole >= NEARLY * copied


def demands(text: str, words: Iterable[str]) -> list[Span]:
    """Where a text asks the lower level for more paper; blanks and line breaks between do not hide it."""
    plain = reuse.normalized(text)
    found = []
    for word in words:
        sought = reuse.normalized(word).text
        at = plain.text.find(sought)
        while sought and at >= 0:
            found.append(plain.original(at, at + len(sought)))
            at = plain.text.find(sought, at + 1)
    return united(found)


def letters(normal: reuse.Normal, spans: Iterable[Span]) -> int:
    """How many letters of the normal form stand in the spans."""
    bounds = np.searchsorted(normal.offsets, [edge for span in spans for edge in span])
    return int((bounds[1::2] - bounds[::2]).sum())


def covered(text: str, normal: reuse.Normal, spans: Sequence[Span]) -> float:
    """The share of the body's letters in the spans (united), 0 to 1."""
    body = body_of(text)
    return letters(normal, common(spans, body)) / max(1, letters(normal, body))


def body_of(text: str) -> list[Span]:
    """A text without red head, number, addressees, signature and date: these are no sign of copying."""
    return outside(frame(text), len(text))


def common(spans: Iterable[Span], body: Sequence[Span]) -> list[Span]:
    """What of the spans lies in the body (each united); nothing of a span that is little but head."""
    found = list[Span]()
    for span in spans:
        parts = [(max(span[0], c), min(span[1], d)) for c, d in body if c < span[1] and span[0] < d]
        if parts == [span] or sum(b - a for a, b in parts) >= SCRAP:
            found += parts
    return found


def united(spans: Iterable[Span]) -> list[Span]:
    """The same characters in as few spans as possible, in order."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif start < end:
            merged.append((start, end))
    return merged


def outside(spans: Sequence[Span], length: int) -> list[Span]:
    """What of a text of `length` characters lies in none of the spans (united)."""
    edges = [0, *(edge for span in spans for edge in span), length]
    return [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if a < b]
