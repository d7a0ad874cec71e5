"""问题台账: the sixteen columns as offices keep them, and the dates that make facts of them.

A row yields its facts in order: raised → measures → progress → claimed → checked → looked back. What the
responsible unit did is written as done by that unit, the check by the unit that checked: the rules then
decide as if each had typed it itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from shigan.exchange import cells
from shigan.exchange.sheets.known import Known
from shigan.exchange.sheets.problem_lines import COLUMNS, NOT_NOTED, NOTES, RELAPSED, rows
from shigan.exchange.sheets.sheet import (
    SheetKind,
    Understood,
    Wish,
    cell,
    day,
    each_row,
    need,
    settle,
    told,
    words,
)
from shigan.exchange.sheets.terms import due_of, progress_of, term_of
from shigan.exchange.workbook import Reading, Row
from shigan.facts import Fact
from shigan.facts.faults import Fault, _
from shigan.facts.problems import (
    FixClaimed,
    LookedBack,
    MeasureSet,
    ProblemRaised,
    ProgressReported,
    ResultChecked,
    Verdict,
)
from shigan.work.admit import Draft

_PARTS = re.compile(r"[·•・、，,；;/|（）()\s]+")
_DATE = re.compile(r"\d{4}(?:[-./年]\d{1,2}[-./月]\d{1,2}日?|\d{4})")


def drafts(reading: Reading, known: Known) -> Understood:
    """New problems, and what is new about problems that are on the list already."""
    rows: dict[str, Row] = {}
    return settle(reading, each_row(reading, lambda row: _row(row, rows, known)), known)


def _row(row: Row, rows: dict[str, Row], known: Known) -> Iterator[Wish]:
    with told(row, "unit"):
        unit = known.unit(str(need(row, "unit", "责任单位")))
    text = str(need(row, "text", "具体问题"))
    code, new = _code(row, unit, text, known)
    with told(row, "text"):
        if first := rows.get(code):
            raise Fault(
                _("与第 {row} 行是同一个单位的同一个问题"),
                remedy=_("请合成一行；确是两件事的，请写出不同之处。"),
                row=first.number,
            )
    rows[code] = row
    raised: date = need(row, "raised", "提出日期")
    if new:
        known.raise_problem(code, unit, text)
        yield _wish(row, code, "text", unit, raised, _raised(row, text))
    for key, happened, by_unit, fact in _later(row, unit, raised, known):
        yield _wish(row, code, key, unit, happened, fact, by_unit)


def _wish(row: Row, code: str, key: str, unit: str, happened: date, fact: Fact, by_unit: str = "") -> Wish:
    return Wish(Draft(code, fact, unit, happened, by_unit=by_unit), row, key)


def _code(row: Row, unit: str, text: str, known: Known) -> tuple[str, bool]:
    """The problem's code, and whether the problem is new."""
    said = cells.compact(words(row, "code")).upper()
    if said:
        with told(row, "code"):
            if known.ledger.look(said) is None or not said.startswith("Q"):
                raise Fault(
                    _("清单上没有问题 {code}"), remedy=_("新问题请把编号留空；原有的请改正编号。"), code=said
                )
            return said, False
    found = known.problem(unit, text)
    return (found, False) if found else (known.take("Q"), True)


def _raised(row: Row, text: str) -> ProblemRaised:
    source, category = need(row, "source", "来源"), need(row, "category", "问题类别")
    with told(row, "text" if len(text) > 2000 else "category"):
        return ProblemRaised(source=source, category=category, text=text)


def _later(row: Row, unit: str, raised: date, known: Known) -> Iterator[tuple[str, date, str, Fact]]:
    """(column to blame, day, acting unit, fact) of everything after the raising."""
    measured = day(row, "measured") or raised
    if any(words(row, key) for key in ("goal", "measures")):
        yield "measures", measured, unit, _measures(row, unit, raised, known)
    elif words(row, "result"):
        with told(row, "measures"):
            raise Fault(
                _("写了整改结果，没有写整改目标和措施"),
                remedy=_("补上目标、措施和时限；没有定过的，先不写结果。"),
            )
    _in_order(row, "measured", measured, raised, "提出日期")
    for happened, said in _progress(row):
        _in_order(row, "progress", happened, raised, "提出日期")
        with told(row, "progress"):
            yield "progress", happened, unit, ProgressReported(text=said)
    if words(row, "result"):
        claimed = need(row, "claimed", "申报日期")
        _in_order(row, "claimed", claimed, measured, "措施日期")
        with told(row, "result" if words(row, "evidence") else "evidence"):
            fact = FixClaimed(result=words(row, "result"), evidence=words(row, "evidence"))
        yield "result", claimed, unit, fact
        yield from _checks(row, unit, claimed, known)
    elif cell(row, "closed") is Verdict.SOLVED:
        with told(row, "closed"):
            raise Fault(
                _("写了已销号，没有写整改结果"), remedy=_("补上整改结果、佐证和验收各栏，或改为“否”。")
            )


def _measures(row: Row, unit: str, raised: date, known: Known) -> MeasureSet:
    with told(row, "term"):
        term = term_of(words(row, "term"), day(row, "due"))
        due = day(row, "due") or due_of(words(row, "term"), term, raised, known.rules)
    owner, leader = (_person(row, key, unit, known) for key in ("owner", "leader"))
    lacking = next((key for key in ("goal", "measures") if not words(row, key)), "measures")
    with told(row, lacking):
        return MeasureSet(
            goal=words(row, "goal"),
            measures=words(row, "measures"),
            term=term,
            due=due,
            leader=leader,
            owner=owner,
        )


def _person(row: Row, key: str, unit: str, known: Known) -> str:
    said = words(row, key)
    if not said:
        return ""
    with told(row, key):
        return known.person(said, unit)
    raise AssertionError


def _progress(row: Row) -> Iterable[tuple[date, str]]:
    said = words(row, "progress")
    with told(row, "progress"):
        return progress_of(said, day(row, "progressed")) if said else ()
    raise AssertionError


def _checks(row: Row, unit: str, claimed: date, known: Known) -> Iterator[tuple[str, date, str, Fact]]:
    verdict = cell(row, "closed")
    if not words(row, "checker"):
        if verdict in (None, Verdict.UNSOLVED):
            return
        with told(row, "checker"):
            raise Fault(
                _("写了销号，没有写谁用什么方式验收"),
                remedy=_("补上验收人和验收方式；没有人看过结果的，改为“否”。"),
            )
    checked: date = need(row, "checked", "验收日期")
    _in_order(row, "checked", checked, claimed, "申报日期")
    verdict = need(row, "closed", "是否销号")
    by_unit, method = _checker(row, unit, known)
    watch = tuple(known.rules.problems.look_back_months.value)
    with told(row, "found"):
        fact = ResultChecked(
            method=method, verdict=verdict, found=words(row, "found") or NOT_NOTED, watch=watch
        )
    yield "checker", checked, by_unit, fact
    if verdict is Verdict.SOLVED and (words(row, "looked") or cell(row, "relapsed") is not None):
        yield _look_back(row, checked, by_unit, method, known)


def _checker(row: Row, unit: str, known: Known) -> tuple[str, str]:
    """The unit that checked and the method, which often stand in one cell."""
    rules = known.rules.problems
    methods = {cells.compact(m): m for m in (*rules.result_methods.value, *rules.paper_methods.value)}
    parts = [part for part in _PARTS.split(words(row, "checker")) if part]
    method = words(row, "method") or next((methods[p] for p in parts if p in methods), "")
    if not method:
        with told(row, "method" if "method" in row.cell else "checker"):
            raise Fault(
                _("没有写验收方式"),
                remedy=_("写在验收人后面，如“县审计局·{first}”；可用：{known}。"),
                first=rules.result_methods.value[0],
                known="、".join(rules.result_methods.value),
            )
    who = next((p for p in parts if p not in methods), "")
    with told(row, "checker"):
        if not who:
            raise Fault(_("没有写由谁验收"), remedy=_("写验收的单位或干部，要在名册里。"))
        return _unit_of(who, known), method
    raise AssertionError


def _unit_of(who: str, known: Known) -> str:
    """The unit of a checker that is named by unit or by person."""
    try:
        return known.unit(who)
    except Fault as as_unit:
        try:
            return known.places[known.person(who)].unit
        except Fault:
            as_unit.remedy = _("请写名册里的单位或干部；上级或外部人员验收的，写接收其结论的本县单位。")
            raise as_unit from None


def _look_back(
    row: Row, checked: date, by_unit: str, method: str, known: Known
) -> tuple[str, date, str, Fact]:
    said = cells.compact(words(row, "looked"))
    found = _DATE.search(said)
    relapsed = cell(row, "relapsed")
    with told(row, "looked"):
        happened = cells.day(found[0]) if found else cells.day(words(row, "looked"))
        rest = said.replace(found[0], "") if found else ""
        rest = re.sub(r"[·•・:，,、;]", "", rest)
        if relapsed is None:
            relapsed = cells.choice(rest, RELAPSED)
        if happened is None or relapsed is None:
            raise Fault(_("回头看要写日期和是否反弹"), remedy=_("写成“2026-09-30·未反弹”；还没有做的留空。"))
        _in_order(row, "looked", happened, checked, "验收日期")
        months = known.rules.problems.look_back_months.value
        done = (happened.year - checked.year) * 12 + happened.month - checked.month
        nearest = min(months, key=lambda each: abs(each - done))
        fact = LookedBack(
            months=nearest, relapsed=bool(relapsed), method=method, found=words(row, "found") or NOT_NOTED
        )
    return "looked", happened, by_unit, fact


def _in_order(row: Row, key: str, later: date, earlier: date, what: str) -> None:
    with told(row, key):
        if later < earlier:
            raise Fault(
                _("{later} 早于{what} {earlier}"),
                remedy=_("请核对这两个日期。"),
                later=later,
                what=what,
                earlier=earlier,
            )


KIND = SheetKind(
    key="problems",
    title="问题台账",
    words=_("十六栏问题整改台账，连同各步日期"),
    facts=("ProblemRaised", "MeasureSet", "ProgressReported", "FixClaimed", "ResultChecked", "LookedBack"),
    columns=lambda rules: COLUMNS,
    template=lambda rules, variant: COLUMNS,
    drafts=drafts,
    rows=rows,
    notes=NOTES,
)
