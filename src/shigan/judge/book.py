"""The evidence book of a year: everything that is said of persons, teams, comparison groups and units."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from shigan.judge import register
from shigan.judge.appraisal import Gathered, group_profiles, profiles
from shigan.judge.canvass import blocs
from shigan.judge.documents import Verdict
from shigan.judge.figures import Period
from shigan.judge.finding import Finding
from shigan.judge.flags import Flag, flags
from shigan.judge.kept import Kept
from shigan.judge.lateness import Strip, late_findings, rush_findings, strips
from shigan.judge.problems import cases, paper_reports, problem_findings
from shigan.judge.profile import Profile
from shigan.judge.raters import unit_findings
from shigan.judge.roster import roster
from shigan.judge.sheet_flags import sheet_flags
from shigan.judge.standing import good_findings, quarters
from shigan.judge.tables import Tables
from shigan.policy import Rulebook

COUNTY = "county"
"""The key of `Book.groups` under which the county-wide findings stand."""


@dataclass(frozen=True, slots=True)
class Book:
    """`version` is that of the rule book used. Each profile is JSON-able by itself (`to_plain`); `documents`
    are those of the year, each with its kind as `group`."""

    year: int
    today: date
    version: str
    persons: Mapping[str, Profile]
    teams: Mapping[str, Profile]
    groups: Mapping[str, Profile]
    units: Mapping[str, Profile]
    flags: tuple[Flag, ...]
    documents: Mapping[str, Profile] = field(default_factory=dict)


def judge(tables: Tables, rules: Rulebook, year: int, today: date, kept: Kept | None = None) -> Book:
    """The book of a year as seen on a day. Reads only; the same tables, rules and day give the same book.
    `kept` saves work that was done for an earlier one."""
    period = Period(year, today)
    all_cases = cases(tables, today)
    paper = paper_reports(all_cases)
    given = Gathered(tables, rules, period, roster(tables, rules, period.end), all_cases, paper)
    members = {profile.about: profile for profile in profiles(given)}
    papers = register.judged(tables, rules, period, kept)
    units = _with_documents(dict(_units(given)), register.unit_findings(*papers, period), year)
    said = {code: unit.findings for code, unit in units.items()}
    counted = blocs(given.sheets[year], given.roster, rules)
    found = (*flags(tables, rules, all_cases, paper, said), *sheet_flags(given.rated, counted))
    return Book(
        year,
        today,
        rules.version(),
        {code: p for code, p in members.items() if code.startswith("P")},
        {code: p for code, p in members.items() if code.startswith("U")},
        {profile.about: profile for profile in group_profiles(given, members, COUNTY)},
        units,
        found,
        dict(_documents(papers[1], rules, period)),
    )


def _with_documents(
    units: dict[str, Profile], found: Mapping[str, tuple[Finding, ...]], year: int
) -> dict[str, Profile]:
    """The units' profiles with the figures of their documents."""
    for code, findings in found.items():
        profile = units.get(code, Profile(code, year, code, "", "", ()))
        units[code] = replace(profile, findings=(*profile.findings, *findings))
    return dict(sorted(units.items()))


def _documents(verdicts: Sequence[Verdict], rules: Rulebook, period: Period) -> Iterator[tuple[str, Profile]]:
    for document, findings in register.document_findings(verdicts, rules):
        yield document.name, Profile(document.name, period.year, document.unit, document.kind, "", findings)


def _units(given: Gathered) -> Iterator[tuple[str, Profile]]:
    """What is said of each unit that has problems, entries, routine appraisals or sheets of its own."""
    tables, rules, period = given.tables, given.rules, given.period
    late = strips(tables, rules, period, "by_unit")
    rush = rush_findings(tables, rules, period)
    good = good_findings(quarters(tables, str(period.year)), rules)
    rated = given.rated.units if given.rated else {}
    for code in sorted({*given.by_unit, *late, *rush, *good, *rated} - {""}):
        found: list[Finding] = [
            *problem_findings(code, given.by_unit.get(code, ()), period, rules, given.paper),
            *late_findings(code, late.get(code, Strip()), rules),
            *([rush[code]] if code in rush else []),
            *good.get(code, ()),
            *unit_findings(given.rated, code),
        ]
        yield code, Profile(code, period.year, code, "", "", tuple(found))
