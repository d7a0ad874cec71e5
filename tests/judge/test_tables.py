"""The ledger as tables."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from shigan.facts import KINDS, Fault
from shigan.facts.appraisal import ItemTally
from shigan.judge.tables import SHAPES, Tables
from tests.judge.given import entry, fact, sealed, sheets

pytestmark = pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")

TALLIES = (ItemTally(item="德", counts=(3, 2)), ItemTally(item="能", counts=(5, 0)))
SOME = sealed(
    [
        entry("P0001/2026", fact("ResultRecorded", value=Decimal("12.5")), date(2026, 3, 1)),
        entry("P0001/2026", sheets(5, *TALLIES), date(2026, 3, 2)),
        entry("V0001", fact("VisitHeld"), date(2026, 3, 3), recorded=date(2026, 3, 9)),
    ]
)


def test_every_kind_of_fact_has_a_table_even_if_empty() -> None:
    tables = Tables.of(SOME)
    assert set(KINDS) < set(tables.arrow) == set(SHAPES)
    assert tables.arrow["ProblemRaised"].num_rows == 0


def test_a_kind_s_table_holds_the_header_and_the_fields() -> None:
    (row,) = Tables.of(SOME).arrow["ResultRecorded"].to_pylist()
    assert (row["code"], row["year"], row["value"], row["lag"]) == ("P0001", "2026", 12.5, 0)


def test_tallies_inside_a_fact_are_lines_of_their_own() -> None:
    rows = Tables.of(SOME).arrow["ItemTally"].to_pylist()
    assert [(r["position"], r["line"], r["item"], r["counts"]) for r in rows] == [
        (1, 0, "德", [3, 2]),
        (1, 1, "能", [5, 0]),
    ]


def test_lag_counts_the_county_s_days_not_those_of_greenwich() -> None:
    late_evening = replace(SOME[2], recorded=SOME[2].recorded.replace(hour=17))
    assert Tables.of([late_evening]).arrow["VisitHeld"]["lag"].to_pylist() == [7]


def test_an_erased_fact_stays_in_the_headers_only() -> None:
    tables = Tables.of([replace(SOME[0], fact=None)])
    assert tables.arrow["entries"].num_rows == 1
    assert tables.arrow["ResultRecorded"].num_rows == 0


def test_an_unsealed_entry_is_refused_in_words() -> None:
    with pytest.raises(Fault, match="V0001 的第 1 条记录尚未封存"):
        Tables.of([replace(SOME[2], position=None)])


def test_a_snapshot_comes_back_as_it_was(tmp_path: Path) -> None:
    tables = Tables.of(SOME)
    tables.write(tmp_path)
    assert Tables.read(tmp_path).arrow == tables.arrow


def test_a_missing_or_foreign_snapshot_is_refused_at_its_file(tmp_path: Path) -> None:
    with pytest.raises(Fault, match=r"entries\.parquet"):
        Tables.read(tmp_path)
    Tables.of(SOME).write(tmp_path)
    strange = pq.read_table(tmp_path / "VisitHeld.parquet").drop_columns(["lag"])
    pq.write_table(strange, tmp_path / "VisitHeld.parquet")
    with pytest.raises(Fault, match="的栏目与本版本不符"):
        Tables.read(tmp_path)
    (tmp_path / "Decision.parquet").write_bytes(b"PAR1 not really")
    (tmp_path / "VisitHeld.parquet").unlink()
    with pytest.raises(Fault, match="重新导出台账快照"):
        Tables.read(tmp_path)


def test_no_engine_extension_is_fetched_from_a_network() -> None:
    tables = Tables.of(SOME)
    rows = tables.engine.con.execute(
        "select name, value from duckdb_settings() where name like 'auto%known_extensions'"
    ).fetchall()
    assert sorted(rows) == [("autoinstall_known_extensions", "false"), ("autoload_known_extensions", "false")]
