"""平时考核: the quarterly grades, one line an official and four columns, or one line a quarter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import partial

from shigan.exchange import cells
from shigan.exchange.sheets.known import Known
from shigan.exchange.sheets.roster import chosen, listed
from shigan.exchange.sheets.sheet import (
    SheetKind,
    Understood,
    Wish,
    cell,
    each_row,
    need,
    settle,
    told,
    words,
)
from shigan.exchange.sheets.subject import CODE, PERSON, UNIT, YEAR, line, subject
from shigan.exchange.workbook import Column, Reading, Row
from shigan.exchange.workbook.write import Value
from shigan.facts.appraisal import RoutineGrade, RoutineGraded
from shigan.facts.faults import Fault, _
from shigan.ledger.entry import Entry
from shigan.policy import Rulebook
from shigan.work.admit import Draft

QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4}
_NUMBERS = {
    said: n
    for word, n in QUARTERS.items()
    for each in (word, str(n))
    for said in (each, f"{each}季度", f"第{each}季度")
}

WIDE = tuple(
    Column(
        f"q{n}",
        (f"{word}季度", f"第{word}季度", f"{n}季度", f"第{n}季度"),
        chosen(RoutineGrade),
        choices=listed(RoutineGrade),
        width=10,
    )
    for word, n in QUARTERS.items()
)
LONG = (
    Column("quarter", ("季度", "考核季度"), partial(cells.choice, mapping=_NUMBERS)),
    Column("grade", ("等次", "平时考核等次", "考核结果"), chosen(RoutineGrade), choices=listed(RoutineGrade)),
)
REASON = Column("reason", ("主要事实", "主要依据", "评价依据"), width=40, hint=_("一行写一个季度时填"))
TEMPLATE = (CODE, UNIT, PERSON, YEAR, *WIDE)
COLUMNS = (*TEMPLATE, *LONG, REASON)
NOTES = (
    _("没有确定等次的季度留空；季度结束后才能登记。"),
    _("年度必填。同一人同一季度只登记一次。"),
)


def drafts(reading: Reading, known: Known) -> Understood:
    """Grades that the ledger does not hold yet."""
    return settle(reading, each_row(reading, lambda row: _row(row, known)), known)


def _row(row: Row, known: Known) -> Iterator[Wish]:
    code, unit = subject(row, known)
    if not code.startswith("P"):
        need(row, "person", "姓名")
    of_year: int = need(row, "year", "年度")
    for key, quarter, grade in _grades(row):
        with told(row, key):
            fact = RoutineGraded(quarter=quarter, grade=grade, reason=words(row, "reason"))
        yield Wish(Draft(f"{code}/{of_year}", fact, unit, _end(of_year, quarter)), row, key)


def _grades(row: Row) -> Iterator[tuple[str, int, RoutineGrade]]:
    found = [(f"q{n}", n, grade) for n in QUARTERS.values() if (grade := cell(row, f"q{n}"))]
    if "grade" in row.cell and (row.cell["grade"] or not found):
        found.append(("grade", need(row, "quarter", "季度"), need(row, "grade", "等次")))
    if not found and not row.faults:
        with told(row, "person"):
            raise Fault(_("这一行没有一个季度的等次"), remedy=_("填写等次，或删去这一行。"))
    yield from found


def _end(year: int, quarter: int) -> date:
    return date(year + quarter // 4, quarter * 3 % 12 + 1, 1) - timedelta(days=1)


def rows(known: Known, entries: Iterable[Entry], units: Collection[str] | None) -> Iterable[Sequence[Value]]:
    """One line for each official and year."""
    of: dict[str, dict[int, str]] = defaultdict(dict)
    place: dict[str, str] = {}
    for entry in entries:
        if isinstance(entry.fact, RoutineGraded) and (units is None or entry.unit in units):
            of[entry.subject][entry.fact.quarter] = entry.fact.grade
            place[entry.subject] = entry.unit
    for key in sorted(of):
        code, _slash, of_year = key.partition("/")
        yield (
            *line(code, place[key], known),
            int(of_year),
            *(of[key].get(n) for n in QUARTERS.values()),
        )


def _template(rules: Rulebook, variant: str = "") -> Sequence[Column]:
    return TEMPLATE


KIND = SheetKind(
    key="routine",
    title="平时考核",
    words=_("干部各季度平时考核等次"),
    facts=("RoutineGraded",),
    columns=lambda rules: COLUMNS,
    template=_template,
    drafts=drafts,
    rows=rows,
    notes=NOTES,
)
