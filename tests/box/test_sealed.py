from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest

from shigan.box import sealed
from shigan.box.refusals import Refused
from tests.box.manifests import manifest

PLAN = manifest()
ROWS = {"A": ["2" * 15, "1" * 15], "B": ["1" * 15] * 3}
FILE, SHARES = sealed.sealed(ROWS, PLAN)
SORTED = {"A": ["1" * 15, "2" * 15], "B": ["1" * 15] * 3}


def test_any_two_of_three_shares_open_the_rows_and_their_order_is_gone() -> None:
    for pair in combinations(SHARES, 2):
        assert sealed.opened(FILE, pair) == SORTED
    assert sealed.opened(FILE, SHARES[::-1]) == SORTED


def test_no_row_can_be_read_in_the_file() -> None:
    assert "1" * 15 not in str(FILE)


def test_other_numbers_of_shares_are_possible() -> None:
    file, shares = sealed.sealed(ROWS, PLAN, needed=3, count=5)
    assert sealed.opened(file, shares[1:4]) == SORTED
    with pytest.raises(Refused, match="需要 3 份"):
        sealed.opened(file, shares[:2])


def test_no_rows_are_sealed_and_opened_as_well() -> None:
    file, shares = sealed.sealed({}, PLAN)
    assert sealed.opened(file, shares) == {}


@pytest.mark.parametrize("given", [[], SHARES[:1], [SHARES[0], SHARES[0]]])
def test_too_few_shares_are_told_how_many_are_needed(given: list[Any]) -> None:
    with pytest.raises(Refused, match="需要 2 份"):
        sealed.opened(FILE, given)


@pytest.mark.parametrize(
    "bad",
    [
        SHARES[0] | {"value": SHARES[1]["value"]},
        SHARES[0] | {"place": 2},
        SHARES[0] | {"place": 0},
        SHARES[0] | {"value": None},
        SHARES[0] | {"check": "0" * 20},
        sealed.sealed(ROWS, PLAN)[1][0],
        sealed.sealed(ROWS, manifest(title="另一次"))[1][0] | {"format": "x"},
        None,
        "只有一行",
    ],
)
def test_a_share_that_is_changed_or_of_another_evaluation_is_refused(bad: Any) -> None:
    with pytest.raises(Refused, match="第 2 份"):
        sealed.opened(FILE, [SHARES[1], bad])


@pytest.mark.parametrize(
    "changes",
    [{"rows": "00" * 20}, {"nonce": "00" * 12}, {"nonce": "00"}, {"rows": "0"}, {"format": "x"}, {"x": 1}],
)
def test_a_changed_file_does_not_open(changes: dict[str, Any]) -> None:
    with pytest.raises(Refused, match=r"打不开|不属于这份文件"):
        sealed.opened(FILE | changes, SHARES)


def test_a_file_that_claims_to_need_fewer_shares_does_not_open() -> None:
    with pytest.raises(Refused):
        sealed.opened(FILE | {"needed": 1}, SHARES[:1])


def test_a_share_printed_in_three_lines_opens_like_the_file() -> None:
    lines = [sealed.printed(share, FILE) for share in SHARES]
    assert all(len(each.splitlines()) == 3 for each in lines)
    assert sealed.opened(FILE, [lines[2].lower(), SHARES[0]]) == SORTED


def test_a_printed_share_with_a_wrong_symbol_or_lines_exchanged_is_refused() -> None:
    text = sealed.printed(SHARES[0], FILE)
    wrong = text.replace(text[0], "7" if text[0] != "7" else "8", 1)
    exchanged = "\n".join(text.splitlines()[::-1])
    for bad in (wrong, exchanged, text + "\n" + text):
        with pytest.raises(Refused, match="第 1 份"):
            sealed.opened(FILE, [bad, SHARES[1]])
