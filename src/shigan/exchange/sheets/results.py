"""实绩: one figure of a team or an official in each row, with where it can be checked."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal

from shigan.exchange import cells
from shigan.exchange.cells import Cell
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
from shigan.exchange.sheets.subject import CODE, PERSON, UNIT, YEAR, line, subject, year
from shigan.exchange.workbook import Column, Reading, Row
from shigan.exchange.workbook.write import Value
from shigan.facts.appraisal import Area, Nature, ResultRecorded
from shigan.facts.faults import Fault, _
from shigan.ledger.entry import Entry
from shigan.policy import Rulebook
from shigan.policy.schemes import Indicator
from shigan.work.admit import Draft

PERCENT = "%"
_GROWTH = re.compile("增|降|减|同比|环比")


def raw(cell: Cell) -> str | None:
    """The cell as written; how it is read depends on the unit of measure."""
    return None if cells.compact(cell) in ("", "-", "—", "/") else cells.text(cell)


COLUMNS = (
    CODE,
    UNIT,
    PERSON,
    YEAR,
    Column("area", ("领域", "实绩领域"), chosen(Area), choices=listed(Area), hint=_("方案里有的指标可不填")),
    Column(
        "indicator", ("指标", "指标名称", "考核指标"), required=True, example="群众诉求经核验解决率", width=28
    ),
    Column(
        "nature", ("性质", "指标性质"), chosen(Nature), choices=listed(Nature), hint=_("方案里有的指标可不填")
    ),
    Column("value", ("数值", "完成值", "实际值", "完成情况"), raw, True, example="86.5", numeric=True),
    Column("measure", ("计量单位",), example="%", hint=_("方案里有的指标可不填"), width=10),
    Column(
        "evidence",
        ("依据", "数据来源", "佐证"),
        required=True,
        example="县政务服务系统 2026 年办结清单",
        width=32,
    ),
    Column("day", ("统计日期", "统计截止日", "截止日期", "日期"), cells.day, True, example="2026-09-30"),
)
NOTES = (
    _("姓名留空的是班子的实绩，填了姓名的是干部的实绩。"),
    _("依据写别人能去查的文件、台账或系统；只写“已完成”的不算依据。"),
)


def drafts(reading: Reading, known: Known) -> Understood:
    """Results that the ledger does not hold yet."""
    return settle(reading, each_row(reading, lambda row: _row(row, known)), known)


def _row(row: Row, known: Known) -> Iterator[Wish]:
    code, unit = subject(row, known)
    named = str(need(row, "indicator", "指标"))
    indicator = _indicator(named, code, known)
    area = Area(cell(row, "area") or (indicator.area if indicator else need(row, "area", "领域")))
    nature = Nature(cell(row, "nature") or (indicator.nature if indicator else need(row, "nature", "性质")))
    said = words(row, "measure") or (indicator.unit if indicator else need(row, "measure", "计量单位"))
    measure = cells.compact(said)
    if indicator and measure != indicator.unit:
        with told(row, "measure"):
            raise Fault(
                _("“{name}”的计量单位是“{unit}”，不是“{said}”"),
                remedy=_("请换算后填写。"),
                name=named,
                unit=indicator.unit,
                said=measure,
            )
    with told(row, "value"):
        value = _value(str(need(row, "value", "数值")), measure, named)
    happened: date = need(row, "day", "统计日期")
    evidence = str(need(row, "evidence", "依据"))
    with told(row, "evidence"):
        fact = ResultRecorded(
            area=area,
            indicator=indicator.name if indicator else named,
            nature=nature,
            value=value,
            measure=measure,
            evidence=evidence,
        )
    yield Wish(Draft(f"{code}/{year(row, happened)}", fact, unit, happened), row, "indicator")


def _indicator(named: str, code: str, known: Known) -> Indicator | None:
    """The scheme's indicator of that name: of the subject's own scheme, else of any."""
    own = known.scheme(code)
    schemes = (own,) if own else known.rules.schemes.schemes
    bare = cells.compact(named)
    return next((i for s in schemes for i in s.indicators if cells.compact(i.name) == bare), None)


def _value(said: str, measure: str, named: str) -> Decimal:
    """A share is held to 0…100; a growth may be more or less."""
    if measure == PERCENT and not _GROWTH.search(named):
        found = cells.percent(said)
    else:
        found = cells.number(said)
        if found is not None and measure == PERCENT and PERCENT in cells.compact(said):
            found *= 100
    if found is None:
        raise Fault(_("“数值”没有填写。"), remedy=_("请补上这一格。"))
    return found.normalize() if found != found.to_integral_value() else Decimal(int(found))


def rows(known: Known, entries: Iterable[Entry], units: Collection[str] | None) -> Iterable[Sequence[Value]]:
    """One line for each result, in the order they were written."""
    for entry in entries:
        fact = entry.fact
        if isinstance(fact, ResultRecorded) and (units is None or entry.unit in units):
            code, _slash, of_year = entry.subject.partition("/")
            yield (
                *line(code, entry.unit, known),
                int(of_year),
                fact.area,
                fact.indicator,
                fact.nature,
                fact.value,
                fact.measure,
                fact.evidence,
                entry.happened,
            )


def _columns(rules: Rulebook, variant: str = "") -> Sequence[Column]:
    return COLUMNS


KIND = SheetKind(
    key="results",
    title="实绩",
    words=_("班子和干部的实绩：指标、数值、依据"),
    facts=("ResultRecorded",),
    columns=_columns,
    template=_columns,
    drafts=drafts,
    rows=rows,
    notes=NOTES,
)
