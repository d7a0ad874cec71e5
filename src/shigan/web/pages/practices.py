"""Practice cards: what works somewhere, told so that others can use it, and who does."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext

from shigan.facts.visits import PracticeNoted
from shigan.web import rights, store
from shigan.web.pages.acts import begin, begun, datalists, found, possible
from shigan.work.visits import NEXT, Practice

PER_PAGE = 50


def practices(request: HttpRequest) -> HttpResponse:
    """All cards of the county, newest first; everybody reads them."""
    rights.require(request.user, "see:K")
    rows = store.listing("K")
    if q := request.GET.get("q", "").strip()[:40]:
        rows = rows.filter(body__contains=q)
    page = Paginator(rows.order_by("-since", "-subject"), PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request, "practices/list.html",
        {
            "section": "visits", "page": page, "cards": [store.read_state(row) for row in page], "q": q,
            "may_add": rights.may(request.user, "PracticeNoted"),
        },
    )  # fmt: skip


def practice(request: HttpRequest, code: str) -> HttpResponse:
    """One card and the units that use it."""
    card = found(code)
    assert isinstance(card, Practice)
    rights.require(request.user, "see:K", card)
    kinds = () if getattr(request.user, "unit", "") in (card.unit, *card.used_by) else NEXT[card.stage]
    return render(
        request, "practices/one.html",
        {
            "section": "visits", "card": card, "acts": (acts := possible(request.user, card, kinds)),
            "entries": list(store.entries(code)), "datalists": datalists(*acts),
        },
    )  # fmt: skip


def new_practice(request: HttpRequest) -> HttpResponse:
    """Note a practice that was found otherwise than on a visit."""
    form = begin(request, PracticeNoted, gettext("做法所在单位"))
    if code := begun(request, form, "K"):
        messages.success(request, gettext("已记入经验：{code}").format(code=code))
        return redirect("practice", code)
    return render(
        request, "practices/new.html", {"section": "visits", "form": form, "datalists": datalists(form)},
        status=422 if form.errors else 200,
    )  # fmt: skip


urlpatterns = [
    path("practices/", practices, name="practices"),
    path("practices/new", new_practice, name="new_practice"),
    path("practices/<str:code>", practice, name="practice"),
]
