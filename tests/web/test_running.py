"""What the commands say when something is in the way."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection

from shigan.facts.faults import Fault
from shigan.web import running

SHIGAN = str(Path(sys.executable).parent / "shigan")


def shigan(folder: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    env = (
        {k: v for k, v in os.environ.items() if not k.startswith("SHIGAN_")}
        | {"SHIGAN_DATA": str(folder)}
        | more
    )
    return subprocess.run([SHIGAN, *words], env=env, text=True, capture_output=True, timeout=120)


def test_a_port_in_use_is_told_with_another_to_take(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        answer = shigan(tmp_path, "serve", "--port", str(port))
    assert answer.returncode == 2
    assert f"端口 {port} 已被占用" in answer.stderr and f"--port {port + 1}" in answer.stderr
    assert "Traceback" not in answer.stderr


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="the signals of a terminal")
def test_ctrl_c_ends_the_server_quietly(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = {k: v for k, v in os.environ.items() if not k.startswith("SHIGAN_")} | {
        "SHIGAN_DATA": str(tmp_path)
    }
    command = [SHIGAN, "serve", "--port", str(port)]
    run = subprocess.Popen(command, env=env, stderr=subprocess.PIPE, text=True, start_new_session=True)
    try:
        _wait(port)
    finally:
        os.killpg(run.pid, signal.SIGINT)  # the whole group, as a terminal does
        _out, told = run.communicate(timeout=30)
    assert run.returncode == 0 and "Traceback" not in told
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))


def _wait(port: int) -> None:
    for _attempt in range(300):
        try:
            return socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            time.sleep(0.1)
    pytest.fail("the server did not come up")


@pytest.mark.django_db
def test_a_database_from_a_newer_version_is_left_alone() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('web', '9999_later', '2030-01-01')"
        )
    with pytest.raises(Fault, match="更新的软件版本"):
        running.migrate()


@pytest.mark.skipif(sys.platform != "linux", reason="a file size limit stands in for a full disk")
def test_a_full_disk_refuses_cleanly_and_keeps_what_was_written(tmp_path: Path) -> None:
    script = """
import os, resource, signal; os.environ["DJANGO_SETTINGS_MODULE"] = "shigan.web.settings"
import django; django.setup()
from datetime import date
from shigan.facts.faults import Fault
from shigan.facts.units import UnitFounded, UnitKind
from shigan.web import running, store, verifying
from shigan.work.admit import Author, Draft
running.migrate()
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (3_000_000, resource.RLIM_INFINITY))
kept = 0
try:
    for n in range(2000):
        village, day = UnitFounded(kind=UnitKind.VILLAGE), date(2026, 1, 1)
        drafts = [Draft(f"U{n:04d}{k}", village, "U001", day) for k in range(9)]
        store.append(drafts, Author("P0001", "U002")); kept += 9
except Fault as fault:
    print(fault)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
from shigan.web.models import EntryRow
from django.db import connection
connection.close()
print(kept, EntryRow.objects.count(), list(verifying.verify()))
"""
    env = os.environ | {"SHIGAN_DATA": str(tmp_path), "SHIGAN_DATABASE_URL": ""}
    answer = subprocess.run(
        [sys.executable, "-c", script], env=env, text=True, capture_output=True, timeout=120
    )
    assert answer.returncode == 0, answer.stderr
    said, result = answer.stdout.strip().splitlines()
    assert "没有写入任何内容" in said
    kept, count, wrong = result.split(" ", 2)
    assert kept == count != "0" and wrong == "[]"


def test_the_first_administrator_needs_a_good_password_and_is_the_only_one(tmp_path: Path) -> None:
    short = shigan(tmp_path, "admin", "root1", "--password", "123")
    assert short.returncode == 2 and "Traceback" not in short.stderr
    assert shigan(tmp_path, "admin", "root1", "--password", "水库边的第七棵柳树很老").returncode in (0, 2)
    assert shigan(tmp_path, "admin", "root1", "--password", "a long enough password 2026").returncode == 0
    again = shigan(tmp_path, "admin", "root2", "--password", "a long enough password 2026")
    assert again.returncode == 2 and "已有系统管理员" in again.stderr


def test_verify_of_an_empty_ledger_is_whole(tmp_path: Path) -> None:
    answer = shigan(tmp_path, "verify")
    assert answer.returncode == 0 and "台账完整" in answer.stdout


def test_states_are_checked_by_a_second_process_too(tmp_path: Path) -> None:
    script = """
import os; os.environ["DJANGO_SETTINGS_MODULE"] = "shigan.web.settings"
import django; django.setup()
from datetime import date
from django.db import connection
from shigan.facts.units import UnitFounded, UnitKind
from shigan.web import running, sealing, store, verifying
from shigan.work.admit import Author, Draft
running.migrate()
drafts = [Draft(f"U{n:03}", UnitFounded(kind=UnitKind.VILLAGE), "U001", date(2026, 1, 1)) for n in range(9)]
store.append(drafts, Author("P0001", "U002")); sealing.seal()
verifying.APART = 1
assert verifying._beside(verifying._states) is not verifying._states
print(len(list(verifying.verify())))
with connection.cursor() as cursor:
    cursor.execute("UPDATE state SET unit = 'U999' WHERE subject = 'U005'")
print(*(bad.place for bad in verifying.verify()))
"""
    env = os.environ | {"SHIGAN_DATA": str(tmp_path), "SHIGAN_DATABASE_URL": ""}
    done = subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    whole, changed = done.stdout.splitlines()
    assert whole == "0" and "U005" in changed
