"""From sheets to an evidence book with no server and no database, for the office that has only Excel."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from pathlib import Path

from shigan.exchange import evidence_book
from shigan.exchange.book_parts import Reader
from shigan.exchange.cells import Cell
from shigan.exchange.papers import Paper, docx, pdf
from shigan.exchange.sheets import Known, Name, Nothing, Part, Plan, Wish, read_sheets, understand
from shigan.exchange.workbook import Column, Sheet, mark_faults, write_table
from shigan.facts.faults import Fault, _
from shigan.judge import Book, Tables, judge
from shigan.ledger.entry import COUNTY_TIME, UNSIGNED, Entry
from shigan.policy import Rulebook
from shigan.work.admit import Author

OFFICE = Author(UNSIGNED, UNSIGNED)
"""Sheets bear no author; what a unit did is written as done by that unit."""
SHOWN = 30
"""So many faults are told on the screen; all of them are in the sheet."""


@dataclass(frozen=True)
class Case:
    """Everything the sheets say. `entries` are sealed in memory, numbered from 1, and empty where a sheet has
    faults; `files` are the faults of whole files; `digest` names the bytes of all files."""

    plan: Plan
    names: Mapping[str, Name]
    entries: Sequence[Entry]
    files: Sequence[Fault]
    digest: str

    @property
    def faults(self) -> list[Fault]:
        return [*self.files, *self.plan.faults]

    @property
    def year(self) -> int:
        """The latest year that any sheet speaks of."""
        years = [int(e.subject.partition("/")[2] or e.happened.year) for e in self.entries]
        return max(years, default=date.today().year)


def gather(paths: Iterable[Path], rules: Rulebook, skip_faulty: bool = False) -> Case:
    """Read, understand and rehearse the sheets as one ledger. `skip_faulty` leaves out rows with faults."""
    contents = [(path.name, _read(path)) for path in paths]
    parts: list[Part] = []
    files: list[Fault] = []
    for name, data in contents:
        try:
            parts += read_sheets(data, name, rules)
        except Fault as fault:
            files.append(fault)
    known = Known(Nothing(rules), _new_year(parts))
    plan = understand(parts, known)
    admitted = plan.rehearse(OFFICE, known, _moment)
    if (plan.faults or files) and not skip_faulty:
        admitted = []
    entries = [replace(each.entry, position=n) for n, each in enumerate(admitted, start=1)]
    digest = hashlib.sha256(b"".join(hashlib.sha256(data).digest() for _name, data in contents)).hexdigest()
    return Case(plan, known.names, entries, files, digest[:12])


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Fault(_("打不开文件"), remedy=_("核对文件名和路径。"), place=str(path)) from error


def _new_year(parts: Sequence[Part]) -> date:
    """The date of posts that bear none: before everything else the sheets tell."""
    days = [
        day
        for _kind, reading in parts
        for row in reading.rows
        for day in row.cell.values()
        if isinstance(day, date)
    ]
    years = [row.cell["year"] for _k, reading in parts for row in reading.rows if row.cell.get("year")]
    return date(
        min([*(y for y in years if isinstance(y, int)), *(d.year for d in days), date.today().year]), 1, 1
    )


def _moment(wish: Wish) -> datetime:
    """Nobody knows when a row of a sheet was written down: it counts as recorded on its day."""
    day = min(wish.draft.happened, date.today())
    return datetime.combine(day, time(9), UTC) - COUNTY_TIME


def book(case: Case, rules: Rulebook, year: int, today: date) -> Book:
    """The year judged."""
    return judge(Tables.of(case.entries), rules, year, today)


def paper(case: Case, judged: Book) -> Paper:
    """The evidence book of everybody, with the entries."""
    mark = f"依据表格编成（指纹 {case.digest}），共 {len(case.entries)} 条"
    return evidence_book.paper(judged, case.names, entries=case.entries, recorded=False, mark=mark)


_ENTRIES = (
    Column("position", ("编号",), width=8, numeric=True),
    Column("happened", ("日期",), width=12),
    Column("kind", ("事项",), width=14),
    Column("about", ("对象",), width=28),
    Column("unit", ("单位",), width=18),
    Column("text", ("内容",), width=90),
)


def write_entries(target: Path, case: Case) -> None:
    """依据.xlsx: every entry in full but for ballots, under the numbers that the book cites."""
    reader = Reader(case.names)
    rows = [
        (
            e.position,
            e.happened,
            *evidence_book.entry_words(e, reader)[:2],
            reader.name(e.unit),
            evidence_book.entry_words(e, reader, 30_000)[2],
        )
        for e in case.entries
    ]
    write_table(str(target), "依据条目", _ENTRIES, rows, f"指纹 {case.digest}")


def write_faults(folder: Path, case: Case) -> list[Path]:
    """faults.xlsx, or one a sheet where several have faults: the sheet with every fault at its cell."""
    faulty = [part for _kind, part in case.plan.parts if part.faults]
    names = ["faults.xlsx", *(f"faults-{n}.xlsx" for n in range(2, len(faulty) + 1))]
    paths = [folder / name for name in names]
    for path, part in zip(paths, faulty, strict=False):
        mark_faults(str(path), part.reading.table.sheet, part.faults)
    if not faulty:
        blank: list[list[Cell]] = []
        mark_faults(str(paths[0]), Sheet("Sheet1", blank), case.files)
    return paths


def command(
    paths: Sequence[Path], folder: Path, year: int, skip_faulty: bool, tell: Callable[[str], object]
) -> int:
    """`shigan judge`: the book as .docx and .pdf with its entries; 2 and no book where sheets have faults."""
    if not paths:
        raise Fault(_("没有给出表格"), remedy=_("写上文件名，或加 --demo-sheets 用自带的样表。"))
    rules = Rulebook.shipped()
    case = gather(paths, rules, skip_faulty)
    _make(folder)
    for kind, part in case.plan.parts:
        tell(f"{kind.title}：{len(part.reading.rows)} 行，{len(part.wishes)} 条，{len(part.faults)} 处要改")
    if case.faults:
        for fault in case.faults[:SHOWN]:
            tell(f"  {fault}")
        written = "、".join(str(path) for path in write_faults(folder, case))
        tell(f"共 {len(case.faults)} 处要改，标在 {written}")
        if not skip_faulty:
            return 2
    if not case.entries:
        raise Fault(_("没有一行可用"), remedy=_("改正表格后再试。"))
    judged = book(case, rules, year or case.year, date.today())
    made = paper(case, judged)
    for name, content in (("证据册.docx", docx(made)), ("证据册.pdf", pdf(made))):
        (folder / name).write_bytes(content)
        tell(str(folder / name))
    write_entries(folder / "依据.xlsx", case)
    tell(f"{folder / '依据.xlsx'}（{len(case.entries)} 条）")
    return 0


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Fault(
            _("建不了文件夹"), remedy=_("换一个可以写的位置：--out 文件夹。"), place=str(folder)
        ) from error
