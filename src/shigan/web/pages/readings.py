"""查阅: what for, who read what of whom, and the marked records that a second person must approve."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shigan.facts.faults import Fault
from shigan.facts.readings import ReadingAsked
from shigan.ledger.entry import Entry
from shigan.web import opening, rights, store
from shigan.web.models import Account
from shigan.web.pages.acts import datalists, found, possible, record
from shigan.work.admit import Draft
from shigan.work.readings import ASKED, NEXT, Reading, holds
from shigan.work.units import Person

PER_PAGE = 50
MINE, ALL, DUE = "mine", "all", "due"


@dataclass(frozen=True)
class Line:
    """One reading in a list; `at` is when it was written."""

    reading: Reading
    at: datetime


def lines(rows: object) -> list[Line]:
    """Rows as lines."""
    states = map(store.read_state, rows)  # type: ignore[call-overload]
    return [Line(s, store.from_ms(s.at)) for s in states if isinstance(s, Reading)]


def readings(request: HttpRequest) -> HttpResponse:
    """Who read the own file; with `?list=` what one read oneself, what waits for an approval, or (for those
    who supervise) all readings."""
    user, wanted = _account(request), request.GET.get("list", "")
    allowed = {"": True, MINE: _reads(user), DUE: _decides(user), ALL: rights.may(user, "see:F")}
    if not allowed.get(wanted):
        raise PermissionDenied
    newest, own = store.listing("F").order_by("-since", "-pk"), Q(mark=user.code) | Q(origin=user.code)
    rows = {
        "": opening.about_me(user),
        MINE: newest.filter(mark=user.code),
        DUE: rights.visible_to(user, newest.filter(stage=ASKED)).exclude(own),
        ALL: newest,
    }[wanted]  # fmt: skip
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "section": "appraisal", "page": page, "lines": lines(page), "wanted": wanted,
        "tabs": [(name, words) for name, words in TABS if allowed[name]],
        "may_state": _reads(user), "said": opening.stated(request),
    }  # fmt: skip
    return render(request, "readings/list.html", context)


TABS = (
    ("", _("谁看过我的材料")), (MINE, _("我看过的")), (DUE, _("待我同意")), (ALL, _("全部查阅")),
)  # fmt: skip


def _reads(user: Account) -> bool:
    return rights.may(user, "FileRead")


def _decides(user: Account) -> bool:
    return rights.may(user, "ReadingGranted")


def purpose(request: HttpRequest) -> HttpResponse:
    """Say, or change, what files are read for; then on to the page that was wanted."""
    rights.require(request.user, "FileRead")
    form = opening.PurposeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        opening.state(request, given["purpose"], given["note"])
        spent = max(0, min(3600, int(time.time()) - (given["opened"] or int(time.time()))))
        request.burden = ("FileRead", spent)  # type: ignore[attr-defined]
        return redirect(_safe(request, given["next"]))
    if not form.is_bound:
        form.fields["next"].initial = _safe(request, request.GET.get("next", ""))
    page = opening.purpose_page(form)
    return render(request, "readings/purpose.html", page, status=422 if form.errors else 200)


def _safe(request: HttpRequest, address: str) -> str:
    """The address where it is one of ours."""
    ours = url_has_allowed_host_and_scheme(address, {request.get_host()}, request.is_secure())
    return address if ours and address else "/readings/"


class AskForm(opening.PurposeForm):
    """What for, and why these records are needed."""

    note = forms.CharField(
        label=_("为什么需要"), max_length=200, widget=forms.Textarea({"class": "form-control", "rows": 3})
    )


def ask(request: HttpRequest, person: str) -> HttpResponse:
    """Ask to read the marked records of one person."""
    state, user = found(person), _account(request)
    if not isinstance(state, Person):
        raise Http404(person)
    rights.require(user, "ReadingAsked", state)
    said = opening.stated(request)
    form = AskForm(request.POST or None, purpose=said.words if said else "")
    if request.method == "POST" and form.is_valid() and (code := _asked(request, form, person)):
        messages.success(request, gettext("已提出，等另一人同意。"))
        return redirect("reading", code)
    context = {"section": "appraisal", "form": form, "person": state, "rule": store.rulebook().readings}
    return render(request, "readings/ask.html", context, status=422 if form.errors else 200)


def _asked(request: HttpRequest, form: AskForm, person: str) -> str:
    given, user = form.cleaned_data, _account(request)
    fact = ReadingAsked(about=person, purpose=given["purpose"], note=given["note"])
    code = store.next_code("F")
    try:
        record(request, [Draft(code, fact, user.unit, timezone.localdate(), 0)])
    except Fault as fault:
        form.add_error(None, fault.sentence(gettext))
        return ""
    return code


def reading(request: HttpRequest, code: str) -> HttpResponse:
    """One reading or request: for the reader, the person, who decides, and those who supervise."""
    state, user = _found(code), _account(request)
    acts = possible(user, state, NEXT.get(state.stage, ())) if _may_decide(user, state) else []
    concerned = {state.mark, state.decided, state.origin, *state.persons}
    if user.code not in concerned and not acts and not rights.may(user, "see:F"):
        raise PermissionDenied
    context = {
        "section": "appraisal", "reading": state, "at": store.from_ms(state.at), "acts": acts,
        "until": store.from_ms(state.until) if state.until else None, "datalists": datalists(*acts),
        "holds": _holds(user, state), "history": list(store.lives([code])),
    }  # fmt: skip
    return render(request, "readings/one.html", context)


def _may_decide(user: Account, state: Reading) -> bool:
    return user.code not in (state.mark, state.origin) and rights.may(user, "ReadingGranted", state)


def _holds(user: Account, state: Reading) -> bool:
    return holds(state, user.code, state.origin, store.to_ms(timezone.now()))


def marked(request: HttpRequest, code: str) -> HttpResponse:
    """The marked records of one person, under an approval that holds; opening them is an entry."""
    state, user = _found(code), _account(request)
    if not _holds(user, state):
        raise PermissionDenied
    opening.open_marked(user, state.origin, code, state.topic)
    context = {
        "section": "appraisal", "reading": state, "until": store.from_ms(state.until),
        "entries": marked_of(state.origin),
    }  # fmt: skip
    return render(request, "readings/marked.html", context)


def marked_of(person: str) -> list[Entry]:
    """The marked records of one person, and corrections, oldest first."""
    kinds = store.rulebook().readings.marked_kinds()
    return list(store.entries(person, kinds=[*kinds, "EntryCorrected"]))


def _found(code: str) -> Reading:
    state = found(code)
    if not isinstance(state, Reading):
        raise Http404(code)
    return state


def _account(request: HttpRequest) -> Account:
    if not isinstance(request.user, Account):
        raise PermissionDenied
    return request.user


urlpatterns = [
    path("readings/", readings, name="readings"),
    path("readings/purpose", purpose, name="purpose"),
    path("readings/ask/<str:person>", ask, name="ask_reading"),
    path("readings/<str:code>", reading, name="reading"),
    path("readings/<str:code>/records", marked, name="marked"),
]
