"""A browser at the desk, for tests: it sends forms to the pages of a box and keeps what comes back."""

from __future__ import annotations

import asyncio
import html
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from shigan.box.canonical import canonical
from shigan.box.desk.answer import Answer
from shigan.box.desk.keys import Keys, Role
from shigan.box.running import Box
from shigan.box.server import Pages
from tests.box.ceremony import Case


@dataclass
class Browser:
    """One key, one tab; `slept` are the waits at the door, in seconds."""

    pages: Pages
    key: str
    slept: list[float] = field(default_factory=list)
    last: Answer = field(default_factory=lambda: Answer(b""))

    def get(self, path: str) -> str:
        return self._send("GET", path, b"", "")

    def post(self, action: str = "", language: str = "", **fields: Any) -> str:
        """Send a form of the desk; the words of the page that comes."""
        body = urlencode({"key": self.key, **fields}).encode()
        path = f"{language}/desk/{action}".rstrip("/")
        return self._send("POST", path, body, "application/x-www-form-urlencoded")

    def upload(self, action: str, name: str, *files: Any) -> str:
        """Send files as a browser does."""
        parts = [_part("key", self.key.encode()), *(_part(name, _bytes(each), name) for each in files)]
        body = b"".join(b"--border\r\n" + part for part in parts) + b"--border--\r\n"
        return self._send("POST", f"/desk/{action}", body, "multipart/form-data; boundary=border")

    def _send(self, method: str, path: str, body: bytes, kind: str) -> str:
        async def read() -> bytes:
            return body

        self.last = asyncio.run(self.pages.answer(method, path, len(body), read, kind))
        return words(self.last.body)


def _bytes(given: Any) -> bytes:
    return given if isinstance(given, bytes) else canonical(given)


def _part(name: str, data: bytes, file: str = "") -> bytes:
    saved = f'; filename="{file}.json"\r\nContent-Type: application/json' if file else ""
    return f'Content-Disposition: form-data; name="{name}"{saved}\r\n\r\n'.encode() + data + b"\r\n"


def words(page: bytes) -> str:
    """What a page says, without its tags, in one line."""
    text = re.sub("<style.*?</style>|<[^>]*>", " ", page.decode(), flags=re.S)
    return " ".join(html.unescape(text).split())


def browsers(box: Box) -> dict[Role, Browser]:
    """One for every key; they share the box and its server."""
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    keys = Keys(sleep=sleep)
    pages = Pages(box, keys)
    return {role: Browser(pages, keys.codes[role], slept) for role in Role}


def tally_form(counts: dict[str, dict[str, int]]) -> dict[str, str]:
    """The counts by hand as the form sends them."""
    return {f"{voters}_{key}": str(n) for voters, line in counts.items() for key, n in line.items()}


def marks_form(row: str) -> dict[str, str]:
    """The marks of a sheet as its form sends them."""
    return {f"c{at}": mark for at, mark in enumerate(row)}


def close_by_hand(made: Case, box: Box) -> None:
    """The hour of closing comes."""
    made.hands.on(minutes=455)
    box.minute()
