"""Runs alone, as `python -I parse.py`: an .xlsx on standard input, its cells as JSON on standard output.

It imports nothing of ours, because it is the part of the house that may be killed: 512 MB of memory,
20 s of processor. The answer is `{"sheets": […]}` or `{"fault": name, "sheet": …}`; see `read.py`.
Cells: null, text, number, true/false, or `["date" | "datetime" | "time", ISO text]`. What calamine does not
tell is read from the XML here: error values, hidden columns, and percentages (`0.85` shown as 85% → "85%").
"""

from __future__ import annotations

import contextlib
import datetime
import io
import json
import re
import sys
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

MEMORY, SECONDS = 512 * 2**20, 20
MAX_ROWS, MAX_COLUMNS, MAX_LETTERS = 20_000, 100, 20_000_000

_VALUE = re.compile(rb"<(?:\w+:)?v>([^<]*)<")
_COLUMN = re.compile(rb"<(?:\w+:)?col\s([^>]*)>")
_PERCENTS = {9, 10}
"""Excel's built-in formats 0% and 0.00%."""


class TooMuchError(Exception):
    """A limit was crossed; the words are the name of the sentence in `read.py`."""


def limit() -> None:
    """Hold this process to its memory and time, where the system can (not on Windows)."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def parse(data: bytes) -> dict[str, Any]:
    from python_calamine import CalamineError, load_workbook

    try:
        book = load_workbook(io.BytesIO(data))
        archive = zipfile.ZipFile(io.BytesIO(data))
        parts, percents, sheets = sheet_parts(archive), percent_styles(archive), []
        for about in book.sheets_metadata:
            if not str(about.typ).endswith("WorkSheet") or about.name not in parts:
                continue
            try:
                rows = read_rows(book.get_sheet_by_name(about.name))
            except TooMuchError as error:
                return {"fault": str(error), "sheet": about.name}
            merged = book.get_sheet_by_name(about.name).merged_cell_ranges or []
            xml = archive.read(parts[about.name])
            mend(rows, xml, percents)
            sheets.append(
                {
                    "name": about.name,
                    "rows": rows,
                    "merged": [[*start, *end] for start, end in merged],
                    "hidden": hidden_columns(xml),
                    "visible": str(about.visible).endswith(".Visible"),
                }
            )
    except (CalamineError, ElementTree.ParseError, KeyError, ValueError, zipfile.BadZipFile):
        return {"fault": "broken"}
    return {"sheets": sheets}


def read_rows(sheet: Any) -> list[list[Any]]:
    last_row, last_column = sheet.end or (0, 0)
    if last_row >= MAX_ROWS:
        raise TooMuchError("rows")
    if last_column >= MAX_COLUMNS:
        raise TooMuchError("columns")
    rows, letters = [], 0
    for row in sheet.to_python(skip_empty_area=False):
        letters += sum(len(cell) for cell in row if isinstance(cell, str))
        if letters > MAX_LETTERS:
            raise TooMuchError("letters")
        rows.append([plain(cell) for cell in row])
    return rows


def plain(cell: Any) -> Any:
    if cell == "":
        return None
    if isinstance(cell, datetime.date | datetime.time):
        return [type(cell).__name__, cell.isoformat()]
    return cell if isinstance(cell, str | int | float | bool) else str(cell)


def mend(rows: list[list[Any]], xml: bytes, percents: set[int]) -> None:
    """Write into `rows` what calamine leaves out: error values (it gives a blank) and percent signs."""
    marks = "|".join(['t="e"', *(f's="{style}"' for style in sorted(percents))])
    odd_cell = re.compile(rf"<(?:\w+:)?c\s(?=[^>]*\b(?:{marks}))([^>]*)>".encode())
    for cell in odd_cell.finditer(xml):
        about = attributes(cell[1])
        row, column = place(about.get("r", ""))
        if row >= len(rows) and about.get("t") == "e":
            rows.extend([] for _ in range(min(row, MAX_ROWS) + 1 - len(rows)))
        if row >= len(rows) or column >= MAX_COLUMNS:
            continue
        rows[row].extend([None] * (column + 1 - len(rows[row])))
        if about.get("t") == "e":
            value = _VALUE.search(xml, cell.end())
            rows[row][column] = value[1].decode() if value else "#N/A"
        elif isinstance(rows[row][column], float | int) and not isinstance(rows[row][column], bool):
            share = Decimal(f"{rows[row][column]:.15g}") * 100
            rows[row][column] = f"{share.normalize():f}%"


def attributes(tag: bytes) -> dict[str, str]:
    return {name.decode(): value.decode() for name, value in re.findall(rb'([\w:]+)="([^"]*)"', tag)}


def place(address: str) -> tuple[int, int]:
    """`B3` → (2, 1)."""
    letters = address.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(address[len(letters) :]) - 1, column - 1


def hidden_columns(xml: bytes) -> list[int]:
    found: set[int] = set()
    for tag in _COLUMN.finditer(xml):
        about = attributes(tag[1])
        if about.get("hidden") in ("1", "true"):
            found.update(range(int(about["min"]) - 1, min(int(about["max"]), MAX_COLUMNS)))
    return sorted(found)


def percent_styles(archive: zipfile.ZipFile) -> set[int]:
    """The numbers of the cell styles that show a percent sign."""
    if "xl/styles.xml" not in archive.namelist():
        return set()
    root = ElementTree.fromstring(archive.read("xl/styles.xml"))
    formats = set(_PERCENTS)
    for tag in root.iterfind("{*}numFmts/{*}numFmt"):
        if "%" in tag.get("formatCode", ""):
            formats.add(int(tag.get("numFmtId", "-1")))
    styles = (xf for group in root.iterfind("{*}cellXfs") for xf in group)
    return {n for n, xf in enumerate(styles) if int(xf.get("numFmtId", "0")) in formats}


def sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Sheet name → its member of the archive."""
    targets = {
        tag.get("Id", ""): tag.get("Target", "")
        for tag in ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    }
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    return dict(_parts(book, targets, set(archive.namelist())))


def _parts(book: Any, targets: dict[str, str], members: set[str]) -> Iterator[tuple[str, str]]:
    for tag in book.iterfind("{*}sheets/{*}sheet"):
        link = next((value for name, value in tag.attrib.items() if name.endswith("}id")), "")
        target = targets.get(link, "").lstrip("/")
        member = target if target.startswith("xl/") else f"xl/{target}"
        if member in members:
            yield tag.get("name", ""), member


if __name__ == "__main__":
    limit()
    sys.stdout.buffer.write(json.dumps(parse(sys.stdin.buffer.read())).encode())
