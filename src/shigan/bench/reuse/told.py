"""Which of two texts the product takes for the later, if nothing but the texts is known."""

from __future__ import annotations

from shigan.judge.direction import Document, Evidence, evidence
from shigan.policy import Rulebook

ERAS = Rulebook.shipped().documents.eras
STRENGTH = {each: len(Evidence) - place for place, each in enumerate(Evidence)}


def later(one: str, other: str) -> float:
    """Above 0 if the other text is the later, below 0 if the first is, 0 if the evidence is the same."""
    first, second = Document.read("first", one), Document.read("second", other)
    found = evidence(second, first, eras=ERAS), evidence(first, second, eras=ERAS)
    return float(STRENGTH[found[0]] - STRENGTH[found[1]])
