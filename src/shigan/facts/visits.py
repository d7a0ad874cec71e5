"""Visits (调研走访): what was heard stays unattributed; no photo, no track, no signature is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar

from shigan.facts.fact import Fact, Label
from shigan.facts.faults import Fault, _


class VisitKind(StrEnum):
    STUDY = "调研"
    INSPECTION = "督查"


class Speaker(StrEnum):
    """Who spoke, as a role; never a name."""

    RESIDENT = "群众"
    MEMBER = "党员"
    VILLAGE_OFFICIAL = "村社区干部"
    STAFF = "干部职工"
    ENTERPRISE = "企业人员"
    OTHER = "其他"


@dataclass(frozen=True, kw_only=True)
class VisitHeld(Fact):
    """A unit was visited. An inspection (督查) needs its number on the yearly plan; its burden is counted."""

    TITLE: ClassVar[str] = _("走访")
    ABOUT: ClassVar[str] = "V"
    kind: Annotated[VisitKind, Label(_("类别"))]
    topic: Annotated[str, Label(_("主题"), limit=200)]
    unannounced: Annotated[bool, Label(_("四不两直"), hint=_("不发通知、不打招呼、不听汇报、不用陪同接待"))]
    visitors: Annotated[int, Label(_("走访人数（人）"), low=1, high=50)]
    host_minutes: Annotated[int, Label(_("占用基层时间（人·分钟）"), low=0, high=20000)]
    filing: Annotated[str, Label(_("督查计划备案号"), limit=40)] = ""

    def check(self) -> None:
        if self.kind is VisitKind.INSPECTION and not self.filing.strip():
            raise Fault(
                _("督查没有备案号"),
                remedy=_("填写年度督查检查考核计划的备案号；只是了解情况的，类别选“调研”。"),
                source="政府督查工作条例第七条、第十五条",
            )


@dataclass(frozen=True, kw_only=True)
class VoiceHeard(Fact):
    """Something said during a visit, unattributed; `became` is the code of the problem or practice card."""

    TITLE: ClassVar[str] = _("听到的话")
    ABOUT: ClassVar[str] = "V"
    speaker: Annotated[Speaker, Label(_("说话人身份（不记姓名）"))]
    text: Annotated[str, Label(_("原话"), limit=2000)]
    became: Annotated[str, Label(_("转为"), limit=12)] = ""
    return_due: Annotated[date | None, Label(_("回访期限"))] = None


@dataclass(frozen=True, kw_only=True)
class PromiseMade(Fact):
    """Something the visitors promised, with a date."""

    TITLE: ClassVar[str] = _("当场承诺")
    ABOUT: ClassVar[str] = "V"
    text: Annotated[str, Label(_("承诺内容"), limit=500)]
    due: Annotated[date, Label(_("兑现期限"))]


@dataclass(frozen=True, kw_only=True)
class ReturnVisited(Fact):
    """The second visit (回访), which closes the first."""

    TITLE: ClassVar[str] = _("回访")
    ABOUT: ClassVar[str] = "V"
    kept: Annotated[bool, Label(_("承诺已兑现"))]
    found: Annotated[str, Label(_("看到的情况"), limit=2000)]


@dataclass(frozen=True, kw_only=True)
class PracticeNoted(Fact):
    """A good practice found at a unit (经验卡), told so that others can use it."""

    TITLE: ClassVar[str] = _("经验记录")
    ABOUT: ClassVar[str] = "K"
    title: Annotated[str, Label(_("做法名称"), limit=60)]
    text: Annotated[str, Label(_("怎么做的"), limit=2000)]
    origin: Annotated[str, Label(_("出处编号"), limit=40)] = ""


@dataclass(frozen=True, kw_only=True)
class PracticeUsed(Fact):
    """Another unit uses the practice."""

    TITLE: ClassVar[str] = _("经验采用")
    ABOUT: ClassVar[str] = "K"
    text: Annotated[str, Label(_("用在哪里、效果如何"), limit=1000)]
