"""`shigan verify` recomputes the whole ledger; `shigan rebuild` makes the state cache anew."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import chain
from multiprocessing import get_context

import django
from django.db import connection, transaction

from shigan.facts import KINDS
from shigan.facts.faults import Fault, _
from shigan.ledger.audit import Bad, Note, Stored, audit
from shigan.ledger.entry import Entry
from shigan.web import erasing, keys, store
from shigan.web.models import EntryRow, SealRow, StateRow
from shigan.work.state import State
from shigan.work.things import thing_of

Progress = Callable[[int], None]
APART = 20_000
"""From so many entries on the states are checked by a second process while the first checks the hashes."""


def verify(progress: Progress = lambda n: None) -> Iterator[Bad]:
    """Everything wrong: entries, payloads, order, checkpoints, and states that do not follow from them."""
    states = _beside(_states)
    approved = erasing.approved()
    notes = [Note(s.size, s.root, s.note, s.edge) for s in SealRow.objects.order_by("size")]
    yield from audit(_stored(approved, progress), notes, keys.public_key())
    yield from _orphans()
    yield from _left_over(approved)
    yield from states()


def _beside(task: Callable[[], list[Bad]]) -> Callable[[], list[Bad]]:
    """What gives the task's answer. A process of its own sees only what is committed."""
    if connection.in_atomic_block or EntryRow.objects.count() < APART:
        return task
    with_own_start = get_context("spawn")  # a copy of this process would share its connection
    pool = ProcessPoolExecutor(1, with_own_start, initializer=django.setup)
    answer = pool.submit(task)
    pool.shutdown(wait=False)
    return answer.result


def _stored(approved: dict[tuple[str, int], str], progress: Progress) -> Iterator[Stored]:
    sealed = EntryRow.objects.filter(position__isnull=False).order_by("position")
    waiting = EntryRow.objects.filter(position__isnull=True).order_by("id")
    for n, line in enumerate(chain(store.lines(sealed), store.lines(waiting))):
        if n % 5000 == 0:
            progress(n)
        yield _kept(line, approved)


def _kept(line: store.Line, approved: dict[tuple[str, int], str]) -> Stored:
    try:
        body = line.body.encode() if line.body is not None else None
        erased = line.salt is not None and not line.salt
        lawful = erased and approved.pop((line.subject, line.seq), None) == line.body
        salt = bytes(line.salt) if line.salt else None
        return Stored(line.place(), store.header_only(line), bytes(line.leaf), salt, body, lawful)
    except (TypeError, ValueError, AttributeError, OverflowError):  # SQLite keeps a value of any type
        return Stored(line.place(), store.header_only(line._replace(recorded=0)), b"", None, None)


def _left_over(approved: dict[tuple[str, int], str]) -> Iterator[Bad]:
    """What was approved to be deleted and is there still, perhaps because a backup was put back."""
    for subject, seq in approved:
        yield Bad(f"{subject} 第 {seq} 次", _("已批准删除的内容还在，请运行 shigan rebuild"))


def _fold(states: dict[str, State], entry: Entry) -> None:
    if entry.kind not in KINDS:
        raise KeyError(entry.kind)
    states[entry.subject] = thing_of(entry.subject).fold(states.get(entry.subject), entry)


def _orphans() -> Iterator[Bad]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT entry_id FROM payload "
            "WHERE NOT EXISTS (SELECT 1 FROM entry WHERE entry.id = entry_id) LIMIT 1"
        )
        for (pk,) in cursor.fetchall():
            yield Bad(f"内容 {pk}", _("内容没有对应的记录"))


def _states() -> list[Bad]:
    """Fold every thing anew and compare. Things with an unreadable entry are left to the check of hashes."""
    fresh, broken = _folded()
    bad = []
    kept = StateRow.objects.values_list(*store.STATE_COLUMNS)
    for row in kept.iterator(chunk_size=5000):
        state = fresh.pop(row[0], None)
        if row[0] not in broken and (state is None or not _same(row, store.state_row(state))):
            bad.append(Bad(f"状态 {row[0]}", _("状态与台账不符，请运行 shigan rebuild")))
    return bad + [Bad(f"状态 {code}", _("缺少状态，请运行 shigan rebuild")) for code in sorted(fresh)]


def _folded() -> tuple[dict[str, State], set[str]]:
    """The states as the entries make them, and the things that have an entry which cannot be read."""
    states: dict[str, State] = {}
    broken: set[str] = set()
    for line in store.lines(EntryRow.objects.order_by("id")):
        try:
            _fold(states, store.read_line(line))
        except (Fault, ValueError, KeyError, TypeError, AssertionError, AttributeError, OverflowError):
            broken.add(line.subject)
    return states, broken


def _same(row: tuple[object, ...], state: tuple[object, ...]) -> bool:
    return row[:-1] == state[:-1] and json.loads(str(row[-1])) == json.loads(str(state[-1]))


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
