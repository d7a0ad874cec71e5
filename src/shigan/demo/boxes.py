"""Three evaluations in the ballot box: one published, one canvassed, one running that a visitor can vote in.

Everything here comes from the seed, also the codes and the scrutineers' keys: nobody may use them elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from random import Random
from typing import Any

from shigan.box import folder, names, presets, signatures, slips
from shigan.box import manifest as manifests
from shigan.box.canonical import canonical
from shigan.box.counting import Evidence, Leaf, read, result_of
from shigan.box.manifest import Manifest
from shigan.box.names import bound
from shigan.box.slip_paper import slips_pdf
from shigan.box.slips import Slips, ToCast
from shigan.demo.days import moment, workday
from shigan.demo.ground import Ground, Unit
from shigan.demo.marks import Bloc, Form, cast
from shigan.demo.planted import Plan
from shigan.demo.scene import Batch, Scene, Story
from shigan.exchange.papers.pdf import FONTS
from shigan.facts.appraisal import VoterClass
from shigan.ledger.entry import COUNTY_TIME
from shigan.maths.slips import nullifier, stored
from shigan.policy import Rulebook, Scheme
from shigan.work.admit import Author, Draft
from shigan.work.boxes import closed, opened

CLASSES = (("A", "red", 14, 30, "B"), ("B", "blue", 32, 30, "C"), ("C", "green", 46, 40, ""))
"""Letter, colour, 应到, weight in %, and the class that takes its ballots where they are too few."""
CANARIES = 4
VISITORS = 6
"""Slips that are printed for visitors."""
BLOC = 0.45
"""Share of class B that votes as told where it was canvassed."""
RUNNING = "B0003"
FOREVER = datetime(2030, 12, 31, 17, 0)
"""When the running one closes: long after any visit."""


@dataclass(frozen=True)
class Evaluation:
    """An evaluation of a leadership team's officials. `bloc` is the share of class B that was canvassed."""

    election: str
    unit: Unit
    title: str
    day: date
    land: Ground
    rules: Rulebook
    bloc: float = 0.0
    running: bool = False
    seed: int = 2026
    merits: dict[str, float] = field(default_factory=dict)

    @property
    def random(self) -> Random:
        """Chance of one's own, the same at every call."""
        return Random(f"{self.seed}/box/{self.election}")

    @property
    def scheme(self) -> Scheme:
        group = self.land.team(self.unit.code)[0].group
        return self.rules.schemes.of(self.land.groups[group][0])

    @cached_property
    def targets(self) -> list[str]:
        """The officials on the sheet, by roster."""
        return [person.code for person in self.land.team(self.unit.code)][:10]

    @cached_property
    def names(self) -> dict[str, Any]:
        """`names.json`."""
        watchers = [key["name"] for key in self.scrutineers]
        own = {code: self.land.names[code] for code in (self.unit.code, *self.targets, *watchers)}
        return {
            "salt": self.random.randbytes(32).hex(),
            "names": {code: {"name": name.name, "post": name.post} for code, name in own.items()},
        }

    @cached_property
    def scrutineers(self) -> list[dict[str, Any]]:
        """Key files of three scrutineers, called by their codes."""
        random, officers = Random(f"{self.seed}/scrutineers"), sorted(self.land.persons)[-3:]
        return [signatures.of_seed(code, random.randbytes(32)) for code in officers]

    @cached_property
    def manifest(self) -> Manifest:
        """The manifest as the page for evaluations makes it."""
        words = {each.name.value: each.words for each in self.scheme.voters}
        at = [datetime.combine(self.day, time(hour)) for hour in (9, 17)]
        numbers = self.rules.publication
        plain = {
            "format": manifests.FORMAT, "election": self.election, "title": self.title,
            "unit": self.unit.code, "session": "2026年度民主测评会议（票箱）", "preset": "officials",
            "parts": presets.officials(
                self.targets, [i.name for i in self.scheme.sheet], [o.name for o in self.scheme.options]
            ),
            "comments": True,
            "classes": [
                {"id": letter, "name": words.get(letter, letter), "colour": colour, "weight": weight,
                 "expected": expected, "slips": expected + CANARIES + 2, "tokens": False, "pool": pool}
                for letter, colour, expected, weight, pool in CLASSES
            ],
            "issue_from": "", "issue_to": "", "opens": _told(at[0]),
            "closes": _told(FOREVER if self.running else at[1]), "look_minutes": 30,
            "rule": {key: int(getattr(numbers, key).value) for key in RULE}, "keys": {},
            "names": bound(bytes.fromhex(self.names["salt"]), self.names["names"]),
            "scrutineers": [{"name": key["name"], "key": key["key"]} for key in self.scrutineers],
            "needed": 2, "origin": "",
        }  # fmt: skip
        return manifests.read(plain)

    @cached_property
    def made(self) -> tuple[dict[str, list[str]], Slips, dict[str, Any] | None, list[ToCast]]:
        """Codes left to hand out, by class; slips.json; the canaries, and what was cast with them."""
        random = self.random
        codes, plain = slips.make(self.manifest, random)
        whole = slips.read(plain, self.manifest)
        if self.running:
            return codes, whole, None, []
        drawn = [codes["C"].pop() for _ in range(CANARIES)]
        canaries, plain, cast = slips.plan(drawn, whole, self.manifest, random)
        return codes, slips.read(plain, self.manifest), canaries, cast

    @cached_property
    def notice(self) -> dict[str, Any]:
        return folder.notice_of(self.manifest, self.made[1].plain)

    @cached_property
    def evidence(self) -> Evidence:
        """What the box held when it was closed."""
        codes, whole, canaries, to_cast = self.made
        random, leaves, tally = self.random, [], []
        for each in self.manifest.classes:
            rows = self._rows(each.id, each.expected - random.randint(0, 2))
            handed = codes[each.id][: len(rows)]
            pairs = [
                *zip(handed, rows, strict=True),
                *((c.code, c.row) for c in to_cast if c.voters == each.id),
            ]
            leaves += [self._leaf(random, each.id, code, row) for code, row in pairs]
            unused = len(codes[each.id]) - len(rows)
            tally.append(
                {"voters": each.id, "present": len(rows), "handed": len(rows), "unused": unused, "issued": 0}
            )
        bundle = {
            "slips": whole.plain, "canaries": canaries, "tokens": [], "tally": tally,
            "leaves": [leaf.plain for leaf in sorted(leaves, key=lambda leaf: leaf.n)],
        }  # fmt: skip
        return read(bundle, self.manifest)

    def _leaf(self, random: Random, voters: str, code: str, row: str) -> Leaf:
        n = nullifier(stored(code, self.election))
        return Leaf(n, random.randbytes(16), voters, "paper" if random.random() < 0.1 else "net", row)

    def _rows(self, voters: str, count: int) -> Sequence[str]:
        bloc = None
        if self.bloc and voters == "B":
            roles = [0, 1, *(-1 if place <= 4 else 0 for place in range(1, len(self.targets) - 1))]
            bloc = Bloc(round(self.bloc * count), roles)
        form = Form(
            VoterClass(voters), tuple(i.name for i in self.scheme.sheet), len(self.scheme.options),
            tuple(self.targets), (self.unit.code,) * len(self.targets),
            tuple(self.merits.get(code, 0.0) for code in self.targets),
        )  # fmt: skip
        return cast(form, count, bloc, self.random.getrandbits(32))

    @cached_property
    def result(self) -> dict[str, Any]:
        return result_of(self.evidence)

    @cached_property
    def signed(self) -> list[dict[str, Any]]:
        """The signatures of two scrutineers."""
        return [signatures.sign(self.result, key) for key in self.scrutineers[:2]]

    @property
    def bundle(self) -> dict[str, Any]:
        """What the scrutineers checked."""
        e = self.evidence
        return {
            "format": "shigan/box/bundle/1", "manifest": self.manifest.plain, "slips": e.slips,
            "canaries": e.canaries, "leaves": [leaf.plain for leaf in e.leaves], "tokens": [],
            "tally": [{"voters": voters, **own} for voters, own in e.tally.items()], "result": self.result,
        }  # fmt: skip

    def write(self, path: Path) -> None:
        """The files of a visitor: a box to vote in with its slips, or what a scrutineer takes home."""
        if self.running:
            folder.new(path, {k: v for k, v in self.manifest.plain.items() if k != "keys"}, self.names)
            folder.load(path, canonical(self.made[1].plain))
            (path / "slips.pdf").write_bytes(self._paper())
            return
        folder.write(path / "bundle.json", self.bundle)
        folder.write(path / "result.json", self.result)
        folder.write(path / "notice.json", self.notice)
        for own in self.signed:
            folder.write(path / f"signature-{own['name']}.json", own)

    def _paper(self) -> bytes:
        """Some slips of class C for a visitor to vote with."""
        known = names.read(self.names, self.manifest)
        return slips_pdf(self.manifest, known, "C", self.made[0]["C"][:VISITORS], FONTS)


def write(land: Ground, plan: Plan, seed: int, path: Path) -> None:
    """The files of all evaluations, each in a folder of its code under `path`."""
    for each in evaluations(land, plan, Rulebook.shipped(), seed):
        each.write(path / each.election)


RULE = (
    "nothing_below", "shares_from", "fine_from", "coarse_step", "fine_step", "fewest", "comments_from",
)  # fmt: skip


def _told(at: datetime) -> str:
    """A time of the county with its offset."""
    hours = int(COUNTY_TIME.total_seconds() // 3600)
    return at.isoformat(timespec="minutes") + f"+{hours:02d}:00"


def evaluations(land: Ground, plan: Plan, rules: Rulebook, seed: int) -> list[Evaluation]:
    """The three of a county; the canvassed one in a team that also canvasses on paper."""
    canvassed = min(plan.sheets)
    teams = [
        unit for unit in land.appraised() if unit.code not in plan.sheets and len(land.team(unit.code)) >= 5
    ]
    random = Random(f"{seed}/boxes")
    first, last = random.sample(teams, 2)

    def made(election: str, unit: Unit, day: date, **more: Any) -> Evaluation:
        title = f"{land.names[unit.code].name}领导干部民主测评"
        merits = {person.code: random.gauss(0, 1) for person in land.team(unit.code)}
        return Evaluation(election, unit, title, day, land, rules, seed=seed, merits=merits, **more)

    return [
        made("B0001", first, date(2026, 11, 16)),
        made("B0002", land.units[canvassed], date(2026, 11, 17), bloc=BLOC),
        made(RUNNING, last, date(2026, 11, 20), running=True),
    ]


def openings(scene: Scene) -> Iterator[tuple[datetime, Story]]:
    """Each evaluation as a story: sealed some days before it opens, published the day after it closed."""
    for each in evaluations(scene.land, scene.plan, scene.rules, scene.seed):
        sealed = moment(workday(each.day - timedelta(days=4)), each.random)
        yield sealed, _told_of(scene, each, sealed)


def _told_of(scene: Scene, own: Evaluation, sealed: datetime) -> Story:
    author = Author(scene.land.officers[1], scene.land.office(own.unit.code))
    draft = Draft(own.election, opened(own.notice), own.unit.code, _county_day(sealed))
    yield Batch(author, sealed, (draft,))
    if not own.running:
        after = moment(workday(own.day + timedelta(days=1)), own.random)
        fact = closed(own.result, own.signed)
        yield Batch(author, after, (Draft(own.election, fact, own.unit.code, _county_day(after)),))


def _county_day(at: datetime) -> date:
    return (at.astimezone(UTC) + COUNTY_TIME).date()
