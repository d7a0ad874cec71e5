"""Ledgers of made-up entries, sealed and exported, for the tests of everything that outsiders check."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shigan.ledger import checkpoint, export
from shigan.ledger.canonical import canonical
from shigan.ledger.checkpoint import Checkpoint
from shigan.ledger.entry import payload_mac
from shigan.ledger.export import Sealed
from shigan.ledger.note import Key
from shigan.ledger.proof import Growth
from shigan.maths.merkle import Tree, leaf_hash

SECRET = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KEY = Key("shigan.ledger", SECRET.public_key().public_bytes_raw())


@dataclass
class Log:
    """A ledger of some entries; `mark` makes its entries differ from another's."""

    mark: str = ""
    sealed: list[Sealed] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    tree: Tree = field(default_factory=Tree)

    def grow(self, count: int, secret: Ed25519PrivateKey = SECRET) -> Log:
        """Append and seal."""
        for n in range(len(self.sealed), len(self.sealed) + count):
            salt, body = bytes([n % 256]) * 32, canonical({"text": f"记录 {n}"})
            head = {
                "mac": payload_mac(salt, body),
                "seq": n // 5 + 1,
                "subject": f"Q{n % 5}",
                "unit": self.mark,
            }
            self.sealed.append(Sealed(canonical(head), salt, body))
            self.tree.append(leaf_hash(self.sealed[-1].line))
        point = Checkpoint(KEY.name, self.tree.size, self.tree.root())
        self.notes.append(checkpoint.sign(point, secret.public_key().public_bytes_raw(), secret.sign))
        return self

    def write(self, folder: Path) -> Path:
        """Export it."""
        export.write(folder, self.sealed, self.notes, KEY)
        return folder

    def growth(self, old: int) -> Growth:
        """The add-checkpoint body from `old` to the newest checkpoint."""
        path = self.tree.consistency_proof(old) if old else []
        return Growth(old, tuple(path), self.notes[-1])
