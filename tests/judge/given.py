"""Entries for tests: told shortly, sealed at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Any

from shigan.facts import KINDS, Fact, Field, fields
from shigan.facts.appraisal import ItemTally
from shigan.facts.fact import base, inner
from shigan.ledger.entry import Entry


def entry(
    subject: str,
    fact: Fact,
    day: date,
    unit: str = "U2",
    by_unit: str = "",
    recorded: date | None = None,
) -> Entry:
    """An entry not sealed yet; recorded at the county's noon of the day unless told otherwise."""
    at = datetime.combine(recorded or day, time(4), UTC)
    return Entry(subject, 0, type(fact).__name__, unit, day, at, "A1", by_unit or unit, "", fact)


def sealed(entries: Iterable[Entry]) -> list[Entry]:
    """The entries with their seq and position, in order of recording."""
    seq: dict[str, int] = {}
    found = []
    for position, each in enumerate(sorted(entries, key=lambda e: e.recorded)):
        seq[each.subject] = seq.get(each.subject, 0) + 1
        found.append(replace(each, seq=seq[each.subject], position=position))
    return found


def fact(kind: str, **told: Any) -> Fact:
    """A fact of which only what matters is told; other required fields get something plain."""
    cls = KINDS[kind]
    plain = {field.key: _plain(field) for field in fields(cls) if field.required}
    return cls(**{**plain, **told})


def sheets(n: int, *tallies: ItemTally, **told: Any) -> Fact:
    """A count of `n` sheets, all of them valid."""
    counted = dict.fromkeys(("expected", "present", "issued", "returned", "valid"), n)
    return fact("EvaluationCounted", tallies=tallies, **counted, **told)


def _plain(field: Field) -> Any:
    hint, _optional = base(field.type)
    if inner(hint):
        return ()
    if issubclass(hint, StrEnum):
        return next(iter(hint))
    values = {str: "（略）", bool: False, date: date(2026, 12, 31), Decimal: Decimal(0)}
    return values.get(hint, max(field.label.low or 0, 0))
