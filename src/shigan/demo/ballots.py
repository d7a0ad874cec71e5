"""Democratic evaluations on paper: who came, the counts of teams, the single sheets on officials."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

from shigan.demo.ground import Person, Unit
from shigan.demo.marks import Bloc, Form, cast
from shigan.demo.scene import Scene
from shigan.facts.appraisal import EvaluationCounted, ItemTally, SheetsEntered, VoterClass
from shigan.facts.units import UnitKind
from shigan.policy import Scheme

TOP = 0.78
"""Usual share of the best option; real sheets hardly go lower."""
BLOC = 0.45
"""Share of class-B sheets that a canvassed bloc casts."""
LEADERS = 22, 28
"""How many county leaders and the like mark the forms that span units, from and to."""


def counted(scene: Scene, unit: Unit, session: str) -> Iterator[EvaluationCounted]:
    """The counts on a team, one a class of voters."""
    scheme, random = (
        scene.rules.schemes.of(scene.land.groups[unit.group][0]),
        _dice(scene, unit.code, session),
    )
    for voters in scheme.voters:
        came = _came(random, _electorate(scene, unit, voters.name))
        merit = scene.characters[unit.code].merit
        top = min(0.97, max(0.45, TOP + 0.06 * merit + random.gauss(0, 0.03)))
        tallies = tuple(_tally(random, item.name, came["valid"], scheme, top) for item in scheme.sheet)
        yield EvaluationCounted(voters=voters.name, tallies=tallies, session=session, **came)


def own_session(scene: Scene, unit: Unit, session: str) -> Iterator[SheetsEntered]:
    """The sheets of a unit's own session on its officials: those of the team (B) and of the staff (C)."""
    team = scene.land.team(unit.code)
    for voters in (VoterClass.B, VoterClass.C):
        random = _dice(scene, unit.code, session, voters)
        came = _came(random, _electorate(scene, unit, voters))
        acts = voters is VoterClass.B and unit.code in scene.plan.sheets and session.startswith("2026")
        bloc = Bloc(round(scene.strength(unit.code, BLOC) * came["valid"]), _roles(team)) if acts else None
        form = _form(scene, team, voters)
        yield _entered(form, session, came, cast(form, came["valid"], bloc, random.getrandbits(64)))


def leaders_session(scene: Scene, people: Sequence[Person], session: str) -> SheetsEntered:
    """The sheets of county leaders (A) on officials of many units."""
    random = _dice(scene, session)
    came = _came(random, Random(f"{scene.seed}/leaders").randint(*LEADERS))
    form = _form(scene, people, VoterClass.A)
    return _entered(form, session, came, cast(form, came["valid"], None, random.getrandbits(64)))


def _dice(scene: Scene, *names: str) -> Random:
    """Chance of one's own: other stories do not change when ballots do."""
    return Random("/".join((str(scene.seed), "ballots", *names)))


def _form(scene: Scene, people: Sequence[Person], voters: VoterClass) -> Form:
    scheme = scene.rules.schemes.of(scene.land.groups[people[0].group][0])
    return Form(
        voters,
        tuple(item.name for item in scheme.sheet),
        len(scheme.options),
        tuple(person.code for person in people),
        tuple(person.unit for person in people),
        tuple(scene.characters[person.code].merit for person in people),
    )


def _entered(form: Form, session: str, came: dict[str, Any], sheets: tuple[str, ...]) -> SheetsEntered:
    return SheetsEntered(
        voters=form.voters, session=session, items=form.items, targets=form.people, sheets=sheets, **came
    )  # fmt: skip


def _roles(team: Sequence[Person]) -> list[int]:
    """What a bloc does with each official: 1 lifts the first deputy, -1 pushes the next four down."""
    return [0, 1, *(-1 if place <= 4 else 0 for place in range(1, len(team) - 1))]


def _electorate(scene: Scene, unit: Unit, voters: VoterClass) -> int:
    """How many are entitled to vote in a class, the same for everybody judged at one meeting."""
    random = Random(f"{scene.seed}/{unit.code}/{voters}")
    if voters is VoterClass.A:
        return random.randint(6, 13)
    if voters is VoterClass.B:
        return max(8, len(scene.land.team(unit.code)) + random.randint(1, 5))
    return random.randint(40, 75) if unit.kind is UnitKind.TOWNSHIP else random.randint(22, 55)


def _came(random: Random, expected: int) -> dict[str, Any]:
    """From 应到 to 作废; of eight people at least five sheets are valid."""
    away = min(sum(random.random() < 0.05 for _ in range(expected)), expected // 8)
    present = expected - away
    returned = present - (random.random() < 0.1 and present > 6)
    void = int(random.random() < 0.12 and returned > 6)
    return {
        "expected": expected, "present": present, "issued": present, "returned": returned,
        "valid": returned - void, "void": void,
    }  # fmt: skip


def _tally(random: Random, item: str, valid: int, scheme: Scheme, top: float) -> ItemTally:
    """Votes of one item, best option first; the last option is «do not know»."""
    rest, options = 1 - top, len(scheme.options)
    weights = [top, 0.74 * rest, 0.12 * rest, 0.02 * rest, 0.12 * rest][:options]
    votes = Counter(random.choices(range(options), weights, k=valid))
    blank = int(random.random() < 0.08 and votes[0] > 0)
    votes[0] -= blank
    return ItemTally(item=item, counts=tuple(votes[n] for n in range(options)), blank=blank)
