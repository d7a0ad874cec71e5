"""A draft looked at before it is issued, of which nothing is kept; and documents put on the register."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from shigan.exchange.documents import Paper, read_documents
from shigan.facts.documents import LONGEST, Direction, DocumentKind, DocumentRegistered, Form, Level
from shigan.facts.faults import Fault
from shigan.judge.direction import Document
from shigan.judge.heads import head
from shigan.web import rights, store
from shigan.web.forms import CodeField, FactForm, form_for
from shigan.web.models import Account
from shigan.web.pages import acts
from shigan.web.pages.documents import library, shown
from shigan.work.secrecy import bears_mark, marked_fault

MOST_FILE = 50_000_000
LEVELS = {"乡镇街道": Level.TOWNSHIP, "村社区": Level.VILLAGE}
DRAFT = "draft"


class PaperForm(forms.Form):
    """A file, or the words themselves."""

    file = forms.FileField(
        label=_("文件（.docx、.pdf、.txt、.html，或它们的 .zip）"), required=False,
        help_text=_(".wps 和 .doc 读不了，请先另存为 .docx；扫描的 PDF 没有文字；有密级标志的文件不收。"),
        widget=forms.FileInput({"class": "form-control", "accept": ".docx,.pdf,.txt,.html,.htm,.zip"}),
    )  # fmt: skip
    words = forms.CharField(
        label=_("或者把全文粘贴在这里"), required=False, max_length=LONGEST,
        widget=forms.Textarea({"class": "form-control", "rows": 8}),
    )  # fmt: skip

    def papers(self) -> list[Paper | Fault]:
        """What was handed in. Raises `Fault` when nothing was, or the file as a whole cannot be read."""
        file, words = self.cleaned_data["file"], self.cleaned_data["words"].replace("\r\n", "\n")
        if file:
            if file.size > MOST_FILE:
                raise Fault(
                    gettext_noop("文件超过 {limit} MB。"),
                    remedy=gettext_noop("去掉图片后再上传。"),
                    limit=MOST_FILE // 1_000_000,
                )
            return list(read_documents(file.read(), file.name))
        if not words:
            raise Fault(gettext_noop("没有文件，也没有文字"), remedy=gettext_noop("请选择文件，或粘贴全文。"))
        if bears_mark(words):
            self.data = {**self.data, "words": ""}  # nor shown again
            raise marked_fault()
        return [Paper("", words, head(words))]


def check(request: HttpRequest) -> HttpResponse:
    """What of a draft stands in earlier documents and what its own part says. Nothing is kept."""
    rights.require(request.user, "see:D")
    form = PaperForm(request.POST or None, request.FILES or None, label_suffix="")
    context: dict[str, Any] = {"section": "documents", "tab": "check_document", "form": form}
    if request.method == "POST" and form.is_valid():
        try:
            context |= _checked(request, form.papers())
        except Fault as fault:
            form.add_error(None, fault.sentence(gettext))
    context["may_add"] = rights.may(request.user, "DocumentRegistered")
    return render(request, "documents/check.html", context, status=422 if form.errors else 200)


def _checked(request: HttpRequest, papers: list[Paper | Fault]) -> dict[str, Any]:
    """One paper in full, or a line for each of several."""
    read = [each for each in papers if isinstance(each, Paper)]
    refused = [each.sentence(gettext) for each in papers if isinstance(each, Fault)]
    if not read:
        raise next((each for each in papers if isinstance(each, Fault)), _nothing())
    rules, stock = store.rulebook(), library.shelf()
    verdicts = [stock.draft(_draft(each)) for each in read]
    if len(read) > 1:
        rows = [(paper, v, shown.summary(request.user, v), shown.own_words(v), shown.STYLES.get(v.label, ""))
                for paper, v in zip(read, verdicts, strict=True)]  # fmt: skip
        return {"rows": rows, "refused": refused}
    whole = {"paper": read[0], "refused": refused, "compared": len(stock)}
    return whole | shown.context(request.user, verdicts[0], rules)


def _nothing() -> Fault:
    return Fault(gettext_noop("压缩包里没有文件"), remedy=gettext_noop("请检查后重新上传。"))


def _draft(paper: Paper) -> Document:
    return Document.read(paper.name or DRAFT, paper.text, direction=str(Direction.ISSUED))


def new(request: HttpRequest) -> HttpResponse:
    """Register a document: first the file or its words, then the form that its head has filled in."""
    rights.require(request.user, "DocumentRegistered")
    if request.method == "POST" and "title" in request.POST:
        return _register(request)
    asked = PaperForm(request.POST or None, request.FILES or None, label_suffix="")
    context: dict[str, Any] = {"section": "documents", "tab": "new_document", "may_add": True, "asked": asked}
    if request.method == "POST" and asked.is_valid():
        try:
            context["form"] = _prefilled(request, asked.papers())
        except Fault as fault:
            asked.add_error(None, fault.sentence(gettext))
    context["datalists"] = acts.datalists(context.get("form"))
    return render(request, "documents/new.html", context, status=422 if asked.errors else 200)


def _prefilled(request: HttpRequest, papers: list[Paper | Fault]) -> FactForm:
    if len(papers) != 1:
        raise Fault(gettext_noop("一次只登记一份文件"), remedy=gettext_noop("请逐份上传；成批登记请用导入。"))
    paper = papers[0]
    if isinstance(paper, Fault):
        raise paper
    return _form(None, initial(request.user, paper))


def _register(request: HttpRequest) -> HttpResponse:
    """Write it; what is wrong comes back in the form with all that was typed."""
    form = _form(request.POST, {})
    if form.is_valid():
        unit = form.cleaned_data["unit"]
        rights.require(request.user, "DocumentRegistered", unit)
        code = store.next_code("D")
        form.cleaned_data["seen"] = 0
        if acts.write(request, form, code, unit):
            messages.success(request, gettext("已登记为 {code}").format(code=code))
            return redirect("document", code)
    context = {"section": "documents", "tab": "new_document", "may_add": True, "form": form}
    context["datalists"] = acts.datalists(form)
    return render(request, "documents/new.html", context, status=422)


def _form(data: Any, given: dict[str, Any]) -> FactForm:
    form = form_for(DocumentRegistered)(data, state=None, rules=store.rulebook(), initial=given)
    form.fields["unit"] = CodeField("U", label=gettext("由哪个单位登记"))
    form.fields["text"].required = True
    form.fields["text"].widget.attrs["rows"] = 14
    form.order_fields(["title", "number", "unit", "kind", "direction", "level", "form", "dated", "happened"])
    form.fields["happened"].label = capfirst(gettext("收发日期"))
    return form


def initial(user: object, paper: Paper) -> dict[str, Any]:
    """What the head of a paper says, as values of the form."""
    assert isinstance(user, Account)
    said = paper.head
    kinds = [each for each in DocumentKind if said.title.endswith(each.value)]
    kind = DocumentKind.RELAY if said.relays and "转发" in said.title else next(iter(kinds), "")
    return {
        "title": said.title[:200], "number": said.number[:20], "kind": kind,
        "dated": said.dated or timezone.localdate(), "issuer": said.issuer[:60], "unit": user.unit,
        "form": Form.NUMBERED if said.number else Form.BLANK, "direction": Direction.ISSUED,
        "level": LEVELS.get(rights.kind_of(user.unit), Level.COUNTY),
        "addressees": len(said.addressees), "text": paper.text,
    }  # fmt: skip
