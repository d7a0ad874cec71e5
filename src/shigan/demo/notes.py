"""What stands at the beginning of the demo's ledger, and the suggestions about the system itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from shigan.demo.days import START, moment, some_day, workday
from shigan.demo.scene import Batch, Scene, Story, Thread
from shigan.facts import Fact
from shigan.facts.notes import PolicyAdopted, SuggestionAnswered, SuggestionMade
from shigan.facts.units import GroupFormed, PersonPosted, RoleGranted, UnitFounded
from shigan.ledger.entry import UNSIGNED
from shigan.policy import NAMES
from shigan.work.admit import Author, Draft


def founding(scene: Scene) -> Story:
    """Rules, comparison groups, units, officials and accounts, in one morning."""
    morning = iter(sorted(moment(START, scene.random) for _ in range(5)))
    leader, officer = scene.leader(), scene.officer()
    rules: list[tuple[str, Fact, str]] = [(f"R-{name}", _adopted(scene, name), "") for name in NAMES]
    groups: list[tuple[str, Fact, str]] = [
        (code, GroupFormed(scheme=scheme, words=words), "")
        for code, (scheme, words) in scene.land.groups.items()
    ]
    units: list[tuple[str, Fact, str]] = [
        (u.code, UnitFounded(kind=u.kind, parent=u.parent, group=u.group), u.code)
        for u in scene.land.units.values()
    ]
    yield _batch(leader, next(morning), rules)
    for part in (groups, units):
        yield _batch(officer, next(morning), part)
    yield _posted(scene, officer, next(morning))
    roles: list[tuple[str, Fact, str]] = [
        (code, RoleGranted(role=role), unit) for code, unit, role in accounts(scene)
    ]
    yield _batch(officer, next(morning), roles)


def accounts(scene: Scene) -> Iterator[tuple[str, str, str]]:
    """Code, unit and role of every account that writes."""
    for officer in scene.land.officers[1:]:
        yield officer, "U001", "officer"
    for unit in scene.land.units.values():
        yield unit.clerk, unit.code, "clerk"


def _adopted(scene: Scene, name: str) -> PolicyAdopted:
    rules = scene.rules
    return PolicyAdopted(
        name=name, version=rules.version(name), text=rules.texts[name], reason="启用台账时采用系统自带的规矩"
    )


def _batch(author: Author, now: datetime, facts: list[tuple[str, Fact, str]]) -> Batch:
    return Batch(author, now, tuple(Draft(code, fact, unit, START) for code, fact, unit in facts))


def _posted(scene: Scene, author: Author, now: datetime) -> Batch:
    """Everybody in post, with the day on which the post was taken up."""
    drafts = []
    for person in scene.land.persons.values():
        fact = PersonPosted(
            rank=person.rank, identity=person.identity, in_team=True, group=person.group,
            managed_by="U000" if person.group else "",
        )  # fmt: skip
        since = START - timedelta(days=scene.random.randint(60, 2200))
        drafts.append(Draft(person.code, fact, person.unit, since))
    return Batch(author, now, tuple(drafts))


def suggestions(scene: Scene) -> list[date]:
    """The days on which somebody put a suggestion into the slot."""
    return sorted(some_day(scene.random) for _ in range(scene.number(60)))


def suggested(scene: Scene, code: str, day: date) -> Story:
    """A suggestion goes from the slot into the ledger on the next working day, unsigned; later the answer."""
    matter = scene.matter("U001")
    page = matter.say("page", scene.random, day)
    text = matter.say("suggestion", scene.random, day, page=page)
    thread = Thread(scene, code, "", moment(workday(day, 1), scene.random))
    thread.day = day
    yield thread.write(Author(UNSIGNED, UNSIGNED), SuggestionMade(text=text, page=page))
    if scene.random.random() < 0.85:
        officer = scene.officer()
        thread.after(1, 12, "")
        answer = matter.say("suggestion_answer", scene.random, thread.day)
        yield thread.write(officer, SuggestionAnswered(text=answer))
