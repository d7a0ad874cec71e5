"""Every refusal of the problem list, and that nobody closes the own problem whatever is tried."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shigan.facts import Fact
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
    Source,
    Term,
    Verdict,
    Why,
)
from shigan.maths.workdays import add_months
from shigan.work.admit import Author
from shigan.work.problems import (
    CLAIMED,
    DROPPED,
    FIXED,
    MEASURED,
    NEXT,
    PARTLY,
    RAISED,
    STANDS,
    Problem,
    next_letter,
)
from shigan.work.state import Refused
from tests.work.life import DAY0, FIXER, OFFICE, OTHER, RULES, Life, after

RAISE = ProblemRaised(source=Source.VISIT, category="供水", text="晚上三楼没有水")
CLAIM = FixClaimed(result="水泵换了", evidence="泵房")
WATCH = (3, 6, 12)
SOLVED = ResultChecked(method="实地核验", verdict=Verdict.SOLVED, found="三楼有水", watch=WATCH)
UNSOLVED = replace(SOLVED, verdict=Verdict.UNSOLVED, found="三楼没有水")
PART = replace(SOLVED, verdict=Verdict.PARTLY, found="二楼有水")
STABLE = LookedBack(months=3, relapsed=False, method="回访群众", found="一直有水")
DROP = ProblemDropped(why=Why.BEYOND_DUTY, reason="属于省管河道")
REOPEN = ProblemReopened(reason="又没有水了")


def measure(due: int = 30, term: Term = Term.LIMITED) -> MeasureSet:
    return MeasureSet(goal="三楼出水", measures="换泵", term=term, due=after(due))


def letter(step: LetterStep, answer: int) -> LetterSent:
    return LetterSent(step=step, answer_due=after(answer))


def raised() -> Life:
    life = Life("Q00001")
    life.on(0, RAISE, OFFICE)
    return life


def measured(due: int = 30) -> Life:
    life = raised()
    life.on(1, measure(due))
    return life


def claimed() -> Life:
    life = measured()
    life.on(20, CLAIM)
    return life


def fixed() -> Life:
    life = claimed()
    life.on(22, SOLVED, OTHER)
    return life


def problem(life: Life) -> Problem:
    state = life.now
    assert isinstance(state, Problem)
    return state


def refused(life: Life, day: int, fact: Fact, by: Author = FIXER) -> str:
    before = life.now
    with pytest.raises(Refused) as caught:
        life.on(day, fact, by)
    assert life.now == before
    assert caught.value.remedy, "a refusal says what to do instead"
    return str(caught.value)


def test_a_problem_runs_from_raising_to_the_last_look_back() -> None:
    life = fixed()
    assert (life.now.stage, life.now.due) == (FIXED, add_months(after(22), 3))
    closed = after(22)
    for months in WATCH:
        day = (add_months(closed, months) - DAY0).days
        life.on(day, replace(STABLE, months=months), OFFICE)
    assert (life.now.stage, life.now.due, problem(life).looked_back) == (FIXED, None, WATCH)


def test_the_responsible_unit_cannot_check_its_own_fix() -> None:
    assert "责任单位不能核验自己的整改" in refused(claimed(), 22, SOLVED, FIXER)


def test_a_helper_who_claimed_for_the_unit_cannot_check_either() -> None:
    life = measured()
    life.on(20, CLAIM, OTHER)
    assert "请由其他单位的人核验" in refused(life, 22, SOLVED, OTHER)
    assert life.on(22, SOLVED, OFFICE).stage == FIXED


@pytest.mark.parametrize("method", ["查阅材料", "听取汇报", "打电话问问"])
def test_papers_close_nothing(method: str) -> None:
    assert f"“{method}”看不到结果" in refused(claimed(), 22, replace(SOLVED, method=method), OTHER)


def test_a_check_without_the_look_back_plan_is_refused() -> None:
    assert "第 3、6、12 个月" in refused(claimed(), 22, replace(SOLVED, watch=()), OTHER)


def test_a_check_without_a_claim_is_refused() -> None:
    assert "不能核验" in refused(measured(), 22, SOLVED, OTHER)


def test_sent_back_is_counted_and_the_old_deadline_runs_on() -> None:
    life = claimed()
    life.on(22, UNSOLVED, OTHER)
    assert (life.now.stage, problem(life).sent_back, life.now.due) == (MEASURED, 1, after(30))
    life.on(25, CLAIM)
    life.on(26, PART, OTHER)
    assert (life.now.stage, problem(life).sent_back, problem(life).claims) == (PARTLY, 2, 2)


def test_measures_for_an_unknown_unit_or_twice_the_same_code_are_refused() -> None:
    assert "已经存在" in refused(raised(), 1, RAISE, OFFICE)
    life = Life("Q00002", unit="U777")
    with pytest.raises(Refused, match="没有单位 U777"):
        life.on(0, RAISE, OFFICE)


def test_nothing_follows_what_was_never_raised() -> None:
    with pytest.raises(Refused, match="没有 Q00009"):
        Life("Q00009").on(0, CLAIM)


def test_a_later_deadline_needs_an_extension() -> None:
    assert "请申请延期" in refused(measured(30), 5, measure(31))
    assert measured(30).on(5, measure(20)).due == after(20)


def test_a_deadline_before_the_raising_is_refused() -> None:
    assert "期限早于问题提出日期" in refused(raised(), 1, measure(-1))


def test_fix_at_once_means_within_thirty_days() -> None:
    assert "立行立改的期限超过 30 日" in refused(raised(), 1, measure(31, Term.AT_ONCE))
    assert raised().on(1, measure(30, Term.AT_ONCE)).stage == MEASURED


def test_progress_while_waiting_for_the_check_is_refused() -> None:
    assert "不能报告进展" in refused(claimed(), 21, ProgressReported(text="还在装"))


def test_a_claim_before_measures_is_refused() -> None:
    assert "不能申报销号" in refused(raised(), 2, CLAIM)


def test_extension_one_at_a_time_within_ninety_days_and_at_most_twice() -> None:
    life, due = measured(30), 30
    assert "一次延期应在 1 到 90 日之间" in refused(life, 9, ExtensionAsked(due=after(121), reason="等设备"))
    for _time in range(2):
        due += 10
        life.on(10, ExtensionAsked(due=after(due), reason="等设备"))
        life.on(11, ExtensionDecided(granted=True, reason="属实"), OFFICE)
        assert (life.now.due, problem(life).asked_until) == (after(due), None)
    assert "已延期 2 次" in refused(life, 12, ExtensionAsked(due=after(due + 5), reason="等设备"))


def test_a_refused_extension_leaves_the_deadline() -> None:
    life = measured(30)
    life.on(10, ExtensionAsked(due=after(40), reason="等设备"))
    life.on(11, ExtensionDecided(granted=False, reason="设备已到"), OFFICE)
    assert (life.now.due, problem(life).extensions, problem(life).asked_until) == (after(30), 0, None)


def test_the_unit_does_not_grant_its_own_extension_nor_one_nobody_asked_for() -> None:
    granted = ExtensionDecided(granted=True, reason="属实")
    assert "没有待答复的延期申请" in refused(measured(), 10, granted, OFFICE)
    life = measured()
    life.on(10, ExtensionAsked(due=after(40), reason="等设备"))
    assert "不能批准自己的延期" in refused(life, 11, granted, FIXER)


def test_the_unit_cannot_take_its_problem_off_the_list() -> None:
    assert "责任单位不能自行了结" in refused(measured(), 5, DROP, FIXER)
    life = measured()
    assert (life.on(5, DROP, OFFICE).stage, problem(life).why) == (DROPPED, "超出职责")


def test_only_the_one_who_raised_it_opens_it_again() -> None:
    assert "只有提出问题的人或其单位可以重新打开" in refused(fixed(), 40, REOPEN, OTHER)
    life = fixed()
    life.on(40, REOPEN, OFFICE)
    again = problem(life)
    assert (again.stage, again.reopened, again.deadline, again.closed) == (MEASURED, 1, None, None)
    assert life.on(41, measure(71)).due == after(71), "a new deadline may be set, the old one is spent"


def test_an_open_problem_cannot_be_opened_again() -> None:
    assert "不能重新打开" in refused(measured(), 5, REOPEN, OFFICE)


def test_a_look_back_by_the_unit_itself_on_paper_too_early_or_unplanned_is_refused() -> None:
    due = (add_months(after(22), 3) - DAY0).days
    assert "不能核验自己" in refused(fixed(), due, STABLE, FIXER)
    assert "看不到结果" in refused(fixed(), due, replace(STABLE, method="听取汇报"), OTHER)
    assert "不在计划内" in refused(fixed(), due, replace(STABLE, months=5), OTHER)
    assert "最早在" in refused(fixed(), due - 16, STABLE, OTHER)
    assert fixed().on(due - 15, STABLE, OTHER).due == add_months(after(22), 6)
    assert "不能回头看" in refused(measured(), due, STABLE, OTHER)


def test_no_look_back_after_the_last_one() -> None:
    life = fixed()
    for months in WATCH:
        life.on(400, replace(STABLE, months=months), OFFICE)
    assert "没有待做的回头看" in refused(life, 410, STABLE, OFFICE)


def test_a_relapse_seen_early_is_taken_and_sends_it_back_to_work() -> None:
    life = fixed()
    life.on(40, replace(STABLE, relapsed=True, found="又没有水"), OTHER)
    back = problem(life)
    assert (back.stage, back.relapses, back.mark) == (MEASURED, 1, "反弹")
    assert (back.due, back.looked_back) == (None, ())


def test_letters_climb_one_step_at_a_time_each_after_its_days() -> None:
    life = measured(30)
    assert "还不到发这一级函件的时候" in refused(life, 30, letter(LetterStep.REMINDER, 40), OFFICE)
    life.on(31, letter(LetterStep.REMINDER, 41), OFFICE)
    assert "督办 15 日" in refused(life, 40, letter(LetterStep.SUPERVISION, 50), OFFICE)
    assert "还不到" in refused(life, 45, letter(LetterStep.ADMONITION, 50), OFFICE)
    life.on(45, letter(LetterStep.SUPERVISION, 52), OFFICE)
    life.on(60, letter(LetterStep.ADMONITION, 65), OFFICE)
    assert next_letter(problem(life), after(300), RULES) is None
    assert "还不到" in refused(life, 90, letter(LetterStep.ADMONITION, 95), OFFICE)


def test_the_next_letter_waits_until_the_last_one_could_be_answered() -> None:
    life = measured(30)
    life.on(60, letter(LetterStep.REMINDER, 70), OFFICE)
    assert "上一封的答复期限未过" in refused(life, 70, letter(LetterStep.SUPERVISION, 77), OFFICE)
    assert problem(life).letter == "提醒"
    life.on(71, letter(LetterStep.SUPERVISION, 78), OFFICE)
    assert problem(life).letter == "督办"


def test_who_has_claimed_and_waits_for_the_check_gets_no_letter() -> None:
    assert next_letter(problem(claimed()), after(90), RULES) is None
    assert "不能发函" in refused(claimed(), 90, letter(LetterStep.REMINDER, 99), OFFICE)


def test_the_unit_does_not_write_letters_to_itself() -> None:
    assert "不能给自己发函" in refused(measured(), 31, letter(LetterStep.REMINDER, 41), FIXER)


def test_only_a_letter_that_went_out_is_answered() -> None:
    answer = LetterAnswered(text="五月底前换完水泵")
    assert "没有待答复的函件" in refused(measured(), 31, answer)
    life = measured()
    life.on(31, letter(LetterStep.REMINDER, 41), OFFICE)
    life.on(33, answer)
    assert problem(life).answer_due is None


def test_after_a_relapse_the_ladder_begins_anew() -> None:
    life = measured(30)
    life.on(31, letter(LetterStep.REMINDER, 41), OFFICE)
    life.on(32, CLAIM)
    life.on(33, SOLVED, OTHER)
    life.on(130, replace(STABLE, relapsed=True), OTHER)
    life.on(131, measure(150))
    assert next_letter(problem(life), after(151), RULES) is LetterStep.REMINDER


def test_what_a_page_offers_is_what_the_gate_lets_through() -> None:
    for stage in (RAISED, MEASURED, CLAIMED, PARTLY, FIXED, DROPPED):
        passes = {kind for kind, (stages, _what) in STANDS.items() if stage in stages}
        assert set(NEXT[stage]) <= passes
        assert passes - set(NEXT[stage]) <= {LetterAnswered}


FACTS: list[Fact] = [
    RAISE, measure(30), measure(200), CLAIM, SOLVED, UNSOLVED, PART, STABLE, DROP, REOPEN,
    replace(STABLE, relapsed=True), replace(SOLVED, method="听取汇报"), ProgressReported(text="正在装"),
    ExtensionAsked(due=after(60), reason="等设备"), ExtensionDecided(granted=True, reason="属实"),
    letter(LetterStep.REMINDER, 60), LetterAnswered(text="五月底前换完水泵"),
]  # fmt: skip
STEPS = st.lists(st.tuples(st.sampled_from(FACTS), st.sampled_from([OFFICE, FIXER, OTHER])), max_size=25)


@settings(max_examples=150, deadline=None)
@given(STEPS)
def test_no_admitted_sequence_closes_a_problem_without_a_look_by_another_unit(
    steps: list[tuple[Fact, Author]],
) -> None:
    life, admitted = raised(), list[tuple[Fact, Author]]()
    for day, (fact, by) in enumerate(steps, start=1):
        try:
            state = life.on(day, fact, by)
        except Refused:
            continue
        admitted.append((fact, by))
        if state.stage == FIXED:
            checks = [(f, who) for f, who in admitted if isinstance(f, ResultChecked)]
            last, who = checks[-1]
            assert last.verdict is Verdict.SOLVED and RULES.problems.closes(last.method)
            assert who.by_unit not in (state.unit, problem(life).claimed_by_unit)


@settings(max_examples=100, deadline=None)
@given(STEPS)
def test_the_fixer_alone_never_gets_rid_of_a_problem(steps: list[tuple[Fact, Author]]) -> None:
    life = raised()
    for day, (fact, _by) in enumerate(steps, start=1):
        try:
            life.on(day, fact, FIXER)
        except Refused:
            continue
    assert life.now.stage in (RAISED, MEASURED, CLAIMED)
    assert isinstance(problem(life).deadline, date | None)
