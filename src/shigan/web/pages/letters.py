"""The overdue ladder: whose letter is due, sending many at once, the papers, and who has not answered."""

from __future__ import annotations

import re
import time
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from io import BytesIO
from itertools import groupby
from operator import or_

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from shigan.exchange.letters import Item, Letter
from shigan.exchange.papers import docx, pdf
from shigan.exchange.papers.model import said
from shigan.facts.faults import Fault
from shigan.facts.problems import LetterSent, LetterStep, ProblemRaised
from shigan.ledger.entry import Entry
from shigan.web import naming, rights, store
from shigan.web.models import StateRow
from shigan.web.pages.acts import record
from shigan.web.pages.problems.ledger import PER_PAGE, download
from shigan.web.waiting import ANSWER, letter_steps
from shigan.work.admit import Draft
from shigan.work.problems import LADDER, OPEN, STANDS, Problem, fold, next_letter
from shigan.work.state import fill

AT_ONCE = 200
"""So many papers are made at a time."""
WRITERS = {"docx": docx, "pdf": pdf}
_CODE_SEQ = re.compile(r"(Q[0-9]{1,9})\.([0-9]{1,6})")
_NUMBER = re.compile(r'"letter_number": "([^"〔]+)〔([0-9]{4})〕([0-9]+)号"')


class Batch(forms.Form):
    """The 发文字号 to begin with; the year is that of the letters' day."""

    stem = forms.RegexField(
        r"^[^\s〔〕0-9\"\\]{1,12}$",
        label=_("机关代字"),
        widget=forms.TextInput({"class": "form-control", "size": 8}),
        error_messages={"invalid": _("机关代字是几个汉字，如“县组函”。")},
    )
    first = forms.IntegerField(
        label=_("起始序号"),
        min_value=1,
        max_value=99999,
        widget=forms.NumberInput({"class": "form-control sg-short"}),
    )
    opened = forms.IntegerField(required=False, widget=forms.HiddenInput)


def unanswered(rows: QuerySet[StateRow]) -> QuerySet[StateRow]:
    """The open problems with a letter that waits for its answer."""
    return rows.filter(ANSWER, stage__in=OPEN)


def letters(request: HttpRequest) -> HttpResponse:
    """Whose letter is due, by step; or what waits for an answer. A POST sends the chosen ones."""
    rights.require(request.user, "see:Q")
    sends = rights.may(request.user, "letters")
    if request.method == "POST":
        rights.require(request.user, "letters")
        form = Batch(request.POST)
        if form.is_valid() and (sent := _send(request, form)):
            messages.success(request, gettext("已登记 {n} 个问题的函件。").format(n=len(sent)))
            chosen = [("letter", f"{entry.subject}.{entry.seq}") for entry in sent]
            return redirect(f"{reverse('letter_papers')}?{urlencode(chosen)}")
    else:
        known = next_number() if sends and request.GET.get("show") != "answers" else {}
        form = Batch(initial=known | {"opened": int(time.time())})
    return render(
        request, "letters/list.html", _listed(request, form, sends), status=422 if form.errors else 200
    )


def _listed(request: HttpRequest, form: Batch, sends: bool) -> dict[str, object]:
    today, rules = timezone.localdate(), store.rulebook()
    rows = rights.visible_to(request.user, store.listing("Q"))  # type: ignore[arg-type]
    by_step = letter_steps(today, rules)
    overdue = rows.filter(stage__in=STANDS[LetterSent][0], due__lt=today)
    counts = overdue.aggregate(**{step.name: Count("key", each) for step, each in by_step.items()})
    waiting = unanswered(rows)
    show = request.GET.get("show") or ("" if sends else "answers")
    if show == "answers":
        chosen, n = waiting, waiting.count()
    elif show in by_step:
        chosen, n = overdue.filter(by_step[LetterStep(show)]), counts[LetterStep(show).name]
    else:
        chosen, n = overdue.filter(reduce(or_, by_step.values())), sum(counts.values())
    pages = Paginator(chosen.order_by("due", "subject"), PER_PAGE)
    pages.count = n  # known already: counting again would read every body again
    page = pages.get_page(request.GET.get("page"))
    problems = [p for row in page if isinstance(p := store.read_state(row), Problem)]
    return {
        "section": "problems",
        "tab": "letters",
        "form": form,
        "sends": sends,
        "show": show,
        "steps": [(step, counts[step.name]) for step in by_step],
        "waiting": n if show == "answers" else waiting.count(),
        "page": page,
        "today": today,
        "lines": [(p, next_letter(p, today, rules), p.overdue(today)) for p in problems],
        "checked": {each.partition(".")[0] for each in request.POST.getlist("problem")},
        "all": bool(request.GET.get("all")),
    }


def _send(request: HttpRequest, form: Batch) -> list[Entry]:
    """All chosen letters in one transaction, or none; what stands in the way becomes an error of the form."""
    chosen = [(m[1], m[2]) for each in request.POST.getlist("problem") if (m := _CODE_SEQ.fullmatch(each))]
    if not chosen or len(chosen) > AT_ONCE:
        form.add_error(None, gettext("请勾选要发函的问题，一次最多 {n} 个。").format(n=AT_ONCE))
        return []
    try:
        made = list(drafts(dict(chosen), form.cleaned_data["stem"], form.cleaned_data["first"]))
        sent = record(request, made)
    except Fault as fault:
        form.add_error(None, fault.sentence(gettext))
        return []
    opened = form.cleaned_data.get("opened") or int(time.time())
    request.burden = ("LetterSent", max(0, min(3600, int(time.time()) - opened)))  # type: ignore[attr-defined]
    return sent


def drafts(seen: dict[str, str], stem: str, first: int) -> Iterator[Draft]:
    """One fact a problem; the problems of a unit at the same step share one letter and its number.

    `seen` gives the seq of each code that the sender saw. Raises `Fault` for a number that is taken.
    """
    today, rules = timezone.localdate(), store.rulebook()
    filled = []
    for code, state in sorted(store.states(Q(subject__in=seen, key="Q")).items()):
        filled.append((state.unit, fill(LetterSent, state, today, rules), code))
    filled.sort(key=lambda each: (each[0], LADDER.index(LetterStep(str(each[1]["step"])))))
    taken = {n for s, year, n in numbers() if (s, year) == (stem, today.year)}
    groups = groupby(filled, key=lambda each: (each[0], each[1]["step"]))
    for n, (_letter, members) in enumerate(groups, start=first):
        if n in taken:
            raise Fault(
                gettext_noop("文号 {number} 已经用过"),
                remedy=gettext_noop("改填起始序号。"),
                number=f"{stem}〔{today.year}〕{n}号",
            )
        for unit, values, code in members:
            fact = LetterSent(**values, number=f"{stem}〔{today.year}〕{n}号")  # type: ignore[arg-type]
            yield Draft(code, fact, unit, today, int(seen[code]))


def numbers() -> list[tuple[str, int, int]]:
    """The numbers of the letters that problems carry now: stem, year, number."""
    lettered = store.listing("Q").filter(body__contains='"letter_number": "')
    bodies = lettered.values_list("body", flat=True)
    found = (_NUMBER.search(body) for body in bodies)
    return [(m[1], int(m[2]), int(m[3])) for m in found if m]


def next_number() -> dict[str, object]:
    """A proposal: the stem used last, and the number after its highest of this year."""
    year = timezone.localdate().year
    used = sorted((y, n, stem) for stem, y, n in numbers())
    if not used:
        return {"stem": gettext("县组函"), "first": 1}
    stem = used[-1][2]
    return {"stem": stem, "first": max((n for y, n, s in used if (y, s) == (year, stem)), default=0) + 1}


@dataclass(frozen=True)
class Sent:
    """A letter that went out about one problem, and the problem as it stood before."""

    entry: Entry
    fact: LetterSent
    problem: Problem


def papers(request: HttpRequest) -> HttpResponse:
    """The chosen letters, each on its own page; `as=docx` or `as=pdf` to keep them."""
    asked = request.GET.getlist("letter")[:AT_ONCE]
    found = list(sent({(m[1], int(m[2])) for each in asked if (m := _CODE_SEQ.fullmatch(each))}))
    if not found:
        raise Http404
    for each in found:
        rights.require(request.user, "see:Q", each.problem)
    made = joined(found)
    if (form := request.GET.get("as", "")) in WRITERS:
        return _files(made, form)
    return render(
        request,
        "letters/papers.html",
        {
            "section": "problems",
            "tab": "letters",
            "papers": [(letter.paper, said(letter.day)) for letter in made],
        },
    )


def sent(wanted: set[tuple[str, int]]) -> Iterator[Sent]:
    """The letters at these (code, seq), read and folded in one query."""
    entries = store.lives(code for code, _seq in wanted)
    for _code, life in groupby(entries, key=lambda e: e.subject):
        state: Problem | None = None
        for entry in life:
            if state is None and not isinstance(entry.fact, ProblemRaised):
                continue
            if state and isinstance(entry.fact, LetterSent) and (entry.subject, entry.seq) in wanted:
                yield Sent(entry, entry.fact, state)
            state = fold(state, entry)


def joined(found: Iterable[Sent]) -> list[Letter]:
    """One letter a number (an unnumbered one for each problem), in the order of numbers."""

    def key(each: Sent) -> tuple[str, int, str, str]:
        number = re.search(r"([0-9]+)号$", each.fact.number)
        alone = "" if each.fact.number else each.entry.subject
        return (each.problem.unit, int(number[1]) if number else 0, each.fact.step, alone)

    made = []
    for _key, members in groupby(sorted(found, key=key), key=key):
        each = list(members)
        made.append(_letter(each))
    return sorted(made, key=lambda letter: (letter.day, len(letter.number), letter.number))


def _letter(members: list[Sent]) -> Letter:
    one = members[0]
    items = [
        Item(s.problem.subject, s.problem.text, s.problem.deadline, s.problem.overdue(s.entry.happened))
        for s in members
        if s.problem.deadline
    ]
    return Letter(
        step=one.fact.step,
        number=one.fact.number,
        to=naming.name(one.problem.unit),
        sign=naming.name(one.entry.by_unit),
        day=one.entry.happened,
        answer_due=one.fact.answer_due,
        items=items,
    )


def _files(made: list[Letter], form: str) -> HttpResponse:
    """One letter as a file, several as a ZIP of files."""
    write, stamp = WRITERS[form], f"{timezone.localtime():%Y%m%d-%H%M}"
    if len(made) == 1:
        return download(write(made[0].paper), f"letter-{stamp}.{form}")
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as files:
        for n, letter in enumerate(made, start=1):
            files.writestr(f"{n:03d} {letter.number} {letter.to}.{form}", write(letter.paper))
    return download(packed.getvalue(), f"letters-{stamp}.zip")


urlpatterns = [
    path("letters/", letters, name="letters"),
    path("letters/papers", papers, name="letter_papers"),
]
