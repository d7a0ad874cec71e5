"""Every page of the demo county, as each role, wide and narrow: accessible, within the policy, fitting."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SHIGAN = str(Path(sys.executable).parent / "shigan")
ROLES = ("officer", "clerk", "official", "leader", "auditor", "admin")
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}
NO_PAGE = re.compile(r"^/(static|i18n)/|^/logout")


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A small demo county, served."""
    env = os.environ | {"SHIGAN_DATA": str(tmp_path_factory.mktemp("county")), "SHIGAN_DEMO": "1"}
    subprocess.run(
        [SHIGAN, "demo", "--build-only", "--scale", "0.02"], env=env, check=True, stdout=subprocess.DEVNULL
    )
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen([SHIGAN, "serve", "--port", str(port)], env=env)
    address = f"http://127.0.0.1:{port}"
    for _attempt in range(150):
        try:
            urllib.request.urlopen(f"{address}/login").read()
            break
        except OSError:
            time.sleep(0.2)
    yield address
    server.terminate()
    server.wait(15)


def shape(path: str) -> str:
    """Pages that differ only in codes and numbers are looked at once."""
    return re.sub(r"[UPGQVKMTSAF]?\d+|R-\w+", "#", path)


def look(page: Page, seen: dict[str, str]) -> None:
    """Note the addresses on a page whose shape has not been seen."""
    for href in page.eval_on_selector_all("a[href]", "links => links.map(a => a.href)"):
        parts = urlsplit(href)
        if parts.netloc == urlsplit(page.url).netloc and not NO_PAGE.search(parts.path):
            seen.setdefault(shape(parts.path), parts.path + (f"?{parts.query}" if parts.query else ""))


@pytest.mark.parametrize("role", ROLES)
def test_every_page_is_accessible_and_within_the_policy(browser: Browser, address: str, role: str) -> None:
    context = browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": 900})
    page = context.new_page()
    wrong: list[str] = []
    page.on(
        "console",
        lambda m: wrong.append(f"{page.url}: {m.text}") if "Content Security Policy" in m.text else None,
    )
    page.on("pageerror", lambda error: wrong.append(f"{page.url}: {error}"))
    page.goto(f"{address}/login")
    page.fill("[name=username]", role)
    page.fill("[name=password]", "shigan-demo-2026")
    page.click("main button")
    page.wait_for_url(f"{address}/")
    answer = page.goto(f"{address}/readings/purpose")
    if answer is not None and answer.ok:  # who may read files says what for, and meets them all
        page.select_option("[name=purpose]", index=1)
        page.click("main button")
    seen: dict[str, str] = {"/": "/"}
    done: set[str] = set()
    while todo := [(kind, path) for kind, path in seen.items() if kind not in done]:
        kind, path = todo[0]
        done.add(kind)
        if "attachment" in context.request.get(f"{address}{path}").headers.get("content-disposition", ""):
            continue
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 900})
            answer = page.goto(f"{address}{path}")
            assert answer is not None
            if answer.status != 200:
                wrong.append(f"{path}: a link that leads to {answer.status}")
                break
            found = Axe().run(page, options=RULES).response["violations"]
            wrong += [f"{path} at {width}: {v['id']} {v['nodes'][0]['html'][:120]}" for v in found]
            overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            if overflow > 1:
                wrong.append(f"{path} at {width}: {overflow} px too wide")
            if width == 1280:
                look(page, seen)
    context.close()
    assert not wrong, "\n".join(sorted(set(wrong)))
    assert len(done) > 3, "the crawl found the pages"
