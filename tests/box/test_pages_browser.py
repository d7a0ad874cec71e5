"""The voting pages in Chromium, on the real server: accessible, fitting, usable with keyboard alone."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, Route

from shigan.box import folder
from shigan.box.words import LANGUAGES, WORDS, Language
from tests.box import ceremony, manifests
from tests.box.chromium import Desk, opened
from tests.box.test_pages import every

pytestmark = pytest.mark.browser
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
PARTS = [manifests.grid(10), manifests.pick(12)]
CELLS = 50
WRONG = "00000-00000-00000-00000-00001"


@dataclass
class Site:
    """A served box of ten officials in five items and a pick of twelve, and its unused codes."""

    address: str
    path: Path
    codes: list[str]

    def url(self, language: Language, name: str = "") -> str:
        return self.address + ("/en/" if language == "en" else "/") + name


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    path = tmp_path_factory.mktemp("box")
    changes: dict[str, Any] = manifests.around(datetime.now(UTC).astimezone()) | {"parts": PARTS}
    made = ceremony.case(path, **changes)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(Path(sys.executable).parent / "granian"), "--interface", "rsgi", "--no-ws"]
    command += ["--host", "127.0.0.1", "--port", str(port), "shigan.box.server:app"]
    server = subprocess.Popen(command, env=os.environ | {"SHIGAN_BOX": str(path)})
    address = f"http://127.0.0.1:{port}"
    for _attempt in range(150):
        try:
            urllib.request.urlopen(address, timeout=5).read()
            break
        except OSError:
            time.sleep(0.1)
    yield Site(address, path, [code for codes in made.codes.values() for code in codes])
    server.terminate()
    try:
        server.wait(15)
    except subprocess.TimeoutExpired:  # a browser that crashed may hold on to it
        server.kill()


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    with opened() as desk:
        yield desk


def word(language: Language, key: str) -> str:
    return WORDS[key][LANGUAGES.index(language)]


def giving(document: bytes) -> Callable[[Route], None]:
    return lambda route: route.fulfill(body=document, content_type="text/html; charset=utf-8")


# How the pages look


@pytest.mark.slow
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_accessible_and_fits_the_screen(
    site: Site, desk: Desk, language: Language, width: int
) -> None:
    made = folder.Folder(site.path)
    documents = every(made.manifest(), made.names(), language)
    left_out = {"refused " + why for why in ("marks", "too_large", "not_open", "look_over", "spoken")}

    def check(page: Page) -> list[str]:
        page.set_viewport_size({"width": width, "height": 900})
        wrong = []
        for name, document in documents.items():
            if name in left_out:
                continue
            page.route("**/document", giving(document))
            page.goto(f"{site.address}/document")
            found = Axe().run(page, options=RULES).response["violations"]
            wrong += [f"{name}: {v['id']} {v['nodes'][0]['html'][:120]}" for v in found]
            if page.evaluate("document.documentElement.scrollWidth - window.innerWidth") > 0:
                wrong.append(f"{name}: too wide")
            page.unroute("**/document")
        return wrong

    assert desk.do(check) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_on_a_phone_everything_to_touch_is_44_pixels_high(site: Site, desk: Desk, language: Language) -> None:
    small = """() => [...document.querySelectorAll(".row label, .boxes label, button, summary, footer a")]
        .filter(each => each.getBoundingClientRect().height < 44).map(each => each.outerHTML)"""

    def check(page: Page) -> object:
        page.set_viewport_size({"width": 390, "height": 844})
        page.goto(site.url(language))
        return page.evaluate(small)

    assert desk.do(check) == []


def test_on_a_phone_the_name_stays_in_sight_while_its_rows_are_filled(site: Site, desk: Desk) -> None:
    def check(page: Page) -> float:
        page.set_viewport_size({"width": 390, "height": 844})
        page.goto(site.url("zh"))
        page.evaluate("document.getElementById('i14').scrollIntoView({block: 'center'})")
        return float(page.locator("legend").nth(2).bounding_box()["y"])  # type: ignore[index]

    assert 0 <= desk.do(check) < 844


def test_nothing_is_cut_off_on_the_smallest_phone(site: Site, desk: Desk) -> None:
    def check(page: Page) -> list[int]:
        page.set_viewport_size({"width": 320, "height": 640})
        over = []
        for language in LANGUAGES:
            for name in ("", "look", "comment", "about"):
                page.goto(site.url(language, name))
                over.append(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))
        return over

    assert max(desk.do(check)) <= 0


def test_paper_shows_neither_a_tick_nor_the_code(site: Site, desk: Desk) -> None:
    look = """() => [...document.querySelectorAll("input[type=radio], input[type=checkbox]")]
        .filter(each => each.offsetParent).map(each => {
            const own = getComputedStyle(each), words = getComputedStyle(each.nextElementSibling);
            const behind = getComputedStyle(each.nextElementSibling, "::before");
            return [own.appearance, own.backgroundColor, words.fontWeight, behind.content].join(); })"""

    def check(page: Page) -> tuple[list[str], str, bool]:
        page.goto(f"{site.url('zh')}#{site.codes[0]}")
        for name in ("c0", "c7", "c51"):
            page.check(f"[name={name}][value='1']")
        page.emulate_media(media="print")
        drawn = page.evaluate(look)
        colour = page.eval_on_selector("#code", "field => getComputedStyle(field).color")
        button = page.is_visible("button")
        page.emulate_media(media="screen")
        return drawn, colour, button

    drawn, colour, button = desk.do(check)
    assert len(drawn) == CELLS * 5 + 12 and len(set(drawn)) == 1
    assert colour == "rgba(0, 0, 0, 0)" and not button


# How a ballot is cast


def look_up(page: Page, site: Site, code: str) -> list[str]:
    """What the box holds of the grid, as a voter sees it."""
    page.goto(site.url("zh", "look"))
    page.fill("#code", code)
    page.click("main button")
    return page.locator("main tbody td").all_inner_texts()


def test_a_whole_ballot_is_filled_and_sent_with_the_keyboard_alone(site: Site, desk: Desk) -> None:
    code = site.codes[1]
    wanted = [cell % 5 for cell in range(CELLS)]

    def by_keyboard(page: Page) -> tuple[str, list[str]]:
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(site.url("zh"))
        press = page.keyboard.press
        press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        press("Enter")
        while page.evaluate("document.activeElement.id") != "code":
            press("Tab")
        page.keyboard.type(code.lower().replace("-", " "))
        press("Tab")  # the fold for tokens
        for option in wanted:
            press("Tab")
            for _step in range(option + 1):  # from «blank», the last one, round to the first
                press("ArrowRight")
        for tick in (True, False, True, *[False] * 9):
            press("Tab")
            if tick:
                press("Space")
        press("Tab")
        press("Enter")
        page.wait_for_selector("output")
        title = page.inner_text("h1")
        return title, look_up(page, site, code)

    title, held = desk.do(by_keyboard)
    assert title == word("zh", "received")
    assert held == [manifests.OPTIONS[option] for option in wanted]


def test_voting_voting_again_and_looking_need_no_javascript(site: Site, desk: Desk) -> None:
    code = site.codes[2]

    def cast(page: Page, option: str) -> str:
        page.goto(site.url("en"))
        page.fill("#code", code)
        page.check(f"[name=c3][value='{option}']")
        page.click("main button")
        return page.content()

    def both(page: Page) -> tuple[str, str, list[str]]:
        context = browser_without_scripts(page)
        own = context.new_page()
        first, again = cast(own, "1"), cast(own, "4")
        held = look_up(own, site, code)
        context.close()
        return first, again, held

    first, again, held = desk.do(both)
    assert word("en", "received") in first and first == again
    assert held[3] == "不称职" and set(held[:3] + held[4:]) == {"不填"}


def browser_without_scripts(page: Page) -> BrowserContext:
    assert page.context.browser
    return page.context.browser.new_context(java_script_enabled=False)


def test_a_scanned_code_is_filled_in_and_leaves_the_address_bar(site: Site, desk: Desk) -> None:
    def scan(page: Page) -> tuple[str, str, str]:
        page.goto("about:blank")
        page.goto(f"{site.url('zh')}#{site.codes[0]}")
        first, address = page.input_value("#code"), page.url
        page.goto(f"{site.url('zh')}#{site.codes[1]}")  # the page is open already
        page.wait_for_function(f"document.getElementById('code').value === '{site.codes[1]}'")
        return first, address, page.url

    assert desk.do(scan) == (site.codes[0], site.url("zh"), site.url("zh"))


def test_other_fragments_are_left_alone(site: Site, desk: Desk) -> None:
    def skip(page: Page) -> tuple[str, str]:
        page.goto("about:blank")
        page.goto(f"{site.url('zh')}#main")
        return page.input_value("#code"), page.url

    assert desk.do(skip) == ("", f"{site.url('zh')}#main")


def test_a_wrong_code_is_said_at_once_and_the_ticks_stay(site: Site, desk: Desk) -> None:
    def mistype(page: Page) -> tuple[str, bool, str, str]:
        page.goto(site.url("zh"))
        page.fill("#code", WRONG)
        page.check("[name=c4][value='2']")
        page.check("[name=c52]")
        page.click("main button")
        kept = page.is_checked("[name=c4][value='2']") and page.is_checked("[name=c52]")
        focus = page.evaluate("document.activeElement.id")
        return focus, kept, page.input_value("#code"), page.inner_text("#fault h2")

    focus, kept, code, said = desk.do(mistype)
    assert (focus, kept, code) == ("fault", True, "")
    assert word("zh", "unknown") in said
