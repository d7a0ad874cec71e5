"""Criticism meetings: opinions gathered, last year's items first, criticisms that become problems at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import segno
from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shigan.facts.faults import Fault
from shigan.facts.meetings import (
    Channel,
    ItemReport,
    LastItemsReported,
    MeetingHeld,
    MeetingKind,
    MeetingPlanned,
    OpinionHeard,
)
from shigan.facts.problems import Source
from shigan.web import rights, slot, store
from shigan.web.forms import CodeField, FactForm, form_for
from shigan.web.models import StateRow
from shigan.web.pages.acts import begin, begun, datalists, found, possible, record, spent
from shigan.web.pages.rows import (
    CriticismForm,
    HeardForm,
    Occasion,
    field_like,
    filled_rows,
    free_codes,
    raised,
)
from shigan.work.admit import Draft
from shigan.work.meetings import HELD, NEXT, OPENED, PLANNED, REPORTED, Meeting
from shigan.work.problems import Problem

PER_PAGE = 50
ROWS = 5
STAGES = (PLANNED, OPENED, HELD, REPORTED)
STYLES = {REPORTED: "stage-done", HELD: "stage-partly", OPENED: "stage-claimed"}
GATHERING = (PLANNED, OPENED)
"""The stages at which the slot for opinions is open."""

OWN_PAGES = {LastItemsReported: "last_items", MeetingHeld: "hold_meeting"}
"""Acts that need rows, so that they have pages of their own."""


class Filter(forms.Form):
    """What the list of meetings is narrowed to."""

    unit = CodeField("U", label=_("单位"), required=False)
    kind = forms.ChoiceField(
        label=_("会议类别"), required=False, widget=forms.Select({"class": "form-select"}),
        choices=[("", _("全部")), *((k.value, _(k.value)) for k in MeetingKind)],
    )  # fmt: skip
    stage = forms.CharField(required=False, widget=forms.HiddenInput)


def narrowed(rows: QuerySet[StateRow], wanted: dict[str, Any]) -> QuerySet[StateRow]:
    """The rows that the filter leaves."""
    columns = {"unit": "unit", "kind": "source", "stage": "stage"}
    return rows.filter(**{columns[key]: value for key, value in wanted.items() if value})


def meetings(request: HttpRequest) -> HttpResponse:
    """The meetings, newest first."""
    rights.require(request.user, "see:M")
    form = Filter(request.GET or None)
    wanted = form.cleaned_data if form.is_bound and form.is_valid() else {}
    rows = narrowed(rights.visible_to(request.user, store.listing("M")), wanted)  # type: ignore[arg-type]
    page = Paginator(rows.order_by("-since", "-subject"), PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request, "meetings/list.html",
        {
            "section": "meetings", "filter": form, "page": page, "stages": STAGES, "styles": STYLES,
            "meetings": [store.read_state(row) for row in page], "today": timezone.localdate(),
            "may_add": rights.may(request.user, "MeetingPlanned"), "datalists": datalists(form),
        },
    )  # fmt: skip


@dataclass(frozen=True)
class Last:
    """The meeting before, of the same unit and kind, and the problems it raised as they stand today."""

    meeting: Meeting | None
    problems: tuple[Problem, ...]


def last_of(meeting: Meeting) -> Last:
    """The meeting before this one."""
    rows = store.listing("M").filter(unit=meeting.unit, source=meeting.source, stage__in=(HELD, REPORTED))
    row = (
        rows.filter(since__lte=meeting.since)
        .exclude(pk=meeting.subject)
        .order_by("-since", "-subject")
        .first()
    )
    if row is None:
        return Last(None, ())
    raised_there = store.listing("Q").filter(origin=row.subject).order_by("subject")
    before = store.read_state(row)
    assert isinstance(before, Meeting)
    problems = (store.read_state(each) for each in raised_there)
    return Last(before, tuple(p for p in problems if isinstance(p, Problem)))


def meeting(request: HttpRequest, code: str) -> HttpResponse:
    """One meeting: what was gathered, last year's items, what may be done next, its history."""
    state = found(code)
    assert isinstance(state, Meeting)
    rights.require(request.user, "see:M", state)
    kinds = tuple(kind for kind in NEXT[state.stage] if kind not in OWN_PAGES)
    address = request.build_absolute_uri(reverse("opinions", args=[code]))
    return render(
        request, "meetings/one.html",
        {
            "section": "meetings", "meeting": state, "style": STYLES.get(state.stage, ""),
            "last": last_of(state),
            "late": state.due is not None and state.due < timezone.localdate() and state.stage != REPORTED,
            "own_pages": own_pages(request.user, state),
            "acts": (acts := possible(request.user, state, kinds)), "datalists": datalists(*acts),
            "entries": list(store.entries(code)),
            "raised": raised_by(state), "address": address if state.stage in GATHERING else "",
            "qr": qr(address) if state.stage in GATHERING else "",
            "stuck": list(slot.stuck(code)) if rights.may(request.user, "OpinionHeard", state) else [],
        },
    )  # fmt: skip


def own_pages(user: Any, meeting: Meeting) -> list[tuple[str, str]]:
    """(URL name, title) of the next acts that have pages of their own."""
    kinds = [kind for kind in NEXT[meeting.stage] if kind in OWN_PAGES]
    return [(OWN_PAGES[k], gettext(k.TITLE)) for k in kinds if rights.may(user, k.__name__, meeting)]


def raised_by(meeting: Meeting) -> list[Problem]:
    """The problems that the meeting raised, as they stand."""
    problems = store.states(Q(subject__in=meeting.problems)) if meeting.problems else {}
    return [p for p in (problems.get(code) for code in meeting.problems) if isinstance(p, Problem)]


def qr(address: str) -> SafeString:
    """The address as an inline SVG to print on a notice."""
    code = segno.make(address, error="m", micro=False)
    svg = code.svg_inline(
        omitsize=True, svgclass="sg-qr", lineclass=None, title=gettext("意见投递地址的二维码")
    )
    return mark_safe(svg.replace("<svg ", '<svg role="img" ', 1))


def new_meeting(request: HttpRequest) -> HttpResponse:
    """Call a meeting."""
    form = begin(request, MeetingPlanned, gettext("开会单位"))
    form.fields["happened"].label = gettext("筹备日期")
    if code := begun(request, form, "M"):
        messages.success(request, gettext("已开始筹备：{code}").format(code=code))
        return redirect("meeting", code)
    return render(
        request, "meetings/new.html", {"section": "meetings", "form": form, "datalists": datalists(form)},
        status=422 if form.errors else 200,
    )  # fmt: skip


def write(request: HttpRequest, form: FactForm, drafts: list[Draft]) -> bool:
    """Append the drafts together; a refusal becomes an error of the form. Counts the burden."""
    try:
        record(request, drafts)
    except Fault as fault:
        form.add_error(None, fault.sentence(gettext))
        return False
    spent(request, form)
    return True


class ItemRow(forms.Form):
    """What the meeting is told about one of last year's items."""

    problem = forms.CharField(widget=forms.HiddenInput)
    said = forms.CharField(
        label=_("整改情况通报"), max_length=500, widget=forms.Textarea({"class": "form-control", "rows": 2})
    )


class LastOccasion(Occasion):
    """The day and a remark, needed where last year's meeting raised nothing."""

    note = field_like(LastItemsReported, "note")


ItemRows = forms.formset_factory(ItemRow, extra=0)


def last_items(request: HttpRequest, code: str) -> HttpResponse:
    """Report what became of last year's items: one row each, prefilled with where it stands today."""
    state = found(code)
    assert isinstance(state, Meeting)
    rights.require(request.user, "LastItemsReported", state)
    last = last_of(state)
    occasion = LastOccasion(request.POST or None, initial={"seen": state.seq, "note": remark(last)})
    rows = ItemRows(
        request.POST or None, initial=[{"problem": p.subject, "said": now(p)} for p in last.problems]
    )
    if request.method == "POST" and occasion.is_valid() and rows.is_valid():
        try:
            record(request, [last_draft(state, last, rows, occasion.cleaned_data)])
        except Fault as fault:
            occasion.add_error(None, fault.sentence(gettext))
        else:
            request.burden = (LastItemsReported.__name__, occasion.seconds_open())  # type: ignore[attr-defined]
            messages.success(request, gettext("已登记上次整改通报。"))
            return redirect("meeting", code)
    return render(
        request, "meetings/last.html",
        {
            "section": "meetings", "meeting": state, "last": last, "occasion": occasion, "rows": rows,
            "pairs": list(zip(rows, last.problems, strict=False)),
        },
        status=422 if request.method == "POST" else 200,
    )  # fmt: skip


def now(problem: Problem) -> str:
    """Where a problem stands today, in words to begin the report with."""
    said = problem.found or problem.result or problem.progress
    stage = gettext(problem.stage)
    return (gettext("{stage}：{said}").format(stage=stage, said=said) if said else stage)[:500]


def remark(last: Last) -> str:
    """What to say where there is nothing to report on."""
    if last.meeting is None:
        return gettext("系统中没有上次会议的记录。")
    return "" if last.problems else gettext("上次会议没有列出问题。")


def last_draft(meeting: Meeting, last: Last, rows: Any, occasion: dict[str, Any]) -> Draft:
    """The report on last year's items; it may speak of those items only."""
    known = {p.subject for p in last.problems}
    told = [row for row in (form.cleaned_data for form in rows) if row.get("problem") in known]
    items = tuple(ItemReport(problem=row["problem"], said=row["said"]) for row in told)
    fact = LastItemsReported(items=items, note=occasion["note"])
    return Draft(meeting.subject, fact, meeting.unit, occasion["happened"], occasion["seen"])


CriticismRows = forms.formset_factory(CriticismForm, extra=ROWS, max_num=50)


def hold_meeting(request: HttpRequest, code: str) -> HttpResponse:
    """The meeting took place: who was there, and each criticism as a problem, in one transaction."""
    state = found(code)
    assert isinstance(state, Meeting)
    rights.require(request.user, "MeetingHeld", state)
    form = form_for(MeetingHeld)(
        request.POST or None, state=state, rules=store.rulebook(), initial={"expected": state.members}
    )
    rows = CriticismRows(request.POST or None)
    if request.method == "POST" and form.is_valid() and rows.is_valid():
        drafts = held_drafts(state, form, filled_rows(rows))
        if write(request, form, drafts):
            messages.success(request, gettext("已登记召开，列出 {n} 个问题。").format(n=len(drafts) - 1))
            return redirect("meeting", code)
    return render(
        request, "meetings/hold.html",
        {
            "section": "meetings", "meeting": state, "form": form, "rows": rows, "datalists": datalists(form),
            "quorum_rule": store.rulebook().meetings.quorum.sentence(gettext),
        },
        status=422 if request.method == "POST" else 200,
    )  # fmt: skip


def held_drafts(meeting: Meeting, form: FactForm, rows: list[dict[str, Any]]) -> list[Draft]:
    """The meeting and the problems it raised."""
    day: date = form.cleaned_data["happened"]
    codes = [code for code, _row in zip(free_codes("Q"), rows, strict=False)]
    assert isinstance(form.fact, MeetingHeld)
    held = replace(form.fact, problems=tuple(codes))
    drafts = [Draft(meeting.subject, held, meeting.unit, day, form.cleaned_data["seen"])]
    for code, row in zip(codes, rows, strict=True):
        problem = raised(row, Source.MEETING, meeting.subject)
        drafts.append(Draft(code, problem, row["unit"] or meeting.unit, day, 0))
    return drafts


class OpinionForm(HeardForm):
    """An opinion from the notice's address: words, and nothing about who wrote them."""


def opinions(request: HttpRequest, code: str) -> HttpResponse:
    """Anybody's opinion before a meeting: no account, no name, no time."""
    state = store.state(code)
    if not isinstance(state, Meeting):
        raise Http404(code)
    open_now = state.stage in GATHERING
    form = OpinionForm(request.POST or None)
    form.fields["text"].label = _("意见原文")
    if request.method == "POST" and open_now and form.is_valid():
        try:
            fact = OpinionHeard(channel=Channel.BOX, text=form.cleaned_data["text"])
            slot.put(fact, state.unit, code)
        except Fault as fault:
            form.add_error(None, fault.sentence(gettext))
        else:
            return redirect("opinion_taken", code)
    return render(
        request, "meetings/opinion.html", {"meeting": state, "form": form, "open_now": open_now},
        status=422 if form.errors else 200,
    )  # fmt: skip


def opinion_taken(request: HttpRequest, code: str) -> HttpResponse:
    """What happens with the opinion now."""
    return render(request, "meetings/taken.html", {"code": code})


urlpatterns = [
    path("meetings/", meetings, name="meetings"),
    path("meetings/new", new_meeting, name="new_meeting"),
    path("meetings/<str:code>", meeting, name="meeting"),
    path("meetings/<str:code>/last", last_items, name="last_items"),
    path("meetings/<str:code>/hold", hold_meeting, name="hold_meeting"),
    path("opinions/<str:code>", opinions, name="opinions"),
    path("opinions/<str:code>/taken", opinion_taken, name="opinion_taken"),
]
