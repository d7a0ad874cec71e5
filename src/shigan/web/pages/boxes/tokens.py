"""Taking a token (领票): the voter's page, the signer's answer, and the roll of who took one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext

from shigan.facts.faults import Fault
from shigan.web import issuing, rights, store
from shigan.web.models import Account
from shigan.web.pages.acts import found
from shigan.work.boxes import Box
from shigan.work.state import Refused

LONGEST_BLINDED = 2_048
"""In hexadecimal digits: a key of 8192 bits."""


def _user(request: HttpRequest) -> Account:
    rights.require(request.user, "tokens")
    assert isinstance(request.user, Account), "`require` lets nobody else in"
    return request.user


def tokens(request: HttpRequest) -> HttpResponse:
    """The evaluations of which the reader may take a token."""
    user = _user(request)
    own = [(right, store.state(right.election)) for right in issuing.rights_of(user)]
    lines = [
        (box, right.voters, issuing.issued_to(box.subject, user.code))
        for right, box in own
        if isinstance(box, Box)
    ]
    context = {"section": "tokens", "lines": lines, "now": timezone.now()}
    return render(request, "boxes/tokens.html", context)


def token(request: HttpRequest, code: str) -> HttpResponse:
    """One evaluation's token: the page that asks for it, and the answer to its question."""
    user = _user(request)
    right = issuing.right_of(code, user)
    if right is None:
        raise PermissionDenied
    box = found(code)
    if not isinstance(box, Box):
        raise Http404(code)
    if request.method == "POST":
        return _answer(request, box, user)
    key, now = box.manifest.keys.get(right.voters), timezone.now()
    begin = box.manifest.issue_from
    return render(
        request, "boxes/token.html",
        {
            "section": "tokens", "box": box, "made": box.manifest, "user_code": user.code,
            "voters": box.manifest.by_class.get(right.voters), "taken": issuing.issued_to(code, user.code),
            "open": bool(key) and issuing.open_now(box, now), "before": bool(begin and now < begin),
            "n": f"{key.n:x}" if key else "", "e": key.e if key else 0,
        },
    )  # fmt: skip


def _answer(request: HttpRequest, box: Box, user: Account) -> JsonResponse:
    try:
        return JsonResponse({"signature": issuing.issue(box, user, _blinded(request), timezone.now()).hex()})
    except Fault as fault:
        status = 409 if isinstance(fault, Refused) else 503 if isinstance(fault, issuing.Unreachable) else 400
        return JsonResponse({"error": fault.sentence(gettext)}, status=status)


def _blinded(request: HttpRequest) -> bytes:
    text = request.POST.get("blinded", "")
    try:
        return bytes.fromhex(text) if len(text) <= LONGEST_BLINDED else b""
    except ValueError:
        return b""


class RollForm(forms.Form):
    """The codes of those who may take a token, a text for each class that has tokens."""

    def __init__(self, box: Box, data: Any) -> None:
        super().__init__(data, label_suffix="")
        own = issuing.roll(box.subject)
        for each in box.manifest.classes:
            if each.tokens:
                listed = "\n".join(place.account for place in own if place.voters == each.id)
                words = gettext("{voters} 票（{name}），每行一个编号")
                self.fields[each.id] = forms.CharField(
                    label=words.format(voters=each.id, name=each.name),
                    initial=listed, required=False, max_length=200_000,
                    widget=forms.Textarea({"class": "form-control", "rows": 6}),
                )  # fmt: skip

    def codes(self) -> dict[str, list[str]]:
        """By class, the codes: the first word of each line."""
        return {
            voters: [line.split()[0].upper() for line in text.splitlines() if line.strip()]
            for voters, text in self.cleaned_data.items()
        }


def roll(request: HttpRequest, code: str) -> HttpResponse:
    """Who may take a token, and who took one; the list is made before issuing begins."""
    box = found(code)
    if not isinstance(box, Box):
        raise Http404(code)
    rights.require(request.user, "token_roll", box)
    may_list = rights.may(request.user, "BoxOpened", box)
    form = RollForm(box, request.POST or None)
    if request.method == "POST":
        rights.require(request.user, "BoxOpened", box)
        if form.is_valid() and (n := _entitled(box, form)) is not None:
            messages.success(request, gettext("名单已保存，共 {n} 人可网上领票。").format(n=n))
            return redirect("token_roll", code)
    begun = box.manifest.issue_from is None or timezone.now() >= box.manifest.issue_from
    places = issuing.roll(code)
    return render(
        request, "boxes/roll.html",
        {
            "section": "boxes", "box": box, "form": form, "may_list": may_list and not begun,
            "places": places, "taken": sum(place.day is not None for place in places),
        },
        status=422 if request.method == "POST" else 200,
    )  # fmt: skip


def _entitled(box: Box, form: RollForm) -> int | None:
    try:
        return issuing.entitle(box, form.codes(), timezone.now())
    except Fault as fault:
        form.add_error(None, fault.sentence(gettext))
        return None
