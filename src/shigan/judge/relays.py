"""Which passages of documents stand in earlier ones, where fingerprints lie in an engine of tables.

    write_prints(documents, path)                       # (number, text) of each, as Parquet
    found = Relays(ibis.duckdb.connect().read_parquet(path))
    found.islands.to_pyarrow()

The relations of `shigan.maths.reuse` as one set of expressions, on DuckDB or Spark: what fingerprints share
with their earliest and their previous holder (window functions only, no text against every other), the
islands and the runs. The figures are those of numpy, digit by digit; `digests` tells.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from ibis import _
from ibis.expr.types import Table as Expression

from shigan.maths import reuse
from shigan.maths.reuse.engine import Name
from shigan.maths.reuse.islands import DRIFT, FEWEST, GAP, NOBODY
from shigan.maths.reuse.kernel import BITS, LONGEST, SENSITIVE, USUAL, Numbers
from shigan.maths.reuse.relate import printed_rows

COLUMNS: Final = pa.schema([(name, pa.int64()) for name in ("doc", "ordinal", "pos", "hash")])
"""One row a fingerprint; `ordinal` counts those of the document."""


def write_prints(
    documents: Iterable[tuple[int, str]], path: Path, name: Name = "numpy", sensitive: bool = False
) -> None:
    """Write the fingerprints of documents (number and original text) as `COLUMNS`, in any order."""
    with pq.ParquetWriter(path, COLUMNS) as file:
        for _docs, _counts, rows in printed_rows(documents, name, sensitive):
            prints, owners = rows[:, 0], rows[:, 1]
            columns = owners >> 32, owners & 0xFFFFFFFF, prints & (LONGEST - 1), prints >> BITS
            file.write_table(pa.table(dict(zip(COLUMNS.names, columns, strict=True)), COLUMNS))


@dataclass(frozen=True)
class Relays:
    """The relations among fingerprints (`COLUMNS`), as expressions that wait to be asked."""

    prints: Expression
    sensitive: bool = False

    @property
    def k(self) -> int:
        """Characters of one fingerprint."""
        return (SENSITIVE if self.sensitive else USUAL).k

    @cached_property
    def holdings(self) -> Expression:
        """Fingerprints that an earlier document holds, with the earliest and the previous holder."""
        holders = self.prints.group_by("hash", "doc").agg(at=_.pos.min())
        by_hash = ibis.window(group_by="hash", order_by="doc")
        holders = holders.mutate(
            first_doc=_.doc.first().over(by_hash), first_pos=_["at"].first().over(by_hash),
            last_doc=_.doc.lag().over(by_hash), last_pos=_["at"].lag().over(by_hash),
        )  # fmt: skip
        earlier = holders.filter(_.last_doc.notnull()).drop("at")
        held = self.prints.join(earlier, ["hash", "doc"])
        same = held.first_doc == held.last_doc
        return held.select(
            "doc", "ordinal", "pos", "first_doc", "first_pos",
            last_doc=same.ifelse(NOBODY, held.last_doc), last_pos=same.ifelse(NOBODY, held.last_pos),
        )  # fmt: skip

    @cached_property
    def islands(self) -> Expression:
        """Columns and rows of `maths.reuse.islands.islands`."""
        along = ibis.window(group_by=["doc", "source"], order_by="pos")
        seeds = self._seeds().mutate(shift=_.pos - _.there)
        seeds = seeds.mutate(step=_.pos - _.pos.lag().over(along), drift=_.shift - _.shift.lag().over(along))
        breaks = _.step.isnull() | (_.step > GAP) | (_.drift.abs() > DRIFT)
        seeds = seeds.mutate(breaks=breaks.cast("int64"))
        seeds = seeds.mutate(
            island=_.breaks.sum().over(ibis.cumulative_window(group_by=["doc", "source"], order_by="pos"))
        )
        found = seeds.group_by("doc", "source", "island").agg(
            start=_.pos.min(), end=_.pos.max() + self.k,
            source_start=_.there.min(), source_end=_.there.max() + self.k, seeds=_.count(),
        )  # fmt: skip
        return found.filter(_.seeds >= FEWEST).select(*reuse.Island._fields)

    @cached_property
    def runs(self) -> Expression:
        """Columns and rows of `maths.reuse.islands.runs`."""
        number = ibis.row_number().over(group_by="doc", order_by="ordinal")
        held = self.holdings.mutate(run=_.ordinal - number)
        found = held.group_by("doc", "run").agg(start=_.pos.min(), end=_.pos.max() + self.k, seeds=_.count())
        return found.filter(_.seeds >= FEWEST).select(*reuse.Run._fields)

    def digests(self) -> tuple[str, str]:
        """Of the islands and of the runs: equal to numpy's if all is."""
        return reuse.digest(taken(self.islands)), reuse.digest(taken(self.runs))

    def _seeds(self) -> Expression:
        """What each holding shares with either holder."""
        first = self.holdings.select("doc", "pos", source="first_doc", there="first_pos")
        second = self.holdings.filter(_.last_doc != NOBODY)
        return first.union(second.select("doc", "pos", source="last_doc", there="last_pos"))


def taken(relation: Expression) -> Numbers:
    """The rows of a relation, ascending."""
    table = relation.to_pyarrow()
    rows = np.stack([column.to_numpy() for column in table.columns], axis=1).astype(np.int32)
    return rows[np.lexsort(rows.T[::-1])]
