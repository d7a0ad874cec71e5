"""Which of two texts the product takes for the later, if nothing but the texts is known."""

from __future__ import annotations

from shigan.judge.direction import Document
from shigan.judge.leaning import compared
from shigan.policy import Rulebook

ERAS = Rulebook.shipped().documents.eras


def later(one: str, other: str) -> float:
    """Above 0 if the other text is the later, below 0 if the first is, 0 if the evidence is the same."""
    return compared(Document.read("second", other), Document.read("first", one), ERAS).odds
