"""Signatures of the scrutineers (监票人) under a result: Ed25519 (RFC 8032), docs/box.md «signature».

Making one needs `cryptography`; checking one needs the standard library alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from shigan.box.canonical import digest
from shigan.box.manifest import Manifest
from shigan.box.refusals import Refused
from shigan.maths import ed25519

KEY = "shigan/box/key/1"
SIGNATURE = "shigan/box/signature/1"
LONGEST_NAME = 50
HEX32 = re.compile(r"[0-9a-f]{64}")
HEX64 = re.compile(r"[0-9a-f]{128}")


def new(name: str) -> dict[str, Any]:
    """A scrutineer's new key file: `{"format", "name", "key", "seed"}`, the last two 32 bytes in hex.

    `name` and `key` go into the manifest; `seed` is the secret and is nowhere but in this file. Raises
    Refused for a name that is empty or longer than 50 characters.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    if not name.strip() or len(name) > LONGEST_NAME:
        raise Refused(
            "监票人的姓名为空或过长",
            "the scrutineer's name is empty or too long",
            f"请填 1 至 {LONGEST_NAME} 个字。",
            f"Give 1 to {LONGEST_NAME} characters.",
        )
    return of_seed(name.strip(), Ed25519PrivateKey.generate().private_bytes_raw())


def of_seed(name: str, seed: bytes) -> dict[str, Any]:
    """The key file of a known seed of 32 bytes; `new` draws one."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    return {"format": KEY, "name": name, "key": key.hex(), "seed": seed.hex()}


def sign(result: dict[str, Any], key: dict[str, Any]) -> dict[str, Any]:
    """The signature object of a result (`result.json`) under a key as `new` made it.

    Raises Refused for a key file whose parts are missing or do not belong together.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    own = _checked_key(key)
    secret = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(own["seed"]))
    if secret.public_key().public_bytes_raw().hex() != own["key"]:
        raise _no_key()
    return {
        "format": SIGNATURE,
        "name": own["name"],
        "key": own["key"],
        "result": digest(result),
        "signature": secret.sign(message(result)).hex(),
    }


def verify(result: dict[str, Any], signature: Any) -> bool:
    """Whether the object is a signature of this result under the key that it names; malformed ones are not.

    Whose key it is, the manifest says: see `signers`.
    """
    if not isinstance(signature, dict) or signature.get("format") != SIGNATURE:
        return False
    key, signed = str(signature.get("key")), str(signature.get("signature"))
    if not (_hex(HEX32, key) and _hex(HEX64, signed) and signature.get("result") == digest(result)):
        return False
    return ed25519.verify(bytes.fromhex(key), message(result), bytes.fromhex(signed))


def signers(result: dict[str, Any], manifest: Manifest, signatures: Iterable[Any]) -> list[str]:
    """The names, in the manifest's order, of the scrutineers who signed this result of this manifest.

    The key decides who signed; a signature under a key that the manifest does not name counts for nobody, a
    second one of the same key for nobody again, and names of one key are one scrutineer.
    """
    if result.get("manifest") != manifest.digest or result.get("election") != manifest.election:
        return []
    valid = {each["key"] for each in signatures if verify(result, each)}
    by_key = {each.key: each.name for each in reversed(manifest.scrutineers)}
    return [each.name for each in manifest.scrutineers if each.key in valid and by_key[each.key] == each.name]


def enough(result: dict[str, Any], manifest: Manifest, signatures: Iterable[Any]) -> bool:
    """Whether as many different scrutineers signed as the manifest needs."""
    return len(signers(result, manifest, signatures)) >= manifest.needed


def message(result: dict[str, Any]) -> bytes:
    """What is signed: "shigan/box/result/v1" 0 ‖ SHA-256(canonical(result))."""
    return b"shigan/box/result/v1\0" + bytes.fromhex(digest(result))


def _checked_key(key: Any) -> dict[str, str]:
    if not isinstance(key, dict) or key.get("format") != KEY or not isinstance(key.get("name"), str):
        raise _no_key()
    if not (_hex(HEX32, key.get("key")) and _hex(HEX32, key.get("seed"))):
        raise _no_key()
    return key


def _hex(pattern: re.Pattern[str], value: Any) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def _no_key() -> Refused:
    return Refused(
        "这不是监票人的密钥文件，或已损坏",
        "this is no key file of a scrutineer, or it is damaged",
        "请选用 shigan box scrutineer 生成的文件。",
        "Choose the file that `shigan box scrutineer` made.",
    )
