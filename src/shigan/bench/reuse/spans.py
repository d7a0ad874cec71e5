"""Text in which every character keeps who wrote it first: the exact truth of all later copies."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

Origins: TypeAlias = npt.NDArray[np.int64]
"""Of each character: the document that had it first, times 2^20, plus its position there."""

PLACE: Final = 20
"""Bits of a position; a document of the benchmark is shorter than 2^20 characters."""
OWN: Final = -1
"""The origin of a character that the document in the making writes itself."""
SENTENCE = re.compile(r"[^。；\n]*[。；\n]+|[^。；\n]+$")


class Kind(StrEnum):
    """How a document came about."""

    BASE = "base"
    WHOLE = "whole"
    PARTIAL = "partial"
    MOSAIC = "mosaic"
    CHAIN = "chain"
    NOTE = "note"
    MASS = "mass"


@dataclass(frozen=True, slots=True, eq=False)
class Span:
    """A text (n characters) and the origin of each (n,)."""

    text: str
    origin: Origins

    def __len__(self) -> int:
        return len(self.text)

    def part(self, start: int, end: int) -> Span:
        """The characters of [start, end)."""
        return Span(self.text[start:end], self.origin[start:end])

    def sentences(self) -> list[Span]:
        """The text cut behind 。 ； and ends of lines; together they are the whole text."""
        return [self.part(*match.span()) for match in SENTENCE.finditer(self.text)]

    def respelt(self, text: str) -> Span:
        """The same characters written otherwise, one for one."""
        if len(text) != len(self.text):
            raise ValueError("a spelling has as many characters as the text")
        return Span(text, self.origin)


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """A document of the benchmark.

    `number` is its place in the order of dates; `sources`: the documents it directly copied from;
    `rate`: the mean edit rate of its sentences, 0 to 1.
    """

    number: int
    title: str
    date: dt.date
    kind: Kind
    rate: float
    sources: tuple[int, ...]
    span: Span

    @property
    def text(self) -> str:
        """Its characters as a reader has them."""
        return self.span.text


def own(text: str) -> Span:
    """Text of the document in the making."""
    return Span(text, np.full(len(text), OWN, np.int64))


def joined(spans: Iterable[Span]) -> Span:
    """One text of many, in their order."""
    parts = list(spans)
    empty = np.empty(0, np.int64)
    return Span("".join(span.text for span in parts), np.concatenate([empty, *(s.origin for s in parts)]))


def signed(span: Span, number: int) -> Span:
    """The finished text of document `number`: what it wrote itself is first found there."""
    here = (np.int64(number) << PLACE) + np.arange(len(span), dtype=np.int64)
    return Span(span.text, np.where(span.origin == OWN, here, span.origin))


def writers(origin: Origins) -> Origins:
    """(n,) the number of the document that had each character first."""
    return origin >> PLACE


def renumbered(span: Span, places: Origins) -> Span:
    """The same text once document i has the number `places[i]`."""
    return Span(span.text, (places[writers(span.origin)] << PLACE) + (span.origin & ((1 << PLACE) - 1)))
