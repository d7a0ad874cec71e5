"""The evidence profile of a person in a year; the own record of an official; both as papers."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from shigan.exchange.papers import Paper
from shigan.facts import Fact
from shigan.facts.appraisal import AppealMade, ResultNotified, ReviewRequested, StatementMade
from shigan.facts.readings import FilePart
from shigan.web import boards, opening, rights, sealing, store
from shigan.web.models import Account
from shigan.web.pages.acts import Possible, author, found, possible
from shigan.web.pages.appraisal import paper, reading
from shigan.web.pages.appraisal.sheet import clock, clocks_said, sheet
from shigan.web.pages.readings import lines, marked_of
from shigan.work.appraisal import GATHERING, NEXT, NOTIFIED, PersonYear, until
from shigan.work.units import Person

OWN: tuple[type[Fact], ...] = (StatementMade, ReviewRequested, AppealMade)
TIMED = (ReviewRequested, AppealMade)
NEWEST_READINGS = 10


def profile(request: HttpRequest, person: str, year: int) -> HttpResponse:
    """The evidence profile as one sheet of A4, with what may be done next beside it."""
    state, year = _person(person), reading.checked(year)
    rights.require(request.user, "see:P/", state)
    if asked := opening.gate(request, person, FilePart.PROFILE):
        return asked
    context = gathered(state, year)
    acts = possible_acts(request.user, context["file"], context["decision"])
    return render(
        request,
        "appraisal/profile.html",
        context
        | {
            "section": "appraisal",
            "acts": acts,
            "own": _is_own(request.user, person),
            "hidden": 0 if _is_own(request.user, person) else len(marked_of(person)),
        },
    )


def own_record(request: HttpRequest, year: int | None = None) -> HttpResponse:
    """What is recorded about oneself and by whom; statement, review and appeal with their clocks."""
    if not isinstance(request.user, Account):
        raise PermissionDenied
    year = reading.checked(year or reading.this_year())
    state = store.state(request.user.code) if request.user.code.startswith("P") else None
    if not isinstance(state, Person):
        return render(request, "appraisal/own.html", {"section": "own_record", "year": year, "person": None})
    rights.require(request.user, "see:P/", state)
    context = gathered(state, year)
    acts = possible_acts(request.user, context["file"], context["decision"], OWN)
    return render(
        request,
        "appraisal/own.html",
        context
        | {
            "section": "own_record",
            "acts": acts,
            "own": True,
            "clocks": clocks_said(context["rules"]),
            "years": [y for y in range(reading.this_year(), reading.this_year() - 5, -1)],
            "readings": lines(opening.about_me(request.user)[:NEWEST_READINGS]),
        },
    )


def download(request: HttpRequest, person: str, year: int, form: str) -> HttpResponse:
    """The profile as a paper: `docx` or `pdf`."""
    state, year = _person(person), reading.checked(year)
    rights.require(request.user, "see:P/", state)
    if form not in paper.WRITERS:
        raise Http404(form)
    context = gathered(state, year)
    file, decision, name = context["file"], context["decision"], f"{person}-{year}"
    if request.GET.get("letter") and decision is not None:
        made = paper.letter(context["profile"], decision.grade, _last_day(file), author(request.user).by_unit)
        name += "-letter"
    else:
        made = _book(context, own=_is_own(request.user, person))
    mark = opening.taken(request, person, FilePart.PROFILE, form)
    return mark if isinstance(mark, HttpResponse) else paper.answer(paper.marked(made, mark), name, form)


def _book(context: dict[str, Any], *, own: bool) -> Paper:
    """The evidence book; in another's the marked records are left out."""
    file, entries = context["file"], context["entries"]
    statement = file.statement if isinstance(file, PersonYear) else ""
    shown = entries if own else paper.unmarked(entries)
    return paper.of_person(context["profile"], shown, context["decision"], statement)


def _last_day(file: object) -> date | None:
    """The last day to ask for a review: as told, or as it will be when the person is told today."""
    if isinstance(file, PersonYear) and file.stage != GATHERING:
        return file.due if file.stage == NOTIFIED else None
    return until(ResultNotified, timezone.localdate(), store.rulebook())


def _person(code: str) -> Person:
    state = found(code)
    if not isinstance(state, Person):
        raise Http404(code)
    return state


def _is_own(user: object, person: str) -> bool:
    return isinstance(user, Account) and user.code == person


def gathered(person: Person, year: int) -> dict[str, Any]:
    """What page and paper both say of a person's year."""
    code, rules, today = person.subject, store.rulebook(), timezone.localdate()
    file = store.state(f"{code}/{year}")
    own = boards.profile(boards.PERSON, code, year)
    group = own.group if own and own.group else person.topic
    of_group = store.state(group) if group else None
    scheme = reading.scheme_of(of_group.topic, rules) if of_group else None
    entries = list(store.entries(f"{code}/{year}"))
    decided = reading.decided_in(group, year)
    return {
        "person": person,
        "code": code,
        "year": year,
        "file": file,
        "profile": own,
        "group": of_group,
        "scheme": scheme,
        "sheet": sheet(code, own, entries, scheme),
        "entries": entries,
        "rules": rules,
        "decision": decided.grade_of(code) if decided else None,
        "meetings": decided.meetings if decided else (),
        "clock": clock(file if isinstance(file, PersonYear) else None, today),
        "today": today,
        "version": rules.version(),
        "point": sealing.last(),
        "cap": rules.appraisal.process_cap,
        "confidence": rules.appraisal.confidence,
    }


def possible_acts(
    user: object, file: object, decision: Any, kinds: tuple[type[Fact], ...] = ()
) -> list[Possible]:
    """What may be written next: nothing that the clock or the missing decision would refuse anyway."""
    if not isinstance(file, PersonYear):
        return []
    over = file.due is not None and timezone.localdate() > file.due
    wanted = tuple(
        kind
        for kind in NEXT.get(file.stage, ())
        if (not kinds or kind in kinds)
        and not (over and kind in TIMED)
        and not (kind is ResultNotified and decision is None)
    )
    acts = possible(user, file, wanted, open_first=file.stage != GATHERING)
    for act in acts:
        if act.kind == "ResultNotified":
            act.form.initial["grade"] = decision.grade
    return acts
