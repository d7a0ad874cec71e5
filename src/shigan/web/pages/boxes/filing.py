"""The box's files come in: `notice.json` before opening (备案), `result.json` and signatures after (公布)."""

from __future__ import annotations

import time
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from shigan.box import manifest as manifests
from shigan.box.canonical import parsed
from shigan.box.refusals import Refused
from shigan.facts.boxes import BoxClosed, BoxOpened
from shigan.facts.faults import Fault
from shigan.web import rights, store
from shigan.web.pages.acts import found, record
from shigan.work.admit import Draft
from shigan.work.boxes import Box, closed, opened

LARGEST = 4 * 2**20
MOST_SIGNATURES = 9


class Timed(forms.Form):
    """Knows how long it was open, for the burden."""

    opened = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any, files: Any) -> None:
        super().__init__(data, files, initial={"opened": int(time.time())}, label_suffix="")

    def seconds_open(self) -> int:
        """At most an hour."""
        began = self.cleaned_data.get("opened") or int(time.time())
        return max(0, min(3600, int(time.time()) - began))


class Files(forms.FileInput):
    """Several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """The files, each cleaned like a single one; none is good too."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """A list, if need be empty."""
        return [super(FilesField, self).clean(each, initial) for each in data or ()]


def _file(label: Any) -> forms.FileField:
    return forms.FileField(label=label, widget=forms.FileInput({"class": "form-control", "accept": ".json"}))


class NoticeForm(Timed):
    """The notice of an evaluation."""

    file = _file(_("备案文件（notice.json）"))


class ResultForm(Timed):
    """The result, and the scrutineers' signatures."""

    result = _file(_("结果文件（result.json）"))
    signatures = FilesField(
        label=_("监票人签名文件（可多选）"), required=False,
        widget=Files({"class": "form-control", "accept": ".json", "multiple": True}),
    )  # fmt: skip


def _read(file: Any, kind: str) -> dict[str, Any]:
    """The object in an uploaded file of the box. Raises `Refused` of the box."""
    if file is None or (file.size or 0) > LARGEST:
        raise Refused(
            "文件过大", "the file is too large", "请核对选的是哪个文件。", "Check which file was chosen."
        )
    return parsed(file.read(), kind)


def _given(request: HttpRequest) -> tuple[Any, Any]:
    """What a form is bound to; a post without any file is still a post."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def _said(refused: Refused) -> str:
    return refused.said("en" if get_language() == "en" else "zh")


def file(request: HttpRequest) -> HttpResponse:
    """Seal an evaluation before it opens."""
    rights.require(request.user, "BoxOpened")
    form = NoticeForm(*_given(request))
    if request.method == "POST" and form.is_valid():
        try:
            code = _sealed(request, _read(form.cleaned_data["file"], "notice"))
        except Refused as refused:
            form.add_error("file", _said(refused))
        except Fault as fault:
            form.add_error("file", fault.sentence(gettext))
        else:
            _spent(request, BoxOpened.__name__, form)
            return redirect("box", code)
    context = {"section": "boxes", "form": form}
    return render(request, "boxes/file.html", context, status=422 if form.errors else 200)


def _sealed(request: HttpRequest, notice: dict[str, Any]) -> str:
    fact = opened(notice)
    made = manifests.read(notice["manifest"])
    rights.require(request.user, "BoxOpened", made.unit)
    known = store.state(made.election)
    draft = Draft(made.election, fact, made.unit, timezone.localdate(), known.seq if known else 0)
    record(request, [draft])
    words = gettext("已备案：{title}。请打印通知，张贴到投票结束。")
    messages.success(request, words.format(title=made.title))
    return made.election


def publish(request: HttpRequest, code: str) -> HttpResponse:
    """Publish what came out of the box."""
    box = found(code)
    assert isinstance(box, Box)
    rights.require(request.user, "BoxClosed", box)
    form = ResultForm(*_given(request))
    if request.method == "POST" and form.is_valid():
        try:
            _published(request, box, form)
        except Refused as refused:
            form.add_error("result", _said(refused))
        except Fault as fault:
            form.add_error("result", fault.sentence(gettext))
        else:
            _spent(request, BoxClosed.__name__, form)
            return redirect("box", code)
    context = {"section": "boxes", "form": form, "box": box, "needed": box.manifest.needed}
    return render(request, "boxes/publish.html", context, status=422 if form.errors else 200)


def _published(request: HttpRequest, box: Box, form: ResultForm) -> None:
    signatures = [_read(each, "signature") for each in form.cleaned_data["signatures"][:MOST_SIGNATURES]]
    fact = closed(_read(form.cleaned_data["result"], "result"), signatures)
    draft = Draft(box.subject, fact, box.unit, timezone.localdate(), box.seq)
    record(request, [draft])
    messages.success(request, gettext("已公布：{title}").format(title=box.topic))


def _spent(request: HttpRequest, kind: str, form: Timed) -> None:
    request.burden = (kind, form.seconds_open())  # type: ignore[attr-defined]
