"""Suggestions about this system: put in by anybody, unsigned; answered for everybody to read."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import Min
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shigan.facts.faults import Fault
from shigan.facts.notes import SuggestionAnswered, SuggestionMade
from shigan.web import rights, slot, store
from shigan.web.pages.acts import datalists, found, possible
from shigan.web.pages.rows import HeardForm
from shigan.work.notes import ANSWERED, WAITING, Suggestion

PER_PAGE = 50


def part_of(address: str) -> str:
    """The part of the system an address lies in, `/problems/` for `/problems/Q00012`.

    No more is kept: the page of one person or one unit would tell who was looking at it.
    """
    first = address.strip().lstrip("/").split("?")[0].split("/")[0]
    return f"/{first}/" if first.isascii() and first.isalpha() and len(first) <= 20 else "/"


class SuggestionForm(HeardForm):
    """Words, and the part of the system they are about."""

    page = forms.CharField(required=False, max_length=400, widget=forms.HiddenInput)

    def clean_page(self) -> str:
        """The part alone."""
        return part_of(self.cleaned_data["page"])


def suggest(request: HttpRequest) -> HttpResponse:
    """Put in a suggestion or complaint; no log-in, no name, no time."""
    about = part_of(request.GET.get("page", "/"))
    form = SuggestionForm(request.POST or None, initial={"page": about})
    form.fields["text"].label = _("投诉或建议")
    if request.method == "POST" and form.is_valid():
        try:
            # About the county itself, so that nothing points at the writer's unit.
            made = SuggestionMade(text=form.cleaned_data["text"], page=form.cleaned_data["page"])
            slot.put(made, rights.county_code())
        except Fault as fault:
            form.add_error(None, fault.sentence(gettext))
        else:
            return redirect("suggestion_taken")
    return render(
        request,
        "suggestions/suggest.html",
        {"form": form, "about": about},
        status=422 if form.errors else 200,
    )


def suggestion_taken(request: HttpRequest) -> HttpResponse:
    """What happens with the suggestion now."""
    return render(request, "suggestions/taken.html")


def suggestions(request: HttpRequest) -> HttpResponse:
    """Answered suggestions, for everybody; those that wait, for who answers; their number for all."""
    rows = store.listing("S")
    waiting = rows.filter(stage=WAITING)
    answers = may_answer(request.user)
    page = Paginator(rows.filter(stage=ANSWERED).order_by("-since", "-subject"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    oldest: date | None = waiting.aggregate(day=Min("since"))["day"]
    return render(
        request, "suggestions/list.html",
        {
            "page": page, "answered": [store.read_state(row) for row in page], "answers": answers,
            "waiting": [store.read_state(r) for r in waiting.order_by("since")] if answers else [],
            "count": waiting.count(), "days": (timezone.localdate() - oldest).days if oldest else 0,
            "stuck": list(slot.stuck()) if answers else [],
        },
    )  # fmt: skip


def may_answer(user: Any) -> bool:
    """Whether the account answers suggestions."""
    return rights.may(user, SuggestionAnswered.__name__, rights.county_code())


def suggestion(request: HttpRequest, code: str) -> HttpResponse:
    """One suggestion and its answer."""
    state = found(code)
    assert isinstance(state, Suggestion)
    if state.stage != ANSWERED:
        rights.require(request.user, SuggestionAnswered.__name__, state)
    acts = possible(request.user, state, (SuggestionAnswered,)) if state.stage == WAITING else []
    return render(
        request, "suggestions/one.html", {"suggestion": state, "acts": acts, "datalists": datalists(*acts)}
    )


urlpatterns = [
    path("suggest", suggest, name="suggest"),
    path("suggest/taken", suggestion_taken, name="suggestion_taken"),
    path("suggestions/", suggestions, name="suggestions"),
    path("suggestions/<str:code>", suggestion, name="suggestion"),
]
