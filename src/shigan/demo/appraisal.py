"""The stories of the appraisal: results, routine grades, evaluations, duty reports, leave and sanctions.

What the committee decides with them is told in `decisions`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import islice
from random import Random

from shigan.demo.ballots import counted, leaders_session, own_session
from shigan.demo.days import END, moment, some_day, workday
from shigan.demo.ground import OFFICE_UNIT, Person, Unit
from shigan.demo.scene import Batch, Scene, Story
from shigan.facts import Fact
from shigan.facts.appraisal import (
    DutyReported,
    LeaveTaken,
    NegativeListed,
    ResultRecorded,
    RoutineGrade,
    RoutineGraded,
    Sanction,
    SanctionImposed,
    StatementMade,
)
from shigan.facts.units import Rank
from shigan.maths.quota import floor_quota
from shigan.policy import Scheme
from shigan.policy.schemes import Better, Indicator
from shigan.work.admit import Author, Draft

USUAL = {
    "农村居民人均可支配收入增幅": (6.2, 0.8),
    "国有资本保值增值率": (103.0, 1.5),
}
"""Mean and spread of percentages that do not lie near ninety."""
BY_MEASURE = {"件": (1.1, 0.9), "份": (18.0, 5.0), "万元": (60.0, 25.0)}
EARLY = "事业单位", "国有企业"
"""Kinds of unit that are evaluated first in November."""


def results(scene: Scene) -> Iterator[tuple[datetime, Story]]:
    """Teams' figures every month, officials' every quarter; those of 2025 once, in January."""
    months = [date(2026, month, 1) for month in range(2, 12)]
    for group, (scheme_name, _words) in scene.land.groups.items():
        scheme = scene.rules.schemes.of(scheme_name)
        members: list[Unit | Person] = [u for u in scene.land.units.values() if u.group == group]
        days = months
        if not members:
            members = [p for p in scene.land.persons.values() if p.group == group]
            days = [day for day in months if day.month in (4, 7, 10)]
        for day in [date(2026, 1, 1), *days]:
            now = moment(workday(day, scene.random.randint(0, 3)), scene.random)
            yield now, _recorded(scene, members, scheme, day - timedelta(days=1), now)


def _recorded(scene: Scene, members: list[Unit | Person], scheme: Scheme, end: date, now: datetime) -> Story:
    """The figures of the time up to `end`, entered from one sheet."""
    drafts = []
    for member in members:
        unit = member.unit if isinstance(member, Person) else member.code
        for indicator in scheme.indicators:
            fact = _result(scene, member.code, indicator, end)
            drafts.append(Draft(f"{member.code}/{end.year}", fact, unit, end))
    yield Batch(scene.officer(), now, tuple(drafts))


def _result(scene: Scene, code: str, indicator: Indicator, day: date) -> ResultRecorded:
    evidence = scene.basis.say("basis", scene.random, day)
    return ResultRecorded(
        area=indicator.area, indicator=indicator.name, nature=indicator.nature,
        value=_value(scene, code, indicator), measure=indicator.unit, evidence=evidence,
    )  # fmt: skip


def _value(scene: Scene, code: str, indicator: Indicator) -> Decimal:
    """A likely figure: those of merit have better ones, with much chance."""
    merit = scene.characters[code].merit
    mean, spread = USUAL.get(indicator.name) or BY_MEASURE.get(indicator.unit, (88.0, 4.0))
    good = merit if indicator.better is Better.HIGHER else -merit
    value = max(0.0, scene.random.gauss(mean + 0.6 * spread * good, spread))
    if indicator.unit == "%":
        most = 100.0 if indicator.name not in USUAL else 130.0
        return Decimal(round(10 * min(most, value))) / 10
    return Decimal(round(value))


def routine(scene: Scene) -> Iterator[tuple[datetime, Story]]:
    """The quarterly grades of every team's officials, in the month after the quarter."""
    for year, quarter, day in ((2025, 4, date(2026, 1, 5)), (2026, 1, date(2026, 4, 7)),
                               (2026, 2, date(2026, 7, 6)), (2026, 3, date(2026, 10, 12))):  # fmt: skip
        for unit in scene.land.appraised():
            held = workday(day, scene.random.randint(0, 8))
            now = moment(workday(held, scene.random.randint(0, 2)), scene.random)
            yield now, _graded(scene, unit.code, year, quarter, held, now)


def _graded(scene: Scene, unit: str, year: int, quarter: int, day: date, now: datetime) -> Story:
    team, random = scene.land.team(unit), scene.random
    most = floor_quota(len(team), scene.rules.appraisal.quotas.routine_good.value).whole
    good = max(0, most - random.choice([0, 0, 0, 1]))
    if scene.plan.good.get(unit) == quarter and year == END.year:
        good = most + round(scene.strength(unit, 2))
    ranked = sorted(team, key=lambda p: -scene.characters[p.code].merit - random.gauss(0, 1))
    drafts = []
    for place, person in enumerate(ranked):
        grade = RoutineGrade.GOOD if place < good else _lesser(random.random())
        reason = _reason(scene, unit, grade, day)
        fact = RoutineGraded(quarter=quarter, grade=grade, reason=reason)
        drafts.append(Draft(f"{person.code}/{year}", fact, unit, day))
    yield Batch(scene.officer(), now, tuple(drafts))


def _lesser(chance: float) -> RoutineGrade:
    if chance < 0.95:
        return RoutineGrade.FAIRLY_GOOD
    return RoutineGrade.FAIR if chance < 0.995 else RoutineGrade.POOR


def _reason(scene: Scene, unit: str, grade: RoutineGrade, day: date) -> str:
    rule = {RoutineGrade.GOOD: "routine_good", RoutineGrade.POOR: "routine_poor"}.get(grade, "routine_fair")
    return scene.matter(unit).say(rule, scene.random, day)


def evaluations(scene: Scene) -> Iterator[tuple[datetime, Story]]:
    """A meeting of every unit with duty reports and ballots, in January for 2025, in November for 2026; and
    just before, the county leaders' forms, which span units."""
    for unit in scene.land.appraised():
        for year, day, spread in ((2025, date(2026, 1, 8), 14), (2026, _november(unit), 5)):
            held = workday(day, scene.random.randint(0, spread))
            now = moment(workday(held, scene.random.randint(0, 2)), scene.random)
            yield now, _evaluated(scene, unit, year, held, now)
    for office, forms in _forms(scene).items():
        for year, day in ((2025, date(2026, 1, 6)), (2026, date(2026, 11, 4))):
            now = moment(workday(day, 1), Random(f"{scene.seed}/{office}/{year}"))
            yield now, _marked(scene, office, forms, year, day, now)


def _november(unit: Unit) -> date:
    return date(2026, 11, 2) if unit.kind.value in EARLY else date(2026, 11, 9)


def _evaluated(scene: Scene, unit: Unit, year: int, day: date, now: datetime) -> Story:
    """The team is counted, its officials are judged sheet by sheet."""
    session = f"{year}年度民主测评"
    own: list[Fact] = [*counted(scene, unit, session), *own_session(scene, unit, session)]
    drafts = [Draft(f"{unit.code}/{year}", fact, unit.code, day) for fact in own]
    for person in scene.land.team(unit.code):
        text = scene.matter(unit.code).say("duty", scene.random, day)
        drafts.append(Draft(f"{person.code}/{year}", DutyReported(text=text), unit.code, day))
    yield Batch(scene.officer(), now, tuple(drafts))


def _forms(scene: Scene) -> dict[str, dict[str, list[Person]]]:
    """The leaders' forms by the organization department that hands them out: all heads on one form, which
    ties the county's units together, the others on one a comparison group."""
    found: dict[str, dict[str, list[Person]]] = {}
    for person in scene.land.persons.values():
        if person.group:
            words = scene.land.groups[person.group][1].partition("：")[0]
            form = "正职" if person.rank is Rank.HEAD else words
            found.setdefault(scene.land.office(person.unit), {}).setdefault(form, []).append(person)
    return found


def _marked(
    scene: Scene, office: str, forms: dict[str, list[Person]], year: int, day: date, now: datetime
) -> Story:
    facts = [
        leaders_session(scene, people, f"{year}年度县领导测评（{form}）") for form, people in forms.items()
    ]
    drafts = tuple(Draft(f"{office}/{year}", fact, office, day) for fact in facts)
    yield Batch(Author(scene.land.officers[1], OFFICE_UNIT), now, drafts)


@dataclass(frozen=True, slots=True)
class Troubled:
    """The officials to whom something happens besides work."""

    away: list[Person]
    sanctioned: list[Person]
    listed: list[Person]
    speaking: list[Person]

    def barred(self) -> frozenset[str]:
        """Who should not be 优秀."""
        return frozenset(person.code for person in (*self.away, *self.sanctioned, *self.listed))


def troubled(scene: Scene) -> Troubled:
    """Some officials by chance, each for one thing."""
    managed = [person for person in scene.land.persons.values() if person.group]
    scene.random.shuffle(managed)
    each = iter(managed)
    counts = scene.number(60, 3), scene.number(10), scene.number(10), scene.number(30)
    away, sanctioned, listed, speaking = (list(islice(each, count)) for count in counts)
    return Troubled(away, sanctioned, listed, speaking)


def incidents(scene: Scene, who: Troubled) -> Iterator[tuple[datetime, Story]]:
    """Leave, sanctions, the negative list, and what officials say about their own record."""
    random, officer = scene.random, scene.officer()
    for number, person in enumerate(who.away):
        day = some_day(random, date(2026, 1, 5) if number else date(2026, 8, 3))
        days = random.randint(3, 25) if number else random.randint(185, 215)
        yield _incident(scene, f"{person.code}/2026", person, officer, day, LeaveTaken(days=days))
    for number, person in enumerate(who.sanctioned, 1):
        day = some_day(random)
        fact = SanctionImposed(sanction=random.choice(list(Sanction)), number=f"演纪〔{day.year}〕{number}号")
        yield _incident(scene, person.code, person, officer, day, fact)
    for person in who.listed:
        day = some_day(random, date(2026, 1, 5))
        item = scene.matter(person.unit).say("negative", random, day)
        yield _incident(scene, f"{person.code}/2026", person, officer, day, NegativeListed(item=item))
    for person in who.speaking:
        day = some_day(random, date(2026, 11, 16))
        text = scene.matter(person.unit).say("statement", random, day)
        author = Author(person.code, person.unit)
        yield _incident(scene, f"{person.code}/2026", person, author, day, StatementMade(text=text))


def _incident(
    scene: Scene, subject: str, person: Person, author: Author, day: date, fact: Fact
) -> tuple[datetime, Story]:
    now = moment(workday(day, scene.random.choice([0, 0, 1, 2])), scene.random)
    return now, iter([Batch(author, now, (Draft(subject, fact, person.unit, day),))])
