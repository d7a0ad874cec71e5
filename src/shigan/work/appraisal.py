"""A year's file of a person, a team, a comparison group; blocks; legal clocks. No grade is computed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from shigan.facts import Fact
from shigan.facts.appraisal import (
    AppealDecided,
    AppealExtended,
    AppealMade,
    Decision,
    DutyReported,
    EvaluationCounted,
    GradesDecided,
    LeaveTaken,
    NegativeListed,
    ResultNotified,
    ResultRecorded,
    ReviewDecided,
    ReviewRequested,
    RoutineGraded,
    StatementMade,
)
from shigan.facts.faults import Said, _
from shigan.ledger.entry import Entry
from shigan.maths.quota import floor_quota
from shigan.maths.workdays import add_months, deadline
from shigan.policy import Rulebook
from shigan.work.state import Act, Refused, State, base, filled, must_exist, must_stand, rule
from shigan.work.units import Person

GATHERING, NOTIFIED, IN_REVIEW, REVIEWED, IN_APPEAL, CLOSED = (
    _("考核中"),
    _("结果已告知"),
    _("复核中"),
    _("复核已答复"),
    _("申诉中"),
    _("申诉已决定"),
)
DECIDED = _("已决定")
EXCELLENT = _("优秀")
DAYS_PER_MONTH = 30
"""民法典 and leave records count a month of leave as 30 days."""
UNGRADED = (_("不定等次"), _("不进行考核"))
NEXT: dict[str, tuple[type[Fact], ...]] = {
    GATHERING: (StatementMade, ResultNotified),
    NOTIFIED: (ReviewRequested, AppealMade, StatementMade),
    IN_REVIEW: (ReviewDecided,),
    REVIEWED: (AppealMade,),
    IN_APPEAL: (AppealDecided, AppealExtended),
    CLOSED: (),
    DECIDED: (GradesDecided,),
}
CLOCKS: dict[type[Fact], str] = {
    ResultNotified: "review_request",
    ReviewRequested: "review_answer",
    ReviewDecided: "appeal_request",
    AppealMade: "appeal_decision",
    AppealExtended: "appeal_extension",
}
"""Which clock of the appraisal policy each fact starts."""


@dataclass(frozen=True, kw_only=True)
class PersonYear(State):
    """A person's file of one year. `due` is the legal date that runs at present."""

    routine: tuple[str, str, str, str] = ("", "", "", "")
    counted: tuple[str, ...] = ()
    results: int = 0
    leave_days: int = 0
    negatives: tuple[str, ...] = ()
    reported_duty: bool = False
    statement: str = ""
    grade: str = ""
    outcome: str = ""
    extended: bool = False


@dataclass(frozen=True, kw_only=True)
class TeamYear(State):
    """A leadership team's file of one year."""

    counted: tuple[str, ...] = ()
    results: int = 0


@dataclass(frozen=True, kw_only=True)
class GroupYear(State):
    """The committee's decisions on one comparison group in one year."""

    decisions: tuple[Decision, ...] = ()
    pool: int = 0
    meetings: tuple[str, ...] = ()

    def grade_of(self, person: str) -> Decision | None:
        """The decision on a person, if there is one."""
        return next((d for d in self.decisions if d.person == person), None)


def fold_person_year(year: PersonYear | None, entry: Entry) -> PersonYear:
    """The person's year after one more entry."""
    year = year or PersonYear(**base(entry), stage=GATHERING)
    fact, year = entry.fact, replace(year, seq=entry.seq, unit=entry.unit or year.unit)
    match fact:
        case RoutineGraded():
            grades = list(year.routine)
            grades[fact.quarter - 1] = fact.grade
            return replace(year, routine=(grades[0], grades[1], grades[2], grades[3]))
        case EvaluationCounted():
            return replace(year, counted=(*year.counted, _sheet(fact)))
        case ResultRecorded():
            return replace(year, results=year.results + 1)
        case LeaveTaken():
            return replace(year, leave_days=year.leave_days + fact.days)
        case NegativeListed():
            return replace(year, negatives=(*year.negatives, fact.item))
        case DutyReported():
            return replace(year, reported_duty=True)
        case StatementMade():
            return replace(year, statement=fact.text)
    return _reviewed(year, fact)


def _reviewed(year: PersonYear, fact: Fact | None) -> PersonYear:
    match fact:
        case ResultNotified():
            return replace(year, stage=NOTIFIED, grade=fact.grade, due=fact.until)
        case ReviewRequested():
            return replace(year, stage=IN_REVIEW, due=fact.until)
        case ReviewDecided():
            return replace(year, stage=REVIEWED, outcome=fact.outcome, due=fact.until)
        case AppealMade():
            return replace(year, stage=IN_APPEAL, due=fact.until)
        case AppealExtended():
            return replace(year, due=fact.until, extended=True)
        case AppealDecided():
            return replace(year, stage=CLOSED, outcome=fact.outcome, due=None)
    return year


def fold_team_year(year: TeamYear | None, entry: Entry) -> TeamYear:
    """The team's year after one more entry."""
    year = year or TeamYear(**base(entry), stage=GATHERING)
    fact, year = entry.fact, replace(year, seq=entry.seq)
    if isinstance(fact, EvaluationCounted):
        return replace(year, counted=(*year.counted, _sheet(fact)))
    return replace(year, results=year.results + isinstance(fact, ResultRecorded))


def fold_group_year(year: GroupYear | None, entry: Entry) -> GroupYear:
    """The group's year after one more entry."""
    year = year or GroupYear(**base(entry), stage=GATHERING)
    fact, year = entry.fact, replace(year, seq=entry.seq)
    if isinstance(fact, GradesDecided):
        kept = tuple(d for d in year.decisions if d.person not in {n.person for n in fact.decisions})
        return replace(
            year,
            stage=DECIDED,
            decisions=kept + fact.decisions,
            pool=year.pool + fact.pool,
            meetings=(*year.meetings, fact.meeting),
        )
    return year


def _sheet(fact: EvaluationCounted) -> str:
    return f"{fact.session}·{fact.voters}"


def until(kind: type[Fact], day: date, rules: Rulebook) -> date:
    """The last day of the clock that this fact starts on a day (working-day calendar, 民法典 200–203)."""
    number = getattr(rules.appraisal.clocks, CLOCKS[kind])
    return deadline(day, int(number.value), number.unit, fallback=True)


def blocks(person: Person, year: PersonYear | None, day: date, rules: Rulebook) -> Iterator[Said]:
    """Why a person may not be given 优秀 on a day, each reason in words."""
    for sanction, start in person.effects():
        end = add_months(start, rules.appraisal.effects[sanction.value].value)
        if start <= day <= end:
            yield Said(_("{sanction}影响期至 {end}"), {"sanction": str(sanction), "end": end.isoformat()})
    if year is None:
        return
    months = rules.appraisal.exempt.absence
    if year.leave_days > months.value * DAYS_PER_MONTH:
        values = {"days": year.leave_days, "months": months.value}
        yield Said(_("病事假累计 {days} 日，超过 {months} 个月"), values)
    yield from (Said(_("负面清单：{item}"), {"item": item}) for item in year.negatives)


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
    if year and _sheet(fact) in year.counted:
        raise Refused(
            _("{code} 的 {sheet} 票已登记过"),
            remedy=_("同一会议同一票类只登记一次。"),
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


@rule(GradesDecided)
def decide_grades(year: GroupYear | None, fact: GradesDecided, act: Act) -> None:
    _thing(act)
    for decision in fact.decisions:
        _may_be_given(decision, act)
    _within_quota(year, fact, act)


def _may_be_given(decision: Decision, act: Act) -> None:
    group, of = act.subject.split("/")
    person, code = act.look(decision.person), decision.person
    if not isinstance(person, Person):
        raise Refused(_("没有干部 {code}"), remedy=_("核对编号。"), code=code)
    if person.topic != group:
        raise Refused(_("{code} 不在这个考核单元"), remedy=_("在本人所在的考核单元登记。"), code=code)
    known = _grades(act.rules)
    if decision.grade not in known:
        raise Refused(
            _("没有“{grade}”这个等次"),
            remedy=_("可用的等次：{known}。"),
            grade=decision.grade,
            known="、".join(known),
        )
    file = act.look(f"{code}/{of}")
    reasons = tuple(blocks(person, file if isinstance(file, PersonYear) else None, act.happened, act.rules))
    if decision.grade == EXCELLENT and reasons:
        raise Refused(
            _("{code} 不得确定为优秀：{reasons}"),
            remedy=_("改定其他等次。"),
            source=act.rules.appraisal.exempt.not_excellent.source,
            code=code,
            reasons=reasons,
        )


def _grades(rules: Rulebook) -> tuple[str, ...]:
    """Every grade that the rule book knows for persons, and those of no grade."""
    grades = rules.appraisal.grades
    named = (*grades.leader.value, *grades.civil_servant.value, *grades.institution.value, *UNGRADED)
    return tuple(dict.fromkeys(named))


def _within_quota(year: GroupYear | None, fact: GradesDecided, act: Act) -> None:
    probe = Entry(act.subject, 0, "GradesDecided", act.unit, act.happened, act.recorded, "", "", "", fact)
    after = fold_group_year(year, probe)
    graded = [d for d in after.decisions if d.grade not in UNGRADED]
    excellent = sum(d.grade == EXCELLENT for d in graded)
    percent = act.rules.appraisal.quotas.leader_excellent
    quota = floor_quota(len(graded), percent.value)
    if excellent > quota.whole + after.pool:
        raise Refused(
            _("优秀 {n} 名，超过名额：{total} 人 × {percent}% = {theory}，取整 {whole} 名，余额池 {pool} 名"),
            remedy=_("减少优秀人数，或先从余额池申请名额。"),
            source=percent.source,
            n=excellent,
            total=len(graded),
            percent=percent.value,
            theory=quota.theory,
            whole=quota.whole,
            pool=after.pool,
        )


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
