"""What all appraisals share: quotas, clocks, effect periods, late entries, the cap on process, the grades."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shigan.facts.appraisal import Sanction
from shigan.facts.faults import Fault, _
from shigan.policy.number import (
    Count,
    Days,
    Factor,
    Flag,
    MonthList,
    Months,
    Names,
    Percent,
    Ratio,
    Text,
    Times,
    Years,
)
from shigan.policy.reading import About


@dataclass(frozen=True, kw_only=True)
class Quotas:
    """Upper bounds on the share of the best grade, of those appraised in one comparison group."""

    civil_excellent: Percent
    civil_excellent_with_consent: Percent
    institution_excellent: Percent
    institution_excellent_with_consent: Percent
    leader_excellent: Percent
    team_excellent: Percent
    routine_good: Percent
    rounding: Text

    def check(self) -> None:
        if self.civil_excellent.value > self.civil_excellent_with_consent.value:
            raise Fault(_("经同意的比例低于一般比例"), remedy=_("核对两个比例。"), place="civil_excellent")


@dataclass(frozen=True, kw_only=True)
class Clocks:
    """Review (复核) and appeal (申诉). `appeal_request` runs from the review decision."""

    review_request: Days
    review_answer: Days
    appeal_request: Days
    appeal_direct: Days
    appeal_decision: Days
    appeal_extension: Days
    ends_on_working_day: Flag


@dataclass(frozen=True, kw_only=True)
class Exempt:
    """Who gets no grade: `absence` counts sick and private leave in one year."""

    absence: Months
    probation: Months
    no_grade: Names
    not_appraised: Names
    not_excellent: Names


@dataclass(frozen=True, kw_only=True)
class Routine:
    """The quarterly routine appraisal and what the annual 优秀 asks of it."""

    per_year: Times
    good_for_excellent: Times
    bars_excellent: Names


@dataclass(frozen=True, kw_only=True)
class Rewards:
    """Years of 优秀 in a row that a reward asks for."""

    citation: Years
    third_class_merit: Years


@dataclass(frozen=True, kw_only=True)
class Rush:
    """The year-end rush: facts of `months` against the mean of the other months, from `minimum` facts on."""

    months: MonthList
    factor: Factor
    minimum: Count


@dataclass(frozen=True, kw_only=True)
class Late:
    """Late entries (补录): their weight, and the share of them in a unit that is shown as a question."""

    weight: Percent
    share_asked: Percent


@dataclass(frozen=True, kw_only=True)
class Grades:
    """The words of each kind of grade, best first."""

    civil_servant: Names
    institution: Names
    leader: Names
    team: Names
    routine: Names


@dataclass(frozen=True, kw_only=True)
class AppraisalPolicy:
    """`effects` are effect periods by the name of the measure; `fields` the result fields with 党建."""

    about: About
    quotas: Quotas
    clocks: Clocks
    effects: Mapping[str, Months]
    effects_own_year: Names
    effects_block: Names
    exempt: Exempt
    routine: Routine
    rewards: Rewards
    rush: Rush
    late: Late
    grades: Grades
    fields: Names
    process_cap: Percent
    group_minimum: Count
    confidence: Percent
    alarm: Ratio

    def check(self) -> None:
        needed = {*Sanction, *self.effects_own_year.value}
        if missing := needed - self.effects.keys():
            raise Fault(
                _("影响期表中没有“{name}”"),
                remedy=_("在 effects 中写明它的影响期。"),
                place="effects",
                name=min(missing),
            )
        if not 50 <= self.confidence.value < 100:
            raise Fault(_("置信水平不在 50% 到 100% 之间"), remedy=_("一般写 95。"), place="confidence")
