"""What the free cells of a problem ledger say: 整改时限 with its date, 进展 with the days in it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta

from shigan.exchange import cells
from shigan.facts.faults import Fault, _
from shigan.facts.problems import Term
from shigan.maths.workdays import add_months
from shigan.policy import Rulebook

_DATE = r"\d{4}(?:[-./]\d{1,2}[-./]\d{1,2}|年\d{1,2}月\d{1,2}[日号]?)"
_LED = re.compile(rf"^[\s（(【\[]*({_DATE})[\s）)】\]]*[：:，,、.．]?\s*(.*)$", re.DOTALL)


def term_of(said: str, due: date | None) -> Term:
    """立行立改, 限期 or 长期; a bare date, or nothing beside a date, is 限期."""
    bare = cells.compact(said)
    for term in Term:
        if term.value in bare:
            return term
    if "立即" in bare or "马上" in bare:
        return Term.AT_ONCE
    if "持续" in bare:
        return Term.LASTING
    if due or re.search(_DATE, bare):
        return Term.LIMITED
    raise Fault(
        _("“{said}”看不出是立行立改、限期还是长期"),
        remedy=_("请填其中一个；限期的写上日期，如“限期 2026-06-30”。"),
        said=said,
    )


def due_of(said: str, term: Term, raised: date, rules: Rulebook) -> date:
    """The date in the cell, else what the rules set for a term without one."""
    if found := re.search(_DATE, cells.compact(said)):
        day = cells.day(found[0])
        assert day is not None
        return day
    if term is Term.AT_ONCE:
        return raised + timedelta(days=rules.problems.at_once_days.value)
    if term is Term.LIMITED:
        return add_months(raised, rules.problems.limited_months.value)
    raise Fault(_("长期整改没有写期限"), remedy=_("请在“完成期限”列写下一次要见结果的日期，如 2026-12-31。"))


def progress_of(said: str, day: date | None) -> list[tuple[date, str]]:
    """Each progress with its day: lines that begin with a date begin a new one; `day` is that of the rest.

    Raises `Fault` where a text has no date at all.
    """
    reports: list[tuple[date, str]] = []
    undated: list[str] = []
    for line in said.splitlines():
        if led := _LED.match(line.strip()):
            happened = cells.day(led[1])
            assert happened is not None
            reports.append((happened, led[2].strip()))
        elif reports:
            reports[-1] = (reports[-1][0], f"{reports[-1][1]}\n{line.strip()}".strip())
        else:
            undated.append(line.strip())
    if not undated:
        return reports
    if day is None:
        raise Fault(_("进展没有写日期"), remedy=_("在“进展日期”列填写，或写在行首：2026-04-01：…。"))
    return [(day, "\n".join(undated)), *reports]


def progress_said(reports: Iterable[tuple[date, str]]) -> str:
    """The cell that `progress_of` reads."""
    return "\n".join(f"{day.isoformat()}：{text}" for day, text in reports)
