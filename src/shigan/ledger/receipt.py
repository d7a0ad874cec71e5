"""回执: the ledger's signed word that it took an entry, for the person who recorded it.

It is a signed note of four lines: what it is, the entry's subject and number, when it was recorded, and the
entry's leaf hash. An entry that is gone, or was changed, before it was sealed is convicted by its receipt.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass

from shigan.facts.faults import Fault, _
from shigan.ledger import note as notes
from shigan.ledger.entry import Entry, leaf, stamp
from shigan.ledger.note import Key, Signer
from shigan.maths.merkle import HASH_BYTES

SUFFIX = "/receipt"
"""Behind the ledger's origin in the first line: no receipt can be read as a checkpoint, nor the other way."""


@dataclass(frozen=True)
class Receipt:
    """The entry `seq` about `subject`, recorded at `recorded` (UTC), has this leaf hash, says `origin`."""

    origin: str
    subject: str
    seq: int
    recorded: str
    leaf: bytes

    def text(self) -> str:
        """The text that is signed."""
        hash64 = base64.b64encode(self.leaf).decode()
        return f"{self.origin}{SUFFIX}\n{self.subject} {self.seq}\n{self.recorded}\n{hash64}\n"


def of(entry: Entry, origin: str) -> Receipt:
    """The receipt of an entry, not yet signed."""
    return Receipt(origin, entry.subject, entry.seq, stamp(entry.recorded), leaf(entry))


def sign(receipt: Receipt, public: bytes, signer: Signer) -> str:
    """The receipt as a signed note."""
    return notes.signed(receipt.text(), Key(receipt.origin, public), signer)


def read(note: str) -> Receipt:
    """The receipt in a note, its signature not yet looked at. Raises `Fault` for other text."""
    try:
        head, about, recorded, hash64 = notes.split(note.strip() + "\n")[0].rstrip("\n").split("\n")
        subject, seq = about.split(" ")
        receipt = Receipt(
            head.removesuffix(SUFFIX), subject, int(seq), recorded, base64.b64decode(hash64, validate=True)
        )
        if not head.endswith(SUFFIX) or len(receipt.leaf) != HASH_BYTES:
            raise ValueError(head)
    except ValueError as error:
        raise Fault(_("回执不可读"), remedy=_("请粘贴回执的全部文字，或扫描回执上的二维码。")) from error
    return receipt


def verify(note: str, public: bytes) -> Receipt:
    """The receipt, if this key signed it; else raises `Fault`."""
    receipt = read(note)
    if notes.holds(note.strip() + "\n", Key(receipt.origin, public)):
        return receipt
    raise Fault(_("回执的签名不对"), remedy=_("回执或公钥被换过，请与打印件核对。"))
