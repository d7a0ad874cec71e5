"""The ledger that is tampered with, and what lies outside of it."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shigan.ledger import tiles, witness
from shigan.ledger.note import Key

POINTS = 10
"""Checkpoints of the ledger."""


@dataclass
class Lab:
    """A ledger of some hundred entries under ten checkpoints, in a database, with what lies outside: printed
    checkpoints, and of each an export, a witness that saw it, and a copy of the database of that day."""

    folder: Path
    chance: random.Random
    key: Key
    secret: Ed25519PrivateKey
    notes: list[str] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    lines: list[bytes] = field(default_factory=list)
    rows: list[tuple[int, int]] = field(default_factory=list)

    @property
    def database(self) -> Path:
        """The file of the database that is in use."""
        return self.folder / "data" / "shigan.sqlite3"

    def behind(self, position: int) -> str:
        """The first checkpoint that covers a position."""
        return f"封存点 {next(size for size in self.sizes if size > position)}"

    def at(self, position: int) -> set[str]:
        """The places by which a change at a position is named."""
        return {f"第 {position} 条", self.behind(position)}

    def after(self, position: int) -> set[str]:
        """The same where the change itself looks right: something behind it does not fit any more, at the
        latest the checkpoint."""
        end = next(size for size in self.sizes if size > position)
        return {self.behind(position), *(f"第 {n} 条" for n in range(position, end))}

    def two(self) -> tuple[int, int]:
        """Two positions, the smaller first."""
        i, j = sorted(self.chance.sample(range(self.sizes[-1]), 2))
        return i, j

    def earlier(self) -> tuple[int, int]:
        """Two checkpoints by their number, the earlier first."""
        k, m = sorted(self.chance.sample(range(len(self.sizes)), 2))
        return k, m


Told = tuple[Sequence[str], set[str]]
"""What was told as wrong, first things first, and the places that name what was done."""
Attack = Callable[[Lab], Told]


def built(folder: Path, chance: random.Random) -> Lab:
    """Write, seal, export, copy, print; then drop the triggers, as who owns the server can."""
    begin(folder / "data")
    from shigan.web import exporting, keys, sealing

    lab = Lab(folder, chance, exporting.key(), keys.signing_key())
    for n in range(POINTS):
        write(chance, n)
        seal = sealing.seal()
        assert seal is not None
        lab.notes.append(seal.note)
        lab.sizes.append(seal.size)
        keep(lab, n)
    for index, width in tiles.runs(lab.sizes[-1]):
        bundle = folder / f"export-{POINTS - 1}" / tiles.path(tiles.ENTRIES, index, width)
        lab.lines += tiles.unbundled(bundle.read_bytes())
    lab.rows = rows()
    drop_triggers()
    return lab


def write(chance: random.Random, n: int) -> None:
    """The n-th part of the ledger: problems of one unit, and reports on these and earlier ones."""
    from shigan.facts.problems import ProblemRaised, ProgressReported, Source
    from shigan.facts.units import UnitFounded, UnitKind
    from shigan.web import store
    from shigan.work.admit import Author, Draft

    day, by = date(2026, 3, 1), Author("P0001", "U001")
    if n == 0:
        store.append([Draft("U001", UnitFounded(kind=UnitKind.COUNTY), "U001", day)], by)
    raised = ProblemRaised(source=Source.VISIT, category="供水", text=f"第 {n} 处水压不足")
    drafts = [Draft(f"Q{10 * n + k:05d}", raised, "U001", day) for k in range(10)]
    for k in range(chance.randrange(10, 50)):
        report = ProgressReported(text=f"第 {k} 次到现场查看水压")
        drafts.append(Draft(f"Q{chance.randrange(10 * n + 10):05d}", report, "U001", day))
    store.append(drafts, by)


def begin(data: Path) -> None:
    """An empty installation in a folder; Django knows no other from here on."""
    data.mkdir(parents=True)
    os.environ |= {"SHIGAN_DATA": str(data), "SHIGAN_DATABASE_URL": "", "SHIGAN_SECRET_KEY": "none"}
    os.environ["DJANGO_SETTINGS_MODULE"] = "shigan.web.settings"
    import django

    django.setup()
    from shigan.web import running

    running.migrate()


def rows() -> list[tuple[int, int]]:
    """Row number and position of each entry."""
    from shigan.web.models import EntryRow

    found = EntryRow.objects.order_by("position").values_list("pk", flat=True)
    return [(row, position) for position, row in enumerate(found)]


def drop_triggers() -> None:
    """What keeps the rows of the ledger from being changed."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {name}")


def keep(lab: Lab, n: int) -> None:
    """What is outside after the n-th checkpoint."""
    from django.db import connection

    from shigan.web import exporting

    shown = lab.folder / f"export-{n}"
    exporting.write(shown, payloads=True)
    witness.new(lab.folder / f"witness-{n}", "jijian.example", lab.key)
    witness.look(lab.folder / f"witness-{n}", shown, 1_750_000_000 + n)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.fetchall()
    shutil.copy(lab.database, lab.folder / f"copy-{n}")
