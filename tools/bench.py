"""The bars of docs/bars.md, measured on this machine.

    python tools/bench.py jobs                 build, verify: seconds and memory
    python tools/bench.py pages [--scale 10]   8 clients on the demo county: median and p95 milliseconds
    python tools/bench.py raters [--scale .01] the rater model: a county, 10⁶ lines, 10⁷ lines on DuckDB
    python tools/bench.py mutations            1,000 tamperings of eight kinds: found? the first place named?
    python tools/bench.py ledger [--scale .1]  appends, sealing under load, 10⁶ entries verified
    python tools/bench.py erasure              1,000 subjects erased: `verify`, proofs, bytes left in files
    python tools/bench.py reuse --folder F     copied passages: MB a second, memory, a draft, alignment
    python tools/bench.py documents [--scale .1] 10⁵ documents: drafts, register, one document, search
    python tools/bench.py box                  the ballot box: ballots a second, alike answers, verifying

Figures move with the load of the machine: compare within one run only.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

SHIGAN = str(Path(sys.executable).parent / "shigan")
CLIENTS = 8


class Job(NamedTuple):
    """A command and what it may take: seconds of wall clock, MiB of memory at the peak."""

    name: str
    words: tuple[str, ...]
    seconds: float
    mebibytes: int


JOBS = (
    Job("demo county built, sealed, judged", ("demo", "--build-only"), 90, 1536),
    Job("demo county verified", ("verify",), 15, 1536),
)


def jobs(folder: Path, _scale: float) -> None:
    """Seconds and memory of the main jobs."""
    print(f"{'':<36}{'seconds':>9}{'bar':>7}{'MiB':>8}{'bar':>7}")
    for job in JOBS:
        seconds, mebibytes = measure(SHIGAN, *job.words, "--data", str(folder))
        print(f"{job.name:<36}{seconds:>9.1f}{job.seconds:>7.0f}{mebibytes:>8.0f}{job.mebibytes:>7}")


def measure(*words: str) -> tuple[float, float]:
    """Wall seconds and peak MiB of one command and its children."""
    began = time.monotonic()
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"`{' '.join(words)}` failed with {process.returncode}.")
    return time.monotonic() - began, used.ru_maxrss / 1024


def pages(folder: Path, scale: float) -> None:
    """Eight clients ask for each page in turn; p95 against its bar (at ten times the county: 1.5 × that)."""
    subprocess.run(
        [SHIGAN, "demo", "--build-only", "--data", str(folder), "--scale", str(scale)], check=True,
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    prepare(folder)
    with serving(folder) as port:
        cookie, targets, problems = session()
        print(f"{'page':<34}{'n':>6}{'median ms':>11}{'p95 ms':>9}{'bar':>6}")
        for name, addresses, bar in targets:
            times = crowd(partial(visit, port, cookie, addresses), 320)
            row(name, times, bar * (1.5 if scale >= 10 and bar < 300 else 1))
        row("append a fact", crowd(lambda i: post(port, cookie, problems[i]), 320), 300)


def prepare(folder: Path) -> None:
    """Point Django at the folder."""
    os.environ |= {"SHIGAN_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "shigan.web.settings"}
    import django

    django.setup()


def session() -> tuple[str, list[tuple[str, list[str], float]], list[str]]:
    """A logged-in officer's cookie, the pages to ask for, and problems to append to."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from shigan.web import opening, store
    from shigan.web.models import Account

    user = Account.objects.get(username="officer")
    kept = SessionStore()
    kept[SESSION_KEY] = str(user.pk)
    kept[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    kept[HASH_SESSION_KEY] = user.get_session_auth_hash()
    purpose = store.rulebook().readings.purposes.value[0]
    kept[opening.SESSION_KEY] = {"purpose": purpose, "note": "", "at": int(time.time())}
    kept.save()
    chance = random.Random(1)
    codes = list(store.listing("Q").filter(stage="整改中").values_list("subject", flat=True)[:2000])
    units = list(store.listing("U").values_list("subject", flat=True))
    people = list(
        store.listing("P/").filter(subject__endswith="/2026").values_list("subject", flat=True)[:400]
    )
    groups = list(store.listing("G").values_list("subject", flat=True))
    lists = [
        f"/problems/?{urlencode(q)}"
        for q in (
            {"stage": "整改中", "sort": "due"}, {"late": 1}, {"source": "调研", "page": 2}, {"mark": 1},
            {"unit": chance.choice(units), "sort": "since"}, {"sort": "due", "page": 3},
        )
    ]  # fmt: skip
    return (
        f"sessionid={kept.session_key}; csrftoken={'a' * 32}",
        [
            ("problem list, filtered", lists, 200),
            ("one problem", [f"/problems/{c}" for c in chance.sample(codes, min(200, len(codes)))], 200),
            ("profile", [f"/appraisal/{c}" for c in chance.sample(people, min(100, len(people)))], 200),
            ("appraisal board", [f"/appraisal/group/{g}/2026" for g in groups], 200),
        ],
        chance.sample(codes, min(320, len(codes))),
    )


@contextmanager
def serving(folder: Path) -> Iterator[int]:
    """The server as `shigan serve` starts it, on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    server = subprocess.Popen([SHIGAN, "serve", "--data", str(folder), "--port", str(port)])
    try:
        for _attempt in range(200):
            try:
                get(port, "", "/login")
                break
            except OSError:
                time.sleep(0.2)
        yield port
    finally:
        server.send_signal(2)
        server.wait(20)


def get(port: int, cookie: str, address: str) -> None:
    """Ask for a page; anything but 200 ends the benchmark."""
    ask(port, "GET", address, None, {"Cookie": cookie}, 200)


def visit(port: int, cookie: str, addresses: list[str], i: int) -> None:
    """Ask for the i-th of the addresses, around and around."""
    get(port, cookie, addresses[i % len(addresses)])


def post(port: int, cookie: str, code: str) -> None:
    """Append a progress report to a problem through its form."""
    from shigan.web import store

    state = store.state(code)
    assert state is not None
    form = {
        "text": "已到现场查看水压", "happened": date.today().isoformat(), "seen": state.seq, "opened": 0,
        "csrfmiddlewaretoken": "a" * 32,
    }  # fmt: skip
    headers = {
        "Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded", "Referer": f"http://127.0.0.1:{port}/",
    }  # fmt: skip
    began = time.monotonic()
    ask(port, "POST", f"/act/ProgressReported/{code}", urlencode(form), headers, 302)
    local.spent = time.monotonic() - began


local = threading.local()


def ask(port: int, verb: str, address: str, body: str | None, headers: dict[str, str], expected: int) -> None:
    """One request on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request(verb, address, body, headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    if answer.status not in (expected, 200):
        raise SystemExit(f"{verb} {address}: {answer.status}")


def crowd(once: Callable[[int], None], times: int) -> list[float]:
    """Milliseconds of each call, eight callers at a time, after a warm round that is not counted."""
    callers(once, 32)
    return sorted(callers(once, times))


def callers(once: Callable[[int], None], times: int) -> list[float]:
    """Milliseconds of each call by eight callers at a time."""
    spent: list[float] = []

    def caller(first: int) -> None:
        for i in range(first, times, CLIENTS):
            local.spent = None
            began = time.monotonic()
            once(i)
            spent.append(1000 * (local.spent or time.monotonic() - began))

    threads = [threading.Thread(target=caller, args=(k,)) for k in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if len(spent) < times:
        raise SystemExit(f"{times - len(spent)} of {times} requests were not answered as they should")
    return spent


def row(name: str, times: list[float], bar: float) -> None:
    """One line of the table."""
    p95 = times[int(0.95 * (len(times) - 1))]
    print(f"{name:<34}{len(times):>6}{statistics.median(times):>11.0f}{p95:>9.0f}{bar:>6.0f}")


def raters(folder: Path, scale: float) -> None:
    """Seconds and memory of readings of one county and of very many lines."""
    script = Path(__file__).with_name("bench_raters.py")
    subprocess.run([sys.executable, str(script), "all", str(folder), str(scale)], check=True)


def mutations(_folder: Path, _scale: float) -> None:
    """1,000 random tamperings of eight kinds; fails where one is not found, or its first place not named."""
    subprocess.run([sys.executable, str(Path(__file__).with_name("bench_mutations.py"))], check=True)


def ledger(folder: Path, scale: float) -> None:
    """The ledger under load (tools/bench_ledger.py measures its parts one by one)."""
    script = Path(__file__).with_name("bench_ledger.py")
    subprocess.run([sys.executable, str(script), "--scale", str(scale), "--folder", str(folder)], check=True)


def erasure(_folder: Path, scale: float) -> None:
    """1,000 subjects of the demo county erased; fails where anything of them is left."""
    script = Path(__file__).with_name("bench_erasure.py")
    subprocess.run([sys.executable, str(script), str(scale), "1000"], check=True)


def documents(folder: Path, scale: float) -> None:
    """10⁵ documents on the register: drafts, the list, one document, words found, through the page."""
    script = Path(__file__).with_name("bench_documents.py")
    words = ["--documents", str(int(100_000 * scale)), "--folder", str(folder)]
    subprocess.run([sys.executable, str(script), *words], check=True)


def box(_folder: Path, scale: float) -> None:
    """The ballot box under load (also `shigan bench box`)."""
    from shigan.bench.box.run import command

    command(print, int(10_000 * scale), int(1_000 * scale), int(2_000 * scale))


def reuse(folder: Path, _scale: float) -> None:
    """The speed of finding copied passages of the corpus `law.jsonl.xz` in the folder."""
    corpus = folder / "law.jsonl.xz"
    if not corpus.exists():
        sys.exit(f"{corpus} is not there: give the folder that holds it with --folder.")
    for options in ([], ["--copies", "52"], ["--drafts"], ["--relays"]):
        words = [sys.executable, "-m", "shigan.bench.reuse.speed", str(corpus), *options]
        subprocess.run(words, check=True)


def main() -> None:
    """Run one benchmark in a folder of its own, or in one that is given."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "what",
        choices=["jobs", "pages", "raters", "mutations", "ledger", "erasure", "documents", "box", "reuse"],
    )
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--folder", type=Path)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        run = {
            "jobs": jobs, "pages": pages, "raters": raters, "mutations": mutations, "ledger": ledger,
            "erasure": erasure, "documents": documents, "box": box, "reuse": reuse,
        }[args.what]  # fmt: skip
        run(args.folder or Path(folder), args.scale)


if __name__ == "__main__":
    main()
