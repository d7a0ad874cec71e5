"""A problem's life: raised, measures set, claimed, checked by others, closed, watched for relapse."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from shigan.facts import Fact
from shigan.facts.faults import _
from shigan.facts.problems import (
    ExtensionAsked,
    ExtensionDecided,
    FixClaimed,
    LetterAnswered,
    LetterSent,
    LetterStep,
    LookedBack,
    MeasureSet,
    ProblemDropped,
    ProblemRaised,
    ProblemReopened,
    ProgressReported,
    ResultChecked,
    Term,
    Verdict,
)
from shigan.ledger.entry import Entry
from shigan.maths.workdays import add_months
from shigan.policy import Rulebook
from shigan.work.state import Act, Refused, State, base, filled, must_be_new, must_exist, must_stand, rule

RAISED, MEASURED, CLAIMED, PARTLY, FIXED, DROPPED = (
    _("待定措施"), _("整改中"), _("待核验"), _("部分解决"), _("已解决"), _("未解决了结"),
)
OPEN = (RAISED, MEASURED, CLAIMED, PARTLY)
RELAPSED = _("反弹")
NEXT: dict[str, tuple[type[Fact], ...]] = {
    RAISED: (MeasureSet, ProgressReported, ProblemDropped),
    MEASURED: (FixClaimed, ProgressReported, MeasureSet, ExtensionAsked, ExtensionDecided, LetterSent,
               LetterAnswered, ProblemDropped),
    CLAIMED: (ResultChecked, LetterSent, LetterAnswered, ProblemDropped),
    PARTLY: (FixClaimed, ProgressReported, MeasureSet, ExtensionAsked, ExtensionDecided, LetterSent,
             LetterAnswered, ProblemDropped),
    FIXED: (LookedBack, ProblemReopened),
    DROPPED: (ProblemReopened,),
}  # fmt: skip
"""What may come next at each stage, the most usual first; the rules say whether it really may."""
LADDER = (LetterStep.REMINDER, LetterStep.SUPERVISION, LetterStep.ADMONITION)


@dataclass(frozen=True, kw_only=True)
class Problem(State):
    """`due` is the date to be solved by while open, and the next look-back once solved."""

    text: str = ""
    raised_by: str = ""
    raised_by_unit: str = ""
    goal: str = ""
    measures: str = ""
    term: str = ""
    deadline: date | None = None
    leader: str = ""
    owner: str = ""
    progress: str = ""
    result: str = ""
    evidence: str = ""
    claimed_by_unit: str = ""
    checked_by: str = ""
    method: str = ""
    found: str = ""
    extensions: int = 0
    asked_until: date | None = None
    claims: int = 0
    sent_back: int = 0
    reopened: int = 0
    closed: date | None = None
    looked_back: tuple[int, ...] = ()
    relapses: int = 0
    letter: str = ""
    letter_day: date | None = None
    answer_due: date | None = None
    why: str = ""
    watch: tuple[int, ...] = ()

    def overdue(self, today: date) -> int:
        """Days past the deadline while open; 0 when in time."""
        if self.stage not in OPEN or self.deadline is None:
            return 0
        return max(0, (today - self.deadline).days)


def fold(problem: Problem | None, entry: Entry) -> Problem:
    """The problem after one more entry."""
    fact, seq, day = entry.fact, entry.seq, entry.happened
    if isinstance(fact, ProblemRaised):
        return Problem(
            **base(entry), stage=RAISED, source=fact.source, topic=fact.category, origin=fact.origin,
            text=fact.text, raised_by=entry.by, raised_by_unit=entry.by_unit,
        )
    assert problem is not None, entry.subject
    problem = replace(problem, seq=seq)
    match fact:
        case MeasureSet():
            return replace(
                problem, stage=MEASURED, goal=fact.goal, measures=fact.measures, term=fact.term,
                deadline=fact.due, due=fact.due, leader=fact.leader, owner=fact.owner,
            )
        case ProgressReported():
            return replace(problem, progress=fact.text)
        case ExtensionAsked():
            return replace(problem, asked_until=fact.due)
        case ExtensionDecided():
            return _extended(problem, fact)
        case FixClaimed():
            return replace(
                problem, stage=CLAIMED, result=fact.result, evidence=fact.evidence,
                claims=problem.claims + 1, claimed_by_unit=entry.by_unit,
            )
        case ResultChecked():
            return _checked(replace(problem, checked_by=entry.by_unit), fact, day)
        case ProblemDropped():
            return replace(problem, stage=DROPPED, why=fact.why, closed=day, due=None)
        case ProblemReopened():
            return _back_to_work(replace(problem, reopened=problem.reopened + 1))
        case LookedBack():
            return _looked_back(problem, fact)
        case LetterSent():
            return replace(problem, letter=fact.step, letter_day=day, answer_due=fact.answer_due)
        case LetterAnswered():
            return replace(problem, answer_due=None)
    return problem


def _extended(problem: Problem, fact: ExtensionDecided) -> Problem:
    if not fact.granted:
        return replace(problem, asked_until=None)
    until = problem.asked_until
    return replace(problem, deadline=until, due=until, asked_until=None, extensions=problem.extensions + 1)


def _checked(problem: Problem, fact: ResultChecked, day: date) -> Problem:
    problem = replace(problem, method=fact.method, found=fact.found, watch=fact.watch)
    if fact.verdict is Verdict.SOLVED:
        closed = replace(problem, stage=FIXED, closed=day, looked_back=(), answer_due=None)
        return replace(closed, due=next_look_back(closed))
    sent_back = replace(problem, sent_back=problem.sent_back + 1, due=problem.deadline)
    return replace(sent_back, stage=PARTLY if fact.verdict is Verdict.PARTLY else MEASURED)


def _back_to_work(problem: Problem) -> Problem:
    return replace(problem, stage=MEASURED, closed=None, due=problem.deadline, looked_back=())


def _looked_back(problem: Problem, fact: LookedBack) -> Problem:
    if fact.relapsed:
        return replace(_back_to_work(problem), mark=RELAPSED, relapses=problem.relapses + 1, found=fact.found)
    seen = replace(problem, looked_back=(*problem.looked_back, fact.months), found=fact.found)
    return replace(seen, due=next_look_back(seen))


def next_look_back(problem: Problem) -> date | None:
    """The day of the next look-back that has not been made."""
    done = max(problem.looked_back, default=0)
    months = next((m for m in problem.watch if m > done), None)
    return add_months(problem.closed, months) if months and problem.closed else None


@rule(ProblemRaised)
def raise_problem(problem: Problem | None, fact: ProblemRaised, act: Act) -> None:
    must_be_new(problem)
    if act.look(act.unit) is None:
        raise Refused(_("没有单位 {unit}"), remedy=_("核对责任单位编号。"), unit=act.unit)


@rule(MeasureSet)
def set_measure(problem: Problem | None, fact: MeasureSet, act: Act) -> None:
    problem = _found(problem, act)
    must_stand(problem, (RAISED, MEASURED, PARTLY), _("制定措施"))
    if problem.deadline is not None and fact.due > problem.deadline:
        raise Refused(_("新的期限晚于原期限 {due}"), remedy=_("需要延期的，请申请延期。"), due=problem.deadline)
    if fact.due < problem.since:
        raise Refused(_("期限早于问题提出日期 {since}"), remedy=_("核对完成期限。"), since=problem.since)
    limit = act.rules.problems.at_once_days
    if fact.term is Term.AT_ONCE and (fact.due - problem.since).days > limit.value:
        raise Refused(
            _("立行立改的期限超过 {n} 日"), remedy=_("缩短期限，或把整改时限改为“限期”。"),
            source=limit.source, n=limit.value,
        )


@rule(ProgressReported)
def report_progress(problem: Problem | None, fact: ProgressReported, act: Act) -> None:
    must_stand(_found(problem, act), (RAISED, MEASURED, PARTLY), _("报告进展"))


@rule(ExtensionAsked)
def ask_extension(problem: Problem | None, fact: ExtensionAsked, act: Act) -> None:
    problem = _found(problem, act)
    must_stand(problem, (MEASURED, PARTLY), _("申请延期"))
    limit = act.rules.problems.extensions
    if problem.extensions >= limit.value:
        raise Refused(
            _("已延期 {n} 次，不再延期"), remedy=_("请申报现状，由核验人判定是否部分解决。"),
            source=limit.source, n=problem.extensions,
        )
    days = act.rules.problems.extension_days
    deadline = problem.deadline or act.happened
    if not deadline < fact.due <= deadline + timedelta(days=int(days.value)):
        raise Refused(
            _("一次延期应在 1 到 {n} 日之间"), remedy=_("改填延期日期。"), source=days.source, n=days.value,
        )


@rule(ExtensionDecided)
def decide_extension(problem: Problem | None, fact: ExtensionDecided, act: Act) -> None:
    problem = _found(problem, act)
    if problem.asked_until is None:
        raise Refused(_("{code} 没有待答复的延期申请"), remedy=_("由责任单位先申请。"), code=problem.subject)
    if act.by_unit == problem.unit:
        raise Refused(_("责任单位不能批准自己的延期"), remedy=_("请由组织部门答复。"))


@rule(FixClaimed)
def claim_fix(problem: Problem | None, fact: FixClaimed, act: Act) -> None:
    must_stand(_found(problem, act), (MEASURED, PARTLY), _("申报销号"))


@rule(ResultChecked)
def check_result(problem: Problem | None, fact: ResultChecked, act: Act) -> None:
    problem = _found(problem, act)
    must_stand(problem, (CLAIMED,), _("核验"))
    _must_be_another_unit(problem, act)
    _must_look_at_result(fact.method, act)
    plan = tuple(act.rules.problems.look_back_months.value)
    if fact.watch != plan:
        raise Refused(
            _("核验须同时排定销号后的回头看：第 {plan} 个月"), remedy=_("按规矩排定后再提交。"),
            source=act.rules.problems.look_back_months.source, plan="、".join(map(str, plan)),
        )


@rule(ProblemDropped)
def drop_problem(problem: Problem | None, fact: ProblemDropped, act: Act) -> None:
    problem = _found(problem, act)
    must_stand(problem, OPEN, _("了结"))
    if act.by_unit == problem.unit:
        raise Refused(_("责任单位不能自行了结"), remedy=_("请由提出单位或组织部门了结。"))


@rule(ProblemReopened)
def reopen_problem(problem: Problem | None, fact: ProblemReopened, act: Act) -> None:
    problem = _found(problem, act)
    must_stand(problem, (FIXED, DROPPED), _("重新打开"))
    if act.by != problem.raised_by and act.by_unit != problem.raised_by_unit:
        raise Refused(_("只有提出问题的人或其单位可以重新打开"), remedy=_("可另提一个新问题，写明出处。"))


@rule(LookedBack)
def look_back(problem: Problem | None, fact: LookedBack, act: Act) -> None:
    problem = _found(problem, act)
    must_stand(problem, (FIXED,), _("回头看"))
    _must_be_another_unit(problem, act)
    _must_look_at_result(fact.method, act)
    if fact.months not in problem.watch or fact.months in problem.looked_back:
        raise Refused(
            _("第 {n} 个月的回头看不在计划内或已做过"), remedy=_("按计划月份填写：{plan}。"),
            n=fact.months, plan="、".join(map(str, problem.watch)),
        )


@rule(LetterSent)
def send_letter(problem: Problem | None, fact: LetterSent, act: Act) -> None:
    problem = _found(problem, act)
    step = next_letter(problem, act.happened, act.rules)
    if fact.step != step:
        raise Refused(
            _("现在不到发“{step}”的时候"), remedy=_("函件须逐级发出，并满足超期天数：{plan}。"),
            source=act.rules.problems.overdue.reminder.source, step=fact.step,
            plan="，".join(f"{step} {act.rules.problems.overdue.of(step)} 日" for step in LADDER),
        )


@rule(LetterAnswered)
def answer_letter(problem: Problem | None, fact: LetterAnswered, act: Act) -> None:
    problem = _found(problem, act)
    if problem.answer_due is None:
        raise Refused(_("{code} 没有待答复的函件"), remedy=_("核对编号。"), code=problem.subject)


def next_letter(problem: Problem, day: date, rules: Rulebook) -> LetterStep | None:
    """The step of the ladder that is due on a day, or None: one after another, each after its days overdue."""
    sent = LADDER.index(LetterStep(problem.letter)) + 1 if problem.letter else 0
    if sent == len(LADDER):
        return None
    step = LADDER[sent]
    return step if problem.overdue(day) >= rules.problems.overdue.of(step) else None


@filled(ResultChecked)
def fill_check(kind: type[Fact], problem: Problem | None, day: date, rules: Rulebook) -> dict[str, object]:
    return {"watch": tuple(rules.problems.look_back_months.value)}


@filled(LetterSent)
def fill_letter(kind: type[Fact], problem: Problem | None, day: date, rules: Rulebook) -> dict[str, object]:
    step = next_letter(problem, day, rules) if problem else None
    if step is None:
        raise Refused(_("还不到发函的时候"), remedy=_("超期天数未到，或三级函件都已发出。"))
    return {"step": step, "answer_due": day + timedelta(days=rules.problems.answer.of(step))}


@filled(LookedBack)
def fill_look_back(kind: type[Fact], problem: Problem | None, day: date, rules: Rulebook) -> dict[str, object]:
    done = max(problem.looked_back, default=0) if problem else 0
    months = next((m for m in (problem.watch if problem else ()) if m > done), None)
    if months is None:
        raise Refused(_("没有待做的回头看"), remedy=_("回头看计划已全部完成。"))
    return {"months": months}


def _found(problem: Problem | None, act: Act) -> Problem:
    must_exist(problem, act)
    assert problem is not None
    return problem


def _must_be_another_unit(problem: Problem, act: Act) -> None:
    if act.by_unit in (problem.unit, problem.claimed_by_unit):
        raise Refused(
            _("责任单位不能核验自己的整改"), remedy=_("请由其他单位的人核验。"),
            source=act.rules.problems.checker_of_other_unit.source,
        )


def _must_look_at_result(method: str, act: Act) -> None:
    methods = act.rules.problems.result_methods
    if method not in methods.value:
        raise Refused(
            _("“{method}”看不到结果"), remedy=_("改用：{methods}。"), source=methods.source,
            method=method, methods="、".join(methods.value),
        )
