"""The one way in: drafts → entries, or a refusal. Pure; the store, the demo and `shigan judge` all use it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from shigan.facts import Fact
from shigan.facts.faults import _
from shigan.ledger.entry import COUNTY_TIME, Entry, payload_bytes, payload_mac
from shigan.policy import Rulebook
from shigan.work.state import RULES, Act, Find, Refused, Stale, State, nobody
from shigan.work.things import thing_of

SALT = partial(secrets.token_bytes, 32)
"""Where salts come from. Only the demo county brings its own, so that its root hash is always the same."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A fact somebody wants to write. `unit` is the unit concerned; `seen` the thing's seq the author saw
    (None = has not looked, and does not mind what was written meanwhile). `by_unit` is the unit that acted,
    where the author types in what another unit did: a ledger that was kept on paper."""

    subject: str
    fact: Fact
    unit: str
    happened: date
    seen: int | None = None
    by_unit: str = ""


@dataclass(frozen=True, slots=True)
class Author:
    """Who writes: account code and unit code."""

    by: str
    by_unit: str


@dataclass(frozen=True, slots=True)
class Admitted:
    """An entry that may be written, with its payload, its salt and the state after it."""

    entry: Entry
    salt: bytes
    body: bytes
    state: State


def admit(
    drafts: Iterable[Draft],
    author: Author,
    now: datetime,
    rules: Rulebook,
    look: Callable[[str], State | None],
    salts: Callable[[], bytes] = SALT,
    find: Find = nobody,
) -> Iterator[Admitted]:
    """Admit the drafts one after another; each sees the states that those before it left.

    `look` and `find` give stored states, `salts` 32 bytes that nobody can guess. Raises `Refused`, `Stale`
    or `Fault`; then none of them may be written.
    """
    fresh: dict[str, State] = {}

    def look_fresh(code: str) -> State | None:
        return fresh.get(code) or look(code)

    def find_fresh(key: str, mark: str) -> Iterator[State]:
        yield from (s for s in fresh.values() if s.mark == mark and thing_of(s.subject).key == key)
        yield from (s for s in find(key, mark) if s.subject not in fresh)

    for draft in drafts:
        admitted = _admit(draft, author, now, rules, look_fresh, find_fresh, salts())
        fresh[draft.subject] = admitted.state
        yield admitted


def _admit(
    draft: Draft,
    author: Author,
    now: datetime,
    rules: Rulebook,
    look: Callable[[str], State | None],
    find: Find,
    salt: bytes,
) -> Admitted:
    thing, fact = thing_of(draft.subject), draft.fact
    if thing.key not in type(fact).ABOUT.split():
        raise Refused(
            _("“{kind}”不能记在{thing} {code} 名下"),
            remedy=_("核对编号。"),
            kind=type(fact).TITLE,
            thing=thing.name,
            code=draft.subject,
        )
    state = look(draft.subject)
    seq = state.seq if state else 0
    if draft.seen is not None and draft.seen != seq:
        raise Stale(subject=draft.subject)
    today = (now + COUNTY_TIME).date()
    if draft.happened > today:
        raise Refused(_("发生日期 {day} 还没有到"), remedy=_("填写实际发生的日期。"), day=draft.happened)
    by_unit = draft.by_unit or author.by_unit
    act = Act(draft.subject, author.by, by_unit, draft.unit, draft.happened, now, rules, look, find)
    guard = RULES.get(type(fact))
    if guard is not None:
        guard(state, fact, act)
    body = payload_bytes(fact)
    entry = Entry(
        draft.subject,
        seq + 1,
        type(fact).__name__,
        draft.unit,
        draft.happened,
        now,
        author.by,
        by_unit,
        payload_mac(salt, body),
        fact,
    )
    return Admitted(entry, salt, body, thing.fold(state, entry))


def fold_all(entries: Iterable[Entry]) -> dict[str, State]:
    """The state of every thing from its entries, in order; erased facts only count on."""
    states: dict[str, State] = {}
    for entry in entries:
        states[entry.subject] = thing_of(entry.subject).fold(states.get(entry.subject), entry)
    return states
