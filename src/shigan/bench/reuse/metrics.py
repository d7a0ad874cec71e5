"""How well copied passages were found: characters, passages and pairs, after the PAN evaluations.

Potthast, Stein, Barrón-Cedeño & Rosso, "An Evaluation Framework for Plagiarism Detection", COLING 2010.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from shigan.bench.reuse.truth import Case, Mask

NONE = float("nan")


@dataclass(frozen=True, slots=True)
class Counts:
    """How much was right of what was found, and how much there was to find; counts add up."""

    right: int = 0
    found: int = 0
    true: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.right + other.right, self.found + other.found, self.true + other.true)

    @property
    def precision(self) -> float:
        """Of what was found, the share that is right; NaN of nothing."""
        return self.right / self.found if self.found else NONE

    @property
    def recall(self) -> float:
        """Of what there was, the share that was found; NaN of nothing."""
        return self.right / self.true if self.true else NONE

    @property
    def f1(self) -> float:
        """The harmonic mean of both; NaN where there was nothing and nothing was found."""
        both = self.found + self.true
        return 2 * self.right / both if both else NONE


def total(counts: Iterable[Counts]) -> Counts:
    """The sum of all."""
    return sum(counts, Counts())


def characters(true: Mask, found: Mask, ignored: Mask) -> Counts:
    """Characters of one text: `ignored` ones that are not true count neither for nor against."""
    found = found & (true | ~ignored)
    return Counts(int((true & found).sum()), int(found.sum()), int(true.sum()))


def marked(cases: Iterable[Case], length: int, *, there: bool = False) -> Mask:
    """(length,) the characters inside the passages, here or, with `there`, in their source."""
    mask = np.zeros(length, bool)
    for case in cases:
        start, end = (case.source_start, case.source_end) if there else (case.start, case.end)
        mask[start:end] = True
    return mask


def meet(one: Case, other: Case) -> bool:
    """Whether two passages of the same two documents have a character in common on both sides."""
    here = min(one.end, other.end) > max(one.start, other.start)
    there = min(one.source_end, other.source_end) > max(one.source_start, other.source_start)
    return here and there and one.source == other.source


def pieces(true: Sequence[Case], found: Sequence[Case]) -> list[int]:
    """Of each passage that was found at all, in how many pieces it was."""
    counts = (sum(meet(case, each) for each in found) for case in true)
    return [count for count in counts if count]


def granularity(counts: Sequence[int]) -> float:
    """In how many pieces a passage is shown on average, 1 at best; NaN if none was found."""
    return sum(counts) / len(counts) if counts else NONE


def plagdet(f1: float, pieces_each: float) -> float:
    """F1 / log2(1 + granularity), the PAN score in [0, 1]."""
    return f1 / math.log2(1 + pieces_each)


def document_pairs(found: set[tuple[int, int]], true: dict[tuple[int, int], int]) -> Counts:
    """Pairs (copy, source), given how many characters each pair shares.

    From `SHARED` characters a pair should be found; down to `FEW` it may.
    """
    positive = {pair for pair, count in true.items() if count >= SHARED}
    open_ = {pair for pair, count in true.items() if FEW <= count < SHARED}
    return Counts(len(found & positive), len(found - open_), len(positive))


SHARED, FEW = 100, 12


def share(hits: Iterable[bool]) -> float:
    """The part that is so; NaN of nothing."""
    answers = list(hits)
    return sum(answers) / len(answers) if answers else NONE
