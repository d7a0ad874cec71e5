"""Reading an untrusted .xlsx: guarded at the door, parsed in a child process that may die without harm."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from shigan.exchange.cells import Cell
from shigan.exchange.workbook.guard import repack
from shigan.facts.faults import Fault, _

PARSER = Path(__file__).with_name("parse.py")
SECONDS = 40
"""Wall-clock limit of the child; its processor limit is its own (20 s)."""

_DATES: dict[str, type[date] | type[time]] = {"date": date, "datetime": datetime, "time": time}
_KEEP = _("请把要导入的行复制到一个新工作簿再上传。")
_BROKEN = _("文件不是完好的 Excel 工作簿，读不出来。")
_SENTENCES = {
    "rows": _("工作表“{sheet}”超过 20000 行（可能表格下方很远处还有内容）。"),
    "columns": _("工作表“{sheet}”超过 100 列（可能表格右边很远处还有内容）。"),
    "letters": _("工作表“{sheet}”的文字太多。"),
}


@dataclass(frozen=True)
class Sheet:
    """One worksheet as it was; `rows[0][0]` is cell A1, rows may differ in length, None is blank.

    `merged` holds (top, left, bottom, right) and `hidden` column numbers, all from 0.
    """

    name: str
    rows: list[list[Cell]]
    merged: tuple[tuple[int, int, int, int], ...] = ()
    hidden: frozenset[int] = frozenset()
    visible: bool = True


def read_workbook(data: bytes, name: str = "") -> list[Sheet]:
    """The worksheets of an .xlsx, at most 20,000 rows × 100 columns each; `name` is the place of a fault.

    Cells with a percentage format come as text with its sign (`85%`), error values as their text (`#REF!`).
    """
    try:
        return [_sheet(given) for given in _parse(repack(data))]
    except Fault as fault:
        raise fault.at(name) from None


def _parse(data: bytes) -> list[dict[str, Any]]:
    try:
        child = subprocess.run(
            [sys.executable, "-I", str(PARSER)], input=data, capture_output=True, timeout=SECONDS, check=True
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired, BrokenPipeError):
        raise Fault(_("表格太大或已损坏，没有读完。"), remedy=_KEEP) from None
    answer = json.loads(child.stdout)
    if fault := answer.get("fault"):
        raise Fault(_SENTENCES.get(fault, _BROKEN), remedy=_KEEP, sheet=answer.get("sheet", ""))
    sheets: list[dict[str, Any]] = answer["sheets"]
    return sheets


def _sheet(given: dict[str, Any]) -> Sheet:
    return Sheet(
        name=given["name"],
        rows=[[_cell(cell) for cell in row] for row in given["rows"]],
        merged=tuple((top, left, bottom, right) for top, left, bottom, right in given["merged"]),
        hidden=frozenset(given["hidden"]),
        visible=given["visible"],
    )


def _cell(given: Any) -> Cell:
    if isinstance(given, list):
        return _DATES[given[0]].fromisoformat(given[1])
    cell: Cell = given
    return cell
