"""What is planted is in the facts, is listed once, and is compared honestly with what the judges raise."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from shigan.demo.county import County, replay
from shigan.demo.days import TODAY
from shigan.demo.planted import (
    COPIED,
    FAINT,
    GOOD,
    KINDS,
    LATE,
    PAPER,
    RELAPSE,
    RUSH,
    SHEETS,
    Misdeed,
    report,
    write,
)
from shigan.facts.appraisal import RoutineGrade, RoutineGraded, SheetsEntered, VoterClass
from shigan.facts.problems import FixClaimed, LookedBack, MeasureSet, ProgressReported
from shigan.judge import Kind, Tables, judge
from shigan.ledger.entry import Entry
from shigan.policy import Rulebook
from shigan.work.admit import Admitted


@dataclass
class Raised:
    kind: str
    about: str


@pytest.fixture(scope="module")
def by_unit(admitted: list[Admitted]) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = defaultdict(list)
    for each in admitted:
        found[each.entry.unit].append(each.entry)
    return found


def about(county: County, kind: str) -> list[str]:
    return [misdeed.about for misdeed in county.planted if misdeed.kind == kind]


def test_every_kind_of_misdeed_is_planted_and_bears_the_judges_word(county: County) -> None:
    assert {misdeed.kind for misdeed in county.planted} == KINDS.keys() == set(Kind)


def test_a_unit_has_one_misdeed_at_most() -> None:
    units = [misdeed.about for misdeed in County(scale=1).planted]
    assert len(set(units)) == len(units) > 25


def test_the_list_says_which_are_faint() -> None:
    faint = {m.kind for m in County(scale=1).planted if m.words.endswith(FAINT)}
    assert faint == {PAPER, RELAPSE, RUSH, LATE, GOOD, SHEETS}


def test_paper_rectification_repeats_the_measures(county: County, by_unit: dict[str, list[Entry]]) -> None:
    for unit in about(county, PAPER):
        measures = {e.subject: e.fact.measures for e in by_unit[unit] if isinstance(e.fact, MeasureSet)}
        claims = [e for e in by_unit[unit] if isinstance(e.fact, FixClaimed)]
        assert claims
        for entry in claims:
            assert isinstance(entry.fact, FixClaimed)
            assert measures[entry.subject] in entry.fact.result


def test_relapsing_units_relapse_many_times_as_often_as_others(
    county: County, by_unit: dict[str, list[Entry]]
) -> None:
    for unit in about(county, RELAPSE):
        relapsed = [e.fact.relapsed for e in by_unit[unit] if isinstance(e.fact, LookedBack)]
        assert len(relapsed) > 4 and sum(relapsed) / len(relapsed) > 0.3


def test_those_who_rush_report_most_of_their_tasks_in_one_december(
    county: County, by_unit: dict[str, list[Entry]]
) -> None:
    for unit in about(county, RUSH):
        months = Counter(f"{e.recorded:%Y-%m}" for e in by_unit[unit] if e.kind == "TaskProgressed")
        assert months["2025-12"] > 0.8 * months.total()


def test_late_units_record_most_things_half_a_month_after(county: County, admitted: list[Admitted]) -> None:
    for unit in about(county, LATE):
        lags = [each.entry.lag() for each in admitted if each.entry.by_unit == unit]
        assert sum(lag > 14 for lag in lags) > 0.4 * len(lags)


def test_too_many_good_grades_are_given_in_one_quarter(
    county: County, by_unit: dict[str, list[Entry]]
) -> None:
    for unit in about(county, GOOD):
        team, quarter = county.land.team(unit), county.plan.good[unit]
        good = sum(
            isinstance(e.fact, RoutineGraded)
            and e.subject.endswith("/2026")
            and e.fact.quarter == quarter
            and e.fact.grade is RoutineGrade.GOOD
            for e in by_unit[unit]
        )
        assert good > 0.4 * len(team)


def test_copying_villages_repeat_their_neighbours_words_later(
    county: County, by_unit: dict[str, list[Entry]]
) -> None:
    for unit, source in county.plan.copied.items():
        texts = {e.fact.text: e.recorded for e in by_unit[source] if isinstance(e.fact, ProgressReported)}
        own = [e for e in by_unit[unit] if isinstance(e.fact, ProgressReported)]
        copied = [e for e in own if isinstance(e.fact, ProgressReported) and e.fact.text in texts]
        assert copied and all(texts[e.fact.text] < e.recorded for e in copied)  # type: ignore[union-attr]


def test_a_bloc_of_peers_lifts_one_and_pushes_others_down(
    county: County, by_unit: dict[str, list[Entry]]
) -> None:
    for unit in about(county, SHEETS):
        (fact,) = (
            e.fact
            for e in by_unit[unit]
            if isinstance(e.fact, SheetsEntered)
            and e.fact.voters is VoterClass.B
            and "2026" in e.fact.session
        )
        deputies = ["".join(rows) for rows in zip(*map(fact.of_target, fact.targets[1:6]), strict=True)]
        assert 0.35 < deputies.count("1" * 5 + "3" * 20) / fact.valid < 0.55
        best = [sum(own.count("1") for own in fact.of_target(t)) / (5 * fact.valid) for t in fact.targets]
        assert best[1] > 0.75 and sum(share < 0.65 for share in best) >= 3


def test_a_report_tells_found_missed_and_false() -> None:
    planted = (Misdeed(PAPER, "U010", ""), Misdeed(LATE, "U011", ""))
    told = report([Raised(PAPER, "U010"), Raised(PAPER, "U012"), Raised(SHEETS, "U013/2026")], planted)
    assert told.found == planted[:1]
    assert told.missed == planted[1:]
    assert told.false == ((PAPER, "U012"), (SHEETS, "U013"))
    assert "埋设 2 处：查出 1，漏查 1，误报 2" in told.words()


def test_the_list_is_one_file(county: County, tmp_path: Path) -> None:
    write(county.planted, tmp_path / "planted.json")
    rows = json.loads((tmp_path / "planted.json").read_text("utf-8"))
    assert [(row["kind"], row["about"]) for row in rows] == [(m.kind, m.about) for m in county.planted]
    assert {row["title"] for row in rows} == set(KINDS.values())
    assert COPIED in {row["kind"] for row in rows}


@pytest.mark.slow
def test_the_judges_find_what_is_planted_in_full_and_raise_little_else() -> None:
    county = County(scale=0.3)
    entries = [replace(each.entry, position=n) for n, each in enumerate(replay(county))]
    book = judge(Tables.of(entries), Rulebook.shipped(), 2026, TODAY)
    told = report(book.flags, county.planted)
    assert not [misdeed for misdeed in told.missed if not misdeed.words.endswith(FAINT)]
    assert len(told.false) <= 1
