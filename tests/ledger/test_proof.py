"""Proof files and receipts."""

from __future__ import annotations

import pytest

from shigan.facts.faults import Fault
from shigan.ledger import checkpoint, note, proof, receipt
from shigan.ledger.proof import Inclusion
from shigan.ledger.receipt import Receipt
from tests.ledger.making import KEY, SECRET, Log

SLIP = Receipt(KEY.name, "Q00001", 2, "2026-03-05T01:02:03.456Z", bytes(range(32)))


def test_every_proof_file_up_to_64_entries_proves_its_entry_and_no_other() -> None:
    for size in (1, 2, 3, 7, 8, 31, 64):
        log = Log().grow(size)
        for n in range(size):
            made = Inclusion(n, tuple(log.tree.inclusion_proof(n)), log.notes[-1])
            again = proof.read_inclusion(made.text())
            assert again == made
            if n in (0, size - 1):  # a signature takes some milliseconds
                assert proof.included(again, log.sealed[n].line, KEY.public).size == size
        with pytest.raises(Fault, match="证明与原文不符"):
            proof.included(again, b"other", KEY.public)


def test_an_extra_line_is_passed_over() -> None:
    log = Log().grow(1)
    text = Inclusion(0, (), log.notes[0]).text().replace("\nindex", "\nextra AAAA\nindex")
    assert proof.read_inclusion(text).index == 0


@pytest.mark.parametrize(
    "text", ["", "x\n\n", "c2sp.org/tlog-proof@v1\n\nn", "c2sp.org/tlog-proof@v2\nindex 0\n\nn"]
)
def test_other_text_is_no_proof(text: str) -> None:
    with pytest.raises(Fault, match="证明文件不可读"):
        proof.read_inclusion(text)


def test_a_receipt_is_read_back_and_verified() -> None:
    text = receipt.sign(SLIP, KEY.public, SECRET.sign)
    assert receipt.verify(text, KEY.public) == SLIP
    assert receipt.verify("  " + text.replace("\n", "\r\n").rstrip(), KEY.public) == SLIP, "as pasted"


def test_a_receipt_that_was_changed_or_made_by_another_key_is_refused() -> None:
    text = receipt.sign(SLIP, KEY.public, SECRET.sign)
    with pytest.raises(Fault, match="签名不对"):
        receipt.verify(text.replace("Q00001 2", "Q00001 3"), KEY.public)
    with pytest.raises(Fault, match="签名不对"):
        receipt.verify(text, bytes(32))


def test_a_receipt_is_no_checkpoint_nor_the_other_way() -> None:
    with pytest.raises(Fault, match="封存点格式不对"):
        checkpoint.read(receipt.sign(SLIP, KEY.public, SECRET.sign))
    for text in (Log().grow(1).notes[0], "", "a/receipt\nb\nc\nd", "a/receipt\nQ 1\nx\nAAAA\n\n"):
        with pytest.raises(Fault, match="回执不可读"):
            receipt.read(text)


@pytest.mark.parametrize(
    "text", ["", "a", "a+b+c", "a+00000000+" + "A" * 44, str(KEY)[:-4], str(KEY).replace("+", "+0", 1)]
)
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(Fault, match="公钥不可读"):
        note.read_key(text)
    assert note.read_key(str(KEY)) == KEY
