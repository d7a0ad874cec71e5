"""Quotas: floored per group, leftovers in sight, exact."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shigan.maths.quota import Quota, floor_quota, pool


def test_thirteen_persons_at_a_fifth_make_two_places_and_a_rest() -> None:
    assert floor_quota(13, 20) == Quota(Decimal("2.60"), 2, Decimal("0.60"))


def test_a_whole_number_leaves_no_rest_where_floats_would_lose_a_place() -> None:
    # 0.58 * 100 is 57.99999999999999 in floating point.
    assert floor_quota(100, 58).whole == 58
    assert floor_quota(40, Decimal("12.5")) == Quota(Decimal("5.00"), 5, Decimal("0.00"))


def test_the_theory_number_is_cut_and_never_rounded_up_to_a_place() -> None:
    assert floor_quota(3999, Decimal("0.025")) == Quota(Decimal("0.99"), 0, Decimal("0.99"))


def test_three_small_groups_leave_a_place_that_no_group_has() -> None:
    shared = pool({"甲": 8, "乙": 8, "丙": 4}, 20)
    assert [quota.whole for quota in shared.groups.values()] == [1, 1, 0]
    assert (shared.total.whole, shared.left) == (4, 2)


def test_no_groups_have_an_empty_pool() -> None:
    assert pool({}, 20).left == 0


@pytest.mark.parametrize(("n", "percent"), [(-1, 20), (5, -1), (5, 101)])
def test_impossible_quotas_are_refused(n: int, percent: int) -> None:
    with pytest.raises(ValueError):
        floor_quota(n, percent)


def test_a_float_percentage_is_refused() -> None:
    with pytest.raises(ValueError, match="float"):
        floor_quota(5, 0.2)  # type: ignore[arg-type]  # what an untyped caller might do


@given(st.dictionaries(st.text(max_size=3), st.integers(0, 500)), st.integers(0, 100))
def test_groups_and_pool_together_are_the_quota_of_all(groups: dict[str, int], percent: int) -> None:
    shared = pool(groups, percent)
    given_out = sum(quota.whole for quota in shared.groups.values())
    assert given_out + shared.left == sum(groups.values()) * percent // 100
    assert 0 <= shared.left <= max(0, len(groups) - 1)
    assert all(quota.theory == quota.whole + quota.rest for quota in shared.groups.values())
