"""The files of a stock: fingerprints, pairs of letters and cards; a new folder whenever they are written.

    FOLDER/current          the name of the folder that counts
    FOLDER/NAME/prints, words, cards.json

A folder is made whole before `current` names it, so that nobody reads half of one; the one before is removed.
Whoever has mapped its files keeps them until it lets go.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, NamedTuple

from shigan.judge.direction import Card, order
from shigan.maths.reuse.index import DRAFT, Layer
from shigan.maths.reuse.parts import joined
from shigan.policy.documents import DocumentsPolicy

PRINTS, WORDS, CARDS, CURRENT, LOCK = "prints", "words", "cards.json", "current", "lock"
VERSION: Final = 1
STEP: Final = 4096
"""Between the numbers of two documents is room for fewer fresh ones, at most."""


class AsOf(NamedTuple):
    """What a stock knows of: the number of the newest entry, and a proof that it is that one."""

    newest: int = 0
    proof: str = ""


class Held(NamedTuple):
    """A document without its text. `size`: how many fingerprints it has."""

    card: Card
    unit: str
    size: int


class Files(NamedTuple):
    """What lies in a folder: documents by number, the family of each that has one, as of when."""

    folder: Path
    held: dict[int, Held]
    family: dict[str, int]
    as_of: AsOf


def kept_files(folder: Path, rules: DocumentsPolicy) -> Files | None:
    """The files that count; None where there are none, or of another version or other rules of order."""
    for _attempt in range(3):  # a folder may be removed while it is read: then there is a newer one
        try:
            place = folder / (folder / CURRENT).read_text()
            said = json.loads((place / CARDS).read_text("utf-8"))
            return _read(place, said) if said["rules"] == _digest(rules) else None
        except (FileNotFoundError, ValueError):
            continue
    return None


def write_files(
    folder: Path, prints: list[Layer], words: list[Layer], files: Files, rules: DocumentsPolicy
) -> Files:
    """Write all layers as one, the documents of `files` numbered anew in the order of the evidence."""
    old = list(files.held.items())
    step = min(STEP, (DRAFT - 1) // (len(old) + 2))
    ranked = [old[at] for at in order([held.card for _number, held in old])]
    held = {(at + 1) * step: each for at, (_number, each) in enumerate(ranked)}
    numbers = {number: (at + 1) * step for at, (number, _held) in enumerate(ranked)}
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        place = Path(tempfile.mkdtemp(dir=folder, prefix=f"{files.as_of.newest}-"))
        joined(prints, numbers, place / PRINTS)
        joined(words, numbers, place / WORDS)
        made = Files(place, held, files.family, files.as_of)
        (place / CARDS).write_text(json.dumps(_plain(made, rules), ensure_ascii=False), "utf-8")
        _name(folder, place.name)
    return made


def _name(folder: Path, name: str) -> None:
    """From now on this one counts; the others go."""
    (folder / "next").write_text(name)
    os.replace(folder / "next", folder / CURRENT)
    for other in folder.glob("*-*"):
        if other.name != name:
            shutil.rmtree(other, ignore_errors=True)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    with (folder / LOCK).open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _plain(files: Files, rules: DocumentsPolicy) -> Mapping[str, Any]:
    rows = [
        [number, held.card, held.unit, held.size, files.family.get(held.card.name)]
        for number, held in files.held.items()
    ]
    return {"version": VERSION, "rules": _digest(rules), "as_of": files.as_of, "rows": rows}


def _read(place: Path, said: Mapping[str, Any]) -> Files:
    held, family = dict[int, Held](), dict[str, int]()
    for number, (name, key, bears, title, cited, titles), unit, size, kin in said["rows"]:
        card = Card(name, tuple(key), bears, title, tuple(cited), tuple(titles))
        held[number] = Held(card, unit, size)
        if kin is not None:
            family[name] = kin
    return Files(place, held, family, AsOf(*said["as_of"]))


def _digest(rules: DocumentsPolicy) -> str:
    """Of what the order depends on."""
    return sha256(f"{VERSION} {rules.eras!r}".encode()).hexdigest()
