"""Tasks on the wall chart (挂图作战): owner, dates, state, evidence; no points."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar

from shigan.facts.fact import Fact, Label
from shigan.facts.faults import Fault, _


@dataclass(frozen=True, kw_only=True)
class TaskSet(Fact):
    """A task with its dates; the entry's unit does it."""

    TITLE: ClassVar[str] = _("任务下达")
    ABOUT: ClassVar[str] = "T"
    project: Annotated[str, Label(_("项目或领域"), limit=40)]
    text: Annotated[str, Label(_("任务"), limit=500)]
    start: Annotated[date, Label(_("开始日期"))]
    due: Annotated[date, Label(_("完成期限"))]
    owner: Annotated[str, Label(_("责任人编号"), limit=12)] = ""

    def check(self) -> None:
        if self.due < self.start:
            raise Fault(
                _("完成期限 {due} 早于开始日期 {start}"),
                remedy=_("核对两个日期。"),
                due=self.due,
                start=self.start,
            )


@dataclass(frozen=True, kw_only=True)
class TaskProgressed(Fact):
    """What has been done so far."""

    TITLE: ClassVar[str] = _("任务进展")
    ABOUT: ClassVar[str] = "T"
    text: Annotated[str, Label(_("进展"), limit=1000)]


@dataclass(frozen=True, kw_only=True)
class TaskFinished(Fact):
    """The task is done, and where that can be seen."""

    TITLE: ClassVar[str] = _("任务完成")
    ABOUT: ClassVar[str] = "T"
    result: Annotated[str, Label(_("完成情况"), limit=1000)]
    evidence: Annotated[str, Label(_("佐证（在哪里能看到结果）"), limit=500)]
