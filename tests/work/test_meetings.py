"""The rules of criticism meetings, without any database."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shigan.facts import Fact, Fault
from shigan.facts.meetings import (
    Channel,
    LastItemsReported,
    MeetingHeld,
    MeetingKind,
    MeetingPlanned,
    MeetingReported,
    OpinionHeard,
    TalksHeld,
)
from shigan.facts.units import UnitFounded, UnitKind
from shigan.ledger.entry import UNSIGNED
from shigan.policy import Rulebook
from shigan.work.admit import Author, Draft, admit
from shigan.work.meetings import HELD, OPENED, PLANNED, REPORTED, Meeting
from shigan.work.state import Refused, State, fill

DAY = date(2026, 11, 2)
NOW = datetime(2026, 12, 1, tzinfo=UTC)
PLAN = MeetingPlanned(kind=MeetingKind.DEMOCRATIC_LIFE, theme="实干", due=DAY + timedelta(days=20), members=9)
CLERK = Author("P0003", "U003")
OPINION = OpinionHeard(channel=Channel.BOX, text="少发表格")


def folded(*facts: Fact, by: Author = CLERK, unit: str = "U003") -> Meeting:
    """The meeting after these facts; each sees what those before it left."""
    drafts = [Draft("U003", UnitFounded(kind=UnitKind.DEPARTMENT), "U003", DAY)]
    drafts += [Draft("M00001", fact, unit, DAY) for fact in facts]
    states: dict[str, State] = {}
    for admitted in admit(drafts, by, NOW, Rulebook.shipped(), states.get):
        states[admitted.state.subject] = admitted.state
    meeting = states["M00001"]
    assert isinstance(meeting, Meeting)
    return meeting


LAST = LastItemsReported(note="首次召开")


def test_a_meeting_goes_from_planning_to_its_report() -> None:
    held = MeetingHeld(expected=9, present=7, problems=("Q00001",))
    stages = [PLANNED, OPENED, HELD, REPORTED]
    facts = [PLAN, LAST, held, MeetingReported(text="已报告")]
    assert [folded(*facts[: n + 1]).stage for n in range(4)] == stages
    assert folded(*facts).problems == ("Q00001",)


def test_opinions_are_taken_unsigned_until_the_meeting_is_held() -> None:
    nobody = Author(UNSIGNED, UNSIGNED)
    assert folded(PLAN, OPINION, LAST, OPINION, TalksHeld(talks=12), by=nobody).opinions == 2
    with pytest.raises(Refused, match="现在是“待报告”，不能再征集意见"):
        folded(PLAN, LAST, MeetingHeld(expected=9, present=9), OPINION, by=nobody)


def test_an_opinion_with_a_telephone_number_is_refused() -> None:
    with pytest.raises(Refused, match="会认出说话的人"):
        folded(PLAN, OpinionHeard(channel=Channel.FORUM, text="打 13912345678"))


def test_last_years_items_come_first() -> None:
    with pytest.raises(Refused, match="须先通报上次整改情况"):
        folded(PLAN, MeetingHeld(expected=9, present=9))
    with pytest.raises(Refused, match="不能通报上次整改"):
        folded(PLAN, LAST, LAST)
    with pytest.raises(Fault, match="没有通报任何一项"):
        LastItemsReported()


@given(st.integers(1, 500), st.data())
def test_a_meeting_counts_from_two_thirds_of_those_expected_on(expected: int, data: st.DataObject) -> None:
    present = data.draw(st.integers(1, expected))
    held = MeetingHeld(expected=expected, present=present)
    if Fraction(present, expected) >= Fraction(2, 3):
        assert folded(PLAN, LAST, held).stage == HELD
    else:
        with pytest.raises(Refused, match=f"不足应到 {expected} 人的 2/3.*民主生活会若干规定"):
            folded(PLAN, LAST, held)


def test_more_present_than_expected_is_refused() -> None:
    with pytest.raises(Fault, match="实到 10 人多于应到 9 人"):
        MeetingHeld(expected=9, present=10)


def test_the_report_has_its_clock_from_the_day_of_the_meeting() -> None:
    ruled = fill(MeetingHeld, None, DAY, Rulebook.shipped())
    assert ruled == {"report_due": DAY + timedelta(days=15)}
    held = MeetingHeld(expected=9, present=9, report_due=DAY + timedelta(days=15))
    assert folded(PLAN, LAST, held).due == DAY + timedelta(days=15)
    assert folded(PLAN, LAST, held, MeetingReported(text="已报告")).due is None
    with pytest.raises(Refused, match="不能报告"):
        folded(PLAN, MeetingReported(text="已报告"))


def test_a_meeting_of_a_unit_that_is_not_there_is_refused() -> None:
    with pytest.raises(Refused, match="没有单位 U999"):
        folded(PLAN, unit="U999")
