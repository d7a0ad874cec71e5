"""Every kind of thing the ledger speaks of: its code's letter, its name, its state and how it is folded."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from shigan.facts.faults import Fault, _
from shigan.ledger.entry import Entry
from shigan.work import (
    appraisal,
    boxes,
    documents,
    erasure,
    meetings,
    notes,
    problems,
    readings,
    tasks,
    units,
    visits,
)
from shigan.work.state import State


@dataclass(frozen=True)
class Thing:
    """`key` is the letter of its codes, with a slash for one year of it (`P0123/2026`)."""

    key: str
    name: str
    state: type[State]
    fold: Callable[[Any, Entry], State]


THINGS: Final[dict[str, Thing]] = {
    thing.key: replace(thing, fold=erasure.with_corrections(thing.fold))
    for thing in (
        Thing("U", _("单位"), units.Unit, units.fold_unit),
        Thing("P", _("干部"), units.Person, units.fold_person),
        Thing("G", _("考核单元"), units.Group, units.fold_group),
        Thing("A", _("账号"), units.Role, units.fold_role),
        Thing("Q", _("问题"), problems.Problem, problems.fold),
        Thing("V", _("走访"), visits.Visit, visits.fold),
        Thing("K", _("经验"), visits.Practice, visits.fold_practice),
        Thing("M", _("会议"), meetings.Meeting, meetings.fold),
        Thing("T", _("任务"), tasks.Task, tasks.fold),
        Thing("P/", _("干部年度考核"), appraisal.PersonYear, appraisal.fold_person_year),
        Thing("U/", _("班子年度考核"), appraisal.TeamYear, appraisal.fold_team_year),
        Thing("G/", _("考核单元年度"), appraisal.GroupYear, appraisal.fold_group_year),
        Thing("B", _("票箱评议"), boxes.Box, boxes.fold),
        Thing("D", _("文件"), documents.Document, documents.fold),
        Thing("E", _("依法删除"), erasure.Erasure, erasure.fold_erasure),
        Thing("F", _("查阅"), readings.Reading, readings.fold),
        Thing("S", _("投诉建议"), notes.Suggestion, notes.fold_suggestion),
        Thing("R", _("规矩"), notes.Policy, notes.fold_policy),
    )
}

CODE = re.compile(r"[UPGAQVKMTSBDEF][0-9]{1,9}(/[0-9]{4})?|R-[a-z]{1,30}")


def key_of(code: str) -> str:
    """`Q` for `Q00012`, `P/` for `P0123/2026`. Raises `Fault` when it is no code."""
    if not CODE.fullmatch(code):
        raise Fault(_("“{code}”不是编号"), remedy=_("编号是一个字母加数字，如 Q00012。"), code=code[:40])
    return code[0] + ("/" if "/" in code else "")


def thing_of(code: str) -> Thing:
    """The thing a code speaks of. Raises `Fault` when there is none."""
    key = key_of(code)
    if key not in THINGS:
        raise Fault(_("“{code}”不是编号"), remedy=_("编号是一个字母加数字，如 Q00012。"), code=code[:40])
    return THINGS[key]
