"""What may be recorded of a year, and the legal clocks of notification, review and appeal."""

from __future__ import annotations

from datetime import date

from shigan.facts import Fact
from shigan.facts.appraisal import (
    AppealDecided,
    AppealExtended,
    AppealMade,
    DutyReported,
    EvaluationCounted,
    LeaveTaken,
    NegativeListed,
    ResultNotified,
    ResultRecorded,
    ReviewDecided,
    ReviewRequested,
    RoutineGraded,
    StatementMade,
)
from shigan.facts.faults import _
from shigan.maths.workdays import deadline
from shigan.policy import Rulebook
from shigan.work.appraisal.sheets import entered
from shigan.work.appraisal.state import (
    GATHERING,
    IN_APPEAL,
    IN_REVIEW,
    NOTIFIED,
    REVIEWED,
    GroupYear,
    PersonYear,
    TeamYear,
    sheet,
)
from shigan.work.state import Act, Refused, State, filled, must_exist, must_stand, rule
from shigan.work.units import Person

CLOCKS: dict[type[Fact], str] = {
    ResultNotified: "review_request",
    ReviewRequested: "review_answer",
    ReviewDecided: "appeal_request",
    AppealMade: "appeal_decision",
    AppealExtended: "appeal_extension",
}
"""Which clock of the appraisal policy each fact starts."""


def until(kind: type[Fact], day: date, rules: Rulebook) -> date:
    """The last day of the clock that this fact starts on a day (working-day calendar, 民法典 200–203)."""
    number = getattr(rules.appraisal.clocks, CLOCKS[kind])
    return deadline(day, int(number.value), number.unit, fallback=True)


@filled(ResultNotified, ReviewRequested, ReviewDecided, AppealMade, AppealExtended)
def fill_clock(kind: type[Fact], year: PersonYear | None, day: date, rules: Rulebook) -> dict[str, object]:
    start = year.due if kind is AppealExtended and year and year.due else day
    return {"until": until(kind, start, rules)}


@rule(RoutineGraded)
def grade_routine(year: PersonYear | None, fact: RoutineGraded, act: Act) -> None:
    _person(act)
    if year and year.routine[fact.quarter - 1]:
        raise Refused(
            _("{code} 第 {n} 季度已登记为“{grade}”"),
            remedy=_("核对季度；更正请用更正登记。"),
            code=act.subject,
            n=fact.quarter,
            grade=year.routine[fact.quarter - 1],
        )


@rule(EvaluationCounted)
def count_evaluation(year: PersonYear | TeamYear | None, fact: EvaluationCounted, act: Act) -> None:
    _thing(act)
    if year and sheet(fact) in year.counted:
        raise Refused(
            _("{code} 的 {sheet} 票已登记过"),
            remedy=_("同一会议同一票类只登记一次。"),
            code=act.subject,
            sheet=fact.voters,
        )
    target, of = act.subject.split("/")
    if entered(act.look(f"{act.unit}/{of}"), fact, target):
        raise Refused(
            _("{code} 这次会议的 {sheet} 票已录入单张票"),
            remedy=_("同一批票只登记一次：录入单张票的，不再登记计票。"),
            code=act.subject,
            sheet=fact.voters,
        )


@rule(ResultRecorded, DutyReported, LeaveTaken, NegativeListed, StatementMade)
def record_for_year(year: State | None, fact: Fact, act: Act) -> None:
    _thing(act)


@rule(ResultNotified)
def notify_result(year: PersonYear | None, fact: ResultNotified, act: Act) -> None:
    must_exist(year, act)
    assert year is not None
    must_stand(year, (GATHERING,), _("告知结果"))
    group = act.look(f"{_person(act).topic}/{act.subject.split('/')[1]}")
    decision = group.grade_of(act.subject.split("/")[0]) if isinstance(group, GroupYear) else None
    if decision is None or decision.grade != fact.grade:
        raise Refused(
            _("告知的等次与集体决定不符"),
            remedy=_("先登记等次决定，再按决定告知。"),
        )
    _clock(fact, fact.until, act)


@rule(ReviewRequested)
def request_review(year: PersonYear | None, fact: ReviewRequested, act: Act) -> None:
    _own(year, (NOTIFIED,), _("申请复核"), act)
    _clock(fact, fact.until, act)


@rule(ReviewDecided)
def decide_review(year: PersonYear | None, fact: ReviewDecided, act: Act) -> None:
    must_exist(year, act)
    assert year is not None
    must_stand(year, (IN_REVIEW,), _("作复核决定"))
    _clock(fact, fact.until, act)


@rule(AppealMade)
def make_appeal(year: PersonYear | None, fact: AppealMade, act: Act) -> None:
    _own(year, (NOTIFIED, REVIEWED), _("申诉"), act)
    _clock(fact, fact.until, act)


@rule(AppealExtended)
def extend_appeal(year: PersonYear | None, fact: AppealExtended, act: Act) -> None:
    must_exist(year, act)
    assert year is not None
    must_stand(year, (IN_APPEAL,), _("延长申诉期限"))
    if year.extended:
        raise Refused(_("申诉期限只能延长一次"), remedy=_("请按期作出决定。"), source="公务员法第九十六条")
    start = year.due or act.happened
    expected = until(AppealExtended, start, act.rules)
    _same(fact.until, expected)


@rule(AppealDecided)
def decide_appeal(year: PersonYear | None, fact: AppealDecided, act: Act) -> None:
    must_exist(year, act)
    assert year is not None
    must_stand(year, (IN_APPEAL,), _("作申诉决定"))


def _thing(act: Act) -> State:
    of = act.look(act.subject.split("/")[0])
    if of is None:
        raise Refused(
            _("没有 {code}"),
            remedy=_("先登记单位或干部。"),
            code=act.subject.split("/")[0],
        )
    return of


def _person(act: Act) -> Person:
    person = _thing(act)
    assert isinstance(person, Person)
    return person


def _own(year: PersonYear | None, stages: tuple[str, ...], what: str, act: Act) -> None:
    must_exist(year, act)
    assert year is not None
    must_stand(year, stages, what)
    if act.by != act.subject.split("/")[0]:
        raise Refused(_("只有本人可以{what}"), remedy=_("请由本人登录办理。"), what=what)
    if year.due and act.happened > year.due:
        raise Refused(
            _("已过期限 {due}"),
            remedy=_("可向组织部门说明情况。"),
            source=_("公务员法第九十五条"),
            due=year.due,
        )


def _clock(fact: Fact, given: date, act: Act) -> None:
    _same(given, until(type(fact), act.happened, act.rules))


def _same(given: date, expected: date) -> None:
    if given != expected:
        raise Refused(_("期限应为 {day}"), remedy=_("按规矩的期限填写。"), day=expected)
