"""The rows of a closed evaluation, kept for appeals under a key that no one scrutineer holds.

When the links from slips to rows are erased, the rows stay as a sorted list of «class row»: without number,
salt or channel, in an order that tells nothing. They are encrypted with AES-256-GCM (NIST SP 800-38D) under a
fresh key that is split by A. Shamir's scheme (`maths.shares`): of three scrutineers any two open them.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from shigan.box.canonical import canonical
from shigan.box.manifest import Manifest
from shigan.box.refusals import Refused
from shigan.maths import shares as secret_sharing
from shigan.maths import slips as codes
from shigan.maths.shares import Share

ROWS = "shigan/box/rows/1"
SHARE = "shigan/box/share/1"
NONCE_BYTES = 12
CHECK_BITS = 80
VALUE_BITS = 257
"""Values of shares lie below 2²⁵⁶ + 297."""
LINES = 3
"""A share on paper is three lines that look like codes of slips: 8 + 257 + 80 = 3 · 115 bits."""
HEAD = ("format", "election", "manifest", "needed", "count", "nonce")
"""What the encryption and the check of every share vouch for."""
HEX = re.compile(r"[0-9a-f]+")


def sealed(
    rows: Mapping[str, Sequence[str]], manifest: Manifest, needed: int = 2, count: int = 3
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """`rows.sealed` and the share objects, `needed` of which open it: 1 ≤ needed ≤ count ≤ 255.

    `rows` by class, in any order. The key is not kept anywhere. Raises ValueError for impossible numbers.
    """
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    secret, nonce = secrets.token_bytes(secret_sharing.SECRET_BYTES), secrets.token_bytes(NONCE_BYTES)
    parts = secret_sharing.split(secret, needed, count)
    head = dict(
        zip(HEAD, (ROWS, manifest.election, manifest.digest, needed, count, nonce.hex()), strict=True)
    )
    lines = "\n".join(sorted(f"{name} {row}" for name, own in rows.items() for row in own))
    hidden = AESGCM(secret).encrypt(nonce, lines.encode(), canonical(head))
    return head | {"rows": hidden.hex()}, [_object(part, head) for part in parts]


def opened(file: Any, shares: Sequence[Any]) -> dict[str, list[str]]:
    """The rows by class, each sorted. `shares` are share objects, or texts of three lines as `printed`.

    Raises Refused for a damaged file, for shares of something else, too few of them, or two of one holder.
    """
    head = _head(file)
    parts = {part.place: part for part in (_share(each, head, at) for at, each in enumerate(shares, 1))}
    if len(parts) < head["needed"]:
        raise _too_few(len(parts), head["needed"])
    lines = _decrypted(file, head, list(parts.values()))
    rows: dict[str, list[str]] = {}
    for line in lines.splitlines():
        name, _, row = line.partition(" ")
        rows.setdefault(name, []).append(row)
    return rows


def printed(share: Mapping[str, Any], file: Mapping[str, Any]) -> str:
    """A share of this file as three lines of five groups, each with the check symbols of a slip's code.

    The 345 bits: the place (8), the value (257), and the first 80 of the SHA-256 that names the evaluation.
    """
    part = _share(share, _head(file), 1)
    bits = (part.place << VALUE_BITS | part.value) << CHECK_BITS | _check(part, _head(file))
    mask = 2**codes.RANDOM_BITS - 1
    return "\n".join(_line(bits >> codes.RANDOM_BITS * place & mask) for place in reversed(range(LINES)))


def _object(part: Share, head: Mapping[str, Any]) -> dict[str, Any]:
    named = {"format": SHARE, **{key: head[key] for key in HEAD[1:]}}
    return named | {
        "place": part.place,
        "value": f"{part.value:065x}",
        "check": f"{_check(part, head):020x}",
    }


def _check(part: Share, head: Mapping[str, Any]) -> int:
    """80 bits of SHA-256("shigan/share/v1" 0 canonical(head) ‖ place ‖ value): finds what was typed wrong.

    It is not needed for secrecy: the key has 256 random bits, and so has every share.
    """
    value = part.value.to_bytes(33, "big")
    hashed = hashlib.sha256(b"shigan/share/v1\0" + canonical(dict(head)) + bytes([part.place]) + value)
    return int.from_bytes(hashed.digest()[: CHECK_BITS // 8], "big")


def _head(file: Any) -> dict[str, Any]:
    """The fields of a rows.sealed that the encryption vouches for."""
    if not isinstance(file, dict) or set(file) != {*HEAD, "rows"} or file["format"] != ROWS:
        raise _damaged()
    if not all(isinstance(file[key], str) and HEX.fullmatch(file[key]) for key in ("nonce", "rows")):
        raise _damaged()
    if any(type(file[key]) is not int for key in ("needed", "count")):
        raise _damaged()
    return {key: file[key] for key in HEAD}


def _share(given: Any, head: Mapping[str, Any], at: int) -> Share:
    """The share in an object or in three lines. Raises Refused where its check does not fit this file."""
    try:
        part, check = _typed(given) if isinstance(given, str) else _fields(given)
    except ValueError as error:  # codes.BadCode among them
        raise _bad_share(at) from error
    if check != _check(part, head):
        raise _bad_share(at)
    return part


def _fields(given: Any) -> tuple[Share, int]:
    if not isinstance(given, dict) or given.get("format") != SHARE:
        raise ValueError("no share")
    place, value, check = given.get("place"), given.get("value"), given.get("check")
    if type(place) is not int or not all(isinstance(x, str) and HEX.fullmatch(x) for x in (value, check)):
        raise ValueError("no share")
    return Share(place, int(str(value), 16)), int(str(check), 16)


def _typed(text: str) -> tuple[Share, int]:
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) != LINES:
        raise ValueError("a share has three lines")
    bits = 0
    for line in lines:
        bits = bits << codes.RANDOM_BITS | _bits(codes.parse(line))
    value = bits >> CHECK_BITS & 2**VALUE_BITS - 1
    return Share(bits >> CHECK_BITS + VALUE_BITS, value), bits & 2**CHECK_BITS - 1


def _line(bits: int) -> str:
    """115 bits, highest first, as 23 symbols with the two that check them (maths/slips)."""
    numbers = [bits >> 5 * place & 31 for place in reversed(range(codes.RANDOM_SYMBOLS))]
    symbols = "".join(codes.ALPHABET[n] for n in [*numbers, *codes.remainder([*numbers, 0, 0])])
    return "-".join(symbols[at : at + codes.GROUP] for at in range(0, codes.SYMBOLS, codes.GROUP))


def _bits(line: str) -> int:
    total = 0
    for symbol in line.replace("-", "")[: codes.RANDOM_SYMBOLS]:
        total = total << 5 | codes.NUMBER[symbol]
    return total


def _decrypted(file: Mapping[str, Any], head: Mapping[str, Any], parts: Sequence[Share]) -> str:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        secret = secret_sharing.join(parts)
        nonce, hidden = bytes.fromhex(file["nonce"]), bytes.fromhex(file["rows"])
        return AESGCM(secret).decrypt(nonce, hidden, canonical(dict(head))).decode()
    except (InvalidTag, ValueError) as error:
        raise _damaged() from error


def _damaged() -> Refused:
    return Refused(
        "封存的票面文件打不开：文件已损坏，或份额不是它的",
        "the sealed rows do not open: the file is damaged, or the shares are of another one",
        "请核对是否原文件和本次评议的份额。",
        "Check that it is the original file and that the shares are of this evaluation.",
    )


def _bad_share(at: int) -> Refused:
    return Refused(
        f"第 {at} 份密钥份额抄错了，或不属于这份文件",
        f"share number {at} is mistyped or of another file",
        "请对照原件逐行核对。",
        "Compare it with the original, line by line.",
    )


def _too_few(given: int, needed: int) -> Refused:
    return Refused(
        f"只有 {given} 份不同的密钥份额，需要 {needed} 份",
        f"there are {given} different shares, {needed} are needed",
        "请再请一位监票人交出份额。",
        "Ask another scrutineer for a share.",
    )
