"""The stories of decisions: grades by the committee, results told in writing, reviews and an appeal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from shigan.demo.days import END, moment, workday
from shigan.demo.ground import Person
from shigan.demo.scene import Batch, Scene, Story
from shigan.facts import Fact
from shigan.facts.appraisal import (
    AppealDecided,
    AppealMade,
    Decision,
    GradesDecided,
    Outcome,
    ResultNotified,
    ReviewDecided,
    ReviewRequested,
)
from shigan.maths.quota import floor_quota
from shigan.work.admit import Author, Draft
from shigan.work.appraisal import until

FINISHED = "国有企业领导人员"
"""The scheme whose groups are decided already for this year."""
LAST_YEAR, THIS_YEAR = date(2026, 2, 9), date(2026, 11, 16)
"""When the committee decides."""


def decided(scene: Scene, barred: frozenset[str]) -> Iterator[tuple[datetime, Story]]:
    """Grades of 2025 for all groups, of 2026 for those evaluated first. `barred` may not be 优秀."""
    for number, (group, (scheme, _words)) in enumerate(scene.land.groups.items()):
        members = [p for p in scene.land.persons.values() if p.group == group]
        if not members:
            continue
        contests = members[-1] if number % 3 == 0 else None
        last = _Decision(scene, group, members, LAST_YEAR, barred)
        yield last.now, last.told(contests)
        if scheme == FINISHED:
            reviewer = scene.land.reviewer()
            this = _Decision(scene, group, members, THIS_YEAR, barred)
            yield this.now, this.told(reviewer if reviewer in members else None)


class _Decision:
    """One group's grades of the appraisal year that is decided on a day."""

    def __init__(
        self, scene: Scene, group: str, members: list[Person], day: date, barred: frozenset[str]
    ) -> None:
        self.scene, self.group, self.members, self.barred = scene, group, members, barred
        self.year = END.year if day == THIS_YEAR else END.year - 1
        self.day, self.now = day, moment(day, scene.random)

    def told(self, contests: Person | None) -> Story:
        """The decision, its notification, and what follows when one official contests the result."""
        grades = self._grades()
        held = f"县委常委会会议 {self.day}"
        decisions = tuple(self._decision(code, grade) for code, grade in grades.items())
        fact = GradesDecided(meeting=held, decisions=decisions)
        yield self._write(self.scene.leader(), f"{self.group}/{self.year}", "", fact)
        self._go(1)
        yield self._notified(grades)
        if contests:
            yield from self._contested(contests)

    def _grades(self) -> dict[str, str]:
        """优秀 within the quota for those of merit who are not barred; hardly anybody below the second."""
        scheme = self.scene.rules.schemes.of(self.scene.land.groups[self.group][0])
        names = [option.name for option in scheme.options]
        percent = self.scene.rules.appraisal.quotas.leader_excellent.value
        left = floor_quota(len(self.members), percent).whole
        grades = {}
        characters, random = self.scene.characters, self.scene.random
        for person in sorted(self.members, key=lambda p: -characters[p.code].merit - random.gauss(0, 0.5)):
            best = left > 0 and person.code not in self.barred
            left -= best
            grades[person.code] = names[0] if best else names[2] if random.random() < 0.01 else names[1]
        return dict(sorted(grades.items()))

    def _decision(self, code: str, grade: str) -> Decision:
        """Now and then the committee departs from the profile, and says why."""
        departs = self.scene.random.random() < 0.02
        reason = self._say(self.scene.land.persons[code], "decided") if departs else ""
        return Decision(person=code, grade=grade, departs=departs, reason=reason)

    def _notified(self, grades: dict[str, str]) -> Batch:
        last = until(ResultNotified, self.day, self.scene.rules)
        drafts = tuple(
            Draft(f"{p.code}/{self.year}", ResultNotified(grade=grades[p.code], until=last), p.unit, self.day)
            for p in self.members
        )
        return Batch(self.scene.officer(), self.now, drafts)

    def _contested(self, person: Person) -> Story:
        """A request for review and its answer; then an appeal. Steps after the end of the
        demo's year are not told, so that the last review is still running."""
        own, office, rules = Author(person.code, person.unit), self.scene.officer(), self.scene.rules
        self._go(2)
        last = until(ReviewRequested, self.day, rules)
        yield self._about(person, own, ReviewRequested(text=self._say(person, "review"), until=last))
        self._go(15)
        answer = self._say(person, "review_answer")
        last = until(ReviewDecided, self.day, rules)
        yield self._about(person, office, ReviewDecided(outcome=Outcome.UPHELD, text=answer, until=last))
        self._go(6)
        last = until(AppealMade, self.day, rules)
        yield self._about(person, own, AppealMade(text=self._say(person, "review"), until=last))
        self._go(30)
        answer = self._say(person, "review_answer")
        yield self._about(person, office, AppealDecided(outcome=Outcome.CHANGED, text=answer))

    def _go(self, working_days: int) -> None:
        self.day = workday(self.day, working_days)
        self.now = moment(self.day, self.scene.random)

    def _say(self, person: Person, rule: str) -> str:
        return self.scene.matter(person.unit).say(rule, self.scene.random, self.day)

    def _about(self, person: Person, author: Author, fact: Fact) -> Batch:
        return self._write(author, f"{person.code}/{self.year}", person.unit, fact)

    def _write(self, author: Author, subject: str, unit: str, fact: Fact) -> Batch:
        return Batch(author, self.now, (Draft(subject, fact, unit, self.day),))
