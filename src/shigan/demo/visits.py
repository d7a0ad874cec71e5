"""The stories of visits: what was heard, what it became, whether the visitors came back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from shigan.demo.days import moment, some_day, workday
from shigan.demo.problems import Problem
from shigan.demo.scene import Scene, Story, Thread
from shigan.demo.words import Matter
from shigan.facts import Fact
from shigan.facts.problems import Source
from shigan.facts.units import UnitKind
from shigan.facts.visits import (
    PracticeNoted,
    PracticeUsed,
    PromiseMade,
    ReturnVisited,
    Speaker,
    VisitHeld,
    VisitKind,
    VoiceHeard,
)
from shigan.work.admit import Author, Draft

SPEAKERS = {
    UnitKind.VILLAGE: ([Speaker.RESIDENT, Speaker.MEMBER, Speaker.VILLAGE_OFFICIAL], [6, 2, 1]),
    UnitKind.TOWNSHIP: ([Speaker.RESIDENT, Speaker.STAFF, Speaker.VILLAGE_OFFICIAL], [3, 3, 2]),
}
ELSEWHERE = ([Speaker.STAFF, Speaker.RESIDENT, Speaker.ENTERPRISE], [4, 2, 2])


@dataclass(slots=True)
class Visit:
    """A visit as it will be held; codes are given once all are in order of time."""

    unit: str
    visitor: Author
    matter: Matter
    now: datetime
    day: date
    code: str = ""
    practice: str = ""
    notes_practice: bool = False
    problems: list[Problem] = field(default_factory=list)


def planned(scene: Scene) -> list[Visit]:
    """All visits of the year."""
    random, units = scene.random, scene.land.units
    weights = {UnitKind.VILLAGE: 4.0, UnitKind.TOWNSHIP: 12.0, UnitKind.COUNTY: 0.0}
    chosen = random.choices(
        list(units), [weights.get(u.kind, 2.5) for u in units.values()], k=scene.number(1800)
    )
    return [_planned(scene, unit) for unit in chosen]


def _planned(scene: Scene, unit: str) -> Visit:
    random = scene.random
    visitor = _visitor(scene, unit)
    day = some_day(random)
    now = moment(workday(day + timedelta(days=scene.lag(visitor.by_unit))), random)
    visit = Visit(unit, visitor, scene.matter(unit), now, day, notes_practice=random.random() < 0.07)
    visit.problems = [
        Problem(unit, scene.matter(unit), Source.VISIT, visitor, now, day)
        for _ in range(random.choices([0, 1, 2], [50, 38, 12])[0])
    ]
    return visit


def _visitor(scene: Scene, unit: str) -> Author:
    above = scene.land.units[unit].parent
    if scene.land.units[unit].kind is UnitKind.VILLAGE and scene.random.random() < 0.35:
        return scene.clerk(above)
    if unit != "U001" and scene.random.random() < 0.2:
        return scene.officer()
    while (code := scene.random.choice(scene.watchers).code) == unit:
        pass
    return scene.clerk(code)


def told(scene: Scene, visit: Visit) -> Story:
    """The visit with all that was heard, as one batch; later the return."""
    thread = Thread(scene, visit.code, visit.unit, visit.now)
    thread.day = visit.day
    facts = [_held(scene, visit), *_heard(scene, visit)]
    promised = scene.random.random() < 0.35
    if promised:
        due = visit.day + timedelta(days=scene.random.randint(10, 60))
        text = visit.matter.say("promise", scene.random, visit.day)
        facts.append(PromiseMade(text=text, due=due))
    first = thread.write(visit.visitor, *facts)
    others = (Draft(subject, fact, visit.unit, visit.day) for subject, fact in _raised(scene, visit))
    yield type(first)(first.author, first.now, (*first.drafts, *others))
    if (promised or visit.problems) and scene.random.random() < 0.86:
        thread.after(35, 86, visit.visitor.by_unit)
        yield thread.write(visit.visitor, _returned(scene, visit, thread.day))


def _held(scene: Scene, visit: Visit) -> VisitHeld:
    random = scene.random
    inspects = random.random() < 0.05
    filing = f"演督备〔{visit.day.year}〕{random.randint(1, 24)}号" if inspects else ""
    visitors = random.choices([1, 2, 3, 4, 5], [2, 5, 4, 2, 1])[0]
    minutes = random.choice([0, 0, 15, 20, 30, 30, 45, 60, 90, 120, 180])
    return VisitHeld(
        kind=VisitKind.INSPECTION if inspects else VisitKind.STUDY,
        topic=visit.matter.say("topic", random, visit.day), unannounced=random.random() < 0.62,
        visitors=visitors, host_minutes=minutes, filing=filing,
    )  # fmt: skip


def _heard(scene: Scene, visit: Visit) -> Iterator[Fact]:
    random = scene.random
    due = visit.day + timedelta(days=scene.rules.visits.return_visit.value)
    for problem in visit.problems:
        text = problem.matter.say("voice", random, visit.day)
        yield VoiceHeard(speaker=_speaker(scene, visit), text=text, became=problem.code, return_due=due)
    if visit.practice:
        text = visit.matter.say("good", random, visit.day)
        yield VoiceHeard(speaker=_speaker(scene, visit), text=text, became=visit.practice)
    for _ in range(random.randint(1, 3)):
        text = scene.matter(visit.unit).say(random.choice(["voice", "opinion", "good"]), random, visit.day)
        yield VoiceHeard(speaker=_speaker(scene, visit), text=text)


def _speaker(scene: Scene, visit: Visit) -> Speaker:
    who, weights = SPEAKERS.get(scene.land.units[visit.unit].kind, ELSEWHERE)
    return scene.random.choices(who, weights)[0]


def _raised(scene: Scene, visit: Visit) -> Iterator[tuple[str, Fact]]:
    for problem in visit.problems:
        yield problem.code, problem.raised(scene)
    if visit.practice:
        matter, random = visit.matter, scene.random
        title = matter.say("praise_title", random, visit.day)
        text = matter.say("practice", random, visit.day)
        yield visit.practice, PracticeNoted(title=title, text=text, origin=visit.code)


def _returned(scene: Scene, visit: Visit, day: date) -> ReturnVisited:
    kept = scene.random.random() < 0.8
    return ReturnVisited(kept=kept, found=visit.matter.say("kept" if kept else "broken", scene.random, day))


def used(scene: Scene, visit: Visit) -> Story:
    """Other units take up the practice that was noted at the visit."""
    thread = Thread(scene, visit.practice, visit.unit, visit.now)
    kind = scene.land.units[visit.unit].kind
    like = [unit.code for unit in scene.land.of_kind(kind) if unit.code != visit.unit]
    for unit in scene.random.sample(like, min(len(like), scene.random.randint(0, 7))):
        author = scene.clerk(unit)
        thread.after(10, 50, author.by_unit)
        text = scene.matter(unit, visit.matter.category).say("used", scene.random, thread.day)
        yield thread.write(author, PracticeUsed(text=text))
