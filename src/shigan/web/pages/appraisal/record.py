"""What the officer records for an appraisal: routine grades, results, leave, negative list, sanctions."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shigan.facts.appraisal import (
    DutyReported,
    LeaveTaken,
    NegativeListed,
    ResultRecorded,
    RoutineGrade,
    RoutineGraded,
    SanctionImposed,
)
from shigan.facts.faults import Fault
from shigan.facts.readings import FilePart
from shigan.maths.quota import floor_quota
from shigan.policy import Rulebook, Scheme
from shigan.policy.schemes import Indicator
from shigan.web import naming, opening, rights, store
from shigan.web.forms import CodeField, DayInput, form_for
from shigan.web.pages.acts import datalists, found, record, spent
from shigan.web.pages.appraisal import reading
from shigan.work.admit import Draft
from shigan.work.appraisal import PersonYear
from shigan.work.state import State
from shigan.work.units import Group, Person, Unit

ONE = {kind.__name__: kind for kind in (LeaveTaken, NegativeListed, SanctionImposed, DutyReported)}
"""What is recorded of one person at a time."""
INPUT, SELECT = {"class": "form-control"}, {"class": "form-select"}


class UnitForm(forms.Form):
    """Which unit's appraisal is being recorded."""

    unit = CodeField("U", label=_("单位"))


class Day(forms.Form):
    """The day that all rows of a table share, and when the table was opened."""

    happened = forms.DateField(label=_("发生日期"), widget=DayInput())
    opened = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any, *, day: date, **kwargs: Any) -> None:
        super().__init__(
            data, initial={"happened": day, "opened": int(time.time())}, label_suffix="", **kwargs
        )
        self.fields["happened"].widget.attrs["max"] = timezone.localdate().isoformat()


def write(request: HttpRequest, form: forms.Form, drafts: list[Draft]) -> bool:
    """All drafts or none; a refusal becomes an error of the form."""
    if not drafts:
        form.add_error(None, gettext("表里没有新填的内容。"))
        return False
    try:
        record(request, drafts)
    except Fault as fault:
        form.add_error(None, fault.sentence(gettext))
        return False
    opened = form.cleaned_data.get("opened") or int(time.time())
    seconds = max(0, min(3600, int(time.time()) - opened))
    request.burden = (type(drafts[0].fact).__name__, seconds)  # type: ignore[attr-defined]
    messages.success(request, gettext("已记入台账 {n} 条。").format(n=len(drafts)))
    return True


def choose(request: HttpRequest) -> HttpResponse:
    """Which unit."""
    rights.require(request.user, "RoutineGraded")
    form = UnitForm(request.GET or None, label_suffix="")
    if form.is_bound and form.is_valid():
        return redirect("unit_record", form.cleaned_data["unit"], reading.this_year())
    return render(
        request, "appraisal/choose.html", {"section": "appraisal", "form": form, "datalists": datalists(form)}
    )


def _unit(request: HttpRequest, code: str, kind: str) -> Unit:
    state = found(code)
    if not isinstance(state, Unit):
        raise Http404(code)
    rights.require(request.user, kind, state)
    return state


@dataclass(frozen=True)
class Filed:
    """One subject of a unit and what its file of the year holds."""

    state: State
    file: Any
    entered: int = 0

    @property
    def sessions(self) -> int:
        """How many classes of ballots are on record, counted or sheet by sheet."""
        return self.entered + (len(self.file.counted) if self.file else 0)

    @property
    def routine(self) -> tuple[str, ...]:
        """The four quarters; empty for a team."""
        return self.file.routine if isinstance(self.file, PersonYear) else ("", "", "", "")


def unit_record(request: HttpRequest, unit: str, year: int) -> HttpResponse:
    """What a unit's appraisal has on file, with a way to each table."""
    state, year = _unit(request, unit, "RoutineGraded"), reading.checked(year)
    people = reading.in_unit(unit)
    if asked := opening.gate(request, unit, FilePart.RECORD, [p.subject for p in people]):
        return asked
    files, entered = reading.files([unit, *(p.subject for p in people)], year), reading.entered(year)
    return render(
        request,
        "appraisal/unit_record.html",
        {
            "section": "appraisal",
            "unit": state,
            "year": year,
            "classes": ("A", "B", "C"),
            "quarters": reading.QUARTERS,
            "team": Filed(state, files.get(unit), entered.get(unit, 0)) if state.topic else None,
            "people": [Filed(p, files.get(p.subject), entered.get(p.subject, 0)) for p in people],
            "kinds": [(n, k.TITLE) for n, k in ONE.items()],
        },
    )


class RoutineForm(Day):
    """A grade and the main fact for each official of the unit; those on record are left alone."""

    def __init__(self, data: Any, *, people: list[Filed], quarter: int, rules: Rulebook, day: date) -> None:
        super().__init__(data, day=day)
        self.people, self.quarter, self.rules = people, quarter, rules
        choices = [("", "—"), *((str(g), gettext(str(g))) for g in RoutineGrade)]
        for each in self.open():
            said = {"name": naming.name(each.state.subject)}
            self.fields[f"grade-{each.state.subject}"] = forms.ChoiceField(
                label=gettext("{name}的等次").format(**said),
                required=False,
                choices=choices,
                widget=forms.Select(SELECT),
            )
            self.fields[f"reason-{each.state.subject}"] = forms.CharField(
                label=gettext("{name}的主要事实").format(**said),
                required=False,
                max_length=500,
                widget=forms.TextInput(INPUT),
            )

    def open(self) -> list[Filed]:
        """Those not graded yet this quarter."""
        return [each for each in self.people if not each.routine[self.quarter - 1]]

    def lines(self) -> Iterator[tuple[Filed, str, Any, Any]]:
        """Each official with the grade on record or the two fields."""
        for each in self.people:
            code, known = each.state.subject, each.routine[self.quarter - 1]
            yield each, known, "" if known else self[f"grade-{code}"], "" if known else self[f"reason-{code}"]

    def good(self) -> tuple[Any, int]:
        """The quota of 好 for this unit and how many are on record."""
        given = sum(each.routine[self.quarter - 1] == RoutineGrade.GOOD for each in self.people)
        return floor_quota(len(self.people), self.rules.appraisal.quotas.routine_good.value), given

    def clean(self) -> dict[str, Any]:
        """The quota of 好 holds for those on record and the new ones together."""
        cleaned = super().clean() or {}
        new = sum(cleaned.get(f"grade-{each.state.subject}") == RoutineGrade.GOOD for each in self.open())
        quota, given = self.good()
        percent = self.rules.appraisal.quotas.routine_good
        if new and given + new > quota.whole:
            raise forms.ValidationError(
                gettext("“好”{n} 名，超过名额 {whole} 名（{rule}，{source}）。请减少“好”的人数。").format(
                    n=given + new,
                    whole=quota.whole,
                    rule=percent.sentence(gettext),
                    source=gettext(percent.source),
                )
            )
        return cleaned

    def drafts(self, year: int, unit: str) -> list[Draft]:
        """One fact for each row with a grade."""
        rows = [(e.state.subject, self.cleaned_data.get(f"grade-{e.state.subject}")) for e in self.open()]
        return [
            Draft(
                f"{code}/{year}",
                RoutineGraded(
                    quarter=self.quarter,
                    grade=RoutineGrade(grade),
                    reason=self.cleaned_data[f"reason-{code}"],
                ),
                unit,
                self.cleaned_data["happened"],
            )
            for code, grade in rows
            if grade
        ]


def routine(request: HttpRequest, unit: str, year: int, quarter: int) -> HttpResponse:
    """The routine grades of a unit's officials for one quarter, in one table."""
    state, year = _unit(request, unit, "RoutineGraded"), reading.checked(year)
    if quarter not in reading.QUARTERS:
        raise Http404(str(quarter))
    people = reading.in_unit(unit)
    if asked := opening.gate(request, unit, FilePart.RECORD, [p.subject for p in people]):
        return asked
    files = reading.files([p.subject for p in people], year)
    form = RoutineForm(
        request.POST or None,
        people=[Filed(p, files.get(p.subject)) for p in people],
        quarter=quarter,
        rules=store.rulebook(),
        day=timezone.localdate(),
    )
    if request.method == "POST" and form.is_valid() and write(request, form, form.drafts(year, unit)):
        return redirect("unit_record", unit, year)
    quota, given = form.good()
    return render(
        request,
        "appraisal/routine.html",
        {
            "section": "appraisal",
            "unit": state,
            "year": year,
            "quarter": quarter,
            "form": form,
            "quota": quota,
            "given": given,
            "left": max(0, quota.whole - given),
            "percent": form.rules.appraisal.quotas.routine_good,
        },
        status=422 if form.errors else 200,
    )


class ResultsForm(Day):
    """A value and where it can be checked for each indicator of the scheme; empty rows are left out."""

    def __init__(self, data: Any, *, scheme: Scheme, day: date) -> None:
        super().__init__(data, day=day)
        self.indicators = list(scheme.indicators)
        for at, each in enumerate(self.indicators):
            said = {"name": gettext(each.name)}
            self.fields[f"value-{at}"] = forms.DecimalField(
                label=gettext("{name}的数值").format(**said),
                required=False,
                widget=forms.NumberInput(INPUT | {"step": "any"}),
            )
            self.fields[f"evidence-{at}"] = forms.CharField(
                label=gettext("{name}的依据").format(**said),
                required=False,
                max_length=300,
                widget=forms.TextInput(INPUT),
            )

    def lines(self) -> Iterator[tuple[Indicator, Any, Any]]:
        """Each indicator with its two fields."""
        for at, each in enumerate(self.indicators):
            yield each, self[f"value-{at}"], self[f"evidence-{at}"]

    def clean(self) -> dict[str, Any]:
        """A value needs its evidence."""
        cleaned = super().clean() or {}
        for at in range(len(self.indicators)):
            if cleaned.get(f"value-{at}") is not None and not cleaned.get(f"evidence-{at}", "").strip():
                self.add_error(f"evidence-{at}", gettext("写明数值从哪里来，别人在哪里能查到"))
        return cleaned

    def drafts(self, code: str, year: int, unit: str) -> list[Draft]:
        """One fact for each filled row."""
        return [
            Draft(f"{code}/{year}", self._fact(at, each), unit, self.cleaned_data["happened"])
            for at, each in enumerate(self.indicators)
            if self.cleaned_data[f"value-{at}"] is not None
        ]

    def _fact(self, at: int, of: Indicator) -> ResultRecorded:
        value: Decimal = self.cleaned_data[f"value-{at}"]
        return ResultRecorded(
            area=of.area,
            indicator=of.name,
            nature=of.nature,
            value=value,
            measure=of.unit,
            evidence=self.cleaned_data[f"evidence-{at}"],
        )


def scheme_for(state: State, rules: Rulebook) -> Scheme | None:
    """The scheme of a person's or team's comparison group."""
    group = store.state(state.topic) if state.topic else None
    return reading.scheme_of(group.topic, rules) if isinstance(group, Group) else None


def results(request: HttpRequest, code: str, year: int) -> HttpResponse:
    """The results of a team or person, indicator by indicator."""
    state, year = found(code), reading.checked(year)
    if not isinstance(state, Unit | Person):
        raise Http404(code)
    rights.require(request.user, "ResultRecorded", state)
    scheme = scheme_for(state, store.rulebook())
    form = ResultsForm(request.POST or None, scheme=scheme, day=timezone.localdate()) if scheme else None
    if (
        form
        and request.method == "POST"
        and form.is_valid()
        and write(request, form, form.drafts(code, year, state.unit))
    ):
        return redirect("unit_record", state.unit, year)
    return render(
        request,
        "appraisal/results.html",
        {"section": "appraisal", "subject": state, "year": year, "scheme": scheme, "form": form},
        status=422 if form and form.errors else 200,
    )


def one(request: HttpRequest, person: str, year: int, kind: str) -> HttpResponse:
    """Leave, negative list, sanction or duty report of one person."""
    state, year, cls = found(person), reading.checked(year), ONE.get(kind)
    if cls is None or not isinstance(state, Person):
        raise Http404(kind)
    rights.require(request.user, kind, state)
    code = person if cls is SanctionImposed else f"{person}/{year}"
    form = form_for(cls)(request.POST or None, state=store.state(code), rules=store.rulebook())
    if request.method == "POST" and form.is_valid():
        try:
            record(request, [form.draft(code, state.unit)])
        except Fault as fault:
            form.add_error(None, fault.sentence(gettext))
        else:
            spent(request, form)
            messages.success(request, gettext("已记入台账：{what}").format(what=gettext(cls.TITLE)))
            return redirect("profile", person, year)
    return render(
        request,
        "appraisal/one.html",
        {
            "section": "appraisal",
            "person": state,
            "year": year,
            "title": gettext(cls.TITLE),
            "form": form,
            "effects": sorted((n.value, k) for k, n in store.rulebook().appraisal.effects.items())
            if cls is SanctionImposed
            else (),
        },
        status=422 if form.errors else 200,
    )
