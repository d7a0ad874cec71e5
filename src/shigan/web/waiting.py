"""What waits for an account by clock, and what it waits for: a closed list of duties, one query each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from operator import or_

from django.db.models import Q, Value
from django.db.models.functions import StrIndex, Substr
from django.db.models.lookups import LessThan
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shigan.facts import Fact
from shigan.facts.appraisal import AppealDecided, AppealMade, GradesDecided, ReviewDecided, ReviewRequested
from shigan.facts.meetings import MeetingReported
from shigan.facts.notes import SuggestionAnswered
from shigan.facts.problems import (
    ExtensionDecided,
    FixClaimed,
    LetterAnswered,
    LetterSent,
    LetterStep,
    LookedBack,
    MeasureSet,
    ResultChecked,
)
from shigan.facts.readings import ReadingGranted
from shigan.facts.tasks import TaskFinished
from shigan.facts.visits import ReturnVisited
from shigan.policy import Rulebook
from shigan.web import rights, store
from shigan.web.links import link
from shigan.web.models import Account
from shigan.work import appraisal, meetings, notes, problems, readings, tasks, visits
from shigan.work.problems import Problem
from shigan.work.state import State
from shigan.work.units import IN_POST

MOST = 6
"""How many of one duty a page shows; their number is told in full."""

ANSWER = Q(body__contains='"answer_due": "')
ASKED = Q(body__contains='"asked_until": "')
"""A quote inside a text is written `\\"` in JSON, so these find the fields and no words of a person."""
LETTER_DAY = Substr("body", StrIndex("body", Value('"letter_day": "')) + 15, 10)
"""The day of the last letter as ISO text; only where there was one."""


@dataclass(frozen=True)
class Duty:
    """One kind of waiting: which rows, in what words, the fact that ends it (None: theirs), its clock."""

    words: object
    key: str
    where: Q
    next: type[Fact] | None = None
    days: int = 0


@dataclass(frozen=True)
class Item:
    """One thing that waits. `due` is the day it should be done by, `href` where to do it."""

    code: str
    unit: str
    topic: str
    words: object
    due: date | None
    act: str
    href: str


@dataclass(frozen=True)
class Pile:
    """Items by clock, oldest first, and how many there are in all."""

    items: list[Item]
    total: int


def for_me(user: Account, today: date, rules: Rulebook) -> Pile:
    """What waits for this account."""
    return _pile(_duties(user, today, rules))


def for_others(user: Account) -> Pile:
    """What this account or its unit waits for."""
    return _pile(_hopes(user))


def _pile(duties: Iterable[Duty]) -> Pile:
    items, total = [], 0
    for duty in duties:
        rows = store.listing(duty.key).filter(duty.where).order_by("due", "since", "pk")
        found = list(rows[: MOST + 1])
        total += len(found) if len(found) <= MOST else rows.count()
        items += [_item(duty, store.read_state(row)) for row in found[:MOST]]
    items.sort(key=lambda item: (item.due or date.max, item.code))
    return Pile(items, total)


def _item(duty: Duty, state: State) -> Item:
    act = duty.next.__name__ if duty.next else ""
    href = link(state.subject)
    if act and duty.next not in (GradesDecided, ReadingGranted):  # these are decided on the thing's own page
        href = reverse("act", args=[act, state.subject])
    return Item(state.subject, state.unit, state.topic, duty.words, _clock(duty, state), act, href)


def _clock(duty: Duty, state: State) -> date | None:
    if duty.next is LetterAnswered and isinstance(state, Problem):
        return state.answer_due
    if duty.days:
        return state.since + timedelta(days=duty.days)
    return state.due


def _duties(user: Account, today: date, rules: Rulebook) -> Iterator[Duty]:
    yield from _own(user, today)
    duties = _of_unit(user, today, rules)
    if user.role == rights.OFFICER:
        duties += _of_office(user, today, rules)
    if user.role == rights.LEADER:
        duties += _of_leader(today, rules)
    if rights.may(user, "ReadingGranted"):
        mine = Q(mark=user.code) | Q(origin=user.code)
        duties.append(
            Duty(_("申请查阅，待同意"), "F", _scope(user) & Q(stage=readings.ASKED) & ~mine, ReadingGranted)
        )
    yield from (duty for duty in duties if duty.next and rights.may(user, duty.next.__name__))


def _own(user: Account, today: date) -> list[Duty]:
    """The own result, while a review or an appeal may still be asked for."""
    own = Q(pk__startswith=f"{user.code}/", due__gte=today)
    return [
        Duty(_("考核结果已告知，可申请复核"), "P/", own & Q(stage=appraisal.NOTIFIED), ReviewRequested),
        Duty(_("复核已答复，可申诉"), "P/", own & Q(stage=appraisal.REVIEWED), AppealMade),
    ]


def _units(user: Account) -> Q:
    """The units that an account works for: an officer for the own office, a clerk for all below it too."""
    if user.role != rights.CLERK:
        return Q(unit=user.unit)
    return Q(unit__in=rights.scope(user) or ())


def _of_unit(user: Account, today: date, rules: Rulebook) -> list[Duty]:
    units, rule = _units(user), rules.problems
    soon = Q(due__lte=today + timedelta(days=rule.due_soon_days.value))
    working = Q(stage__in=(problems.MEASURED, problems.PARTLY))
    return [
        Duty(_("还没有整改措施"), "Q", units & Q(stage=problems.RAISED), MeasureSet, rule.measure_days.value),
        Duty(_("到期或超期"), "Q", units & working & soon, FixClaimed),
        Duty(_("函件待答复"), "Q", units & Q(stage__in=problems.OPEN) & ANSWER, LetterAnswered),
        Duty(_("任务到期"), "T", units & ~Q(stage=tasks.FINISHED) & soon, TaskFinished),
        Duty(_("会后待报告"), "M", units & Q(stage=meetings.HELD), MeetingReported),
        Duty(_("走访待回访"), "V", Q(origin=user.unit, stage=visits.TO_RETURN) & soon, ReturnVisited),
    ]


def _of_office(user: Account, today: date, rules: Rulebook) -> list[Duty]:
    here = _scope(user)
    others = here & ~Q(unit=user.unit)
    return [
        Duty(_("已申报，待核验"), "Q", others & Q(stage=problems.CLAIMED), ResultChecked),
        Duty(_("申请延期，待答复"), "Q", others & ASKED & Q(stage__in=problems.OPEN), ExtensionDecided),
        Duty(_("回头看到期"), "Q", others & Q(stage=problems.FIXED, due__lte=today), LookedBack),
        Duty(_("超期，该发函"), "Q", others & letters_due(today, rules), LetterSent),
        Duty(_("申请复核，待决定"), "P/", here & Q(stage=appraisal.IN_REVIEW), ReviewDecided),
        Duty(_("申诉，待决定"), "P/", here & Q(stage=appraisal.IN_APPEAL), AppealDecided),
        Duty(_("会后报告到期"), "M", others & Q(stage=meetings.HELD, due__lte=today), MeetingReported),
        Duty(_("投诉建议待答复"), "S", Q(stage=notes.WAITING), SuggestionAnswered),
    ]


def letters_due(today: date, rules: Rulebook) -> Q:
    """Problems whose next letter of the ladder is due."""
    return reduce(or_, letter_steps(today, rules).values())


def letter_steps(today: date, rules: Rulebook) -> dict[LetterStep, Q]:
    """The same by step: `work.problems.next_letter` as conditions on the columns and the last letter."""
    policy, found = rules.problems, dict[LetterStep, Q]()
    stages, _what = problems.STANDS[LetterSent]
    before = ~Q(body__contains='"letter": "')
    for step in problems.LADDER:
        late = Q(stage__in=stages, due__lte=today - timedelta(days=policy.overdue.of(step)))
        found[step] = late & before
        unanswered_since = str(today - timedelta(days=policy.answer.of(step)))
        before = Q(body__contains=f'"letter": "{step}"') & Q(LessThan(LETTER_DAY, Value(unanswered_since)))
    return found


def _of_leader(today: date, rules: Rulebook) -> list[Duty]:
    """Groups whose grades are not decided: last year's, and this year's from the year's end on."""
    years = [today.year - 1]
    if today.month in rules.appraisal.rush.months.value:
        years.append(today.year)
    groups = set(store.listing("P").filter(stage=IN_POST).values_list("topic", flat=True))
    waiting: set[str] = set()
    for year in years:
        if store.listing("P/").filter(pk__endswith=f"/{year}").exists():
            decided = store.listing("G/").filter(pk__endswith=f"/{year}").values_list("pk", flat=True)
            waiting |= groups - {code.split("/")[0] for code in decided}
    return [Duty(_("年度等次待集体研究决定"), "G", Q(pk__in=waiting), GradesDecided)]


def _hopes(user: Account) -> Iterator[Duty]:
    own = Q(pk__startswith=f"{user.code}/")
    yield Duty(_("等复核或申诉的决定"), "P/", own & Q(stage__in=(appraisal.IN_REVIEW, appraisal.IN_APPEAL)))
    if not rights.may(user, "see:Q"):
        return
    units = _units(user)
    if user.role != rights.OFFICIAL:
        yield Duty(_("等别的单位核验"), "Q", units & Q(stage=problems.CLAIMED))
        yield Duty(_("等延期答复"), "Q", units & ASKED & Q(stage__in=problems.OPEN))
        raised = Q(body__contains=f'"raised_by_unit": "{user.unit}"')
        yield Duty(_("本单位提出的，等解决"), "Q", raised & ~units & Q(stage__in=problems.OPEN))
    if user.role == rights.OFFICER:
        others = _scope(user) & ~Q(unit=user.unit)
        yield Duty(_("等函件答复"), "Q", others & ANSWER & Q(stage__in=problems.OPEN))


def _scope(user: Account) -> Q:
    units = rights.scope(user)
    return Q() if units is None else Q(unit__in=units)
