"""Fingerprints are a function of one text alone, and a shared stretch leaves three of them."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shigan.maths import reuse
from shigan.maths.reuse.engine import engine
from shigan.maths.reuse.kernel import BITS, LONGEST, SENSITIVE, USUAL, Grain, pieces, printed
from shigan.maths.reuse.text import codes_of
from tests.maths.reuse.archives import prose

GRAINS = [USUAL, SENSITIVE, Grain(1, 1), Grain(3, 5), Grain(7, 4)]
FEW_LETTERS = st.text(alphabet="甲乙丙aＡ１㎡⑩，。 ", max_size=120)
"""Few letters make equal hashes in one window; some characters become several or none."""


def plain_fingerprints(text: str, grain: Grain) -> list[tuple[int, int]]:
    """(hash, position) by the definition, window by window, with Python's integers."""
    from shigan.maths.reuse.kernel import BASE, HASH_BITS, STIR

    def hashed(part: str) -> int:
        value = 0
        for character in part:
            value = (value * BASE + ord(character)) % 2**64
        return ((value ^ (value >> 32)) * STIR) % 2**64 >> (64 - HASH_BITS)

    values = [hashed(text[at : at + grain.k]) for at in range(len(text) - grain.k + 1)]
    width = min(grain.w, len(values))
    kept = {
        min(range(start, start + width), key=lambda at: (values[at], -at))
        for start in range(len(values) - width + 1)
        if width
    }
    return [(values[at], at) for at in sorted(kept)]


@pytest.mark.parametrize("grain", GRAINS)
@given(text=FEW_LETTERS)
def test_fingerprints_are_the_rightmost_smallest_hashes_of_all_windows(grain: Grain, text: str) -> None:
    normal = reuse.normalized(text)
    prints = printed(codes_of(normal.text), grain)
    found = list(zip((prints >> BITS).tolist(), (prints & (LONGEST - 1)).tolist(), strict=True))
    assert found == plain_fingerprints(normal.text, grain)


@given(texts=st.lists(FEW_LETTERS, max_size=6), grain=st.sampled_from(GRAINS))
def test_numba_prints_the_same_bytes_as_numpy(texts: list[str], grain: Grain) -> None:
    for ours, theirs in zip(
        engine("numba").print_texts(texts, grain), engine("numpy").print_texts(texts, grain), strict=True
    ):
        assert ours.tolist() == theirs.tolist()


@given(
    grain=st.sampled_from([USUAL, SENSITIVE]), seed=st.integers(0, 10**6), before=st.integers(0, 40),
    after=st.integers(0, 40),
)  # fmt: skip
def test_a_stretch_of_31_shared_characters_shares_three_fingerprints_in_a_row(
    grain: Grain, seed: int, before: int, after: int
) -> None:
    chance = random.Random(seed)
    shared = prose(chance, grain.sure)
    one = printed(codes_of(prose(chance, before) + shared + prose(chance, after)), grain)
    other = printed(codes_of(prose(chance, after) + shared + prose(chance, before)), grain)
    common = np.isin(one >> BITS, other >> BITS)
    places = np.flatnonzero(common)
    assert len(places) >= 3
    assert (np.diff(places) == 1).all()


def test_a_text_shorter_than_a_fingerprint_has_none() -> None:
    assert reuse.fingerprints(reuse.normalized("关于做好工作")).tolist() == []
    assert len(reuse.fingerprints(reuse.normalized("关于做好工作"), sensitive=True)) == 1


def test_texts_longer_than_a_position_can_say_are_refused_and_can_be_cut() -> None:
    normal = reuse.normalized("通知" * (LONGEST // 2) + "。")
    with pytest.raises(ValueError, match="1048576"):
        reuse.fingerprints(reuse.normalized(normal.text + "甲"))
    parts = list(pieces(normal))
    assert [start for start, _ in parts] == [0, 999_936]
    assert sum(len(part.text) for _, part in parts) == len(normal.text) + 64
