"""The committee's decision on a comparison group: a fact of its own, with its reasons."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shigan.facts.appraisal import Decision, GradesDecided
from shigan.facts.faults import Fault
from shigan.facts.readings import FilePart
from shigan.judge.book import COUNTY
from shigan.maths.quota import floor_quota
from shigan.policy import Rulebook
from shigan.web import boards, figures, naming, opening, rights, store
from shigan.web.figures import figure
from shigan.web.forms import DayInput
from shigan.web.pages.acts import found, record
from shigan.web.pages.appraisal import reading
from shigan.web.pages.appraisal.board import Row, own_pools, row
from shigan.web.pages.appraisal.reading import Member
from shigan.work.admit import Draft
from shigan.work.appraisal import (
    EXCELLENT,
    UNGRADED,
    GroupYear,
    PersonYear,
    blocks,
    excellent_percent,
    of_teams,
)
from shigan.work.units import Group, Person

INPUT, SELECT = {"class": "form-control"}, {"class": "form-select"}
GOOD_PLACES = 2
"""The first two grades of every scale (优秀, then 称职 or 合格) find no fault; those after them do."""


def question(member: Member, person: Person | None, grade: str, grades: tuple[str, ...]) -> str:
    """What a reader of the figures would ask about this grade; empty when they give no cause.

    The committee's reason is the answer. It is asked for 优秀 and for a low grade against the figures, and
    for no grade at all when nothing on file explains it.
    """
    mean = figure(member.profile, "evaluation.mean")
    own = mean.finding if mean else None
    group = own.compare if own else None
    if grade == EXCELLENT:
        if own and group and own.high is not None and own.high < group.median:
            return gettext("测评区间全部低于同类中位数而评为优秀，请写理由")
        if asked := figures.figures(member.profile, ("results.contradiction", "evaluation.alarm")):
            return gettext("画像中有待核实的提示（{words}）而评为优秀，请写理由").format(words=asked[0].words)
    elif grade in UNGRADED:
        grounds = person is not None and (person.on_probation or any(person.effects()))
        away = isinstance(member.file, PersonYear) and member.file.leave_days > 0
        return "" if grounds or away else gettext("没有登记试用期、处分或病事假而不确定等次，请写理由")
    elif grade in grades[GOOD_PLACES:] and own and group and own.low is not None and own.low > group.median:
        return gettext("测评区间全部高于同类中位数而评为较低等次，请写理由")
    return ""


class DecideForm(forms.Form):
    """One select and one reason for each member; a row without a grade is left undecided."""

    meeting = forms.CharField(label=_("会议名称和日期"), max_length=100, widget=forms.TextInput(INPUT))
    happened = forms.DateField(label=_("决定日期"), widget=DayInput())
    pool = forms.IntegerField(
        label=_("本次使用余额池名额（名）"),
        min_value=0,
        max_value=1000,
        initial=0,
        widget=forms.NumberInput(INPUT),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)
    opened = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        data: Any,
        *,
        rows: list[Row],
        people: dict[str, Person],
        grades: tuple[str, ...],
        seen: int,
        pool: int | None,
    ) -> None:
        today = timezone.localdate()
        super().__init__(
            data, initial={"happened": today, "seen": seen, "opened": int(time.time())}, label_suffix=""
        )
        self.rows, self.people, self.grades, self.pool_left = rows, people, grades, pool
        self.fields["happened"].widget.attrs["max"] = today.isoformat()
        choices = [("", "—"), *((g, gettext(g)) for g in grades)]
        for each in rows:
            code, decision = each.member.code, each.member.decision
            said = {"name": naming.name(code)}
            self.fields[f"grade-{code}"] = forms.ChoiceField(
                label=gettext("{name}的等次").format(**said),
                required=False,
                choices=choices,
                initial=decision.grade if decision else "",
                widget=forms.Select(SELECT),
            )
            self.fields[f"reason-{code}"] = forms.CharField(
                label=gettext("{name}的理由").format(**said),
                required=False,
                max_length=500,
                initial=decision.reason if decision else "",
                widget=forms.TextInput(INPUT),
            )

    def lines(self) -> Iterator[tuple[Row, Any, Any]]:
        """Each member with its two fields."""
        for each in self.rows:
            code = each.member.code
            yield each, self[f"grade-{code}"], self[f"reason-{code}"]

    def clean_pool(self) -> int:
        """No more than is left in the pool of all groups."""
        wanted = self.cleaned_data.get("pool") or 0
        if self.pool_left is not None and wanted > self.pool_left:
            raise forms.ValidationError(gettext("余额池只剩 {n} 名。").format(n=self.pool_left))
        return wanted

    def clean(self) -> dict[str, Any]:
        """Reasons where the grade is not what the figures would make one expect."""
        cleaned = super().clean() or {}
        self.decisions: list[Decision] = []
        for each in self.rows:
            code = each.member.code
            grade, reason = cleaned.get(f"grade-{code}", ""), cleaned.get(f"reason-{code}", "").strip()
            if not grade or _unchanged(each.member.decision, grade, reason):
                continue
            asked = question(each.member, self.people.get(code), grade, self.grades)
            if asked and not reason:
                self.add_error(f"reason-{code}", asked)
            else:
                self.decisions.append(Decision(person=code, grade=grade, departs=bool(asked), reason=reason))
        if not self.errors and not self.decisions:
            raise forms.ValidationError(gettext("没有选任何人的等次，或都与已登记的决定相同。"))
        return cleaned


def _unchanged(decision: Decision | None, grade: str, reason: str) -> bool:
    return decision is not None and (decision.grade, decision.reason) == (grade, reason)


def decide(request: HttpRequest, code: str, year: int) -> HttpResponse:
    """Write the grades of a comparison group: all rows or none."""
    year, state, rules = reading.checked(year), found(code), store.rulebook()
    if not isinstance(state, Group):
        raise Http404(code)
    rights.require(request.user, "GradesDecided", state)
    if asked := opening.gate(request, code, FilePart.BOARD, reading.persons_in(code)):
        return asked
    scheme, decided = reading.scheme_of(state.topic, rules), reading.decided_in(code, year)
    states = reading.in_group(state, scheme)
    rows = [row(member) for member in reading.members(states, year, decided)]
    people = {p.subject: p for p in states if isinstance(p, Person)}
    teams, percent = reading.is_of_teams(scheme), excellent_percent(reading.is_of_teams(scheme), rules)
    pools = own_pools(figures.figures(boards.profile(boards.GROUP, COUNTY, year), ("quota.pool",)), scheme)
    form = DecideForm(
        request.POST or None,
        rows=rows,
        people=people,
        grades=reading.grades_of(scheme, rules),
        seen=decided.seq if decided else 0,
        pool=pool_left(pools, year, teams, rules),
    )
    if request.method == "POST" and form.is_valid() and _write(request, form, state, year):
        messages.success(request, gettext("已登记 {n} 项等次决定。").format(n=len(form.decisions)))
        return redirect("group", code, year)
    return render(
        request,
        "appraisal/decide.html",
        {
            "section": "appraisal",
            "group": state,
            "year": year,
            "form": form,
            "decided": decided,
            "of_teams": teams,
            "blocked": _blocked(rows, people, year, rules),
            "quota": floor_quota(_graded(rows), percent.value),
            "graded": _graded(rows),
            "pools": pools,
            "pool_left": form.pool_left,
            "percent": percent,
            "rounding": rules.appraisal.quotas.rounding,
            "source": rules.appraisal.exempt.not_excellent,
        },
        status=422 if form.errors else 200,
    )


def pool_left(pools: list[figures.Figure], year: int, teams: bool, rules: Rulebook) -> int | None:
    """How many places of the teams' or the officials' pool no group has used; None before anything is
    judged."""
    if not pools:
        return None
    alike = {
        f"{g.subject}/{year}"
        for g in map(store.read_state, store.listing("G"))
        if isinstance(g, Group) and of_teams(g, rules) is teams
    }
    used = map(store.read_state, store.listing("G/").filter(subject__endswith=f"/{year}"))
    taken = sum(s.pool for s in used if isinstance(s, GroupYear) and s.subject in alike)
    return max(0, round(pools[0].finding.value or 0) - taken)


def _write(request: HttpRequest, form: DecideForm, group: Group, year: int) -> bool:
    given = form.cleaned_data
    fact = GradesDecided(meeting=given["meeting"], decisions=tuple(form.decisions), pool=given["pool"] or 0)
    draft = Draft(f"{group.subject}/{year}", fact, group.unit, given["happened"], given["seen"])
    try:
        record(request, [draft])
    except Fault as fault:
        form.add_error(None, fault.sentence(gettext))
        return False
    opened = given.get("opened") or int(time.time())
    request.burden = ("GradesDecided", max(0, min(3600, int(time.time()) - opened)))  # type: ignore[attr-defined]
    return True


def _blocked(rows: list[Row], people: dict[str, Person], year: int, rules: Rulebook) -> dict[str, list[str]]:
    """Who may not be 优秀 today, in the words of the rule that would refuse it."""
    today = timezone.localdate()
    found = {}
    for each in (r for r in rows if r.member.code in people):
        file, own = each.member.file, people[each.member.code]
        reasons = blocks(own, file if isinstance(file, PersonYear) else None, year, today, rules)
        found[each.member.code] = [reason.sentence(gettext) for reason in reasons]
    return found


def _graded(rows: list[Row]) -> int:
    """All members, less those of no grade: they lower the quota."""
    return sum(r.member.decision is None or r.member.decision.grade not in UNGRADED for r in rows)
