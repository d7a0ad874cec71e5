"""Counted sheets of democratic evaluations: most votes are the best, opinions differ a little, sums agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from random import Random

from shigan.demo.ground import Person, Unit
from shigan.demo.scene import Scene
from shigan.facts.appraisal import EvaluationCounted, ItemTally, VoterClass
from shigan.facts.units import UnitKind
from shigan.policy import Scheme

TOP = 0.78
"""Usual share of the best option; real sheets hardly go lower."""
BLOC = 0.45
"""Share of class-B sheets that a canvassed bloc casts."""


def counted(scene: Scene, unit: Unit, person: Person | None, session: str) -> Iterator[EvaluationCounted]:
    """One count a class of voters, for a team (`person` None) or one of its officials."""
    subject = person or unit
    scheme = scene.rules.schemes.of(scene.land.groups[subject.group][0])
    canvassed = person is not None and unit.code in scene.plan.sheets and session.startswith("2026")
    for voters in scheme.voters:
        bloc = 0.0
        if canvassed and voters.name is VoterClass.B:
            bloc = _role(scene, unit, person) * scene.strength(unit.code, BLOC)
        yield _count(scene, unit, subject.code, scheme, voters.name, session, bloc)


def _role(scene: Scene, unit: Unit, person: Person | None) -> int:
    """What the bloc does with an official: 1 lifts, -1 pushes down, 0 votes as it thinks."""
    deputies = scene.land.team(unit.code)[1:]
    place = deputies.index(person) if person in deputies else len(deputies)
    return 1 if place == 0 else -1 if place < 5 else 0


def _count(
    scene: Scene, unit: Unit, code: str, scheme: Scheme, voters: VoterClass, session: str, bloc: float
) -> EvaluationCounted:
    random = scene.random
    expected = _electorate(scene, unit, voters)
    present = expected - _few(random, expected)
    returned = present - (random.random() < 0.1)
    void = int(random.random() < 0.12 and returned > 6)
    valid = returned - void
    merit = scene.characters[code].merit
    top = min(0.97, max(0.45, TOP + 0.06 * merit + random.gauss(0, 0.03)))
    options = len(scheme.options)
    tallies = tuple(_tally(random, item.name, valid, options, top, bloc) for item in scheme.sheet)
    return EvaluationCounted(
        voters=voters, expected=expected, present=present, issued=present, returned=returned, valid=valid,
        void=void, tallies=tallies, session=session,
    )  # fmt: skip


def _electorate(scene: Scene, unit: Unit, voters: VoterClass) -> int:
    """How many are entitled to vote in a class, the same for everybody judged at one meeting."""
    random = Random(f"{scene.seed}/{unit.code}/{voters}")
    if voters is VoterClass.A:
        return random.randint(6, 13)
    if voters is VoterClass.B:
        return max(8, len(scene.land.team(unit.code)) + random.randint(1, 5))
    return random.randint(40, 75) if unit.kind is UnitKind.TOWNSHIP else random.randint(22, 55)


def _few(random: Random, of: int) -> int:
    """Those who are away: a few in a hundred."""
    return sum(random.random() < 0.05 for _ in range(of))


def _tally(random: Random, item: str, valid: int, options: int, top: float, bloc: float) -> ItemTally:
    """Votes of one item, best option first; the last option is «do not know». `bloc` is the share of sheets
    that a bloc casts: above 0 for the best option, below 0 for the third."""
    cast = round(abs(bloc) * valid)
    rest = 1 - top
    weights = [top, 0.74 * rest, 0.12 * rest, 0.02 * rest, 0.12 * rest][:options]
    votes = Counter(random.choices(range(options), weights, k=valid - cast))
    votes[0 if bloc > 0 else 2] += cast
    blank = int(random.random() < 0.08 and votes[0] > 0)
    votes[0] -= blank
    return ItemTally(item=item, counts=tuple(votes[n] for n in range(options)), blank=blank)
