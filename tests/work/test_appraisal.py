"""What guards an appraisal: quota and pool, blocks by effect period, legal clocks, who may ask for review."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shigan.facts import Fact, Fault
from shigan.facts.appraisal import (
    AppealDecided,
    AppealExtended,
    AppealMade,
    Decision,
    EvaluationCounted,
    GradesDecided,
    ItemTally,
    LeaveTaken,
    NegativeListed,
    Outcome,
    ResultNotified,
    ReviewDecided,
    ReviewRequested,
    RoutineGrade,
    RoutineGraded,
    Sanction,
    SanctionImposed,
    StatementMade,
    VoterClass,
)
from shigan.facts.units import GroupFormed, PersonPosted, Rank, UnitFounded, UnitKind
from shigan.maths.quota import floor_quota
from shigan.maths.workdays import add_months, is_workday
from shigan.policy import Rulebook
from shigan.work.admit import Author
from shigan.work.appraisal import CLOSED, IN_APPEAL, NOTIFIED, REVIEWED, GroupYear, PersonYear, blocks, until
from shigan.work.state import Refused
from shigan.work.units import Person
from tests.work.life import DAY0, OFFICE, RULES, Life, after

EXCELLENT, COMPETENT = "优秀", "称职"
OWN = Author("P0101", "U003")


def group_of(n: int, group: str = "G01") -> Life:
    """A comparison group of `n` officials, P0101 and on."""
    life = Life(group)
    life.on(0, GroupFormed(scheme="县直部门领导干部", words="县直部门副职"), OFFICE)
    for at in range(n):
        life.code = f"P{101 + at:04d}"
        life.on(0, PersonPosted(rank=Rank.DEPUTY, group=group), OFFICE)
    return life


def write(life: Life, code: str, day: int, fact: Fact, by: Author = OFFICE) -> PersonYear | None:
    """Write about one code of the group; the person's year after it, if it is one."""
    life.code = code
    state = life.on(day, fact, by)
    return state if isinstance(state, PersonYear) else None


def grades(excellent: int, others: int, pool: int = 0, others_are: str = COMPETENT) -> GradesDecided:
    """A decision on that many officials."""
    given = [EXCELLENT] * excellent + [others_are] * others
    decisions = tuple(Decision(person=f"P{101 + at:04d}", grade=grade) for at, grade in enumerate(given))
    return GradesDecided(meeting="县委常委会", decisions=decisions, pool=pool)


def notified(day: int = 10, grade: str = COMPETENT) -> Life:
    """P0101 was told the result `day` days after DAY0."""
    life = group_of(4)
    write(life, "P0101/2026", 1, StatementMade(text="本年工作"), OWN)
    write(life, "G01/2026", 5, grades(1, 3))
    decided = EXCELLENT if grade == EXCELLENT else grade
    write(
        life,
        "G01/2026",
        6,
        GradesDecided(meeting="县委常委会", decisions=(Decision(person="P0101", grade=decided),)),
    )
    write(life, "P0101/2026", day, told(grade, day))
    return life


def told(grade: str, day: int) -> ResultNotified:
    """The notification of that day with its legal date."""
    return ResultNotified(grade=grade, until=until(ResultNotified, after(day), RULES))


def request(day: int) -> ReviewRequested:
    """A request for review on that day."""
    return ReviewRequested(text="请复核实绩", until=until(ReviewRequested, after(day), RULES))


@given(st.integers(0, 300))
def test_the_quota_is_floored_and_never_rounded_up(n: int) -> None:
    quota = floor_quota(n, RULES.appraisal.quotas.leader_excellent.value)
    assert quota.whole <= quota.theory < quota.whole + 1
    assert quota.rest == quota.theory - quota.whole


def test_thirteen_officials_have_three_excellent_and_a_fourth_only_from_the_pool() -> None:
    life = group_of(13)
    with pytest.raises(Refused, match=r"13 人 × 25% = 3\.25，取整 3 名"):
        write(life, "G01/2026", 5, grades(4, 9))
    write(life, "G01/2026", 5, grades(4, 9, pool=1))


def test_whoever_gets_no_grade_lowers_the_quota() -> None:
    life = group_of(4)
    with pytest.raises(Refused, match="3 人"):
        write(life, "G01/2026", 5, GradesDecided(meeting="县委常委会", decisions=(
            Decision(person="P0101", grade=EXCELLENT), Decision(person="P0102", grade=COMPETENT),
            Decision(person="P0103", grade=COMPETENT), Decision(person="P0104", grade="不定等次"),
        )))  # fmt: skip


def test_several_decisions_on_one_group_share_its_quota() -> None:
    life = group_of(4)
    write(life, "G01/2026", 5, grades(1, 3))
    second = GradesDecided(meeting="再次会议", decisions=(Decision(person="P0102", grade=EXCELLENT),))
    with pytest.raises(Refused, match="超过名额"):
        write(life, "G01/2026", 6, second)


def test_a_group_decides_on_its_own_members_and_with_known_grades_only() -> None:
    life = group_of(4)
    write(life, "G02", 0, GroupFormed(scheme="县直部门领导干部", words="正职"))
    with pytest.raises(Refused, match="不在这个考核单元"):
        write(life, "G02/2026", 5, grades(0, 1))
    with pytest.raises(Refused, match="没有“特优”这个等次"):
        write(life, "G01/2026", 5, grades(0, 1, others_are="特优"))
    with pytest.raises(Refused, match="没有 G09"):
        write(life, "G09/2026", 5, grades(0, 1))


def teams_of(n: int) -> Life:
    """A comparison group of `n` leadership teams, U101 and on, beside the officials of `group_of`."""
    life = group_of(4)
    write(life, "G07", 0, GroupFormed(scheme="县直部门领导班子", words="县直部门班子"))
    for at in range(n):
        write(life, f"U{101 + at}", 0, UnitFounded(kind=UnitKind.DEPARTMENT, group="G07"))
    return life


def team_grades(*given: str) -> GradesDecided:
    """A decision on the teams from U101 on."""
    decisions = tuple(Decision(person=f"U{101 + at}", grade=grade) for at, grade in enumerate(given))
    return GradesDecided(meeting="县委常委会", decisions=decisions)


def test_leadership_teams_are_decided_in_their_own_words_and_within_their_own_quota() -> None:
    life = teams_of(7)
    with pytest.raises(Refused, match=r"7 个 × 30% = 2\.10，取整 2 名"):
        write(life, "G07/2026", 5, team_grades(*[EXCELLENT] * 3, *["良好"] * 4))
    write(life, "G07/2026", 5, team_grades(*[EXCELLENT] * 2, *["良好"] * 4, "较差"))
    state = life.now
    assert isinstance(state, GroupYear) and len(state.decisions) == 7


def test_a_team_gets_no_persons_grade_and_a_person_no_teams() -> None:
    life = teams_of(2)
    for word in (COMPETENT, "不定等次"):
        with pytest.raises(Refused, match=f"没有“{word}”这个等次"):
            write(life, "G07/2026", 5, team_grades(word))
    with pytest.raises(Refused, match="没有“良好”这个等次"):
        write(life, "G01/2026", 5, grades(0, 1, others_are="良好"))


def test_teams_and_persons_are_not_decided_in_each_others_group() -> None:
    life = teams_of(2)
    with pytest.raises(Refused, match="考核的是领导班子，P0101 不是"):
        write(life, "G07/2026", 5, grades(0, 1))
    with pytest.raises(Refused, match="考核的是领导干部，U101 不是"):
        write(life, "G01/2026", 5, team_grades("良好"))


def test_a_departing_decision_without_a_reason_cannot_even_be_said() -> None:
    with pytest.raises(Fault, match="没有写理由"):
        Decision(person="P0101", grade=EXCELLENT, departs=True)


@pytest.mark.parametrize("sanction", [s for s in Sanction if s is not Sanction.ADMONITION])
def test_a_sanction_blocks_until_the_last_day_of_its_effect_period(sanction: Sanction) -> None:
    person = Person(
        subject="P0101", seq=1, unit="U003", stage="在任", since=DAY0,
        sanctions=(str(sanction),), sanction_days=(DAY0,),
    )  # fmt: skip
    last = add_months(DAY0, RULES.appraisal.effects[sanction].value)
    assert list(blocks(person, None, 2026, last, RULES))
    assert not list(blocks(person, None, 2026, last + timedelta(days=1), RULES))
    assert not list(blocks(person, None, 2026, DAY0 - timedelta(days=1), RULES)), (
        "nothing works before it took effect"
    )


def test_an_admonition_bars_from_the_year_it_was_given_in_and_from_no_other() -> None:
    person = Person(
        subject="P0101", seq=1, unit="U003", stage="在任", since=DAY0,
        sanctions=("诫勉",), sanction_days=(date(2026, 11, 2),),
    )  # fmt: skip
    late = date(2027, 2, 1)
    (reason,) = blocks(person, None, 2026, late, RULES)
    assert str(reason) == "当年受诫勉，影响 2026 年度评优"
    assert not list(blocks(person, None, 2027, late, RULES))
    assert not list(blocks(person, None, 2026, date(2026, 11, 1), RULES))


def test_how_long_a_sanction_blocks_is_policy() -> None:
    text = RULES.texts["appraisal"].replace(
        '[effects."政务警告"]\nvalue = 6', '[effects."政务警告"]\nvalue = 1'
    )
    longer: Rulebook = RULES.with_adopted("appraisal", text)
    person = Person(
        subject="P0101", seq=1, unit="U003", stage="在任", since=DAY0,
        sanctions=("政务警告",), sanction_days=(DAY0,),
    )  # fmt: skip
    assert list(blocks(person, None, 2026, after(60), RULES))
    assert not list(blocks(person, None, 2026, after(60), longer))


@pytest.mark.parametrize(
    ("code", "fact", "words"),
    [
        ("P0101", SanctionImposed(sanction=Sanction.DEMERIT, number="青纪〔2026〕8号"), "影响期"),
        ("P0101/2026", LeaveTaken(days=181), "病事假"),
        ("P0101/2026", NegativeListed(item="瞒报事故"), "负面清单"),
    ],
)
def test_blocked_from_excellent_with_the_reason_and_its_source(code: str, fact: Fact, words: str) -> None:
    life = group_of(4)
    write(life, code, 1, fact)
    with pytest.raises(Refused, match=words) as refused:
        write(life, "G01/2026", 5, grades(1, 3))
    assert refused.value.source
    write(life, "G01/2026", 5, grades(0, 4))


def test_leave_of_just_half_a_year_does_not_block() -> None:
    life = group_of(4)
    write(life, "P0101/2026", 1, LeaveTaken(days=180))
    write(life, "G01/2026", 5, grades(1, 3))


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (date(2026, 9, 2), date(2026, 10, 8)),  # 国庆: 2 October + 6 days off
        (date(2026, 1, 20), date(2026, 2, 24)),  # 春节: 19 February lies in the holiday
        (date(2026, 3, 2), date(2026, 4, 1)),
    ],
)
def test_a_clock_that_ends_in_a_holiday_runs_to_the_next_working_day(start: date, end: date) -> None:
    assert until(ResultNotified, start, RULES) == end


@given(
    st.dates(date(2024, 1, 1), date(2026, 6, 30)),
    st.sampled_from((ResultNotified, ReviewRequested, AppealMade)),
)
def test_no_clock_ends_on_a_day_off_or_too_early(start: date, kind: type[Fact]) -> None:
    end = until(kind, start, RULES)
    assert is_workday(end)
    assert end >= start + timedelta(days=30)


def test_review_may_be_asked_for_on_the_last_day_and_not_after() -> None:
    life = notified(10)
    last = (until(ResultNotified, after(10), RULES) - DAY0).days
    with pytest.raises(Refused, match="已过期限"):
        write(life, "P0101/2026", last + 1, request(last + 1), OWN)
    state = write(life, "P0101/2026", last, request(last), OWN)
    assert state is not None and state.due == until(ReviewRequested, after(last), RULES)


@pytest.mark.parametrize("by", [OFFICE, Author("P0102", "U003")])
def test_only_the_person_may_ask_for_review_or_appeal(by: Author) -> None:
    life = notified()
    with pytest.raises(Refused, match="只有本人可以"):
        write(life, "P0101/2026", 12, request(12), by)
    appeal = AppealMade(text="不服", until=until(AppealMade, after(12), RULES))
    with pytest.raises(Refused, match="只有本人可以"):
        write(life, "P0101/2026", 12, appeal, by)


def test_nobody_is_told_another_grade_than_the_committee_decided() -> None:
    life = group_of(4)
    write(life, "P0101/2026", 1, StatementMade(text="本年工作"), OWN)
    with pytest.raises(Refused, match="与集体决定不符"):
        write(life, "P0101/2026", 6, told(COMPETENT, 6))
    write(life, "G01/2026", 5, grades(1, 3))
    with pytest.raises(Refused, match="与集体决定不符"):
        write(life, "P0101/2026", 6, told(COMPETENT, 6))
    state = write(life, "P0101/2026", 6, told(EXCELLENT, 6))
    assert state is not None and state.stage == NOTIFIED


def test_a_clock_that_is_not_the_legal_one_is_refused() -> None:
    life = notified()
    wrong = ReviewRequested(text="请复核", until=after(20))
    with pytest.raises(Refused, match="期限应为"):
        write(life, "P0101/2026", 12, wrong, OWN)


def test_from_review_to_a_decided_appeal_each_step_starts_its_clock() -> None:
    life = notified()
    write(life, "P0101/2026", 12, request(12), OWN)
    kept = ReviewDecided(outcome=Outcome.UPHELD, text="维持", until=until(ReviewDecided, after(20), RULES))
    state = write(life, "P0101/2026", 20, kept)
    assert state is not None and (state.stage, state.due) == (
        REVIEWED,
        until(ReviewDecided, after(20), RULES),
    )
    appeal = AppealMade(text="不服复核", until=until(AppealMade, after(25), RULES))
    state = write(life, "P0101/2026", 25, appeal, OWN)
    assert state is not None and state.stage == IN_APPEAL and state.due is not None
    more = AppealExtended(reason="案情复杂", until=until(AppealExtended, state.due, RULES))
    write(life, "P0101/2026", 40, more)
    with pytest.raises(Refused, match="只能延长一次"):
        write(life, "P0101/2026", 41, more)
    state = write(life, "P0101/2026", 60, AppealDecided(outcome=Outcome.CHANGED, text="变更"))
    assert state is not None and (state.stage, state.due) == (CLOSED, None)


def test_an_appeal_may_be_made_at_once_without_a_review() -> None:
    life = notified()
    appeal = AppealMade(text="直接申诉", until=until(AppealMade, after(12), RULES))
    state = write(life, "P0101/2026", 12, appeal, OWN)
    assert state is not None and state.stage == IN_APPEAL


def test_a_quarter_is_graded_once() -> None:
    life = group_of(1)
    good = RoutineGraded(quarter=1, grade=RoutineGrade.GOOD)
    write(life, "P0101/2026", 40, good)
    with pytest.raises(Refused, match="第 1 季度已登记为“好”"):
        write(life, "P0101/2026", 41, good)


def test_one_class_of_one_session_is_counted_once() -> None:
    life = group_of(1)
    sheet = EvaluationCounted(
        voters=VoterClass.A, expected=6, present=6, issued=6, returned=6, valid=6, void=0, session="测评会",
        tallies=(ItemTally(item="德", counts=(3, 2, 1, 0, 0)),),
    )  # fmt: skip
    write(life, "P0101/2026", 40, sheet)
    with pytest.raises(Refused, match="已登记过"):
        write(life, "P0101/2026", 41, sheet)
