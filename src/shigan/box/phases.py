"""Where a box stands, by its clock and by what was done: it only ever goes forward.

    waiting → issuing → ready → voting → closed → sealed → counted → published → erased

Up to `voting` the clock decides; everything after is done by hand at the desk and kept in the file. The clock
is read once, at the start, and goes on by the monotonic timer: setting the computer's time while the box runs
changes nothing. Minutes of voting are counted in the file, so that stopping the box, setting the time back
and starting again does not make voting longer than the manifest says.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from enum import IntEnum

from shigan.box import store
from shigan.box.manifest import Manifest
from shigan.box.refusals import Refused


class Phase(IntEnum):
    WAITING = 0
    ISSUING = 1
    READY = 2
    VOTING = 3
    CLOSED = 4
    SEALED = 5
    COUNTED = 6
    PUBLISHED = 7
    ERASED = 8


class Clock:
    """Wall time anchored at the start; `wall` and `timer` can be given to tests that set clocks."""

    def __init__(
        self,
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        self._anchor, self._timer, self._start = wall(), timer, timer()

    def now(self) -> datetime:
        """The anchor plus what the timer has counted since."""
        return self._anchor + timedelta(seconds=self._timer() - self._start)


def reached(db: sqlite3.Connection) -> Phase:
    """What is kept in the file: WAITING until voting was closed."""
    return Phase[store.get(db, "phase", Phase.WAITING.name)]


def phase(kept: Phase, manifest: Manifest, now: datetime) -> Phase:
    """The phase at a moment, given what was reached before."""
    if kept >= Phase.CLOSED:
        return kept
    if now >= manifest.closes:
        return Phase.CLOSED
    if now >= manifest.opens:
        return Phase.VOTING
    if manifest.issue_from and manifest.issue_to and now >= manifest.issue_from:
        return Phase.ISSUING if now < manifest.issue_to else Phase.READY
    return Phase.WAITING if manifest.issue_from else Phase.READY


def advance(db: sqlite3.Connection, to: Phase) -> None:
    """Go on by one step of the closing. Raises Refused unless the box stands exactly one step before."""
    kept = reached(db)
    if kept != to - 1 and not (to is Phase.CLOSED and kept < to):
        raise Refused(
            f"票箱现在是“{kept.name}”，不能进到“{to.name}”",
            f"the box stands at {kept.name}, not one step before {to.name}",
            "请按收箱步骤依次办理。", "Follow the steps of the closing in order.",
        )  # fmt: skip
    store.put(db, "phase", to.name)


def minute_passed(db: sqlite3.Connection, manifest: Manifest) -> bool:
    """Count one more minute of voting; true when there were as many as the manifest allows: time to close."""
    spent = int(store.get(db, "minutes", "0")) + 1
    store.put(db, "minutes", str(spent))
    return spent * 60 >= (manifest.closes - manifest.opens).total_seconds()
