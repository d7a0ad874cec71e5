"""One document: its head, what is asked about it, where its words come from; and beside one source."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from shigan.facts.documents import DocumentRegistered
from shigan.web import rights, store
from shigan.web.pages.acts import datalists, found, possible
from shigan.web.pages.documents import library, shown
from shigan.web.pages.documents.chain import MOST, chain, picture
from shigan.web.pages.documents.marked import side_by_side
from shigan.work.documents import NEXT, Document


def document(request: HttpRequest, code: str) -> HttpResponse:
    """One document with its verdict against those before it."""
    state = _document(request, code)
    entries = list(store.entries(code))
    fact = next((e.fact for e in entries if isinstance(e.fact, DocumentRegistered)), None)
    acts = possible(request.user, state, NEXT.get(state.stage, ()), open_first=False)
    context: dict[str, Any] = {
        "section": "documents", "document": state, "fact": fact, "entries": entries, "acts": acts,
        "datalists": datalists(*acts),
    }  # fmt: skip
    stock = library.shelf()
    if code in stock.numbers:
        verdict, followers = stock.verdict(code), stock.followers(code)
        links = chain(request.user, stock, verdict, followers)
        context |= shown.context(request.user, verdict, store.rulebook())
        context |= {"links": links, "picture": picture(links) if len(links) > 1 else ""}
        context |= {"more": max(0, len(followers) - MOST), "code": code}
    return render(request, "documents/one.html", context)


def beside(request: HttpRequest, code: str, other: str) -> HttpResponse:
    """The document and one source, passage beside passage."""
    ours, theirs = _document(request, code), _document(request, other)
    stock = library.shelf()
    if not {code, other} <= stock.numbers.keys():
        raise Http404(other)
    verdict = stock.verdict(code)
    source = next((s for s in verdict.sources if s.document.name == other), None)
    rows = side_by_side(verdict.document.text, stock.texts.one(other)[0].text, source)
    return render(
        request,
        "documents/beside.html",
        {"section": "documents", "ours": ours, "theirs": theirs, "source": source, "rows": rows},
    )


def _document(request: HttpRequest, code: str) -> Document:
    state = found(code)
    if not isinstance(state, Document):
        raise Http404(code)
    rights.require(request.user, "see:D", state)
    return state
