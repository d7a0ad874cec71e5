"""Which fact may follow in a problem's life, or Refused; and what the rules of the day fill in."""

from __future__ import annotations

from collections.abc import Callable
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
)
from shigan.maths.workdays import add_months
from shigan.policy import Rulebook
from shigan.work.problems.state import (
    AT_WORK,
    CLAIMED,
    DROPPED,
    FIXED,
    LADDER,
    MEASURED,
    OPEN,
    PARTLY,
    Problem,
    next_look_back,
    next_watch,
)
from shigan.work.state import Act, Refused, filled, must_be_new, must_exist, must_stand, rule

STANDS: dict[type[Fact], tuple[tuple[str, ...], str]] = {
    MeasureSet: (AT_WORK, _("制定措施")),
    ProgressReported: (AT_WORK, _("报告进展")),
    ExtensionAsked: ((MEASURED, PARTLY), _("申请延期")),
    ExtensionDecided: ((MEASURED, PARTLY), _("答复延期申请")),
    FixClaimed: ((MEASURED, PARTLY), _("申报销号")),
    ResultChecked: ((CLAIMED,), _("核验")),
    ProblemDropped: (OPEN, _("了结")),
    ProblemReopened: ((FIXED, DROPPED), _("重新打开")),
    LookedBack: ((FIXED,), _("回头看")),
    LetterSent: ((MEASURED, PARTLY), _("发函")),
    LetterAnswered: (OPEN, _("答复函件")),
}
"""At which stages a kind of fact may come, and what it is called when it may not."""


def gate(kind: type[Fact], problem: Problem, act: Act) -> None:
    """Refuse what this author may not do to this problem today, whatever the form would say.

    A page asks here before it shows a form, so that a refusal is told with its reason and not after typing.
    """
    stages, what = STANDS[kind]
    must_stand(problem, stages, what)
    if kind in _GATES:
        _GATES[kind](problem, act)


def _may_extend(problem: Problem, act: Act) -> None:
    limit = act.rules.problems.extensions
    if problem.deadline is None:
        raise Refused(_("{code} 还没有期限"), remedy=_("先定措施和期限。"), code=problem.subject)
    if problem.extensions >= limit.value:
        raise Refused(
            _("已延期 {n} 次，不再延期"),
            remedy=_("请申报现状，由核验人判定是否部分解决。"),
            source=limit.source,
            n=problem.extensions,
        )


def _may_decide_extension(problem: Problem, act: Act) -> None:
    if problem.asked_until is None:
        raise Refused(_("{code} 没有待答复的延期申请"), remedy=_("由责任单位先申请。"), code=problem.subject)
    if act.by_unit == problem.unit:
        raise Refused(_("责任单位不能批准自己的延期"), remedy=_("请由组织部门答复。"))


def _may_drop(problem: Problem, act: Act) -> None:
    if act.by_unit == problem.unit:
        raise Refused(_("责任单位不能自行了结"), remedy=_("请由提出单位或组织部门了结。"))


def _may_reopen(problem: Problem, act: Act) -> None:
    if act.by != problem.raised_by and act.by_unit != problem.raised_by_unit:
        raise Refused(_("只有提出问题的人或其单位可以重新打开"), remedy=_("可另提一个新问题，写明出处。"))


def _must_be_another_unit(problem: Problem, act: Act) -> None:
    if act.by_unit in (problem.unit, problem.claimed_by_unit):
        raise Refused(
            _("责任单位不能核验自己的整改"),
            remedy=_("请由其他单位的人核验。"),
            source=act.rules.problems.checker_of_other_unit.source,
        )


def _may_look_back(problem: Problem, act: Act) -> None:
    _must_be_another_unit(problem, act)
    if next_look_back(problem) is None:
        raise Refused(_("没有待做的回头看"), remedy=_("回头看计划已全部完成。"))


def _may_send_letter(problem: Problem, act: Act) -> None:
    if act.by_unit == problem.unit:
        raise Refused(_("责任单位不能给自己发函"), remedy=_("请由组织部门发函。"))
    if next_letter(problem, act.happened, act.rules) is None:
        raise _too_early(problem, act.rules)


def _may_answer(problem: Problem, act: Act) -> None:
    if problem.answer_due is None:
        raise Refused(_("{code} 没有待答复的函件"), remedy=_("核对编号。"), code=problem.subject)


_GATES: dict[type[Fact], Callable[[Problem, Act], None]] = {
    ExtensionAsked: _may_extend,
    ExtensionDecided: _may_decide_extension,
    ResultChecked: _must_be_another_unit,
    ProblemDropped: _may_drop,
    ProblemReopened: _may_reopen,
    LookedBack: _may_look_back,
    LetterSent: _may_send_letter,
    LetterAnswered: _may_answer,
}


@rule(ProblemRaised)
def raise_problem(problem: Problem | None, fact: ProblemRaised, act: Act) -> None:
    must_be_new(problem)
    if act.look(act.unit) is None:
        raise Refused(_("没有单位 {unit}"), remedy=_("核对责任单位编号。"), unit=act.unit)


@rule(ProgressReported, ExtensionDecided, FixClaimed, ProblemDropped, ProblemReopened, LetterAnswered)
def follow(problem: Problem | None, fact: Fact, act: Act) -> None:
    """For these the gate is the whole rule."""
    _open(problem, fact, act)


@rule(MeasureSet)
def set_measure(problem: Problem | None, fact: MeasureSet, act: Act) -> None:
    problem = _open(problem, fact, act)
    if problem.deadline is not None and fact.due > problem.deadline:
        raise Refused(
            _("新的期限晚于原期限 {due}"), remedy=_("需要延期的，请申请延期。"), due=problem.deadline
        )
    if fact.due < problem.since:
        raise Refused(_("期限早于问题提出日期 {since}"), remedy=_("核对完成期限。"), since=problem.since)
    limit = act.rules.problems.at_once_days
    begin = act.happened if problem.reopened or problem.relapses else problem.since
    if fact.term is Term.AT_ONCE and (fact.due - begin).days > limit.value:
        raise Refused(
            _("立行立改的期限超过 {n} 日"),
            remedy=_("缩短期限，或把整改时限改为“限期”。"),
            source=limit.source,
            n=limit.value,
        )


@rule(ExtensionAsked)
def ask_extension(problem: Problem | None, fact: ExtensionAsked, act: Act) -> None:
    problem = _open(problem, fact, act)
    days = act.rules.problems.extension_days
    deadline = problem.deadline
    assert deadline is not None
    if not deadline < fact.due <= deadline + timedelta(days=int(days.value)):
        raise Refused(
            _("一次延期应在 1 到 {n} 日之间"),
            remedy=_("改填延期日期。"),
            source=days.source,
            n=days.value,
        )


@rule(ResultChecked)
def check_result(problem: Problem | None, fact: ResultChecked, act: Act) -> None:
    _open(problem, fact, act)
    _must_look_at_result(fact.method, act)
    plan = tuple(act.rules.problems.look_back_months.value)
    if fact.watch != plan:
        raise Refused(
            _("核验须同时排定销号后的回头看：第 {plan} 个月"),
            remedy=_("按规矩排定后再提交。"),
            source=act.rules.problems.look_back_months.source,
            plan="、".join(map(str, plan)),
        )


@rule(LookedBack)
def look_back(problem: Problem | None, fact: LookedBack, act: Act) -> None:
    problem = _open(problem, fact, act)
    _must_look_at_result(fact.method, act)
    if fact.months not in problem.watch or fact.months in problem.looked_back:
        raise Refused(
            _("第 {n} 个月的回头看不在计划内或已做过"),
            remedy=_("按计划月份填写：{plan}。"),
            n=fact.months,
            plan="、".join(map(str, problem.watch)),
        )
    grace = act.rules.problems.look_back_grace_days
    begin = add_months(problem.closed, fact.months) - timedelta(days=grace.value) if problem.closed else None
    if begin and act.happened < begin and not fact.relapsed:
        raise Refused(
            _("第 {n} 个月的回头看最早在 {day} 做"),
            remedy=_("到时再看；现在就看到反弹的，可以马上记。"),
            source=grace.source,
            n=fact.months,
            day=begin,
        )


@rule(LetterSent)
def send_letter(problem: Problem | None, fact: LetterSent, act: Act) -> None:
    problem = _open(problem, fact, act)
    if fact.step != next_letter(problem, act.happened, act.rules):
        raise _too_early(problem, act.rules)


def _too_early(problem: Problem, rules: Rulebook) -> Refused:
    """Which letters went out, and after how many days each step comes."""
    overdue = rules.problems.overdue
    return Refused(
        _("还不到发这一级函件的时候（已发：{sent}）"),
        remedy=_("函件逐级发出，超期天数须满：{plan}；上一封的答复期限未过、申报后等待核验的，不发。"),
        source=overdue.reminder.source,
        sent=problem.letter or "—",
        plan="，".join(f"{step} {overdue.of(step)} 日" for step in LADDER),
    )


def next_letter(problem: Problem, day: date, rules: Rulebook) -> LetterStep | None:
    """The step of the ladder that is due on a day, or None: one after another, each after its days overdue.

    The time to answer the letter before must be over; who has claimed and waits for the check gets none.
    """
    sent = LADDER.index(LetterStep(problem.letter)) + 1 if problem.letter else 0
    if sent == len(LADDER) or problem.stage not in STANDS[LetterSent][0]:
        return None
    if problem.letter_day and sent and day <= problem.letter_day + _to_answer(LADDER[sent - 1], rules):
        return None
    step = LADDER[sent]
    return step if problem.overdue(day) >= rules.problems.overdue.of(step) else None


def _to_answer(step: LetterStep, rules: Rulebook) -> timedelta:
    return timedelta(days=rules.problems.answer.of(step))


@filled(ResultChecked)
def fill_check(kind: type[Fact], problem: Problem | None, day: date, rules: Rulebook) -> dict[str, object]:
    return {"watch": tuple(rules.problems.look_back_months.value)}


@filled(LetterSent)
def fill_letter(kind: type[Fact], problem: Problem | None, day: date, rules: Rulebook) -> dict[str, object]:
    step = next_letter(problem, day, rules) if problem else None
    if step is None:
        raise Refused(_("还不到发函的时候"), remedy=_("超期天数未到，或三级函件都已发出。"))
    return {"step": step, "answer_due": day + _to_answer(step, rules)}


@filled(LookedBack)
def fill_look_back(
    kind: type[Fact], problem: Problem | None, day: date, rules: Rulebook
) -> dict[str, object]:
    months = next_watch(problem) if problem else None
    if months is None:
        raise Refused(_("没有待做的回头看"), remedy=_("回头看计划已全部完成。"))
    return {"months": months}


def _open(problem: Problem | None, fact: Fact, act: Act) -> Problem:
    must_exist(problem, act)
    assert problem is not None
    gate(type(fact), problem, act)
    return problem


def _must_look_at_result(method: str, act: Act) -> None:
    methods = act.rules.problems.result_methods
    if method not in methods.value:
        raise Refused(
            _("“{method}”看不到结果"),
            remedy=_("改用：{methods}。"),
            source=methods.source,
            method=method,
            methods="、".join(methods.value),
        )
