"""Answers that leave on the beat, so that nobody can tell from their time how long the work took.

An event loop's own timers are no good for this: they round up to the next millisecond from the moment at
which the loop goes to sleep, and that is when the work was done. Here a thread of its own keeps the beat.
"""

from __future__ import annotations

import asyncio
import threading
import time

FLOOR = 0.01
"""Seconds from question to answer at the least: much more than first, later and wrong ballots differ by."""
BEAT = 0.004
"""Seconds between two beats; all answers that are due leave together."""


class Pace:
    """Belongs to one event loop."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._waiting: list[tuple[float, asyncio.Future[None]]] = []
        self._some = threading.Event()
        threading.Thread(target=self._keep, name="box-pace", daemon=True).start()

    def keeps(self, loop: asyncio.AbstractEventLoop) -> bool:
        """Whether it belongs to this loop."""
        return self._loop is loop

    async def after(self, asked: float) -> None:
        """Wait for the first beat that comes `FLOOR` seconds or more after `time.monotonic()` was `asked`."""
        future = self._loop.create_future()
        self._waiting.append((asked + FLOOR, future))
        self._some.set()
        await future

    def _keep(self) -> None:
        while True:
            self._some.wait()
            time.sleep(BEAT - time.monotonic() % BEAT)
            try:
                self._loop.call_soon_threadsafe(self._beat, time.monotonic())
            except RuntimeError:  # the loop is closed
                return

    def _beat(self, now: float) -> None:
        due = [future for moment, future in self._waiting if moment <= now]
        self._waiting = [own for own in self._waiting if own[0] > now]
        for future in due:
            if not future.done():
                future.set_result(None)
        if not self._waiting:
            self._some.clear()
