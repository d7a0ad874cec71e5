"""Who writes next on SQLite. It lets one write at a time, and who waits for it asks only every 100 ms, so
that one may wait for seconds while others come and go. A lock on a file wakes who waits at once.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection, transaction


@contextmanager
def turn() -> Iterator[None]:
    """Hold the turn to write; take it before the transaction begins. Inside of one it is held already."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    with (settings.DATA / "turn").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # closing the file gives it back, however the process ends
        yield


@contextmanager
def numbering(letter: str) -> Iterator[None]:
    """One transaction in which a free code of a letter stays free: for what is written without being asked.

    Who fills in a form is told when somebody else was first; who only opens a page must not be.
    """
    with turn(), transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ord(letter)])
        yield
