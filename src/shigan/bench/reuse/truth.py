"""What was copied from where: from the origins exactly, and natural reuse by brute force over equal runs."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from shigan.bench.reuse.edits import TO_SIMPLIFIED
from shigan.bench.reuse.spans import Document, Origins, writers

Mask: TypeAlias = npt.NDArray[np.bool_]
Places: TypeAlias = npt.NDArray[np.int64]

GAP, SKIPPED = 20, 60
"""Characters of its own that a passage may hold in one place, and of the source that it may leave out."""


@dataclass(frozen=True, slots=True)
class Case:
    """A passage of one document that is in another: [start, end) here, [source_start, source_end) there.

    Either the truth or what a method found; positions in the characters as they are written.
    """

    start: int
    end: int
    source: int
    source_start: int
    source_end: int


def kept(document: Document) -> Mask:
    """(n,) which characters somebody else wrote first."""
    mask: Mask = writers(document.span.origin) != document.number
    return mask


def copied(document: Document) -> Mask:
    """(n,) the same with the clerk's changes inside a passage: gaps of up to `GAP` are filled."""
    return filled(kept(document), GAP)


def filled(mask: Mask, gap: int) -> Mask:
    """The mask with all holes between two marked characters closed that are not longer than `gap`."""
    marked = np.flatnonzero(mask)
    result = mask.copy()
    for start, end in pairwise(marked.tolist()):
        if 1 < end - start <= gap + 1:
            result[start:end] = True
    return result


def pairs(copy: Origins, source: Origins) -> tuple[Places, Places]:
    """Positions in both of the characters that are the same (written once, by whomever), in copy's order."""
    order = np.argsort(source, kind="stable")
    there = np.searchsorted(source, copy, sorter=order)
    at = order[np.minimum(there, len(source) - 1)]
    same = np.flatnonzero(source[at] == copy)
    return same, at[same]


def shared(copy: Document, source: Document) -> int:
    """How many characters of the copy are the source's."""
    return len(pairs(copy.span.origin, source.span.origin)[0]) if len(source.span) else 0


def cases(copy: Document, source: Document) -> list[Case]:
    """The passages of the copy that are the source's, in their order.

    A passage goes on over up to `GAP` characters that are not the source's and up to `SKIPPED` of the
    source's that were left out; a moved block is another passage.
    """
    here, there = pairs(copy.span.origin, source.span.origin)
    if not len(here):
        return []
    on, along = np.diff(here), np.diff(there)
    breaks = np.flatnonzero((on > GAP + 1) | (along < 1) | (along > SKIPPED + 1)) + 1
    starts, ends = np.append(0, breaks), np.append(breaks, len(here)) - 1
    return [
        Case(int(here[a]), int(here[b]) + 1, source.number, int(there[a]), int(there[b]) + 1)
        for a, b in zip(starts, ends, strict=True)
    ]


def letters(text: str) -> tuple[str, Places]:
    """Letters and digits in one width, case and spelling, and where each stood; not by the product's rule."""
    kept_ = [
        (char, at)
        for at, whole in enumerate(text.translate(TO_SIMPLIFIED))
        for char in unicodedata.normalize("NFKC", whole).lower()
        if char.isalnum()
    ]
    return "".join(char for char, _ in kept_), np.array([at for _, at in kept_], np.int64)


class Runs:
    """All runs of `length` equal letters in a sequence of texts, found by brute force.

    Equal runs get equal names: names of runs of 2m letters are made of those of m (Karp, Miller & Rosenberg,
    STOC 1972), so that nothing rests on a hash. A code of its own behind each text keeps runs inside texts.
    """

    def __init__(self, texts: Sequence[str], length: int) -> None:
        self.length = length
        parts = [letters(text) for text in texts]
        self.positions = [places for _, places in parts]
        self.bounds = np.cumsum([0, *(len(places) + 1 for places in self.positions)])
        codes = [
            np.append(np.frombuffer(text.encode("utf-32-le"), np.uint32).astype(np.int64), BEYOND + number)
            for number, (text, _) in enumerate(parts)
        ]
        self.names = _names(np.concatenate([np.empty(0, np.int64), *codes]), length)
        self.order = np.argsort(self.names, kind="stable")
        self.sorted = self.names[self.order]

    def seen_before(self, number: int) -> Mask:
        """(letters,) which letters of a text lie in a run that an earlier text holds."""
        start, end = map(int, self.bounds[number : number + 2])
        first = self.order[np.searchsorted(self.sorted, self.names[start : end - 1])]
        return self._covered(number, np.flatnonzero(first < start))

    def _covered(self, number: int, runs: Places) -> Mask:
        mask = np.zeros(len(self.positions[number]), bool)
        for offset in range(self.length):
            mask[runs + offset] = True
        return mask

    def earlier(self, number: int) -> dict[int, int]:
        """How many letters of a text lie in runs of each earlier text."""
        start, end = map(int, self.bounds[number : number + 2])
        names = self.names[start : end - 1]
        low, high = (np.searchsorted(self.sorted, names, side=side) for side in SIDES)
        count = high - low
        at = np.repeat(np.arange(len(names)), count)
        within = np.arange(len(at)) - np.repeat(np.cumsum(count) - count, count)
        runs = self.order[np.repeat(low, count) + within]
        at, runs = at[runs < start], runs[runs < start]
        text = np.searchsorted(self.bounds, runs, side="right") - 1
        return {int(other): int(self._covered(number, at[text == other]).sum()) for other in np.unique(text)}


BEYOND = 0x110000
"""The first code that is no character."""
SIDES: Final[tuple[Literal["left"], Literal["right"]]] = ("left", "right")


def _names(codes: Places, length: int) -> Places:
    """(n,) equal numbers exactly where the next `length` codes are equal; the end is filled with −1."""
    names, have = np.unique(codes, return_inverse=True)[1], 1
    while have < length:
        step = min(have, length - have)
        ahead = np.full(len(names), -1)
        ahead[: max(0, len(names) - step)] = names[step:]
        names = np.unique(names * (len(codes) + 2) + ahead + 1, return_inverse=True)[1]
        have += step
    return names.astype(np.int64)


def in_text(mask: Mask, positions: Places, length: int) -> Mask:
    """A mask of letters as one of the characters of the text (length,)."""
    result = np.zeros(length, bool)
    result[positions[mask]] = True
    return result
