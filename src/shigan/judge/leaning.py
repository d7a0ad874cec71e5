"""Which of two texts without any date is likely the later, by what was changed between them (改动).

Where a passage stands in both, the words in the same places are compared: who writes 县 where the other
writes 省 has the text from above. Of two versions of one text the one that says more is the newer. Each cue
has its odds; their sum decides, and the strongest cue on that side is named.

The odds are ln((right + ½) / (wrong + ½)): of the level on relays of `shigan bench reuse`, seeds 1 and 2
(166 right, 9 wrong; their other odd spellings say nothing), of the length on the 50 pairs of versions of laws
(32 right, 3 wrong). Source of the rule: weights of evidence, Good (1950), Probability and the Weighing of
Evidence, ch. 6. docs/reuse.md has what they reach on texts that nobody tuned on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import Final, NamedTuple

from shigan.judge.direction import NO_ERAS, Document, Evidence, evidence
from shigan.maths import reuse
from shigan.policy.documents import Eras

RANKS: Final = {
    letter: rank for rank, row in enumerate(("国", "省", "市州盟", "县旗区", "乡镇", "村")) for letter in row
}
"""The last letter of a level or of a place's name, the highest level first."""
SHORT: Final = 8
"""Letters of two names that stand for one another, at most."""
VERSIONS: Final = 0.5
"""Texts of which both have so much in common are versions of one text; an extract is not the older for it."""
LONGER: Final = 1.05
"""So much longer a version says more."""
LEVEL_ODDS, GROWN_ODDS = 2.86, 2.23
SURE: Final = 9.0
"""Stands for evidence that is not weighed: a number cited, a date, wording of known age."""


class Lean(NamedTuple):
    """`odds` > 0: the text asked about is likely the later (natural logarithm), by `evidence`."""

    odds: float
    evidence: Evidence


EVEN: Final = Lean(0.0, Evidence.NONE)


def leaning(text: reuse.Normal, other: reuse.Normal, passages: Sequence[reuse.Passage] | None = None) -> Lean:
    """Whether a text is later than the other one; `passages`: what they share, if known."""
    shared = _shared(text, other) if passages is None else passages
    cues = [
        Lean(LEVEL_ODDS * _levels(text.text, other.text, shared), Evidence.PLACES_LEVEL),
        Lean(GROWN_ODDS * _grown(len(text.text), len(other.text), shared), Evidence.GROWN),
    ]
    odds = sum(cue.odds for cue in cues)
    if not odds:
        return EVEN
    return Lean(odds, max(cues, key=lambda cue: cue.odds if odds > 0 else -cue.odds).evidence)


def compared(
    document: Document, other: Document, eras: Eras = NO_ERAS, passages: Sequence[reuse.Passage] | None = None
) -> Lean:
    """Whether a document is later than the other one, by the strongest evidence that both do not have alike,
    and only where that says nothing by what was changed."""
    ours, theirs = evidence(document, other, eras=eras), evidence(other, document, eras=eras)
    if ours is not theirs:
        place = list(Evidence).index
        return Lean(SURE, ours) if place(ours) < place(theirs) else Lean(-SURE, theirs)
    return leaning(reuse.normalized(document.text), reuse.normalized(other.text), passages)


def leaned(documents: Sequence[Document], eras: Eras = NO_ERAS) -> list[Document]:
    """Documents in order; those without any date that share text among themselves as that text says."""
    places = [at for at, each in enumerate(documents) if not (each.year or each.posted)]
    undated = [documents[at] for at in places]
    after = TopologicalSorter[int]({at: () for at in range(len(undated))})
    for earlier, later in leads(undated, eras):
        after.add(later, earlier)
    found = list(documents)
    try:
        for place, at in zip(places, after.static_order(), strict=True):
            found[place] = undated[at]
    except CycleError:
        return list(documents)
    return found


def leads(documents: Sequence[Document], eras: Eras = NO_ERAS) -> Iterator[tuple[int, int]]:
    """Places of (earlier, later) among documents that share text, where anything tells which is which."""
    index, normal = reuse.Index(), list[reuse.Normal]()
    for at, document in enumerate(documents):
        normal.append(reuse.normalized(document.text))
        found = reuse.passages(normal[at], index.query(normal[at]), normal.__getitem__)
        index.add(at, normal[at])
        for source in sorted({each.source for each in found}):
            shared = [each for each in found if each.source == source]
            odds = compared(document, documents[source], eras, shared).odds
            if odds:
                yield (source, at) if odds > 0 else (at, source)


def _shared(text: reuse.Normal, other: reuse.Normal) -> list[reuse.Passage]:
    index = reuse.Index()
    index.add(0, other)
    return reuse.passages(text, index.query(text), lambda _source: other)


def _levels(text: str, other: str, passages: Iterable[reuse.Passage]) -> int:
    """1 if the text names lower levels than the other in more places than higher ones, −1 if it is the other
    way round, else 0."""
    down = 0
    for passage in passages:
        for before, block in pairwise(passage.blocks):
            ours = _rank(text[before.end : block.here])
            theirs = _rank(other[before.there_end : block.there])
            if ours is not None and theirs is not None:
                down += _sign(ours - theirs)
    return _sign(down)


def _rank(name: str) -> int | None:
    return RANKS.get(name[-1]) if 0 < len(name) <= SHORT else None


def _grown(length: int, other: int, passages: Sequence[reuse.Passage]) -> int:
    """1 if the text is the longer of two versions of one text, −1 if the shorter, else 0."""
    equal = sum(block.length for passage in passages for block in passage.blocks)
    if equal < VERSIONS * max(length, other, 1):
        return 0
    return (length > LONGER * other) - (other > LONGER * length)


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)
