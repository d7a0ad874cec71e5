"""Names behind the codes of a manifest: a file of its own, so that no name gets into the ledger.

`names.json` is `{"salt": hex, "names": {"P0001": {"name", "post"}}}`; the manifest holds a salted hash of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shigan.box.canonical import canonical
from shigan.box.manifest import HEX, Manifest, is_text
from shigan.box.refusals import Refused

SALT_BYTES = (16, 64)
REMEDY = "请重新导出 names.json，不要改动。", "Export names.json again and leave it as it is."


@dataclass(frozen=True)
class Name:
    """What a code is called, and the post, which may be empty."""

    name: str
    post: str = ""


@dataclass(frozen=True)
class Names:
    """Codes with their names. What has none is shown as the manifest has it: a code or plain words."""

    known: Mapping[str, Name] = field(default_factory=dict)

    def name(self, code: str) -> str:
        """The name of a code, or the code itself."""
        return self.known[code].name if code in self.known else code

    def post(self, code: str) -> str:
        """The post that belongs to the code, or nothing."""
        return self.known[code].post if code in self.known else ""

    def label(self, code: str) -> str:
        """Name and post in one line."""
        return " ".join(part for part in (self.name(code), self.post(code)) if part)


def bound(salt: bytes, names: Mapping[str, Any]) -> str:
    """What the manifest holds of the names: SHA-256("shigan/names/v1" 0 salt ‖ canonical(names)), in hex."""
    return hashlib.sha256(b"shigan/names/v1\0" + salt + canonical(dict(names))).hexdigest()


def read(plain: Any, manifest: Manifest) -> Names:
    """The names in the object of a names.json. Raises Refused where it is malformed or not the manifest's."""
    if not isinstance(plain, dict) or set(plain) != {"salt", "names"} or not isinstance(plain["names"], dict):
        raise _wrong("salt, names")
    salt = plain["salt"]
    if not isinstance(salt, str) or not HEX.fullmatch(salt) or len(salt) % 2:
        raise _wrong("salt")
    if not SALT_BYTES[0] <= len(salt) // 2 <= SALT_BYTES[1]:
        raise _wrong("salt")
    known = {code: _name(code, each) for code, each in plain["names"].items()}
    if bound(bytes.fromhex(salt), plain["names"]) != manifest.names:
        raise Refused(
            "names.json 的指纹与评议方案中的不一致",
            "the fingerprint of names.json is not the one in the manifest",
            *REMEDY,
        )
    return Names(known)


def _name(code: str, plain: Any) -> Name:
    if not isinstance(plain, dict) or set(plain) != {"name", "post"}:
        raise _wrong(code)
    name, post = plain["name"], plain["post"]
    if not all(is_text(each) for each in (code, name, post)) or not name.strip():
        raise _wrong(code)
    return Name(name, post)


def _wrong(place: str) -> Refused:
    place = place[:40]
    return Refused(
        f"names.json 的 {place} 缺少或不合要求",
        f"{place} in names.json is missing or not as it must be",
        *REMEDY,
    )
