"""What guards single sheets: enough of them, once, and none that tells who wrote it."""

from __future__ import annotations

from typing import Any

import pytest

from shigan.facts.appraisal import (
    EvaluationCounted,
    ItemTally,
    SheetsEntered,
    VoterClass,
    by_marks,
)
from shigan.facts.units import GroupFormed, PersonPosted, Rank
from shigan.work.appraisal import TeamYear
from shigan.work.state import Refused
from tests.work.life import OFFICE, Life

CODES = ("P0101", "P0102", "P0103")
PLAIN = ("11" * 3,) * 4 + ("1211" + "11",) * 4


def county() -> Life:
    """Three officials of U003 in a group of the department scheme."""
    life = Life("G01")
    life.on(0, GroupFormed(scheme="县直部门领导干部", words="县直部门副职"), OFFICE)
    for code in CODES:
        life.code = code
        life.on(0, PersonPosted(rank=Rank.DEPUTY, group="G01"), OFFICE)
    return life


def entered(*sheets: str, voters: VoterClass = VoterClass.B, **changed: Any) -> SheetsEntered:
    """Sheets told by the first two marks of each row; the other three are as the first."""
    n = len(sheets)
    sheets = tuple("".join(s[at : at + 2] + s[at] * 3 for at in range(0, len(s), 2)) for s in sheets)
    given: dict[str, Any] = {
        "voters": voters, **dict.fromkeys(("expected", "present", "issued", "returned", "valid"), n),
        "void": 0, "session": "测评会", "items": tuple("德能勤绩廉"), "targets": CODES,
        "sheets": by_marks(sheets),
    }  # fmt: skip
    return SheetsEntered(**(given | changed))


def counted(voters: VoterClass = VoterClass.B) -> EvaluationCounted:
    return EvaluationCounted(
        voters=voters, expected=6, present=6, issued=6, returned=6, valid=6, void=0, session="测评会",
        tallies=(ItemTally(item="德", counts=(3, 2, 1, 0, 0)),),
    )  # fmt: skip


def write(life: Life, code: str, day: int, fact: Any) -> Any:
    life.code = code
    return life.on(day, fact, OFFICE)


def refused(life: Life, code: str, fact: Any, said: str) -> None:
    with pytest.raises(Refused, match=said):
        write(life, code, 41, fact)


def test_a_units_year_knows_who_is_judged_on_which_sheets() -> None:
    year = write(county(), "U003/2026", 40, entered(*PLAIN))
    assert isinstance(year, TeamYear) and not year.counted
    assert [(each.sheet, each.targets) for each in year.entered] == [("测评会·B", CODES)]


def test_fewer_sheets_than_may_be_shown_are_merged_with_another_class_first() -> None:
    refused(county(), "U003/2026", entered(*PLAIN[:4]), "不足 5 份.*先与别的票类合并")


def test_one_class_of_one_session_is_entered_once() -> None:
    life = county()
    write(life, "U003/2026", 40, entered(*PLAIN))
    write(life, "U003/2026", 40, entered(*PLAIN, voters=VoterClass.C))
    refused(life, "U003/2026", entered(*PLAIN), "已录入过")


def test_votes_that_were_counted_are_not_entered_again_nor_the_other_way_round() -> None:
    life = county()
    write(life, "P0102/2026", 40, counted())
    refused(life, "U003/2026", entered(*PLAIN), "P0102 这次会议的 B 票已登记计票")
    write(life, "U003/2026", 42, entered(*PLAIN, voters=VoterClass.C))
    refused(life, "P0102/2026", counted(VoterClass.C), "已录入单张票")
    write(life, "P0102/2026", 43, counted(VoterClass.A))


def test_only_units_and_officials_that_are_there_are_judged() -> None:
    refused(county(), "U003/2026", entered(*PLAIN, targets=("P0101", "P0102", "P0999")), "没有 P0999")
    refused(county(), "U099/2026", entered(*PLAIN), "没有 U099")


def test_a_mark_beyond_the_options_of_the_scheme_is_refused() -> None:
    refused(county(), "U003/2026", entered(*PLAIN, "116111"), "P0102 的票上有标记 6，.*只有 5 个等次")


def test_items_that_are_not_the_schemes_in_its_order_are_refused() -> None:
    refused(
        county(), "U003/2026", entered(*PLAIN, items=tuple("能德勤绩廉")), "票面项目是“能、德、勤、绩、廉”"
    )


OWN_ROW_BLANK = ("--1111", "11--11", "1111--", "111111", "111111", "111111")


@pytest.mark.parametrize("voters", [VoterClass.A, VoterClass.B])
def test_a_row_that_few_sheets_leave_blank_would_tell_whose_they_are(voters: VoterClass) -> None:
    refused(county(), "U003/2026", entered(*OWN_ROW_BLANK, voters=voters), "只有 1 张把 P0101 一行整行空着")


def test_staff_and_leaders_of_other_units_are_not_on_the_form_and_may_leave_rows_blank() -> None:
    life = county()
    write(life, "U003/2026", 40, entered(*OWN_ROW_BLANK, voters=VoterClass.C))
    write(life, "U002/2026", 40, entered(*OWN_ROW_BLANK, voters=VoterClass.A))


def test_a_row_that_many_leave_blank_a_single_item_or_a_blank_sheet_tells_nothing() -> None:
    life = county()
    write(life, "U003/2026", 40, entered(*["--1111"] * 5, "-11-11", "------", "111111"))
