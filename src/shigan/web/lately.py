"""Remember the answer of a function for a few seconds, so that a list costs no query a row."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Generic, TypeVar

A = TypeVar("A")


class Lately(Generic[A]):
    """Calls `read` at most every `seconds`; `forget` makes the next call read anew."""

    def __init__(self, read: Callable[[], A], seconds: float) -> None:
        self.read, self.seconds = read, seconds
        self.forget()

    def forget(self) -> None:
        """Read anew at the next call."""
        self._at = float("-inf")

    def __call__(self) -> A:
        if time.monotonic() - self._at > self.seconds:
            self._answer = self.read()
            self._at = time.monotonic()
        return self._answer
