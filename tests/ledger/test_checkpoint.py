"""Checkpoints are C2SP signed notes."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shigan.facts.faults import Fault
from shigan.ledger.checkpoint import Checkpoint, key_id, read, sign, verify

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()
POINT = Checkpoint("shigan.ledger", 7, bytes(range(32)))


def test_a_signed_note_is_read_and_verified() -> None:
    note = sign(POINT, PUBLIC, KEY.sign)
    assert note.splitlines()[:2] == ["shigan.ledger", "7"]
    assert verify(note, PUBLIC) == POINT


@pytest.mark.parametrize("line", range(5))
def test_a_change_in_any_line_is_refused(line: int) -> None:
    lines = sign(POINT, PUBLIC, KEY.sign).split("\n")
    lines[line] = lines[line][:-1] + ("A" if lines[line][-1:] != "A" else "B") if lines[line] else "x"
    with pytest.raises(Fault):
        verify("\n".join(lines), PUBLIC)


def test_another_key_is_refused() -> None:
    other = Ed25519PrivateKey.from_private_bytes(bytes(32))
    with pytest.raises(Fault):
        verify(sign(POINT, PUBLIC, KEY.sign), other.public_key().public_bytes_raw())


def test_the_key_id_is_that_of_the_c2sp_example() -> None:
    """C2SP signed-note, verifier key PeterNeumann+c74f20a3+ARpc2Q…"""
    key = base64.b64decode("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    assert key[0] == 1
    assert key_id("PeterNeumann", key[1:]).hex() == "c74f20a3"


@pytest.mark.parametrize("note", ["", "a\nb\nc\n\n", "a\n1\nAAAA\n\n", "a\n-1\n" + "A" * 43 + "=\n\n"])
def test_what_is_no_checkpoint_is_refused_in_words(note: str) -> None:
    with pytest.raises(Fault, match="封存点格式不对"):
        read(note)
