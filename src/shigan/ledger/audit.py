"""The check of a whole ledger: recompute every hash, name the first bad place."""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from shigan.facts.faults import Fault, _
from shigan.ledger import checkpoint
from shigan.ledger.entry import Entry, leaf, payload_mac
from shigan.maths.merkle import HASH_BYTES, Frontier


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
    """A checkpoint as it lies in the store; `edge` is the tree's right edge to go on from, a JSON list of hex
    (None where it is not kept)."""

    size: int
    root: str
    note: str
    edge: str | None = None


@dataclass(frozen=True)
class Bad:
    """One thing that is wrong: where, and what."""

    place: str
    words: str


def audit(stored: Iterable[Stored], notes: Iterable[Note], public: bytes) -> Iterator[Bad]:
    """Everything wrong in a ledger, first places first. `stored` is in the order of positions, those without
    one at the end; `notes` in the order of size. Behind the last checkpoint entries may have a position or
    not: a sealing numbers first and signs then."""
    edge, order = Frontier(), _Order()
    marks = {note.size: note for note in notes}
    largest = max(marks, default=0)
    for note in marks.values():
        yield from _note(note, public)
    for each in stored:
        sealed = _leaf(each.entry)
        yield from _entry(each, sealed)
        yield from order.of(each, largest)
        edge.append(sealed)
        if edge.size in marks:
            yield from _recomputed(edge, marks[edge.size])
    if order.position < largest:
        yield Bad(f"第 {order.position} 条", _("封存过的记录少了"))


def _leaf(entry: Entry) -> bytes:
    """The leaf; of a header with values of another type, which SQLite would keep, none that fits."""
    try:
        return leaf(entry)
    except (TypeError, ValueError, AttributeError):
        return bytes(HASH_BYTES)


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


def _recomputed(edge: Frontier, mark: Note) -> Iterator[Bad]:
    place = f"封存点 {mark.size}"
    if edge.root().hex() != mark.root:
        yield Bad(place, _("按现有记录重算的树根与封存点不同"))
    elif mark.edge is not None and mark.edge != json.dumps([each.hex() for each in edge.hashes]):
        yield Bad(place, _("封存点的右缘与树不同，接着封存会出错"))


class _Order:
    """What position and what seq must come next; after a gap it goes on behind it, so that one gap is told
    once."""

    def __init__(self) -> None:
        self.position, self.seqs = 0, dict[str, int]()

    def of(self, each: Stored, largest: int) -> Iterator[Bad]:
        entry, expected = each.entry, self.position
        if entry.position is not None and expected < min(entry.position, largest):
            yield Bad(f"第 {expected} 条", _("缺少这条记录"))
        elif entry.position != expected and (entry.position is not None or expected < largest):
            yield Bad(each.place, _("记录的序号不连续，有记录被删、被插入或被换位"))
        self.position = 1 + (expected if entry.position is None else entry.position)
        seq = self.seqs.get(entry.subject, 0) + 1
        if entry.seq != seq:
            yield Bad(each.place, _("同一事项的次序不连续"))
        self.seqs[entry.subject] = entry.seq if isinstance(entry.seq, int) else seq
