"""台账: checkpoints, entries newest first, one entry with its proof, the entries behind a figure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from shigan.facts import KINDS
from shigan.facts.faults import Fault
from shigan.ledger.entry import Entry, entry_bytes, leaf
from shigan.web import keys, proving, rights, sealing, store
from shigan.web.forms import CodeField
from shigan.web.models import EntryRow, SealRow
from shigan.web.pages.acts import datalists
from shigan.web.pages.erasure import may_correct, words_of
from shigan.web.proving import Proof
from shigan.web.sentences import lag_words

PER_PAGE = 50
MOST_EVIDENCE = 2000
STEP, TOP, MIDDLE, AWAY = 34, 30, 300, 190
"""The picture of a proof in pixels: height of a step, the root's place, our line, how far the neighbours."""


class Filter(forms.Form):
    """What the list of entries is narrowed to."""

    kind = forms.ChoiceField(
        label=_("事项"),
        required=False,
        widget=forms.Select({"class": "form-select"}),
        choices=[("", _("全部")), *((name, _(kind.TITLE)) for name, kind in KINDS.items())],
    )
    unit = CodeField("U", label=_("单位"), required=False)
    subject = forms.CharField(
        label=_("编号"), required=False, max_length=40, widget=forms.TextInput({"class": "form-control"})
    )
    before = forms.IntegerField(required=False, widget=forms.HiddenInput)


@dataclass(frozen=True)
class Line:
    """An entry as this account may see it: the header always, the content only where it has the right.

    `limit`: days after the event from which an entry of its kind is 补录. `closed`: it would be open, had the
    account opened the personal file in which it stands.
    """

    row: int
    entry: Entry
    open: bool
    limit: int
    closed: bool = False

    @property
    def lag(self) -> str:
        """How long after the event it was recorded, in words."""
        return lag_words(self.entry.lag(), self.limit)

    @property
    def title(self) -> str:
        """The name of its kind."""
        kind = KINDS.get(self.entry.kind)
        return gettext(kind.TITLE) if kind else self.entry.kind


def lines(request: HttpRequest, rows: Iterable[EntryRow]) -> list[Line]:
    """Rows as lines for the account."""
    rules, user = store.rulebook().ledger, request.user
    return [
        Line(
            row.pk,
            store.read_entry(row),
            rights.reads(user, row),
            rules.late_after(row.kind),
            rights.closed(user, row) and rights.sees(user, row.subject, row.unit),
        )
        for row in rows
    ]


def narrowed(rows: QuerySet[EntryRow], wanted: dict[str, Any]) -> QuerySet[EntryRow]:
    """The rows that the filter leaves; `before` goes on where the last page ended."""
    for key in ("kind", "unit"):
        if wanted.get(key):
            rows = rows.filter(**{key: wanted[key]})
    if wanted.get("subject"):
        subject = wanted["subject"]
        rows = rows.filter(subject=subject if subject.startswith("R-") else subject.upper())
    if wanted.get("before"):
        rows = rows.filter(pk__lt=wanted["before"])
    return rows


def ledger(request: HttpRequest) -> HttpResponse:
    """The newest entries and the last checkpoints; with an empty page, how to check them."""
    rights.require(request.user, "see:ledger")
    form = Filter(request.GET or None)
    wanted = form.cleaned_data if form.is_bound and form.is_valid() else {}
    rows = narrowed(EntryRow.objects.select_related("payload"), wanted).order_by("-pk")[: PER_PAGE + 1]
    found = lines(request, rows)
    seals = list(SealRow.objects.order_by("-size")[:10])
    return render(
        request,
        "ledger/list.html",
        {
            "section": "ledger",
            "filter": form,
            "lines": found[:PER_PAGE],
            "datalists": datalists(form),
            "older": found[PER_PAGE - 1].row if len(found) > PER_PAGE else None,
            "seals": [(seal, store.from_ms(seal.at)) for seal in seals],
            "key": keys.public_key().hex(),
            "may_seal": rights.may(request.user, "seal"),
            "waiting": EntryRow.objects.filter(position=None).count(),
        },
    )


@require_POST
def seal(request: HttpRequest) -> HttpResponse:
    """Seal what waits."""
    rights.require(request.user, "seal")
    point = sealing.seal()
    if point:
        messages.success(request, gettext("已封存，封存点 {size}。").format(size=point.size))
    else:
        messages.info(request, gettext("没有可封存的记录。"))
    return redirect("ledger")


def entry(request: HttpRequest, position: int) -> HttpResponse:
    """One entry: its words for those who may read them, its line, hashes and proof for everybody."""
    rights.require(request.user, "see:ledger")
    row = EntryRow.objects.select_related("payload").filter(position=position).first()
    if row is None:
        raise Http404(position)
    line = lines(request, [row])[0]
    proof = proving.prove(line.entry)
    return render(
        request,
        "ledger/entry.html",
        {
            "section": "ledger",
            "line": line,
            "entry": line.entry,
            "bytes": entry_bytes(line.entry).decode(),
            "leaf": leaf(line.entry).hex(),
            "proof": proof,
            "may_correct": may_correct(request.user, line.entry) and bool(words_of(line.entry)),
            "picture": picture(proof) if proof else None,
            "before": position - 1 if position else None,
            "after": position + 1,
            "key": keys.public_key().hex(),
        },
    )


@dataclass(frozen=True)
class Dot:
    """One step of the picture: own node at `y`, the neighbour at `x`; both hashes shortened."""

    n: int
    y: int
    below: int
    x: int
    side: str
    sibling: str
    node: str


@dataclass(frozen=True)
class Picture:
    """The path upwards: the root on top, the entry at the bottom."""

    height: int
    middle: int
    bottom: int
    leaf: str
    dots: tuple[Dot, ...]


def picture(proof: Proof) -> Picture:
    """Where everything stands in the drawing of a proof."""
    bottom = TOP + STEP * len(proof.steps)
    dots = tuple(
        Dot(
            n,
            bottom - STEP * n,
            bottom - STEP * (n - 1),
            MIDDLE - AWAY if step.side == "left" else MIDDLE + AWAY,
            step.side,
            step.sibling.hex(),
            step.node.hex(),
        )
        for n, step in enumerate(proof.steps, 1)
    )
    return Picture(bottom + 40, MIDDLE, bottom, proof.leaf.hex(), dots)


def evidence(request: HttpRequest) -> HttpResponse:
    """The entries behind a figure: `?e=1,2,3`."""
    rights.require(request.user, "see:ledger")
    numbers = _numbers(request.GET.get("e", ""))
    start = max(0, int(page) - 1) * PER_PAGE if (page := request.GET.get("page", "1")).isdecimal() else 0
    shown = numbers[start : start + PER_PAGE]
    rows = EntryRow.objects.select_related("payload").filter(position__in=shown).order_by("position")
    return render(
        request,
        "ledger/evidence.html",
        {
            "section": "ledger",
            "lines": lines(request, rows),
            "total": len(numbers),
            "start": start + 1,
            "next": start // PER_PAGE + 2 if start + PER_PAGE < len(numbers) else None,
        },
    )


def _numbers(text: str) -> list[int]:
    words = [w for w in text.replace("，", ",").split(",") if w.strip()]
    if not all(w.strip().isdecimal() and len(w) < 16 for w in words) or len(words) > MOST_EVIDENCE:
        raise Fault(
            gettext("依据的序号看不懂"), remedy=gettext("写成 e=1,2,3 的样子，最多 {n} 个。"), n=MOST_EVIDENCE
        )
    return sorted({int(w) for w in words})


urlpatterns = [
    path("ledger/", ledger, name="ledger"),
    path("ledger/seal", seal, name="seal"),
    path("ledger/<int:position>", entry, name="entry"),
    path("evidence", evidence, name="evidence"),
]
