"""A writer for the race and crash tests: append reports to one problem, say each that was acknowledged.

python tools/appender.py setup | append N NAME
"""

from __future__ import annotations

import os
import sys
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


if __name__ == "__main__":
    if sys.argv[1] == "setup":
        setup()
    else:
        append(int(sys.argv[2]), sys.argv[3])
