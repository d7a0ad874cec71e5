"""Checkpoints: three lines and a signature (C2SP tlog-checkpoint in a C2SP signed note)."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from shigan.facts.faults import Fault, _
from shigan.maths import ed25519

ED25519 = 1
"""Signature type byte of Ed25519 in C2SP signed-note."""


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
    return hashlib.sha256(name.encode() + b"\n" + bytes([ED25519]) + public).digest()[:4]


def sign(checkpoint: Checkpoint, public: bytes, signer: Callable[[bytes], bytes]) -> str:
    """The signed note. `signer` makes an Ed25519 signature (64 bytes) of the bytes it is given."""
    name = checkpoint.origin
    blob = key_id(name, public) + signer(checkpoint.text().encode())
    return f"{checkpoint.text()}\n— {name} {base64.b64encode(blob).decode()}\n"


def read(note: str) -> Checkpoint:
    """The checkpoint in a note, its signature not yet looked at."""
    try:
        origin, size, root = note.split("\n\n")[0].split("\n")[:3]
        checkpoint = Checkpoint(origin, int(size), base64.b64decode(root, validate=True))
        if len(checkpoint.root) != 32 or checkpoint.size < 0:
            raise ValueError(root)
    except (ValueError, binascii.Error) as error:
        raise Fault(_("封存点格式不对"), remedy=_("换用完整的封存点文件。")) from error
    return checkpoint


def verify(note: str, public: bytes) -> Checkpoint:
    """The checkpoint, if the note carries a good signature of this key; else raises `Fault`."""
    checkpoint = read(note)
    text, _blank, signatures = note.partition("\n\n")
    for line in signatures.splitlines():
        dash, _space, rest = line.partition(" ")
        name, _space, blob = rest.rpartition(" ")
        if dash == "—" and name == checkpoint.origin and _good(name, text + "\n", blob, public):
            return checkpoint
    raise Fault(
        _("封存点 {size} 的签名不对"),
        remedy=_("封存点或公钥被换过，请与打印件核对。"),
        size=checkpoint.size,
    )


def _good(name: str, text: str, blob: str, public: bytes) -> bool:
    try:
        raw = base64.b64decode(blob, validate=True)
    except binascii.Error:
        return False
    return raw[:4] == key_id(name, public) and ed25519.verify(public, text.encode(), raw[4:])
