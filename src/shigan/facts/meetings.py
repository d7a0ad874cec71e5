"""Criticism meetings (民主生活会, 组织生活会): opinions in, problems out, last year's items first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar

from shigan.facts.fact import Fact, Label, Part
from shigan.facts.faults import Fault, _


class MeetingKind(StrEnum):
    DEMOCRATIC_LIFE = "民主生活会"
    ORGANIZATIONAL_LIFE = "组织生活会"


class Channel(StrEnum):
    BOX = "意见箱"
    TALK = "谈心谈话"
    FORUM = "座谈会"
    SUPERIOR = "上级点明"
    OTHER = "其他"


@dataclass(frozen=True, kw_only=True)
class ItemReport(Part):
    """What became of one of last year's items."""

    problem: Annotated[str, Label(_("问题编号"), limit=12)]
    said: Annotated[str, Label(_("整改情况通报"), limit=500)]


@dataclass(frozen=True, kw_only=True)
class MeetingPlanned(Fact):
    """A meeting is called."""

    TITLE: ClassVar[str] = _("会议筹备")
    ABOUT: ClassVar[str] = "M"
    kind: Annotated[MeetingKind, Label(_("会议类别"))]
    theme: Annotated[str, Label(_("主题"), limit=200)]
    due: Annotated[date, Label(_("计划召开日期"))]
    members: Annotated[int, Label(_("应到人数（人）"), low=1, high=500)]


@dataclass(frozen=True, kw_only=True)
class OpinionHeard(Fact):
    """An opinion gathered before the meeting, in its own words (原汁原味), unattributed."""

    TITLE: ClassVar[str] = _("意见征集")
    ABOUT: ClassVar[str] = "M"
    channel: Annotated[Channel, Label(_("征集渠道"))]
    text: Annotated[str, Label(_("意见原文"), limit=1000)]


@dataclass(frozen=True, kw_only=True)
class TalksHeld(Fact):
    """Heart-to-heart talks before the meeting: their number only."""

    TITLE: ClassVar[str] = _("谈心谈话")
    ABOUT: ClassVar[str] = "M"
    talks: Annotated[int, Label(_("谈话次数（次）"), low=1, high=2000)]


@dataclass(frozen=True, kw_only=True)
class LastItemsReported(Fact):
    """The meeting opens with what became of last year's items."""

    TITLE: ClassVar[str] = _("上次整改通报")
    ABOUT: ClassVar[str] = "M"
    items: Annotated[tuple[ItemReport, ...], Label(_("上次会议各项"))] = ()
    note: Annotated[str, Label(_("说明"), limit=500)] = ""

    def check(self) -> None:
        if not self.items and not self.note.strip():
            raise Fault(_("没有通报任何一项"), remedy=_("逐项通报；上次会议没有问题的，在说明里写明。"))


@dataclass(frozen=True, kw_only=True)
class MeetingHeld(Fact):
    """The meeting took place; its criticisms become problems in the same transaction."""

    TITLE: ClassVar[str] = _("会议召开")
    ABOUT: ClassVar[str] = "M"
    expected: Annotated[int, Label(_("应到（人）"), low=1, high=500)]
    present: Annotated[int, Label(_("实到（人）"), low=1, high=500)]
    problems: Annotated[tuple[str, ...], Label(_("查摆出的问题编号"), limit=12)] = ()
    report_due: Annotated[date | None, Label(_("报告期限"))] = None

    def check(self) -> None:
        if self.present > self.expected:
            raise Fault(
                _("实到 {present} 人多于应到 {expected} 人"),
                remedy=_("核对签到表。"),
                present=self.present,
                expected=self.expected,
            )


@dataclass(frozen=True, kw_only=True)
class MeetingReported(Fact):
    """The report went to the superior party organization."""

    TITLE: ClassVar[str] = _("会后报告")
    ABOUT: ClassVar[str] = "M"
    text: Annotated[str, Label(_("报告摘要"), limit=1000)]
