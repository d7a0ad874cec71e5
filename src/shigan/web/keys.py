"""The ledger's signing key: one Ed25519 key in the data folder, readable by its owner alone."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from django.conf import settings

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
    """A key file that is there as a whole or not at all; of two processes that make one, the first wins."""
    path.parent.mkdir(parents=True, exist_ok=True)
    key = Ed25519PrivateKey.generate()
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(fresh, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as file:
            file.write(key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption()))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(fresh, path)
            _path("ledger.pub").write_text(_public(key).hex() + "\n")
    finally:
        fresh.unlink(missing_ok=True)


def public_key() -> bytes:
    """The 32 bytes that outsiders check signatures with; also in `keys/ledger.pub` as hex."""
    return _public(signing_key())


def _public(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
