"""A thing's life told in a line a fact: who writes what, on which day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from shigan.facts import Fact
from shigan.facts.units import UnitFounded, UnitKind
from shigan.policy import Rulebook
from shigan.work.admit import Author, Draft, admit
from shigan.work.state import State

RULES = Rulebook.shipped()
DAY0 = date(2026, 3, 2)
OFFICE, FIXER, OTHER = Author("P0001", "U002"), Author("P0003", "U003"), Author("P0004", "U004")


@dataclass
class Life:
    """What was written about one code; `on` gives the state after a fact, or lets the refusal out."""

    code: str
    unit: str = "U003"
    states: dict[str, State] = field(default_factory=dict)

    def __post_init__(self) -> None:
        founded = [Draft(u, UnitFounded(kind=UnitKind.DEPARTMENT), u, DAY0) for u in ("U002", "U003", "U004")]
        for made in admit(founded, OFFICE, _noon(DAY0), RULES, self.states.get, _salt):
            self.states[made.state.subject] = made.state

    @property
    def now(self) -> State:
        """The present state."""
        return self.states[self.code]

    def on(self, day: int, fact: Fact, by: Author = FIXER) -> State:
        """The state after the fact, written `day` days after DAY0. Raises `Refused`."""
        happened = DAY0 + timedelta(days=day)
        draft = Draft(self.code, fact, self.unit, happened)
        (made,) = admit([draft], by, _noon(happened), RULES, self.states.get, _salt)
        self.states[self.code] = made.state
        return made.state


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(4), UTC)


_salt: Callable[[], bytes] = lambda: bytes(32)  # noqa: E731 - a constant salt is all a rule test needs


def after(day: int) -> date:
    """So many days after DAY0."""
    return DAY0 + timedelta(days=day)
