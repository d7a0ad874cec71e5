"""规矩: every number with its source, the versions adopted so far, and adopting a new one after a preview."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shigan.facts.faults import Fault
from shigan.facts.notes import PolicyAdopted
from shigan.ledger.entry import Entry
from shigan.policy import NAMES, Number, Rulebook, changes, load, numbers, shipped, version
from shigan.web import rights, store
from shigan.web.pages.acts import author, record
from shigan.work.admit import Draft

Change = tuple[Number[Any] | None, Number[Any] | None]


@dataclass(frozen=True)
class Card:
    """One policy in the list: how many numbers it has and how many were read in the law's own text."""

    name: str
    title: str
    version: str
    numbers: int
    verified: int


def rules(request: HttpRequest) -> HttpResponse:
    """All policies in force."""
    rights.require(request.user, "see:rules")
    book = store.rulebook()
    cards = []
    for name in NAMES:
        all_of_it = list(numbers(getattr(book, name)))
        title = getattr(book, name).about.title
        cards.append(
            Card(name, title, book.version(name), len(all_of_it), sum(n.verified for n in all_of_it))
        )
    return render(request, "rules/list.html", {"section": "rules", "cards": cards})


@dataclass(frozen=True)
class Adoption:
    """A version that was adopted, and how many numbers it changed."""

    entry: Entry
    version: str
    reason: str
    changed: int


def policy(request: HttpRequest, name: str) -> HttpResponse:
    """One policy: its numbers as sentences, its text, its history."""
    rights.require(request.user, "see:rules")
    book = _book_with(name)
    return render(
        request,
        "rules/policy.html",
        {
            "section": "rules",
            "name": name,
            "title": getattr(book, name).about.title,
            "about": getattr(book, name).about,
            "version": book.version(name),
            "text": book.texts[name],
            "numbers": [_told(n) for n in numbers(getattr(book, name))],
            "history": list(history(name)),
            "may_adopt": rights.may(request.user, "adopt"),
        },
    )


def _book_with(name: str) -> Rulebook:
    if name not in NAMES:
        raise Http404(name)
    return store.rulebook()


def _told(number: Number[Any]) -> tuple[str, Number[Any]]:
    return number.sentence(gettext), number


def history(name: str) -> Iterator[Adoption]:
    """The adoptions of a policy, oldest first, each compared with the text before it."""
    before = shipped(name)
    for entry in store.entries(f"R-{name}", kinds=["PolicyAdopted"]):
        if isinstance(fact := entry.fact, PolicyAdopted):
            changed = sum(
                1 for _each in changes(load(name, before, kept=True), load(name, fact.text, kept=True))
            )
            yield Adoption(entry, fact.version, fact.reason, changed)
            before = fact.text


class AdoptForm(forms.Form):
    """The new text, pasted or from a file, and why."""

    file = forms.FileField(
        label=_("规矩文件（.toml）"),
        required=False,
        widget=forms.FileInput({"class": "form-control", "accept": ".toml"}),
    )
    text = forms.CharField(
        label=_("全文（TOML）"),
        required=False,
        max_length=200_000,
        strip=False,
        widget=forms.Textarea({"class": "form-control", "rows": 16, "spellcheck": "false"}),
    )
    reason = forms.CharField(
        label=_("采用理由"), max_length=500, widget=forms.Textarea({"class": "form-control", "rows": 2})
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """A file takes the place of the pasted text."""
        cleaned = super().clean() or {}
        if upload := cleaned.get("file"):
            try:
                cleaned["text"] = upload.read().decode("utf-8-sig")
            except UnicodeDecodeError as error:
                raise forms.ValidationError(
                    gettext("文件不是 UTF-8 文字。请在编辑器中另存为 UTF-8 编码。")
                ) from error
        cleaned["text"] = (cleaned.get("text") or "").replace("\r\n", "\n")
        if not cleaned["text"].strip():
            raise forms.ValidationError(gettext("没有规矩全文。请粘贴全文，或选一个文件。"))
        return cleaned


def adopt(request: HttpRequest, name: str) -> HttpResponse:
    """A new version: every fault at its key; a preview of what changes; then it is adopted as a fact."""
    rights.require(request.user, "adopt")
    book = _book_with(name)
    state = store.state(f"R-{name}")
    first = {"text": book.texts[name], "seen": state.seq if state else 0}
    form = AdoptForm(request.POST or None, request.FILES or None, initial=first, label_suffix="")
    differences: list[Change] | None = None
    if request.method == "POST" and form.is_valid():
        try:
            after = book.with_adopted(name, form.cleaned_data["text"])
            differences = list(changes(getattr(book, name), getattr(after, name)))
            if "adopt" in request.POST and _adopted(request, name, form.cleaned_data):
                return redirect("policy", name)
        except Fault as fault:
            form.add_error(None, fault.sentence(gettext))
    if form.is_bound and "text" in form.cleaned_data:  # what a file said goes on in the text field
        data = request.POST.copy()
        data["text"] = form.cleaned_data["text"]
        form.data = data
    return render(
        request,
        "rules/adopt.html",
        {
            "section": "rules",
            "name": name,
            "title": getattr(book, name).about.title,
            "form": form,
            "preview": differences is not None and not form.errors,
            "changes": [_pair(each) for each in differences or ()],
        },
        status=422 if form.errors else 200,
    )


def _pair(change: Change) -> tuple[str, str]:
    before, after = (each.sentence(gettext) if each else "—" for each in change)
    return before, after


def _adopted(request: HttpRequest, name: str, cleaned: dict[str, Any]) -> bool:
    text, user = cleaned["text"], request.user
    fact = PolicyAdopted(name=name, version=version(text), text=text, reason=cleaned["reason"])
    writer = author(user)
    record(request, [Draft(f"R-{name}", fact, writer.by_unit, timezone.localdate(), cleaned["seen"])])
    messages.success(request, gettext("新版本已采用，今天起施行；以前的结论仍按当时的规矩。"))
    return True


urlpatterns = [
    path("rules/", rules, name="rules"),
    path("rules/<str:name>", policy, name="policy"),
    path("rules/<str:name>/adopt", adopt, name="adopt"),
]
