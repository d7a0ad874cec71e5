"""Recording a fact: one view for every kind of fact about a thing that is there already."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext

from shigan.facts import KINDS, Fact
from shigan.facts.faults import Fault
from shigan.ledger.entry import Entry
from shigan.web import naming, rights, store
from shigan.web.forms import CodeField, FactForm, form_for
from shigan.web.links import link
from shigan.web.models import Account
from shigan.work.admit import Author, Draft
from shigan.work.state import State, fill


@dataclass(frozen=True)
class Possible:
    """An act that may be next: its kind, its title, its form ready to be filled in."""

    kind: str
    title: str
    code: str
    form: FactForm
    first: bool


def author(user: object) -> Author:
    """Who writes, as the ledger knows it."""
    assert isinstance(user, Account)
    return Author(user.code, user.unit)


def possible(
    user: object, state: State, kinds: tuple[type[Fact], ...], *, open_first: bool = True
) -> list[Possible]:
    """Of the kinds that may come next, those that this account may write and the rules would fill today."""
    from django.utils import timezone

    rules, found = store.rulebook(), list[Possible]()
    for kind in kinds:
        if not rights.may(user, kind.__name__, state):
            continue
        try:
            fill(kind, state, timezone.localdate(), rules)
        except Fault:
            continue
        form = form_for(kind)(state=state, rules=rules)
        found.append(
            Possible(kind.__name__, gettext(kind.TITLE), state.subject, form, open_first and not found)
        )
    return found


def found(code: str) -> State:
    """The state of a thing, or 404."""
    state = store.state(code)
    if state is None:
        raise Http404(code)
    return state


def act(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """Write one fact about one thing; on a fault the form comes back with the sentence and what was typed."""
    state, cls = found(code), KINDS.get(kind)
    if cls is None:
        raise Http404(kind)
    rights.require(request.user, kind, state)
    form = form_for(cls)(request.POST or None, state=state, rules=store.rulebook())
    if request.method == "POST" and form.is_valid() and write(request, form, code, state.unit):
        messages.success(request, gettext("已记入台账：{what}").format(what=gettext(cls.TITLE)))
        return redirect(link(code) or "home")
    page = (
        "parts/act_form.html" if request.method == "GET" and "HX-Request" in request.headers else "act.html"
    )
    context = {"form": form, "kind": kind, "title": gettext(cls.TITLE), "code": code, "state": state}
    context["datalists"] = datalists(form)
    return render(request, page, context, status=422 if form.errors else 200)


def write(request: HttpRequest, form: FactForm, code: str, unit: str) -> bool:
    """Append what a valid form says; a refusal becomes an error of the form. Counts the burden."""
    try:
        record(request, [form.draft(code, unit)])
    except Fault as fault:
        form.add_error(None, fault.sentence(gettext))
        return False
    spent(request, form)
    return True


def record(request: HttpRequest, drafts: Iterable[Draft]) -> list[Entry]:
    """Write facts in the account's name and offer it the receipt. Raises like `store.append`."""
    entries = store.append(drafts, author(request.user))
    offer(request, entries)
    return entries


def offer(request: HttpRequest, entries: Sequence[Entry]) -> None:
    """Offer the receipt of what the account has just recorded; of several the list of its receipts."""
    if entries and rights.may(request.user, "see:ledger"):
        one = entries[0] if len(entries) == 1 else None
        address = reverse("receipt", args=[one.subject, one.seq]) if one else reverse("receipts")
        messages.info(request, gettext("台账已收下，可以打印回执留存。"), extra_tags=address)


def spent(request: HttpRequest, form: FactForm) -> None:
    """Note how long a form was open, for the unit's burden."""
    request.burden = (form.KIND.__name__, form.seconds_open())  # type: ignore[attr-defined]


def begin(request: HttpRequest, kind: type[Fact], unit_label: str) -> FactForm:
    """The form for the first fact about a new thing, which also asks for its unit."""
    rights.require(request.user, kind.__name__)
    form = form_for(kind)(request.POST or None, state=None, rules=store.rulebook())
    form.fields["unit"] = CodeField("U", label=unit_label)
    form.order_fields(["unit", *(f for f in form.fields if f != "unit")])
    return form


def begun(request: HttpRequest, form: FactForm, letter: str) -> str:
    """Write the first fact about a new thing; its code, or an empty string while the form is not right."""
    if request.method != "POST" or not form.is_valid():
        return ""
    unit = form.cleaned_data["unit"]
    rights.require(request.user, form.KIND.__name__, unit)
    code = store.next_code(letter)
    form.cleaned_data["seen"] = 0
    return code if write(request, form, code, unit) else ""


MOST_OPTIONS = 1200
"""A longer list helps nobody and makes the page heavy; a code or a full name can always be typed."""


def datalists(*given: object) -> list[tuple[str, str]]:
    """The lists that the code fields of these forms (or acts) choose from: letter and its options as HTML."""
    forms = [each.form if isinstance(each, Possible) else each for each in given]
    fields = (field for form in forms if isinstance(form, Form) for field in form.fields.values())
    letters = sorted({field.letter for field in fields if isinstance(field, CodeField)})
    found = ((letter, *naming.option_lists()[letter]) for letter in letters)
    return [(letter, options) for letter, n, options in found if n <= MOST_OPTIONS]


urlpatterns = [path("act/<str:kind>/<path:code>", act, name="act")]
