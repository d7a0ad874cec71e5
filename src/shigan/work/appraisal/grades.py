"""What guards the committee's decision: membership, the words of grades, bars to 优秀, the quota."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from shigan.facts.appraisal import Decision, GradesDecided
from shigan.facts.faults import Said, _
from shigan.ledger.entry import Entry
from shigan.maths.quota import floor_quota
from shigan.maths.workdays import add_months
from shigan.policy import Rulebook
from shigan.policy.number import Number
from shigan.policy.schemes import Subject
from shigan.work.appraisal.state import EXCELLENT, UNGRADED, GroupYear, PersonYear, fold_group_year
from shigan.work.state import Act, Refused, rule
from shigan.work.units import Group, Person, Unit

DAYS_PER_MONTH = 30
"""民法典 and leave records count a month of leave as 30 days."""


def blocks(person: Person, year: PersonYear | None, of: int, day: date, rules: Rulebook) -> Iterator[Said]:
    """Why a person may not be given 优秀 of a year (`of`) on a day, each reason in words."""
    own_year = rules.appraisal.effects_own_year.value
    for sanction, start in person.effects():
        end = add_months(start, rules.appraisal.effects[sanction.value].value)
        said = {"sanction": str(sanction), "end": end.isoformat(), "year": of}
        if sanction.value in own_year and start.year == of and start <= day:
            yield Said(_("当年受{sanction}，影响 {year} 年度评优"), said)
        elif sanction.value not in own_year and start <= day <= end:
            yield Said(_("{sanction}影响期至 {end}"), said)
    if year is None:
        return
    months = rules.appraisal.exempt.absence
    if year.leave_days > months.value * DAYS_PER_MONTH:
        values = {"days": year.leave_days, "months": months.value}
        yield Said(_("病事假累计 {days} 日，超过 {months} 个月"), values)
    yield from (Said(_("负面清单：{item}"), {"item": item}) for item in year.negatives)


def of_teams(group: Group, rules: Rulebook) -> bool:
    """Whether a comparison group compares leadership teams; a scheme nobody knows is one of persons."""
    return any(s.name == group.topic and s.subject is Subject.TEAM for s in rules.schemes.schemes)


@rule(GradesDecided)
def decide_grades(year: GroupYear | None, fact: GradesDecided, act: Act) -> None:
    code, of = act.subject.split("/")
    group = act.look(code)
    if not isinstance(group, Group):
        raise Refused(_("没有 {code}"), remedy=_("核对编号。"), code=code)
    for decision in fact.decisions:
        _must_be_member(decision.person, group, act)
        _must_be_grade(decision, group, act)
        _must_not_be_barred(decision, int(of), act)
    _within_quota(year, fact, group, act)


def _must_be_member(code: str, group: Group, act: Act) -> None:
    member = act.look(code)
    if not isinstance(member, Person | Unit):
        raise Refused(_("没有 {code}"), remedy=_("核对编号。"), code=code)
    teams = of_teams(group, act.rules)
    if isinstance(member, Unit) is not teams:
        raise Refused(
            _("这个考核单元考核的是{subject}，{code} 不是"),
            remedy=_("核对编号。"),
            subject=str(Subject.TEAM if teams else Subject.LEADER),
            code=code,
        )
    if member.topic != group.subject:
        raise Refused(_("{code} 不在这个考核单元"), remedy=_("在它所在的考核单元登记。"), code=code)


def _must_be_grade(decision: Decision, group: Group, act: Act) -> None:
    grades = act.rules.appraisal.grades
    named = (*grades.leader.value, *grades.civil_servant.value, *grades.institution.value, *UNGRADED)
    known = tuple(dict.fromkeys(grades.team.value if of_teams(group, act.rules) else named))
    if decision.grade not in known:
        raise Refused(
            _("没有“{grade}”这个等次"),
            remedy=_("可用的等次：{known}。"),
            grade=decision.grade,
            known="、".join(known),
        )


def _must_not_be_barred(decision: Decision, of: int, act: Act) -> None:
    person, file = act.look(decision.person), act.look(f"{decision.person}/{of}")
    if decision.grade != EXCELLENT or not isinstance(person, Person):
        return
    own = file if isinstance(file, PersonYear) else None
    if reasons := tuple(blocks(person, own, of, act.happened, act.rules)):
        raise Refused(
            _("{code} 不得确定为优秀：{reasons}"),
            remedy=_("改定其他等次。"),
            source=act.rules.appraisal.exempt.not_excellent.source,
            code=decision.person,
            reasons=reasons,
        )


def excellent_percent(teams: bool, rules: Rulebook) -> Number[Decimal]:
    """Which quota of 优秀 holds: teams have theirs, officials that of leaders."""
    quotas = rules.appraisal.quotas
    return quotas.team_excellent if teams else quotas.leader_excellent


def _within_quota(year: GroupYear | None, fact: GradesDecided, group: Group, act: Act) -> None:
    probe = Entry(act.subject, 0, "GradesDecided", act.unit, act.happened, act.recorded, "", "", "", fact)
    after, teams = fold_group_year(year, probe), of_teams(group, act.rules)
    graded = [d for d in after.decisions if d.grade not in UNGRADED]
    excellent = sum(d.grade == EXCELLENT for d in graded)
    percent = excellent_percent(teams, act.rules)
    quota = floor_quota(len(graded), percent.value)
    if excellent > quota.whole + after.pool:
        raise Refused(
            _(
                "优秀 {n} 名，超过名额：{total} {each} × {percent}% = {theory}，取整 {whole} 名，"
                "余额池 {pool} 名"
            ),
            remedy=_("减少优秀，或先从余额池申请名额。"),
            source=percent.source,
            n=excellent,
            total=len(graded),
            each=_("个") if teams else _("人"),
            percent=percent.value,
            theory=quota.theory,
            whole=quota.whole,
            pool=after.pool,
        )
