"""The browser itself works here."""

from __future__ import annotations

from playwright.sync_api import Page


def test_chromium_renders_rare_characters_of_names_as_text(page: Page) -> None:
    page.set_content("<p>镕喆堃玥</p>")
    assert page.inner_text("p") == "镕喆堃玥"
