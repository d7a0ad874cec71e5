"""Single sheets: whole, in an order that tells nothing, and without a word about who voted."""

from __future__ import annotations

from typing import Any

import pytest

from shigan.facts import Fault, fields, from_plain, to_plain
from shigan.facts.appraisal import WITHHELD, EvaluationCounted, SheetsEntered, VoterClass, by_marks

MARKS = ("1121", "11--", "3251", "1111", "1112")


def entered(*sheets: str, **changed: Any) -> SheetsEntered:
    """Sheets on two officials by two items, in order unless told otherwise."""
    n = len(sheets)
    given: dict[str, Any] = {
        "voters": VoterClass.C, **dict.fromkeys(("expected", "present", "issued", "returned", "valid"), n),
        "void": 0, "session": "测评会", "items": ("德", "能"), "targets": ("P0101", "P0102"),
        "sheets": by_marks(sheets),
    }  # fmt: skip
    return SheetsEntered(**(given | changed))


def test_sheets_come_back_from_the_ledger_as_they_went_in() -> None:
    fact = entered(*MARKS)
    assert from_plain(SheetsEntered, to_plain(fact)) == fact
    assert fact.of_target("P0102") == tuple(sheet[2:] for sheet in sorted(MARKS))


def test_sheets_in_the_order_of_handing_in_are_refused() -> None:
    with pytest.raises(Fault, match="按标记排序"):
        entered(*MARKS, sheets=MARKS)


@pytest.mark.parametrize("sheet", ["112", "11211", "1x21", "1021", "11 1"])
def test_a_sheet_that_is_not_whole_is_named_with_what_is_wanted(sheet: str) -> None:
    with pytest.raises(Fault, match="张票应有 4 个标记"):
        entered(*MARKS[:4], sheet)


def test_there_are_as_many_sheets_as_were_valid() -> None:
    with pytest.raises(Fault, match="录入 4 张票，有效票是 5 份"):
        entered(*MARKS, sheets=by_marks(MARKS[:4]))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"targets": ("P0101", "P0101")}, "“被测评对象”没有填，或有重复"),
        ({"items": ()}, "“测评项目”没有填，或有重复"),
        ({"targets": ("P0101", "张某某")}, "“张某某”不是干部或单位的编号"),
        ({"returned": 4}, "不等于收回 4 份"),
        ({"present": 9}, "实到 9 多于应到 5"),
    ],
)
def test_a_form_that_contradicts_itself_is_refused(changed: dict[str, Any], said: str) -> None:
    with pytest.raises(Fault, match=said):
        entered(*MARKS, **changed)


def test_more_than_a_million_marks_are_split_by_unit() -> None:
    wide = "1" * 10_000
    with pytest.raises(Fault, match="按单位分几次录入"):
        entered(*[wide] * 101, items=tuple("德能勤绩廉"), targets=tuple(f"P{n:04}" for n in range(2000)))


def test_nothing_is_kept_of_a_voter_but_the_class() -> None:
    counts = {"expected", "present", "issued", "returned", "valid", "void"}
    told = {field.key for field in fields(SheetsEntered)} - counts
    assert told == {"voters", "session", "items", "targets", "sheets"}


def test_ballots_are_among_what_nobody_tells() -> None:
    assert {("SheetsEntered", "sheets"), ("EvaluationCounted", "tallies")} <= WITHHELD
    assert {kind for kind, _key in WITHHELD} == {SheetsEntered.__name__, EvaluationCounted.__name__}
