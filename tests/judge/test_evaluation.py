"""What a few sheets can say."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from shigan.judge.evaluation import evaluation
from shigan.judge.finding import Finding, only
from shigan.judge.sheets import Line
from shigan.policy import Rulebook

RULES = Rulebook.shipped()
SCHEME = RULES.schemes.of("县直部门领导干部")
counts = st.lists(st.integers(0, 40), min_size=5, max_size=5).map(tuple)


def line(voters: str, given: tuple[int, ...], item: str = "德", position: int = 0) -> Line:
    return Line(position, voters, sum(given), item, given)


def mean(*given: Line) -> Finding:
    (found,) = only(evaluation("P1", given, SCHEME, RULES), "evaluation.mean")
    return found


@given(counts, counts, counts)
def test_every_mean_lies_in_its_interval_within_the_scheme_s_points(a: Any, b: Any, c: Any) -> None:
    found = evaluation(
        "P1", [line("A", a, position=1), line("B", b, position=2), line("C", c)], SCHEME, RULES
    )
    for each in only(found, "evaluation.mean") + only(found, "evaluation.class"):
        if each.value is not None and each.low is not None and each.high is not None:
            assert 65 <= each.low <= each.value <= each.high <= 95
            assert each.low < each.high


@given(counts)
def test_no_figure_is_told_of_fewer_than_five_sheets(few: Any) -> None:
    small = (*(min(n, 1) for n in few[:4]), 0)
    found = evaluation("P1", [line("B", small)], SCHEME, RULES)
    assert all(f.value is None and f.low is None and f.high is None for f in found)


def test_the_items_of_one_sheet_are_one_vote() -> None:
    once = evaluation("P1", [line("C", (20, 5, 0, 0, 0))], SCHEME, RULES)
    five = [line("C", (20, 5, 0, 0, 0), item) for item in "德能勤绩廉"]
    assert evaluation("P1", five, SCHEME, RULES) == once


def test_two_sessions_of_a_class_count_together() -> None:
    found = evaluation(
        "P1", [line("C", (6, 0, 0, 0, 0), position=1), line("C", (0, 6, 0, 0, 0), position=2)], SCHEME, RULES
    )
    (own,) = only(found, "evaluation.class")
    assert (own.value, own.n, own.evidence) == (90.0, 12, (1, 2))


def test_those_who_do_not_know_the_person_move_nothing() -> None:
    assert mean(line("C", (10, 10, 0, 0, 0))).value == mean(line("C", (10, 10, 0, 0, 30))).value


def test_more_sheets_of_the_same_kind_make_a_shorter_interval() -> None:
    few, many = (mean(line("C", (8 * n, 2 * n, 0, 0, 0))) for n in (1, 10))
    assert few.low is not None and many.low is not None
    assert few.value == many.value
    assert few.low < many.low


def test_a_third_of_low_votes_is_put_as_a_question() -> None:
    (alarm,) = only(evaluation("P1", [line("C", (20, 0, 10, 0, 0))], SCHEME, RULES), "evaluation.alarm")
    assert alarm.sentence() == "低档票合计达到 1/3，请核实原因。"
    assert not only(evaluation("P1", [line("C", (21, 0, 9, 0, 0))], SCHEME, RULES), "evaluation.alarm")


def test_lines_that_fit_no_scheme_are_named_not_swallowed() -> None:
    (misfit,) = evaluation("P1", [line("C", (1, 2, 3, 4, 5, 6), position=7)], SCHEME, RULES)
    assert misfit.evidence == (7,)
    assert "县直部门领导干部" in misfit.sentence()


def test_a_mean_that_would_give_away_a_small_class_is_told_in_whole_points() -> None:
    large = line("C", (25, 16, 0, 0, 0), position=1)
    assert mean(line("B", (7, 2, 0, 0, 0)), large).value == 92
    assert mean(line("B", (8, 3, 0, 0, 0)), large).value == 91.6
