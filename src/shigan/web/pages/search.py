"""查找: people, units, codes, entries by number, problems and documents by words.

Nothing that the account may not see is found.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext

from shigan.facts.faults import Fault
from shigan.judge.stock import Hit
from shigan.web import rights, store
from shigan.web.links import entry_link, link
from shigan.web.models import EntryRow, NameRow, StateRow
from shigan.web.pages.documents import library
from shigan.work.documents import plain_number
from shigan.work.things import key_of

MOST = 20
AROUND = 24
"""Characters shown on either side of what was found."""
NUMBER = re.compile(r"[#＃]?([0-9]{1,15})")


class Place(NamedTuple):
    """A document, and what stands around the first of the words in its text (empty: they are in its head)."""

    row: StateRow
    before: str = ""
    words: str = ""
    after: str = ""


def search(request: HttpRequest) -> HttpResponse:
    """A code or an entry's number leads straight to its page; words give four short lists."""
    rights.require(request.user, "search")
    words = request.GET.get("q", "").strip()[:60]
    if (straight := code_page(words) or entry_page(words)) is not None:
        return redirect(straight)
    context: dict[str, Any] = {"section": "search", "words": words, "most": MOST}
    if words:
        context |= {
            "people": named(request, "P", words),
            "units": named(request, "U", words),
            "problems": problems(request, words),
            "documents": in_heads(request, words),
        }
        try:
            context["documents"] += in_texts(request, words, {each.row.pk for each in context["documents"]})
        except Fault as fault:  # the index is being made
            context["waiting"] = fault.sentence(gettext)
    return render(request, "search/search.html", context)


def code_page(words: str) -> str | None:
    """The page of a code that exists."""
    code = words if words.startswith("R-") else words.upper()
    try:
        key_of(code)
    except Fault:
        return None
    return (link(code) or None) if StateRow.objects.filter(pk=code).exists() else None


def entry_page(words: str) -> str | None:
    """The page of a sealed entry by its number."""
    if (match := NUMBER.fullmatch(words)) is None:
        return None
    position = int(match[1])
    return entry_link(position) if EntryRow.objects.filter(position=position).exists() else None


def named(request: HttpRequest, letter: str, words: str) -> list[StateRow]:
    """Units or people whose name or post has the words, of those that the account may see."""
    if not rights.may(request.user, f"see:{letter}"):
        return []
    found = NameRow.objects.filter(Q(name__contains=words) | Q(post__contains=words), code__startswith=letter)
    rows = store.listing(letter).filter(pk__in=found.values("code"))
    return list(_seen(request, rows).order_by("pk")[:MOST])


def problems(request: HttpRequest, words: str) -> list[StateRow]:
    """Problems with the words in them, newest first."""
    if not rights.may(request.user, "see:Q"):
        return []
    rows = store.listing("Q").filter(Q(body__contains=words) | Q(topic__contains=words))
    return list(_seen(request, rows).order_by("-since", "pk")[:MOST])


def in_heads(request: HttpRequest, words: str) -> list[Place]:
    """Documents with the words in title or number, newest first."""
    if not rights.may(request.user, "see:D"):
        return []
    rows = store.listing("D").filter(Q(topic__contains=words) | Q(mark__contains=plain_number(words)))
    return [Place(row) for row in _seen(request, rows).order_by("-since", "-pk")[:MOST]]


def in_texts(request: HttpRequest, words: str, known: set[str]) -> list[Place]:
    """Other documents with all the words in their texts, the latest first, as many as are still listed."""
    if not rights.may(request.user, "see:D") or len(known) >= MOST:
        return []
    units = rights.scope(request.user)  # type: ignore[arg-type]  # as in `_seen`
    hits = (hit for hit in library.shelf().find(words.split(), units) if hit.document.name not in known)
    found = {hit.document.name: hit for hit in islice(hits, MOST - len(known))}
    rows = _seen(request, store.listing("D").filter(pk__in=found)).in_bulk()
    return [_place(rows[name], hit) for name, hit in found.items() if name in rows]


def _place(row: StateRow, hit: Hit) -> Place:
    text, (start, end) = hit.document.text, hit.where
    before, after = text[max(0, start - AROUND) : start], text[end : end + AROUND]
    return Place(row, *(" ".join(part.split()) for part in (before, text[start:end], after)))


def _seen(request: HttpRequest, rows: QuerySet[StateRow]) -> QuerySet[StateRow]:
    return rights.visible_to(request.user, rows)  # type: ignore[arg-type]  # `may` has seen that it is an account


urlpatterns = [path("search", search, name="search")]
