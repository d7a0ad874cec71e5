"""Checkpoints: three lines and a signature (C2SP tlog-checkpoint in a C2SP signed note)."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

from shigan.facts.faults import Fault, _
from shigan.ledger.note import Key, Signer, holds, signed


@dataclass(frozen=True)
class Checkpoint:
    """The first `size` entries have the Merkle root `root` (32 bytes), says `origin`."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """The note's text: origin, size, base64 root, each on a line."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def key_id(name: str, public: bytes) -> bytes:
    """First 4 bytes of SHA-256(name ‖ 0x0A ‖ type ‖ key), C2SP signed-note."""
    return Key(name, public).id()


def sign(checkpoint: Checkpoint, public: bytes, signer: Signer) -> str:
    """The signed note. `signer` makes an Ed25519 signature (64 bytes) of the bytes it is given."""
    return signed(checkpoint.text(), Key(checkpoint.origin, public), signer)


def read(note: str) -> Checkpoint:
    """The checkpoint in a note, its signature not yet looked at."""
    try:
        origin, size, root = note.replace("\r\n", "\n").split("\n\n")[0].split("\n")[:3]
        if size != str(int(size)):
            raise ValueError(size)
        checkpoint = Checkpoint(origin, int(size), base64.b64decode(root, validate=True))
        if len(checkpoint.root) != 32 or checkpoint.size < 0:
            raise ValueError(root)
    except (ValueError, binascii.Error) as error:
        raise Fault(_("封存点格式不对"), remedy=_("换用完整的封存点文件。")) from error
    return checkpoint


def verify(note: str, public: bytes) -> Checkpoint:
    """The checkpoint, if the note carries a good signature of this key; else raises `Fault`."""
    checkpoint = read(note)
    if holds(note, Key(checkpoint.origin, public)):
        return checkpoint
    raise Fault(
        _("封存点 {size} 的签名不对"),
        remedy=_("封存点或公钥被换过，请与打印件核对。"),
        size=checkpoint.size,
    )
