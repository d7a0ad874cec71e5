"""Sheets in and out: templates, upload, preview with every fault at its cell, all or nothing, exports."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shigan.exchange.sheets import KINDS, Plan, SheetKind, Understood, export, template
from shigan.exchange.workbook import mark_faults
from shigan.exchange.workbook.guard import MAX_FILE
from shigan.facts.faults import Fault
from shigan.facts.readings import FilePart
from shigan.policy import Rulebook
from shigan.web import importing, naming, opening, rights, store, uploads
from shigan.web.links import link
from shigan.web.models import Account
from shigan.web.uploads import Upload

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OF_PERSONS = {"roster", "routine", "results", "evaluation"}
"""Sheets whose export tells of officials: a reading of their files."""
SHOWN = 200
"""So many faults are listed on the page; the marked sheet has them all."""
LISTED = 20
"""So many of the things written are linked on the result page."""


class UploadForm(forms.Form):
    """One workbook, and which of the six it is; left open, it is recognised by its header."""

    file = forms.FileField(
        label=_("表格（.xlsx）"), widget=forms.FileInput({"class": "form-control", "accept": ".xlsx"})
    )
    kind = forms.ChoiceField(
        label=_("哪种表"),
        required=False,
        widget=forms.Select({"class": "form-select"}),
        choices=[("", _("自动识别")), *((k.key, _(k.title)) for k in KINDS.values())],
    )

    def upload(self) -> Upload:
        """The workbook. Raises `Fault` when it is too large to be looked at."""
        file = self.cleaned_data["file"]
        if file.size > MAX_FILE:
            raise Fault(
                "文件超过 {limit} MB。",
                remedy="请只保留要导入的那张表，去掉图片，另存后再上传。",
                limit=MAX_FILE // 1_000_000,
            )
        return Upload(file.name, self.cleaned_data["kind"], file.read())


@dataclass(frozen=True)
class Offer:
    """A kind of sheet on the first page, with the variants of its template."""

    kind: SheetKind
    variants: Mapping[str, str]


def _offer(kind: SheetKind, rules: Rulebook) -> Offer:
    return Offer(kind, {name: words.sentence(gettext) for name, words in kind.variants(rules).items()})


def imports(request: HttpRequest) -> HttpResponse:
    """The six sheets, and the place to hand one in."""
    rights.require(request.user, "import")
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            upload = form.upload()
            importing.plan([(upload.name, upload.data)], upload.key, _user(request))
            return redirect("import_preview", uploads.keep(_user(request), upload))
        except Fault as fault:
            form.add_error("file", fault.sentence(gettext))
    rules = store.rulebook()
    return render(
        request,
        "imports/imports.html",
        {"section": "imports", "form": form, "offers": [_offer(k, rules) for k in KINDS.values()]},
        status=422 if form.errors else 200,
    )


def preview(request: HttpRequest, token: str) -> HttpResponse:
    """What was understood, every fault, and the two ways on: write all of it, or nothing."""
    rights.require(request.user, "import")
    upload = uploads.kept(_user(request), token)
    if request.method == "POST" and "drop" in request.POST:
        uploads.forget(_user(request), token)
        return redirect("imports")
    made = _plan(upload, request)
    if request.method == "POST":
        written = importing.accept(made, _user(request))
        uploads.forget(_user(request), token)
        return render(request, "imports/done.html", _done(written))
    return render(
        request,
        "imports/preview.html",
        {
            "section": "imports",
            "name": upload.name,
            "token": token,
            "parts": [_shown(*p) for p in made.parts],
            "drafts": len(made.drafts),
            "names": len(made.names),
            "faults": len(made.faults),
            "shown": SHOWN,
        },
    )


def _plan(upload: Upload, request: HttpRequest) -> Plan:
    return importing.plan([(upload.name, upload.data)], upload.key, _user(request))


def _shown(kind: SheetKind, part: Understood) -> dict[str, Any]:
    """One sheet of the preview."""
    reading = part.reading
    titles = {column.key: column.title for column in reading.table.columns.values()}
    return {
        "kind": kind,
        "sheet": reading.table.sheet.name,
        "rows": len(reading.rows),
        "good": len(reading.good),
        "fresh": part.fresh if not part.faults else 0,
        "again": part.again,
        "drafts": len(part.wishes),
        "understood": [(said, titles[key]) for said, key in reading.understood],
        "ignored": reading.table.ignored,
        "hidden": reading.table.hidden,
        "skipped": reading.skipped,
        "unread": reading.unread,
        "faults": [_told(fault) for fault in part.faults[:SHOWN]],
        "more": max(0, len(part.faults) - SHOWN),
    }


def _told(fault: Fault) -> tuple[str, str]:
    """Place and sentence, apart."""
    return fault.place, fault.sentence(gettext).removeprefix(f"{fault.place}：")


def _done(written: importing.Written) -> dict[str, Any]:
    linked = [(code, naming.name(code), link(code)) for code in written.things[:LISTED]]
    rest = len(written.things) - len(linked)
    return {"section": "imports", "written": written, "things": linked, "rest": rest}


def marked(request: HttpRequest, token: str, nth: int) -> HttpResponse:
    """The uploaded sheet with its faulty cells coloured and explained."""
    rights.require(request.user, "import")
    upload = uploads.kept(_user(request), token)
    parts = _plan(upload, request).parts
    if not 0 <= nth < len(parts):
        raise Http404
    _kind, part = parts[nth]
    out = io.BytesIO()
    mark_faults(out, part.reading.table.sheet, part.faults, gettext)
    return _workbook(out, gettext("标出错处-{name}").format(name=upload.name))


def blank(request: HttpRequest, key: str) -> HttpResponse:
    """The template of a kind of sheet, of a scheme's evaluation sheet with `?scheme=`."""
    rights.require(request.user, "import")
    kind, rules, scheme = _kind(key), store.rulebook(), request.GET.get("scheme", "")
    if scheme and scheme not in kind.variants(rules):
        raise Http404(scheme)
    out = io.BytesIO()
    template(out, kind, rules, scheme)
    name = f"{kind.title}-{scheme}" if scheme else kind.title
    return _workbook(out, gettext("{name}模板.xlsx").format(name=name))


def exported(request: HttpRequest, key: str) -> HttpResponse:
    """The ledger under the same columns, of the units that the account may see."""
    rights.require(request.user, "export")
    kind, user, out = _kind(key), _user(request), io.BytesIO()
    if not kind.exported:
        raise Http404(key)
    now = timezone.localtime()
    mark = gettext("{who}于 {when} 导出").format(who=naming.name(user.code), when=f"{now:%Y-%m-%d %H:%M}")
    if key in OF_PERSONS:
        people = rights.visible_to(user, store.listing("P")).values_list("subject", flat=True)
        about = user.unit if rights.scope(user) else rights.county_code()
        taken = opening.taken(request, about, FilePart.SHEET, "xlsx", people)
        if isinstance(taken, HttpResponse):
            return taken
        mark = taken
    entries = store.entries(kinds=kind.facts) if kind.facts else ()
    export(out, kind, importing.known(), entries, rights.scope(user), mark)
    return _workbook(out, f"{kind.title}-{now:%Y-%m-%d}.xlsx")


def _kind(key: str) -> SheetKind:
    if key not in KINDS:
        raise Http404(key)
    return KINDS[key]


def _user(request: HttpRequest) -> Account:
    assert isinstance(request.user, Account)
    return request.user


def _workbook(out: io.BytesIO, name: str) -> HttpResponse:
    answer = HttpResponse(out.getvalue(), content_type=XLSX)
    answer["Content-Disposition"] = content_disposition_header(True, name) or ""
    return answer


urlpatterns = [
    path("imports/", imports, name="imports"),
    path("imports/template/<str:key>", blank, name="import_template"),
    path("imports/export/<str:key>", exported, name="import_export"),
    path("imports/upload/<str:token>", preview, name="import_preview"),
    path("imports/upload/<str:token>/marked/<int:nth>", marked, name="import_marked"),
]
