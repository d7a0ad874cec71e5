"""Problem figures tell the same story as the fold that guards the work."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shigan.facts.problems import LetterStep, Verdict, Why
from shigan.judge.figures import median
from shigan.judge.problems import COLUMNS, Act, Case, Event, _follow
from shigan.ledger.entry import Entry
from shigan.policy import Rulebook
from shigan.work.admit import Author, Draft, admit
from shigan.work.problems import OPEN, Problem
from shigan.work.state import Refused, State
from shigan.work.units import STANDING, Unit
from tests.judge.given import fact

RULES = Rulebook.shipped()
METHOD = RULES.problems.result_methods.value[0]
WATCH = tuple(RULES.problems.look_back_months.value)
START = date(2026, 1, 1)


def possible(day: date) -> list[tuple[str, Any]]:
    """What may be tried on a day: the author's unit and the fact."""
    solved = fact("ResultChecked", verdict=Verdict.SOLVED, method=METHOD, watch=WATCH)
    partly = fact("ResultChecked", verdict=Verdict.PARTLY, method=METHOD)
    looks = [("U3", fact("LookedBack", months=3, relapsed=r, method=METHOD)) for r in (True, False)]
    return [
        ("U2", fact("MeasureSet", due=day + timedelta(days=20))),
        ("U2", fact("ProgressReported")),
        ("U2", fact("ExtensionAsked", due=day + timedelta(days=60))),
        ("U1", fact("ExtensionDecided", granted=True)),
        ("U1", fact("ExtensionDecided", granted=False)),
        ("U2", fact("FixClaimed")),
        ("U3", solved),
        ("U3", partly),
        ("U1", fact("ProblemDropped", why=Why.MERGED)),
        ("U1", fact("ProblemReopened")),
        ("U1", fact("LetterSent", step=LetterStep.REMINDER)),
        *looks,
    ]


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 40)), max_size=25))
def test_a_case_is_open_and_due_exactly_when_the_work_says_so(tries: list[tuple[int, int]]) -> None:
    states: dict[str, State] = {
        code: Unit(subject=code, seq=1, unit=code, stage=STANDING, since=START) for code in ("U1", "U2", "U3")
    }
    day, entries = START, [_try(states, "U1", fact("ProblemRaised"), START)]
    for choice, days in tries:
        day += timedelta(days=days)
        by_unit, told = possible(day)[choice]
        entries.append(_try(states, by_unit, told, day))
    case, state = _case([e for e in entries if e]), states["Q1"]
    assert isinstance(state, Problem)
    assert case.open == (state.stage in OPEN)
    assert (case.deadline, case.owner) == (state.deadline, state.owner)
    assert len([check for check in case.checks if not check.good]) == state.sent_back


def _try(states: dict[str, State], by_unit: str, told: Any, day: date) -> Entry | None:
    now = datetime.combine(day, time(4), UTC)
    try:
        (done,) = admit([Draft("Q1", told, "U2", day)], Author("A1", by_unit), now, RULES, states.get)
    except Refused:
        return None
    states["Q1"] = done.state
    return done.entry


def _case(entries: list[Entry]) -> Case:
    case = Case("Q1", "U2", Act(0, START))
    for entry in entries[1:]:
        if entry.kind in COLUMNS:
            told = tuple(getattr(entry.fact, key) for key in COLUMNS[entry.kind])
            _follow(case, Event("Q1", entry.seq, entry.kind, entry.seq, entry.happened, told))
    return case


@pytest.mark.parametrize(("n", "low", "high"), [(5, None, None), (6, 1, 6), (10, 2, 9), (20, 6, 15)])
def test_a_median_has_the_published_order_statistics_as_its_interval(n: int, low: Any, high: Any) -> None:
    """Conover, Practical Nonparametric Statistics: at 95 % the ranks for n = 6, 10, 20 are 1–6, 2–9, 6–15."""
    found = median([float(x) for x in range(1, n + 1)], RULES)
    assert (found.get("low"), found.get("high")) == (low, high)
