"""What of a document is marked as seen before: the guarantee.

Of k + 3w − 1 = 31 normal characters in a row that an earlier document holds, whichever and in whatever
number, every character is marked. For three fingerprints of such a stretch at least are in both documents
and stand next to each other among the document's; they are a run, whoever holds them. The first begins at
most w − 1 characters behind the stretch's start, the last ends at most w − 1 before its end: so much a mark
reaches further on either side.
Source: the first theorem on winnowing, Schleimer, Wilkerson & Aiken (2003), SIGMOD, 76–85.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from shigan.maths.reuse.index import Index
from shigan.maths.reuse.islands import Island, Run
from shigan.maths.reuse.kernel import USUAL, Grain
from shigan.maths.reuse.text import Normal

Span = tuple[int, int]
"""[start, end) in normal characters."""


def seen_before(
    index: Index, normal: Normal, islands: Iterable[Island], before: int | None = None
) -> list[Run]:
    """The parts of runs outside the islands: seen before, in mixed sources. By start.

    `seeds` is that of the whole run."""
    covered = united((island.start, island.end) for island in islands)
    return [
        Run(run.doc, *part, run.seeds)
        for run in index.runs(normal, before)
        for part in without((run.start, run.end), covered)
    ]


def marked(found: Iterable[Island | Run], length: int, grain: Grain = USUAL) -> list[Span]:
    """The marked parts of a document of `length` normal characters: islands and runs, widened by w − 1."""
    reach = grain.w - 1
    return united((max(one.start - reach, 0), min(one.end + reach, length)) for one in found)


def united(spans: Iterable[Span]) -> list[Span]:
    """The same characters in as few spans as possible, ascending."""
    merged = list[Span]()
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


def without(span: Span, covered: Sequence[Span]) -> list[Span]:
    """What of a span is in none of the covered ones (united)."""
    left, (start, end) = list[Span](), span
    for first, last in covered:
        if first >= end:
            break
        if first > start:
            left.append((start, first))
        start = max(start, last)
    return [*left, (start, end)] if start < end else left
