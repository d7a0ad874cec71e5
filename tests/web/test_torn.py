"""A log torn by a power cut, 1,000 times: only the end may be gone, and nothing is there by half."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

TORN = """
import os, random, shutil, sqlite3; os.environ["DJANGO_SETTINGS_MODULE"] = "shigan.web.settings"
import django; django.setup()
from datetime import date
from pathlib import Path
from django.conf import settings
from django.db import connection
from shigan.facts.units import UnitFounded, UnitKind
from shigan.web import running, sealing, store, verifying
from shigan.web.models import EntryRow, PayloadRow
from shigan.work.admit import Author, Draft
VILLAGE, DAY, BY = UnitFounded(kind=UnitKind.VILLAGE), date(2026, 1, 1), Author("P0001", "U002")

running.migrate()
data, whole = Path(settings.DATA), Path(settings.DATA) / "whole"
db, wal = data / "shigan.sqlite3", data / "shigan.sqlite3-wal"
with connection.cursor() as cursor:
    cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    cursor.execute("PRAGMA wal_autocheckpoint=0")
ends = []  # after each commit: bytes of the log, entries acknowledged, entries sealed
for n in range(30):
    store.append([Draft(f"U{n:02d}{k}", VILLAGE, "U001", DAY) for k in range(3)], BY)
    ends.append((wal.stat().st_size, 3 * n + 3, sealing.last().size if sealing.last() else 0))
    if n % 7 == 6:
        sealing.seal()
        ends.append((wal.stat().st_size, 3 * n + 3, 3 * n + 3))
shutil.copy(db, whole.with_suffix(".db")); shutil.copy(wal, whole.with_suffix(".wal"))
connection.close()
good, chance, seen = whole.with_suffix(".wal").read_bytes(), random.Random(1000), set()
for n in range(TIMES):
    at, log = chance.randrange(len(good)), bytearray(good)
    match n % 4:
        case 0: del log[at:]  # cut off
        case 1: log[at:] = bytes(len(log) - at)  # the rest came as zeros
        case 2: log[at] ^= 1 << chance.randrange(8)  # one bit turned
        case 3: log[at : at + 4096] = chance.randbytes(min(4096, len(log) - at))  # a page of something else
    shutil.copy(whole.with_suffix(".db"), db); wal.write_bytes(log)
    (data / "shigan.sqlite3-shm").unlink(missing_ok=True)
    entries, sealed = EntryRow.objects.count(), sealing.last().size if sealing.last() else 0
    before = [(e, s) for size, e, s in ends if size <= at]
    assert (entries, sealed) == (before[-1] if before else (0, 0)), (n, at, entries, sealed)
    assert PayloadRow.objects.count() == entries
    assert list(verifying.verify()) == [], (n, at)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        assert cursor.fetchall() == [("ok",)]
    if n % 10 == 0:  # and work goes on
        store.append([Draft("U999", VILLAGE, "U001", DAY)], BY)
        sealing.seal()
        assert sealing.last().size == entries + 1 and list(verifying.verify()) == []
    seen.add(entries)
    connection.close()
print("torn", TIMES, "places", len(seen))
"""
FULL = """
import os; os.environ["DJANGO_SETTINGS_MODULE"] = "shigan.web.settings"
import django; django.setup()
from datetime import date
from pathlib import Path
from django.conf import settings
from shigan.facts.faults import Fault
from shigan.facts.units import UnitFounded, UnitKind
from shigan.web import keys, running, sealing, store, verifying
from shigan.web.models import EntryRow
from shigan.work.admit import Author, Draft
VILLAGE, DAY, BY = UnitFounded(kind=UnitKind.VILLAGE), date(2026, 1, 1), Author("P0001", "U002")

def write(n):
    return len(store.append([Draft(f"U{n:04d}{k}", VILLAGE, "U001", DAY) for k in range(9)], BY))

running.migrate()
keys.public_key()
ballast = Path(settings.DATA) / "ballast"
ballast.write_bytes(bytes(2**20))
kept = 0
for n in range(5000):
    try:
        kept += write(n)
    except Fault as fault:
        print(fault)
        break
assert EntryRow.objects.count() == kept and list(verifying.verify()) == []
ballast.unlink()
kept += write(9000)
sealing.seal()
assert EntryRow.objects.count() == kept and list(verifying.verify()) == []
print(kept, sealing.last().size)
"""


def run(folder: Path, script: str) -> subprocess.CompletedProcess[str]:
    env = os.environ | {"SHIGAN_DATA": str(folder), "SHIGAN_DATABASE_URL": ""}
    return subprocess.run([sys.executable, "-c", script], env=env, text=True, capture_output=True)


@pytest.mark.slow
def test_a_thousand_torn_logs_lose_only_the_end_and_never_half_a_transaction(tmp_path: Path) -> None:
    answer = run(tmp_path, f"TIMES = 1000\n{TORN}")
    assert answer.returncode == 0, answer.stderr[-2000:]
    assert int(answer.stdout.split()[-1]) > 25, "tears fell on nearly every transaction"


@pytest.mark.slow
def test_a_full_small_disk_refuses_cleanly_and_writing_goes_on_when_there_is_room(tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(small)], capture_output=True, text=True
    )
    if mounted.returncode:
        pytest.skip(f"a small disk cannot be mounted here: {mounted.stderr.strip()}")
    try:
        answer = run(small, FULL)
    finally:
        subprocess.run(["umount", str(small)], check=True)
    assert answer.returncode == 0, answer.stderr[-2000:]
    said, counts = answer.stdout.strip().splitlines()
    assert "没有写入任何内容" in said
    kept, sealed = counts.split()
    assert kept == sealed
