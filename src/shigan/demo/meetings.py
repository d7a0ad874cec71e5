"""The stories of criticism meetings: opinions, last year's items, what was criticized, the report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from shigan.demo.days import moment, workday
from shigan.demo.problems import Problem
from shigan.demo.scene import Batch, Scene, Story, Thread
from shigan.facts.meetings import (
    Channel,
    ItemReport,
    LastItemsReported,
    MeetingHeld,
    MeetingKind,
    MeetingPlanned,
    MeetingReported,
    OpinionHeard,
    TalksHeld,
)
from shigan.facts.problems import Source
from shigan.facts.units import UnitKind
from shigan.work.admit import Draft

CATEGORIES = ["作风建设", "作风建设", "党组织生活", "文件会议", ""]
"""What leaders criticize each other for; "" is anything."""
CHANNELS = list(Channel)


@dataclass(slots=True)
class Meeting:
    """A meeting as it will be prepared from `start` on and held at `now`; `last` is the one before it."""

    unit: str
    kind: MeetingKind
    members: int
    start: datetime
    day: date
    now: datetime
    last: Meeting | None = None
    code: str = ""
    problems: list[Problem] = field(default_factory=list)


def planned(scene: Scene) -> list[Meeting]:
    """Each team's meeting of the winter and the one of this autumn, and each village branch's in spring."""
    found = []
    for unit in scene.land.appraised():
        members = len(scene.land.team(unit.code))
        first = _planned(scene, unit.code, MeetingKind.DEMOCRATIC_LIFE, members, date(2025, 12, 1), 25)
        second = _planned(scene, unit.code, MeetingKind.DEMOCRATIC_LIFE, members, date(2026, 10, 19), 45)
        second.last = first
        found += [first, second]
    for village in scene.land.of_kind(UnitKind.VILLAGE):
        members = scene.random.randint(14, 60)
        kind = MeetingKind.ORGANIZATIONAL_LIFE
        found.append(_planned(scene, village.code, kind, members, date(2026, 2, 2), 60))
    return found


def _planned(
    scene: Scene, unit: str, kind: MeetingKind, members: int, earliest: date, spread: int
) -> Meeting:
    random = scene.random
    start = workday(earliest + timedelta(days=random.randint(0, spread)))
    day = workday(start, random.randint(11, 19))
    now = moment(workday(day, min(scene.lag(unit), 12)), random)
    meeting = Meeting(unit, kind, members, moment(start, random), day, now)
    count = random.randint(2, 4) if kind is MeetingKind.DEMOCRATIC_LIFE else random.randint(0, 2)
    author = scene.clerk(unit)
    for _ in range(count):
        category = random.choice(CATEGORIES) if kind is MeetingKind.DEMOCRATIC_LIFE else ""
        matter = scene.matter(unit, category)
        meeting.problems.append(Problem(unit, matter, Source.MEETING, author, now, day))
    return meeting


def told(scene: Scene, meeting: Meeting) -> Story:
    """The meeting from its planning to the report upward."""
    random, author = scene.random, scene.clerk(meeting.unit)
    thread = Thread(scene, meeting.code, meeting.unit, meeting.start)
    matter = scene.matter(meeting.unit)
    theme = matter.say("theme", random, thread.day)
    yield thread.write(
        author, MeetingPlanned(kind=meeting.kind, theme=theme, due=meeting.day, members=meeting.members)
    )
    for skip in (2, 5):
        thread.at(workday(meeting.start.date(), skip), "")
        yield thread.write(author, *_opinions(scene, meeting, thread.day))
    thread.at(workday(meeting.start.date(), 8), "")
    yield thread.write(author, TalksHeld(talks=random.randint(meeting.members, 3 * meeting.members)))
    yield _held(scene, meeting)
    thread = Thread(scene, meeting.code, meeting.unit, meeting.now)
    thread.after(2, 16, author.by_unit)
    count = len(meeting.last.problems) if meeting.last else random.randint(2, 5)
    text = matter.say(
        "meeting_report", random, thread.day, present=meeting.members, last=count, fresh=len(meeting.problems)
    )
    yield thread.write(author, MeetingReported(text=text))


def _opinions(scene: Scene, meeting: Meeting, day: date) -> Iterator[OpinionHeard]:
    for _ in range(scene.random.randint(1, 4)):
        text = scene.matter(meeting.unit).say("opinion", scene.random, day)
        yield OpinionHeard(channel=scene.random.choice(CHANNELS), text=text)


def _held(scene: Scene, meeting: Meeting) -> Batch:
    """Last year's items, the meeting itself and the problems it raised, written together."""
    present = meeting.members - (scene.random.random() < 0.3)
    held = MeetingHeld(
        expected=meeting.members,
        present=present,
        problems=tuple(problem.code for problem in meeting.problems),
    )
    drafts = [
        Draft(meeting.code, fact, meeting.unit, meeting.day) for fact in (_last_items(scene, meeting), held)
    ]
    drafts += [
        Draft(problem.code, problem.raised(scene), meeting.unit, meeting.day) for problem in meeting.problems
    ]
    return Batch(scene.clerk(meeting.unit), meeting.now, tuple(drafts))


def _last_items(scene: Scene, meeting: Meeting) -> LastItemsReported:
    items: Sequence[Problem] = meeting.last.problems if meeting.last else ()
    if not items:
        count = scene.random.randint(2, 5)
        return LastItemsReported(note=f"上次会议查摆 {count} 个问题，当时没有台账，会上逐条说了结果。")
    return LastItemsReported(items=tuple(_item(scene, problem, meeting.day) for problem in items))


def _item(scene: Scene, problem: Problem, day: date) -> ItemReport:
    if problem.code in scene.fixed:
        return ItemReport(problem=problem.code, said=problem.matter.say("said", scene.random, day))
    done = problem.matter.say("did", scene.random, day)
    return ItemReport(problem=problem.code, said=f"还没有销号：{done}，在会后继续办。")
