"""The tasks behind the chart: their list, one of them, a new one."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, F, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext

from shigan.facts.tasks import TaskSet
from shigan.web import rights, store
from shigan.web.pages.acts import begin, begun, datalists, found, possible
from shigan.work.tasks import FINISHED, MOVING, NEXT, SET, Task

PER_PAGE = 50
STYLES = {FINISHED: "stage-done", MOVING: "stage-claimed"}


def tasks(request: HttpRequest) -> HttpResponse:
    """All tasks, those with the nearest date first."""
    rights.require(request.user, "see:T")
    today = timezone.localdate()
    rows = store.listing("T")
    late = Q(stage__in=(SET, MOVING), due__lt=today)
    counts = rows.aggregate(
        all=Count("key"), late=Count("key", late), **{s: Count("key", Q(stage=s)) for s in NEXT}
    )
    stage = request.GET.get("stage", "")
    if stage in NEXT:
        rows = rows.filter(stage=stage)
    if request.GET.get("late"):
        rows = rows.filter(late)
    rows = rows.order_by(F("due").asc(nulls_last=True), "-since", "subject")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "chart/tasks.html",
        {
            "section": "chart",
            "tab": "tasks",
            "page": page,
            "tasks": [store.read_state(row) for row in page],
            "stages": [(s, counts[s]) for s in NEXT],
            "counts": counts,
            "styles": STYLES,
            "today": today,
            "may_set": rights.may(request.user, "TaskSet"),
        },
    )


def task(request: HttpRequest, code: str) -> HttpResponse:
    """One task: what, by whom, from when to when, what may come next, its history."""
    rights.require(request.user, "see:T")
    state = found(code)
    if not isinstance(state, Task):
        raise Http404(code)
    today = timezone.localdate()
    ended = state.finished or today
    return render(
        request,
        "chart/task.html",
        {
            "section": "chart",
            "task": state,
            "late": max(0, (ended - state.deadline).days) if state.deadline else 0,
            "style": STYLES.get(state.stage, ""),
            "acts": (acts := possible(request.user, state, NEXT[state.stage])),
            "entries": list(store.entries(code)),
            "datalists": datalists(*acts),
        },
    )


def new_task(request: HttpRequest) -> HttpResponse:
    """Set a task for a unit."""
    form = begin(request, TaskSet, gettext("责任单位"))
    if code := begun(request, form, "T"):
        messages.success(request, gettext("已下达任务：{code}").format(code=code))
        return redirect("task", code)
    return render(
        request,
        "chart/new.html",
        {"section": "chart", "form": form, "datalists": datalists(form)},
        status=422 if form.errors else 200,
    )
