"""The base reading («nobody cheats») of more lines than memory holds: scans and group-bys in Ibis.

    lines = ibis.duckdb.connect().read_parquet("lines.parquet")  # columns sheet, official, pattern
    scans = Scans(lines, roll, seen, Law.start(seen, 4))
    scans.run()
    scans.places.official                                        # where each official stands

The same steps as `shigan.maths.raters.crossed` in the same order, on DuckDB or Spark: of the lines a round
needs only sums by official, by sheet and by vantage cell. Lines stay with the engine; what is unknown (some
numbers for each official, sheet and cell) goes to it as small tables, and the sums come back. No function
is approximate, so the figures are those of numpy but for the order of the sums.
Source: the steps, Breslow & Clayton (1993), JASA 88:9–25; see `crossed` and `law`.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Final

import ibis
import numpy as np
import pyarrow as pa
from ibis.expr.operations import InMemoryTable
from ibis.expr.types import IntegerColumn, NumericValue
from ibis.expr.types import Table as Expression

from shigan.maths.raters.crossed import Places, Sure
from shigan.maths.raters.law import GRID, REACH, STEP, Law, Table, refit
from shigan.maths.raters.sheets import Floats, Indices, Marks, Sheets

REFITS: Final = (3, 7, 12, 18, 25)
"""After which rounds the law is fitted anew."""
SMEAR: Final = ((-(3**0.5), 1 / 6), (0.0, 2 / 3), (3**0.5, 1 / 6))
"""Three places and weights that stand for the doubt about η (Gauss–Hermite)."""


class Scans:
    """The lines with their engine, and where everybody stands so far.

    `lines`: columns `sheet`, `official` and `pattern` (integers from 0) and, if lines count differently,
    `weight`. `roll`: home, voters, unit and grades of those sheets and officials; its own lines are not read.
    `seen` (U, K): the marks of each pattern. `law`: the first guess, which `run` improves.
    """

    def __init__(self, lines: Expression, roll: Sheets, seen: Marks, law: Law) -> None:
        self.lines = lines if "weight" in lines.columns else lines.mutate(weight=1.0)
        self.roll, self.seen, self.law = roll, seen, law
        self.table = Table.of(law, seen, roll.grades)
        self.classes = int(roll.voters.max()) + 1
        self.codes = self._cells()
        self.places = _places(roll, self.codes // self.classes, self.classes)

    def run(self, rounds: int = 30, refits: Collection[int] = REFITS) -> None:
        """So many rounds, the law fitted anew after those named."""
        for number in range(rounds):
            self.round()
            if number in refits:
                self.relaw()

    def round(self) -> None:
        """One Newton step for officials, sheets and cells; then means and spreads. Four scans."""
        places = self.places
        places.move_officials(*self._sums("official", ("slope", "bend")))
        places.move_sheets(*self._sums("sheet", ("slope", "bend")))
        slope, bend, by_sheets = self._sums("cell", ("slope", "bend", "by_sheet"))
        places.bend = places.bend._replace(vantage=bend + places.spread.vantage**-2)
        (by_others,) = self._sums("sheet", ("by_others",))
        places.move_vantages(slope, bend)
        places.sure = self._sure(bend, by_sheets, by_others)
        places.settle(np.ones(len(self.roll.home)))

    def relaw(self) -> None:
        """The law fitted anew to where each pattern's lines stand, smeared over the doubt. Three scans."""
        weight = sum((share * self._stands(shift) for shift, share in SMEAR), np.zeros(1))
        for _ in range(2):
            self.law = refit(self.law, self.seen, self.roll.grades, weight)
        self.table = Table.of(self.law, self.seen, self.roll.grades)

    def _cells(self) -> Indices:
        """(C,) the vantage cells that have lines, as official × classes + class."""
        voters = _table(sheet=np.arange(len(self.roll.voters)), voters=self.roll.voters)
        seen = self.lines.join(voters, "sheet")
        codes = seen.select(code=seen.official * self.classes + seen.voters).distinct()
        return np.sort(_taken(codes)["code"].to_numpy().astype(np.int64))

    def _placed(self, precision: Sure, shift: float = 0.0) -> Expression:
        """Each line with its `entry` of the law's table and how far it is to the next (`part`).

        `precision` tells how sure officials, sheets and cells are; η is read `shift` deviations aside."""
        places, owner, voters = self.places, self.places.owner, self.roll.voters
        place = places.official[owner] + places.vantage
        doubt = 1 / precision.official[owner] + 1 / precision.vantage
        sheets = _numbered("sheet", severity=places.sheet, sheet_doubt=1 / precision.sheet, voters=voters)
        cells = _numbered("cell", place=place, cell_doubt=doubt, code=self.codes)
        lines = self.lines.join(sheets, "sheet")
        lines = lines.mutate(code=lines.official * self.classes + lines.voters).join(cells, "code")
        eta = lines.place - lines.severity
        if shift:
            eta += shift * (lines.sheet_doubt + lines.cell_doubt).sqrt()
        scaled = ibis.greatest(ibis.least((eta + REACH) / STEP, len(GRID) - 1.000001), 0.0)
        lines = lines.mutate(scaled=scaled)
        lines = lines.mutate(part=lines.scaled - _whole(lines.scaled))
        return lines.mutate(entry=lines.pattern * len(GRID) + _whole(lines.scaled))

    def _sums(self, key: str, names: Collection[str]) -> list[Floats]:
        """Sums over each official's, sheet's or cell's lines: ℓ′, −ℓ″, and (−ℓ″)² over what else moves η."""
        lines = self._placed(self.places.bend).join(_entries(self.table), "entry")
        lines = lines.mutate(
            slope=lines.weight * (lines.slope + lines.part * lines.slope_step),
            bend=-lines.weight * (lines.bend + lines.part * lines.bend_step),
        )
        lines = lines.mutate(
            by_sheet=lines.bend * lines.bend * lines.sheet_doubt,
            by_others=lines.bend * lines.bend * lines.cell_doubt,
        )
        size = {"official": len(self.roll.unit), "sheet": len(self.roll.home), "cell": len(self.codes)}[key]
        return _grouped(lines, key, size, {name: lines[name] for name in names})

    def _stands(self, shift: float) -> Floats:
        """(U, X) the weight of each pattern's lines at each point of the grid."""
        lines = self._placed(self.places.sure, shift)
        parts = {"low": lines.weight * (1 - lines.part), "high": lines.weight * lines.part}
        low, high = _grouped(lines, "entry", len(self.seen) * len(GRID), parts)
        return (low + np.roll(high, 1)).reshape(len(self.seen), len(GRID))

    def _sure(self, bend: Floats, by_sheets: Floats, by_others: Floats) -> Sure:
        """Precisions once the others' doubt is allowed for, as `Places.assess` has them.

        `bend`, `by_sheets`: (C,); `by_others`: (S,)."""
        known, spread, owner = self.places.bend, self.places.spread, self.places.owner
        cells = by_sheets + bend**2 / known.vantage
        official = known.official - np.bincount(owner, cells, len(known.official))
        vantage = known.vantage - by_sheets - bend**2 / known.official[owner]
        return Sure(
            np.maximum(official, spread.official**-2),
            np.maximum(known.sheet - by_others, spread.sheet**-2),
            np.maximum(vantage, spread.vantage**-2),
        )


def _places(roll: Sheets, owner: Indices, classes: int) -> Places:
    """Everybody in the middle, and one «line» each: the sum of the own lines is all that a step needs."""
    n, s, c, units = len(roll.unit), len(roll.home), len(owner), roll.units
    zeros, ones = np.zeros, Sure(np.ones(n), np.ones(s), np.ones(c))
    return Places(
        replace(roll, official=np.arange(n), sheet=np.arange(s)), np.arange(c), owner,
        official=zeros(n), sheet=zeros(s), vantage=zeros(c),
        unit=zeros(units), home=zeros(units), voters=zeros(classes), bend=ones, sure=ones,
    )  # fmt: skip


def _table(**columns: Floats | Indices) -> Expression:
    # By way of Arrow: from a dictionary Ibis would copy cell by cell.
    return ibis.memtable(pa.table(columns))


def _numbered(key: str, **columns: Floats | Indices) -> Expression:
    """A table whose first column counts its rows from 0."""
    rows = len(next(iter(columns.values())))
    return _table(**{key: np.arange(rows)}, **columns)


def _entries(table: Table) -> Expression:
    """The law, one row an entry: pattern × points of the grid + point; with the way to the next entry."""
    return _numbered(
        "entry",
        slope=table.slope.ravel(), slope_step=_steps(table.slope),
        bend=table.bend.ravel(), bend_step=_steps(table.bend),
    )  # fmt: skip


def _whole(value: NumericValue) -> IntegerColumn:
    return value.floor().cast("int64")


def _steps(table: Floats) -> Floats:
    """How far it is from each entry to the next of its row; the last has none, and no line is there."""
    return np.diff(table, axis=1, append=table[:, -1:]).ravel()


def _taken(answer: Expression) -> pa.Table:
    """The answer of a scan. Its small tables are dropped: Ibis would keep them as long as Python runs."""
    engine, found = answer.get_backend(), answer.to_pyarrow()
    for table in answer.op().find(InMemoryTable):
        engine.raw_sql(f"DROP VIEW IF EXISTS {table.name}")
    return found


def _grouped(lines: Expression, key: str, size: int, of: dict[str, NumericValue]) -> list[Floats]:
    """Sums by `key`, which counts from 0 to `size`; 0 where there is no line."""
    found = _taken(lines.group_by(key).agg(**{name: value.sum() for name, value in of.items()}))
    sums = []
    for name in of:
        sums.append(np.zeros(size))
        sums[-1][found[key].to_numpy()] = found[name].to_numpy()
    return sums
