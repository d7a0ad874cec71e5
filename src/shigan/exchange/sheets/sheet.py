"""The words of this room: a kind of sheet, a wish (a draft with the cell that asked for it), what was
understood, and the rehearsal that lets the rules of the work floor speak at the cell."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from shigan.exchange.cells import compact
from shigan.exchange.sheets.known import Known, Name
from shigan.exchange.workbook import Column, Reading, Row
from shigan.exchange.workbook.write import Value
from shigan.facts import Fact, to_plain
from shigan.facts.faults import Fault, Said, _
from shigan.ledger.entry import Entry
from shigan.policy import Rulebook
from shigan.work.admit import Admitted, Author, Draft, admit
from shigan.work.state import State

RULED = ("watch", "months")
"""Fields that the rules of the day fill in: they do not make a fact another one."""


@dataclass(frozen=True)
class Wish:
    """A draft, the row that asks for it, and the column to blame when a rule refuses it."""

    draft: Draft
    row: Row
    key: str


@dataclass
class Understood:
    """What one sheet says: drafts in their order, names for outside the ledger, faults, and how many rows
    add nothing because the ledger holds them already."""

    reading: Reading
    wishes: list[Wish]
    names: dict[str, Name] = field(default_factory=dict)
    again: int = 0

    @property
    def drafts(self) -> list[Draft]:
        return [wish.draft for wish in self.wishes]

    @property
    def faults(self) -> list[Fault]:
        return self.reading.faults

    @property
    def fresh(self) -> int:
        """How many good rows bring something new."""
        return len(self.reading.good) - self.again


@dataclass(frozen=True)
class SheetKind:
    """One of the six sheets. `facts` are the kinds of fact that its export reads, `columns` all columns that
    are understood, `template` those of an empty sheet, `variants` the names and words of several such.
    What is not `exported` leaves the ledger in no sheet."""

    key: str
    title: str
    words: str
    facts: tuple[str, ...]
    columns: Callable[[Rulebook], Sequence[Column]]
    template: Callable[[Rulebook, str], Sequence[Column]]
    drafts: Callable[[Reading, Known], Understood]
    rows: Callable[[Known, Iterable[Entry], Collection[str] | None], Iterable[Sequence[Value]]]
    notes: tuple[str, ...] = ()
    variants: Callable[[Rulebook], Mapping[str, Said]] = lambda rules: {}
    exported: bool = True


class Skip(Exception):  # noqa: N818  not an error: the row has its fault
    """The rest of a row need not be looked at."""


@contextmanager
def told(row: Row, key: str) -> Iterator[None]:
    """A fault inside becomes one at the row's cell; a cell is blamed once only."""
    try:
        yield
    except Fault as fault:
        place = row.table.place(row.number, key)
        if all(there.place != place for there in row.faults):
            row.blame(key, fault)
        raise Skip from None


def need(row: Row, key: str, title: str) -> Any:
    """The value of a cell that this row cannot do without."""
    value = row.cell.get(key)
    if value is None:
        with told(row, key):
            raise Fault(_("“{title}”没有填写。"), remedy=_("请补上这一格。"), title=title)
    return value


def cell(row: Row, key: str) -> Any:
    """What the column's reader made of a cell; None where it is empty, faulty or not there."""
    return row.cell.get(key)


def words(row: Row, key: str) -> str:
    """The text of a cell, or nothing."""
    value = row.cell.get(key)
    return "" if value is None else str(value)


def day(row: Row, key: str) -> date | None:
    """The date of a cell, or None."""
    value = row.cell.get(key)
    return value if isinstance(value, date) else None


def each_row(reading: Reading, make: Callable[[Row], Iterable[Wish]]) -> list[Wish]:
    """The wishes of all rows; a row that was skipped keeps those before its fault."""
    wishes: list[Wish] = []
    for row in reading.rows:
        try:
            wishes.extend(make(row))
        except Skip:
            continue
    return wishes


def fingerprint(subject: str, fact: Fact, happened: date) -> tuple[str, str, str, date]:
    """What makes a fact the same one: its words without regard to blanks and widths, and its day."""
    plain = {k: v for k, v in to_plain(fact).items() if k not in RULED}
    return subject, type(fact).__name__, repr(_compacted(plain)), happened


def _compacted(value: Any) -> Any:
    if isinstance(value, str):
        return compact(unicodedata.normalize("NFKC", value))
    if isinstance(value, dict):
        return sorted((k, _compacted(v)) for k, v in value.items())
    return [_compacted(v) for v in value] if isinstance(value, list) else value


def settle(reading: Reading, wishes: Sequence[Wish], known: Known, named: Collection[int] = ()) -> Understood:
    """Wishes that the ledger does not hold yet. A row said twice is a fault at the second; `named` are the
    numbers of rows that bring a new name."""
    there = {
        fingerprint(e.subject, e.fact, e.happened)
        for e in known.ledger.entries({wish.draft.subject for wish in wishes})
        if e.fact is not None
    }
    seen: dict[tuple[str, str, str, date], Row] = {}
    fresh = []
    for wish in wishes:
        mark = fingerprint(wish.draft.subject, wish.draft.fact, wish.draft.happened)
        first = seen.setdefault(mark, wish.row)
        if first is not wish.row:
            wish.row.blame(wish.key, _twice(first))
        elif mark not in there:
            fresh.append(wish)
    changed = {wish.row.number for wish in fresh} | set(named)
    again = sum(row.number not in changed for row in reading.good)
    return Understood(reading, [w for w in fresh if not w.row.faults], {}, again)


def _twice(first: Row) -> Fault:
    return Fault(
        _("与第 {row} 行重复"), remedy=_("请删去一行；确是两件事的，请写出不同之处。"), row=first.number
    )


def rehearse(
    parts: Iterable[Understood], author: Author, known: Known, moment: Callable[[Wish], datetime]
) -> list[Admitted]:
    """Let the rules decide on every wish as if it were written; each refusal becomes a fault at its cell.

    What comes back may be written only when no part has a fault. `moment` says when a wish is recorded.
    """
    states: dict[str, State] = {}
    admitted: list[Admitted] = []

    def look(code: str) -> State | None:
        return states.get(code) or known.ledger.look(code)

    for part in parts:
        for wish in part.wishes:
            if wish.row.faults:
                continue
            try:
                admitted += admit([wish.draft], author, moment(wish), known.rules, look)
            except Fault as fault:
                wish.row.blame(wish.key, fault)
            else:
                states[wish.draft.subject] = admitted[-1].state
    return admitted
