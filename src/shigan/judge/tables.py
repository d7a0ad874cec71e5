"""The ledger as tables: one of all headers (`entries`) and one for each kind of fact.

A kind's table holds the header's columns (without `kind`) and the fact's fields. A part inside a fact
(`ItemTally`, `Decision`, …) has a table of its own name, joined by `position`. Erased facts are in
`entries` only. There is no way from here to names, accounts or the sealed form vault: the only source is
`Entry`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date
from decimal import Decimal
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from shigan.facts import KINDS, Fault, Part, fields
from shigan.facts.fact import base, inner
from shigan.facts.faults import _
from shigan.ledger.entry import COUNTY_TIME, Entry

Column = tuple[pa.DataType, Callable[[Any], Any]]
CHUNK = 20_000
SIMPLE = {int: pa.int64(), bool: pa.bool_(), date: pa.date32(), Decimal: pa.float64()}


def recorded_on(entry: Entry) -> date:
    """The county's day on which the entry was recorded."""
    return (entry.recorded + COUNTY_TIME).date()


HEADER: Final[Mapping[str, Column]] = {
    "position": (pa.int64(), lambda e: e.position),
    "subject": (pa.string(), lambda e: e.subject),
    "code": (pa.string(), lambda e: e.subject.partition("/")[0]),
    "year": (pa.string(), lambda e: e.subject.partition("/")[2]),
    "seq": (pa.int64(), lambda e: e.seq),
    "kind": (pa.string(), lambda e: e.kind),
    "unit": (pa.string(), lambda e: e.unit),
    "by": (pa.string(), lambda e: e.by),
    "by_unit": (pa.string(), lambda e: e.by_unit),
    "happened": (pa.date32(), lambda e: e.happened),
    "recorded": (pa.timestamp("ms"), lambda e: e.recorded.astimezone(UTC).replace(tzinfo=None)),
    "recorded_on": (pa.date32(), recorded_on),
    "lag": (pa.int64(), lambda e: (recorded_on(e) - e.happened).days),
}
"""`code` and `year` are the two halves of a subject; `recorded` is UTC, `recorded_on` the county's day,
`lag` the days from event to record. Times carry no zone: DuckDB needs an extension for those."""


def _type(hint: Any) -> pa.DataType:
    hint, _optional = base(hint)
    if item := inner(hint):
        return pa.list_(_type(item))
    return SIMPLE.get(hint, pa.string())


def _part(hint: Any) -> type[Part] | None:
    item = inner(base(hint)[0])
    return item if isinstance(item, type) and issubclass(item, Part) else None


def _reader(key: str, hint: Any, of: Callable[[Any], Any]) -> Callable[[Any], Any]:
    if base(hint)[0] is Decimal:
        return lambda row: float(getattr(of(row), key))
    return lambda row: getattr(of(row), key)


def _own(cls: type[Part], of: Callable[[Any], Any]) -> dict[str, Column]:
    """The columns of a fact or part, which `of` takes from a row."""
    return {f.key: (_type(f.type), _reader(f.key, f.type, of)) for f in fields(cls) if _part(f.type) is None}


def _of_kind(kind: str) -> dict[str, Column]:
    return {k: c for k, c in HEADER.items() if k != "kind"} | _own(KINDS[kind], lambda entry: entry.fact)


def _of_part(part: type[Part]) -> dict[str, Column]:
    """Rows of a part's table are (position, line, part); lines count from 0."""
    place: dict[str, Column] = {
        "position": (pa.int64(), lambda r: r[0]),
        "line": (pa.int64(), lambda r: r[1]),
    }
    return place | _own(part, lambda row: row[2])


PARTS: Final = {
    part.__name__: (kind, f.key, part)
    for kind, cls in KINDS.items()
    for f in fields(cls)
    if (part := _part(f.type))
}
"""Each part's table: the kind and the field it is in."""

SHAPES: Final[Mapping[str, Mapping[str, Column]]] = (
    {"entries": HEADER}
    | {kind: _of_kind(kind) for kind in KINDS}
    | {name: _of_part(part) for name, (_kind, _key, part) in PARTS.items()}
)
"""Every table and its columns. All of them are always there, if need be empty."""


def _batch(rows: list[Any], shape: Mapping[str, Column]) -> pa.RecordBatch:
    arrays = [pa.array([read(row) for row in rows], type) for type, read in shape.values()]
    return pa.record_batch(arrays, names=list(shape))


def _schema(name: str) -> pa.Schema:
    return pa.schema([(key, type) for key, (type, _read) in SHAPES[name].items()])


def _rows(entries: list[Entry]) -> dict[str, list[Any]]:
    """The rows of each table that these entries make."""
    rows: dict[str, list[Any]] = {"entries": entries}
    for entry in entries:
        if entry.position is None:
            raise Fault(
                _("{code} 的第 {n} 条记录尚未封存"),
                remedy=_("先封存台账，再作评判。"),
                code=entry.subject,
                n=entry.seq,
            )
        if entry.fact is not None:
            rows.setdefault(entry.kind, []).append(entry)
    for name, (kind, key, _cls) in PARTS.items():
        rows[name] = [
            (e.position, n, part) for e in rows.get(kind, ()) for n, part in enumerate(getattr(e.fact, key))
        ]
    return rows


class Tables:
    """The tables in Arrow, and the same in an in-memory DuckDB that Ibis speaks to."""

    def __init__(self, arrow: Mapping[str, pa.Table]) -> None:
        self.arrow = arrow

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> Tables:
        """The tables of sealed entries, in any order. Raises `Fault` for an entry without a position."""
        batches: dict[str, list[pa.RecordBatch]] = {name: [] for name in SHAPES}
        each = iter(entries)
        while chunk := list(islice(each, CHUNK)):
            for name, rows in _rows(chunk).items():
                batches[name].append(_batch(rows, SHAPES[name]))
        return cls({name: pa.Table.from_batches(found, _schema(name)) for name, found in batches.items()})

    def write(self, folder: Path) -> None:
        """One Parquet file a table."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, table in self.arrow.items():
            pq.write_table(table, folder / f"{name}.parquet")

    @classmethod
    def read(cls, folder: Path) -> Tables:
        """The tables that `write` wrote. Raises `Fault` when one is missing or of another version."""
        return cls({name: _read(folder / f"{name}.parquet", name) for name in SHAPES})

    @cached_property
    def engine(self) -> Any:
        """Ibis on DuckDB: in memory, one thread (sums then come out alike), no extension by download."""
        off = {"autoinstall_known_extensions": False, "autoload_known_extensions": False}
        import ibis  # takes a second, and pages that only read findings never need it

        engine = ibis.duckdb.connect(threads=1, **off)
        for name, table in self.arrow.items():
            engine.con.register(name, table)
        return engine

    def __getitem__(self, name: str) -> Any:
        """The Ibis table of that name; see SHAPES."""
        return self.engine.table(name)

    @staticmethod
    def rows(expression: Any) -> Iterator[tuple[Any, ...]]:
        """The result of an Ibis expression, row by row; order it in the expression."""
        for batch in expression.to_pyarrow().to_batches():
            yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _read(path: Path, name: str) -> pa.Table:
    try:
        table = pq.read_table(path)
    except (OSError, pa.ArrowException) as error:
        raise Fault(
            _("读不出 {name}"), remedy=_("重新导出台账快照。"), place=str(path), name=path.name
        ) from error
    if table.schema != _schema(name):
        raise Fault(
            _("{name} 的栏目与本版本不符"),
            remedy=_("用同一版本的软件重新导出快照。"),
            place=str(path),
            name=path.name,
        )
    return table
