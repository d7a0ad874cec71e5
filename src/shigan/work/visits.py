"""A visit stays open until the return visit when something was promised or became a problem."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from shigan.facts import Fact
from shigan.facts.faults import _
from shigan.facts.visits import (
    PracticeNoted,
    PracticeUsed,
    PromiseMade,
    ReturnVisited,
    VisitHeld,
    VoiceHeard,
)
from shigan.ledger.entry import Entry
from shigan.policy import Rulebook
from shigan.work.state import Act, Refused, State, base, filled, must_be_new, must_exist, must_stand, rule

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
    """`due` is when the return visit should have been made."""

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
            **base(entry), stage=VISITED, source=fact.kind, topic=fact.topic, visitors=fact.visitors,
            host_minutes=fact.host_minutes, filing=fact.filing, mark=UNANNOUNCED if fact.unannounced else "",
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
