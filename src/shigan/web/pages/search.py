"""查找: people, units, codes, entries by number, problems by words; nothing that the account may not see."""

from __future__ import annotations

import re

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path

from shigan.facts.faults import Fault
from shigan.web import rights, store
from shigan.web.links import entry_link, link
from shigan.web.models import EntryRow, NameRow, StateRow
from shigan.work.things import key_of

MOST = 20
NUMBER = re.compile(r"[#＃]?([0-9]{1,15})")


def search(request: HttpRequest) -> HttpResponse:
    """A code or an entry's number leads straight to its page; words give three short lists."""
    rights.require(request.user, "search")
    words = request.GET.get("q", "").strip()[:60]
    if (straight := code_page(words) or entry_page(words)) is not None:
        return redirect(straight)
    context = {"section": "search", "words": words, "most": MOST}
    if words:
        context |= {
            "people": named(request, "P", words),
            "units": named(request, "U", words),
            "problems": problems(request, words),
        }
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


def _seen(request: HttpRequest, rows: QuerySet[StateRow]) -> QuerySet[StateRow]:
    return rights.visible_to(request.user, rows)  # type: ignore[arg-type]  # `may` has seen that it is an account


urlpatterns = [path("search", search, name="search")]
