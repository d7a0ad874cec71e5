"""Chance and many tests at once."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shigan.judge.chance import discoveries, upper_tail

BH_1995 = (
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528,
    0.7590, 1.0000,
)  # fmt: skip
"""The fifteen p-values of Benjamini & Hochberg (1995), section 3.2."""


def test_the_published_example_rejects_four() -> None:
    tails = {str(n): p for n, p in enumerate(BH_1995)}
    assert discoveries(tails, 0.05) == ["0", "1", "2", "3"]


def test_tests_that_were_made_and_are_not_given_still_count() -> None:
    assert discoveries({"a": 0.004}, 0.05, among=10) == ["a"]
    assert discoveries({"a": 0.006}, 0.05, among=10) == []


@pytest.mark.parametrize(
    ("k", "n", "p", "tail"),
    [
        (8, 10, 0.5, 56 / 1024),
        (10, 10, 0.5, 1 / 1024),
        (0, 10, 0.5, 1.0),
        (1, 3, 0.1, 0.271),
        (2, 5, 1.0, 1.0),
    ],
)
def test_the_binomial_tail_is_exact(k: int, n: int, p: float, tail: float) -> None:
    assert upper_tail(k, n, p) == pytest.approx(tail, abs=1e-12)


@given(st.integers(1, 400), st.floats(0.001, 0.999))
def test_tails_fall_from_one_and_never_rise(n: int, p: float) -> None:
    tails = [upper_tail(k, n, p) for k in range(0, n + 1, max(1, n // 10))]
    assert tails[0] == 1.0
    assert all(a >= b - 1e-9 for a, b in pairwise(tails))
