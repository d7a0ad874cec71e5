"""Public tools on plain cases: what is alike is found, what is not is left."""

from __future__ import annotations

import pytest

from shigan.bench.reuse.corpus import corpus
from shigan.bench.reuse.peers import PEERS, Peer, answers, grams


@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.name)
def test_a_copy_is_named_with_its_source_and_a_stranger_is_not(peer: Peer) -> None:
    if peer.missing:
        pytest.skip(peer.missing)
    texts = [base.text for base in corpus(None, 3, 12).bases]
    stranger = "".join(chr(0x4E00 + at) for at in range(1000))
    pairs = peer.pairs([*texts, texts[4], stranger])
    assert (len(texts), 4) in pairs
    assert all(later <= len(texts) for later, _ in pairs)


def test_a_tool_that_is_missing_says_so_and_is_left_out() -> None:
    absent = Peer("none", "no_such_tool", lambda texts: set())
    assert absent.missing == "no_such_tool is not installed"
    installed = [peer.name for peer in PEERS if not peer.missing]
    assert [answer.name for answer in answers(["甲乙丙丁戊己庚"])] == installed


def test_grams_are_of_letters_alone() -> None:
    assert grams("甲，乙 丙丁戊己") == ["乙丙丁戊己", "甲乙丙丁戊"]
