"""The ledger under load: appends, sealing while others write, the whole check, the restore drill.

    python tools/bench_ledger.py [appends] [sealing] [checking] [--scale 0.1] [--folder F] [--writers 8]

`--scale 1` checks 10⁶ entries; 10⁵ are sealed in any case. PostgreSQL is measured where
SHIGAN_TEST_DATABASE_URL names a server on which databases may be made; SQLite always. Each line tells the bar
and the figure; seconds move with the load of the machine, which is told first, seconds of processor little.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__)
SHIGAN = str(Path(sys.executable).parent / "shigan")
POSTGRES = os.environ.get("SHIGAN_TEST_DATABASE_URL", "")
DAY = date(2026, 3, 1)
CHAIN = """CREATE TABLE IF NOT EXISTS chain (id bigserial PRIMARY KEY, body text, hash bytea);
CREATE TABLE IF NOT EXISTS head (one int PRIMARY KEY, hash bytea); TRUNCATE chain, head;
INSERT INTO head VALUES (1, '')"""


def line(what: str, figure: str, bar: str = "") -> None:
    print(f"{what:<64}{figure:>16}   {bar}", flush=True)


@contextmanager
def database(url: str) -> Iterator[str]:
    """A database of one's own on the server, or SQLite where there is none."""
    from shigan.exchange.keeping.scratch import scratch_database

    with scratch_database(url) as own:
        yield own


def environment(folder: Path, url: str) -> dict[str, str]:
    return os.environ | {
        "SHIGAN_DATA": str(folder), "SHIGAN_DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "shigan.web.settings",
    }  # fmt: skip


def child(env: dict[str, str], *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, str(HERE), *words], env=env, text=True, stdout=subprocess.PIPE)


def said(process: subprocess.Popen[str]) -> list[str]:
    words = process.communicate()[0].split()
    if process.returncode:
        sys.exit(f"{process.args!r} failed with {process.returncode}.")
    return words


def crowd(env: dict[str, str], how: str, writers: int, seconds: float) -> tuple[float, list[float]]:
    """Acknowledged appends a second of all writers together, and each one's milliseconds."""
    processes = [child(env, how, str(n), str(seconds)) for n in range(writers)]
    times = sorted(float(each) for process in processes for each in said(process))
    return len(times) / seconds, times


def p99(times: list[float]) -> float:
    return times[int(0.99 * (len(times) - 1))]


# --- what the children do ------------------------------------------------------------------------------


def prepare() -> None:
    import django

    django.setup()


def fill(entries: str, _unused: str) -> None:
    """A ledger of problems with progress reports, not sealed."""
    prepare()
    from shigan.facts.problems import ProblemRaised, ProgressReported, Source
    from shigan.facts.units import UnitFounded, UnitKind
    from shigan.web import running, store
    from shigan.work.admit import Author, Draft

    running.migrate()
    by, now = Author("P0001", "U001"), datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
    store.append([Draft("U001", UnitFounded(kind=UnitKind.COUNTY), "U001", DAY)], by, now)

    def batches() -> Iterator[tuple[list[Draft], Author, datetime]]:
        for n in range(int(entries) // 50):
            code = f"Q{n:06d}"
            raised = ProblemRaised(source=Source.VISIT, category="供水", text=f"第 {n} 处水压不足，早晚无水")
            reports = [ProgressReported(text=f"第 {k} 次到现场查看水压，已换阀门") for k in range(49)]
            yield [Draft(code, fact, "U001", DAY) for fact in (raised, *reports)], by, now

    for _written in store.append_many(batches()):
        pass


def whole(name: str, seconds: str) -> None:
    """Append as pages do: rules, states, salts and all. Each writer has a problem of its own."""
    prepare()
    from shigan.facts.problems import ProblemRaised, ProgressReported, Source
    from shigan.web import store
    from shigan.work.admit import Author, Draft

    by, code = Author("P0001", "U001"), f"Q9{name}{os.getpid()}"
    raised = ProblemRaised(source=Source.VISIT, category="供水", text="水压不足")
    store.append([Draft(code, raised, "U001", DAY)], by)
    report(seconds, lambda n: store.append([Draft(code, ProgressReported(text=f"{n}"), "U001", DAY)], by))


def plain(name: str, seconds: str) -> None:
    """The store's own statements, entry and payload in one transaction, without the rules."""
    prepare()
    from django.db import connection, transaction

    from shigan.web import store

    def once(n: int) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            (number,) = store._numbers(1)
            leaf = hashlib.sha256(f"{name} {n}".encode()).digest()
            about = (
                f"X{name}{os.getpid()}",
                n,
                "ProgressReported",
                "U001",
                DAY.isoformat(),
                0,
                "P0001",
                "U001",
            )
            row = (number, *about, leaf.hex(), leaf)
            cursor.execute(store.INSERT_ENTRY, row)
            cursor.execute(store.INSERT_PAYLOAD, (number, leaf, "{}"))

    report(seconds, once)


def chain(name: str, seconds: str) -> None:
    """The same with one hash chain over all entries: every writer waits for the head."""
    prepare()
    from django.db import connection, transaction

    def once(n: int) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT hash FROM head WHERE one = 1 FOR UPDATE")
            (before,) = cursor.fetchone()
            after = hashlib.sha256(bytes(before) + f"{name} {n}".encode()).digest()
            cursor.execute("INSERT INTO chain (body, hash) VALUES (%s, %s)", [f"{name} {n}", after])
            cursor.execute("UPDATE head SET hash = %s WHERE one = 1", [after])

    report(seconds, once)


def seal(_name: str, _unused: str) -> None:
    """Seal what waits; seconds."""
    prepare()
    from shigan.web import sealing

    began = time.monotonic()
    sealing.seal()
    print(time.monotonic() - began)


def report(seconds: str, once: Callable[[int], Any]) -> None:
    """Call until the time is over; print the milliseconds of each."""
    spent, ends, n = [], time.monotonic() + float(seconds), 0
    while time.monotonic() < ends:
        began, n = time.monotonic(), n + 1
        once(n)
        spent.append(1000 * (time.monotonic() - began))
    print(*(f"{each:.2f}" for each in spent))


CHILDREN = {each.__name__: each for each in (fill, whole, plain, chain, seal)}


# --- what is measured ----------------------------------------------------------------------------------


def appends(folder: Path, url: str, writers: int, seconds: float) -> None:
    """Durable appends of many writers, beside a global hash chain in the same run."""
    kind = "PostgreSQL" if url else "SQLite"
    with database(url) as own:
        env = environment(folder, own)
        said(child(env, "fill", "50", ""))
        rate, times = crowd(env, "whole", writers, seconds)
        line(
            f"{kind}, {writers} writers, append with rules and states",
            f"{rate:,.0f}/s",
            f"p99 {p99(times):.0f} ms",
        )
        rate, times = crowd(env, "plain", writers, seconds)
        line(
            f"{kind}, {writers} writers, entry and payload alone",
            f"{rate:,.0f}/s",
            "≥ 1,000/s" if url else "",
        )
        if url:
            import psycopg

            with psycopg.connect(own, autocommit=True) as connection:
                connection.execute(CHAIN)
            chained, _times = crowd(env, "chain", writers, seconds)
            line("  the same with a global hash chain", f"{chained:,.0f}/s")
            line("  ratio", f"{rate / chained:.1f} ×", "≥ 5 ×")


def sealing(folder: Path, url: str, entries: int, writers: int) -> None:
    """10⁵ entries are sealed while two writers go on."""
    kind = "PostgreSQL" if url else "SQLite"
    with database(url) as own:
        env = environment(folder, own)
        said(child(env, "fill", str(entries), ""))
        working = [child(env, "whole", str(n), "12") for n in range(writers)]
        time.sleep(4)
        took = float(said(child(env, "seal", "", ""))[0])
        times = sorted(float(each) for process in working for each in said(process))
        line(f"{kind}, {entries:,} entries sealed while {writers} write", f"{took:.1f} s", "≤ 5 s for 10⁵")
        line(
            "  their appends meanwhile, p99 and longest",
            f"{p99(times):.0f}, {times[-1]:.0f} ms",
            "p99 ≤ 50 ms",
        )


class Spent(NamedTuple):
    """What a command and its children took: seconds of wall clock and of processor, MiB at the peak."""

    seconds: float
    processor: float
    mebibytes: float

    def words(self) -> str:
        return f"{self.processor:.1f} s of processor, {self.mebibytes:.0f} MiB"


def timed(env: dict[str, str], *words: str) -> Spent:
    """Run a command to its end; a failure ends the benchmark."""
    began = time.monotonic()
    process = subprocess.Popen(words, env=env, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"`{' '.join(words)}` failed with {process.returncode}.")
    return Spent(time.monotonic() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def checking(folder: Path, entries: int) -> None:
    """The whole check, of the database and of an export, and the drill of the same ledger, on SQLite."""
    env, out = environment(folder, ""), folder / "export"
    alone = (sys.executable, "-m", "shigan.ledger.verify", str(out))
    for words, what, bar in (
        ((sys.executable, str(HERE), "fill", str(entries), ""), f"{entries:,} entries written in bulk", ""),
        ((sys.executable, str(HERE), "seal", "", ""), "  sealed", ""),
        ((SHIGAN, "verify"), "  verified, states too, by two processes", "≤ 60 s for 10⁶"),
        ((SHIGAN, "export", str(out), "--payloads"), "  exported with contents", ""),
        (alone, "  the export verified with Python alone", ""),
        ((SHIGAN, "backup", "--to", f"{folder}/backups"), "  backed up", ""),
        ((SHIGAN, "drill", f"{folder}/backups"), "  restored, verified, served", "≤ 60 s, demo county"),
    ):
        spent = timed(env, *words)
        line(what, f"{spent.seconds:.1f} s", f"{spent.words()}   {bar}")


PARTS = ("appends", "sealing", "checking")


def main() -> None:
    """Measure, or be one of the children."""
    if len(sys.argv) == 4 and sys.argv[1] in CHILDREN:
        CHILDREN[sys.argv[1]](sys.argv[2], sys.argv[3])
        return
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", metavar="PART", default=[])
    parser.add_argument("--scale", type=float, default=0.1)
    parser.add_argument("--writers", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--folder", type=Path)
    args = parser.parse_args()
    parts = args.parts or PARTS
    if strange := set(parts) - set(PARTS):
        parser.error(f"no part {min(strange)}: there are {', '.join(PARTS)}.")
    line("load of the machine before, 1 and 5 minutes", "{:.1f}, {:.1f}".format(*os.getloadavg()))
    with tempfile.TemporaryDirectory(dir=args.folder) as place:
        folder = Path(place)
        for url in (POSTGRES, "") if POSTGRES else ("",):
            name = "postgresql" if url else "sqlite"
            if "appends" in parts:
                appends(folder / f"{name}-appends", url, args.writers, args.seconds)
            if "sealing" in parts:
                sealing(folder / f"{name}-sealing", url, 100_000, 2)
        if "checking" in parts:
            checking(folder / "checking", int(1_000_000 * args.scale))


if __name__ == "__main__":
    main()
