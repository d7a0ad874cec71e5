"""Finding a table in a sheet as people make them, and reading its rows with every fault at its cell."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from xlsxwriter.utility import xl_rowcol_to_cell

from shigan.exchange import cells
from shigan.exchange.cells import Cell
from shigan.exchange.workbook.read import Sheet
from shigan.facts.faults import Fault, _

HEADER_WITHIN = 40
"""A header is looked for in so many rows from the top."""

_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】")
_TOTAL = re.compile(r"(合|总|小|共)计:?")
_SIGNED = re.compile(r"(填表|填报|制表|审核|复核|负责|联系|经办)(人|单位|日期|时间)?(签字|签名|\(.*\))?:.*")
_REMARK = re.compile(r"(注|备注|说明|填表说明):.*")
_ORDINAL, _COUNTED = "序号", re.compile(r"[\d.、]*")


@dataclass(frozen=True)
class Column:
    """One column: how its title may be written, how a cell is read, and what the template says of it.

    `titles[0]` is the title we write; brackets, blanks and widths in a found title do not matter.
    `required`: the column must be there and every row filled. `numeric` leaves template cells numbers,
    all others are text, so that `001` and `2026.10` stay what was typed. `width` in characters.
    """

    key: str
    titles: tuple[str, ...]
    read: Callable[[Cell], object] = cells.text
    required: bool = False
    example: str = ""
    choices: tuple[str, ...] = ()
    hint: str = ""
    width: int = 14
    numeric: bool = False

    @property
    def title(self) -> str:
        return self.titles[0]


@dataclass(frozen=True)
class Table:
    """A header found in a sheet. `columns`: place from 0 → Column; `head`: last header row, from 0."""

    sheet: Sheet
    columns: dict[int, Column]
    head: int
    titles: dict[int, str]

    @property
    def understood(self) -> list[tuple[str, str]]:
        """(title in the sheet, key) in the order of the sheet."""
        return [(self.titles[place], column.key) for place, column in sorted(self.columns.items())]

    @property
    def ignored(self) -> list[str]:
        """Titles in the sheet that no column claims."""
        return [title for place, title in sorted(self.titles.items()) if place not in self.columns]

    @property
    def hidden(self) -> list[str]:
        """Titles of hidden columns; they are read like any other."""
        return [title for place, title in sorted(self.titles.items()) if place in self.sheet.hidden]

    def place(self, number: int, key: str) -> str:
        """`问题台账!C7` for row 7; the row alone where the sheet has no such column."""
        for at, column in self.columns.items():
            if column.key == key:
                return f"{self.sheet.name}!{xl_rowcol_to_cell(number - 1, at)}"
        return f"{self.sheet.name}!{number}"


@dataclass
class Row:
    """One row that was read: `number` as Excel counts; a faulty or absent cell is None in `cell`."""

    number: int
    cell: dict[str, object]
    faults: list[Fault]
    table: Table = field(repr=False)

    def blame(self, key: str, fault: Fault) -> None:
        """Add a fault found later (a code that does not exist, …) at the cell of `key`."""
        self.faults.append(fault.at(self.table.place(self.number, key)))


@dataclass(frozen=True)
class Reading:
    """What a preview shows: the rows, what was understood, and what was left out and why."""

    table: Table
    rows: list[Row]
    skipped: list[tuple[int, str]]
    """(row number, reason) of rows with content that are no data: totals, signatures, remarks."""
    unread: list[str]
    """Names of other sheets with content."""

    @property
    def faults(self) -> list[Fault]:
        return [fault for row in self.rows for fault in row.faults]

    @property
    def good(self) -> list[Row]:
        return [row for row in self.rows if not row.faults]

    @property
    def understood(self) -> list[tuple[str, str]]:
        return self.table.understood


def read_table(sheets: Sequence[Sheet], columns: Sequence[Column]) -> Reading:
    """The first sheet with such a table, visible ones first; else the fault of the nearest miss."""
    ordered = sorted(sheets, key=lambda sheet: not sheet.visible)
    misses: list[tuple[int, Fault]] = []
    for sheet in ordered:
        try:
            table = find_table(sheet, columns)
        except Fault as fault:
            misses.append((-len(_best(sheet, columns)[0]), fault))
            continue
        walked = list(_walk(table))
        return Reading(
            table=table,
            rows=[row for row in walked if isinstance(row, Row)],
            skipped=[row for row in walked if isinstance(row, tuple)],
            unread=[other.name for other in sheets if other is not sheet and other.rows],
        )
    if misses:
        raise min(misses, key=lambda miss: miss[0])[1]
    raise Fault(_("工作簿里没有工作表。"), remedy=_("请用导入模板。"))


def find_table(sheet: Sheet, columns: Sequence[Column]) -> Table:
    """The table whose header row (or two rows, where cells are merged) names most of `columns`.

    Raises `Fault` where a required column is missing (naming what is missing and what was found) or two
    columns of the sheet bear the same wanted title.
    """
    found, head, titles = _best(sheet, columns)
    missing = [column.title for column in columns if column.required and column.key not in found]
    if missing or not found:
        names = "、".join(missing or [column.title for column in columns])
        if not found:
            said, remedy = _("没有找到表头，应有这些列：{missing}。"), _("请用导入模板，列的先后不限。")
        else:
            said = _("缺少这些列：{missing}。第 {row} 行的表头里有：{there}。")
            remedy = _("请补上缺少的列，或改成模板里的列名。")
        raise Fault(
            said,
            remedy=remedy,
            place=sheet.name,
            missing=names,
            row=head + 1,
            there="、".join(titles.values()),
        )
    for key, places in found.items():
        if len(places) > 1:
            raise Fault(
                _("标题“{title}”出现了 {n} 次，不知道该读哪一列。"),
                remedy=_("请删去或改名多余的列。"),
                place=f"{sheet.name}!{'、'.join(xl_rowcol_to_cell(head, place) for place in places)}",
                title=next(column.title for column in columns if column.key == key),
                n=len(places),
            )
    by_key = {column.key: column for column in columns}
    return Table(sheet, {places[0]: by_key[key] for key, places in found.items()}, head, titles)


def read_rows(table: Table) -> Iterator[Row]:
    """The rows of data below the header; `read_table` also tells what was left out."""
    return (row for row in _walk(table) if isinstance(row, Row))


def _best(sheet: Sheet, columns: Sequence[Column]) -> tuple[dict[str, list[int]], int, dict[int, str]]:
    """(key → places, last header row, titles by place) of the rows that name most columns."""
    wanted = {_bare(title): column.key for column in columns for title in column.titles}
    best: tuple[dict[str, list[int]], int, dict[int, str]] = ({}, 0, {})
    for depth in (1, 2):
        for top in range(min(len(sheet.rows), HEADER_WITHIN) + 1 - depth):
            if depth == 2 and not any(span[0] == top for span in sheet.merged):
                continue
            titles = _titles(sheet.rows[top : top + depth], wanted)
            found: dict[str, list[int]] = {}
            for place, title in titles.items():
                if key := wanted.get(_bare(title)):
                    found.setdefault(key, []).append(place)
            if len(found) > len(best[0]):
                best = (found, top + depth - 1, titles)
    return best


def _titles(rows: Sequence[Sequence[Cell]], wanted: dict[str, str]) -> dict[int, str]:
    """Title by place; of two header rows the lower one speaks unless only the upper is wanted."""
    titles: dict[int, str] = {}
    for row in rows:
        for place, cell in enumerate(row):
            said = " ".join(str(cell).split()) if isinstance(cell, str) else ""
            if said and (_bare(said) in wanted or _bare(titles.get(place, "")) not in wanted):
                titles[place] = said
    return titles


def _bare(title: Cell) -> str:
    return _BRACKETS.sub("", cells.compact(title)).strip("*:·.").lower()


def _walk(table: Table) -> Iterator[Row | tuple[int, str]]:
    """Rows of data, and (number, reason) for rows with content that are none."""
    spread = _spread(table)
    ordinals = {place for place, title in table.titles.items() if _bare(title) == _ORDINAL}
    for index in range(table.head + 1, len(table.sheet.rows)):
        row = table.sheet.rows[index]
        filled = {place for place, cell in enumerate(row) if cells.compact(cell)}
        if filled <= ordinals and all(_COUNTED.fullmatch(cells.compact(_at(row, place))) for place in filled):
            continue  # blank, or numbered in advance and left blank
        if reason := _no_data(table, index, sorted(filled), ordinals):
            yield index + 1, reason
        else:
            yield _row(table, index, spread)


def _no_data(table: Table, index: int, filled: list[int], ordinals: set[int]) -> str:
    """Why a row with content is no data; empty for a row of data."""
    row = table.sheet.rows[index]
    said = [cells.compact(row[place]) for place in filled]
    known = [place for place in filled if place in table.columns and place not in ordinals]
    if any(_TOTAL.fullmatch(word) for word in said[:2]):
        return _("合计行")
    if _SIGNED.fullmatch(said[0]):
        return _("填表人等签署")
    if _REMARK.fullmatch(said[0]):
        return _("表下的说明")
    if known and all(_bare(row[place]) == _bare(table.titles[place]) for place in known):
        return _("重复的表头")
    if len(filled) == 1 and any(index == top and left < right for top, left, _b, right in table.sheet.merged):
        return _("小标题")
    return "" if known else _("认识的列里没有内容")


def _spread(table: Table) -> dict[tuple[int, int], Cell]:
    """(row, column) → value for the lower cells of vertically merged ones."""
    rows, spread = table.sheet.rows, {}
    for top, left, bottom, right in table.sheet.merged:
        if left == right and table.head < top < len(rows):
            for index in range(top + 1, min(bottom + 1, len(rows))):
                spread[index, left] = _at(rows[top], left)
    return spread


def _row(table: Table, index: int, spread: dict[tuple[int, int], Cell]) -> Row:
    row = Row(index + 1, {}, [], table)
    for place, column in sorted(table.columns.items()):
        cell = _at(table.sheet.rows[index], place)
        cell = spread.get((index, place)) if cell is None else cell
        try:
            value = column.read(cell)
            if value is None and column.required:
                raise Fault(_("“{title}”没有填写。"), remedy=_("这一列每行都要填。"), title=column.title)
        except Fault as fault:
            row.blame(column.key, fault)
            value = None
        row.cell[column.key] = value
    return row


def _at(row: Sequence[Cell], place: int) -> Cell:
    return row[place] if place < len(row) else None
