"""The base reading of lines on disk equals numpy's, whatever the engine."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from shigan.bench.raters.county import county
from shigan.judge.scans import SMEAR, Scans
from shigan.maths.raters.crossed import Places
from shigan.maths.raters.law import GRID, Law, Table, at, patterns, places, refit
from shigan.maths.raters.sheets import Floats, Indices, Marks, Sheets
from tests.judge.spark import needs_spark, session


class Plain:
    """The base reading in numpy: what the scans must give."""

    def __init__(self, sheets: Sheets, seen: Marks, number: Indices, weight: Floats) -> None:
        self.seen, self.number, self.weight, self.grades = seen, number, weight, sheets.grades
        self.law, self.places = Law.start(seen, sheets.grades), Places.start(sheets)
        self.table = Table.of(self.law, seen, sheets.grades)

    def forces(self) -> tuple[Floats, Floats]:
        where = places(self.places.eta)
        slope = self.weight * at(self.table.slope, self.number, *where)
        return slope, -self.weight * at(self.table.bend, self.number, *where)

    def round(self) -> None:
        self.places.move_officials(*self.forces())
        self.places.move_sheets(*self.forces())
        slope, bend = self.forces()
        self.places.move_vantages(slope, bend)
        self.places.assess(bend)
        self.places.settle(np.ones(len(self.places.sheet)))

    def relaw(self) -> None:
        of, sure = self.places.sheets, self.places.sure
        doubt = np.sqrt(1 / sure[0][of.official] + 1 / sure[1][of.sheet] + 1 / sure[2][self.places.cell])
        stands = np.zeros((len(self.seen), len(GRID)))
        for shift, share in SMEAR:
            step, part = places(self.places.eta + shift * doubt)
            np.add.at(stands, (self.number, step), share * self.weight * (1 - part))
            np.add.at(stands, (self.number, step + 1), share * self.weight * part)
        for _ in range(2):
            self.law = refit(self.law, self.seen, self.grades, stands)
        self.table = Table.of(self.law, self.seen, self.grades)


class Small:
    """Six units' sheets, lines of different weight, on disk and in numpy."""

    def __init__(self, folder: Path, weighted: bool = True) -> None:
        sheets = county(1, "clean", units=6).sheets
        self.seen, number = patterns(sheets.marks, sheets.grades)
        weight = np.random.default_rng(1).uniform(0.2, 1, sheets.lines) if weighted else np.ones(sheets.lines)
        self.plain = Plain(sheets, self.seen, number, weight)
        none = np.zeros(0, np.int64)
        self.roll = replace(sheets, sheet=none, official=none, marks=sheets.marks[:0])
        self.path = folder / "lines.parquet"
        lines = {"sheet": sheets.sheet, "official": sheets.official, "pattern": number}
        pq.write_table(pa.table(lines | ({"weight": weight} if weighted else {})), self.path)

    def on(self, engine: Any) -> Scans:
        lines = engine.read_parquet(str(self.path))
        return Scans(lines, self.roll, self.seen, Law.start(self.seen, self.roll.grades))


def assert_same(scans: Scans, plain: Plain) -> None:
    """All that is estimated, to 1e-9."""
    for name in ("official", "sheet", "vantage", "unit", "home", "voters"):
        assert getattr(scans.places, name) == pytest.approx(getattr(plain.places, name), abs=1e-9), name
    for ours, theirs in zip(scans.places.sure, plain.places.sure, strict=True):
        assert ours == pytest.approx(theirs, rel=1e-9)
    assert scans.law.cuts == pytest.approx(plain.law.cuts, abs=1e-9)


@pytest.mark.parametrize("weighted", [True, False])
def test_on_duckdb_the_same_rounds_give_the_figures_of_numpy(tmp_path: Path, weighted: bool) -> None:
    small = Small(tmp_path, weighted)
    scans = small.on(ibis.duckdb.connect())
    for _ in range(3):
        scans.round()
        small.plain.round()
    assert_same(scans, small.plain)


def test_the_law_is_fitted_to_the_same_histogram(tmp_path: Path) -> None:
    small = Small(tmp_path)
    scans = small.on(ibis.duckdb.connect())
    scans.run(rounds=2, refits=(0,))
    small.plain.round()
    small.plain.relaw()
    small.plain.round()
    assert_same(scans, small.plain)


def test_a_round_leaves_nothing_behind_in_the_engine(tmp_path: Path) -> None:
    engine = ibis.duckdb.connect()
    scans = Small(tmp_path).on(engine)
    before = set(engine.list_tables())
    scans.round()
    assert set(engine.list_tables()) == before


@pytest.mark.slow
def test_on_duckdb_a_whole_reading_agrees_to_a_millionth(tmp_path: Path) -> None:
    small = Small(tmp_path)
    scans = small.on(ibis.duckdb.connect())
    scans.run(rounds=14)
    for number in range(14):
        small.plain.round()
        if number in (3, 7, 12):
            small.plain.relaw()
    assert scans.places.official == pytest.approx(small.plain.places.official, abs=1e-6)
    assert scans.places.sheet == pytest.approx(small.plain.places.sheet, abs=1e-6)


@pytest.mark.slow
@needs_spark
def test_on_spark_the_same_rounds_give_the_figures_of_numpy(tmp_path: Path) -> None:
    with session("local[2]", tmp_path) as spark:
        small = Small(tmp_path)
        scans = small.on(ibis.pyspark.connect(spark))
        scans.run(rounds=2, refits=(0,))
        small.plain.round()
        small.plain.relaw()
        small.plain.round()
        assert_same(scans, small.plain)
