"""Intervals for few observations. Coverage is counted over every possible outcome, without chance."""

import math
from collections.abc import Iterator, Sequence
from functools import cache
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shigan.maths.intervals import (
    Mean,
    beta_cdf,
    beta_quantile,
    combine,
    grade_mean,
    letters,
    median_and_quartiles,
    overlap_groups,
    rate_difference,
    wilson,
)

POINTS = (95.0, 85.0, 75.0, 65.0)
EIGHTY_TOP = ((0.8, 0.15, 0.04, 0.01), (0.8, 0.2, 0, 0), (0.8, 0.1, 0.05, 0.05), (0.8, 0, 0.2, 0))
OTHERS = ((0.95, 0.04, 0.01, 0), (0.6, 0.3, 0.08, 0.02), (0.25, 0.25, 0.25, 0.25))
grade_counts = st.lists(st.integers(0, 40), min_size=4, max_size=4).filter(any)


def outcomes(n: int, grades: int) -> Iterator[tuple[int, ...]]:
    if grades == 1:
        yield (n,)
        return
    for first in range(n + 1):
        yield from ((first, *rest) for rest in outcomes(n - first, grades - 1))


def chance(counts: Sequence[int], shares: Sequence[float]) -> float:
    ways = math.factorial(sum(counts))
    for count in counts:
        ways //= math.factorial(count)
    return ways * math.prod(share**count for share, count in zip(shares, counts, strict=True))


@cache
def reading(counts: tuple[int, ...]) -> Mean:
    return grade_mean(counts, POINTS)


def coverage_and_width(n: int, shares: Sequence[float]) -> tuple[float, float]:
    """How often the interval covers the true mean, and how wide it is on average, over all outcomes."""
    truth = math.fsum(share * point for share, point in zip(shares, POINTS, strict=True))
    covered = width = 0.0
    for counts in outcomes(n, len(shares)):
        if (weight := chance(counts, shares)) > 1e-9:
            read = reading(counts)
            covered += weight * (read.low - 1e-9 <= truth <= read.high + 1e-9)
            width += weight * (read.high - read.low)
    return covered, width


def hoeffding_width(n: int) -> float:
    return 2 * (max(POINTS) - min(POINTS)) * math.sqrt(math.log(2 / 0.05) / (2 * n))


def check_coverage(n: int) -> None:
    for shares in EIGHTY_TOP:
        covered, width = coverage_and_width(n, shares)
        assert covered >= 0.93, (n, shares)
        assert width < 0.6 * hoeffding_width(n)
    assert all(coverage_and_width(n, shares)[0] >= 0.92 for shares in OTHERS)


@pytest.mark.parametrize("n", [5, 8, 12])
def test_nineteen_of_twenty_intervals_of_a_grade_mean_hold_under_a_ceiling(n: int) -> None:
    check_coverage(n)


@pytest.mark.slow
@pytest.mark.parametrize("n", [6, 7, 10, 15, 20, 30, 40, 60])
def test_they_hold_for_every_size_of_a_meeting(n: int) -> None:
    check_coverage(n)


@pytest.mark.parametrize("n", range(5, 61))
def test_they_hold_for_every_number_of_sheets_with_two_grades_in_use(n: int) -> None:
    truth = 0.8 * 95 + 0.2 * 85
    covered = sum(
        chance((k, n - k), (0.8, 0.2))
        for k in range(n + 1)
        if (read := reading((k, n - k, 0, 0))).low <= truth <= read.high
    )
    assert covered >= 0.93


def test_unanimous_sheets_do_not_pretend_to_certainty() -> None:
    few, many = reading((5, 0, 0, 0)), reading((60, 0, 0, 0))
    assert few.value == few.high == many.high == 95
    assert few.low < many.low < 95
    worst = reading((0, 0, 0, 5))
    assert worst.value == worst.low == 65 < worst.high


def test_two_grades_give_the_interval_of_jeffreys() -> None:
    # R: qbeta(c(.025, .975), 8.5, 2.5)
    read = grade_mean((8, 2), (1, 0))
    assert (read.value, read.n) == (0.8, 10)
    assert read.low == pytest.approx(beta_quantile(0.025, 8.5, 2.5))
    assert read.high == pytest.approx(beta_quantile(0.975, 8.5, 2.5))


@given(grade_counts, st.floats(0.5, 0.99))
def test_a_grade_mean_lies_in_its_interval_on_the_scale(counts: list[int], confidence: float) -> None:
    read = grade_mean(counts, POINTS, confidence)
    assert 65 - 1e-9 <= read.low <= read.value <= read.high <= 95 + 1e-9
    assert read.low < read.high


@given(grade_counts)
def test_turning_the_scale_turns_the_interval(counts: list[int]) -> None:
    up = grade_mean(counts, POINTS)
    down = grade_mean(counts, [-point for point in POINTS])
    assert (-down.high, -down.low) == pytest.approx((up.low, up.high))


@pytest.mark.parametrize(
    ("counts", "points"),
    [((0, 0), (1, 2)), ((1, -1), (1, 2)), ((1,), (1, 2)), ((1, 1), (3, 3))],
)
def test_grades_without_a_mean_are_refused(counts: tuple[int, ...], points: tuple[int, ...]) -> None:
    with pytest.raises(ValueError):
        grade_mean(counts, points)


def test_wilson_gives_the_figures_in_print() -> None:
    # Newcombe 1998, Statistics in Medicine 17:857-872, table I, method 3.
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(15, 148) == pytest.approx((0.0624, 0.1605), abs=5e-5)
    assert wilson(0, 20) == pytest.approx((0, 0.1611), abs=5e-5)
    assert wilson(1, 29) == pytest.approx((0.0061, 0.1718), abs=5e-5)


@pytest.mark.parametrize("n", [5, 10, 20, 40])
def test_wilson_covers_nineteen_of_twenty_on_average(n: int) -> None:
    limits = [wilson(k, n) for k in range(n + 1)]
    shares = [i / 200 for i in range(1, 200)]
    covered = [
        sum(chance((k, n - k), (p, 1 - p)) for k, (low, high) in enumerate(limits) if low <= p <= high)
        for p in shares
    ]
    assert math.fsum(covered) / len(covered) >= 0.95
    assert min(covered) >= 0.83


def test_newcombe_gives_the_figures_in_print() -> None:
    # Newcombe 1998, Statistics in Medicine 17:873-890, table II, method 10.
    assert rate_difference(56, 70, 48, 80) == pytest.approx((0.2, 0.0524, 0.3339, 150), abs=5e-5)
    assert rate_difference(9, 10, 3, 10) == pytest.approx((0.6, 0.1705, 0.8090, 20), abs=5e-5)
    assert rate_difference(10, 10, 0, 10) == pytest.approx((1.0, 0.6075, 1.0, 20), abs=5e-5)


@pytest.mark.parametrize(("k", "n"), [(0, 0), (-1, 5), (6, 5)])
def test_proportions_that_are_none_are_refused(k: int, n: int) -> None:
    with pytest.raises(ValueError):
        wilson(k, n)
    with pytest.raises(ValueError):
        rate_difference(1, 2, k, n)


def test_classes_are_combined_keeping_their_skew() -> None:
    a, b = Mean(90, 80, 92, 8), Mean(80, 77, 88, 20)
    assert combine([(0.5, a), (0.5, b)]) == pytest.approx(
        (85, 85 - math.hypot(5, 1.5), 85 + math.hypot(1, 4), 28)
    )


def test_a_negative_weight_turns_the_interval_round() -> None:
    assert combine([(-1, Mean(90, 80, 92, 8))]) == (-90, -92, -80, 8)


def test_nothing_cannot_be_combined() -> None:
    with pytest.raises(ValueError):
        combine([])


def test_the_weighted_sum_of_three_classes_covers_the_truth() -> None:
    weights, sizes, shares = (0.4, 0.3, 0.3), (5, 5, 5), EIGHTY_TOP[1]
    truth, covered = 93.0, 0.0
    for tops in ((i, j, k) for i in range(6) for j in range(6) for k in range(6)):
        parts = [(w, reading((t, n - t, 0, 0))) for w, t, n in zip(weights, tops, sizes, strict=True)]
        read = combine(parts)
        weight = math.prod(chance((t, n - t), shares[:2]) for t, n in zip(tops, sizes, strict=True))
        covered += weight * (read.low <= truth <= read.high)
    assert covered >= 0.93


def test_a_chain_of_overlaps_is_one_group_in_the_order_given() -> None:
    items = [("丁", 0.0, 1.0), ("甲", 5.0, 7.0), ("丙", 9.0, 9.5), ("乙", 6.5, 8.0), ("戊", 8.0, 8.5)]
    assert overlap_groups(items) == [("丁",), ("甲", "乙", "戊"), ("丙",)]


def test_nobody_makes_no_group() -> None:
    assert overlap_groups([]) == []


def test_an_interval_upside_down_is_refused() -> None:
    with pytest.raises(ValueError):
        overlap_groups([("甲", 2, 1)])


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 6)), max_size=20))
def test_overlap_groups_are_the_connected_components(spans: list[tuple[int, int]]) -> None:
    items = [(at, float(low), float(low + width)) for at, (low, width) in enumerate(spans)]
    linked = {key: {key} for key, _low, _high in items}
    for key, low, high in items:
        for other, other_low, other_high in items:
            if low <= other_high and other_low <= high and linked[key] is not linked[other]:
                linked[key] |= linked[other]
                for member in linked[other]:
                    linked[member] = linked[key]
    expected = list(dict.fromkeys(tuple(sorted(group)) for group in linked.values()))
    assert overlap_groups(items) == expected


def test_quartiles_need_five_values() -> None:
    assert median_and_quartiles([1, 2, 3, 4]) is None
    assert median_and_quartiles([5, 1, 4, 2, 3]) == (5, 2, 3, 4)


def test_the_beta_distribution_agrees_with_closed_forms() -> None:
    for x in (0.01, 0.3, 0.5, 0.9, 0.999):
        assert beta_cdf(x, 1, 1) == pytest.approx(x)
        assert beta_cdf(x, 3, 1) == pytest.approx(x**3)
        assert beta_cdf(x, 0.5, 0.5) == pytest.approx(2 / math.pi * math.asin(math.sqrt(x)))
        binomial_tail = sum(math.comb(12, k) * x**k * (1 - x) ** (12 - k) for k in range(4, 13))
        assert beta_cdf(x, 4, 9) == pytest.approx(binomial_tail)
    assert (beta_cdf(0, 2, 3), beta_cdf(1, 2, 3)) == (0, 1)


@given(st.floats(0.001, 0.999), st.floats(0.5, 300), st.floats(0.5, 300))
def test_the_beta_quantile_inverts_its_distribution(p: float, a: float, b: float) -> None:
    assert beta_cdf(beta_quantile(p, a, b), a, b) == pytest.approx(p, abs=1e-6)


@given(st.lists(st.tuples(st.floats(-3, 3), st.floats(0.01, 2)), max_size=8))
def test_two_share_a_letter_exactly_if_they_cannot_be_told_apart(items: list[tuple[float, float]]) -> None:
    found = letters([value for value, _error in items], [error for _value, error in items])
    for a, (one, e) in enumerate(items):
        assert found[a]
        for b, (other, f) in enumerate(items[:a]):
            alike = abs(one - other) <= NormalDist().inv_cdf(0.975) * math.hypot(e, f)
            assert bool({*found[a]} & {*found[b]}) == alike


def test_letters_follow_the_order_of_the_items_not_of_their_values() -> None:
    assert letters([9, 0, 5], [0.1] * 3) == [("a",), ("b",), ("c",)]
    assert letters([0, 1, 2], [0.5] * 3) == [("a",), ("a", "b"), ("b",)]
    assert letters([], []) == []
