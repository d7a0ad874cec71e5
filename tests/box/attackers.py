"""What attackers of the box have in their hands: tokens they made, a closed box, a corrupt server."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from shigan.box import counting, folder, tokens
from shigan.box.counting import count
from shigan.box.running import Box
from shigan.maths import blind
from tests.box import ceremony, manifests
from tests.box.ceremony import Case

Bundle = dict[str, Any]
ISSUE = {"issue_from": "2026-11-18T09:00+08:00", "issue_to": "2026-11-19T18:00+08:00"}


def remote_case(path: Path, monkeypatch: pytest.MonkeyPatch, **changes: Any) -> Case:
    """A box whose classes A and B vote by token, with short keys; it stands in issuing time."""
    monkeypatch.setattr(folder, "KEY_BITS", 2048)
    classes = [
        manifests.voters("A", 8, 30, tokens=True),
        manifests.voters("B", 12, 30, tokens=True),
        manifests.voters("C", 40, 40),
    ]
    made = ceremony.case(path, **{"classes": classes} | ISSUE | changes)
    made.hands.wall = datetime.fromisoformat(ISSUE["issue_from"]) + timedelta(hours=1)
    return made


def token(made: Case, box: Box, voters: str, message: bytes = b"") -> str:
    """A token's text, signed by the box in issuing time."""
    public = made.manifest.keys[voters]
    message = message or tokens.message_for(made.manifest.election)
    blinding = blind.blind(public, message)
    answer = box.sign(made.manifest.election, voters, blinding.message)
    return tokens.text(
        made.manifest.election, message, blind.finalize(public, message, answer, blinding.inverse)
    )


def to_voting(made: Case) -> None:
    """Time passes, from issuing to half an hour after opening."""
    step = ceremony.START - made.hands.wall
    made.hands.on(seconds=step.total_seconds())


def closed_bundle(made: Case) -> Bundle:
    """What the scrutineers get after an honest evaluation."""
    with made.opened() as box:
        ceremony.close(made, box, ceremony.everybody(made, box))
        whole: Bundle = json.loads((box.folder.out / "bundle.json").read_bytes())
        return whole


def after(bundle: Bundle, spoil: Callable[[Bundle], Any]) -> Bundle:
    """The bundle as a forger leaves it: what was altered, and a result that fits what is left."""
    other = deepcopy(bundle)
    spoil(other)
    return other


def faults(bundle: Bundle) -> list[str]:
    return count(bundle)[1]


def with_fitting_result(bundle: Bundle) -> Bundle:
    """A forger who edits ballots also recomputes the result; only the sealed root, printed before, stays."""
    sealed = bundle["result"]["box"]
    result, _faults = counting.count(bundle)
    assert result is not None
    return bundle | {"result": result | {"box": sealed}}


@contextmanager
def corrupt_server(path: Path) -> Iterator[sqlite3.Connection]:
    """Somebody with a shell on the box's computer."""
    db = sqlite3.connect(path / "box.sqlite")
    try:
        yield db
        db.commit()
    finally:
        db.close()


def rewrite(path: Path, n: bytes, row: str) -> None:
    """Another row under a nullifier; salt, class and channel stay."""
    with corrupt_server(path) as db:
        (body,) = db.execute("SELECT body FROM ballot WHERE n = ?", (n,)).fetchone()
        db.execute("UPDATE ballot SET body = ? WHERE n = ?", (body[:18] + row.encode(), n))
