"""The slot for unsigned notes: what goes in carries a day and no time, no account, no address.

Notes lie under random numbers until the sealing of a later day moves them, shuffled, into the ledger. A note
that a rule refuses (its meeting is over) stays here with the reason, for the officer to read.
"""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from threading import Lock

from django.db import connection, transaction
from django.utils import timezone

from shigan.facts import Fact, Fault, to_plain
from shigan.facts.faults import _
from shigan.ledger.entry import UNSIGNED, read_fact
from shigan.web import store
from shigan.web.models import SlipRow
from shigan.work.admit import Author, Draft
from shigan.work.state import Refused

NOBODY = Author(UNSIGNED, UNSIGNED)
A_MINUTE = 30
"""Notes that the slot takes in a minute from everybody together; nobody is told apart."""

_lately: deque[float] = deque()
_lock = Lock()


def put(fact: Fact, unit: str, subject: str = "") -> None:
    """Put a note in; `subject` is empty for a thing that gets its code later. Refused when too many come."""
    _take_turn()
    SlipRow.objects.create(
        day=timezone.localdate(), kind=type(fact).__name__, subject=subject, unit=unit,
        body=json.dumps(to_plain(fact), ensure_ascii=False),
    )  # fmt: skip
    transaction.on_commit(_leave_no_order)


def _leave_no_order() -> None:
    """Fold SQLite's write-ahead log into the file, where the note lies under its random number: in the log it
    would stand between entries whose times are known."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _take_turn() -> None:
    now = time.monotonic()
    with _lock:
        while _lately and now - _lately[0] > 60:
            _lately.popleft()
        if len(_lately) >= A_MINUTE:
            raise Refused(_("这一分钟投入的太多"), remedy=_("请过一分钟再投；您写的内容还在页面上。"))
        _lately.append(now)


def forget() -> None:
    """Start counting anew."""
    with _lock:
        _lately.clear()


def draft_of(slip: SlipRow) -> Draft:
    """What the note becomes in the ledger."""
    code = slip.subject or store.next_code("S")
    return Draft(code, read_fact(slip.kind, json.loads(slip.body)), slip.unit, slip.day)


@dataclass(frozen=True)
class Stuck:
    """A note that a rule keeps out of the ledger: its day, its words, the reason."""

    day: date
    words: str
    fault: Fault


def stuck(subject: str = "") -> Iterator[Stuck]:
    """The notes of earlier days that would be refused now; today's are never shown."""
    rows = SlipRow.objects.filter(day__lt=timezone.localdate()).order_by("day", "id")
    now = datetime.now(UTC)
    for slip in rows.filter(subject=subject) if subject else rows:
        try:
            store.Desk().admit([draft_of(slip)], NOBODY, now)
        except Fault as fault:
            yield Stuck(slip.day, json.loads(slip.body).get("text", ""), fault)
