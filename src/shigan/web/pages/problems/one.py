"""One problem: its words, its clocks, what may come next and what may not and why, its history."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext

from shigan.facts import Fact
from shigan.facts.problems import (
    ExtensionDecided,
    FixClaimed,
    LetterAnswered,
    LetterSent,
    LookedBack,
    MeasureSet,
    ProblemRaised,
    ResultChecked,
)
from shigan.ledger.entry import Entry
from shigan.maths.workdays import add_months
from shigan.policy import Rulebook
from shigan.web import rights, store
from shigan.web.pages.acts import author, begin, begun, datalists, found, possible
from shigan.web.pages.problems.ledger import STYLES
from shigan.work.problems import CLAIMED, DROPPED, FIXED, NEXT, RAISED, Problem, gate
from shigan.work.state import Act, Refused

UNASKED = (ExtensionDecided, LetterAnswered)
"""Answers: that nobody asked is no news, so their refusal is not shown."""


@dataclass(frozen=True)
class Step:
    """A place on the line of clocks: when it happened, or by when it should."""

    words: str
    day: date | None
    done: bool
    now: bool = False
    late: bool = False


def problem(request: HttpRequest, code: str) -> HttpResponse:
    """The page of one problem."""
    state = found(code)
    if not isinstance(state, Problem):
        raise Http404(code)
    if state.raised_by_unit != getattr(request.user, "unit", ""):
        rights.require(request.user, "see:Q", state)
    today, rules = timezone.localdate(), store.rulebook()
    entries = list(store.entries(code))
    open_to, barred = next_acts(request, state, rules)
    return render(
        request,
        "problems/one.html",
        {
            "section": "problems",
            "problem": state,
            "late": state.overdue(today),
            "style": STYLES.get(state.stage, ""),
            "steps": steps(state, entries, rules, today),
            "acts": (acts := possible(request.user, state, open_to)),
            "barred": barred,
            "entries": entries,
            "letters": [e for e in entries if isinstance(e.fact, LetterSent)],
            "needs_deadline": state.stage not in (FIXED, DROPPED, RAISED) and state.deadline is None,
            "datalists": datalists(*acts),
        },
    )


def next_acts(
    request: HttpRequest, state: Problem, rules: Rulebook
) -> tuple[tuple[type[Fact], ...], list[tuple[str, Refused]]]:
    """Of what may come next and this account may write: what the rules let through, and what they refuse."""
    writer, now = author(request.user), timezone.now()
    act = Act(
        state.subject, writer.by, writer.by_unit, state.unit, timezone.localdate(), now, rules, store.state
    )
    passed, barred = [], []
    for kind in NEXT[state.stage]:
        if not rights.may(request.user, kind.__name__, state):
            continue
        try:
            gate(kind, state, act)
        except Refused as refusal:
            if kind not in UNASKED:
                barred.append((gettext(kind.TITLE), refusal))
        else:
            passed.append(kind)
    return tuple(passed), barred


def steps(state: Problem, entries: Iterable[Entry], rules: Rulebook, today: date) -> list[Step]:
    """The line 提出 → 措施 → 申报 → 核验 → 回头看, the present place marked, late if its day passed."""
    last = {type(e.fact): e.happened for e in entries}
    looked = {e.fact.months: e.happened for e in entries if isinstance(e.fact, LookedBack)}
    policy = rules.problems
    line = [Step(gettext("提出"), state.since, done=True)]
    measured = state.stage != RAISED and state.deadline is not None
    planned = last[MeasureSet] if measured else state.since + timedelta(days=policy.measure_days.value)
    line.append(Step(gettext("措施"), planned, done=measured))
    if state.stage == DROPPED:
        return [*line, Step(gettext(DROPPED), state.closed, done=True)]
    claimed = state.stage in (CLAIMED, FIXED)
    line.append(Step(gettext("申报"), last[FixClaimed] if claimed else state.deadline, done=claimed))
    check_by = last[FixClaimed] + timedelta(days=policy.check_days.value) if claimed else None
    fixed = state.stage == FIXED
    line.append(Step(gettext("核验"), last[ResultChecked] if fixed else check_by, done=fixed))
    for months in state.watch or policy.look_back_months.value:
        done = fixed and months in state.looked_back
        day = looked[months] if done else add_months(state.closed, months) if state.closed else None
        line.append(Step(gettext("{n} 个月回头看").format(n=months), day, done=done))
    return _marked(line, today)


def _marked(line: list[Step], today: date) -> list[Step]:
    now = next((step for step in line if not step.done), None)
    if now is None:
        return line
    late = now.day is not None and now.day < today
    here = Step(now.words, now.day, done=False, now=True, late=late)
    return [here if step is now else step for step in line]


def new_problem(request: HttpRequest) -> HttpResponse:
    """Put a problem on the list."""
    form = begin(request, ProblemRaised, gettext("责任单位"))
    if code := begun(request, form, "Q"):
        messages.success(request, gettext("已记入问题清单：{code}").format(code=code))
        return redirect("problem", code)
    return render(
        request,
        "problems/new.html",
        {"section": "problems", "form": form, "datalists": datalists(form)},
        status=422 if form.errors else 200,
    )
