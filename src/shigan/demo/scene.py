"""What every story of the demo's year needs: county, words, rules, chance, and a thread of time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from heapq import heappop, heappush, heapreplace
from random import Random

from shigan.demo.days import END, moment, workday
from shigan.demo.ground import OFFICE_UNIT, Ground, Unit
from shigan.demo.planted import Plan
from shigan.demo.words import OFFICE, Matter, Words
from shigan.facts import Fact
from shigan.facts.units import UnitKind
from shigan.policy import Rulebook
from shigan.work.admit import Author, Draft


@dataclass(frozen=True, slots=True)
class Batch:
    """Drafts that one author writes at one moment (UTC): all or none."""

    author: Author
    now: datetime
    drafts: tuple[Draft, ...]


Story = Iterator[Batch]
"""Batches about one matter, each later than the one before."""


@dataclass(frozen=True, slots=True)
class Character:
    """How a unit works: its chance (0 to 1) that a claim passes the first check, and how good its figures
    are (0 usual, ±1 clearly better or worse)."""

    solving: float
    merit: float


@dataclass
class Scene:
    """One telling of the year. `fixed` are the problems solved so far, as the stories go on."""

    land: Ground
    plan: Plan
    seed: int
    scale: float
    rules: Rulebook = field(default_factory=Rulebook.shipped)
    words: Words = field(default_factory=Words)
    fixed: set[str] = field(default_factory=set)
    copied: dict[str, list[tuple[datetime, str]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.random = Random(f"{self.seed}/year")
        self.basis = self.words.matter(OFFICE, self.random, "文件会议")

    def number(self, n: float, least: int = 1) -> int:
        """How many of something there are, when a whole county has `n`."""
        return max(least, round(n * self.scale))

    @cached_property
    def characters(self) -> dict[str, Character]:
        """The character of every unit and person, by code."""
        random = Random(f"{self.seed}/characters")
        return {
            code: Character(0.5 + 0.42 * random.betavariate(2, 2), random.gauss(0, 1))
            for code in (*self.land.units, *self.land.persons)
        }

    @cached_property
    def watchers(self) -> list[Unit]:
        """County units that raise problems and visit others."""
        return self.land.of_kind(UnitKind.DEPARTMENT)

    def clerk(self, unit: str) -> Author:
        """The clerk of a unit; for the organization department one of its officers."""
        return self.officer() if unit == OFFICE_UNIT else Author(self.land.units[unit].clerk, unit)

    def officer(self) -> Author:
        """One of the officers of the organization department."""
        return Author(self.random.choice(self.land.officers[1:]), OFFICE_UNIT)

    def leader(self) -> Author:
        """The head of the organization department."""
        return Author(self.land.officers[0], OFFICE_UNIT)

    def matter(self, unit: str, category: str = "") -> Matter:
        """Something that a text about a unit can be about: of its duties, if it has some of its own."""
        of = self.land.units[unit]
        if not category and of.duties:
            category = self.random.choice(of.duties)
        return self.words.matter(of.where, self.random, category)

    def strength(self, unit: str, full: float) -> float:
        """How far a misdeed goes at a unit: in full, or by halves."""
        return full * (0.5 if unit in self.plan.faint else 1)

    def lag(self, unit: str) -> int:
        """Days from event to record when this unit writes: mostly none, in some units half a month and more.
        Without a unit there are none: what has to be on time."""
        if not unit:
            return 0
        chance = self.random.random()
        if unit in self.plan.late and chance < self.strength(unit, 0.75):
            return self.random.randint(15, 45)
        if chance < 0.97:
            return 0 if chance < 0.68 else 1 if chance < 0.9 else 2
        return self.random.randint(4, 20)


class Thread:
    """The time of one story. `day` is when the last thing happened, `now` when it was recorded."""

    def __init__(self, scene: Scene, subject: str, unit: str, now: datetime) -> None:
        self.scene, self.subject, self.unit, self.now = scene, subject, unit, now
        self.day = now.date()

    def at(self, day: date, writer: str) -> date:
        """Go to a day, or to the day after the last record; gives the working day on which it happens."""
        self.day = workday(max(day, self.now.date() + timedelta(days=1)))
        late = workday(self.day + timedelta(days=self.scene.lag(writer)))
        self.now = moment(late, self.scene.random)
        return self.day

    def after(self, low: int, high: int, writer: str) -> date:
        """Go on by `low` to `high` days."""
        return self.at(self.now.date() + timedelta(days=self.scene.random.randint(low, high)), writer)

    def write(self, author: Author, *facts: Fact) -> Batch:
        """Facts about the story's thing, happened on its day, recorded now."""
        return Batch(
            author, self.now, tuple(Draft(self.subject, fact, self.unit, self.day) for fact in facts)
        )


def weave(openings: Iterable[tuple[datetime, Story]]) -> Iterator[Batch]:
    """All stories in one order of time, up to the last day; a story is begun only when its time has come."""
    waiting = sorted(openings, key=lambda opening: opening[0], reverse=True)
    live: list[tuple[datetime, int, Batch, Story]] = []
    begun = 0
    while waiting or live:
        while waiting and (not live or waiting[-1][0] <= live[0][0]):
            _start, story = waiting.pop()
            begun += 1
            if batch := next(story, None):
                heappush(live, (batch.now, begun, batch, story))
        if not live:
            continue
        _now, number, batch, story = live[0]
        if batch.now.date() > END:
            return
        yield batch
        following = next(story, None)
        if following:
            heapreplace(live, (following.now, number, following, story))
        else:
            heappop(live)
