"""Where a box stands, by its clock and by what was done: it only ever goes forward.

    waiting → issuing → ready → voting → closed → sealed → counted → published → erased

Up to `voting` the clock decides; everything after is done by hand at the desk and kept in the file. The clock
is read once, at the start, and goes on by the monotonic timer: setting the computer's time while the box runs
changes nothing. Minutes of voting are counted in the file, and the last one is kept, so that stopping the
box, setting the time back and starting again does not make voting longer than the manifest says.
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


NAMES: dict[Phase, tuple[str, str]] = {
    Phase.WAITING: ("等待领票", "waiting"),
    Phase.ISSUING: ("领取网上票中", "tokens are issued"),
    Phase.READY: ("等待投票", "ready"),
    Phase.VOTING: ("投票中", "voting"),
    Phase.CLOSED: ("已截止，未封箱", "closed, not sealed"),
    Phase.SEALED: ("已封箱，未计票", "sealed, not counted"),
    Phase.COUNTED: ("已计票，待签名", "counted, to be signed"),
    Phase.PUBLISHED: ("已公布，未清除", "published, not erased"),
    Phase.ERASED: ("已公布并清除", "published and erased"),
}
"""What people call them, in Chinese and in English."""


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

    def set_on(self, to: datetime) -> None:
        """Go on from a later moment."""
        self._anchor, self._start = to, self._timer()


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


def minute_passed(db: sqlite3.Connection, manifest: Manifest, now: datetime) -> bool:
    """Count one more minute of voting; true when there were more than the manifest allows: time to close.

    More, not as many: the first one ends up to a minute after opening, and nobody may lose the last one.
    """
    spent = int(store.get(db, "minutes", "0")) + 1
    store.put(db, "minutes", str(spent))
    store.put(db, "seen", now.astimezone(UTC).isoformat(timespec="minutes"))
    return spent * 60 > (manifest.closes - manifest.opens).total_seconds()


def not_before(db: sqlite3.Connection, clock: Clock) -> None:
    """At the start: time that was seen during voting does not come back.

    Where the computer's time lies before it, the box goes on a minute after what was seen last, and notes
    that: starting it again and again with the time set back does not stretch the hours either.
    """
    seen = store.get(db, "seen")
    if seen and clock.now() < datetime.fromisoformat(seen):
        clock.set_on(datetime.fromisoformat(seen) + timedelta(minutes=1))
        store.put(db, "seen", clock.now().astimezone(UTC).isoformat(timespec="minutes"))


def out_of_hours(phase: Phase, why: str = "") -> Refused:
    """The sentence for what is asked too early or too late."""
    if phase < Phase.VOTING:
        sentence = (
            "现在不在办理时间内",
            "not at this time",
            "请看通知上的时间。",
            "See the times on the notice.",
        )
        return Refused(*sentence, why or "not_open")
    sentence = "投票已截止", "voting is closed", "结果以公布为准。", "The result will be published."
    return Refused(*sentence, why or "closed")
