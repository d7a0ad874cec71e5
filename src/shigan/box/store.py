"""The box's one file: ballots under their nullifiers, in rows of fixed size, in no order that tells anything.

* Every slip has its row from the start, filled with chance; casting overwrites it in place. So a first cast
  and a later one are the same operation, and the order of the file is that of the random keys.
* Tokens and comments, whose keys nobody knows before, find rows of chance as well (`free`): what comes takes
  the place of the nearest one. Rows that are merely inserted lie in a page in the order in which they came.
* No write-ahead log, which would keep the order of casting: a rollback journal, emptied at every commit, and
  `secure_delete`, which overwrites what is replaced (SQLite, pragma documentation).
* Nobody is answered before the commit is on the disk (`synchronous` FULL). One thread writes, and all that
  has arrived meanwhile is committed together: many voters at once cost hardly more than one.
"""

from __future__ import annotations

import os
import queue
import secrets
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from shigan.box.refusals import Refused

T = TypeVar("T")
SALT_BYTES = 16
KEY_BYTES = 32
UNCAST, NET, PAPER = "0", "n", "p"
CHANNELS = {NET: "net", PAPER: "paper"}
DECOY = "?"
"""The class of the row that wrong codes write to, so that they take as long as right ones."""
MOST_AT_ONCE = 256
"""Ballots in one commit."""
LEAST_FREE = 200 * 2**20
"""Bytes free on the disk below which nothing new is taken: the closing needs room."""

SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE ballot (n BLOB PRIMARY KEY, body BLOB NOT NULL, free INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE token (
    n BLOB PRIMARY KEY, message BLOB NOT NULL, signature BLOB NOT NULL, free INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE signed (digest BLOB PRIMARY KEY, class TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE comment (n BLOB PRIMARY KEY, text BLOB NOT NULL, free INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE commented (n BLOB PRIMARY KEY, free INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE paper (
    n BLOB NOT NULL, clerk TEXT NOT NULL, row TEXT NOT NULL, PRIMARY KEY (n, clerk)
) WITHOUT ROWID;
"""


@dataclass(frozen=True)
class Ballot:
    """What lies under a nullifier: the class, how it came (`net`, `paper`, or "" when not yet), the marks."""

    n: bytes
    salt: bytes
    voters: str
    channel: str
    row: str


def body(voters: str, channel: str, row: str) -> bytes:
    """The bytes of a row with a fresh salt; as long as every other of this election."""
    return secrets.token_bytes(SALT_BYTES) + (voters + channel + row).encode()


def ballot(n: bytes, data: bytes) -> Ballot:
    """What the bytes of a row say."""
    text = data[SALT_BYTES:].decode()
    return Ballot(n, data[:SALT_BYTES], text[0], CHANNELS.get(text[1], ""), text[2:])


def connect(path: Path) -> sqlite3.Connection:
    """The database with the settings that durability and secrecy need; autocommit until BEGIN.

    Raises Refused where there is none: an empty one must not come into being by opening a box too early.
    """
    if not path.exists():
        raise Refused(
            f"{path.parent} 里还没有装入票码", f"no slips were loaded into {path.parent} yet",
            "请先装入 slips.json。", "Load slips.json first.",
        )  # fmt: skip
    made = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=20)
    for setting in (
        "journal_mode = TRUNCATE", "synchronous = FULL", "secure_delete = ON", "temp_store = MEMORY",
        "cache_size = -16000",
    ):  # fmt: skip
        made.execute(f"PRAGMA {setting}")
    return made


def create(path: Path) -> sqlite3.Connection:
    """A new empty database that only its owner may read. Raises Refused where there is one."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError as error:
        raise taken(path) from error
    made = connect(path)
    made.executescript(SCHEMA)
    return made


def taken(path: Path) -> Refused:
    """There is a box already."""
    return Refused(
        f"{path.parent} 里已有票箱", f"there is a box in {path.parent} already",
        "请换一个空文件夹。", "Choose an empty folder.",
    )  # fmt: skip


def get(db: sqlite3.Connection, key: str, default: str = "") -> str:
    """A value of the box itself (phase, typed counts, digests)."""
    found = db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return str(found[0]) if found else default


def put(db: sqlite3.Connection, key: str, value: str) -> None:
    """Set a value of the box itself."""
    db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))


def fill(db: sqlite3.Connection, slips: dict[bytes, str], row: str) -> None:
    """A row for every slip (nullifier to class), and the decoy; nothing of it counts until cast."""
    rows = [(n, body(voters, UNCAST, row)) for n, voters in slips.items()]
    rows.append((secrets.token_bytes(32), body(DECOY, UNCAST, row)))
    db.executemany("INSERT INTO ballot VALUES (?, ?, 0)", sorted(rows))


def make_room(db: sqlite3.Connection, table: str, count: int, *sizes: int) -> None:
    """Rows of chance under keys of 32 bytes, as many and as large as what may take their places."""
    rows = [tuple(secrets.token_bytes(size) for size in (KEY_BYTES, *sizes)) for _ in range(count)]
    marks = ", ".join("?" * (1 + len(sizes)))
    db.executemany(f"INSERT INTO {table} VALUES ({marks}, 1)", sorted(rows))


def keep(db: sqlite3.Connection, table: str, n: bytes, *values: bytes) -> None:
    """Put a row under a key nobody knew before, in the place of the nearest row of chance if one is left."""
    nearest = f"SELECT n FROM {table} WHERE free AND n"
    found = (
        db.execute(f"{nearest} > ? ORDER BY n LIMIT 1", (n,)).fetchone()
        or db.execute(f"{nearest} < ? ORDER BY n DESC LIMIT 1", (n,)).fetchone()
    )  # fmt: skip
    if found:
        db.execute(f"DELETE FROM {table} WHERE n = ?", found)
    marks = ", ".join("?" * (1 + len(values)))
    db.execute(f"INSERT INTO {table} VALUES ({marks}, 0)", (n, *values))


def find(db: sqlite3.Connection, n: bytes) -> Ballot | None:
    """The ballot under a nullifier, cast or not."""
    found = db.execute("SELECT body FROM ballot WHERE n = ? AND NOT free", (n,)).fetchone()
    return ballot(n, found[0]) if found else None


def decoy(db: sqlite3.Connection) -> bytes:
    """The nullifier of the decoy; empty after erasure, when nothing is cast any more."""
    for n, data in db.execute("SELECT n, body FROM ballot WHERE NOT free"):
        if ballot(n, data).voters == DECOY:
            return bytes(n)
    return b""


def cast_ballots(db: sqlite3.Connection) -> Iterator[Ballot]:
    """What was cast, sorted by nullifier."""
    for n, data in db.execute("SELECT n, body FROM ballot WHERE NOT free ORDER BY n"):
        own = ballot(n, data)
        if own.channel and own.voters != DECOY:
            yield own


class Writer:
    """The one thread that writes. A job gets the connection in a transaction; it refuses before it writes.

    `one_by_one` commits each job alone: the plain version that benchmarks compare with.
    """

    def __init__(self, path: Path, one_by_one: bool = False) -> None:
        self.db = connect(path)
        self.path, self.most = path, 1 if one_by_one else MOST_AT_ONCE
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="box-writer", daemon=True)
        self._thread.start()

    def submit(self, job: Callable[[sqlite3.Connection], T]) -> Future[T]:
        """The future is done when the job's transaction is on the disk; Refused and sqlite3.Error pass on."""
        future: Future[T] = Future()
        self._jobs.put(_Job(job, future))
        return future

    def do(self, job: Callable[[sqlite3.Connection], T]) -> T:
        """Submit and wait."""
        return self.submit(job).result()

    def stop(self) -> None:
        """Finish what has arrived."""
        self._jobs.put(None)
        self._thread.join()
        self.db.close()

    def vacuum(self) -> None:
        """Write the file anew, so that nothing that was deleted or replaced stays in it."""
        future: Future[None] = Future()
        self._jobs.put(_Job(lambda db: db.execute("VACUUM"), future, alone=True))
        future.result()

    def _work(self) -> None:
        waiting: _Job | None = self._jobs.get()
        while waiting is not None:
            batch, waiting = [waiting], None
            while not batch[-1].alone and len(batch) < self.most and not self._jobs.empty():
                following = self._jobs.get()
                if following is None or following.alone:
                    self._jobs.put(following)  # after the commit
                    break
                batch.append(following)
            batch = [job for job in batch if job.future.set_running_or_notify_cancel()]
            if batch and batch[0].alone:
                self._alone(batch[0])
            elif batch:
                self._commit(batch)
            waiting = self._jobs.get()

    def _alone(self, job: _Job) -> None:
        """Whatever happens, the thread goes on."""
        try:
            done = _outcome(job, self.db)
        except Exception as error:
            done = error
        _settle([(job, done)])

    def _commit(self, batch: list[_Job]) -> None:
        """All in one transaction. If a job breaks it, each is tried alone: none pays for another's fault."""
        try:
            self._must_have_room()
            self.db.execute("BEGIN IMMEDIATE")
            done = [(job, _outcome(job, self.db)) for job in batch]
            self.db.execute("COMMIT")
        except Exception as error:
            if self.db.in_transaction:
                self.db.execute("ROLLBACK")
            if len(batch) > 1 and not isinstance(error, Refused):
                for job in batch:
                    self._commit([job])
                return
            done = [(job, error) for job in batch]
        _settle(done)

    def _must_have_room(self) -> None:
        if shutil.disk_usage(self.path.parent).free < LEAST_FREE:
            raise Refused(
                "票箱所在磁盘空间不足", "the box's disk is nearly full",
                "请告知监票人腾出空间。", "Tell a scrutineer to make room.",
            )  # fmt: skip


@dataclass(frozen=True)
class _Job:
    work: Callable[[sqlite3.Connection], Any]
    future: Future[Any]
    alone: bool = False
    """Outside of any transaction."""


def _outcome(job: _Job, db: sqlite3.Connection) -> Any:
    """What the job gives, or its refusal; nothing was written then. Any other error ends the transaction."""
    try:
        return job.work(db)
    except Refused as refusal:
        return refusal


def _settle(done: Sequence[tuple[_Job, Any]]) -> None:
    for job, result in done:
        if isinstance(result, BaseException):
            job.future.set_exception(result)
        else:
            job.future.set_result(result)
