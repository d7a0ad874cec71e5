"""An entry: a fact in the ledger, with who, about what, when it happened and when it was recorded.

The header is pseudonymous and is what the tree seals. The payload (the fact itself) is bound by
HMAC-SHA256 under its own random salt, so that legal deletion can remove payload and salt and every proof
still verifies, while nobody can guess a deleted payload from what is left.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from shigan.facts import KINDS, Fact, from_plain, to_plain
from shigan.ledger.canonical import canonical

COUNTY_TIME = timedelta(hours=8)
"""China has one time zone: a moment in UTC falls on the county's day eight hours later."""

UNSIGNED = "-"
"""`by` of entries that nobody signs: suggestions and opinions from the slot."""


@dataclass(frozen=True, slots=True)
class Gone:
    """That the words of an entry were deleted: the case, the day, and the key of its legal basis."""

    case: str
    on: date
    basis: str


@dataclass(frozen=True, slots=True)
class Entry:
    """`position` is None until sealed; `recorded` is UTC, milliseconds.

    Once legally erased `gone` tells why, and `fact` holds no words any more: what the approval kept of it
    (None where nothing can be read).
    """

    subject: str
    seq: int
    kind: str
    unit: str
    happened: date
    recorded: datetime
    by: str
    by_unit: str
    mac: str
    fact: Fact | None
    position: int | None = None
    gone: Gone | None = None

    def lag(self) -> int:
        """Days from event to record, on the county's calendar."""
        return ((self.recorded + COUNTY_TIME).date() - self.happened).days


def stamp(moment: datetime) -> str:
    """UTC with milliseconds, as headers carry it: `2026-03-05T01:02:03.456Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def header(entry: Entry) -> dict[str, Any]:
    """What is sealed of an entry."""
    return {
        "by": entry.by,
        "by_unit": entry.by_unit,
        "happened": entry.happened.isoformat(),
        "kind": entry.kind,
        "mac": entry.mac,
        "recorded": stamp(entry.recorded),
        "seq": entry.seq,
        "subject": entry.subject,
        "unit": entry.unit,
        "v": 1,
    }


def entry_bytes(entry: Entry) -> bytes:
    """The canonical line of an entry: RFC 8785 of its header."""
    return canonical(header(entry))


def leaf(entry: Entry) -> bytes:
    """RFC 6962 §2.1 leaf hash: SHA-256(0x00 ‖ entry bytes)."""
    return hashlib.sha256(b"\x00" + entry_bytes(entry)).digest()


def payload_bytes(fact: Fact) -> bytes:
    """RFC 8785 of the fact's plain values."""
    return canonical(to_plain(fact))


def payload_mac(salt: bytes, body: bytes) -> str:
    """HMAC-SHA256 (RFC 2104) of the payload under its 32-byte salt, in hex."""
    return hmac.digest(salt, body, "sha256").hex()


def read_fact(kind: str, plain: dict[str, Any]) -> Fact:
    """The fact of a kind from its plain values; raises `Fault` where they do not fit the kind."""
    return from_plain(KINDS[kind], plain)
