"""`shigan verify` recomputes the whole ledger; `shigan rebuild` makes the state cache anew."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

from django.db import connection, transaction
from django.db.models import F

from shigan.facts import KINDS
from shigan.facts.faults import Fault, _
from shigan.ledger.audit import Bad, Note, Stored, audit
from shigan.ledger.entry import Entry
from shigan.web import erasing, keys, store
from shigan.web.models import EntryRow, SealRow, StateRow
from shigan.work.state import COLUMNS, State
from shigan.work.things import thing_of

Progress = Callable[[int], None]


def verify(progress: Progress = lambda n: None) -> Iterator[Bad]:
    """Everything wrong: entries, payloads, order, checkpoints, and states that do not follow from them."""
    states: dict[str, State] = {}
    broken: set[str] = set()
    approved = erasing.approved()
    notes = [Note(s.size, s.root, s.note) for s in SealRow.objects.order_by("size")]
    yield from audit(_stored(states, broken, approved, progress), notes, keys.public_key())
    yield from _orphans()
    yield from _left_over(approved)
    yield from _states(states, broken)


def _stored(
    states: dict[str, State], broken: set[str], approved: dict[tuple[str, int], str], progress: Progress
) -> Iterator[Stored]:
    rows = EntryRow.objects.select_related("payload").order_by(F("position").asc(nulls_last=True), "id")
    for n, row in enumerate(rows.iterator(chunk_size=5000)):
        if n % 5000 == 0:
            progress(n)
        payload = getattr(row, "payload", None)
        place = f"第 {row.position if row.position is not None else '…'} 条（{row.subject} 第 {row.seq} 次）"
        try:
            entry = store.read_entry(row)
            _fold(states, entry)
        except (Fault, ValueError, KeyError, TypeError, AssertionError, AttributeError, OverflowError):
            broken.add(row.subject)
            entry = header_only(row)
        salt, body = (bytes(payload.salt), payload.body.encode()) if payload else (None, None)
        if payload and not payload.salt:
            lawful = approved.pop((row.subject, row.seq), None) == payload.body
            yield Stored(place, entry, bytes(row.leaf), None, None, lawful)
        else:
            yield Stored(place, entry, bytes(row.leaf), salt, body)


def _left_over(approved: dict[tuple[str, int], str]) -> Iterator[Bad]:
    """What was approved to be deleted and is there still, perhaps because a backup was put back."""
    for subject, seq in approved:
        yield Bad(f"{subject} 第 {seq} 次", _("已批准删除的内容还在，请运行 shigan rebuild"))


def _fold(states: dict[str, State], entry: Entry) -> None:
    if entry.kind not in KINDS:
        raise KeyError(entry.kind)
    states[entry.subject] = thing_of(entry.subject).fold(states.get(entry.subject), entry)


def header_only(row: EntryRow) -> Entry:
    """The entry of a row whose fact cannot be read: enough to recompute its leaf."""
    return Entry(
        str(row.subject),
        row.seq,
        str(row.kind),
        str(row.unit),
        row.happened,
        store.from_ms(row.recorded),
        str(row.by),
        str(row.by_unit),
        str(row.mac),
        None,
        row.position,
    )


def _orphans() -> Iterator[Bad]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT entry_id FROM payload "
            "WHERE NOT EXISTS (SELECT 1 FROM entry WHERE entry.id = entry_id) LIMIT 1"
        )
        for (pk,) in cursor.fetchall():
            yield Bad(f"内容 {pk}", _("内容没有对应的记录"))


def _states(fresh: dict[str, State], broken: set[str]) -> Iterator[Bad]:
    seen = set()
    for row in StateRow.objects.iterator(chunk_size=5000):
        seen.add(row.subject)
        if row.subject in broken:
            continue
        state = fresh.get(row.subject)
        if state is None or _values(row) != _values(store.state_row(state)):
            yield Bad(f"状态 {row.subject}", _("状态与台账不符，请运行 shigan rebuild"))
    for code in sorted(fresh.keys() - seen):
        yield Bad(f"状态 {code}", _("缺少状态，请运行 shigan rebuild"))


def _values(row: StateRow) -> tuple[object, ...]:
    return (row.key, json.loads(row.body), *(getattr(row, c) for c in COLUMNS))


def rebuild(progress: Progress = lambda n: None) -> int:
    """Make the state cache anew from the ledger; returns how many things there are.

    Deletions that were approved are carried out where a backup brought the words back.
    """
    if erasing.again():
        erasing.scrub()
    states: dict[str, State] = {}
    for n, entry in enumerate(store.entries()):
        if n % 5000 == 0:
            progress(n)
        _fold(states, entry)
    with transaction.atomic():
        StateRow.objects.all().delete()
        store.write_states(states.values())
    return len(states)
