"""The words of this floor: state, act, rule, refusal."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, TypeVar

from shigan.facts import Fact, Fault, Part
from shigan.facts.faults import _
from shigan.ledger.entry import Entry
from shigan.policy import Rulebook


@dataclass(frozen=True, kw_only=True)
class State(Part):
    """What the entries about one thing add up to.

    The fields here are the same for all things, so that lists can filter and sort any of them:
    `stage` where it stands, `due` the next date that matters (None = nothing is due), `source` and
    `topic` what it came from and is about, `origin` the code of the thing that gave rise to it,
    `mark` a word worth filtering for (反弹, 督查, …).
    """

    subject: str
    seq: int
    unit: str
    stage: str
    since: date
    due: date | None = None
    source: str = ""
    topic: str = ""
    origin: str = ""
    mark: str = ""

    def __post_init__(self) -> None:
        """States are folded from checked facts; checking them again would only cost time."""


COLUMNS = tuple(f.name for f in fields(State))
S = TypeVar("S", bound=State)


def replace(state: S, **changes: Any) -> S:
    """`dataclasses.replace` for states: several times as fast, and every entry of a ledger is folded here."""
    assert changes.keys() <= state.__dict__.keys(), changes.keys()
    fresh = object.__new__(type(state))
    fresh.__dict__.update(state.__dict__, **changes)
    return fresh


Find = Callable[[str, str], Iterable[State]]
"""Key of a thing and mark → the things that bear it."""


def nobody(key: str, mark: str) -> Iterable[State]:
    """For those who need not search."""
    return ()


@dataclass(frozen=True)
class Act:
    """Who writes, when it happened, when it is recorded, and what the rule may look at.

    `look` gives the present state of any other thing by its code, or None; `find` the things of a key
    that bear a mark (the documents of one number).
    """

    subject: str
    by: str
    by_unit: str
    unit: str
    happened: date
    recorded: datetime
    rules: Rulebook
    look: Callable[[str], State | None]
    find: Find = nobody

    @property
    def today(self) -> date:
        return self.recorded.date()


class Refused(Fault):
    """A rule says no: which rule, its source, and what to do instead."""


class Stale(Fault):
    """Somebody else wrote to the same thing first."""

    def __init__(self, text: str = "", **values: object) -> None:
        values.setdefault("remedy", _("请重新打开页面，看过新的情况后再提交；您填写的内容没有写入。"))
        super().__init__(text or _("{subject} 刚刚有了新的记录"), **values)  # type: ignore[arg-type]


Rule = Callable[[Any, Any, Act], None]
RULES: dict[type[Fact], Rule] = {}
"""Which function guards which kind of fact; a kind without one needs no more than its own checks."""

R = TypeVar("R", bound=Rule)


def rule(*kinds: type[Fact]) -> Callable[[R], R]:
    """The function refuses these kinds of fact where they may not follow the state."""

    def guard(function: R) -> R:
        RULES.update(dict.fromkeys(kinds, function))
        return function

    return guard


Filler = Callable[[type[Fact], Any, date, Rulebook], dict[str, object]]
FILLS: dict[type[Fact], Filler] = {}
"""Fields nobody should have to type: what the rules of the day make of them (clocks, plans, steps)."""

F = TypeVar("F", bound=Filler)


def filled(*kinds: type[Fact]) -> Callable[[F], F]:
    """The function fills fields of these kinds from state, day and rules; it may refuse."""

    def fill(function: F) -> F:
        FILLS.update(dict.fromkeys(kinds, function))
        return function

    return fill


def fill(kind: type[Fact], state: State | None, day: date, rules: Rulebook) -> dict[str, object]:
    """The fields of a fact of this kind that the rules fill in."""
    filler = FILLS.get(kind)
    return filler(kind, state, day, rules) if filler else {}


def must_be_new(state: State | None) -> None:
    """Refuse a first fact about a thing that is there already."""
    if state is not None:
        raise Refused(_("{code} 已经存在"), remedy=_("换一个编号，或打开原有的记录。"), code=state.subject)


def must_exist(state: State | None, act: Act) -> None:
    """Refuse a later fact about a thing that is not there."""
    if state is None:
        raise Refused(_("没有 {code}"), remedy=_("核对编号。"), code=act.subject)


def must_stand(state: State, stages: tuple[str, ...], what: str) -> None:
    """Refuse `what` unless the thing stands at one of the stages."""
    if state.stage not in stages:
        raise Refused(
            _("{code} 现在是“{stage}”，不能{what}"),
            remedy=_("先看页面右侧列出的可办事项。"),
            code=state.subject,
            stage=state.stage,
            what=what,
        )


def base(entry: Entry) -> dict[str, Any]:
    """The general fields of a first state."""
    return {"subject": entry.subject, "seq": entry.seq, "unit": entry.unit, "since": entry.happened}
