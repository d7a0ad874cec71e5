"""The closing ceremony in Chromium: with clicks alone, without scripts, and fit for everybody's eyes."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import FilePayload, Page

from shigan.box import signatures
from shigan.box.canonical import canonical
from shigan.box.desk.keys import Keys, Role
from shigan.box.phases import Phase
from shigan.box.running import Box
from shigan.box.server import HEADERS, Pages
from tests.box import manifests
from tests.box.ceremony import Case, case, everybody, tally
from tests.box.chromium import opened
from tests.box.desk import tally_form

pytestmark = pytest.mark.browser
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
Visit = Callable[[Page, str], None]


@contextmanager
def bridged(pages: Pages) -> Iterator[str]:
    """The pages of a box whose clock is set by hand, on a port; the real server is tested elsewhere."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length)

            async def read() -> bytes:
                return body

            kind = self.headers.get("Content-Type") or ""
            answer = asyncio.run(pages.answer(self.command, self.path, length, read, kind))
            self.send_response(answer.status)
            for name, value in [*HEADERS, ("content-type", answer.kind)]:
                self.send_header(name, value)
            if answer.save_as:
                self.send_header("content-disposition", f'attachment; filename="{answer.save_as}"')
            self.end_headers()
            self.wfile.write(answer.body)

        do_POST = do_GET  # noqa: N815 - as http.server wants it

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def walk(page: Page, site: str, keys: Keys, made: Case, box: Box, visit: Visit, prefix: str = "") -> None:
    """From voting to erased, by clicks on the one big button; `visit` sees every page on the way."""
    cast = everybody(made, box, share=0.8)
    paper = made.codes["C"][-2:]
    visit_at(page, f"{site}{prefix}/kiosk", visit, "kiosk")
    visit_at(page, f"{site}{prefix}/included", visit, "included-early")
    _enter(page, f"{site}{prefix}/desk", keys.codes[Role.CLERK_A], visit, "clerk-early")
    _enter(page, f"{site}{prefix}/desk", keys.codes[Role.SCRUTINEER], visit, "close")
    made.hands.on(minutes=455)
    box.minute()
    _paper(page, f"{site}{prefix}/desk", keys, paper, visit)
    _enter(page, f"{site}{prefix}/desk", keys.codes[Role.SCRUTINEER], visit, "paper")
    page.fill("#code", paper[1])
    _click(page, visit, "third")
    _click(page, visit, "settled")
    page.locator("form[action$=papered] button").click()
    visit(page, "counts")
    counts = tally(made, cast | dict.fromkeys(paper, ""))
    for off in (1, 0):
        for name, value in tally_form(counts).items():
            if page.locator(f"#{name}").count():
                page.fill(f"#{name}", str(int(value) + (off if name == "C_unused" else 0)))
        _click(page, visit, "counts-off" if off else "seal")
    _click(page, visit, "canaries")
    page.locator("form[action$=checkpoint] button").click()
    visit(page, "checkpoint")
    page.locator(".bar button").click()
    page.set_input_files("#canaries-file", _payload("canaries.json", made.canaries))
    _click(page, visit, "sign")
    page.locator("form[action$=margins] button").click()
    visit(page, "margins")
    page.locator(".bar button").click()
    with page.expect_download() as download:
        page.click("button[value='result.json']")
    result = json.loads(Path(download.value.path()).read_bytes())
    own = [signatures.sign(result, key) for key in made.scrutineers[:2]]
    page.set_input_files("#signatures-file", [_payload(f"{n}.json", each) for n, each in enumerate(own)])
    _click(page, visit, "shares")
    _click(page, visit, "shares-shown")
    _click(page, visit, "erase")
    page.check("[name=sure]")
    _click(page, visit, "done")
    visit_at(page, f"{site}{prefix}/included", visit, "included")


def visit_at(page: Page, url: str, visit: Visit, name: str) -> None:
    page.goto(url)
    visit(page, name)


def _enter(page: Page, url: str, key: str, visit: Visit, name: str) -> None:
    visit_at(page, url, visit, "door")
    page.fill("#code", key)
    _click(page, visit, name)


def _paper(page: Page, desk: str, keys: Keys, codes: list[str], visit: Visit) -> None:
    """Two sheets keyed by both clerks; the second differs."""
    for role in (Role.CLERK_A, Role.CLERK_B):
        _enter(page, desk, keys.codes[role], visit, "clerk")
        for number, code in enumerate(codes):
            page.fill("#code", code)
            with page.expect_navigation():
                page.keyboard.press("Enter")
            visit(page, "clerk-sheet")
            if number and role is Role.CLERK_B:
                page.locator("input[value='2']").first.check()
            _click(page, visit, f"clerk-said-{role}-{number}")


def _click(page: Page, visit: Visit, name: str) -> None:
    """The first big button of the step."""
    page.locator("main p.send button").first.click()
    visit(page, name)


def _payload(name: str, value: Any) -> FilePayload:
    return {"name": name, "mimeType": "application/json", "buffer": canonical(value)}


@contextmanager
def ready(path: Path) -> Iterator[tuple[Case, Box, Keys, str]]:
    """A box half an hour after opening, its keys, and where it is served."""
    made = case(path, canaries=3, parts=[manifests.grid(4), manifests.pick(6)])
    with made.opened() as box:
        keys = Keys()
        with bridged(Pages(box, keys)) as site:
            yield made, box, keys, site


def test_the_whole_closing_needs_no_script(tmp_path: Path) -> None:
    with ready(tmp_path / "box") as (made, box, keys, site), opened() as chromium:

        def go(page: Page) -> None:
            browser = page.context.browser
            assert browser
            bare = browser.new_context(java_script_enabled=False, accept_downloads=True)
            walk(bare.new_page(), site, keys, made, box, lambda page, name: None)
            bare.close()

        chromium.do(go)
        assert box.phase is Phase.ERASED


@pytest.mark.slow
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_page_of_the_desk_is_accessible_and_fits_a_phone(tmp_path: Path, prefix: str) -> None:
    faults: list[str] = []
    seen: set[str] = set()

    def look(page: Page, name: str) -> None:
        if name in seen:
            return
        seen.add(name)
        page.wait_for_load_state()  # a page without its style sheet yet is not what people see
        found = Axe().run(page, options=RULES).response["violations"]
        faults.extend(f"{name}: {each['id']} {each['nodes'][0]['html'][:90]}" for each in found)
        for width in (390, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            if page.evaluate("document.documentElement.scrollWidth") > width:
                faults.append(f"{name}: wider than the screen")

    with ready(tmp_path / "box") as (made, box, keys, site), opened() as chromium:
        chromium.do(lambda page: walk(page, site, keys, made, box, look, prefix))
    assert faults == []
