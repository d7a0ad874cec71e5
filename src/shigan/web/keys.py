"""The ledger's signing key: one Ed25519 key in the data folder, readable by its owner alone."""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from django.conf import settings

from shigan.web.secret_files import make_once

ORIGIN = "shigan.ledger"
"""The name of the log in its checkpoints (C2SP tlog-checkpoint origin)."""


def _path(name: str) -> Path:
    return Path(settings.DATA) / "keys" / name


def signing_key() -> Ed25519PrivateKey:
    """The key, made at first use."""
    path = _path("ledger.key")
    if not path.exists():
        _make(path)
    return Ed25519PrivateKey.from_private_bytes(path.read_bytes())


def _make(path: Path) -> None:
    key = Ed25519PrivateKey.generate()
    if make_once(path, key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())):
        _path("ledger.pub").write_text(_public(key).hex() + "\n")


def public_key() -> bytes:
    """The 32 bytes that outsiders check signatures with; also in `keys/ledger.pub` as hex."""
    return _public(signing_key())


def _public(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
