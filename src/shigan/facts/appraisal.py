"""What an appraisal (考核) rests on. Codes: `P0123/2026` a person's year, `U045/2026` a team's year,
`G01/2026` a comparison group's year. No fact here holds a machine-made grade or score."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, ClassVar

from shigan.facts.fact import Fact, Label, Part
from shigan.facts.faults import Fault, _, not_more


class RoutineGrade(StrEnum):
    GOOD = "好"
    FAIRLY_GOOD = "较好"
    FAIR = "一般"
    POOR = "较差"


class Area(StrEnum):
    """The five fields of results and party building."""

    ECONOMY = "经济"
    POLITICS = "政治"
    CULTURE = "文化"
    SOCIETY = "社会"
    ECOLOGY = "生态"
    PARTY = "党建"


class Nature(StrEnum):
    OUTCOME = "结果"
    PROCESS = "过程"


class VoterClass(StrEnum):
    A = "A"
    B = "B"
    C = "C"


class Sanction(StrEnum):
    WARNING = "政务警告"
    DEMERIT = "政务记过"
    MAJOR_DEMERIT = "政务记大过"
    DEMOTION = "政务降级"
    DISMISSAL = "政务撤职"
    PARTY_WARNING = "党内警告"
    PARTY_SERIOUS_WARNING = "党内严重警告"
    PARTY_REMOVAL = "撤销党内职务"
    ADMONITION = "诫勉"
    ACCOUNTABILITY = "问责"


class Outcome(StrEnum):
    UPHELD = "维持"
    CHANGED = "变更"


@dataclass(frozen=True, kw_only=True)
class RoutineGraded(Fact):
    """The quarterly routine appraisal (平时考核)."""

    TITLE: ClassVar[str] = _("平时考核")
    ABOUT: ClassVar[str] = "P/"
    quarter: Annotated[int, Label(_("季度"), low=1, high=4)]
    grade: Annotated[RoutineGrade, Label(_("平时考核等次"))]
    reason: Annotated[str, Label(_("主要事实"), limit=500)] = ""


@dataclass(frozen=True, kw_only=True)
class ResultRecorded(Fact):
    """One figure of actual results (实绩) of a team or person, with where it can be checked."""

    TITLE: ClassVar[str] = _("实绩登记")
    ABOUT: ClassVar[str] = "U/ P/"
    area: Annotated[Area, Label(_("领域"))]
    indicator: Annotated[str, Label(_("指标"), limit=60)]
    nature: Annotated[Nature, Label(_("性质（结果/过程）"))]
    value: Annotated[Decimal, Label(_("数值"))]
    measure: Annotated[str, Label(_("计量单位"), limit=20)]
    evidence: Annotated[str, Label(_("依据（文件、台账或系统）"), limit=300)]


@dataclass(frozen=True, kw_only=True)
class ItemTally(Part):
    """How many sheets gave each option to one item; the options' order is the scheme's, best first."""

    item: Annotated[str, Label(_("测评项目"), limit=20)]
    counts: Annotated[tuple[int, ...], Label(_("各等次票数（票）"), low=0, high=100_000)]
    blank: Annotated[int, Label(_("弃权（票）"), low=0, high=100_000)] = 0


@dataclass(frozen=True, kw_only=True)
class Reconciled(Part):
    """How many of one class of voters (A/B/C票) were there, and what became of their paper sheets."""

    voters: Annotated[VoterClass, Label(_("票类"))]
    expected: Annotated[int, Label(_("应到（人）"), low=0, high=100_000)]
    present: Annotated[int, Label(_("实到（人）"), low=0, high=100_000)]
    issued: Annotated[int, Label(_("发出（份）"), low=0, high=100_000)]
    returned: Annotated[int, Label(_("收回（份）"), low=0, high=100_000)]
    valid: Annotated[int, Label(_("有效（份）"), low=0, high=100_000)]
    void: Annotated[int, Label(_("作废（份）"), low=0, high=100_000)]

    def check(self) -> None:
        not_more(_("实到"), self.present, _("应到"), self.expected)
        not_more(_("发出"), self.issued, _("实到"), self.present)
        not_more(_("收回"), self.returned, _("发出"), self.issued)
        if self.valid + self.void != self.returned:
            raise Fault(
                _("有效 {valid} 份加作废 {void} 份不等于收回 {returned} 份"),
                remedy=_("重新清点，三数对平后再登记。"),
                valid=self.valid,
                void=self.void,
                returned=self.returned,
            )


@dataclass(frozen=True, kw_only=True)
class EvaluationCounted(Reconciled, Fact):
    """The count of one class's paper sheets (A/B/C票) of a democratic evaluation, reconciled."""

    TITLE: ClassVar[str] = _("测评计票")
    ABOUT: ClassVar[str] = "P/ U/"
    tallies: Annotated[tuple[ItemTally, ...], Label(_("各项票数"))]
    session: Annotated[str, Label(_("测评会议"), limit=60)] = ""

    def check(self) -> None:
        super().check()
        for tally in self.tallies:
            total = sum(tally.counts) + tally.blank
            if total != self.valid:
                raise Fault(
                    _("“{item}”各等次与弃权合计 {total} 票，有效票是 {valid} 份"),
                    remedy=_("核对该项票数。"),
                    item=tally.item,
                    total=total,
                    valid=self.valid,
                )


BLANK = "-"
"""The mark of an item that a sheet leaves blank."""
MARKS_AT_MOST = 1_000_000
"""Marks in one entry: fifty sheets on two thousand officials by ten items. More is split by unit."""
_CODE = re.compile(r"[PU][0-9]{1,9}")
_MARKS = re.compile(rf"[1-9{BLANK}]*")


def by_marks(sheets: Iterable[str]) -> tuple[str, ...]:
    """Sheets in the order of their marks, which tells nothing of who handed in when."""
    return tuple(sorted(sheets))


@dataclass(frozen=True, kw_only=True)
class SheetsEntered(Reconciled, Fact):
    """The single sheets of one class of voters at one session, without anything that tells a voter.

    Entered under the unit that held the session. `targets` are the codes of those judged (`P…`, `U…`) in the
    order of the paper form, `items` its items. Each sheet is a string of len(targets) × len(items) marks, one
    target's after another's: `1` the best option of the scheme, `2` the next, …, `-` left blank. The sheets
    stand in the order of their marks (`by_marks`). A sheet's number, its paper and its voter stay outside.
    """

    TITLE: ClassVar[str] = _("测评票录入")
    ABOUT: ClassVar[str] = "U/"
    session: Annotated[str, Label(_("测评会议"), limit=60)]
    items: Annotated[tuple[str, ...], Label(_("测评项目"), limit=20)]
    targets: Annotated[tuple[str, ...], Label(_("被测评对象"), limit=10)]
    sheets: Annotated[tuple[str, ...], Label(_("各张票"), limit=20_000)]

    def of_target(self, target: str) -> tuple[str, ...]:
        """What each sheet marks for one target, in the order of the sheets: a mark for each item."""
        at, n = self.targets.index(target), len(self.items)
        return tuple(sheet[at * n : (at + 1) * n] for sheet in self.sheets)

    def check(self) -> None:
        super().check()
        self._check_form()
        if len(self.sheets) != self.valid:
            raise Fault(
                _("录入 {n} 张票，有效票是 {valid} 份"),
                remedy=_("有效票一张一行，作废的不录。"),
                n=len(self.sheets),
                valid=self.valid,
            )
        for number, sheet in enumerate(self.sheets, 1):
            self._check_sheet(number, sheet)
        if self.sheets != by_marks(self.sheets):
            raise Fault(
                _("各张票没有按标记排序，从先后可能推出是谁的票"),
                remedy=_("先把各张票按标记排序，再录入。"),
            )

    def _check_form(self) -> None:
        for what, names in ((_("测评项目"), self.items), (_("被测评对象"), self.targets)):
            if not names or len(set(names)) < len(names):
                raise Fault(_("“{what}”没有填，或有重复"), remedy=_("照票面逐个填写，各写一次。"), what=what)
        for target in self.targets:
            if not _CODE.fullmatch(target):
                raise Fault(_("“{target}”不是干部或单位的编号"), remedy=_("只填编号。"), target=target)
        if (marks := self.valid * len(self.targets) * len(self.items)) > MARKS_AT_MOST:
            raise Fault(
                _("一次录入 {marks} 个标记，超过 {limit} 个"),
                remedy=_("按单位分几次录入。"),
                marks=marks,
                limit=MARKS_AT_MOST,
            )

    def _check_sheet(self, number: int, sheet: str) -> None:
        wanted = len(self.targets) * len(self.items)
        if len(sheet) != wanted or not _MARKS.fullmatch(sheet):
            raise Fault(
                _("第 {number} 张票应有 {wanted} 个标记，每个是 1 到 9 或 -，这里有 {n} 个"),
                remedy=_("对照票面补全：每人每项一个标记，没划的记 -。"),
                number=number,
                wanted=wanted,
                n=len(sheet),
            )


WITHHELD = frozenset({("EvaluationCounted", "tallies"), ("SheetsEntered", "sheets")})
"""Fields, by kind and key, that nobody tells in words, on a page or on paper: the ballots of a small group
would tell who voted how. Profiles show as much of them as the rules of publication allow."""


@dataclass(frozen=True, kw_only=True)
class DutyReported(Fact):
    """The yearly duty report (述职) was given."""

    TITLE: ClassVar[str] = _("述职")
    ABOUT: ClassVar[str] = "P/"
    text: Annotated[str, Label(_("述职要点"), limit=2000)]


@dataclass(frozen=True, kw_only=True)
class SanctionImposed(Fact):
    """A sanction or accountability action took effect; how long it lasts is policy."""

    TITLE: ClassVar[str] = _("处分生效")
    ABOUT: ClassVar[str] = "P"
    sanction: Annotated[Sanction, Label(_("处分种类"))]
    number: Annotated[str, Label(_("文号"), limit=40)]


@dataclass(frozen=True, kw_only=True)
class LeaveTaken(Fact):
    """Sick or personal leave (病事假) within the year."""

    TITLE: ClassVar[str] = _("病事假")
    ABOUT: ClassVar[str] = "P/"
    days: Annotated[int, Label(_("天数（日）"), low=1, high=366)]


@dataclass(frozen=True, kw_only=True)
class NegativeListed(Fact):
    """Something on the negative list (负面清单) that keeps a person from 优秀 this year."""

    TITLE: ClassVar[str] = _("负面清单")
    ABOUT: ClassVar[str] = "P/"
    item: Annotated[str, Label(_("负面清单事项"), limit=200)]


@dataclass(frozen=True, kw_only=True)
class StatementMade(Fact):
    """The person's own words on the own profile (本人陈述)."""

    TITLE: ClassVar[str] = _("本人陈述")
    ABOUT: ClassVar[str] = "P/"
    text: Annotated[str, Label(_("陈述"), limit=2000)]


@dataclass(frozen=True, kw_only=True)
class Decision(Part):
    """The committee's grade for one person or team (`person` is `P…` or `U…`); reasons are required where it
    departs from the profile."""

    person: Annotated[str, Label(_("干部或班子编号"), limit=12)]
    grade: Annotated[str, Label(_("年度考核等次"), limit=12)]
    departs: Annotated[bool, Label(_("与画像不一致"))] = False
    reason: Annotated[str, Label(_("理由"), limit=500)] = ""

    def check(self) -> None:
        if self.departs and not self.reason.strip():
            raise Fault(
                _("{person} 的等次与画像不一致而没有写理由"),
                remedy=_("写明集体研究的理由。"),
                person=self.person,
            )


@dataclass(frozen=True, kw_only=True)
class GradesDecided(Fact):
    """The committee decided the grades of a comparison group (集体研究决定)."""

    TITLE: ClassVar[str] = _("等次决定")
    ABOUT: ClassVar[str] = "G/"
    meeting: Annotated[str, Label(_("会议名称和日期"), limit=100)]
    decisions: Annotated[tuple[Decision, ...], Label(_("各人等次"))]
    pool: Annotated[int, Label(_("使用余额池名额（名）"), low=0, high=1000)] = 0


@dataclass(frozen=True, kw_only=True)
class ResultNotified(Fact):
    """The person got the result in writing; the clock for a review starts."""

    TITLE: ClassVar[str] = _("结果告知")
    ABOUT: ClassVar[str] = "P/"
    grade: Annotated[str, Label(_("年度考核等次"), limit=12)]
    until: Annotated[date, Label(_("申请复核截止日"))]


@dataclass(frozen=True, kw_only=True)
class ReviewRequested(Fact):
    """The person asks for review (复核)."""

    TITLE: ClassVar[str] = _("复核申请")
    ABOUT: ClassVar[str] = "P/"
    text: Annotated[str, Label(_("申请理由"), limit=2000)]
    until: Annotated[date, Label(_("复核答复期限"))]


@dataclass(frozen=True, kw_only=True)
class ReviewDecided(Fact):
    """The answer to a request for review."""

    TITLE: ClassVar[str] = _("复核决定")
    ABOUT: ClassVar[str] = "P/"
    outcome: Annotated[Outcome, Label(_("复核结论"))]
    text: Annotated[str, Label(_("理由"), limit=2000)]
    until: Annotated[date, Label(_("申诉截止日"))]


@dataclass(frozen=True, kw_only=True)
class AppealMade(Fact):
    """The person appeals (申诉)."""

    TITLE: ClassVar[str] = _("申诉")
    ABOUT: ClassVar[str] = "P/"
    text: Annotated[str, Label(_("申诉理由"), limit=2000)]
    until: Annotated[date, Label(_("申诉决定期限"))]


@dataclass(frozen=True, kw_only=True)
class AppealExtended(Fact):
    """A complicated appeal was given more time, once."""

    TITLE: ClassVar[str] = _("申诉延期")
    ABOUT: ClassVar[str] = "P/"
    reason: Annotated[str, Label(_("延期理由"), limit=500)]
    until: Annotated[date, Label(_("延长后的决定期限"))]


@dataclass(frozen=True, kw_only=True)
class AppealDecided(Fact):
    """The appeal was decided; it may not make the person's position worse."""

    TITLE: ClassVar[str] = _("申诉决定")
    ABOUT: ClassVar[str] = "P/"
    outcome: Annotated[Outcome, Label(_("申诉结论"))]
    text: Annotated[str, Label(_("理由"), limit=2000)]
