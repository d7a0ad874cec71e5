"""The problem list, one problem, a new problem, letters."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _

from shigan.facts.faults import Fault
from shigan.facts.problems import ProblemRaised, Source
from shigan.web import rights, store
from shigan.web.forms import CodeField, form_for
from shigan.web.models import StateRow
from shigan.web.pages.acts import author, datalists, found, possible, spent
from shigan.work.admit import Draft
from shigan.work.problems import CLAIMED, DROPPED, FIXED, NEXT, OPEN, PARTLY, RELAPSED, Problem
from shigan.work.state import Stale

PER_PAGE = 50
STYLES = {FIXED: "stage-done", CLAIMED: "stage-claimed", PARTLY: "stage-partly", DROPPED: "stage-dropped"}
SORTS = {"due": ("due", "subject"), "since": ("-since", "subject"), "unit": ("unit", "-since")}
STAGES = (*OPEN, FIXED, DROPPED)


class Filter(forms.Form):
    """What the list is narrowed to; every chip and column head is one of these."""

    unit = CodeField("U", label=_("单位"), required=False)
    source = forms.ChoiceField(
        label=_("来源"), required=False, choices=[("", _("全部")), *((s.value, _(s.value)) for s in Source)]
    )
    q = forms.CharField(label=_("文字"), required=False, max_length=40)
    stage = forms.CharField(required=False, widget=forms.HiddenInput)
    late = forms.CharField(required=False, widget=forms.HiddenInput)
    mark = forms.CharField(required=False, widget=forms.HiddenInput)
    sort = forms.CharField(required=False, widget=forms.HiddenInput)


def narrowed(rows: QuerySet[StateRow], wanted: dict[str, Any], today: date) -> QuerySet[StateRow]:
    """The rows that the filter leaves."""
    if wanted.get("unit"):
        rows = rows.filter(unit=wanted["unit"])
    if wanted.get("source"):
        rows = rows.filter(source=wanted["source"])
    if wanted.get("stage") in STAGES:
        rows = rows.filter(stage=wanted["stage"])
    if wanted.get("late"):
        rows = rows.filter(stage__in=OPEN, due__lt=today)
    if wanted.get("mark"):
        rows = rows.filter(mark=RELAPSED)
    if wanted.get("q"):
        rows = rows.filter(Q(body__contains=wanted["q"]) | Q(subject=wanted["q"].upper()))
    return rows


def selection(request: HttpRequest) -> tuple[Filter, QuerySet[StateRow]]:
    """The filter and the rows it leaves of what the account may see."""
    rights.require(request.user, "see:Q")
    form = Filter(request.GET or None)
    wanted = form.cleaned_data if form.is_bound and form.is_valid() else {}
    rows = rights.visible_to(request.user, store.listing("Q"))  # type: ignore[arg-type]
    order = SORTS.get(wanted.get("sort", ""), SORTS["since"])
    return form, narrowed(rows, wanted, timezone.localdate()).order_by(*order)


def problems(request: HttpRequest) -> HttpResponse:
    """The sixteen-column ledger, filtered, sorted, a page at a time."""
    form, rows = selection(request)
    today = timezone.localdate()
    everything = rights.visible_to(request.user, store.listing("Q"))  # type: ignore[arg-type]
    counts = everything.aggregate(
        late=Count("pk", Q(stage__in=OPEN, due__lt=today)), relapsed=Count("pk", Q(mark=RELAPSED))
    )
    by_stage = dict(everything.order_by().values_list("stage").annotate(n=Count("pk")))
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request, "problems/list.html",
        {
            "section": "problems", "filter": form, "page": page, "counts": counts, "total": sum(by_stage.values()),
            "stages": [(s, by_stage.get(s, 0)) for s in STAGES], "styles": STYLES, "today": today,
            "problems": [store.read_state(row) for row in page], "datalists": datalists(),
        },
    )


def problem(request: HttpRequest, code: str) -> HttpResponse:
    """One problem: its words, its clocks, what may be done next, its history."""
    state = found(code)
    assert isinstance(state, Problem)
    if state.raised_by_unit != getattr(request.user, "unit", ""):
        rights.require(request.user, "see:Q", state)
    today = timezone.localdate()
    return render(
        request, "problems/one.html",
        {
            "section": "problems", "problem": state, "late": state.overdue(today), "steps": steps(state),
            "style": STYLES.get(state.stage, ""), "acts": possible(request.user, state, NEXT[state.stage]),
            "entries": list(store.entries(code)), "datalists": datalists(),
        },
    )


def steps(problem: Problem) -> list[tuple[str, str]]:
    """The line of clocks: each step with `done`, `now` or nothing."""
    reached = {"待定措施": 0, "整改中": 1, "部分解决": 1, "待核验": 2, "已解决": 3, "未解决了结": 3}[problem.stage]
    words = [_("提出"), _("措施"), _("申报"), _("核验"), *(f"{m} {gettext('月回头看')}" for m in problem.watch)]
    reached += len(problem.looked_back)
    now = reached + (problem.stage != "未解决了结")
    return [(str(w), "done" if i <= reached else "now" if i == now else "") for i, w in enumerate(words)]


def new_problem(request: HttpRequest) -> HttpResponse:
    """Put a problem on the list."""
    rights.require(request.user, "ProblemRaised")
    form = form_for(ProblemRaised)(request.POST or None, state=None, rules=store.rulebook())
    form.fields["unit"] = CodeField("U", label=_("责任单位"))
    form.order_fields(["unit", *(f for f in form.fields if f != "unit")])
    if request.method == "POST" and form.is_valid():
        unit = form.cleaned_data["unit"]
        rights.require(request.user, "ProblemRaised", unit)
        try:
            code = store.next_code("Q")
            store.append([Draft(code, form.fact, unit, form.cleaned_data["happened"], 0)], author(request.user))
        except (Fault, Stale) as fault:
            form.add_error(None, fault.sentence(gettext))
        else:
            spent(request, form)
            messages.success(request, gettext("已记入问题清单：{code}").format(code=code))
            return redirect("problem", code)
    return render(
        request, "problems/new.html",
        {"section": "problems", "form": form, "datalists": datalists()}, status=422 if form.errors else 200,
    )


urlpatterns = [
    path("problems/", problems, name="problems"),
    path("problems/new", new_problem, name="new_problem"),
    path("problems/<str:code>", problem, name="problem"),
]
