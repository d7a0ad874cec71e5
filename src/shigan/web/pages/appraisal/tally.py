"""The count of one class of ballots of one session, for a team or all officials of a unit, in one table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from shigan.facts.appraisal import EvaluationCounted, ItemTally, VoterClass
from shigan.facts.faults import Fault
from shigan.policy import Scheme
from shigan.web import naming, rights, store
from shigan.web.pages.acts import found
from shigan.web.pages.appraisal import reading
from shigan.web.pages.appraisal.record import INPUT, Day, scheme_for, write
from shigan.work.admit import Draft
from shigan.work.state import State
from shigan.work.units import Unit

TEAM, PEOPLE = "team", "people"


class TallyForm(Day):
    """What the whole class of ballots shares: the session and 应到 to 作废."""

    session = forms.CharField(label=_("测评会议"), max_length=60, widget=forms.TextInput(INPUT))

    def __init__(self, data: Any, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        for key, label in (
            ("expected", _("应到（人）")),
            ("present", _("实到（人）")),
            ("issued", _("发出（份）")),
            ("returned", _("收回（份）")),
            ("valid", _("有效（份）")),
            ("void", _("作废（份）")),
        ):
            self.fields[key] = forms.IntegerField(
                label=label, min_value=0, max_value=100_000, widget=forms.NumberInput(INPUT)
            )
        self.order_fields(
            ["session", "happened", *(k for k in self.fields if k not in ("session", "happened"))]
        )


@dataclass
class Cell:
    """One number of the table as it was typed."""

    name: str
    label: str
    text: str

    @property
    def count(self) -> int | None:
        """The number, or None where there is none."""
        return int(self.text) if self.text.isascii() and self.text.isdecimal() else None


@dataclass
class Grid:
    """One subject's part of the table: a line for each item of the sheet, a cell for each option."""

    code: str
    lines: list[tuple[str, list[Cell]]]
    errors: list[str] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        """Whether nothing was typed: then the subject is left out."""
        return not any(cell.text for _item, cells in self.lines for cell in cells)

    def tallies(self, valid: int) -> tuple[ItemTally, ...]:
        """What was typed; ballots without a mark for an item are its 弃权. Raises `Fault`."""
        return tuple(self._tally(item, cells, valid) for item, cells in self.lines)

    def _tally(self, item: str, cells: list[Cell], valid: int) -> ItemTally:
        counts = [cell.count for cell in cells]
        if any(cell.text and cell.count is None for cell in cells):
            raise Fault(gettext_noop("票数要填整数"), remedy=gettext_noop("没有的填 0。"), place=item)
        known = [count or 0 for count in counts]
        if sum(known) > valid:
            raise Fault(
                gettext_noop("“{item}”各等次合计 {total} 票，多于有效票 {valid} 份"),
                remedy=gettext_noop("核对该项票数。"),
                item=item,
                total=sum(known),
                valid=valid,
            )
        return ItemTally(item=item, counts=tuple(known), blank=valid - sum(known))


def grids(states: Iterable[State], scheme: Scheme, data: Mapping[str, str]) -> list[Grid]:
    """The table as it was typed, or empty."""
    return [
        Grid(
            s.subject,
            [(i.name, _cells(s.subject, at, i.name, scheme, data)) for at, i in enumerate(scheme.sheet)],
        )
        for s in states
    ]


def _cells(code: str, at: int, item: str, scheme: Scheme, data: Mapping[str, str]) -> list[Cell]:
    found = []
    for n, option in enumerate(scheme.options):
        name = f"{code}-{at}-{n}"
        label = f"{naming.name(code)} {gettext(item)} {gettext(option.name)}"
        found.append(Cell(name, label, data.get(name, "").strip()))
    return found


def tally(request: HttpRequest, unit: str, year: int, of: str, voters: str) -> HttpResponse:
    """Record one class's ballots for a team or for all officials of a unit: all of them or none."""
    state, year = found(unit), reading.checked(year)
    if not isinstance(state, Unit) or of not in (TEAM, PEOPLE) or voters not in list(VoterClass):
        raise Http404(unit)
    rights.require(request.user, "EvaluationCounted", state)
    subjects: list[State] = [state] if of == TEAM else list(reading.in_unit(unit))
    scheme, left_out = _common_scheme(subjects)
    subjects = [s for s in subjects if s.subject not in left_out]
    form = TallyForm(request.POST or None, day=timezone.localdate())
    table = grids(subjects, scheme, request.POST.dict()) if scheme else []
    if scheme and request.method == "POST" and form.is_valid():
        drafts = _drafts(form, table, VoterClass(voters), year, unit)
        if not form.errors and write(request, form, drafts):
            return redirect("unit_record", unit, year)
    return render(
        request,
        "appraisal/tally.html",
        {
            "section": "appraisal",
            "unit": state,
            "year": year,
            "of": of,
            "voters": voters,
            "form": form,
            "table": table,
            "scheme": scheme,
            "left_out": left_out,
            "who": next((v.words for v in scheme.voters if v.name == voters), "") if scheme else "",
        },
        status=422 if form.errors else 200,
    )


def _common_scheme(subjects: list[State]) -> tuple[Scheme | None, list[str]]:
    """The scheme of the first subject that has one, and the subjects that it does not fit."""
    rules, groups = store.rulebook(), {}
    for topic in {s.topic for s in subjects}:
        groups[topic] = scheme_for(next(s for s in subjects if s.topic == topic), rules)
    own = next((groups[s.topic] for s in subjects if groups[s.topic]), None)
    return own, [s.subject for s in subjects if groups[s.topic] is not own] if own else []


def _drafts(form: TallyForm, table: list[Grid], voters: VoterClass, year: int, unit: str) -> list[Draft]:
    given, found = form.cleaned_data, []
    head = {
        key: given[key] for key in ("expected", "present", "issued", "returned", "valid", "void", "session")
    }
    for grid in table:
        if grid.empty:
            continue
        try:
            fact = EvaluationCounted(voters=voters, tallies=grid.tallies(given["valid"]), **head)
        except Fault as fault:
            grid.errors.append(fault.sentence(gettext))
            form.add_error(None, f"{naming.name(grid.code)}：{grid.errors[-1]}")
        else:
            found.append(Draft(f"{grid.code}/{year}", fact, unit, given["happened"]))
    return found
