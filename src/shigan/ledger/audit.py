"""The check of a whole ledger: recompute every hash, name the first bad place."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from shigan.facts.faults import Fault, _
from shigan.ledger import checkpoint
from shigan.ledger.entry import Entry, leaf, payload_mac
from shigan.maths.merkle import Frontier


@dataclass(frozen=True)
class Stored:
    """An entry as it lies in the store: `place` for people, its kept leaf, salt and body (None = gone)."""

    place: str
    entry: Entry
    leaf: bytes
    salt: bytes | None
    body: bytes | None
    erased: bool = False


@dataclass(frozen=True)
class Note:
    """A checkpoint as it lies in the store."""

    size: int
    root: str
    note: str


@dataclass(frozen=True)
class Bad:
    """One thing that is wrong: where, and what."""

    place: str
    words: str


def audit(stored: Iterable[Stored], notes: Iterable[Note], public: bytes) -> Iterator[Bad]:
    """Everything wrong in a ledger, first places first. `stored` is in the order of positions, the unsealed
    (position None) at the end; `notes` in the order of size."""
    edge, seqs = Frontier(), dict[str, int]()
    marks = {note.size: note for note in notes}
    largest = max(marks, default=0)
    for note in marks.values():
        yield from _note(note, public)
    for each in stored:
        sealed = leaf(each.entry)
        yield from _entry(each, sealed)
        yield from _order(each, edge.size, largest, seqs)
        edge.append(sealed)
        if edge.size in marks and edge.root().hex() != marks[edge.size].root:
            yield Bad(f"封存点 {edge.size}", _("按现有记录重算的树根与封存点不同"))
    if edge.size < largest:
        yield Bad(f"封存点 {largest}", _("封存过的记录少了"))


def _note(note: Note, public: bytes) -> Iterator[Bad]:
    place = f"封存点 {note.size}"
    try:
        point = checkpoint.verify(note.note, public)
    except Fault as fault:
        yield Bad(place, fault.sentence())
        return
    if point.size != note.size or point.root.hex() != note.root:
        yield Bad(place, _("封存点的大小或树根与签名不同"))


def _entry(each: Stored, sealed: bytes) -> Iterator[Bad]:
    if not hmac.compare_digest(sealed, each.leaf):
        yield Bad(each.place, _("记录的表头被改过"))
    if each.salt is None or each.body is None:
        if not each.erased:
            yield Bad(each.place, _("记录的内容被删掉"))
    elif not hmac.compare_digest(payload_mac(each.salt, each.body), each.entry.mac):
        yield Bad(each.place, _("记录的内容被改过"))


def _order(each: Stored, size: int, largest: int, seqs: dict[str, int]) -> Iterator[Bad]:
    entry = each.entry
    expected = size if size < largest else None
    if entry.position != expected:
        yield Bad(each.place, _("记录的序号不连续，有记录被删、被插入或被换位"))
    if entry.seq != seqs.get(entry.subject, 0) + 1:
        yield Bad(each.place, _("同一事项的次序不连续"))
    seqs[entry.subject] = entry.seq
