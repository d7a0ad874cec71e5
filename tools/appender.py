"""A writer for the race and crash tests: append reports to one problem, say each that was acknowledged.

python tools/appender.py setup | append N NAME | deaths N SEED
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from datetime import date

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shigan.web.settings")

import django

django.setup()

from shigan.facts.problems import ProblemRaised, ProgressReported, Source  # noqa: E402
from shigan.facts.units import UnitFounded, UnitKind  # noqa: E402
from shigan.web import running, store  # noqa: E402
from shigan.work.admit import Author, Draft  # noqa: E402
from shigan.work.state import Stale  # noqa: E402

BY = Author("P0001", "U001")
DAY = date(2026, 3, 1)


def setup() -> None:
    """A county of one unit with one problem."""
    running.migrate()
    raised = ProblemRaised(source=Source.VISIT, category="供水", text="水压不足")
    store.append([Draft("U001", UnitFounded(kind=UnitKind.COUNTY), "U001", DAY)], BY)
    store.append([Draft("Q00001", raised, "U001", DAY)], BY)


def append(times: int, name: str) -> None:
    """Append, trying again when somebody else was first; print `name n seq` only after the commit."""
    for n in range(times):
        draft = Draft("Q00001", ProgressReported(text=f"{name} 第 {n} 次"), "U001", DAY)
        while True:
            try:
                (entry,) = store.append([draft], BY)
                break
            except Stale:
                continue
        print(name, n, entry.seq, flush=True)


def deaths(times: int, seed: str) -> None:
    """As many writers one after another, each killed while it appends; print what each had acknowledged.

    They are forked from here, where no connection is open yet, so that none has to start anew.
    """
    chance = random.Random(seed)
    for n in range(times):
        reading, writing = os.pipe()
        writer = os.fork()
        if not writer:
            os.dup2(writing, sys.stdout.fileno())
            append(100_000, f"第{n}个")
        os.close(writing)
        with os.fdopen(reading) as said:
            first = said.readline()
            time.sleep(chance.random() * 0.2)
            os.kill(writer, signal.SIGKILL)
            lines = [first, *(line for line in said if line.endswith("\n"))]
        _pid, status = os.waitpid(writer, 0)
        assert os.WTERMSIG(status) == signal.SIGKILL
        print("".join(lines), end="", flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "setup":
        setup()
    elif sys.argv[1] == "deaths":
        deaths(int(sys.argv[2]), sys.argv[3])
    else:
        append(int(sys.argv[2]), sys.argv[3])
