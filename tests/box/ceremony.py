"""A box made from nothing for tests: the laptop's codes, the folder, a clock that can be set."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from shigan.box import closing, folder, signatures, slips
from shigan.box.canonical import canonical
from shigan.box.manifest import Manifest
from shigan.box.phases import Clock
from shigan.box.running import Box
from shigan.maths.slips import nullifier, stored
from tests.box import manifests

START = datetime.fromisoformat(manifests.OPENS) + timedelta(minutes=30)


@dataclass
class Hands:
    """A wall clock and a timer that tests move. `now` goes on with the timer unless the wall is set alone."""

    wall: datetime = START
    timer: float = 0.0

    def clock(self) -> Clock:
        return Clock(lambda: self.wall, lambda: self.timer)

    def on(self, **time: float) -> None:
        """Time passes."""
        step = timedelta(**time)
        self.wall += step
        self.timer += step.total_seconds()


@dataclass
class Case:
    """Everything that the people around a box hold."""

    path: Path
    manifest: Manifest
    codes: dict[str, list[str]]
    hands: Hands
    scrutineers: list[dict[str, Any]]
    canaries: dict[str, Any] | None = None
    to_cast: list[slips.ToCast] = field(default_factory=list)

    def open(self, **how: Any) -> Box:
        """The box at work; stop it yourself."""
        return Box(self.path, self.hands.clock(), **how)

    @contextmanager
    def opened(self, **how: Any) -> Any:
        box = self.open(**how)
        try:
            yield box
        finally:
            box.stop()

    def n(self, code: str) -> bytes:
        return nullifier(stored(code, self.manifest.election))


def case(path: Path, canaries: int = 0, seed: int = 1, **changes: Any) -> Case:
    """A loaded box in `path`, half an hour after opening. `canaries` are drawn from the last class."""
    scrutineers = [signatures.new(f"监票人{n}") for n in (1, 2, 3)]
    named = [{"name": each["name"], "key": each["key"]} for each in scrutineers]
    draft = manifests.draft(**{"scrutineers": named, "needed": 2} | changes)
    manifest = folder.new(path, draft, manifests.names(draft))
    codes, plain = slips.make(manifest)
    made = Case(path, manifest, codes, Hands(), scrutineers)
    if canaries:
        drawn = [codes[next(reversed(codes))].pop() for _ in range(canaries)]
        made.canaries, plain, made.to_cast = slips.plan(
            drawn, slips.read(plain, manifest), manifest, Random(seed)
        )
    folder.load(path, canonical(plain))
    return made


def marks(manifest: Manifest, random: Random) -> str:
    """A sheet as a voter might fill it."""
    return slips.row_like_voters(manifest, random)


def vote(box: Box, code: str, row: str) -> bytes | None:
    """Cast and wait for the disk."""
    return box.cast(box.credential(code, ""), row).result()


def everybody(made: Case, box: Box, share: float = 0.9, seed: int = 2) -> dict[str, str]:
    """Nine of ten slips of every class are handed out and cast, and all canaries; code to row."""
    random, cast = Random(seed), {}
    for each in made.manifest.classes:
        for code in made.codes[each.id][: min(each.expected, int(share * each.slips))]:
            cast[code] = marks(made.manifest, random)
            assert vote(box, code, cast[code])
    for own in made.to_cast:
        assert vote(box, own.code, own.row)
    return cast


def tally(made: Case, cast: Mapping[str, str]) -> dict[str, dict[str, int]]:
    """The counts by hand that belong to what was cast on slips."""
    found = {}
    for each in made.manifest.classes:
        handed = sum(code in cast for code in made.codes[each.id])
        canaries = each.slips - len(made.codes[each.id])
        found[each.id] = {
            "present": handed, "handed": handed, "unused": each.slips - handed - canaries, "issued": 0,
        }  # fmt: skip
    return found


def close(made: Case, box: Box, cast: Mapping[str, str]) -> dict[str, Any]:
    """From closing to the exported result, everything in order."""
    made.hands.on(minutes=455)
    box.minute()
    box.do(lambda db: closing.enter_tally(db, made.manifest, tally(made, cast)))
    box.do(lambda db: closing.seal(db, box.folder))
    result = box.do(lambda db: closing.open_canaries(db, box.folder, made.canaries))
    box.do(lambda db: closing.export(db, box.folder))
    return result


def finish(made: Case, box: Box, result: dict[str, Any]) -> None:
    """Signatures, publication, erasure."""
    signed = [signatures.sign(result, key) for key in made.scrutineers[:2]]
    box.do(lambda db: closing.publish(db, box.folder, signed))
    box.do(lambda db: closing.erase(db, box.folder))
    closing.tidy(box.writer, box.folder)
