"""Visits: the list and their burden, one visit, what was heard there, a blank sheet to take along."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shigan.facts.faults import Fault
from shigan.facts.problems import ProblemRaised, Source
from shigan.facts.visits import PracticeNoted, Speaker, VisitHeld, VisitKind, VoiceHeard
from shigan.ledger.entry import Entry
from shigan.policy import Number, VisitsPolicy
from shigan.web import rights, store
from shigan.web.forms import CodeField, form_for
from shigan.web.models import StateRow
from shigan.web.pages.acts import datalists, found, possible, record, spent
from shigan.web.pages.rows import HeardField, HeardForm, Occasion, field_like, filled_rows, free_codes, raised
from shigan.work.admit import Draft
from shigan.work.state import fill
from shigan.work.visits import CLOSED, NEXT, TO_RETURN, VISITED, Burden, Quarter, Visit, by_unit, totals

PER_PAGE = 50
ROWS = 5
STAGES = (VISITED, TO_RETURN, CLOSED)
STYLES = {CLOSED: "stage-done", TO_RETURN: "stage-partly"}


class Filter(forms.Form):
    """What the list of visits is narrowed to."""

    unit = CodeField("U", label=_("被走访单位"), required=False)
    origin = CodeField("U", label=_("走访单位"), required=False)
    kind = forms.ChoiceField(
        label=_("类别"), required=False,
        choices=[("", _("全部")), *((k.value, _(k.value)) for k in VisitKind)],
        widget=forms.Select({"class": "form-select"}),
    )  # fmt: skip
    stage = forms.CharField(required=False, widget=forms.HiddenInput)


def narrowed(rows: QuerySet[StateRow], wanted: dict[str, Any]) -> QuerySet[StateRow]:
    """The rows that the filter leaves."""
    columns = {"unit": "unit", "origin": "origin", "kind": "source", "stage": "stage"}
    return rows.filter(**{columns[key]: value for key, value in wanted.items() if value})


def visits(request: HttpRequest) -> HttpResponse:
    """The visits, newest first, with this quarter's burden in one line."""
    rights.require(request.user, "see:V")
    form = Filter(request.GET or None)
    wanted = form.cleaned_data if form.is_bound and form.is_valid() else {}
    everything = rights.visible_to(request.user, store.listing("V"))  # type: ignore[arg-type]
    page = Paginator(narrowed(everything, wanted).order_by("-since", "-subject"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    quarter, rules = Quarter.of(timezone.localdate()), store.rulebook().visits
    held = held_in(quarter, everything)
    return render(
        request, "visits/list.html",
        {
            "section": "visits", "filter": form, "page": page, "stages": STAGES, "styles": STYLES,
            "visits": [store.read_state(row) for row in page], "today": timezone.localdate(),
            "quarter": quarter, "totals": totals(held),
            "over": len(over_limit(held, rules)), "rules": rules,
            "may_add": rights.may(request.user, "VisitHeld"), "datalists": datalists(form),
        },
    )  # fmt: skip


def held_in(quarter: Quarter, rows: QuerySet[StateRow]) -> list[Visit]:
    """The visits held in a quarter."""
    held = rows.filter(since__gte=quarter.first, since__lt=quarter.after.first)
    return [visit for row in held.order_by() if isinstance(visit := store.read_state(row), Visit)]


def over_limit(held: list[Visit], rules: VisitsPolicy) -> list[Burden]:
    """Hosts visited more often than the rule says."""
    return [burden for burden in by_unit(held, "unit") if burden.visits > rules.visits_per_quarter.value]


def visit_burden(request: HttpRequest) -> HttpResponse:
    """One quarter's burden: charged to the units that send, and borne by the units that host."""
    rights.require(request.user, "see:V")
    quarter = Quarter.read(request.GET.get("quarter", ""), timezone.localdate())
    held = held_in(quarter, rights.visible_to(request.user, store.listing("V")))  # type: ignore[arg-type]
    rules = store.rulebook().visits
    return render(
        request, "visits/burden.html",
        {
            "section": "visits", "quarter": quarter, "totals": totals(held), "rules": rules,
            "limit": told(rules.visits_per_quarter),
            "senders": by_unit(held, "origin"), "hosts": by_unit(held, "unit"),
        },
    )  # fmt: skip


def visit(request: HttpRequest, code: str) -> HttpResponse:
    """One visit: what was promised and heard, what may be done next, its history."""
    state = found(code)
    assert isinstance(state, Visit)
    rights.require(request.user, "see:V", state)
    kinds = tuple(kind for kind in NEXT[state.stage] if kind is not VoiceHeard)
    return render(
        request, "visits/one.html",
        {
            "section": "visits", "visit": state, "style": STYLES.get(state.stage, ""),
            "late": state.due is not None and state.due < timezone.localdate(),
            "may_hear": VoiceHeard in NEXT[state.stage] and may_hear(request.user, state),
            "acts": (acts := possible(request.user, state, kinds)), "datalists": datalists(*acts),
            "entries": [e for e in store.entries(code) if hears(request.user, state) or not is_voice(e)],
            "hidden": 0 if hears(request.user, state) else state.voices,
        },
    )  # fmt: skip


def is_voice(entry: Entry) -> bool:
    """Whether the entry tells what somebody said."""
    return entry.kind == VoiceHeard.__name__


def may_hear(user: Any, visit: Visit) -> bool:
    """Who may write down what was said: who sent the visitors, or works for the whole county."""
    return hears(user, visit) and rights.may(user, VoiceHeard.__name__, visit)


def hears(user: Any, visit: Visit) -> bool:
    """Who may read what was said."""
    return rights.hears(user, host=visit.unit, sender=visit.origin)


def new_visit(request: HttpRequest) -> HttpResponse:
    """Record a visit; the next page asks what was heard."""
    rights.require(request.user, "VisitHeld")
    form = form_for(VisitHeld)(request.POST or None, state=None, rules=store.rulebook())
    form.fields["unit"] = CodeField("U", label=_("被走访单位"))
    form.order_fields(["unit", *(f for f in form.fields if f != "unit")])
    if request.method == "POST" and form.is_valid():
        unit, day = form.cleaned_data["unit"], form.cleaned_data["happened"]
        try:
            code = store.next_code("V")
            record(request, [Draft(code, form.fact, unit, day, 0)])
        except Fault as fault:
            form.add_error(None, fault.sentence(gettext))
        else:
            spent(request, form)
            messages.success(request, gettext("已记入走访：{code}").format(code=code))
            for warning in warnings(form.fact, unit, day):
                messages.warning(request, warning)
            return redirect("voices", code)
    rules = store.rulebook().visits
    limits = [r.sentence(gettext) for r in (rules.visitors, rules.host_minutes, rules.visits_per_quarter)]
    return render(
        request, "visits/new.html",
        {"section": "visits", "form": form, "limits": limits, "datalists": datalists(form)},
        status=422 if form.errors else 200,
    )  # fmt: skip


def told(rule: Number[int]) -> str:
    """A rule as a sentence with its source."""
    return gettext("{rule}（{source}）").format(rule=rule.sentence(gettext), source=gettext(rule.source))


def warnings(fact: Any, unit: str, day: date) -> Iterator[str]:
    """Where a visit burdens its host more than the rules say: the number, its bound, its source."""
    rules, quarter = store.rulebook().visits, Quarter.of(day)
    count = len(held_in(quarter, store.listing("V").filter(unit=unit)))
    if count > rules.visits_per_quarter.value:
        yield gettext("这个单位本季度已接待 {n} 次。规矩：{rule}").format(
            n=count, rule=told(rules.visits_per_quarter)
        )
    if fact.visitors > rules.visitors.value:
        yield gettext("这次走访有 {n} 人。规矩：{rule}").format(n=fact.visitors, rule=told(rules.visitors))
    if fact.host_minutes > rules.host_minutes.value:
        yield gettext("这次占用基层 {n} 人·分钟。规矩：{rule}").format(
            n=fact.host_minutes, rule=told(rules.host_minutes)
        )


NOTE, PROBLEM, PRACTICE = "", "Q", "K"


class VoiceRow(HeardForm):
    """One thing heard and what becomes of it at once."""

    speaker = field_like(VoiceHeard, "speaker")
    text = HeardField(
        label=_("原话"), max_length=2000, widget=forms.Textarea({"class": "form-control", "rows": 2})
    )
    becomes = forms.ChoiceField(
        label=_("转为"), required=False, widget=forms.Select({"class": "form-select"}),
        choices=[(NOTE, _("只记下")), (PROBLEM, _("问题")), (PRACTICE, _("经验"))],
    )  # fmt: skip
    category = field_like(ProblemRaised, "category", required=False, label=_("问题类别（问题填）"))
    unit = CodeField("U", label=_("责任单位（空为被走访单位）"), required=False)
    title = field_like(PracticeNoted, "title", required=False, label=_("做法名称（经验填）"))
    field_order = ("speaker", "text", "sure", "becomes", "category", "unit", "title")

    def clean(self) -> dict[str, Any]:
        """A problem needs its category, a practice its name."""
        cleaned = super().clean()
        if cleaned.get("becomes") == PROBLEM and not cleaned.get("category"):
            self.add_error("category", gettext("转为问题的，请填问题类别。"))
        if cleaned.get("becomes") == PRACTICE and not cleaned.get("title"):
            self.add_error("title", gettext("转为经验的，请给做法起个名称。"))
        return cleaned


VoiceRows = forms.formset_factory(VoiceRow, extra=ROWS, max_num=50)


def voices(request: HttpRequest, code: str) -> HttpResponse:
    """What was heard: each voice becomes a problem, a practice or a note, all in one transaction."""
    state = found(code)
    assert isinstance(state, Visit)
    rights.require(request.user, "VoiceHeard", state)
    if not may_hear(request.user, state):
        raise PermissionDenied
    occasion = Occasion(request.POST or None, initial={"happened": state.since, "seen": state.seq})
    rows = VoiceRows(request.POST or None)
    if request.method == "POST" and occasion.is_valid() and rows.is_valid():
        heard = filled_rows(rows)
        try:
            record(request, voice_drafts(state, heard, occasion.cleaned_data))
        except Fault as fault:
            occasion.add_error(None, fault.sentence(gettext))
        else:
            request.burden = (VoiceHeard.__name__, occasion.seconds_open())  # type: ignore[attr-defined]
            messages.success(request, gettext("已记下 {n} 条，不记是谁说的。").format(n=len(heard)))
            return redirect("visit", code)
    return render(
        request, "visits/voices.html",
        {
            "section": "visits", "visit": state, "occasion": occasion, "rows": rows,
            "datalists": datalists(occasion),
        },
        status=422 if request.method == "POST" else 200,
    )  # fmt: skip


def voice_drafts(visit: Visit, rows: list[dict[str, Any]], occasion: dict[str, Any]) -> Iterator[Draft]:
    """The facts that rows of voices become: each voice, and the problem or practice card it gave rise to."""
    day, free = occasion["happened"], {letter: free_codes(letter) for letter in (PROBLEM, PRACTICE)}
    seen: int | None = occasion["seen"]
    for row in rows:
        becomes, words = row["becomes"], {"speaker": Speaker(row["speaker"]), "text": row["text"]}
        became = next(free[becomes]) if becomes else ""
        if becomes == PROBLEM:
            words |= fill(VoiceHeard, visit, day, store.rulebook())
        yield Draft(visit.subject, VoiceHeard(**words, became=became), visit.unit, day, seen)
        seen = None
        if becomes == PROBLEM:
            problem = raised(row, Source.VISIT, visit.subject)
            yield Draft(became, problem, row["unit"] or visit.unit, day, 0)
        if becomes == PRACTICE:
            card = PracticeNoted(title=row["title"], text=row["text"], origin=visit.subject)
            yield Draft(became, card, visit.unit, day, 0)


def sheet(request: HttpRequest) -> HttpResponse:
    """A blank A4 sheet to take where there is no network."""
    rights.require(request.user, "VisitHeld")
    context = {"section": "visits", "speakers": list(Speaker), "rows": range(6), "kinds": list(VisitKind)}
    return render(request, "visits/sheet.html", context)


urlpatterns = [
    path("visits/", visits, name="visits"),
    path("visits/new", new_visit, name="new_visit"),
    path("visits/sheet", sheet, name="visit_sheet"),
    path("visits/burden", visit_burden, name="visit_burden"),
    path("visits/<str:code>", visit, name="visit"),
    path("visits/<str:code>/voices", voices, name="voices"),
]
