"""The box on the network: few addresses, no cookies, nothing kept of who asked.

Under granian's RSGI interface; one process, because one thread writes. Answers to a cast ballot are all made
in the same way and padded to one length, so that first, later and wrong ones look alike to whoever listens.
"""

from __future__ import annotations

import asyncio
import os
import re
import resource
import sqlite3
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from importlib import resources
from pathlib import Path
from typing import Any

from shigan.box import pages, signer
from shigan.box.desk import files as desk_files
from shigan.box.desk import keys as desk_keys
from shigan.box.desk.answer import Answer, Form, fields
from shigan.box.desk.desk import LARGEST, Desk
from shigan.box.manifest import BLANK, Manifest
from shigan.box.pace import Pace
from shigan.box.pages.frame import grouped
from shigan.box.pages.kiosk import RECEIPT_SECONDS, REFUSED_SECONDS, kiosk
from shigan.box.phases import Phase
from shigan.box.refusals import Refused
from shigan.box.running import Box
from shigan.box.tokens import LONGEST_TOKEN
from shigan.box.words import LANGUAGES, Language

HEADERS = [
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
]
CSS = "text/css; charset=utf-8"
STATIC = {"/box.css": CSS, "/desk.css": CSS, "/fill.js": "text/javascript; charset=utf-8"}


class Pages:
    """The voters' addresses over one box, and the desk's. `answer` knows nothing of the network."""

    def __init__(self, box: Box, keys: desk_keys.Keys | None = None) -> None:
        self.box, self.desk = box, Desk(box, keys)
        self._pace: Pace | None = None
        self._cache: dict[tuple[str, Language], bytes] = {}
        self._again = {
            (language, hall): Again(box, language, hall) for language in LANGUAGES for hall in HALL
        }
        self._receipts = {
            (language, hall): Receipt(box, language, hall) for language in LANGUAGES for hall in HALL
        }
        self._longest = max(each.longest for each in self._again.values())
        self._gets: dict[str, Callable[[Language], bytes]] = {
            "/": self._vote, "/look": self._look, "/about": self._about, "/comment": self._comment,
            "/kiosk": self._kiosk, "/included": self._included,
        }  # fmt: skip
        self._posts: dict[str, Callable[[Language, Form], Awaitable[bytes]]] = {
            "/cast": self._cast, "/look": self._shown, "/comment": self._commented,
            "/kiosk": self._cast_in_hall,
        }  # fmt: skip

    @property
    def largest(self) -> int:
        """Bytes of a form: the marks, a token, a comment, all in percent signs."""
        return 12 * len(self.box.manifest.cells) + 3 * LONGEST_TOKEN + 16_384

    async def answer(
        self, method: str, path: str, length: int, read: Callable[[], Awaitable[bytes]], kind: str = ""
    ) -> Answer:
        """One request. `length` is what the client says of the body, -1 if nothing; `kind` its type."""
        language, path = _language(path)
        if method == "GET" and path in STATIC:
            return Answer(_static(path), kind=STATIC[path], store=True)
        try:
            if Desk.owns(path):
                return await self._at_desk(method, path, language, length, read, kind)
            if method == "GET" and path == "/included.json":
                if self.box.phase < Phase.SEALED:
                    return Answer(self._included(language), 404)
                listed = await asyncio.to_thread(desk_files.included, self.box)
                return Answer(listed, kind=desk_files.JSON, save_as="included.json")
            if method in ("GET", "HEAD") and path in self._gets:
                return Answer(self._gets[path](language))
            if method == "POST" and path in self._posts:
                if not 0 <= length <= self.largest:
                    return Answer(self._refused(language, "too_large"), 413)
                return Answer(await self._posts[path](language, fields(await read())))
        except Refused as refusal:
            return Answer(self._refused(language, refusal.why or "marks"))
        except sqlite3.Error:
            return Answer(self._refused(language, "busy"), 503)
        if path == "/favicon.ico":
            return Answer(b"", 204)
        return Answer(self._refused(language, "no_page"), 404)

    async def _at_desk(
        self,
        method: str,
        path: str,
        language: Language,
        length: int,
        read: Callable[[], Awaitable[bytes]],
        kind: str,
    ) -> Answer:
        """The desk takes files, and so longer forms than voters send."""
        if method == "POST" and not 0 <= length <= LARGEST:
            return Answer(self._refused(language, "too_large"), 413)
        try:
            form = fields(await read(), kind) if method == "POST" and length else {}
        except Refused as refusal:
            return self.desk.turned_away(language, refusal)
        return await self.desk.answer(method, path, language, form)

    def _made(self, name: str, language: Language, make: Callable[[], bytes]) -> bytes:
        """A page that is the same for everybody, made once a phase."""
        key = (f"{name}/{self.box.phase.name}", language)
        if key not in self._cache:
            self._cache[key] = make()
        return self._cache[key]

    def _vote(self, language: Language) -> bytes:
        return self._made(
            "vote", language, lambda: pages.vote(self.box.manifest, self.box.names, language, self._when())
        )

    def _included(self, language: Language) -> bytes:
        return self._made("included", language, lambda: self.desk.included(language))

    def _kiosk(self, language: Language) -> bytes:
        return kiosk(self._vote(language), language)

    def _when(self) -> pages.Phase:
        if self.box.phase < Phase.VOTING:
            return "before"
        return "voting" if self.box.phase is Phase.VOTING else "after"

    def _look(self, language: Language) -> bytes:
        return self._made("look", language, lambda: pages.look(self.box.manifest, self.box.names, language))

    def _about(self, language: Language) -> bytes:
        return self._made("about", language, lambda: pages.about(self.box.manifest, self.box.names, language))

    def _comment(self, language: Language) -> bytes:
        return self._made(
            "comment", language, lambda: pages.comment(self.box.manifest, self.box.names, language)
        )

    async def _cast(self, language: Language, form: Form, hall: bool = False) -> bytes:
        """Answered on the beat: in time, first, later and wrong ballots do not differ."""
        if self._pace is None or not self._pace.keeps(asyncio.get_running_loop()):
            self._pace = Pace()
        pace, asked = self._pace, time.monotonic()
        row = row_of(self.box.manifest, form)
        try:
            n = await asyncio.wrap_future(self.box.cast(self._credential(form), row))
        except Refused as refusal:
            if refusal.why != "marks":
                raise
            page = pages.vote(self.box.manifest, self.box.names, language, "voting", "marks", row)
            return kiosk(page, language, REFUSED_SECONDS) if hall else page
        again = self._again[language, hall].page(row)
        receipt = self._receipts[language, hall].page((n or bytes(4)).hex()[:8])
        answer = (receipt if n else again).ljust(self._longest)
        await pace.after(asked)
        return answer

    async def _cast_in_hall(self, language: Language, form: Form) -> bytes:
        return await self._cast(language, form, hall=True)

    async def _shown(self, language: Language, form: Form) -> bytes:
        row = await asyncio.wrap_future(self.box.look(self._credential(form)))
        return pages.shown(self.box.manifest, self.box.names, language, row)

    async def _commented(self, language: Language, form: Form) -> bytes:
        text = form.get("text", "")
        try:
            right = await asyncio.wrap_future(self.box.comment(self._credential(form), text))
            why = "" if right else "unknown"
        except Refused as refusal:
            if refusal.why != "spoken":
                raise
            why = refusal.why
        if why:
            return pages.comment(self.box.manifest, self.box.names, language, why, text)
        return pages.commented(self.box.manifest, self.box.names, language)

    def _credential(self, form: Form) -> Any:
        return self.box.credential(form.get("code", ""), form.get("token", ""))

    def _refused(self, language: Language, why: str) -> bytes:
        return pages.refused(self.box.manifest, self.box.names, language, why)


class Again:
    """The voting page that comes back for a wrong code, with the marks as they were sent.

    It is taken apart once at the places of the marks, so that putting it together costs next to nothing: it
    is put together for right codes as well, and then thrown away.
    """

    def __init__(self, box: Box, language: Language, hall: bool = False) -> None:
        page = pages.vote(box.manifest, box.names, language, "voting", "unknown")
        whole = (kiosk(page, language, REFUSED_SECONDS) if hall else page).decode()
        *pieces, end = INPUT.split(whole.replace(" checked>", ">"))
        self._end = end.encode()
        self._fields = [
            (int(cell), mark, f"{before} name=c{cell} value={mark}>".encode(),
             f"{before} name=c{cell} value={mark} checked>".encode())
            for before, cell, mark in zip(*[iter(pieces)] * 3, strict=True)
        ]  # fmt: skip
        self.longest = len(self.page("9" * len(box.manifest.cells))) + len(CHECKED) * len(box.manifest.cells)

    def page(self, row: str) -> bytes:
        """The page with these marks."""
        fields = [on if row[cell] == mark else off for cell, mark, off, on in self._fields]
        return b"".join(fields) + self._end


class Receipt:
    """The page of a receipt with a gap for its number, made once."""

    def __init__(self, box: Box, language: Language, hall: bool = False) -> None:
        page = pages.receipt(box.manifest, box.names, language, GAP)
        whole = kiosk(page, language, RECEIPT_SECONDS) if hall else page
        self._before, _gap, self._after = whole.partition(grouped(GAP).encode())

    def page(self, short: str) -> bytes:
        """The page with the first eight symbols of a number."""
        return self._before + grouped(short).encode() + self._after


INPUT = re.compile(r" name=c(\d+) value=(.)>")
CHECKED = b" checked"
GAP = "########"
HALL = (False, True)
"""Whether a page is for a kiosk."""


def _language(path: str) -> tuple[Language, str]:
    """`/en/…` is English; the rest of the address."""
    if path == "/en" or path.startswith("/en/"):
        return "en", path[3:] or "/"
    return "zh", path


def row_of(manifest: Manifest, form: Form) -> str:
    """The row that a form's fields `c0`, `c1`, … say; what is not there is blank."""
    return "".join((form.get(f"c{at}") or BLANK)[:2] for at in range(len(manifest.cells)))


def _static(path: str) -> bytes:
    return resources.files("shigan.box").joinpath("static", path[1:]).read_bytes()


class App:
    """The RSGI application: opens the box that `SHIGAN_BOX` names when the server's loop starts."""

    pages: Pages

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # no memory of ours ever gets onto the disk
        sys.setswitchinterval(0.0002)  # the writing thread gets its turn at once, however busy the pages are
        one_by_one = bool(os.environ.get("SHIGAN_BOX_ONE_BY_ONE"))  # only to be measured against
        box = Box(Path(os.environ["SHIGAN_BOX"]), one_by_one=one_by_one)
        self.pages = Pages(box, desk_keys.from_environment())
        self._tasks = [loop.create_task(_minutes(box)), loop.create_task(signer.serve(box))]

    def __rsgi_del__(self, _loop: asyncio.AbstractEventLoop) -> None:
        self.pages.box.stop()

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        length = scope.headers.get("content-length") or "-1"
        answer = await self.pages.answer(
            scope.method,
            scope.path,
            int(length) if length.isdecimal() else -1,
            protocol,
            scope.headers.get("content-type") or "",
        )
        headers = [*HEADERS, ("content-type", answer.kind)]
        if answer.save_as:
            headers.append(("content-disposition", f'attachment; filename="{answer.save_as}"'))
        headers.append(("cache-control", "max-age=3600" if answer.store else "no-store"))
        protocol.response_bytes(answer.status, headers, answer.body)


async def _minutes(box: Box) -> None:
    """What time does to the box, from the start on."""
    while True:
        with suppress(Refused, sqlite3.Error):  # a full disk must not stop the clock: it tries again
            if box.phase is Phase.CLOSED:
                await asyncio.to_thread(box.close)
        await asyncio.sleep(60)
        with suppress(Refused, sqlite3.Error):
            await asyncio.to_thread(box.minute)


app = App()
