"""Many writers and sudden deaths: nothing acknowledged is lost, nothing is double, one winner a place."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import POSTGRES

APPENDER = Path(__file__).parents[2] / "tools" / "appender.py"
READ = """
import os; os.environ["DJANGO_SETTINGS_MODULE"] = "shigan.web.settings"
import django; django.setup()
from shigan.web import store, sealing, verifying
sealing.seal()
assert list(verifying.verify()) == []
for entry in store.entries("Q00001"):
    if entry.kind == "ProgressReported":
        name, n = entry.fact.text.split(" 第 ")
        print(name, n.split()[0], entry.seq)
"""


def environment(folder: Path, database: str) -> dict[str, str]:
    return os.environ | {"SHIGAN_DATA": str(folder), "SHIGAN_DATABASE_URL": database}


def run(env: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *words], env=env, text=True, capture_output=True, check=True)


def written(env: dict[str, str]) -> list[str]:
    return run(env, "-c", READ).stdout.splitlines()


def fresh_database(url: str) -> str:
    """An empty database beside the one that the URL names."""
    import psycopg

    name = f"shigan_{os.getpid()}_{random.randrange(10**6)}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")  # type: ignore[call-overload]
    return f"{url.rsplit('/', 1)[0]}/{name}"


def four_writers(env: dict[str, str], times: int) -> None:
    run(env, str(APPENDER), "setup")
    writers = [
        subprocess.Popen(
            [sys.executable, str(APPENDER), "append", str(times), name],
            env=env,
            text=True,
            stdout=subprocess.PIPE,
        )
        for name in "甲乙丙丁"
    ]
    said = [line for writer in writers for line in writer.communicate()[0].splitlines()]
    assert all(writer.returncode == 0 for writer in writers)
    assert len(said) == 4 * times
    assert sorted(said) == sorted(written(env)), "no lost, no double"
    assert sorted(int(line.split()[2]) for line in said) == list(range(2, 4 * times + 2)), (
        "one winner a place"
    )


@pytest.mark.slow
def test_four_processes_write_to_one_problem_on_sqlite(tmp_path: Path) -> None:
    four_writers(environment(tmp_path, ""), 200)


@pytest.mark.slow
@pytest.mark.postgres
def test_four_processes_write_to_one_problem_on_postgresql(tmp_path: Path) -> None:
    four_writers(environment(tmp_path, fresh_database(POSTGRES)), 200)


@pytest.mark.slow
def test_two_hundred_sudden_deaths_lose_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    env = environment(tmp_path, "")
    run(env, str(APPENDER), "setup")
    said = run(env, str(APPENDER), "deaths", "200", "seed").stdout.splitlines()
    assert len({line.split()[0] for line in said}) == 200, "each had something acknowledged"
    kept = written(env)
    assert set(said) <= set(kept)
    assert len(set(kept)) == len(kept)
