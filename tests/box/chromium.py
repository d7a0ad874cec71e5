"""A small web site over plain http, and Chromium in a thread of its own that looks at it.

The thread, because Playwright's loop would get in the way of the other tests' in this one.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import ARGUMENTS
from tests.conftest import CHROMIUM

T = TypeVar("T")
Form = dict[str, str]
HOST = "piao.test"
"""A name that is no secure context: `crypto.subtle` is undefined, as in an office network without TLS."""
TYPES = {".js": "text/javascript", ".html": "text/html; charset=utf-8"}


@dataclass
class Site:
    """`files` by path; `answer` says what is answered to a form: status and JSON text, None to hang up."""

    port: int = 0
    files: dict[str, str] = field(default_factory=dict)
    forms: list[Form] = field(default_factory=list)
    answer: Callable[[Form], tuple[int, str] | None] = lambda form: (404, "{}")

    def url(self, path: str) -> str:
        return f"http://{HOST}:{self.port}{path}"

    def load(self, folder: Path) -> str:
        """Serve a folder's scripts; the tags that load them in the order in which they use one another."""
        names = ("bytes.js", "sha2.js", "blind.js", "token.js")
        self.files |= {f"/{name}": (folder / name).read_text(encoding="utf-8") for name in names}
        return "".join(f'<script src="/{name}" defer></script>' for name in names)


@contextmanager
def served() -> Iterator[Site]:
    """A site with the strictest policy that the pages can bear."""
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = site.files.get(self.path)
            self._send(
                404 if found is None else 200, found or "", TYPES.get(Path(self.path).suffix, TYPES[".html"])
            )

        def do_POST(self) -> None:
            form = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
            site.forms.append(form)
            answer = site.answer(form)
            if answer is None:
                self.close_connection = True
                return
            self._send(*answer, "application/json")

        def _send(self, status: int, text: str, kind: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Security-Policy", "default-src 'self'")
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield site
    server.shutdown()
    server.server_close()


@dataclass
class Desk:
    """One page of a Chromium; `do` runs something with it and gives what that gives."""

    thread: ThreadPoolExecutor
    page: Page

    def do(self, work: Callable[[Page], T]) -> T:
        return self.thread.submit(work, self.page).result()

    def call(self, script: str, argument: Any = None) -> Any:
        """The value of a JavaScript function of one argument, both as JSON."""
        return self.do(lambda page: page.evaluate(script, argument))


@contextmanager
def opened() -> Iterator[Desk]:
    """A fresh Chromium to which every host of these tests is this computer."""
    with ThreadPoolExecutor(1) as thread:
        playwright = thread.submit(lambda: sync_playwright().start()).result()
        rules = f"--host-resolver-rules=MAP {HOST} 127.0.0.1"

        def launch() -> Browser:
            return playwright.chromium.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, rules])

        browser = thread.submit(launch).result()
        try:
            yield Desk(thread, thread.submit(lambda: browser.new_page(locale="zh-CN")).result())
        finally:
            thread.submit(browser.close).result()
            thread.submit(playwright.stop).result()
