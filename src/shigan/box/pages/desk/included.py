"""The public list of what was counted; it tells nothing but that a number is in the box."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shigan.box.pages.desk.frame import Seat
from shigan.box.pages.frame import document, grouped

SHORT = 8
"""Symbols of a number that a receipt shows."""


def included(seat: Seat, listed: Mapping[str, Any], root: str) -> bytes:
    """The first symbols of all numbers in `included.json`, in its order, and the seal over them."""
    numbers = "".join(f"<li>{grouped(n[:SHORT])}" for n, _hidden in listed["leaves"])
    body = f"""<p class=lead>{seat.say("included_more", count=len(listed["leaves"]))}</p>
<p>{seat.say("included_not")}</p>
<p class=number><span>{seat.say("root")}</span> <code class=root>{grouped(root)}</code></p>
<p class=noprint><a href="/included.json" download>{seat.say("included_json")}</a></p>
<ol class=numbers>{numbers}</ol>"""
    return document(seat, seat.say("included"), body, "included")


def early(seat: Seat) -> bytes:
    """The same address before the seal."""
    return document(seat, seat.say("included"), f"<p class=lead>{seat.say('included_early')}</p>", "included")
