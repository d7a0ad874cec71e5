"""A visit stays open until the return visit when something was promised or became a problem."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from shigan.facts import Fact
from shigan.facts.faults import _
from shigan.facts.visits import (
    PracticeNoted,
    PracticeUsed,
    PromiseMade,
    ReturnVisited,
    VisitHeld,
    VisitKind,
    VoiceHeard,
)
from shigan.ledger.entry import Entry
from shigan.policy import Rulebook
from shigan.work.state import (
    Act,
    Refused,
    State,
    base,
    filled,
    must_be_new,
    must_exist,
    must_stand,
    replace,
    rule,
)
from shigan.work.unattributed import must_be_unattributed

VISITED, TO_RETURN, CLOSED = _("已走访"), _("待回访"), _("已回访")
NOTED = _("已记录")
UNANNOUNCED = _("四不两直")
NEXT: dict[str, tuple[type[Fact], ...]] = {
    VISITED: (VoiceHeard, PromiseMade),
    TO_RETURN: (ReturnVisited, VoiceHeard, PromiseMade),
    CLOSED: (),
    NOTED: (PracticeUsed,),
}


@dataclass(frozen=True, kw_only=True)
class Visit(State):
    """`unit` is the host, `origin` the unit that sent the visitors, `due` the day to return by."""

    visitors: int = 0
    host_minutes: int = 0
    filing: str = ""
    voices: int = 0
    problems: tuple[str, ...] = ()
    practices: tuple[str, ...] = ()
    promises: int = 0
    kept: bool = False


@dataclass(frozen=True, kw_only=True)
class Practice(State):
    """A practice card and how many units use it."""

    title: str = ""
    text: str = ""
    used_by: tuple[str, ...] = ()


def fold(visit: Visit | None, entry: Entry) -> Visit:
    """The visit after one more entry."""
    fact = entry.fact
    if isinstance(fact, VisitHeld):
        return Visit(
            **base(entry),
            stage=VISITED,
            source=fact.kind,
            topic=fact.topic,
            origin=entry.by_unit,
            visitors=fact.visitors,
            host_minutes=fact.host_minutes,
            filing=fact.filing,
            mark=UNANNOUNCED if fact.unannounced else "",
        )
    assert visit is not None, entry.subject
    visit = replace(visit, seq=entry.seq)
    match fact:
        case VoiceHeard():
            return _heard(visit, fact)
        case PromiseMade():
            due = min(filter(None, (visit.due, fact.due)))
            return replace(visit, stage=TO_RETURN, promises=visit.promises + 1, due=due)
        case ReturnVisited():
            return replace(visit, stage=CLOSED, kept=fact.kept, due=None)
    return visit


def _heard(visit: Visit, fact: VoiceHeard) -> Visit:
    visit = replace(visit, voices=visit.voices + 1)
    if fact.became.startswith("Q"):
        due = min(filter(None, (visit.due, fact.return_due)), default=None)
        return replace(visit, stage=TO_RETURN, problems=(*visit.problems, fact.became), due=due)
    if fact.became.startswith("K"):
        return replace(visit, practices=(*visit.practices, fact.became))
    return visit


def fold_practice(card: Practice | None, entry: Entry) -> Practice:
    """The practice card after one more entry."""
    fact = entry.fact
    if isinstance(fact, PracticeNoted):
        return Practice(**base(entry), stage=NOTED, origin=fact.origin, title=fact.title, text=fact.text)
    assert card is not None, entry.subject
    return replace(card, seq=entry.seq, used_by=(*card.used_by, entry.by_unit))


@rule(VisitHeld)
def hold_visit(visit: Visit | None, fact: VisitHeld, act: Act) -> None:
    must_be_new(visit)
    if act.look(act.unit) is None:
        raise Refused(_("没有单位 {unit}"), remedy=_("核对走访的单位编号。"), unit=act.unit)


@rule(VoiceHeard, PromiseMade)
def hear_voice(visit: Visit | None, fact: VoiceHeard | PromiseMade, act: Act) -> None:
    must_exist(visit, act)
    assert visit is not None
    must_stand(visit, (VISITED, TO_RETURN), _("再记录听到的话"))
    if act.by_unit == visit.unit != visit.origin:
        raise Refused(_("被走访单位不能替走访的人记录"), remedy=_("请由走访单位登记。"))
    must_be_unattributed(fact.text)
    if isinstance(fact, VoiceHeard) and fact.became.startswith("Q") and fact.return_due is None:
        raise Refused(_("转为问题的须排定回访"), remedy=_("填写回访期限。"))


@rule(ReturnVisited)
def return_visit(visit: Visit | None, fact: ReturnVisited, act: Act) -> None:
    must_exist(visit, act)
    assert visit is not None
    must_stand(visit, (TO_RETURN,), _("回访"))
    if act.by_unit == visit.unit:
        raise Refused(_("被走访单位不能自己回访"), remedy=_("请由走访单位回访。"))


@rule(PracticeNoted)
def note_practice(card: Practice | None, fact: PracticeNoted, act: Act) -> None:
    must_be_new(card)


@rule(PracticeUsed)
def use_practice(card: Practice | None, fact: PracticeUsed, act: Act) -> None:
    must_exist(card, act)
    assert card is not None
    if act.by_unit in (card.unit, *card.used_by):
        raise Refused(_("本单位的做法，或已登记采用"), remedy=_("不必重复登记。"))


@filled(VoiceHeard)
def fill_voice(kind: type[Fact], visit: Visit | None, day: date, rules: Rulebook) -> dict[str, object]:
    return {"return_due": (visit.since if visit else day) + timedelta(days=rules.visits.return_visit.value)}


@dataclass(frozen=True, order=True)
class Quarter:
    """A quarter of a year, written `2026-4`."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Quarter:
        """The quarter of a day."""
        return cls(day.year, (day.month + 2) // 3)

    @classmethod
    def read(cls, text: str, today: date) -> Quarter:
        """The quarter that a query names, else today's."""
        year, _dash, number = text.partition("-")
        if year.isdecimal() and number in ("1", "2", "3", "4") and 1900 < int(year) < 3000:
            return cls(int(year), int(number))
        return cls.of(today)

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def before(self) -> Quarter:
        """The quarter before."""
        return Quarter.of(self.first - timedelta(days=1))

    @property
    def after(self) -> Quarter:
        """The quarter after."""
        return Quarter.of(self.first + timedelta(days=100))

    def __str__(self) -> str:
        return f"{self.year}-{self.number}"


@dataclass
class Burden:
    """How many visits, and what they cost the hosts in person-minutes; 调研 and 督查 apart."""

    unit: str = ""
    studies: int = 0
    study_minutes: int = 0
    inspections: int = 0
    inspection_minutes: int = 0

    def add(self, visit: Visit) -> None:
        """Charge one visit."""
        if visit.source == VisitKind.STUDY:
            self.studies, self.study_minutes = self.studies + 1, self.study_minutes + visit.host_minutes
        else:
            self.inspections += 1
            self.inspection_minutes += visit.host_minutes

    @property
    def visits(self) -> int:
        """Both together."""
        return self.studies + self.inspections

    @property
    def minutes(self) -> int:
        """Both together."""
        return self.study_minutes + self.inspection_minutes


def totals(held: Iterable[Visit]) -> Burden:
    """The burden of all visits together."""
    total = Burden()
    for visit in held:
        total.add(visit)
    return total


def by_unit(held: Iterable[Visit], column: str) -> list[Burden]:
    """The burden by `origin` (who sends and is charged) or by `unit` (who hosts), in order of codes."""
    charged: dict[str, Burden] = defaultdict(Burden)
    for visit in held:
        charged[getattr(visit, column)].add(visit)
    for unit, burden in charged.items():
        burden.unit = unit
    return [charged[unit] for unit in sorted(charged)]
