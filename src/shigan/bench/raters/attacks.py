"""What can be done to the sheets of a county: each attack changes marks, never who marks whom.

An attack acts on lines that are still honest; a line is attacked once. For the oracle, every change also
writes down which honest grades it leaves possible (`World.lowest`, `World.highest`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from shigan.bench.raters.world import ITEMS, TOP, Mask, Scenario, Voters, World
from shigan.maths.raters import Sheets
from shigan.maths.raters.sheets import Indices, Marks

UNITS_ATTACKED = 0.7
BLOC = (0.15, 0.40)
"""Share of the own unit's sheets in a bloc."""
RIVALS = 3
CLIQUE = (4, 12)
"""Officials in a clique, where the unit has twice as many."""
STRICT = 0.2
"""Share of a unit's officials who are strict; in the mean they are the better ones."""
PUNISH, SHADE = (0.3, 0.5), (0.4, 0.6)
"""Share of a strict official's lines from peers and staff: hostile ones, and half-hearted ones."""
HABIT = (1.0, 1.5, 2.5, 3.0)
"""Dirichlet parameters of a careless sheet's shares of marks, worst to best."""

NOBODY_IN_PARTICULAR: Indices = np.empty(0, np.int64)


class Table:
    """A county's sheets while an attack works on them: the marks and what they still tell."""

    def __init__(self, world: World, random: np.random.Generator) -> None:
        self.world = world
        self.random = random
        sheets = world.sheets
        self.sheet, self.official = sheets.sheet, sheets.official
        self.marks: Marks = world.honest.copy()
        self.lowest: Marks = world.honest.copy()
        self.highest: Marks = world.honest.copy()
        self.attacked: Mask = np.zeros(sheets.lines, bool)
        self.lifted: list[Indices] = []
        self.pushed: list[Indices] = []
        self.colleagues = np.isin(sheets.voters, (Voters.PEER, Voters.STAFF))

    def members(self, unit: int) -> Indices:
        """The officials of a unit."""
        return np.flatnonzero(self.world.sheets.unit == unit)

    def own_sheets(self, unit: int) -> Indices:
        """The sheets of a unit's own officials and staff."""
        return np.flatnonzero(self.colleagues & (self.world.sheets.home == unit))

    def lines(self, sheets: Indices, officials: Indices | None = None) -> Indices:
        """The honest lines of these sheets about these officials, or about all."""
        by = np.zeros(len(self.world.sheets.home), bool)
        of = np.full(len(self.world.sheets.unit), officials is None)
        by[sheets] = True
        if officials is not None:
            of[officials] = True
        return np.flatnonzero(by[self.sheet] & of[self.official] & ~self.attacked)

    def overwrite(self, lines: Indices, marks: ArrayLike) -> None:
        """Put marks that do not depend on what the voter thinks; nothing is left of the honest ones."""
        self.attacked[lines] = True
        self.marks[lines] = marks
        self.lowest[lines], self.highest[lines] = 0, TOP

    def lower(self, lines: Indices, by: ArrayLike) -> None:
        """Every mark of the lines `by` grades down; what reached 0 may have been anything up to `by`.

        `by`: one number or one a line.
        """
        self.attacked[lines] = True
        by = np.broadcast_to(by, len(lines))[:, None]
        lowered = np.maximum(self.marks[lines] - by, 0)
        self.marks[lines] = lowered
        self.lowest[lines] = np.where(lowered == 0, 0, self.lowest[lines])
        self.highest[lines] = np.where(lowered == 0, np.minimum(by, TOP), self.highest[lines])

    def cap(self, lines: Indices, at: int, items: int) -> None:
        """No mark above `at` on some items of each line, picked at random."""
        self.attacked[lines] = True
        order = self.random.random((len(lines), ITEMS)).argsort(axis=1)
        capped = (order < items) & (self.marks[lines] >= at)
        self.marks[lines] = np.where(capped, at, self.marks[lines])
        self.lowest[lines] = np.where(capped, at, self.lowest[lines])
        self.highest[lines] = np.where(capped, TOP, self.highest[lines])

    def bad_marks(self, lines: Indices) -> Marks:
        """Worst and second-worst marks at random, for these lines."""
        return self.random.integers(0, 2, (len(lines), ITEMS)).astype(np.int8)


def attack(world: World, random: np.random.Generator, share: float | None = None) -> World:
    """The county after what its scenario does; `share` as in `county.county`."""
    if share is not None:
        units: Iterable[int] = range(_units(world))
        steps: dict[Scenario, Step] = {Scenario.BREAKDOWN: lambda t, u: canvass(t, u, (share, share))}
    else:
        units = np.flatnonzero(random.random(_units(world)) < UNITS_ATTACKED).tolist()
        steps = UNIT_STEPS
    table = Table(world, random)
    if world.scenario in COUNTY_STEPS:
        COUNTY_STEPS[world.scenario](table)
    if world.scenario in steps:
        for unit in units:
            steps[world.scenario](table, unit)
    return _finished(table)


def _units(world: World) -> int:
    return int(world.sheets.unit.max()) + 1


def _finished(table: Table) -> World:
    old = table.world.sheets
    lifted = np.unique(np.concatenate([NOBODY_IN_PARTICULAR, *table.lifted]))
    pushed = np.unique(np.concatenate([NOBODY_IN_PARTICULAR, *table.pushed]))
    both = np.intersect1d(lifted, pushed)
    return replace(
        table.world,
        sheets=Sheets(old.sheet, old.official, table.marks, old.home, old.voters, old.unit, old.grades),
        attacked=table.attacked, lowest=table.lowest, highest=table.highest,
        beneficiaries=np.setdiff1d(lifted, both), victims=np.setdiff1d(pushed, both),
    )  # fmt: skip


def uniform(table: Table, share: float = 0.35) -> None:
    """Some sheets of the county are the best mark from top to bottom."""
    table.overwrite(_some_sheets(table, share), TOP)


def careless(table: Table, share: float = 0.25) -> None:
    """Some sheets of the county are filled in without reading, each in its own habit."""
    lines = _some_sheets(table, share)
    habits = table.random.dirichlet(HABIT, len(table.world.sheets.home)).cumsum(axis=1)
    chance = table.random.random((len(lines), ITEMS, 1))
    table.overwrite(lines, (chance > habits[table.sheet[lines], None, :-1]).sum(axis=2))


def _some_sheets(table: Table, share: float) -> Indices:
    """All honest lines of a share of the sheets."""
    chosen = np.flatnonzero(table.random.random(len(table.world.sheets.home)) < share)
    return table.lines(chosen)


def copy(table: Table, unit: int) -> None:
    """Half of the unit's sheets form groups of 3 to 6; in a group one line about an official serves all."""
    sheets = table.random.permutation(table.own_sheets(unit))
    left = sheets[: len(sheets) // 2]
    while len(left) >= 3:
        size = int(table.random.integers(3, 7))
        group, left = left[:size], left[size:]
        lines = table.lines(group, table.members(unit))
        _, first, source = np.unique(table.official[lines], return_index=True, return_inverse=True)
        copied = np.ones(len(lines), bool)
        copied[first] = False
        table.overwrite(lines[copied], table.marks[lines[first][source]][copied])


def clique(table: Table, unit: int) -> None:
    """4 to 12 officials mark one another top, and others one grade down half of the time."""
    members = table.members(unit)
    size = min(int(table.random.integers(CLIQUE[0], CLIQUE[1] + 1)), len(members) // 2)
    inside = table.random.choice(members, size, replace=False)
    outside = np.setdiff1d(members, inside)
    sheets = _sheets_of(table, inside)
    table.overwrite(table.lines(sheets, inside), TOP)
    others = table.lines(sheets, outside)
    table.lower(others[table.random.random(len(others)) < 0.5], 1)
    table.lifted.append(inside)
    table.pushed.append(outside)


def canvass(table: Table, unit: int, bloc: tuple[float, float] = BLOC) -> None:
    """A bloc marks its candidate top and the three best rivals at 0 or 1."""
    candidate, rivals, sheets = _campaign(table, unit, bloc)
    table.overwrite(table.lines(sheets, candidate), TOP)
    down = table.lines(sheets, rivals)
    table.overwrite(down, table.bad_marks(down))


def stealth(table: Table, unit: int) -> None:
    """As canvassing, but rivals only lose the best mark on three items."""
    candidate, rivals, sheets = _campaign(table, unit, BLOC)
    table.overwrite(table.lines(sheets, candidate), TOP)
    table.cap(table.lines(sheets, rivals), at=TOP - 1, items=3)


def _campaign(table: Table, unit: int, bloc: tuple[float, float]) -> tuple[Indices, Indices, Indices]:
    """Candidate (one official who is not the best), the best rivals, and the bloc's sheets."""
    members = table.members(unit)
    best = members[np.argsort(-table.world.merit[members])]
    rivals = best[:RIVALS]
    candidate = table.random.choice(best[RIVALS:], 1)
    able = np.setdiff1d(table.own_sheets(unit), _sheets_of(table, rivals))
    size = round(table.random.uniform(*bloc) * len(table.own_sheets(unit)))
    sheets = table.random.choice(able, min(size, len(able)), replace=False)
    table.lifted.append(candidate)
    table.pushed.append(rivals)
    return candidate, rivals, sheets


def scorch(table: Table, unit: int) -> None:
    """A bloc marks everybody but its own one or two grades down."""
    own = table.own_sheets(unit)
    size = round(table.random.uniform(*BLOC) * len(own))
    sheets = table.random.choice(own, size, replace=False)
    inside = np.intersect1d(table.world.voter[sheets], table.members(unit))
    outside = np.setdiff1d(table.members(unit), inside)
    lines = table.lines(sheets, outside)
    table.lower(lines, table.random.integers(1, 3, len(lines)))
    table.lifted.append(inside)
    table.pushed.append(outside)


def retaliate(table: Table, unit: int) -> None:
    """Many peers and subordinates punish the strict officials with the worst marks."""
    for lines in _lines_about_strict(table, unit, PUNISH):
        table.overwrite(lines, table.bad_marks(lines))


def half_hearted(table: Table, unit: int) -> None:
    """Even more peers and subordinates mark strict officials one grade down: ballots alone cannot tell."""
    for lines in _lines_about_strict(table, unit, SHADE):
        table.lower(lines, 1)


def _lines_about_strict(table: Table, unit: int, share: tuple[float, float]) -> Iterable[Indices]:
    """For each strict official of the unit, a share of the lines of its own people."""
    members = table.members(unit)
    strictness = table.world.merit[members] + table.random.standard_normal(len(members))
    strict = members[np.argsort(-strictness)[: max(1, round(STRICT * len(members)))]]
    table.pushed.append(strict)
    for official in strict:
        lines = table.lines(table.own_sheets(unit), np.array([official]))
        yield lines[table.random.random(len(lines)) < table.random.uniform(*share)]


def mixed(table: Table, unit: int) -> None:
    """A bit of all; only those who are aimed at count as victims."""
    for step, chance in ((canvass, 0.6), (retaliate, 0.6), (clique, 0.4), (scorch, 0.15), (copy, 0.4)):
        if table.random.random() < chance:
            pushed = len(table.pushed)
            step(table, unit)
            if step in (clique, scorch):
                del table.pushed[pushed:]


def mixed_sheets(table: Table) -> None:
    """The share of uniform and careless sheets in a mixed county."""
    uniform(table, 0.15)
    careless(table, 0.08)


def _sheets_of(table: Table, officials: Indices) -> Indices:
    """The sheets that these officials cast."""
    return np.flatnonzero(np.isin(table.world.voter, officials))


Step = Callable[[Table, int], None]

COUNTY_STEPS: dict[Scenario, Callable[[Table], None]] = {
    Scenario.UNIFORM: uniform,
    Scenario.RANDOM: careless,
    Scenario.MIX: mixed_sheets,
}
UNIT_STEPS: dict[Scenario, Step] = {
    Scenario.COPY: copy,
    Scenario.CLIQUE: clique,
    Scenario.CANVASS: canvass,
    Scenario.STEALTH: stealth,
    Scenario.SCORCH: scorch,
    Scenario.RETALIATE: retaliate,
    Scenario.HALF: half_hearted,
    Scenario.MIX: mixed,
}
