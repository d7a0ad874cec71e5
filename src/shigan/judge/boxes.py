"""What the ballot box published of a person or team: shares in bins, and what the bins leave of a mean.

Only `BoxClosed` is read, never a ballot. The intervals here say how coarse publication is, not how large the
sample was. They stand apart from counted sheets: `evaluation.mean` knows nothing of them.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC
from math import floor
from typing import NamedTuple

from shigan.box import manifest as manifests
from shigan.box.manifest import Manifest
from shigan.facts.faults import _
from shigan.judge.finding import Finding
from shigan.judge.tables import Tables
from shigan.ledger.entry import COUNTY_TIME
from shigan.policy import Scheme

SHARES = "公布比例"


class Cell(NamedTuple):
    """One item about one target in one group of classes: shares of the first option and the first two, %."""

    group: str
    part: str
    target: str
    item: str
    first_low: int | None
    first_high: int | None
    upper_low: int
    upper_high: int
    valid: int


@dataclass(frozen=True)
class Outcome:
    """What one evaluation published. `code` is its own, `position` that of the entry."""

    code: str
    position: int
    manifest: Manifest
    cells: tuple[Cell, ...]
    small: tuple[tuple[str, int], ...]


def outcomes(tables: Tables, year: int) -> dict[str, list[Outcome]]:
    """By those judged (`P0123`, `U045`), the evaluations that closed in a year, in the ledger's order."""
    sealed = dict(_manifests(tables))
    cells, small = _cells(tables), _small(tables)
    closed = tables["BoxClosed"].order_by("position").select("code", "position")
    found: dict[str, list[Outcome]] = defaultdict(list)
    for code, position in tables.rows(closed):
        made = sealed.get(code)
        if made is None or (made.closes.astimezone(UTC) + COUNTY_TIME).year != year:
            continue
        outcome = Outcome(
            code, position, made, tuple(cells.get(position, ())), tuple(small.get(position, ()))
        )
        for target in dict.fromkeys(target for part in made.parts for target in part.targets):
            found[target].append(outcome)
    return found


def _manifests(tables: Tables) -> Iterator[tuple[str, Manifest]]:
    for code, text in tables.rows(tables["BoxOpened"].order_by("position").select("code", "manifest")):
        yield code, manifests.read(json.loads(text))


def _cells(tables: Tables) -> dict[int, list[Cell]]:
    found: dict[int, list[Cell]] = defaultdict(list)
    valid = {(position, voters): n for position, voters, n, _detail in _groups(tables)}
    cell = tables["BoxCell"].order_by("position", "line")
    columns = (
        "position", "group", "part", "target", "item", "best_low", "best_high", "upper_low", "upper_high",
    )  # fmt: skip
    for position, *told in tables.rows(cell.select(*columns)):
        found[position].append(Cell._make((*told, valid[position, told[0]])))
    return found


def _groups(tables: Tables) -> list[tuple[int, str, int, str]]:
    rows = tables["BoxGroup"].order_by("position", "line").select("position", "voters", "valid", "detail")
    return [(position, voters, valid, detail) for position, voters, valid, detail in tables.rows(rows)]


def _small(tables: Tables) -> dict[int, list[tuple[str, int]]]:
    """By entry, the groups of which nothing or only bands are told, with their number of ballots."""
    found: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for position, voters, valid, detail in _groups(tables):
        if detail != SHARES:
            found[position].append((voters, valid))
    return found


def box_findings(about: str, given: Sequence[Outcome], scheme: Scheme | None) -> Iterator[Finding]:
    """The published shares about one person or team, and for each group the bounds of its mean in points."""
    for outcome in given:
        for cell in outcome.cells:
            if cell.target == about:
                yield from _shares(about, outcome, cell)
        yield from _untold(about, outcome)
        yield from _points(about, outcome, scheme)


def _shares(about: str, outcome: Outcome, cell: Cell) -> Iterator[Finding]:
    item = f"{outcome.code}·{cell.group}·{cell.item}"
    bounds = (
        ("evaluation.box_first", cell.first_low, cell.first_high),
        ("evaluation.box_upper", cell.upper_low, cell.upper_high),
    )
    for measure, low, high in bounds:
        if low is not None and high is not None:
            yield Finding(
                measure=measure, about=about, item=item, low=float(low), high=float(high), unit="%",
                n=cell.valid, evidence=(outcome.position,), values=_told(outcome, cell.group, cell.item),
            )  # fmt: skip


def _told(outcome: Outcome, group: str, item: str = "") -> dict[str, str]:
    """What a page needs to lay the findings out as a table."""
    return {"box": outcome.code, "voters": group, "item": item, "title": outcome.manifest.title}


def _untold(about: str, outcome: Outcome) -> Iterator[Finding]:
    rule = outcome.manifest.rule
    for voters, valid in outcome.small:
        nothing = valid < rule.nothing_below
        words = _("{voters}票有效 {n} 份，不足 {limit} 份，按规定不显示任何数字。")
        if not nothing:
            words = _("{voters}票有效 {n} 份，不足 {limit} 份，按规定只显示前两档的大致范围。")
        limit = rule.nothing_below if nothing else rule.shares_from
        yield Finding(
            measure="evaluation.box_untold", about=about, item=f"{outcome.code}·{voters}", n=valid,
            evidence=(outcome.position,), words=words,
            values={**_told(outcome, voters), "n": valid, "limit": limit},
        )  # fmt: skip


def _points(about: str, outcome: Outcome, scheme: Scheme | None) -> Iterator[Finding]:
    """Bounds of a group's mean over the items, where the sheet has the scheme's options."""
    options = _options(about, outcome)
    if scheme is None or options != tuple(option.name for option in scheme.options):
        return
    points = [float(option.points) for option in scheme.options if option.points is not None]
    if len(points) < 3 or sorted(points, reverse=True) != points:
        return
    by_group: dict[str, list[Cell]] = defaultdict(list)
    for cell in outcome.cells:
        if cell.target == about and cell.first_low is not None:
            by_group[cell.group].append(cell)
    for group, cells in by_group.items():
        low, high = mean_bounds(cells, points)
        yield Finding(
            measure="evaluation.box_points", about=about, item=f"{outcome.code}·{group}", low=low, high=high,
            unit="分", n=cells[0].valid, evidence=(outcome.position,),
            words=_("区间来自公布的粗细：公布的比例只说范围，真实的均值一定在里面；不是抽样误差。"),
            values=_told(outcome, group),
        )  # fmt: skip


def _options(about: str, outcome: Outcome) -> tuple[str, ...]:
    own = (part.options for part in outcome.manifest.parts if about in part.targets)
    return next(own, ())


def mean_bounds(cells: Sequence[Cell], points: Sequence[float]) -> tuple[float, float]:
    """The lowest and highest that the average of the items' means can be, in points.

    An item's mean is over those who graded it. With p the share of the first option and u that of the first
    two, the mean falls with the rest at the worst option and rises with the rest ungraded (不了解, blank):
    low = p·x₁ + (u - p)·x₂ + (1 - u)·x_last at the low ends; high = x₂ + (x₁ - x₂)·p/u at the high end of p
    and the low end of u. Bounds of a linear-fractional function over a box (own derivation). Rounded outwards
    to one decimal.
    """
    lows, highs = zip(*(_item_bounds(cell, points) for cell in cells), strict=True)
    return _down(sum(lows) / len(lows)), -_down(-sum(highs) / len(highs))


def _item_bounds(cell: Cell, points: Sequence[float]) -> tuple[float, float]:
    first, second, last = points[0], points[1], points[-1]
    p_low, p_high = (cell.first_low or 0) / 100, (cell.first_high or 0) / 100
    u_low = max(cell.upper_low / 100, p_low)
    low = p_low * first + (u_low - p_low) * second + (1 - u_low) * last
    u = max(u_low, p_high)
    high = second + (first - second) * (p_high / u if u else 0.0)
    return low, high


def _down(value: float) -> float:
    """To one decimal, never up; what floating arithmetic adds far behind the point does not count."""
    return floor(round(10 * value, 6)) / 10
