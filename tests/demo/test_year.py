"""The year: in order, within the rules, with numbers like those of a real county."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from itertools import pairwise

import numpy as np
import pytest

from shigan.demo.county import County, batches, replay, salts
from shigan.demo.days import END, START
from shigan.facts.appraisal import EvaluationCounted, SheetsEntered, VoterClass
from shigan.facts.meetings import LastItemsReported
from shigan.facts.problems import ResultChecked, Verdict
from shigan.ledger.entry import Entry, leaf
from shigan.maths.merkle import Tree
from shigan.maths.workdays import is_workday
from shigan.policy import NAMES
from shigan.work.admit import COUNTY_TIME, Admitted

ROOT = "5716ec06327239615a71ee4b7e5b6e98952492a068beb7695a9fc4b57c845988"


def entries(admitted: Iterable[Admitted], kind: str) -> list[Entry]:
    return [each.entry for each in admitted if each.entry.kind == kind]


def test_batches_come_in_order_of_time_within_the_year_on_working_days_in_office_hours(
    county: County,
) -> None:
    year = list(batches(county))
    assert all(one.now <= two.now for one, two in pairwise(year))
    assert year[0].now.date() == START
    assert END - timedelta(days=7) < year[-1].now.date() <= END
    for batch in year:
        local = batch.now + COUNTY_TIME
        assert is_workday(local.date(), fallback=True) and 8 <= local.hour < 18
        assert batch.now.microsecond % 1000 == 0


def test_every_kind_of_fact_about_daily_work_occurs(admitted: list[Admitted]) -> None:
    kinds = Counter(each.entry.kind for each in admitted)
    for kind in (
        "ProblemRaised", "MeasureSet", "ProgressReported", "FixClaimed", "ResultChecked", "LookedBack",
        "LetterSent", "LetterAnswered", "ExtensionAsked", "ExtensionDecided", "ProblemDropped",
        "VisitHeld", "VoiceHeard", "PromiseMade", "ReturnVisited", "MeetingPlanned", "OpinionHeard",
        "TalksHeld", "LastItemsReported", "MeetingHeld", "MeetingReported", "TaskSet", "TaskProgressed",
        "TaskFinished", "RoutineGraded", "ResultRecorded", "EvaluationCounted", "SheetsEntered",
        "DutyReported", "SanctionImposed", "LeaveTaken", "NegativeListed", "StatementMade", "GradesDecided",
        "ResultNotified", "ReviewRequested", "ReviewDecided", "AppealMade", "AppealDecided",
        "FileRead", "ReadingAsked", "ReadingGranted", "ReadingDeclined",
        "PolicyAdopted", "GroupFormed", "UnitFounded", "PersonPosted", "RoleGranted",
    ):  # fmt: skip
        assert kinds[kind], kind


def test_all_rules_are_adopted_before_anything_else(admitted: list[Admitted]) -> None:
    first = [each.entry.subject for each in admitted[: len(NAMES)]]
    assert first == [f"R-{name}" for name in NAMES]


def test_nobody_checks_or_looks_back_at_the_own_work(admitted: list[Admitted]) -> None:
    for kind in ("ResultChecked", "LookedBack"):
        assert all(entry.by_unit != entry.unit for entry in entries(admitted, kind))


def test_counts_have_a_realistic_ceiling(admitted: list[Admitted]) -> None:
    best = votes = 0
    for entry in entries(admitted, "EvaluationCounted"):
        assert isinstance(entry.fact, EvaluationCounted) and entry.subject.startswith("U")
        best += sum(tally.counts[0] for tally in entry.fact.tallies)
        votes += sum(sum(tally.counts) for tally in entry.fact.tallies)
    assert 0.72 < best / votes < 0.85


def entered(admitted: list[Admitted]) -> list[SheetsEntered]:
    return [e.fact for e in entries(admitted, "SheetsEntered") if isinstance(e.fact, SheetsEntered)]


def test_four_fifths_of_the_marks_are_the_best_and_most_rows_have_no_other(admitted: list[Admitted]) -> None:
    rows = [row for fact in entered(admitted) for target in fact.targets for row in fact.of_target(target)]
    marks = Counter("".join(row for row in rows if row != "55555"))
    assert 0.76 < marks["1"] / marks.total() < 0.83
    assert 0.5 < rows.count("11111") / len(rows) < 0.7
    assert "-----" not in rows


def test_strict_sheets_are_strict_with_everybody_and_one_impression_holds_for_all_items(
    admitted: list[Admitted],
) -> None:
    staff = [fact for fact in entered(admitted) if fact.voters is VoterClass.C]
    sheets = [sheet for fact in staff for sheet in fact.sheets if set(sheet) <= set("1234")]
    half = [len(sheet) // 10 * 5 for sheet in sheets]
    strict = np.array([[np.mean([c != "1" for c in s[:h]]), np.mean([c != "1" for c in s[h:]])]
                       for s, h in zip(sheets, half, strict=True)])  # fmt: skip
    assert 0.2 < np.corrcoef(strict.T)[0, 1] < 0.9
    rows = [sheet[at : at + 5] for sheet in sheets for at in range(0, len(sheet), 5)]
    assert np.corrcoef([[r[0] != "1" for r in rows], [r[3] != "1" for r in rows]])[0, 1] > 0.3


def test_every_official_is_judged_by_leaders_peers_and_staff(
    county: County, admitted: list[Admitted]
) -> None:
    managed = {code for code, person in county.land.persons.items() if person.group}
    for voters in VoterClass:
        own = [f for f in entered(admitted) if f.voters is voters and f.session.startswith("2026")]
        assert {target for fact in own for target in fact.targets} == managed


def test_one_form_of_the_leaders_ties_all_units_together(county: County, admitted: list[Admitted]) -> None:
    land = county.land
    forms = [{land.persons[t].unit for t in f.targets} for f in entered(admitted) if f.voters is VoterClass.A]
    assert {unit.code for unit in land.appraised()} in forms


def test_this_years_meetings_open_with_the_problems_of_the_last(admitted: list[Admitted]) -> None:
    reported = [e.fact for e in entries(admitted, "LastItemsReported")]
    assert any(isinstance(fact, LastItemsReported) and fact.items for fact in reported)


def test_a_review_is_still_running_at_the_end(county: County, admitted: list[Admitted]) -> None:
    official = county.accounts["official"].code
    last = [each.state for each in admitted if each.entry.subject == f"{official}/2026"][-1]
    assert last.stage == "复核中"


def test_no_name_of_a_person_enters_the_ledger(county: County, admitted: list[Admitted]) -> None:
    names = {name.name for code, name in county.names.items() if code[0] in "PA"}
    for each in admitted:
        if each.entry.kind != "PolicyAdopted":
            assert not any(name in each.body.decode() for name in names)


def test_suggestions_are_unsigned(admitted: list[Admitted]) -> None:
    assert all(entry.by == entry.by_unit == "-" for entry in entries(admitted, "SuggestionMade"))


def test_demo_salts_are_reproducible_and_never_twice_the_same() -> None:
    one, two = salts(1), salts(1)
    drawn = [one() for _ in range(100)]
    assert drawn == [two() for _ in range(100)]
    assert len(set(drawn)) == 100 and {len(salt) for salt in drawn} == {32}


def test_the_small_ledger_has_always_the_same_root(admitted: list[Admitted]) -> None:
    """The rules' own texts are in it: after a change of a policy or of the demo, put the new root here."""
    root = Tree(leaf(each.entry) for each in admitted).root().hex()
    assert root == ROOT, f"if the demo or a policy was changed on purpose, the new root is {root}"


@pytest.mark.slow
def test_a_whole_county_has_about_a_hundred_thousand_entries_within_the_rules() -> None:
    county = County()
    admitted = replay(county)
    assert 0.9 < len(admitted) / county.expected_entries < 1.1
    things = Counter(each.entry.subject[0] for each in admitted if each.entry.seq == 1)
    assert 2700 < things["Q"] < 3600 and 1650 < things["V"] < 1950
    checks: dict[str, Verdict] = {}
    for entry in entries(admitted, "ResultChecked"):
        assert isinstance(entry.fact, ResultChecked)
        checks.setdefault(entry.subject, entry.fact.verdict)
    solved = sum(verdict is Verdict.SOLVED for verdict in checks.values())
    assert 0.62 < solved / len(checks) < 0.78
