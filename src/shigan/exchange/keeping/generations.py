"""The keys of backups: one for each generation, in a file of its own, apart from the backup.

Whoever has both opens the backup; destroying the key makes its backup unreadable wherever copies of it lie.
That is how words deleted by law leave old backups too (个人信息保护法 art. 47; NIST SP 800-88 rev. 1, 2.5,
«cryptographic erase»). A generation is called by the first 8 bytes of SHA-256 over its key, in hex: a wrong
key is told from an altered file.
"""

from __future__ import annotations

import binascii
import hashlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from shigan.facts.faults import Fault, _

KEY_BYTES = 32
SUFFIX = ".key"
TITLE = "shigan backup key"


@dataclass(frozen=True)
class Generation:
    """A backup's key (32 bytes)."""

    key: bytes

    @property
    def name(self) -> str:
        """16 hex digits that tell the key and give nothing of it away."""
        return hashlib.sha256(b"shigan backup generation" + self.key).hexdigest()[:16]

    def text(self) -> str:
        """What the key file holds; short enough to be printed and kept in the safe."""
        return f"{TITLE}\n{self.name}\n{self.key.hex()}\n"


def new() -> Generation:
    """A key that has encrypted nothing yet."""
    return Generation(secrets.token_bytes(KEY_BYTES))


def keep(generation: Generation, folder: Path) -> Path:
    """Put the key into a file that only its owner may read."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / (generation.name + SUFFIX)
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        file.write(generation.text())
        file.flush()
        os.fsync(file.fileno())
    return path


def find(where: Path, name: str) -> Generation:
    """The key of a generation in a folder of keys, or in the key file itself. Raises `Fault` without it."""
    path = where / (name + SUFFIX) if where.is_dir() else where
    try:
        found = _read(path.read_text("ascii"))
    except (OSError, UnicodeDecodeError) as error:
        raise Fault(
            _("找不到备份 {name} 的密钥 {path}"),
            remedy=_("请用 --key 指出密钥文件；没有密钥，备份无法打开。"),
            name=name,
            path=str(path),
        ) from error
    if found is None or found.name != name:
        raise Fault(
            _("{path} 不是备份 {name} 的密钥"),
            remedy=_("请换用同名的密钥文件；没有写入任何内容。"),
            name=name,
            path=str(path),
        )
    return found


def _read(text: str) -> Generation | None:
    lines = text.split()
    try:
        key = binascii.unhexlify(lines[-1]) if lines else b""
    except binascii.Error:
        return None
    return Generation(key) if len(key) == KEY_BYTES else None


def destroy(folder: Path, name: str) -> bool:
    """Overwrite and remove a key; false if there is none. What lies below the file system is out of
    reach."""
    path = folder / (name + SUFFIX)
    if not path.exists():
        return False
    with path.open("r+b") as file:
        file.write(bytes(path.stat().st_size))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()
    return True
