"""What may be told of ballots: worked examples, and what can never be found out by comparing two results."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import product
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shigan.box.manifest import Manifest
from shigan.box.publication import bin_of, groups, percent, published, width
from tests.box import manifests

PLAN = manifests.manifest(classes=[manifests.voters("A", 60, 50), manifests.voters("B", 60, 50, pool="A")])
RULE = PLAN.rule
ROWS = st.text("12345-", min_size=15, max_size=15).filter(lambda row: set(row) != {"-"})


def told(rows: Iterable[str], plan: Manifest = PLAN) -> dict[str, Any]:
    """What is published of the ballots of class A, when nobody of B voted."""
    return published({"A": list(rows)}, plan)[0]


def step(one: Any, other: Any, n: int, m: int) -> int:
    """By how many bins two published shares differ, 0 if they are the same; None only beside None."""
    if one is None or other is None:
        assert one is other
        return 0
    return abs(ends(n).index(one) - ends(m).index(other))


def ends(n: int) -> list[list[int]]:
    """All shares that may be told of n ballots, from low to high."""
    bins: list[list[int]] = []
    for count in range(n + 1):
        share = percent(count, n, width(n, RULE))
        bins += [] if share in bins else [share]
    return bins


def shares(group: dict[str, Any]) -> list[Any]:
    return [*(cell[key] for cell in group["cells"] for key in ("best", "upper")), group["alike"]]


@pytest.mark.parametrize(
    ("n", "count", "share"),
    [
        (5, 0, [0, 40]), (5, 3, [60, 100]), (5, 5, [60, 100]),
        (8, 4, [37, 63]), (9, 4, [0, 45]), (9, 9, [55, 100]),
        (10, 0, [0, 20]), (10, 3, [30, 60]), (12, 12, [75, 100]),
        (30, 0, [0, 7]), (30, 30, [90, 100]), (100, 100, [95, 100]), (200, 10, [5, 10]),
    ],
)  # fmt: skip
def test_worked_examples(n: int, count: int, share: list[int]) -> None:
    assert percent(count, n, width(n, RULE)) == share


def test_fewer_than_five_ballots_show_nothing() -> None:
    for n in range(5):
        group = told(["1" * 15] * n)
        assert (group["detail"], group["cells"], group["alike"]) == ("nothing", [], None)


def test_five_to_nine_ballots_show_one_band_of_three_at_most() -> None:
    for n in range(5, 10):
        group = told(["1" * 15] * n)
        assert group["detail"] == "bands" and len(ends(n)) <= 3
        assert all(cell["best"] is None for cell in group["cells"])


def test_ten_ballots_show_shares() -> None:
    assert told(["1" * 15] * 10)["detail"] == "shares"


def test_every_bin_holds_three_counts_or_more_and_every_count_lies_in_one() -> None:
    for n in range(5, 1001):
        wide, bins = width(n, RULE), Counter[tuple[int, int]]()
        for count in range(n + 1):
            low, high = bin_of(count, n, wide)
            assert low <= count <= high
            bins[low, high] += 1
        assert all(high - low + 1 == held >= 3 for (low, high), held in bins.items()), n


@given(st.lists(ROWS, min_size=5, max_size=60), st.data())
def test_one_or_two_ballots_marked_otherwise_move_a_share_by_one_bin_at_most(
    rows: list[str], data: st.DataObject
) -> None:
    other = list(rows)
    for _ in range(data.draw(st.integers(1, 2))):
        other[data.draw(st.integers(0, len(rows) - 1))] = data.draw(ROWS)
    one, two, n = told(rows), told(other), len(rows)
    assert [one[key] for key in ("voters", "valid", "detail")] == [
        two[key] for key in ("voters", "valid", "detail")
    ]
    assert all(step(a, b, n, n) <= 1 for a, b in zip(shares(one), shares(two), strict=True))


@given(st.lists(ROWS, min_size=5, max_size=60), ROWS)
def test_one_ballot_more_moves_a_share_by_one_bin_at_most(rows: list[str], more: str) -> None:
    one, two, n = told(rows), told([*rows, more]), len(rows)
    if one["detail"] == two["detail"] and len(ends(n)) == len(ends(n + 1)):
        assert all(step(a, b, n, n + 1) <= 1 for a, b in zip(shares(one), shares(two), strict=True))


@pytest.mark.parametrize("n", [*range(5, 61), 99, 100, 101, 299])
def test_the_difference_of_two_published_counts_has_three_possible_values_or_more(n: int) -> None:
    """Of groups of any two sizes. That nobody publishes the same ballots twice, once with and once without
    somebody, is the partition's part: who could, would see a share pass from one bin to the next."""
    for m in (n, n + 1, n + 2, 2 * n):
        for count, other in product(range(0, n + 1, 2), range(0, m + 1, 2)):
            low, high = bin_of(count, n, width(n, RULE))
            least, most = bin_of(other, m, width(m, RULE))
            assert len({b - a for a in range(low, high + 1) for b in range(least, most + 1)}) >= 3


@given(st.dictionaries(st.sampled_from("ABCDE"), st.integers(0, 12)), st.randoms(use_true_random=False))
def test_every_ballot_lies_in_exactly_one_group(counts: dict[str, int], random: Random) -> None:
    names = "ABCDE"
    pools = {name: random.choice([other for other in ("", *names) if other != name]) for name in names}
    classes = [manifests.voters(name, 12, 20, pool=pools[name]) for name in names]
    plan = manifests.manifest(classes=classes)
    rows = {name: [f"{name}{i}" for i in range(count)] for name, count in counts.items()}
    made = groups(rows, plan)
    assert sorted(row for group in made for row in group.rows) == sorted(
        r for own in rows.values() for r in own
    )
    assert sorted(name for group in made for name in group.voters) == list(names)
    for group in made:
        outside = {pools[name] for name in group.voters} - {*group.voters, ""}
        assert len(group.rows) >= RULE.nothing_below or not outside


def test_a_class_of_too_few_goes_along_a_chain_until_it_is_enough() -> None:
    classes = [
        manifests.voters(id, 9, w, pool=pool)
        for id, w, pool in (("A", 30, "B"), ("B", 30, "C"), ("C", 40, ""))
    ]
    plan = manifests.manifest(classes=classes)
    few = {"A": ["1" * 15] * 2, "B": ["1" * 15] * 2, "C": ["1" * 15] * 9}
    assert [group["voters"] for group in published(few, plan)] == [["A", "B", "C"]]
    enough = few | {"B": ["1" * 15] * 3}
    assert [group["voters"] for group in published(enough, plan)] == [["A", "B"], ["C"]]


def test_readings_leave_in_the_same_bins() -> None:
    rows = ["1" * 15] * 20
    groups = published({"A": rows}, PLAN, [lambda group, _plan: [("halo", "P0001", "", 7)]])
    assert groups[0]["readings"] == [
        {"measure": "halo", "target": "P0001", "item": "", "share": percent(7, 20, width(20, RULE))}
    ]


def test_a_reading_of_too_few_ballots_is_not_told() -> None:
    groups = published({"A": ["1" * 15] * 4}, PLAN, [lambda group, _plan: [("halo", "P0001", "", 4)]])
    assert "readings" not in groups[0]


def test_the_order_of_ballots_does_not_show() -> None:
    random = Random(1)
    rows = ["".join(random.choices("12345", k=15)) for _ in range(30)]
    assert told(rows) == told(reversed(rows))
