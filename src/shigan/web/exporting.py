"""The ledger as a folder for outsiders (shigan.ledger.export), and what became of the entry of a receipt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from shigan.facts.faults import Fault
from shigan.ledger import checkpoint, export, page, receipt, verify
from shigan.ledger.audit import Bad
from shigan.ledger.entry import Entry, entry_bytes, leaf
from shigan.ledger.export import Sealed
from shigan.ledger.note import Key
from shigan.ledger.proof import Growth
from shigan.web import keys, sealing, store
from shigan.web.models import EntryRow, SealRow


def key() -> Key:
    """The ledger's key with its name."""
    return Key(keys.ORIGIN, keys.public_key())


def write(folder: Path, *, payloads: bool) -> int:
    """Export what is sealed: headers, tiles, checkpoints, the offline page, and (if wanted) the contents that
    were not erased. Returns the number of entries; raises `Fault` as `export.write` does."""
    notes = [row.note for row in SealRow.objects.order_by("size")]
    size = checkpoint.read(notes[-1]).size if notes else 0
    return export.write(folder, _sealed(size, payloads), notes, key(), page.page())


def _sealed(size: int, payloads: bool) -> Iterator[Sealed]:
    for line in store.lines(EntryRow.objects.filter(position__lt=size).order_by("position")):
        sealed = entry_bytes(store.header_only(line))
        if payloads and line.salt and line.body is not None:  # an erased one has no salt
            yield Sealed(sealed, bytes(line.salt), line.body.encode())
        else:
            yield Sealed(sealed)


def growth(old: int) -> Growth | None:
    """The proof for a witness that the newest checkpoint continues the first `old` entries.

    None while nothing is sealed, or where so many never were.
    """
    seal = sealing.last()
    if seal is None or not 0 <= old <= seal.size:
        return None
    path = sealing.tree_of(seal).consistency_proof(old, seal.size) if old else []
    return Growth(old, tuple(path), seal.note)


def against(note: str) -> Bad | None:
    """Whether the ledger still holds a checkpoint kept outside; `Fault` where it never signed that."""
    point, seal = checkpoint.verify(note, keys.public_key()), sealing.last()
    size = seal.size if seal else 0
    return verify.against(point, sealing.tree(size, anew=True), size)


def receipt_of(entry: Entry) -> str:
    """The signed receipt of an entry."""
    return receipt.sign(receipt.of(entry, keys.ORIGIN), keys.public_key(), keys.signing_key().sign)


def fate(text: str) -> tuple[str, int | None]:
    """What became of a receipt's entry: AT and its position, or WAITING to be sealed, CHANGED, GONE.

    Raises `Fault` where the text is no receipt of this ledger.
    """
    given = receipt.verify(text, keys.public_key())
    line = next(store.lines(EntryRow.objects.filter(subject=given.subject, seq=given.seq)), None)
    if line is None:
        return verify.GONE, None
    if leaf(store.header_only(line)) != given.leaf:
        return verify.CHANGED, line.position
    seal = sealing.last()
    sealed = line.position is not None and seal is not None and line.position < seal.size
    return (verify.AT if sealed else verify.WAITING), line.position


def report_outside(notes: Sequence[str], receipts: Sequence[str]) -> Iterator[tuple[bool, str]]:
    """What the ledger says to checkpoints and receipts kept outside: whether it stands, and the words.

    Raises `Fault` where one cannot be read.
    """
    for note in notes:
        size = checkpoint.read(note).size  # text that is none is refused, not judged
        try:
            wrong = against(note)
        except Fault as fault:
            yield False, str(fault)
            continue
        yield (
            (False, f"{wrong.place}：{wrong.words}") if wrong else (True, f"封存点 {size} 仍在台账里 / holds")
        )
    for text in receipts:
        receipt.read(text)
        try:
            what, position = fate(text)
        except Fault as fault:
            yield False, str(fault)
            continue
        yield what in (verify.AT, verify.WAITING), SAID[what].format(n=position)


SAID = {
    verify.AT: "在第 {n} 条 / entry {n}",
    verify.WAITING: "尚未封存 / not sealed yet",
    verify.CHANGED: "记录与回执不同 / the record differs from the receipt",
    verify.GONE: "台账里没有 / not in the ledger",
}
"""A fate in both languages of the command line."""
