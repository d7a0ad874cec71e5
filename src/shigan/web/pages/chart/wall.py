"""The wall chart: filtered by year, field and unit, a sheet at a time on screen, all sheets on A3 paper."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shigan.web import rights, store
from shigan.web.forms import CodeField
from shigan.web.models import StateRow
from shigan.web.pages.acts import datalists
from shigan.web.pages.chart.sheet import Job, Sheet, job, sheet
from shigan.work.problems import AT_WORK, OPEN
from shigan.work.tasks import MOVING, SET

LINES = 38
"""Bars on a sheet: an A3 in landscape that is read at arm's length, an A1 from three metres."""
MOST_SHEETS = 24
KINDS = ("", "T", "Q")


class Filter(forms.Form):
    """The year, the field, the unit with all below it."""

    year = forms.IntegerField(required=False, min_value=2000, max_value=2100, widget=forms.HiddenInput)
    kind = forms.CharField(required=False, max_length=1, widget=forms.HiddenInput)
    late = forms.CharField(required=False, max_length=1, widget=forms.HiddenInput)
    field = forms.ChoiceField(
        label=_("项目或领域"), required=False, widget=forms.Select({"class": "form-select"})
    )
    unit = CodeField("U", label=_("单位（含下级）"), required=False)

    def __init__(self, data: Any, fields: list[tuple[str, list[tuple[str, str]]]]) -> None:
        super().__init__(data, label_suffix="")
        self.fields["field"].choices = [("", gettext("全部")), *fields]  # type: ignore[attr-defined]


def everything(user: Any, year: int) -> QuerySet[StateRow]:
    """The tasks of a year, which everybody may see, and the open problems within the account's scope."""
    first, after = date(year, 1, 1), date(year + 1, 1, 1)
    unfinished = Q(stage__in=(SET, MOVING), since__lt=after)
    finished = Q(due=None, since__gte=first.replace(year=year - 1), since__lt=after)
    units = rights.scope(user)
    problems = Q(key="Q", stage__in=OPEN, since__lt=after)
    if units is not None:
        problems &= Q(unit__in=units)
    seen = problems if rights.may(user, "see:Q") else Q(pk__in=())
    return StateRow.objects.filter((Q(key="T") & (unfinished | finished)) | seen)


def narrowed(rows: QuerySet[StateRow], wanted: dict[str, Any]) -> QuerySet[StateRow]:
    """What field and unit leave."""
    if wanted.get("field"):
        rows = rows.filter(topic=wanted["field"])
    if wanted.get("unit"):
        rows = rows.filter(unit__in=rights.below(wanted["unit"]))
    return rows


def late(today: date) -> Q:
    """What is past its date while somebody must act."""
    return Q(due__lt=today, stage__in=(SET, MOVING, *AT_WORK))


def fields(rows: QuerySet[StateRow]) -> list[tuple[str, list[tuple[str, str]]]]:
    """The projects of tasks and the categories of problems, for the choice list."""
    found = rows.order_by("-key", "topic").values_list("key", "topic").distinct()
    named = {"T": gettext("任务的项目"), "Q": gettext("问题的类别")}
    return [(words, [(t, t) for key, t in found if key == letter]) for letter, words in named.items()]


def chart(request: HttpRequest) -> HttpResponse:
    """Rows units, columns months; `paper=a3` gives all sheets to print."""
    rights.require(request.user, "see:T")
    today = timezone.localdate()
    year = _year(request.GET.get("year", ""), today)
    rows = everything(request.user, year)
    form = Filter(request.GET, fields(rows))
    wanted = form.cleaned_data if form.is_valid() else {}
    rows = narrowed(rows, wanted)
    counts = rows.aggregate(
        all=Count("key"),
        T=Count("key", Q(key="T")),
        Q=Count("key", Q(key="Q")),
        late=Count("key", late(today)),
    )
    if wanted.get("kind") in ("T", "Q"):
        rows = rows.filter(key=wanted["kind"])
    if wanted.get("late"):
        rows = rows.filter(late(today))
    pages = Paginator(rows.order_by("unit", "-key", "due", "subject"), LINES)
    paper = request.GET.get("paper") == "a3"
    page = pages.get_page(request.GET.get("page"))
    numbers = list(pages.page_range)[:MOST_SHEETS] if paper else [page.number]
    sheets = [drawn(pages, number, year, today) for number in numbers]
    return render(
        request,
        "chart/paper.html" if paper else "chart/chart.html",
        {
            "section": "chart",
            "tab": "chart",
            "filter": form,
            "counts": counts,
            "year": year,
            "page": page,
            "sheets": sheets,
            "left_out": pages.num_pages - len(numbers) if paper else 0,
            "kind": wanted.get("kind", ""),
            "late": wanted.get("late", ""),
            "today": today,
            "may_set": rights.may(request.user, "TaskSet"),
            "datalists": datalists(form),
        },
    )


def drawn(pages: Paginator[StateRow], number: int, year: int, today: date) -> Sheet:
    """One sheet of the chart."""
    rules = store.rulebook()
    jobs: list[Job] = [job(store.read_state(row), today, rules) for row in pages.page(number)]
    return sheet(jobs, year, today, number, pages.num_pages)


def _year(text: str, today: date) -> int:
    return int(text) if text.isdecimal() and 2000 <= int(text) <= 2100 else today.year
