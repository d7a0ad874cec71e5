"""Tamperings of the database by who owns the server: triggers are dropped, hashes made anew, keys swapped."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shigan.ledger import checkpoint
from shigan.ledger.entry import Entry, leaf, payload_mac
from shigan.ledger.note import Key
from tampering.lab import Attack, Lab, Told

FORGED = '{"text":"从未记过"}'.encode()
EDITS = {
    "payload": "UPDATE payload SET body = body || ' ' WHERE entry_id = {id}",
    "salt": "UPDATE payload SET salt = zeroblob(32) WHERE entry_id = {id}",
    "emptied": "UPDATE payload SET salt = zeroblob(0) WHERE entry_id = {id}",
    "kind": "UPDATE entry SET kind = 'UnitClosed' WHERE id = {id}",
    "unit": "UPDATE entry SET unit = unit || '0' WHERE id = {id}",
    "day": "UPDATE entry SET happened = date(happened, '-1 day') WHERE id = {id}",
    "time": "UPDATE entry SET recorded = recorded - 1 WHERE id = {id}",
    "author": "UPDATE entry SET \"by\" = 'P9999' WHERE id = {id}",
    "author's unit": "UPDATE entry SET by_unit = 'U999' WHERE id = {id}",
    "seq": "UPDATE entry SET seq = seq + 1000 WHERE id = {id}",
    "subject": "UPDATE entry SET subject = 'Q999999' WHERE id = {id}",
    "mac": "UPDATE entry SET mac = '00' WHERE id = {id}",
    "position": "UPDATE entry SET position = position + 1000000 WHERE id = {id}",
    "no time": "UPDATE entry SET recorded = 'x' WHERE id = {id}",
    "no day": "UPDATE entry SET happened = 'x' WHERE id = {id}",
    "no number": "UPDATE entry SET seq = 'x' WHERE id = {id}",
    "no hash": "UPDATE entry SET leaf = 'x' WHERE id = {id}",
    "no text": "UPDATE payload SET body = zeroblob(9) WHERE entry_id = {id}",
    "not sealed": "UPDATE entry SET position = NULL WHERE id = {id}",
    "checkpoint note": "UPDATE seal SET note = replace(note, 'a', 'b') WHERE size = {size}",
    "checkpoint root": "UPDATE seal SET root = '00' WHERE size = {size}",
    "checkpoint size": "UPDATE seal SET size = size - 1 WHERE size = {size}",
}
"""A row changed in place; the last three are rows of checkpoints."""


def told_of(*statements: tuple[str, Sequence[Any]]) -> list[str]:
    """What `verify` tells after these statements, which are then undone."""
    from django.db import connection, transaction

    from shigan.web import verifying

    with transaction.atomic():
        with connection.cursor() as cursor:
            for statement, values in statements:
                cursor.execute(statement, values)
        said = [bad.place for bad in verifying.verify()]
        transaction.set_rollback(True)
    return said


def edit_rows(lab: Lab) -> Told:
    what = lab.chance.choice(list(EDITS))
    (row, position), size = lab.chance.choice(lab.rows), lab.chance.choice(lab.sizes)
    said = told_of((EDITS[what].format(id=row, size=size), ()))
    if what == "checkpoint size":
        return said, {f"封存点 {size - 1}"}
    return said, {f"封存点 {size}"} if what.startswith("checkpoint") else {f"第 {position} 条"}


def delete_rows(lab: Lab) -> Told:
    row, position = lab.chance.choice(lab.rows)
    where = lab.chance.choice(["= %s", ">= %s", ""])  # one, all from it on, its content alone
    if not where:
        return told_of(("DELETE FROM payload WHERE entry_id = %s", [row])), {f"第 {position} 条"}
    return told_of(
        (f"DELETE FROM payload WHERE entry_id {where}", [row]), (f"DELETE FROM entry WHERE id {where}", [row])
    ), {f"第 {position} 条"}


def forged(number: int) -> Entry:
    """An entry that was never recorded, consistent in itself; `number` tells it from another."""
    at, mac = datetime(2026, 3, 1, 2, tzinfo=UTC), payload_mac(bytes(32), FORGED)
    code, day = f"Q9{number:05d}", date(2026, 3, 1)
    return Entry(code, 1, "ProgressReported", "U001", day, at, "P0001", "U001", mac, None)


INSERT = """INSERT INTO entry
    (id, subject, seq, kind, unit, happened, recorded, "by", by_unit, mac, leaf, position)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"""


def insert_rows(lab: Lab) -> Told:
    last, forgery = lab.rows[-1][0] + 1, forged(0)
    payload = (
        "INSERT INTO payload (entry_id, salt, body) VALUES (%s, %s, %s)",
        [last, bytes(32), FORGED.decode()],
    )
    if lab.chance.random() < 0.2:
        return told_of(payload), {f"内容 {last}"}
    position = lab.chance.randrange(lab.sizes[-1])
    row = [
        last, forgery.subject, forgery.seq, forgery.kind, forgery.unit, forgery.happened.isoformat(),
        round(forgery.recorded.timestamp() * 1000), forgery.by, forgery.by_unit, forgery.mac, leaf(forgery),
        position,
    ]  # fmt: skip
    return told_of(
        ("UPDATE entry SET position = -position - 2 WHERE position >= %s", [position]),
        ("UPDATE entry SET position = -position - 1 WHERE position < 0", ()),
        (INSERT, row), payload,
    ), lab.at(position)  # fmt: skip


def reorder_rows(lab: Lab) -> Told:
    i, j = lab.two()
    first, second = lab.rows[i][0], lab.rows[j][0]
    if lab.chance.random() < 0.5:
        swap = "UPDATE entry SET position = %s WHERE id = %s"
        return told_of((swap, [-1, first]), (swap, [i, second]), (swap, [j, first])), lab.after(i)
    take = "(SELECT {0} FROM payload WHERE entry_id = CASE p.entry_id WHEN {1} THEN {2} ELSE {1} END)"
    salt, body = (take.format(each, first, second) for each in ("salt", "body"))
    swap = f"UPDATE payload AS p SET salt = {salt}, body = {body} WHERE entry_id IN (%s, %s)"
    said = told_of(
        ("CREATE TEMP TABLE old AS SELECT * FROM payload WHERE entry_id IN (%s, %s)", [first, second]),
        (swap.replace("FROM payload", "FROM old"), [first, second]), ("DROP TABLE old", ()),
    )  # fmt: skip
    return said, {f"第 {i} 条"}


def swap_key(lab: Lab) -> Told:
    """Another key in the folder; perhaps every checkpoint signed with it anew."""
    path, other = lab.folder / "data" / "keys" / "ledger.key", Ed25519PrivateKey.generate()
    good = path.read_bytes()
    path.write_bytes(other.private_bytes_raw())
    try:
        if lab.chance.random() < 0.5:
            return told_of(), {f"封存点 {lab.sizes[0]}"}
        m, own = (
            lab.chance.randrange(len(lab.notes)),
            Key(lab.key.name, other.public_key().public_bytes_raw()),
        )
        with undone():
            again = [checkpoint.sign(checkpoint.read(note), own.public, other.sign) for note in lab.notes]
            for size, note in zip(lab.sizes, again, strict=True):
                change("UPDATE seal SET note = %s WHERE size = %s", note, size)
            return outside(lab.notes[m]), {f"封存点 {lab.sizes[m]}"}
    finally:
        path.write_bytes(good)


def corrupt_hashes(lab: Lab) -> Told:
    """The hashes that the database keeps: of an entry, or the right edge that sealing goes on from."""
    (row, position), size = lab.chance.choice(lab.rows), lab.chance.choice(lab.sizes)
    if lab.chance.random() < 0.5:
        return told_of(("UPDATE entry SET leaf = %s WHERE id = %s", [lab.chance.randbytes(32), row])), {
            f"第 {position} 条"
        }
    edge = json.dumps([lab.chance.randbytes(32).hex() for _one in range(size.bit_count())])
    return told_of(("UPDATE seal SET edge = %s WHERE size = %s", [edge, size])), {f"封存点 {size}"}


def roll_back(lab: Lab) -> Told:
    """The database of an earlier day, or the checkpoints since taken away, so that their entries look not yet
    sealed: what is left is whole; a printed checkpoint is held against it."""
    k, m = lab.earlier()
    if lab.chance.random() < 0.5:
        with undone():
            change("DELETE FROM seal WHERE size > %s", lab.sizes[k])
            return outside(lab.notes[m]), {f"封存点 {lab.sizes[m]}"}
    with put_back(lab, k):
        return outside(lab.notes[m]), {f"封存点 {lab.sizes[m]}"}


def fork(lab: Lab) -> Told:
    """The database of an earlier day goes on with other entries, sealed by the ledger's own key."""
    from shigan.facts.problems import ProblemRaised, Source
    from shigan.web import sealing, store
    from shigan.work.admit import Author, Draft

    k, m = lab.earlier()
    fact = ProblemRaised(source=Source.VISIT, category="供水", text="水压不足")
    with put_back(lab, k):
        for n in range(lab.chance.randrange(1, 2 * (lab.sizes[m] - lab.sizes[k]))):
            store.append([Draft(f"Q9{n:05d}", fact, "U001", date(2026, 3, 1))], Author("P0001", "U001"))
        sealing.seal()
        return outside(lab.notes[m]), {f"封存点 {lab.sizes[m]}"}


@contextmanager
def undone() -> Iterator[None]:
    from django.db import transaction

    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def change(statement: str, *values: str | int) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement, values)


@contextmanager
def put_back(lab: Lab, k: int) -> Iterator[None]:
    """The database as it was after the k-th checkpoint, for a while."""
    from django.db import connection

    def swap(source: Path) -> None:
        connection.close()
        for tail in ("-wal", "-shm"):
            lab.database.with_name(lab.database.name + tail).unlink(missing_ok=True)
        shutil.copy(source, lab.database)

    connection.close()
    present = shutil.copy(lab.database, lab.folder / "present")
    swap(lab.folder / f"copy-{k}")
    try:
        yield
    finally:
        swap(Path(present))


def outside(note: str) -> list[str]:
    """What a printed checkpoint tells about a ledger that is whole in itself."""
    from shigan.web import exporting, verifying

    assert not list(verifying.verify()), "it must be whole in itself"
    return [words for good, words in exporting.report_outside([note], []) if not good]


ATTACKS: dict[str, Attack] = {
    "edit": edit_rows, "delete": delete_rows, "insert": insert_rows, "reorder": reorder_rows,
    "swap key": swap_key, "tile corruption": corrupt_hashes, "rollback": roll_back, "fork": fork,
}  # fmt: skip
