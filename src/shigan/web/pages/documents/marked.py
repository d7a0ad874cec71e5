"""A text cut into pieces, each with what is said of it: its source, its words, what is asked about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from shigan.judge.documents import Passage, Source, Verdict

HUES: Final = 8
"""Classes sg-hue-0 … sg-hue-7."""
SIGNS: Final = {
    "who": _("谁"),
    "when": _("何时"),
    "how_much": _("多少"),
    "where": _("哪里"),
    "contact": _("找谁"),
}
FOLD: Final = 240
"""A stretch of one side only is folded from so many characters on."""


class Mark(NamedTuple):
    """[start, end) gets the class; at its start stands the label."""

    start: int
    end: int
    kind: str
    label: str = ""
    title: str = ""


@dataclass(frozen=True)
class Piece:
    """Words with the classes, and the labels that stand before them."""

    words: str
    kinds: str = ""
    labels: tuple[str, ...] = ()
    title: str = ""


class Row(NamedTuple):
    """A stretch of both texts side by side; `same`: it is a passage. `fold`: it is long and of one side."""

    ours: str
    theirs: str
    same: bool
    fold: bool
    similarity: float = 0.0


def letter(nth: int) -> str:
    """The label of a source: A, B … Z, then numbers."""
    return chr(ord("A") + nth) if nth < 26 else str(nth + 1)


def pieces(verdict: Verdict) -> list[Piece]:
    """The text with its sources, formulae, specific words and questions."""
    return list(_cut(verdict.document.text, list(_marks(verdict))))


def _marks(verdict: Verdict) -> Iterator[Mark]:
    for nth, source in reversed(list(enumerate(verdict.sources))):
        for p in source.passages:
            yield Mark(p.start, p.end, f"sg-hue-{nth % HUES}", letter(nth))
    for start, end in verdict.mixed:
        yield Mark(start, end, "sg-mixed", gettext("多份"))
    for start, end in verdict.grey:
        yield Mark(start, end, "sg-formula", title=gettext("套话，不计入相同文字"))
    for sentence in verdict.whole.sentences:
        for sign in sentence.signals:
            yield Mark(sign.start, sign.end, "sg-sign", title=gettext(SIGNS[sign.sign]))
    for start, end in verdict.demands:
        yield Mark(start, end, "sg-ask", gettext("要求报送或配套"))
    for residue in verdict.residues:
        yield Mark(residue.start, residue.end, "sg-ask", gettext("请核对"))


def _cut(text: str, marks: Sequence[Mark]) -> Iterator[Piece]:
    """The text cut at every edge; a sweep keeps which marks are open."""
    starting: dict[int, list[Mark]] = {}
    for mark in marks:
        starting.setdefault(mark.start, []).append(mark)
    edges = sorted({0, len(text), *(m.start for m in marks), *(m.end for m in marks)})
    opened: list[Mark] = []
    for start, end in pairwise(edges):
        new = starting.get(start, [])
        opened = [mark for mark in opened if mark.end > start] + new
        labels = tuple(dict.fromkeys(mark.label for mark in new if mark.label))
        titles = "、".join(dict.fromkeys(mark.title for mark in opened if mark.title))
        yield Piece(text[start:end], " ".join(dict.fromkeys(m.kind for m in _on_top(opened))), labels, titles)


def _on_top(opened: Sequence[Mark]) -> list[Mark]:
    """One colour only: that of the source with the largest share, which was put last."""
    hues = [mark for mark in opened if mark.kind.startswith("sg-hue")]
    return [mark for mark in opened if mark not in hues[:-1]]


def side_by_side(ours: str, theirs: str, source: Source | None) -> list[Row]:
    """Both texts in rows: passages beside each other, between them what only one side has."""
    rows, here, there = list[Row](), 0, 0
    for p in sorted(source.passages, key=lambda p: p.start) if source else ():
        if p.start < here:
            continue
        rows += _only(ours[here : p.start], theirs[there : p.source_start])
        rows.append(_same(ours, theirs, p))
        here, there = p.end, max(there, p.source_end)
    return rows + _only(ours[here:], theirs[there:])


def _same(ours: str, theirs: str, p: Passage) -> Row:
    both = ours[p.start : p.end].strip(), theirs[p.source_start : p.source_end].strip()
    return Row(*both, True, False, p.similarity)


def _only(ours: str, theirs: str) -> list[Row]:
    ours, theirs = ours.strip(), theirs.strip()
    return [Row(ours, theirs, False, max(len(ours), len(theirs)) > FOLD)] if ours or theirs else []
