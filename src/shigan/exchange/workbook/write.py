"""Workbooks written for the office: empty templates, tables, and the uploaded sheet with its faults marked.

Every word goes in as text, so that `=1+1` from a user is never a formula and an address never a link.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import IO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_cell_to_rowcol, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from shigan.exchange.cells import Cell, text
from shigan.exchange.workbook.read import Sheet
from shigan.exchange.workbook.table import Column
from shigan.facts.faults import Fault, _

Target = str | IO[bytes]
Value = Cell | Decimal

TEMPLATE_ROWS = 500
"""So many rows of a template are laid out and checked by Excel."""

_CELL_LETTERS = 32_000
"""Excel keeps 32,767 characters in a cell."""
_LIST_LETTERS = 250
"""Excel keeps a list of choices of 255 characters in a cell; a longer one needs cells of its own."""
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
_BOX = {"border": 1, "border_color": "#7f7f7f", "valign": "vcenter", "text_wrap": True}


class _Book:
    """An xlsxwriter workbook with our few formats; a context manager that closes it."""

    def __init__(self, target: Target) -> None:
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self.book = xlsxwriter.Workbook(target, options)
        self.title = self.format(bold=True, font_size=16, align="center", valign="vcenter")
        self.small = self.format(font_size=9, font_color="#595959", align="right")
        self.head = self.format(**_BOX, bold=True, align="center", bg_color="#dde6f0")
        self.must = self.format(**_BOX, bold=True, align="center", bg_color="#dde6f0", font_color="#b00020")
        self.text = self.format(**_BOX, num_format="@")
        self.quoted = self.format(**_BOX, num_format="@", quote_prefix=True)
        self.number = self.format(**_BOX)
        self.day = self.format(**_BOX, num_format="yyyy-mm-dd", align="center")
        self.moment = self.format(**_BOX, num_format="yyyy-mm-dd hh:mm", align="center")
        self.fault = self.format(**_BOX, num_format="@", bg_color="#ffd6d6", font_color="#9c0006")

    def __enter__(self) -> _Book:
        return self

    def __exit__(self, *_error: object) -> None:
        self.book.close()

    def format(self, **properties: object) -> Format:
        return self.book.add_format({"font_name": "宋体", "font_size": 11, **properties})

    def sheet(self, name: str) -> Worksheet:
        return self.book.add_worksheet(_FORBIDDEN.sub(" ", name).strip("' ")[:31] or None)

    def put(self, sheet: Worksheet, row: int, column: int, value: Value, style: Format | None = None) -> None:
        """One cell, typed by its value; text stays text."""
        match value:
            case None:
                sheet.write_blank(row, column, None, style or self.text)
            case bool():
                sheet.write_string(row, column, "是" if value else "否", style or self.text)
            case int() | float() | Decimal():
                sheet.write_number(row, column, value, style or self.number)
            case datetime():
                sheet.write_datetime(row, column, value.replace(tzinfo=None), style or self.moment)
            case date():
                sheet.write_datetime(row, column, value, style or self.day)
            case time():
                sheet.write_string(row, column, value.isoformat(), style or self.text)
            case str():
                plain = style or (self.quoted if value.startswith(("=", "+", "-", "@")) else self.text)
                sheet.write_string(row, column, _cut(value), plain)


def write_template(target: Target, title: str, columns: Sequence[Column], notes: Sequence[str] = ()) -> None:
    """An empty sheet to fill in: title, header (required ones red), drop-down lists; a second one explains.

    Examples stand in the instructions and in the header's comments, never in a row that would be imported.
    """
    with _Book(target) as book:
        sheet = book.sheet(title)
        _head(book, sheet, title, columns)
        explained = book.sheet("填写说明")
        _explain(book, explained, title, columns, notes)
        for place, column in enumerate(columns):
            _hint(sheet, place, column)
            for row in range(2, 2 + TEMPLATE_ROWS):
                sheet.write_blank(row, place, None, book.number if column.numeric else book.text)
            if column.choices:
                _choices(sheet, explained, place, column)
        _print_setup(sheet, len(columns), head=1)


def write_table(
    target: Target,
    title: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Value]],
    watermark: str = "",
) -> None:
    """A finished table under the titles of `columns`, one value per column in each row.

    `watermark` says who exported it and when; it stands in the last header line and in the page footer.
    Ready to print on landscape A4 with the header on every page.
    """
    with _Book(target) as book:
        sheet = book.sheet(title)
        _head(book, sheet, title, columns)
        last = 1
        for last, values in enumerate(rows, start=2):
            for place, value in enumerate(values):
                book.put(sheet, last, place, value)
        sheet.autofilter(1, 0, max(last, 1), len(columns) - 1)
        if watermark:
            book.book.set_properties({"comments": watermark})
        _print_setup(sheet, len(columns), head=1, footer=watermark)


def mark_faults(
    target: Target, sheet: Sheet, faults: Sequence[Fault], translate: Callable[[str], str] = str
) -> None:
    """The uploaded sheet at its old addresses, faulty cells coloured with the sentence as a comment.

    A second sheet lists every fault, those without a cell too. `translate` as in `Fault.sentence`.
    """
    said = [fault.sentence(translate).removeprefix(f"{fault.place}：") for fault in faults]
    marked = _by_cell(sheet, faults, said)
    with _Book(target) as book:
        out = book.sheet(sheet.name)
        given = {(row, column): v for row, cells in enumerate(sheet.rows) for column, v in enumerate(cells)}
        for row, column in sorted(given.keys() | marked.keys()):
            _put_marked(book, out, row, column, given.get((row, column)), marked.get((row, column), ""))
        out.set_column(0, 99, 14)
        listed = book.sheet("需要修改")
        listed.set_column(0, 0, 24)
        listed.set_column(1, 1, 90)
        for row, (fault, sentence) in enumerate(zip(faults, said, strict=True)):
            book.put(listed, row, 0, fault.place)
            book.put(listed, row, 1, sentence)


def _put_marked(book: _Book, sheet: Worksheet, row: int, column: int, value: Cell, said: str) -> None:
    if not said:
        if value is not None:
            book.put(sheet, row, column, value)
        return
    book.put(sheet, row, column, value if isinstance(value, str) else text(value), book.fault)
    sheet.write_comment(row, column, said, {"x_scale": 2, "font_size": 10})


def _by_cell(sheet: Sheet, faults: Sequence[Fault], said: Sequence[str]) -> dict[tuple[int, int], str]:
    """(row, column) from 0 → the sentences of all faults at that cell of this sheet."""
    marked: dict[tuple[int, int], str] = {}
    for fault, sentence in zip(faults, said, strict=True):
        name, _mark, address = fault.place.rpartition("!")
        if name == sheet.name and re.fullmatch(r"[A-Z]{1,3}[1-9]\d*", address):
            at = xl_cell_to_rowcol(address)
            marked[at] = f"{marked[at]}\n{sentence}" if at in marked else sentence
    return marked


def _head(book: _Book, sheet: Worksheet, title: str, columns: Sequence[Column]) -> None:
    if len(columns) > 1:
        sheet.merge_range(0, 0, 0, len(columns) - 1, "", book.title)
    sheet.write_string(0, 0, title, book.title)
    sheet.set_row(0, 30)
    sheet.set_row(1, 32)
    for place, column in enumerate(columns):
        sheet.write_string(1, place, column.title, book.must if column.required else book.head)
        sheet.set_column(place, place, column.width)
    sheet.freeze_panes(2, 0)


def _hint(sheet: Worksheet, place: int, column: Column) -> None:
    lines = [_("必填") if column.required else "", column.hint]
    lines.append(_("例：{example}").format(example=column.example) if column.example else "")
    if said := "\n".join(line for line in lines if line):
        sheet.write_comment(1, place, said, {"x_scale": 1.5, "font_size": 10})


def _choices(sheet: Worksheet, explained: Worksheet, place: int, column: Column) -> None:
    source: str | list[str] = list(column.choices)
    if len(",".join(column.choices)) > _LIST_LETTERS:
        at = 20 + place  # beside the instructions, out of sight
        for row, words in enumerate(column.choices):
            explained.write_string(row, at, words)
        cells = (
            xl_rowcol_to_cell(0, at, True, True),
            xl_rowcol_to_cell(len(column.choices) - 1, at, True, True),
        )
        source = f"='填写说明'!{cells[0]}:{cells[1]}"
        explained.set_column(at, at, None, None, {"hidden": True})
    rule = {
        "validate": "list",
        "source": source,
        "error_title": _("不在可选内容里"),
        "error_message": _("请从下拉列表里选。"),
    }
    sheet.data_validation(2, place, 1 + TEMPLATE_ROWS, place, rule)


def _explain(
    book: _Book, sheet: Worksheet, title: str, columns: Sequence[Column], notes: Sequence[str]
) -> None:
    sheet.merge_range(0, 0, 0, 4, "", book.title)
    sheet.write_string(0, 0, _("{title}填写说明").format(title=title), book.title)
    for place, (words, width) in enumerate(
        [(_("列"), 16), (_("是否必填"), 10), (_("怎么填"), 44), (_("可选内容"), 36), (_("例子"), 24)]
    ):
        sheet.write_string(1, place, words, book.head)
        sheet.set_column(place, place, width)
    for row, column in enumerate(columns, start=2):
        must = _("必填") if column.required else _("可不填")
        for place, words in enumerate(
            [column.title, must, column.hint, "、".join(column.choices), column.example]
        ):
            book.put(sheet, row, place, words)
    for row, note in enumerate(notes, start=3 + len(columns)):
        sheet.write_string(row, 0, note)


def _print_setup(sheet: Worksheet, columns: int, head: int, footer: str = "") -> None:
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
    sheet.repeat_rows(0, head)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&L&9{}&R&9&P / &N".format(footer.replace("&", "&&")[:200]))


def _cut(words: str) -> str:
    if len(words) <= _CELL_LETTERS:
        return words
    return words[:_CELL_LETTERS] + _("……（超出 Excel 一格的容量，以下从略）")
