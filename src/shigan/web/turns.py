"""Who writes next on SQLite. It lets one write at a time, and who waits for it asks only every 100 ms, so
that one may wait for seconds while others come and go. A lock on a file wakes who waits at once.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection


@contextmanager
def turn() -> Iterator[None]:
    """Hold the turn to write; take it before the transaction begins. Inside of one it is held already."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    with (settings.DATA / "turn").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # closing the file gives it back, however the process ends
        yield
