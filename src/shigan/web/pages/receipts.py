"""回执: what an account recorded, each with the ledger's signed word for it; and the check of a receipt."""

from __future__ import annotations

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shigan.facts.faults import Fault
from shigan.ledger.entry import UNSIGNED
from shigan.ledger.receipt import read
from shigan.ledger.verify import AT, CHANGED, WAITING
from shigan.web import exporting, rights, store
from shigan.web.models import EntryRow
from shigan.web.pages.acts import author
from shigan.web.pages.ledger import lines
from shigan.web.pages.proofs import qr

NEWEST = 50


class Given(forms.Form):
    """A receipt as pasted or scanned."""

    text = forms.CharField(
        label=_("回执的全部文字"),
        max_length=2000,
        widget=forms.Textarea({"class": "form-control", "rows": 8, "spellcheck": "false"}),
    )


def receipts(request: HttpRequest) -> HttpResponse:
    """The newest entries that this account recorded itself; nobody sees another's list."""
    rights.require(request.user, "see:ledger")
    rows = EntryRow.objects.select_related("payload").filter(by=author(request.user).by)
    context = {"lines": lines(request, rows.order_by("-pk")[:NEWEST]), "n": NEWEST}
    return render(request, "ledger/receipts.html", {"section": "ledger", **context})


def receipt(request: HttpRequest, subject: str, seq: int) -> HttpResponse:
    """One receipt to print, for the one who recorded."""
    rights.require(request.user, "see:ledger")
    row = EntryRow.objects.select_related("payload").filter(subject=subject, seq=seq).first()
    if row is None or row.by == UNSIGNED or row.by != author(request.user).by:
        raise PermissionDenied
    text = exporting.receipt_of(store.read_entry(row))
    context = {"line": lines(request, [row])[0], "text": text, "qr": qr(text)}
    return render(request, "ledger/receipt.html", {"section": "ledger", **context})


def check_receipt(request: HttpRequest) -> HttpResponse:
    """What became of a receipt's entry, in one sentence."""
    rights.require(request.user, "see:ledger")
    form = Given(request.POST or None)
    context: dict[str, object] = {"section": "ledger", "form": form}
    if form.is_bound and form.is_valid():
        try:
            context |= told(form.cleaned_data["text"])
        except Fault as fault:
            form.add_error("text", fault.sentence(gettext))
    return render(request, "ledger/check.html", context, status=422 if form.errors else 200)


def told(text: str) -> dict[str, object]:
    """The answer for the page: whether all is well, its sentence, the entry's position where it has one."""
    what, position = exporting.fate(text)
    said = {
        AT: gettext("在第 {n} 条，与回执一致。"),
        WAITING: gettext("已收下，尚未封存，与回执一致。"),
        CHANGED: gettext("台账里的记录与回执不同：记录被改过。请保存回执，交监督人员。"),
    }.get(what, gettext("台账里没有：这条记录被删掉了。请保存回执，交监督人员。"))
    about = f"{(given := read(text)).subject} · {given.seq}"
    return {"well": what in (AT, WAITING), "words": said.format(n=position), "at": position, "about": about}


urlpatterns = [
    path("receipts/", receipts, name="receipts"),
    path("receipts/check", check_receipt, name="check_receipt"),
    path("receipts/<path:subject>/<int:seq>", receipt, name="receipt"),
]
