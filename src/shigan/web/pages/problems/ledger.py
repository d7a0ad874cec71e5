"""The sixteen-column ledger: narrowed, counted, sorted, a page at a time; and the same as a workbook."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import Count, F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from shigan.exchange.workbook import Column, write_table
from shigan.facts.faults import Fault
from shigan.facts.problems import Source
from shigan.web import naming, rights, store
from shigan.web.forms import CodeField
from shigan.web.models import StateRow
from shigan.web.pages.acts import author, datalists
from shigan.work.problems import AT_WORK, CLAIMED, DROPPED, FIXED, OPEN, PARTLY, RELAPSED, Problem

PER_PAGE = 30
EXPORT_ROWS = 5000
STYLES = {FIXED: "stage-done", CLAIMED: "stage-claimed", PARTLY: "stage-partly", DROPPED: "stage-dropped"}
STAGES = (*OPEN, FIXED, DROPPED)
UNFINISHED = gettext_noop("未结")
SORTS: dict[str, tuple[Any, ...]] = {
    "since": ("-since", "subject"),
    "due": (F("due").asc(nulls_last=True), "subject"),
    "unit": ("unit", "-since", "subject"),
}


TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "zip": "application/zip",
}


class Filter(forms.Form):
    """What the list is narrowed to; every chip and column head is one of these."""

    unit = CodeField("U", label=_("单位"), required=False)
    q = forms.CharField(
        label=_("文字或编号（在已筛出的问题里找）"),
        required=False,
        max_length=40,
        widget=forms.TextInput({"class": "form-control"}),
    )
    source = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    stage = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    late = forms.CharField(required=False, max_length=1, widget=forms.HiddenInput)
    mark = forms.CharField(required=False, max_length=1, widget=forms.HiddenInput)
    sort = forms.CharField(required=False, max_length=10, widget=forms.HiddenInput)


@dataclass(frozen=True)
class Chip:
    """A count that is a link: `changes` are what it puts into the address."""

    words: str
    n: int
    key: str
    value: str
    chosen: bool
    late: bool = False


@dataclass(frozen=True)
class Tally:
    """So many problems (of which `late`) of a source, mark and stage."""

    source: str
    mark: str
    stage: str
    n: int
    late: int


def narrowed(rows: QuerySet[StateRow], wanted: dict[str, Any], today: date) -> QuerySet[StateRow]:
    """The rows that the filter leaves. Text is searched last, only in what the rest has left."""
    if wanted.get("source"):
        rows = rows.filter(source=wanted["source"])
    if wanted.get("stage") == UNFINISHED:
        rows = rows.filter(stage__in=OPEN)
    elif wanted.get("stage"):
        rows = rows.filter(stage=wanted["stage"])
    if wanted.get("late"):
        rows = rows.filter(stage__in=AT_WORK, due__lt=today)
    if wanted.get("mark"):
        rows = rows.filter(mark=RELAPSED)
    if text := wanted.get("q"):
        said = json.dumps(text, ensure_ascii=False)[1:-1]
        rows = rows.filter(Q(subject=text.upper()) | Q(topic__contains=text) | Q(body__contains=said))
    return rows


@dataclass(frozen=True)
class Selection:
    """The filter's form, what it asks for, what of the unit may be seen, and what the filter leaves."""

    form: Filter
    wanted: dict[str, Any]
    everything: QuerySet[StateRow]
    rows: QuerySet[StateRow]


def selection(request: HttpRequest, today: date) -> Selection:
    """What the address asks for, of what the account may see."""
    rights.require(request.user, "see:Q")
    form = Filter(request.GET or None)
    wanted = form.cleaned_data if form.is_bound and form.is_valid() else {}
    everything = rights.visible_to(request.user, store.listing("Q"))  # type: ignore[arg-type]
    if wanted.get("unit"):
        everything = everything.filter(unit=wanted["unit"])
    order = SORTS.get(wanted.get("sort", ""), SORTS["since"])
    return Selection(form, wanted, everything, narrowed(everything, wanted, today).order_by(*order))


def tallies(rows: QuerySet[StateRow], today: date) -> list[Tally]:
    """All counts of the page from one aggregate over one index; no row and no body is read."""
    late = Count("key", Q(stage__in=AT_WORK, due__lt=today))
    found = rows.order_by().values("source", "mark", "stage").annotate(n=Count("key"), late=late)
    return [Tally(**row) for row in found]


def chips(told: list[Tally], wanted: dict[str, Any]) -> tuple[list[Chip], list[Chip]]:
    """Chips for the state (within the chosen source), and for the source (within the chosen state)."""
    source, stage = wanted.get("source", ""), wanted.get("stage", "")
    late, mark = bool(wanted.get("late")), bool(wanted.get("mark"))
    mine = [t for t in told if source in ("", t.source)]
    states = [
        Chip(gettext("全部"), _sum(mine), "stage", "", not (stage or late or mark)),
        Chip(gettext(UNFINISHED), _sum(mine, OPEN), "stage", UNFINISHED, stage == UNFINISHED),
        *(Chip(gettext(s), _sum(mine, (s,)), "stage", s, stage == s) for s in STAGES),
        Chip(gettext("超期"), sum(t.late for t in mine), "late", "1", late, late=True),
        Chip(gettext(RELAPSED), sum(t.n for t in mine if t.mark == RELAPSED), "mark", "1", mark),
    ]
    here = [t for t in told if (not mark or t.mark == RELAPSED) and _stands(t, stage)]
    sources = [Chip(gettext("各种来源"), _of(here, late), "source", "", not source)]
    for each in Source:
        n = _of([t for t in here if t.source == each], late)
        if n or source == each:
            sources.append(Chip(gettext(each), n, "source", each, source == each))
    return states, sources


def _sum(told: Iterable[Tally], stages: tuple[str, ...] = STAGES) -> int:
    return sum(t.n for t in told if t.stage in stages)


def _stands(tally: Tally, stage: str) -> bool:
    return not stage or tally.stage == stage or (stage == UNFINISHED and tally.stage in OPEN)


def _of(told: Iterable[Tally], late: bool) -> int:
    return sum(t.late if late else t.n for t in told)


def problems(request: HttpRequest) -> HttpResponse:
    """The ledger, a page at a time."""
    today = timezone.localdate()
    chosen = selection(request, today)
    states, sources = chips(tallies(chosen.everything, today), chosen.wanted)
    page = Paginator(chosen.rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "problems/list.html",
        {
            "section": "problems",
            "tab": "problems",
            "filter": chosen.form,
            "states": states,
            "sources": sources,
            "page": page,
            "problems": [store.read_state(row) for row in page],
            "styles": STYLES,
            "today": today,
            "sort": chosen.wanted.get("sort") or "since",
            "datalists": datalists(chosen.form),
            "may_export": rights.may(request.user, "export"),
            "may_raise": rights.may(request.user, "ProblemRaised"),
        },
    )


Cell = str | int | date | None
SHEET: tuple[tuple[str, int, Callable[[Problem], Cell]], ...] = (
    (gettext_noop("序号"), 10, lambda p: p.subject),
    (gettext_noop("来源"), 10, lambda p: _word(p.source)),
    (gettext_noop("问题类别"), 10, lambda p: p.topic),
    (gettext_noop("具体问题（原文）"), 40, lambda p: p.text),
    (gettext_noop("整改目标（可检验）"), 24, lambda p: p.goal),
    (gettext_noop("整改措施"), 30, lambda p: p.measures),
    (gettext_noop("责任领导"), 10, lambda p: _name(p.leader)),
    (gettext_noop("责任单位"), 16, lambda p: _name(p.unit)),
    (gettext_noop("责任人"), 10, lambda p: _name(p.owner)),
    (gettext_noop("整改时限"), 14, lambda p: _joined(_word(p.term), p.deadline)),
    (gettext_noop("进展"), 24, lambda p: p.progress),
    (gettext_noop("整改结果"), 24, lambda p: p.result),
    (gettext_noop("佐证"), 16, lambda p: p.evidence),
    (gettext_noop("验收人·验收方式"), 18, lambda p: _joined(_name(p.checked_by), _word(p.method))),
    (gettext_noop("是否销号"), 14, lambda p: _joined(_word(p.stage), p.closed)),
    (gettext_noop("回头看日期·是否反弹"), 18, lambda p: _looked(p)),
)
"""The sixteen columns as people know them: title, width in characters, value."""


def _word(text: str) -> str:
    return gettext(text) if text else ""


def _name(code: str) -> str:
    return naming.name(code) if code else ""


def _joined(*words: str | date | None) -> str:
    return " · ".join(str(w) for w in words if w)


def _looked(problem: Problem) -> str:
    due = gettext("下次 {day}").format(day=problem.due) if problem.closed and problem.due else ""
    done = (
        gettext("已看第 {n} 月").format(n="、".join(map(str, problem.looked_back)))
        if problem.looked_back
        else ""
    )
    relapsed = gettext("反弹 {n} 次").format(n=problem.relapses) if problem.relapses else ""
    return _joined(done, due, relapsed)


def export(request: HttpRequest) -> HttpResponse:
    """Exactly what the list shows, all its pages, as a workbook with a watermark."""
    rights.require(request.user, "export")
    chosen = selection(request, timezone.localdate())
    if (n := chosen.rows.count()) > EXPORT_ROWS:
        raise Fault(
            gettext_noop("符合条件的有 {n} 条，一次最多导出 {most} 条"),
            remedy=gettext_noop("请先按单位、来源或状态筛选。"),
            n=n,
            most=EXPORT_ROWS,
        )
    columns = [
        Column(str(n), (gettext(title),), width=width) for n, (title, width, _value) in enumerate(SHEET)
    ]
    states = (store.read_state(row) for row in chosen.rows.iterator(chunk_size=500))
    rows = [[value(p) for _title, _width, value in SHEET] for p in states if isinstance(p, Problem)]
    return workbook(request, gettext("问题清单"), columns, rows)


def workbook(request: HttpRequest, title: str, columns: list[Column], rows: list[list[Cell]]) -> HttpResponse:
    """A table to download, marked with who took it and when."""
    writer, now = author(request.user), timezone.localtime()
    taken = gettext("{who}（{unit}）{when} 导出").format(
        who=naming.name(writer.by), unit=naming.name(writer.by_unit), when=f"{now:%Y-%m-%d %H:%M}"
    )
    made = BytesIO()
    write_table(made, title, columns, rows, watermark=taken)
    return download(made.getvalue(), f"problems-{now:%Y%m%d-%H%M}.xlsx")


def download(content: bytes, name: str) -> HttpResponse:
    """A file to keep, under a name in plain letters."""
    response = HttpResponse(content, content_type=TYPES[name.rpartition(".")[2]])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
