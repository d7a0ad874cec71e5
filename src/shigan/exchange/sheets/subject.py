"""Whose year a row speaks of: the columns 编号, 单位, 姓名, 年度 that three sheets share."""

from __future__ import annotations

import re
from datetime import date

from shigan.exchange import cells
from shigan.exchange.cells import Cell
from shigan.exchange.sheets.known import Known
from shigan.exchange.sheets.sheet import need, told, words
from shigan.exchange.workbook import Column, Row
from shigan.facts.faults import Fault, _

CODE = Column("code", ("编号", "干部编号", "单位编号"), hint=_("同名的必填，其余可不填"), width=10)
UNIT = Column(
    "unit", ("单位", "单位名称", "所在单位", "工作单位", "被测评单位"), width=20, example="县住建局"
)
PERSON = Column(
    "person", ("姓名", "干部姓名", "被测评人", "考核对象"), example="张某某", hint=_("班子一行留空")
)


def year_of(cell: Cell) -> int | None:
    """`2026`, `2026年`, `2026年度`."""
    said = cells.compact(cell).removesuffix("度").removesuffix("年")
    if not said:
        return None
    if not re.fullmatch(r"20\d\d", said):
        raise Fault(_("“{said}”不是年度"), remedy=_("请写成 2026。"), said=said)
    return int(said)


YEAR = Column(
    "year",
    ("年度", "考核年度"),
    year_of,
    example="2026",
    hint=_("留空的，按日期所在年"),
    width=8,
    numeric=True,
)


def subject(row: Row, known: Known) -> tuple[str, str]:
    """The code of the person or team that the row speaks of, and its unit."""
    said = cells.compact(words(row, "code")).upper()
    if said:
        with told(row, "code"):
            code = known.person(said) if said.startswith("P") else known.unit(said)
        return code, known.places[code].unit
    name, unit_said = words(row, "person"), words(row, "unit")
    if not name and not unit_said:
        need(row, "person" if "person" in row.cell else "unit", "姓名")
    unit = ""
    if unit_said:
        with told(row, "unit"):
            unit = known.unit(unit_said)
    if not name:
        return unit, unit
    with told(row, "person"):
        code = known.person(name, unit)
        if unit and known.places[code].unit != unit:
            raise Fault(
                _("“{name}”登记在{there}，不在{here}"),
                remedy=_("改正单位；已调动的，先导入名册。"),
                name=name,
                there=known.name(known.places[code].unit),
                here=known.name(unit),
            )
    return code, known.places[code].unit


def year(row: Row, day: date) -> int:
    """The year of the row, else that of its date."""
    given = row.cell.get("year")
    return given if isinstance(given, int) else day.year


def line(code: str, unit: str, known: Known) -> tuple[str, str, str | None]:
    """编号, 单位, 姓名 of an exported row."""
    return code, known.told(unit), known.name(code) if code.startswith("P") else None
