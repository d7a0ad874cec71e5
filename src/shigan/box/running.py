"""A box at work: one writer, one clock, and what voters, clerks and the signer ask of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from concurrent.futures import Future
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from shigan.box import casting, closing, phases, store, tokens
from shigan.box.folder import Folder
from shigan.box.phases import Clock, Phase
from shigan.box.refusals import Refused
from shigan.box.tokens import Credential
from shigan.maths.blind import BadBlinded, blind_sign

T = TypeVar("T")


class Box:
    """Open a folder and keep it. Futures are done when the disk has it."""

    def __init__(self, path: Path, clock: Clock | None = None, one_by_one: bool = False) -> None:
        self.folder = Folder(path)
        self.manifest = self.folder.manifest()
        self.names = self.folder.names()
        self.clock = clock or Clock()
        self.writer = store.Writer(self.folder.database, one_by_one)
        self.decoy = self.writer.do(store.decoy)
        self._kept = self.writer.do(phases.reached)
        self._keys = self.folder.keys()
        self.writer.do(lambda db: phases.not_before(db, self.clock))
        closing.tidy(self.writer, self.folder)

    def stop(self) -> None:
        """Finish what has arrived and let go of the file."""
        self.writer.stop()

    @property
    def phase(self) -> Phase:
        """Where the box stands now."""
        return phases.phase(self._kept, self.manifest, self.clock.now())

    def do(self, job: Callable[[sqlite3.Connection], T]) -> T:
        """One step of the closing, in a transaction; the phase is read anew after it."""
        result = self.writer.do(job)
        self._kept = self.writer.do(phases.reached)
        return result

    def minute(self) -> None:
        """To be called every minute: counts the voting's minutes, closes when it is time."""
        spent = self.phase is Phase.VOTING and self.writer.do(self._minute_passed)
        if spent or self.phase is Phase.CLOSED:
            self.close()

    def _minute_passed(self, db: sqlite3.Connection) -> bool:
        return phases.minute_passed(db, self.manifest, self.clock.now())

    def close(self) -> None:
        """Voting is over, for good."""
        if self._kept < Phase.CLOSED:
            self.do(_close)
            self.folder.destroy_keys()
            self._keys = {}

    def credential(self, code: str, token: str) -> Credential | None:
        """What was typed: a token if one was given, else a slip's code."""
        if token.strip():
            return tokens.of_token(self.manifest, token)
        return tokens.of_slip(self.manifest, code)

    def cast(self, credential: Credential | None, row: str) -> Future[bytes | None]:
        """The nullifier of what was cast, or None for a wrong credential.

        Raises Refused out of hours, and for marks that do not fit the sheet.
        """
        self._must_be(Phase.VOTING)
        if not self.manifest.admits(row):
            raise _marks()
        return self.writer.submit(lambda db: casting.cast(db, self.decoy, credential, row))

    @property
    def may_look(self) -> bool:
        """Until so many minutes after closing, own ballots can be looked up."""
        until = self.manifest.closes + timedelta(minutes=self.manifest.look_minutes)
        return Phase.VOTING <= self.phase < Phase.ERASED and self.clock.now() < until

    def look(self, credential: Credential | None) -> Future[str | None]:
        """The marks that lie under a credential, or None. Raises Refused outside of the hours."""
        if not self.may_look:
            early = self.phase < Phase.VOTING
            raise phases.out_of_hours(self.phase, "not_open" if early else "look_over")
        return self.writer.submit(lambda db: casting.look(db, credential))

    def comment(self, credential: Credential | None, text: str) -> Future[bool]:
        """Whether the credential was right. Raises Refused out of hours; the future, for a second comment."""
        self._must_be(Phase.VOTING)
        if not self.manifest.comments:
            raise Refused("本次评议不收文字意见", "this evaluation takes no comments", why="spoken")
        return self.writer.submit(lambda db: casting.comment(db, credential, text))

    def sign(self, election: str, voters: str, blinded: bytes) -> bytes:
        """A blind signature for an absent voter, within the hours of issuing. Raises Refused."""
        self._must_be(Phase.ISSUING)
        if election != self.manifest.election or voters not in self._keys:
            raise Refused(f"本票箱不发 {voters} 类网上票", f"this box issues no tokens of class {voters}")
        try:
            signature = blind_sign(self._keys[voters], blinded)
        except BadBlinded as bad:
            raise Refused(
                "领票请求的数据不对", str(bad), "请重新打开领票页。", "Open the page again."
            ) from bad
        most = self.manifest.by_class[voters].expected
        self.writer.do(lambda db: casting.note_signing(db, voters, blinded, most))
        return signature

    def _must_be(self, wanted: Phase) -> None:
        if self.phase is not wanted:
            raise phases.out_of_hours(self.phase)


def _close(db: sqlite3.Connection) -> None:
    """Once, whoever comes first: the clock or the desk."""
    if phases.reached(db) < Phase.CLOSED:
        phases.advance(db, Phase.CLOSED)


def _marks() -> Refused:
    return Refused(
        "勾选与票面不符",
        "the marks do not fit the sheet",
        "请返回重新勾选。",
        "Go back, mark again.",
        "marks",
    )
