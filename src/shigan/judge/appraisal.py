"""Evidence profiles of all officials, teams and comparison groups of one year, in one pass (M3).

No figure here sums a person up: parts stand side by side, each with its interval, its group and its entries.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from shigan.facts.faults import _
from shigan.judge.boxes import Outcome, box_findings, outcomes
from shigan.judge.evaluation import evaluation, lines
from shigan.judge.figures import Period, benchmark
from shigan.judge.finding import Finding, only
from shigan.judge.fused import fused_findings
from shigan.judge.lateness import Strip, late_findings, strips
from shigan.judge.problems import Case, by_owner, by_unit, problem_findings
from shigan.judge.profile import Profile
from shigan.judge.raters import Rated, official_findings, rated
from shigan.judge.results import Record, group_results, records, standing
from shigan.judge.roster import Group, Member, Roster
from shigan.judge.sheets import Line
from shigan.judge.standing import (
    File,
    Quarter,
    away,
    block_findings,
    files,
    pool_findings,
    quarters,
    quota_findings,
    routine_findings,
)
from shigan.judge.tables import Tables
from shigan.maths.intervals import overlap_groups
from shigan.policy import Rulebook, Scheme

YEARS_BACK = 4
"""How many earlier years a profile shows."""
HIGH, LOW = 75.0, 25.0
"""The quarters of a place within the group, for the question whether two readings contradict."""


@dataclass(frozen=True)
class Gathered:
    """Everything profiles are made of, read once."""

    tables: Tables
    rules: Rulebook
    period: Period
    roster: Roster
    cases: Sequence[Case]
    paper: Mapping[str, Sequence[int]]

    @cached_property
    def records(self) -> Mapping[str, Sequence[Record]]:
        return records(self.tables, self.rules, str(self.period.year))

    @cached_property
    def sheets(self) -> Mapping[int, Mapping[str, Sequence[Line]]]:
        """By year, this one and those before it."""
        first, last = self.period.year - YEARS_BACK, self.period.year
        return {year: lines(self.tables, str(year)) for year in range(first, last + 1)}

    @cached_property
    def rated(self) -> Rated | None:
        """This year's single sheets as the rater model reads them."""
        return rated(self.tables, str(self.period.year), self.rules)

    @cached_property
    def boxes(self) -> Mapping[str, Sequence[Outcome]]:
        """This year's evaluations in the ballot box, by those judged."""
        return outcomes(self.tables, self.period.year)

    @cached_property
    def strips(self) -> Mapping[str, Strip]:
        return strips(self.tables, self.rules, self.period, "code")

    @cached_property
    def by_unit(self) -> Mapping[str, Sequence[Case]]:
        return by_unit(self.cases)

    @cached_property
    def by_owner(self) -> Mapping[str, Sequence[Case]]:
        return by_owner(self.cases)

    @cached_property
    def quarters(self) -> Mapping[str, Sequence[Quarter]]:
        found: dict[str, list[Quarter]] = defaultdict(list)
        for each in quarters(self.tables, str(self.period.year)):
            found[each.person].append(each)
        return found

    @cached_property
    def files(self) -> Mapping[str, File]:
        return files(self.tables, str(self.period.year), self.period.end)


def profiles(given: Gathered) -> Iterator[Profile]:
    """The profiles of all members of all groups, and of the persons and teams that are in no group."""
    grouped = set()
    for group in given.roster.groups.values():
        for profile in _of_group(group, given):
            grouped.add(profile.about)
            yield profile
    for member in (*given.roster.persons.values(), *given.roster.teams.values()):
        if member.code not in grouped:
            yield _profile(member, None, _own(member, None, given), given)


def group_profiles(given: Gathered, members: Mapping[str, Profile], county: str) -> Iterator[Profile]:
    """What is said of each comparison group as a whole; under `county` the pool of all groups."""
    year = given.period.year
    groups, absent = given.roster.groups, away(given.files, given.rules)
    for code, group in groups.items():
        found = (
            *_scheme_missing(group),
            *quota_findings(group, absent, given.rules),
            *_apart(group, members),
        )
        yield Profile(code, year, "", code, group.named, found)
    pools = tuple(pool_findings(groups.values(), absent, county, given.rules))
    yield Profile(county, year, "", county, "", pools)


def _scheme_missing(group: Group) -> Iterator[Finding]:
    if group.scheme is None:
        yield Finding(
            measure="group.scheme",
            about=group.code,
            evidence=(group.position,),
            words=_("规矩中没有名为“{name}”的考核方案，本单元的测评和实绩读不出；请改正方案名称。"),
            values={"name": group.named},
        )


def _apart(group: Group, members: Mapping[str, Profile]) -> Iterator[Finding]:
    """The chains of overlapping evaluation intervals; groups and their members in order of codes."""
    means = [members[m.code].one("evaluation.mean") for m in group.members]
    items = [
        (f.about, f.low, f.high)
        for f in means
        if f and f.compare and f.low is not None and f.high is not None
    ]
    if items:
        chains = overlap_groups(items)
        yield Finding(
            measure="evaluation.groups",
            about=group.code,
            value=float(len(chains)),
            unit="组",
            n=len(items),
            evidence=tuple(p for f in means if f for p in f.evidence),
            words=_("{n} 个对象的测评区间首尾相连成 {k} 组，组内不可区分"),
            values={"n": len(items), "k": len(chains), "chains": [list(chain) for chain in chains]},
        )


def _of_group(group: Group, given: Gathered) -> Iterator[Profile]:
    found = {m.code: [*_own(m, group.scheme, given)] for m in group.members}
    if group.scheme:
        results = group_results(list(found), given.records, group.scheme, given.rules)
        for code, own in results.items():
            found[code] += own
        _compare_evaluations(found, given.rules)
        fused = fused_findings(given.rated, list(found), given.records, group.scheme)
        for code, own in found.items():
            own += fused[code] if code in fused else _contradictions(code, own)
    for member in group.members:
        yield _profile(member, group, found[member.code], given)


def _profile(member: Member, group: Group | None, found: Iterable[Finding], given: Gathered) -> Profile:
    scheme = group.named if group else ""
    return Profile(member.code, given.period.year, member.unit, member.group, scheme, tuple(found))


def _own(member: Member, scheme: Scheme | None, given: Gathered) -> Iterator[Finding]:
    """What is said of a member without looking at the others."""
    code, rules, period = member.code, given.rules, given.period
    if scheme:
        yield from evaluation(code, given.sheets[period.year].get(code, ()), scheme, rules)
        yield from official_findings(given.rated, code, scheme)
        yield from _earlier(code, scheme, given)
    yield from box_findings(code, given.boxes.get(code, ()), scheme)
    is_person = code.startswith("P")
    mine = (given.by_owner if is_person else given.by_unit).get(code, ())
    yield from problem_findings(code, mine, period, rules, given.paper)
    yield from late_findings(code, given.strips.get(code, Strip()), rules)
    if is_person:
        yield from routine_findings(code, given.quarters.get(code, ()))
        if code in given.files:
            yield from block_findings(member, given.files[code], period.year, period.end, rules)


def _earlier(code: str, scheme: Scheme, given: Gathered) -> Iterator[Finding]:
    """The weighted means of earlier years, each from its own sheets (F33)."""
    for year, of_year in given.sheets.items():
        if year < given.period.year and code in of_year:
            for mean in only(evaluation(code, of_year[code], scheme, given.rules), "evaluation.mean"):
                yield Finding(
                    measure="evaluation.year",
                    about=code,
                    item=str(year),
                    value=mean.value,
                    low=mean.low,
                    high=mean.high,
                    unit=mean.unit,
                    n=mean.n,
                    evidence=mean.evidence,
                )


def _compare_evaluations(found: dict[str, list[Finding]], rules: Rulebook) -> None:
    """Set each weighted mean against the group, and say whom it cannot be told apart from (F29)."""
    means = {code: mean for code, own in found.items() for mean in only(own, "evaluation.mean")}
    group = benchmark([mean.value or 0.0 for mean in means.values()], rules)
    if group is None:
        return
    for code, mean in means.items():
        at = found[code].index(mean)
        found[code][at] = replace(mean, compare=group)
        found[code].append(_alike(code, mean, means))


def _alike(code: str, own: Finding, means: Mapping[str, Finding]) -> Finding:
    """Those of the group whose interval overlaps; in order of their codes, never of their figures."""
    others = sorted(c for c, mean in means.items() if c != code and _overlap(own, mean))
    words = _("与同组 {k} 人（或班子）的测评区间重叠，现有票数不可区分")
    if not others:
        words = _("测评区间与同组其他人都不重叠")
    return Finding(
        measure="evaluation.alike",
        about=code,
        value=float(len(others)),
        unit="人",
        n=len(means),
        evidence=own.evidence,
        words=words,
        values={"k": len(others), "others": others},
    )


def _overlap(one: Finding, two: Finding) -> bool:
    if one.low is None or one.high is None or two.low is None or two.high is None:
        return True
    return one.low <= two.high and two.low <= one.high


def _contradictions(code: str, own: Iterable[Finding]) -> Iterator[Finding]:
    """Evaluation in one outer quarter of the group and results in the other: a question, no verdict. Only for
    counted sheets; where single ones came in, `judge.fused` asks by how much the two differ."""
    own = tuple(own)
    place = standing(only(own, "results.area"))
    for mean in only(own, "evaluation.mean"):
        if place is None or mean.compare is None or mean.value is None:
            continue
        if mean.value < mean.compare.q1 and place >= HIGH:
            words = _("测评偏低而实绩偏高，请核实")
        elif mean.value > mean.compare.q3 and place <= LOW:
            words = _("测评偏高而实绩偏低，请核实")
        else:
            continue
        areas = only(own, "results.area")
        yield Finding(
            measure="results.contradiction",
            about=code,
            words=words,
            n=len(areas),
            evidence=mean.evidence + tuple(p for area in areas for p in area.evidence),
        )
