"""Credentials as they are typed: codes of slips, and blind tokens as text (docs/box.md, token)."""

from __future__ import annotations

import base64
import binascii
import secrets
from dataclasses import dataclass

from shigan.box.manifest import Manifest
from shigan.maths import blind, slips

RANDOM_BYTES = 32
LONGEST_TOKEN = 3_000
"""In characters: a key of 8192 bits would still fit."""


@dataclass(frozen=True)
class Credential:
    """What may cast one ballot. `voters` is the class for a token; a slip's is known to the box alone."""

    n: bytes
    voters: str = ""
    message: bytes = b""
    signature: bytes = b""


def of_slip(manifest: Manifest, typed: str) -> Credential | None:
    """The credential of a typed or scanned code, or None where it is no code at all."""
    try:
        return Credential(slips.nullifier(slips.stored(typed, manifest.election)))
    except slips.BadCode:
        return None


def of_token(manifest: Manifest, typed: str) -> Credential | None:
    """The credential of a token's text, or None: of another election, of no key, or no token.

    The key that verifies decides the class; nothing in the message is believed.
    """
    text = "".join(typed.split())
    if len(text) > LONGEST_TOKEN:
        return None
    election, _dot, rest = text.partition(".")
    first, _dot, second = rest.partition(".")
    try:
        message, signature = _bytes(first), _bytes(second)
    except (ValueError, binascii.Error):
        return None
    if election != manifest.election:
        return None
    voters = signed_for(manifest, message, signature)
    return Credential(slips.nullifier(message), voters, message, signature) if voters else None


def signed_for(manifest: Manifest, message: bytes, signature: bytes) -> str:
    """The class whose key signed this message for this election, or ""."""
    if message[RANDOM_BYTES:-RANDOM_BYTES] != manifest.election.encode():
        return ""
    for voters, key in sorted(manifest.keys.items()):
        if blind.verify(key, message, signature):
            return voters
    return ""


def message_for(election: str) -> bytes:
    """A new message to be blinded: 32 random bytes, the election, 32 random bytes."""
    return blind.prepare(election.encode() + secrets.token_bytes(RANDOM_BYTES))


def text(election: str, message: bytes, signature: bytes) -> str:
    """The token as people keep it."""
    return ".".join((election, _base64(message), _base64(signature)))


def _bytes(data: str) -> bytes:
    """Strict base64url without padding: one spelling only."""
    raw = base64.b64decode(data.replace("-", "+").replace("_", "/") + "=" * (-len(data) % 4), validate=True)
    if _base64(raw) != data:
        raise ValueError("another spelling")
    return raw


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
