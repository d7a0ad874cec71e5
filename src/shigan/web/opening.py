"""Opening a personal file (查阅): nobody else's answers before the ledger holds who reads it, and what for.

What a personal file is, and what is not, stands in docs/readings.md. A purpose is said once and holds for
some hours of the session; every person is an entry of its own, once a day for each part and purpose.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shigan.facts.readings import LISTS, FilePart, FileRead
from shigan.ledger.entry import Entry, leaf
from shigan.web import naming, rights, store
from shigan.web.models import Account, StateRow
from shigan.web.turns import numbering
from shigan.work.admit import Author, Draft
from shigan.work.readings import READ

SESSION_KEY = "purpose"
_INPUT = {"class": "form-control"}


@dataclass(frozen=True)
class Purpose:
    """What a reader said the files are read for."""

    words: str
    note: str = ""


class PurposeForm(forms.Form):
    """What for: one of the rule book's purposes, and a word more where it helps."""

    purpose = forms.ChoiceField(label=_("查阅用途"), widget=forms.Select({"class": "form-select"}))
    note = forms.CharField(
        label=_("补充说明"), max_length=100, required=False, widget=forms.TextInput(_INPUT)
    )
    opened = forms.IntegerField(widget=forms.HiddenInput, required=False)
    next = forms.CharField(widget=forms.HiddenInput, required=False, max_length=500)

    def __init__(self, data: object, **initial: object) -> None:
        super().__init__(data, initial={"opened": int(time.time())} | initial, label_suffix="")  # type: ignore[arg-type]
        purposes = store.rulebook().readings.purposes.value
        self.fields["purpose"].choices = [("", "—"), *((p, gettext(p)) for p in purposes)]  # type: ignore[attr-defined]


def stated(request: HttpRequest) -> Purpose | None:
    """The purpose that this session said and that still holds; while a form is sent also one that lapsed
    meanwhile, so that nothing typed is lost."""
    said = request.session.get(SESSION_KEY)
    rules = store.rulebook().readings
    if not said or said["purpose"] not in rules.purposes.value:
        return None
    fresh = time.time() - said["at"] < 60 * rules.purpose_holds.value
    return Purpose(said["purpose"], said["note"]) if fresh or request.method == "POST" else None


def state(request: HttpRequest, purpose: str, note: str = "") -> None:
    """Keep a purpose in the session."""
    request.session[SESSION_KEY] = {"purpose": purpose, "note": note, "at": int(time.time())}


def gate(
    request: HttpRequest, about: str, part: FilePart, persons: Iterable[str] = ()
) -> HttpResponse | None:
    """None once the ledger holds this reading (or it is the own file): the page may answer. Before a purpose
    is said: the page that asks for it.

    `persons` are those whom a list tells of; the reader is left out.
    """
    user = _account(request)
    others = tuple(sorted(set(persons) - {user.code}))
    if about == user.code or (part in LISTS and not others):
        return None
    purpose = stated(request)
    if purpose is None:
        return ask(request)
    if not _known(user, about, part, purpose, others):
        _write(user, _fact(about, part, purpose, others))
    return None


def taken(
    request: HttpRequest, about: str, part: FilePart, form: str, persons: Iterable[str] = ()
) -> str | HttpResponse:
    """The watermark of a paper that leaves the house, once the ledger holds that it was taken; or the page
    that asks what for. Every taking is an entry: the mark names it and the beginning of its leaf hash."""
    user = _account(request)
    others = tuple(sorted(set(persons) - {user.code}))
    who = {"who": naming.name(user.code), "code": user.code, "when": f"{timezone.localtime():%Y-%m-%d %H:%M}"}
    if about == user.code or (part in LISTS and not others):
        return gettext("{who}（{code}）{when} 导出，本人材料").format(**who)
    purpose = stated(request)
    if purpose is None:
        return ask(request)
    entry = _write(user, _fact(about, part, purpose, others, form))
    return gettext("{who}（{code}）{when} 导出，用途：{purpose}，登记 {entry} {leaf}").format(
        **who, purpose=gettext(purpose.words), entry=entry.subject, leaf=leaf(entry).hex()[:12]
    )


def open_marked(user: Account, about: str, grant: str, purpose: str) -> None:
    """Note that marked records are opened under an approval. Raises `Refused` where none holds."""
    if not _rows(user, about, FilePart.MARKED).filter(body__contains=f'"{grant}"').exists():
        _write(user, FileRead(about=about, part=FilePart.MARKED, purpose=purpose, grant=grant))


def ask(request: HttpRequest) -> HttpResponse:
    """The page that asks what for, in place of the one that was wanted."""
    wanted = request.get_full_path() if request.method == "GET" else request.META.get("HTTP_REFERER", "/")
    said = request.session.get(SESSION_KEY) or {}
    form = PurposeForm(None, next=wanted, purpose=said.get("purpose", ""), note=said.get("note", ""))
    return render(request, "readings/purpose.html", purpose_page(form))


def purpose_page(form: PurposeForm) -> dict[str, object]:
    """What the page that asks for a purpose says."""
    return {"section": "appraisal", "form": form, "holds": store.rulebook().readings.purpose_holds}


def about_me(user: Account) -> QuerySet[StateRow]:
    """The readings, and requests to read, of the account's own file, newest first."""
    if not user.code.startswith("P"):
        return StateRow.objects.none()
    named = Q(source__in=[str(part) for part in LISTS], body__contains=f'"{user.code}"')
    return store.listing("F").filter(Q(origin=user.code) | named).order_by("-since", "-pk")


def _fact(about: str, part: FilePart, purpose: Purpose, persons: tuple[str, ...], form: str = "") -> FileRead:
    return FileRead(
        about=about, part=part, purpose=purpose.words, note=purpose.note, persons=persons, form=form
    )


def _known(user: Account, about: str, part: FilePart, purpose: Purpose, persons: Sequence[str]) -> bool:
    """Whether today's readings for this purpose cover it."""
    rows = _rows(user, about, part).filter(topic=purpose.words)
    covered: set[str] = set()
    for row in (found := [store.read_state(row) for row in rows]):
        covered.update(getattr(row, "persons", ()))
    return bool(found) and covered.issuperset(persons)


def _rows(user: Account, about: str, part: FilePart) -> QuerySet[StateRow]:
    """What the account read today of one part of one file."""
    today = timezone.localdate()
    return store.listing("F").filter(source=part, mark=user.code, stage=READ, origin=about, since=today)


def _write(user: Account, fact: FileRead) -> Entry:
    with numbering("F"):
        draft = Draft(store.next_code("F"), fact, user.unit, timezone.localdate(), 0)
        entry = store.append([draft], Author(user.code, user.unit))[0]
    rights.forget_open(user)
    return entry


def _account(request: HttpRequest) -> Account:
    if not isinstance(request.user, Account) or not rights.may(request.user, "see:ledger"):
        raise PermissionDenied
    return request.user
