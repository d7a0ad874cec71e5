"""Split secrets: enough shares give the secret, fewer leave every secret possible."""

from contextlib import suppress
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shigan.maths.shares import PRIME, Share, join, split

secrets_of_32_bytes = st.binary(min_size=32, max_size=32)
SECRET = bytes(range(32))


@given(secrets_of_32_bytes, st.integers(1, 5), st.integers(0, 3))
def test_any_shares_that_are_enough_give_the_secret(secret: bytes, needed: int, more: int) -> None:
    shares = split(secret, needed, needed + more)
    for some in range(needed, len(shares) + 1):
        assert all(join(chosen) == secret for chosen in combinations(shares, some))
    assert join(shares[::-1]) == secret


@given(secrets_of_32_bytes, secrets_of_32_bytes)
def test_one_share_of_two_fits_every_secret(secret: bytes, other: bytes) -> None:
    # The line through (0, other) and the share that is known: some second share would give `other`.
    known = split(secret, 2, 3)[0]
    assert known.place == 1
    second = Share(2, (2 * known.value - int.from_bytes(other, "big")) % PRIME)
    assert join([known, second]) == other


def test_too_few_or_false_shares_never_give_the_secret() -> None:
    one, two, three = split(SECRET, 3, 3)
    false = Share(3, (three.value + 1) % PRIME)
    for shares in ([one], [one, two], [one, two, false]):
        with suppress(ValueError):  # a value that is no secret at all: about once in 2^247
            assert join(shares) != SECRET


def test_splitting_twice_gives_other_shares() -> None:
    assert not set(split(SECRET, 2, 3)) & set(split(SECRET, 2, 3))


def test_the_smallest_and_the_largest_secret_come_back() -> None:
    for secret in (bytes(32), b"\xff" * 32):
        assert join(split(secret, 2, 3)[1:]) == secret


def test_shares_that_give_no_secret_are_refused() -> None:
    with pytest.raises(ValueError, match="do not belong together"):
        join([Share(1, PRIME - 1)])


@pytest.mark.parametrize(
    ("size", "needed", "count"), [(31, 2, 3), (33, 2, 3), (32, 0, 3), (32, 4, 3), (32, 2, 256)]
)
def test_impossible_splits_are_refused(size: int, needed: int, count: int) -> None:
    with pytest.raises(ValueError, match="cannot split"):
        split(bytes(size), needed, count)


def test_the_same_share_twice_and_none_at_all_are_refused() -> None:
    one = split(SECRET, 2, 3)[0]
    for shares in ([], [one, one]):
        with pytest.raises(ValueError, match="at least one"):
            join(shares)


@pytest.mark.parametrize(("place", "value"), [(0, 1), (256, 1), (1, PRIME), (1, -1)])
def test_shares_outside_of_their_range_are_refused(place: int, value: int) -> None:
    with pytest.raises(ValueError, match="a share has"):
        Share(place, value)


def test_printing_a_share_does_not_show_it() -> None:
    assert repr(Share(1, 5)) == "Share(place=1)"


def test_the_modulus_is_a_prime_above_all_secrets() -> None:
    def passes(base: int) -> bool:
        """The strong probable prime test (Miller 1976, Rabin 1980)."""
        odd, twos = PRIME - 1, 0
        while odd % 2 == 0:
            odd, twos = odd // 2, twos + 1
        x = pow(base, odd, PRIME)
        return x in (1, PRIME - 1) or any(pow(x, 2**i, PRIME) == PRIME - 1 for i in range(1, twos))

    assert PRIME > 2**256 and all(passes(base) for base in range(2, 60))
