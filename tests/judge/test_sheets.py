"""Single sheets: the same figures as their count, and arrays that hold every mark once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import numpy as np

from shigan.facts.appraisal import BLANK, ItemTally, SheetsEntered, VoterClass, by_marks
from shigan.judge import Tables, judge
from shigan.judge.evaluation import evaluation, lines
from shigan.judge.sheets import Collected, collected, sheets_of
from shigan.ledger.entry import Entry
from shigan.policy import Rulebook
from tests.judge.given import entry, fact, sealed, sheets

RULES = Rulebook.shipped()
SCHEME = RULES.schemes.of("县直部门领导干部")
DAY = date(2026, 11, 10)
ITEMS = ("德", "能")


def entered(targets: Sequence[str], *marks: str, voters: str = "C", items: Sequence[str] = ITEMS) -> Any:
    counts = dict.fromkeys(("expected", "present", "issued", "returned", "valid"), len(marks))
    return SheetsEntered(
        voters=VoterClass(voters), **counts, void=0, session="测评会", items=tuple(items),
        targets=tuple(targets), sheets=by_marks(marks),
    )  # fmt: skip


def held(unit: str, *facts: Any) -> Iterator[Entry]:
    for each in facts:
        yield entry(f"{unit}/2026", each, DAY, unit)


def posted(*codes: str, unit: str = "U1") -> Iterator[Entry]:
    """Officials of a unit in one group of the department scheme."""
    yield entry("G01", fact("GroupFormed", scheme=SCHEME.name), date(2020, 1, 1))
    for code in codes:
        yield entry(code, fact("PersonPosted", group="G01"), date(2020, 1, 1), unit)


def tables(*entries: Iterator[Entry]) -> Tables:
    return Tables.of(sealed(each for own in entries for each in own))


def read(*entries: Iterator[Entry]) -> Collected:
    return collected(tables(*entries), "2026", RULES)


def test_sheets_give_the_same_figures_as_their_count() -> None:
    both = tables(held("U1", entered(["P1", "P2"], *["1211"] * 7, *["22-1"] * 4, "3511")))
    tallies = (ItemTally(item="德", counts=(7, 4, 1)), ItemTally(item="能", counts=(0, 11, 0, 0, 1)))
    counted = sheets(12, *tallies, voters=VoterClass.C, session="测评会")
    once = tables(iter([entry("P1/2026", counted, DAY)]))
    given, wanted = lines(both, "2026")["P1"], lines(once, "2026")["P1"]
    assert evaluation("P1", given, SCHEME, RULES) == evaluation("P1", wanted, SCHEME, RULES)
    assert {line.blank for line in lines(both, "2026")["P2"]} == {0, 4}


def test_a_count_of_votes_that_were_entered_sheet_by_sheet_is_not_counted_again() -> None:
    tally = ItemTally(item="德", counts=(9, 0, 0, 0, 0))
    again = [sheets(9, tally, voters=VoterClass(v), session="测评会") for v in ("B", "C")]
    found = lines(
        tables(
            iter([entry("P1/2026", each, DAY) for each in again]), held("U1", entered(["P1"], *["21"] * 6))
        ),
        "2026",
    )
    assert sorted((line.voters, line.valid) for line in found["P1"]) == [("B", 9), ("C", 6), ("C", 6)]


def test_a_sheet_that_leaves_a_row_blank_is_no_sheet_about_that_person() -> None:
    found = sheets_of(tables(held("U1", entered(["P1", "P2"], *["--11"] * 5, "1-12"))), "2026")
    assert {line.valid for line in found["P1"]} == {1} and {line.valid for line in found["P2"]} == {6}
    assert "P1" not in sheets_of(tables(held("U1", entered(["P1", "P2"], *["--11"] * 5))), "2026")


def test_every_mark_stands_once_in_the_arrays_the_best_option_highest() -> None:
    found = read(
        posted("P1", "P2"),
        held("U1", entered(["P1", "P2"], "1411", "1423", "1433", "14--", "5-44")),
        held("U2", entered(["P2"], *["12"] * 5, voters="A")),
    )
    assert (found.officials, found.units, found.classes) == (("P1", "P2"), ("U1", "U2"), ("A", "B", "C"))
    own = found.sheets
    assert (own.lines, own.items, own.grades) == (13, 2, 4)
    assert own.unit.tolist() == [0, 0] and own.home.tolist() == [0] * 5 + [1] * 5
    assert own.voters.tolist() == [2] * 5 + [0] * 5
    of_first = own.marks[own.official == 0].tolist()
    assert of_first == [[3, 0]] * 4, "the sheet of «do not know» and blank says nothing of P1"
    assert own.marks[own.official == 1][:4].tolist() == [[3, 3], [2, 1], [1, 1], [0, 0]]
    assert found.evidence == ((3,), (3, 4))
    assert len(set(zip(own.sheet.tolist(), own.official.tolist(), strict=True))) == own.lines


def test_teams_strangers_and_officials_without_a_scheme_are_left_to_counts() -> None:
    nobody = entry("P3", fact("PersonPosted", group="G99"), date(2020, 1, 1), "U1")
    found = read(posted("P1"), iter([nobody]), held("U1", entered(["U1", "P3", "P1", "P9"], *["11" * 4] * 5)))
    assert found.officials == ("P1",) and found.sheets.lines == 5
    assert read(posted("P1")).sheets.lines == 0


def test_an_item_fewer_on_one_form_is_blank_there() -> None:
    found = read(
        posted("P1", "P2"),
        held("U1", entered(["P1"], *["11"] * 5)),
        held("U2", entered(["P2"], *["1"] * 5, items=["德"])),
    )
    assert found.sheets.marks[found.sheets.official == 1].tolist() == [[3, -1]] * 5


def test_a_class_too_small_to_speak_of_joins_the_next_larger_of_its_unit() -> None:
    strict = RULES.with_adopted(
        "publication", RULES.texts["publication"].replace("value = 5\n", "value = 6\n", 1)
    )
    small, large = entered(["P1"], *["11"] * 5, voters="A"), entered(["P1"], *["12"] * 8, voters="C")
    given = tables(posted("P1"), held("U1", small, large), held("U2", small, large))
    assert np.bincount(collected(given, "2026", RULES).sheets.voters).tolist() == [10, 0, 16]
    assert np.bincount(collected(given, "2026", strict).sheets.voters).tolist() == [0, 0, 26]


def test_no_finding_tells_a_single_sheet() -> None:
    odd = "4111" + "4" * 6
    made = entered(["P1"], *["1111111111"] * 9, odd, items=tuple("德能勤绩廉甲乙丙丁戊"))
    book = judge(tables(posted("P1"), held("U1", made)), RULES, 2026, date(2026, 11, 23))
    assert odd not in str(book) and BLANK * 4 not in str(book.persons["P1"].to_plain())
