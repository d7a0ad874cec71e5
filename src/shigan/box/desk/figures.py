"""Two figures for the closing: what the canaries are worth, and the exact counts for the reviewing body."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from shigan.box.manifest import BLANK, Manifest, Part
from shigan.box.publication import NOTHING, groups


def caught(ballots: int, canaries: int, rewritten: int) -> float:
    """The probability, 0 to 1, that at least one canary is among so many ballots rewritten by chance.

    Of ballots + canaries sheets, all alike to whoever rewrites, `rewritten` are drawn without putting back:
    1 - C(ballots, rewritten) / C(ballots + canaries, rewritten), the hypergeometric distribution.
    """
    rewritten = min(rewritten, ballots + canaries)
    return 1 - math.comb(ballots, rewritten) / math.comb(ballots + canaries, rewritten)


@dataclass(frozen=True)
class Line:
    """One cell of the sheet with how many gave each mark, in the order of `marks`."""

    target: str
    item: str
    counts: tuple[int, ...]


@dataclass(frozen=True)
class Margin:
    """The exact counts of a part in a group of classes of `valid` ballots."""

    voters: tuple[str, ...]
    valid: int
    part: Part
    marks: str
    lines: tuple[Line, ...]


def margins(rows: Mapping[str, Sequence[str]], manifest: Manifest) -> Iterator[Margin]:
    """Exact counts, group by group and part by part, of the groups that the rule publishes at all.

    `rows` are the valid rows by class. These are for the reviewing body alone: they are not `published`.
    """
    for group in groups(rows, manifest):
        if group.detail(manifest.rule) == NOTHING:
            continue
        at = 0
        for part in manifest.parts:
            yield _margin(group.voters, [row[at : at + len(part.cells)] for row in group.rows], part)
            at += len(part.cells)


def _margin(voters: tuple[str, ...], rows: Sequence[str], part: Part) -> Margin:
    values = "1" if part.kind == "pick" else "".join(str(n) for n in range(1, len(part.options) + 1))
    marks = values + ("" if part.kind == "pick" else BLANK)
    lines = (
        Line(cell.target, cell.item, tuple(sum(row[at] == mark for row in rows) for mark in marks))
        for at, cell in enumerate(part.cells)
    )
    return Margin(voters, len(rows), part, marks, tuple(lines))
