"""Where the page of a code is."""

from __future__ import annotations

from django.urls import NoReverseMatch, reverse

from shigan.facts.faults import Fault
from shigan.work.things import key_of

PAGES = {
    "Q": "problem", "V": "visit", "K": "practice", "M": "meeting", "T": "task", "U": "unit", "P": "person",
    "P/": "profile", "U/": "team", "G/": "group", "G": "group_now", "S": "suggestion", "R": "policy",
    "B": "box", "D": "document", "E": "erasure",
    "F": "reading",
}  # fmt: skip
"""The URL name of each kind of thing; a mechanism without a page has no line here."""


def link(code: str) -> str:
    """The address of a thing's page, or an empty string when it has none."""
    try:
        name = PAGES.get(key_of(code), "")
        return reverse(name, args=code.removeprefix("R-").split("/")) if name else ""
    except (Fault, NoReverseMatch):
        return ""


def entry_link(position: int) -> str:
    """The address of a sealed entry's page with its proof."""
    return reverse("entry", args=[position])
