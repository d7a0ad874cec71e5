"""What may be published of ballots: the one door from rows to anything that leaves the box.

Everything that is computed from rows, by this count or by a model, comes out through `published`, and nothing
else does. The rules and their reasons: docs/box.md, «What is published»; shared use of the bins makes sure
that every figure stands for at least `fewest` (three or more) possible counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shigan.box.manifest import Manifest, Rule

NOTHING, BANDS, SHARES = "nothing", "bands", "shares"
Rows = Mapping[str, Sequence[str]]
"""By class, the valid rows in any order: no void ones, no abstentions, no canaries."""


@dataclass(frozen=True)
class Group:
    """Classes that are published together, and their rows."""

    voters: tuple[str, ...]
    rows: tuple[str, ...]

    def detail(self, rule: Rule) -> str:
        """How much may be told."""
        if len(self.rows) < rule.nothing_below:
            return NOTHING
        return BANDS if len(self.rows) < rule.shares_from else SHARES


Reading = Callable[[Group, Manifest], Sequence[tuple[str, str, str, int]]]
"""A model run on a group's rows: (measure, target, item, count of n), told like any other count, in bins."""


def published(rows: Rows, manifest: Manifest, readings: Sequence[Reading] = ()) -> list[dict[str, Any]]:
    """The groups as `result.json` holds them, in the order of the manifest's classes.

    `readings` is the door for the rater model: it may look at a group's rows, and what it says about a target
    leaves as a number of ballots out of n, cut into the same bins.
    """
    return [_told(group, manifest, readings) for group in groups(rows, manifest)]


def groups(rows: Rows, manifest: Manifest) -> list[Group]:
    """The fixed partition: every ballot in exactly one group; classes of too few go where the manifest says.

    In the order of the manifest; a class that pools into one that is itself pooled goes along with it. What
    is still too few, or has no pool, stays alone and shows nothing.
    """
    owner = {each.id: each.id for each in manifest.classes}
    for each in manifest.classes:
        own = [c for c, o in owner.items() if o == owner[each.id]]
        few = sum(len(rows.get(c, ())) for c in own) < manifest.rule.nothing_below
        if few and each.pool and owner[each.pool] != owner[each.id]:
            for c in own:
                owner[c] = owner[each.pool]
    order = list(dict.fromkeys(owner[each.id] for each in manifest.classes))
    members = {top: tuple(c.id for c in manifest.classes if owner[c.id] == top) for top in order}
    return [
        Group(voters, tuple(row for c in voters for row in rows.get(c, ()))) for voters in members.values()
    ]


def _told(group: Group, manifest: Manifest, readings: Sequence[Reading]) -> dict[str, Any]:
    detail, n = group.detail(manifest.rule), len(group.rows)
    told: dict[str, Any] = {
        "voters": list(group.voters), "valid": n, "detail": detail, "cells": [], "alike": None,
    }  # fmt: skip
    if detail == NOTHING:
        return told
    wide = width(n, manifest.rule)
    told["cells"] = list(_cells(group, manifest, wide, detail))
    told["alike"] = percent(_alike(group.rows, manifest), n, wide)
    if readings:
        told["readings"] = [
            {"measure": measure, "target": target, "item": item, "share": percent(count, n, wide)}
            for reading in readings
            for measure, target, item, count in reading(group, manifest)
        ]
    return told


def _cells(group: Group, manifest: Manifest, wide: int, detail: str) -> Iterator[dict[str, Any]]:
    n, kinds = len(group.rows), {part.id: part.kind for part in manifest.parts}
    for at, cell in enumerate(manifest.cells):
        marks = [row[at : at + 1] for row in group.rows]  # a row that is too short is a fault, not a crash
        first = marks.count("1")
        grid = kinds[cell.part] == "grid"
        upper = first + marks.count("2") if grid else first
        yield {
            "part": cell.part,
            "target": cell.target,
            "item": cell.item,
            "best": percent(first, n, wide) if grid and detail == SHARES else None,
            "upper": percent(upper, n, wide),
        }


def _alike(rows: Sequence[str], manifest: Manifest) -> int:
    """Sheets that give every cell of every grid the same mark; none where there is one such cell or none."""
    places = [at for at, cell in enumerate(manifest.cells) if cell.target]
    if len(places) < 2:
        return 0
    return sum(len({row[at : at + 1] for at in places}) == 1 for row in rows)


def width(n: int, rule: Rule) -> int:
    """How many counts a bin holds at least, for n ballots that may be told at all."""
    if n < rule.shares_from:
        return max(rule.fewest, -(-(n + 1) // 3))
    step = rule.coarse_step if n < rule.fine_from else rule.fine_step
    return max(rule.fewest, -(-step * n // 100))


def bin_of(count: int, n: int, wide: int) -> tuple[int, int]:
    """The lowest and highest count that look the same as this one, 0 to n."""
    bins = max(1, (n + 1) // wide)
    for i in range(bins):
        high = (i + 1) * (n + 1) // bins - 1
        if count <= high:
            return i * (n + 1) // bins, high
    raise ValueError(f"{count} is no count of {n}")


def percent(count: int, n: int, wide: int) -> list[int]:
    """The bin of a count in whole percent of n, its low end rounded down and its high end up."""
    low, high = bin_of(count, n, wide)
    return [100 * low // n, -(-100 * high // n)]
