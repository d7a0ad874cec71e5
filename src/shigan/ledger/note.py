"""Signed notes and keys as text (C2SP signed-note): what checkpoints and receipts are made of."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from shigan.facts.faults import Fault, _
from shigan.maths import ed25519

ED25519, COSIGNATURE = 1, 4
"""Signature type bytes: Ed25519 of the text itself (signed-note), cosignature/v1 (tlog-cosignature)."""
Signer = Callable[[bytes], bytes]
"""Makes an Ed25519 signature (64 bytes) of the bytes it is given."""


@dataclass(frozen=True)
class Key:
    """A verifier key: its name, its type byte, its 32 bytes."""

    name: str
    public: bytes
    kind: int = ED25519

    def id(self) -> bytes:
        """First 4 bytes of SHA-256(name ‖ 0x0A ‖ type ‖ key)."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]

    def __str__(self) -> str:
        """`name+id+key`, id in hex, type byte and key in base64, as signed-note writes verifier keys."""
        return f"{self.name}+{self.id().hex()}+{base64.b64encode(bytes([self.kind]) + self.public).decode()}"


def read_key(text: str, kind: int = ED25519) -> Key:
    """The key in a line `name+id+key`; raises `Fault` for another type, or where the id does not fit."""
    try:
        name, short, blob = text.strip().split("+", 2)
        raw = base64.b64decode(blob, validate=True)
        key = Key(name, raw[1:], raw[0])
        if key.kind != kind or len(key.public) != 32 or key.id().hex() != short:
            raise ValueError(text)
    except (ValueError, IndexError) as error:
        raise Fault(_("公钥不可读"), remedy=_("换用完整的一行公钥（名称+编号+公钥）。")) from error
    return key


def line(key: Key, signature: bytes) -> str:
    """A signature line of a note; `signature` without the key's id, which goes before it."""
    return f"— {key.name} {base64.b64encode(key.id() + signature).decode()}\n"


def signed(text: str, key: Key, signer: Signer) -> str:
    """The note of a text that ends with a line feed, under one Ed25519 signature."""
    return f"{text}\n{line(key, signer(text.encode()))}"


def split(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    """The text with its line feed, and each signature line as name and bytes; other lines are left out."""
    text, _blank, below = note.replace("\r\n", "\n").partition("\n\n")
    found = []
    for each in below.splitlines():
        dash, _space, rest = each.partition(" ")
        name, _space, blob = rest.rpartition(" ")
        try:
            raw = base64.b64decode(blob, validate=True)
        except (binascii.Error, ValueError):
            continue
        if dash == "—" and name:
            found.append((name, raw))
    return text + "\n", found


def holds(note: str, key: Key) -> bool:
    """Whether the note carries a good Ed25519 signature of this key."""
    text, signatures = split(note)
    return any(
        name == key.name and raw[:4] == key.id() and ed25519.verify(key.public, text.encode(), raw[4:])
        for name, raw in signatures
    )
