"""The rules in use, each on sheets small enough to work out by hand."""

import numpy as np
import pytest

from shigan.bench.raters.county import county
from shigan.bench.raters.rules import RULES, Rule
from shigan.bench.raters.world import Voters
from shigan.maths.raters.sheets import BLANK, Sheets

Line = tuple[int, int, list[int]]


def sheets_of(lines: list[Line], officials: int = 0, voters: list[Voters] | None = None) -> Sheets:
    """Lines (sheet, official, marks) of one unit; all peers unless told otherwise."""
    sheet, official, marks = (list(column) for column in zip(*lines, strict=True))
    count = max(sheet) + 1
    return Sheets(
        np.array(sheet), np.array(official), np.array(marks, dtype=np.int8),
        np.zeros(count, np.int64), np.array(voters or [Voters.PEER] * count),
        np.zeros(officials or max(official) + 1, np.int64),
    )  # fmt: skip


def one_official(means: list[int]) -> Sheets:
    """One official, one line a sheet, all marks of a line alike."""
    return sheets_of([(sheet, 0, [mark] * 5) for sheet, mark in enumerate(means)])


def figure(rule: str, sheets: Sheets) -> list[float]:
    return [float(value) for value in RULES[rule](sheets)]


def test_the_mean_is_of_the_lines_and_a_blank_is_no_mark() -> None:
    assert figure("mean", sheets_of([(0, 0, [3, 2, BLANK]), (1, 0, [1, 1, 1])])) == [1.75]


def test_the_excellent_rate_is_the_share_of_best_marks() -> None:
    assert figure("excellent rate", sheets_of([(0, 0, [3, 3, BLANK]), (1, 0, [3, 2, 0])])) == [0.6]


def test_the_highest_and_the_lowest_line_are_taken_off() -> None:
    assert figure("trimmed mean", one_official([3, 3, 2, 1, 0])) == [2.0]


def test_of_thirty_lines_three_are_taken_off_at_each_end() -> None:
    assert figure("trimmed mean", one_official([0] * 3 + [2] * 24 + [3] * 3)) == [2.0]


def test_nothing_is_taken_off_where_nothing_would_be_left() -> None:
    assert figure("trimmed mean", one_official([3, 0])) == [1.5]


@pytest.mark.parametrize(
    ("best", "points"), [(10, 200.0), (9, 200.0), (8, 190.0), (7, 180.0), (6, 170.0), (5, 160.0), (0, 160.0)]
)
def test_bands_of_the_excellent_rate_are_points(best: int, points: float) -> None:
    assert figure("banded", one_official([3] * best + [2] * (10 - best))) == [points]


def test_a_third_of_the_two_worst_marks_are_130_points() -> None:
    assert figure("banded", one_official([3, 3, 1])) == [130.0]
    assert figure("banded", one_official([3, 3, 3, 0])) == [180.0]


def test_the_median_is_the_middle_line_or_between_the_two() -> None:
    assert figure("median", one_official([0, 3, 2])) == [2.0]
    assert figure("median", one_official([0, 1, 2, 3])) == [1.5]


def test_classes_weigh_three_three_four_and_citizens_count_with_the_staff() -> None:
    voters = [Voters.LEADER, Voters.PEER, Voters.STAFF, Voters.CITIZEN]
    lines: list[Line] = [(0, 0, [3]), (1, 0, [2]), (2, 0, [1]), (3, 0, [0])]
    assert figure("group weights", sheets_of(lines, voters=voters)) == pytest.approx([0.9 + 0.6 + 0.2])


def test_a_class_without_a_line_leaves_its_weight_to_the_others() -> None:
    sheets = sheets_of([(0, 0, [3]), (1, 0, [2])], voters=[Voters.PEER, Voters.STAFF])
    assert figure("group weights", sheets) == pytest.approx([(0.3 * 3 + 0.4 * 2) / 0.7])


def test_a_severe_sheet_and_a_lenient_one_say_the_same_by_z_score() -> None:
    lines: list[Line] = [(0, 0, [3]), (0, 1, [2]), (1, 0, [1]), (1, 1, [0])]
    assert figure("z-score", sheets_of(lines)) == [1.0, -1.0]


def test_a_sheet_that_marks_all_alike_tells_nothing_by_z_score() -> None:
    lines: list[Line] = [(0, 0, [3]), (0, 1, [2]), (1, 0, [3]), (1, 1, [3])]
    assert figure("z-score", sheets_of(lines)) == [0.5, -0.5]


@pytest.mark.parametrize("name", RULES)
def test_officials_without_a_mark_have_no_figure(name: str) -> None:
    sheets = sheets_of([(0, 0, [3, 3]), (0, 1, [BLANK, BLANK]), (1, 0, [2, 3])], officials=3)
    assert np.isnan(figure(name, sheets)).tolist() == [False, True, True]


@pytest.mark.parametrize("rule", RULES.values())
def test_a_rule_depends_on_no_number_of_sheet_or_official(rule: Rule) -> None:
    sheets = county(3, "mix", units=6).sheets
    rng = np.random.default_rng(3)
    lines, officials = rng.permutation(sheets.lines), rng.permutation(len(sheets.unit))
    renamed = Sheets(
        sheets.sheet[lines], officials[sheets.official[lines]], sheets.marks[lines],
        sheets.home, sheets.voters, sheets.unit[np.argsort(officials)],
    )  # fmt: skip
    assert np.allclose(rule(renamed)[officials], rule(sheets), equal_nan=True)
