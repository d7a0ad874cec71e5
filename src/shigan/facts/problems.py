"""Everything that can happen to a problem on the list (问题清单), from its raising to the last look-back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar

from shigan.facts.fact import Fact, Label
from shigan.facts.faults import Fault, _


class Source(StrEnum):
    INSPECTION = "巡察"
    VISIT = "调研"
    MEETING = "民主生活会"
    LETTERS = "信访"
    APPRAISAL = "考核"
    AUDIT = "审计"
    SUPERVISION = "督查"
    OTHER = "其他"


class Term(StrEnum):
    AT_ONCE = "立行立改"
    LIMITED = "限期"
    LASTING = "长期"


class Verdict(StrEnum):
    SOLVED = "已解决"
    PARTLY = "部分解决"
    UNSOLVED = "未解决"


class LetterStep(StrEnum):
    REMINDER = "提醒"
    SUPERVISION = "督办"
    ADMONITION = "告诫"


class Why(StrEnum):
    BEYOND_DUTY = "超出职责"
    NO_MEANS = "条件不具备"
    MERGED = "并入他项"
    MISTAKEN = "提出有误"


@dataclass(frozen=True, kw_only=True)
class ProblemRaised(Fact):
    """A problem put on the list in its original words; the entry's unit is the one that must solve it."""

    TITLE: ClassVar[str] = _("问题提出")
    ABOUT: ClassVar[str] = "Q"
    source: Annotated[Source, Label(_("来源"))]
    category: Annotated[str, Label(_("问题类别"), limit=40)]
    text: Annotated[str, Label(_("具体问题（原文）"), limit=2000)]
    origin: Annotated[str, Label(_("出处编号"), limit=40)] = ""


@dataclass(frozen=True, kw_only=True)
class MeasureSet(Fact):
    """What will be done, by whom, to which goal that can be checked, until when."""

    TITLE: ClassVar[str] = _("措施制定")
    ABOUT: ClassVar[str] = "Q"
    goal: Annotated[str, Label(_("整改目标（可检验）"), limit=500)]
    measures: Annotated[str, Label(_("整改措施"), limit=2000)]
    term: Annotated[Term, Label(_("整改时限"))]
    due: Annotated[date, Label(_("完成期限"))]
    leader: Annotated[str, Label(_("责任领导编号"), limit=12)] = ""
    owner: Annotated[str, Label(_("责任人编号"), limit=12)] = ""


@dataclass(frozen=True, kw_only=True)
class ProgressReported(Fact):
    """What has been done so far."""

    TITLE: ClassVar[str] = _("进展报告")
    ABOUT: ClassVar[str] = "Q"
    text: Annotated[str, Label(_("进展"), limit=2000)]


@dataclass(frozen=True, kw_only=True)
class ExtensionAsked(Fact):
    """More time is asked for, with the reason."""

    TITLE: ClassVar[str] = _("延期申请")
    ABOUT: ClassVar[str] = "Q"
    due: Annotated[date, Label(_("申请延至"))]
    reason: Annotated[str, Label(_("延期理由"), limit=500)]


@dataclass(frozen=True, kw_only=True)
class ExtensionDecided(Fact):
    """The office granted or refused the extension that was asked for."""

    TITLE: ClassVar[str] = _("延期答复")
    ABOUT: ClassVar[str] = "Q"
    granted: Annotated[bool, Label(_("同意延期"))]
    reason: Annotated[str, Label(_("答复理由"), limit=500)]


@dataclass(frozen=True, kw_only=True)
class FixClaimed(Fact):
    """The responsible unit says that it is solved (申报销号). A claim closes nothing."""

    TITLE: ClassVar[str] = _("申报销号")
    ABOUT: ClassVar[str] = "Q"
    result: Annotated[str, Label(_("整改结果"), limit=2000)]
    evidence: Annotated[str, Label(_("佐证（在哪里能看到结果）"), limit=500)]


@dataclass(frozen=True, kw_only=True)
class ResultChecked(Fact):
    """Another unit looked at the result (核验); `watch` is the look-back plan of that day's rules."""

    TITLE: ClassVar[str] = _("结果核验")
    ABOUT: ClassVar[str] = "Q"
    method: Annotated[str, Label(_("核验方式"), limit=40)]
    verdict: Annotated[Verdict, Label(_("核验结论"))]
    found: Annotated[str, Label(_("看到的情况"), limit=2000)]
    watch: Annotated[tuple[int, ...], Label(_("回头看（销号后第几个月）"), low=1, high=60)] = ()


@dataclass(frozen=True, kw_only=True)
class ProblemDropped(Fact):
    """Taken off the list without being fixed (未解决而了结); counted apart from «fixed»."""

    TITLE: ClassVar[str] = _("未解决了结")
    ABOUT: ClassVar[str] = "Q"
    why: Annotated[Why, Label(_("了结原因"))]
    reason: Annotated[str, Label(_("具体说明"), limit=1000)]


@dataclass(frozen=True, kw_only=True)
class ProblemReopened(Fact):
    """The one who raised it says that it is not solved after all."""

    TITLE: ClassVar[str] = _("重新打开")
    ABOUT: ClassVar[str] = "Q"
    reason: Annotated[str, Label(_("为何重新打开"), limit=1000)]


@dataclass(frozen=True, kw_only=True)
class LookedBack(Fact):
    """A look-back (回头看) some months after closing."""

    TITLE: ClassVar[str] = _("回头看")
    ABOUT: ClassVar[str] = "Q"
    months: Annotated[int, Label(_("第几个月"), low=1, high=60)]
    relapsed: Annotated[bool, Label(_("是否反弹"))]
    method: Annotated[str, Label(_("核验方式"), limit=40)]
    found: Annotated[str, Label(_("看到的情况"), limit=2000)]


@dataclass(frozen=True, kw_only=True)
class LetterSent(Fact):
    """A letter of the overdue ladder went out: 提醒 → 督办 → 告诫."""

    TITLE: ClassVar[str] = _("函件发出")
    ABOUT: ClassVar[str] = "Q"
    step: Annotated[LetterStep, Label(_("函件类别"))]
    answer_due: Annotated[date, Label(_("答复期限"))]
    number: Annotated[str, Label(_("文号"), limit=40)] = ""


@dataclass(frozen=True, kw_only=True)
class LetterAnswered(Fact):
    """The unit answered the letter."""

    TITLE: ClassVar[str] = _("函件答复")
    ABOUT: ClassVar[str] = "Q"
    text: Annotated[str, Label(_("答复内容"), limit=1000)]

    def check(self) -> None:
        if len(self.text.strip()) < 5:
            raise Fault(_("答复太短，看不出做了什么"), remedy=_("写明已做什么、何时做完。"))
