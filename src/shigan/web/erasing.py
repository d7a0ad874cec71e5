"""Erasing by law: a request, a second person's approval, and then the words are gone from the live data.

Payload and salt of an entry go; header, leaf and every proof stay. What is kept of the fact (choices, dates,
numbers, codes) is written by the approval itself, so that `shigan verify` can compare it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from django.db import connection, transaction
from django.db.models import Q

from shigan.exchange.keeping.databases import Deletion
from shigan.facts import from_plain, texts, to_plain
from shigan.facts.erasure import Basis, ErasureRequested, PayloadErased, Rest
from shigan.facts.faults import Fault, _
from shigan.ledger.canonical import canonical
from shigan.ledger.entry import Entry
from shigan.web import naming, store
from shigan.web.models import BoardRow, EntryRow, NameRow, PayloadRow
from shigan.work.admit import Author, Draft
from shigan.work.erasure import ASKED, Erasure, rest
from shigan.work.state import State
from shigan.work.things import thing_of

SHORTEST = 8
"""Shorter texts stand in too many entries to say anything."""


def approve(case: Erasure, author: Author, today: date) -> Entry:
    """Write the approval and delete, all in one transaction. Raises `Refused` and `Stale` like any fact."""
    found = {entry.seq: entry for entry in store.lives([case.origin])}
    kept = tuple(_kept(found[seq]) for seq in case.seqs)
    fact = PayloadErased(about=case.origin, basis=Basis[case.source], kept=kept, name=case.name)
    with transaction.atomic():
        entry = store.append([Draft(case.subject, fact, case.unit, today, case.seq)], author)[0]
        carry_out([entry])
    naming.forget()
    return entry


def _kept(entry: Entry) -> Rest:
    if entry.gone or entry.fact is None:
        raise Fault(
            _("{code} 第 {n} 次记录已经删除过"), remedy=_("不予删除这一件，另行申请。"),
            code=entry.subject, n=entry.seq,
        )  # fmt: skip
    return Rest(seq=entry.seq, body=canonical(to_plain(rest(entry.fact))).decode())


def approved() -> dict[tuple[str, int], str]:
    """By subject and seq: what must stand in place of each payload whose deletion was approved."""
    found: dict[tuple[str, int], str] = {}
    for entry in store.entries(kinds=[PayloadErased.__name__]):
        if isinstance(fact := entry.fact, PayloadErased):
            found |= {(fact.about, each.seq): remains(entry, fact, each) for each in fact.kept}
    return found


def remains(entry: Entry, fact: PayloadErased, each: Rest) -> str:
    """The body that stands where a payload was: why it is gone, and what was kept."""
    why = {"case": entry.subject, "on": entry.happened.isoformat(), "basis": fact.basis.name}
    return canonical({"erased": why, "kept": json.loads(each.body)}).decode()


def carry_out(approvals: Iterable[Entry]) -> int:
    """Delete what these approvals name, and fold its things anew; returns how many payloads went.

    What is gone already is left as it is, so that it can be done again after a backup was put back.
    """
    secure()
    changed, subjects = 0, set[str]()
    for entry in approvals:
        fact = entry.fact
        assert isinstance(fact, PayloadErased), entry.kind
        rows = dict(EntryRow.objects.filter(subject=fact.about).values_list("seq", "pk"))
        for each in fact.kept:
            kept = PayloadRow.objects.filter(pk=rows[each.seq]).exclude(salt=b"")
            changed += kept.update(salt=b"", body=remains(entry, fact, each))
        if fact.name:
            NameRow.objects.filter(code=fact.about.split("/")[0]).delete()
        subjects.add(fact.about)
    _fold_anew(subjects)
    BoardRow.objects.all().delete()  # findings may quote; the next judging makes them anew
    return changed


def _fold_anew(subjects: set[str]) -> None:
    states: dict[str, State] = {}
    for entry in store.lives(subjects):
        states[entry.subject] = thing_of(entry.subject).fold(states.get(entry.subject), entry)
    store.write_states(states.values())


def again() -> int:
    """Carry out every approval once more: for a database that was put back from a backup."""
    with transaction.atomic():
        changed = carry_out(store.entries(kinds=[PayloadErased.__name__]))
    naming.forget()
    return changed


def after_restore(deletions: Iterable[Deletion]) -> int:
    """Make deletions that a ledger put back from an older backup does not know; returns how many cases.

    The same two persons and the same days stand in the ledger once more, recorded now (补录). What was
    recorded after the backup is not there to be deleted. Raises `Refused` like any fact.
    """
    return sum(map(_make_again, deletions))


def _make_again(deletion: Deletion) -> bool:
    case, asked = store.state(deletion.case), from_plain(ErasureRequested, json.loads(deletion.asked))
    assert isinstance(asked, ErasureRequested)
    there = {entry.seq for entry in store.lives([asked.about]) if not entry.gone}
    seqs = tuple(seq for seq in asked.seqs if seq in there)
    decided = case is not None and case.stage != ASKED
    if decided or store.state(asked.about) is None or not (seqs or asked.name):
        return False
    with transaction.atomic():
        if case is None:
            fact, on = replace(asked, seqs=seqs), date.fromisoformat(deletion.asked_on)
            author = Author(deletion.asked_by, deletion.asked_for)
            store.append([Draft(deletion.case, fact, deletion.unit, on, 0)], author)
            case = store.state(deletion.case)
        assert isinstance(case, Erasure)
        on = date.fromisoformat(deletion.approved_on)
        approve(case, Author(deletion.approved_by, deletion.approved_for), on)
    return True


def secure() -> None:
    """From here on SQLite overwrites what it deletes."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete=ON")


def scrub() -> None:
    """No byte of what was deleted stays in the database's files: old pages, free pages and the journal go.

    Call it outside a transaction. SOURCE: sqlite.org/lang_vacuum.html, postgresql.org (VACUUM FULL).
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM FULL payload, state, board, name")
            return
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.fetchall()


def elsewhere(entry: Entry) -> list[EntryRow]:
    """Other entries that hold a text of this one word for word: they are not deleted with it."""
    if entry.fact is None:
        return []
    found = Q()
    for each in {t for t in texts(entry.fact) if len(t) >= SHORTEST}:
        found |= Q(payload__body__contains=json.dumps(each, ensure_ascii=False)[1:-1])
    rows = EntryRow.objects.select_related("payload").filter(found)
    return list(rows.exclude(subject=entry.subject, seq=entry.seq)[:20]) if found else []
