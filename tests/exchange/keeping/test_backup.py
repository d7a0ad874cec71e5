"""A backup opens with its own key alone, as a whole or not at all; nothing of a running box is in it."""

from __future__ import annotations

import io
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from shigan.box.phases import Phase
from shigan.exchange.keeping import backup, databases, generations
from shigan.exchange.keeping.stream import CHUNK, TAG, Opening, Sealing
from shigan.facts.faults import Fault

NOW = datetime(2026, 11, 23, 1, 2, 3, tzinfo=UTC)
WORDS = "张三反映水费"


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """An installation with a database that is being written to, keys, certificates, boxes."""
    data = tmp_path / "data"
    for folder in ("keys/backup", "tls", "uploads"):
        (data / folder).mkdir(parents=True)
        (data / folder / "one").write_text("kept apart")
    (data / "keys" / "ledger.key").write_bytes(b"k" * 32)
    with closing(sqlite3.connect(data / "shigan.sqlite3")) as db, db:
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("CREATE TABLE entry (id INTEGER PRIMARY KEY, body TEXT)")
        db.execute("CREATE TABLE seal (size INTEGER, root TEXT)")
        db.execute("CREATE TABLE django_session (session_key TEXT)")
        db.executemany("INSERT INTO entry (body) VALUES (?)", [(f"{n} " + "事" * 300,) for n in range(4000)])
        db.execute("INSERT INTO seal VALUES (4000, 'ab')")
        db.execute("INSERT INTO django_session VALUES ('a log-in')")
    return data


def box(data: Path, name: str, phase: Phase) -> None:
    folder = data / "boxes" / name
    (folder / "out").mkdir(parents=True)
    (folder / "keys").mkdir()
    for file in ("manifest.json", "keys/A.json", "out/bundle.json", "out/rows.sealed", "slips.pdf"):
        (folder / file).write_text("{}")
    with closing(sqlite3.connect(folder / "box.sqlite")) as db, db:
        db.execute("CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL)")
        db.execute("INSERT INTO meta VALUES ('phase', ?)", [phase.name])


def made(data: Path, now: datetime = NOW) -> backup.Made:
    return backup.make(data, "", data.parent / "backups", data.parent / "keys", now)


def restored(file: Path, data: Path, *, whole: bool = True) -> databases.Contents:
    to = data.parent / "restored"
    return backup.restore(file, to, "", data.parent / "keys", lambda _folder: whole)


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def left_behind(data: Path) -> set[str]:
    return {path.name for path in data.parent.iterdir()} - {"data", "backups", "keys"}


def test_what_was_backed_up_comes_back_with_its_keys_and_without_log_ins(office: Path) -> None:
    held = restored(made(office).file, office)
    assert held.rows == {"entry": 4000, "seal": 1} and (held.size, held.root) == (4000, "ab")
    back = office.parent / "restored"
    assert names(back) == {"shigan.sqlite3", "keys/ledger.key", "tls/one"}
    assert (back / "keys" / "ledger.key").read_bytes() == b"k" * 32
    assert (back / "shigan.sqlite3").stat().st_mode & 0o777 == 0o600
    assert b"a log-in" not in (back / "shigan.sqlite3").read_bytes()


def test_a_backup_shows_nothing_without_its_key(office: Path) -> None:
    file = made(office).file
    data = file.read_bytes()
    assert data.startswith(b"shigan backup 1 ") and file.stat().st_mode & 0o777 == 0o600
    for word in (b"SQLite", "事".encode(), b"entry", b"ledger.key", b"backup.json"):
        assert word not in data


def test_every_backup_has_a_key_of_its_own(office: Path) -> None:
    one, two = made(office), made(office, NOW + timedelta(days=1))
    assert one.key != two.key and one.key.stat().st_mode & 0o777 == 0o600
    with pytest.raises(Fault, match="不是备份"):
        backup.restore(one.file, office.parent / "restored", "", two.key, lambda _folder: True)
    assert left_behind(office) == set()


def test_without_its_key_a_backup_stays_closed(office: Path) -> None:
    one = made(office)
    assert generations.destroy(one.key.parent, one.key.stem)
    assert not generations.destroy(one.key.parent, one.key.stem)
    with pytest.raises(Fault, match="没有密钥，备份无法打开"):
        restored(one.file, office)


def test_a_deleted_row_leaves_no_trace_in_the_next_backup(office: Path) -> None:
    with closing(sqlite3.connect(office / "shigan.sqlite3")) as db, db:
        db.execute("INSERT INTO entry (body) VALUES (?)", [WORDS])
        db.execute("DELETE FROM entry WHERE body = ?", [WORDS])
        db.commit()
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    restored(made(office).file, office)
    assert WORDS.encode() not in (office.parent / "restored" / "shigan.sqlite3").read_bytes()


def test_nothing_is_restored_over_something(office: Path) -> None:
    file = made(office).file
    with pytest.raises(Fault, match="不覆盖"):
        backup.restore(file, office, "", office.parent / "keys", lambda _folder: True)
    assert (office / "uploads" / "one").exists()


def test_a_copy_that_does_not_verify_is_not_put_in_place(office: Path) -> None:
    with pytest.raises(Fault, match="没有通过核对"):
        restored(made(office).file, office, whole=False)
    assert left_behind(office) == set()


@pytest.mark.parametrize("where", [0, 5, 20, 40, -TAG - 1, -1])
def test_an_altered_backup_is_refused_and_leaves_nothing(office: Path, where: int) -> None:
    file = made(office).file
    data = bytearray(file.read_bytes())
    data[where] ^= 1
    file.write_bytes(data)
    with pytest.raises(Fault):
        restored(file, office)
    assert left_behind(office) == set()


@pytest.mark.parametrize("size", [0, 10, 33, 34, 1000, -1])
def test_a_backup_that_was_cut_off_is_refused_and_leaves_nothing(office: Path, size: int) -> None:
    file = made(office).file
    file.write_bytes(file.read_bytes()[:size])
    with pytest.raises(Fault):
        restored(file, office)
    assert left_behind(office) == set()


def test_a_backup_of_another_kind_of_database_says_so(office: Path) -> None:
    file = made(office).file
    with pytest.raises(Fault, match="SQLite 的备份恢复时不设"):
        backup.restore(
            file, office.parent / "r", "postgresql://x@h/d", office.parent / "keys", lambda _f: True
        )
    assert left_behind(office) == set()


def test_without_a_ledger_neither_file_nor_key_is_left(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    with pytest.raises(Fault, match="没有台账"):
        made(tmp_path / "data")
    assert not list((tmp_path / "keys").iterdir()) and not list(tmp_path.glob("backups/*"))


def test_a_ballot_box_is_left_out_until_its_links_are_erased(office: Path) -> None:
    for phase in Phase:
        box(office, phase.name, phase)
    (office / "boxes" / "BROKEN").mkdir()
    one = made(office)
    assert set(one.left_out) == {phase.name for phase in Phase if phase < Phase.ERASED} | {"BROKEN"}
    restored(one.file, office)
    kept = {name for name in names(office.parent / "restored") if name.startswith("boxes/")}
    assert kept == {"boxes/ERASED/manifest.json", "boxes/ERASED/out/bundle.json"}


def test_older_backups_and_their_keys_are_destroyed_together(office: Path) -> None:
    every = [made(office, NOW + timedelta(days=n)) for n in range(4)]
    assert backup.newest(every[0].file.parent) == every[3].file
    gone = backup.forget_older(every[0].file.parent, office.parent / "keys", 2)
    assert gone == [each.file.name for each in every[:2]]
    assert [each.key.exists() for each in every] == [False, False, True, True]


def test_a_backup_taken_while_somebody_writes_is_of_one_moment(office: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        with closing(sqlite3.connect(office / "shigan.sqlite3", timeout=20, isolation_level=None)) as db:
            while not stop.is_set():  # an entry and its seal: always together
                db.execute("BEGIN IMMEDIATE")
                db.execute("INSERT INTO entry (body) VALUES ('x')")
                db.execute("INSERT INTO seal SELECT count(*), 'cd' FROM entry")
                db.execute("COMMIT")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        helds = [made(office, NOW + timedelta(days=n)).contents for n in range(3)]
    finally:
        stop.set()
        writer.join()
    for held in helds:
        assert held.size == held.rows["entry"] == 4000 + held.rows["seal"] - 1


def lengths() -> Iterator[int]:
    for chunks in (0, 1, 2):
        yield from (max(0, chunks * CHUNK + more) for more in (-1, 0, 1))


@pytest.mark.parametrize("length", sorted(set(lengths())))
def test_chunks_of_every_length_open_again_and_none_can_be_moved(length: int) -> None:
    key, plain, file = b"k" * 32, bytes(length), io.BytesIO()
    stream = Sealing(file, key, b"head\n")
    stream.write(plain)
    stream.finish()
    sealed = file.getvalue()[5:]
    assert io.BufferedReader(Opening(io.BytesIO(sealed), key, b"head\n")).read() == plain
    chunks = [sealed[at : at + CHUNK + TAG] for at in range(0, len(sealed), CHUNK + TAG)]
    wrong = [chunks[:-1], chunks[1:], chunks + chunks[-1:], chunks[::-1] if len(chunks) > 1 else []]
    for order in wrong:
        with pytest.raises(Fault, match="被改动"):
            io.BufferedReader(Opening(io.BytesIO(b"".join(order)), key, b"head\n")).read()
    with pytest.raises(Fault):
        io.BufferedReader(Opening(io.BytesIO(sealed), key, b"tail\n")).read()
