"""A criticism meeting: opinions first, last year's items reported, then held with a quorum, then reported."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from shigan.facts import Fact
from shigan.facts.faults import _
from shigan.facts.meetings import (
    LastItemsReported,
    MeetingHeld,
    MeetingPlanned,
    MeetingReported,
    OpinionHeard,
    TalksHeld,
)
from shigan.ledger.entry import Entry
from shigan.policy import Rulebook
from shigan.work.state import (
    Act,
    Refused,
    State,
    base,
    filled,
    must_be_new,
    must_exist,
    must_stand,
    replace,
    rule,
)
from shigan.work.unattributed import must_be_unattributed

PLANNED, OPENED, HELD, REPORTED = _("筹备中"), _("已通报上次整改"), _("待报告"), _("已报告")


NEXT: dict[str, tuple[type[Fact], ...]] = {
    PLANNED: (OpinionHeard, TalksHeld, LastItemsReported),
    OPENED: (MeetingHeld, OpinionHeard, TalksHeld),
    HELD: (MeetingReported,),
    REPORTED: (),
}


@dataclass(frozen=True, kw_only=True)
class Meeting(State):
    """`due` is the day planned, then the day by which the report must be in."""

    members: int = 0
    opinions: int = 0
    talks: int = 0
    expected: int = 0
    present: int = 0
    problems: tuple[str, ...] = ()


def fold(meeting: Meeting | None, entry: Entry) -> Meeting:
    """The meeting after one more entry."""
    fact = entry.fact
    if isinstance(fact, MeetingPlanned):
        return Meeting(
            **base(entry),
            stage=PLANNED,
            source=fact.kind,
            topic=fact.theme,
            due=fact.due,
            members=fact.members,
        )
    assert meeting is not None, entry.subject
    meeting = replace(meeting, seq=entry.seq)
    match fact:
        case OpinionHeard():
            return replace(meeting, opinions=meeting.opinions + 1)
        case TalksHeld():
            return replace(meeting, talks=meeting.talks + fact.talks)
        case LastItemsReported():
            return replace(meeting, stage=OPENED)
        case MeetingHeld():
            return replace(
                meeting,
                stage=HELD,
                expected=fact.expected,
                present=fact.present,
                problems=fact.problems,
                due=fact.report_due or entry.happened,
                since=entry.happened,
            )
        case MeetingReported():
            return replace(meeting, stage=REPORTED, due=None)
    return meeting


@rule(MeetingPlanned)
def plan_meeting(meeting: Meeting | None, fact: MeetingPlanned, act: Act) -> None:
    must_be_new(meeting)
    if act.look(act.unit) is None:
        raise Refused(_("没有单位 {unit}"), remedy=_("核对开会的单位编号。"), unit=act.unit)


@rule(OpinionHeard, TalksHeld)
def hear_opinion(meeting: Meeting | None, fact: OpinionHeard | TalksHeld, act: Act) -> None:
    must_stand(_found(meeting, act), (PLANNED, OPENED), _("再征集意见"))
    if isinstance(fact, OpinionHeard):
        must_be_unattributed(fact.text)


@rule(LastItemsReported)
def report_last_items(meeting: Meeting | None, fact: LastItemsReported, act: Act) -> None:
    must_stand(_found(meeting, act), (PLANNED,), _("通报上次整改"))


@rule(MeetingHeld)
def hold_meeting(meeting: Meeting | None, fact: MeetingHeld, act: Act) -> None:
    meeting = _found(meeting, act)
    if meeting.stage == PLANNED:
        raise Refused(_("会议须先通报上次整改情况"), remedy=_("先登记“上次整改通报”，再登记会议召开。"))
    must_stand(meeting, (OPENED,), _("登记召开"))
    quorum = act.rules.meetings.quorum
    if fact.present < fact.expected * quorum.value:
        raise Refused(
            _("实到 {present} 人，不足应到 {expected} 人的 {part}"),
            remedy=_("改期召开；人数不足所作的会不作数。"),
            source=quorum.source,
            present=fact.present,
            expected=fact.expected,
            part=quorum.value,
        )


@rule(MeetingReported)
def report_meeting(meeting: Meeting | None, fact: MeetingReported, act: Act) -> None:
    must_stand(_found(meeting, act), (HELD,), _("报告"))


@filled(MeetingHeld)
def fill_held(kind: type[Fact], meeting: Meeting | None, day: date, rules: Rulebook) -> dict[str, object]:
    return {"report_due": day + timedelta(days=rules.meetings.report.value)}


def _found(meeting: Meeting | None, act: Act) -> Meeting:
    must_exist(meeting, act)
    assert meeting is not None
    return meeting
