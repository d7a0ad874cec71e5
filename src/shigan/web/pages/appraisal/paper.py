"""Papers of an appraisal: one profile as an evidence book, the letter to the person, the meeting's paper."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from shigan.exchange import committee, evidence_book
from shigan.exchange.papers import Block, Heading, Paper, Para, docx, pdf
from shigan.exchange.sheets.known import Name
from shigan.facts.appraisal import Decision, EvaluationCounted
from shigan.facts.faults import Fault
from shigan.judge import Book
from shigan.judge.profile import Profile
from shigan.ledger.entry import Entry
from shigan.web import naming, sealing, store

WRITERS: dict[str, tuple[Callable[[Paper], bytes], str]] = {
    "docx": (docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "pdf": (pdf, "application/pdf"),
}


def answer(paper: Paper, name: str, form: str) -> HttpResponse:
    """The paper as a download."""
    write, kind = WRITERS[form]
    return HttpResponse(
        write(paper),
        content_type=kind,
        headers={"Content-Disposition": f'attachment; filename="{name}.{form}"'},
    )


def book(profiles: Iterable[Profile], groups: Iterable[Profile], year: int, today: date) -> Book:
    """What was judged of a few, as the book that papers are made from."""
    found = {p.about: p for p in profiles}
    return Book(
        year,
        today,
        store.rulebook().version(),
        {code: p for code, p in found.items() if code.startswith("P")},
        {code: p for code, p in found.items() if code.startswith("U")},
        {p.about: p for p in groups},
        {},
        (),
    )


def names(profiles: Iterable[Profile]) -> dict[str, Name]:
    """The names that a paper about them needs."""
    codes = {code for p in profiles for code in (p.about, p.unit, p.group) if code}
    return {code: Name(naming.name(code), naming.post(code)) for code in codes}


def of_person(
    profile: Profile | None, entries: Sequence[Entry], decision: Decision | None, statement: str
) -> Paper:
    """One person's evidence book: the figures, the entries behind them, the statement, the decision.

    Ballots are told only as the rules of publication allow, so their entries are left out.
    """
    own = _judged(profile)
    shown = [e for e in entries if e.position is not None and not isinstance(e.fact, EvaluationCounted)]
    made = evidence_book.paper(
        book([own], [], own.year, timezone.localdate()), names([own]), entries=shown, mark=_mark()
    )
    title = gettext("{name} {year} 年度考核画像").format(name=naming.name(own.about), year=own.year)
    return replace(made, title=title, blocks=[*made.blocks, *_said(statement, decision)])


def of_group(members: Sequence[Profile], groups: Sequence[Profile], year: int, unit: str) -> Paper:
    """What the committee needs to decide the grades of one comparison group; `unit` signs it."""
    made_of = [*members, *groups]
    if not members:
        raise _not_judged()
    return committee.committee_paper(
        book(members, groups, year, timezone.localdate()),
        names(made_of),
        [groups[0].about] if groups else (),
        day=timezone.localdate(),
        sign=naming.name(unit),
        mark=_mark(),
    )


def letter(profile: Profile | None, grade: str, until: date | None, unit: str) -> Paper:
    """The letter of a unit that tells a person the grade, the evidence and what may be done about it."""
    own = _judged(profile)
    return committee.feedback(
        own, names([own]), day=timezone.localdate(), sign=naming.name(unit), grade=grade, until=until
    )


def _judged(profile: Profile | None) -> Profile:
    if profile is None:
        raise _not_judged()
    return profile


def _not_judged() -> Fault:
    return Fault(gettext_noop("本年度还没有封存评判，没有可写的数字"), remedy=gettext_noop("先封存台账。"))


def _mark() -> str:
    point = sealing.last()
    return (
        gettext("依据封存点 {size}，树根 {root}").format(size=point.size, root=point.root[:12])
        if point
        else ""
    )


def marked(paper: Paper, watermark: str) -> Paper:
    """The paper with one more line at the head of every page: who took it, when, what for."""
    return replace(paper, mark="\n".join(filter(None, (paper.mark, watermark))))


def unmarked(entries: Iterable[Entry]) -> list[Entry]:
    """Without the records that need a second person's approval; those leave the house in no paper."""
    kinds = store.rulebook().readings.marked_kinds() | {"EntryCorrected"}
    return [entry for entry in entries if entry.kind not in kinds]


def _said(statement: str, decision: Decision | None) -> Iterable[Block]:
    yield Heading(1, gettext("本人陈述"))
    yield Para(statement or gettext("没有陈述。"))
    yield Heading(1, gettext("集体研究决定"))
    yield Para(gettext(decision.grade) if decision else gettext("尚未决定。"))
    if decision and decision.reason:
        yield Para(gettext("理由：{reason}").format(reason=decision.reason))
