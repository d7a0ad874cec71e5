"""What the desk's pages need to know of the box, read at one moment."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from shigan.box import casting, closing, store
from shigan.box.counting import TALLY
from shigan.box.desk.keys import Role
from shigan.box.desk.words import STEPS
from shigan.box.folder import Folder
from shigan.box.manifest import VoterClass
from shigan.box.phases import Phase
from shigan.box.running import Box

CLERKS = {Role.CLERK_A: closing.FIRST, Role.CLERK_B: closing.SECOND, Role.SCRUTINEER: closing.THIRD}
"""Who keys paper under which sign."""
BEFORE_SEAL = ("paper", "counts", "seal")
"""Steps between closing and the seal; one may go back and forth among them."""
ROWS = "rows.sealed"


@dataclass(frozen=True)
class Balance:
    """The sums of one class, as they were counted by hand."""

    voters: VoterClass
    canaries: int
    tally: Mapping[str, int]

    @property
    def off(self) -> int:
        """How many slips are missing (below 0) or too many in handed out + left + canaries."""
        return self.tally["handed"] + self.tally["unused"] + self.canaries - self.voters.slips

    @property
    def too_many(self) -> bool:
        """More people or ballots than are entitled."""
        most = max(self.tally["present"], self.tally["handed"] + self.tally["issued"])
        return most > self.voters.expected


@dataclass(frozen=True)
class State:
    """Times carry the offset of the manifest. `result` is there from the count on."""

    phase: Phase
    now: datetime
    look_until: datetime
    papers: Mapping[str, int]
    keyed: Mapping[Role, int]
    balances: tuple[Balance, ...]
    canaries: Mapping[str, int]
    signed: Mapping[str, int]
    root: str
    leaves: int
    result: Mapping[str, Any] | None
    rows_kept: bool
    folder: str

    def step(self, at: str = "") -> str:
        """The step that is next, one of `STEPS`, or "" at the end; `at` goes back before the seal."""
        match self.phase:
            case Phase.CLOSED:
                return at if at in BEFORE_SEAL else "seal" if self.balances else "paper"
            case Phase.SEALED:
                return "canaries"
            case Phase.COUNTED:
                return "sign"
            case Phase.PUBLISHED:
                return "erase" if self.rows_kept and at != "shares" else "shares"
            case Phase.ERASED:
                return ""
        return STEPS[0]


def read(box: Box) -> State:
    """The box now. Waits for the one thread that writes."""
    zone = box.manifest.closes.tzinfo
    promised = box.folder.slips().plain["canaries"]
    phase, until = box.phase, box.manifest.closes + timedelta(minutes=box.manifest.look_minutes)
    kept = box.do(lambda db: _kept(db, box))
    tally = {each["voters"]: each for each in json.loads(kept["tally"] or "[]")}
    balances = tuple(
        Balance(each, promised.get(each.id, 0), {key: tally[each.id][key] for key in TALLY})
        for each in box.manifest.classes
        if each.id in tally
    )
    return State(
        phase, box.clock.now().astimezone(zone), until.astimezone(zone), kept["papers"], kept["keyed"],
        balances, promised, kept["signed"], kept["root"], kept["leaves"], _result(box, phase),
        (box.folder.out / ROWS).exists(), str(box.folder.path),
    )  # fmt: skip


def _kept(db: sqlite3.Connection, box: Box) -> dict[str, Any]:
    by_clerk = dict(db.execute("SELECT clerk, count(*) FROM paper GROUP BY clerk").fetchall())
    return {
        "tally": store.get(db, "tally"),
        "papers": closing.papers(db),
        "keyed": {role: by_clerk.get(sign, 0) for role, sign in CLERKS.items()},
        "signed": {each.id: casting.signed(db, each.id) for each in box.manifest.classes},
        "root": store.get(db, "root"),
        "leaves": sum(1 for _ in store.cast_ballots(db)),
    }


def _result(box: Box, phase: Phase) -> Mapping[str, Any] | None:
    if phase < Phase.COUNTED:
        return None
    if phase < Phase.ERASED:
        whole: dict[str, Any] = box.do(lambda db: closing.bundle(db, box.folder))["result"]
        return whole
    return _json(box.folder, "result.json")


def _json(folder: Folder, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder.out / name).read_bytes())
    return found
