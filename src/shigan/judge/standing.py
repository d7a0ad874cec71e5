"""Routine appraisal by quarter, quotas with their rounding shown, and what keeps a person from 优秀."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from shigan.facts.appraisal import RoutineGrade
from shigan.facts.faults import _
from shigan.judge.finding import Finding
from shigan.judge.roster import Group, Member
from shigan.judge.tables import Tables
from shigan.maths.quota import floor_quota, pool
from shigan.policy import Rulebook
from shigan.policy.number import Number
from shigan.policy.schemes import Subject
from shigan.work.appraisal import DAYS_PER_MONTH, GATHERING, PersonYear, blocks, excellent_percent
from shigan.work.units import IN_POST, Person


class Quarter(NamedTuple):
    """One quarter's routine appraisal of a person."""

    person: str
    unit: str
    quarter: int
    word: str
    position: int


def quarters(tables: Tables, year: str) -> list[Quarter]:
    """All routine appraisals of a year, in order of person and quarter."""
    table = tables["RoutineGraded"]
    of_year = table.filter(table.year == year).order_by("code", "quarter", "position")
    return [
        Quarter(*row) for row in tables.rows(of_year.select("code", "unit", "quarter", "grade", "position"))
    ]


def routine_findings(about: str, own: Iterable[Quarter]) -> Iterator[Finding]:
    """A person's quarters as they were recorded; nothing is computed from them."""
    for each in own:
        yield Finding(
            measure="routine.quarter",
            about=about,
            item=str(each.quarter),
            n=1,
            evidence=(each.position,),
            words=_("第 {quarter} 季度：{word}"),
            values={"quarter": each.quarter, "word": each.word},
        )


def good_findings(all_quarters: Iterable[Quarter], rules: Rulebook) -> dict[str, list[Finding]]:
    """For each unit and quarter how many are 好, against the quota (F21)."""
    groups: dict[tuple[str, int], list[Quarter]] = defaultdict(list)
    for each in all_quarters:
        groups[each.unit, each.quarter].append(each)
    found: dict[str, list[Finding]] = defaultdict(list)
    for (unit, quarter), own in sorted(groups.items()):
        found[unit].append(_good(unit, quarter, own, rules))
    return found


def _good(unit: str, quarter: int, own: Sequence[Quarter], rules: Rulebook) -> Finding:
    good = [each.position for each in own if each.word == RoutineGrade.GOOD]
    percent = rules.appraisal.quotas.routine_good
    quota = floor_quota(len(own), percent.value)
    over = len(good) - quota.whole
    words = _("第 {quarter} 季度：{n} 人 × {percent}% = {theory}，取整 {whole} 名；登记“好” {good} 名。")
    if over > 0:
        words = _(
            "第 {quarter} 季度：{n} 人 × {percent}% = {theory}，取整 {whole} 名；"
            "登记“好” {good} 名，超 {over} 名。"
        )
    return Finding(
        measure="routine.good",
        about=unit,
        item=str(quarter),
        value=float(len(good)),
        unit="人",
        n=len(own),
        evidence=tuple(good),
        words=words,
        values={
            "quarter": quarter,
            "n": len(own),
            "percent": str(percent.value),
            "theory": str(quota.theory),
            "whole": quota.whole,
            "good": len(good),
            "over": over,
        },
    )


def over_quota(finding: Finding) -> int:
    """How many 好 a finding of `routine.good` has above the quota; 0 when within."""
    return max(0, int(finding.values["over"]))


@dataclass(slots=True)
class File:
    """What a person's year holds beside figures: leave, negative list, sanctions, with their entries."""

    leave_days: int = 0
    negatives: list[str] = field(default_factory=list)
    sanctions: list[tuple[str, date]] = field(default_factory=list)
    evidence: list[int] = field(default_factory=list)


def files(tables: Tables, year: str, day: date) -> dict[str, File]:
    """The files of all persons that hold anything, as of a day."""
    found: dict[str, File] = defaultdict(File)
    leave, negative, sanction = tables["LeaveTaken"], tables["NegativeListed"], tables["SanctionImposed"]
    for code, position, days in tables.rows(
        leave.filter(leave.year == year).order_by("position").select("code", "position", "days")
    ):
        found[code].leave_days += days
        found[code].evidence.append(position)
    for code, position, item in tables.rows(
        negative.filter(negative.year == year).order_by("position").select("code", "position", "item")
    ):
        found[code].negatives.append(item)
        found[code].evidence.append(position)
    for code, position, kind, happened in tables.rows(
        sanction.filter(sanction.happened <= day)
        .order_by("position")
        .select("code", "position", "sanction", "happened")
    ):
        found[code].sanctions.append((kind, happened))
        found[code].evidence.append(position)
    return found


def block_findings(member: Member, own: File, of: int, day: date, rules: Rulebook) -> Iterator[Finding]:
    """Each reason in the words of the rule that guards the decision itself, so that both always agree."""
    person = Person(
        subject=member.code,
        seq=0,
        unit=member.unit,
        stage=IN_POST,
        since=member.since,
        sanctions=tuple(kind for kind, _day in own.sanctions),
        sanction_days=tuple(start for _kind, start in own.sanctions),
    )
    year = PersonYear(
        subject=member.code,
        seq=0,
        unit=member.unit,
        stage=GATHERING,
        since=member.since,
        leave_days=own.leave_days,
        negatives=tuple(own.negatives),
    )
    for at, reason in enumerate(blocks(person, year, of, day, rules), 1):
        yield Finding(
            measure="blocks",
            about=member.code,
            item=str(at),
            n=1,
            evidence=tuple(own.evidence),
            words=reason.text,
            values=reason.values,
        )


def percent_of(group: Group, rules: Rulebook) -> Number[Decimal]:
    """Which quota of 优秀 a comparison group has: teams theirs, officials that of leaders."""
    return excellent_percent(bool(group.scheme and group.scheme.subject is Subject.TEAM), rules)


def _appraised(group: Group, away: set[str]) -> int:
    return sum(member.code not in away for member in group.members)


def quota_findings(group: Group, away: set[str], rules: Rulebook) -> Iterator[Finding]:
    """The quota of 优秀 of a group (F24); those in `away` are not appraised and do not count."""
    n, percent = _appraised(group, away), percent_of(group, rules)
    quota = floor_quota(n, percent.value)
    yield Finding(
        measure="quota.excellent",
        about=group.code,
        value=float(quota.whole),
        unit="人",
        n=n,
        evidence=(group.position,),
        words=_("{n} × {percent}% = {theory}，取整 {whole} 名，余 {rest} 入余额池"),
        values={
            "n": n,
            "percent": str(percent.value),
            "theory": str(quota.theory),
            "whole": quota.whole,
            "rest": str(quota.rest),
        },
    )


def pool_findings(groups: Iterable[Group], away: set[str], county: str, rules: Rulebook) -> Iterator[Finding]:
    """The whole places that no group has for itself; officials and teams have a pool of their own."""
    alike: dict[str, list[Group]] = defaultdict(list)
    for group in groups:
        if group.scheme and group.members:
            alike[str(group.scheme.subject)].append(group)
    for subject, own in sorted(alike.items()):
        found = pool({group.code: _appraised(group, away) for group in own}, percent_of(own[0], rules).value)
        yield Finding(
            measure="quota.pool",
            about=county,
            item=subject,
            value=float(found.left),
            unit="人",
            n=len(own),
            evidence=tuple(group.position for group in own),
            words=_("合计名额 {total} 名，各考核单元取整共 {whole} 名，余额池 {left} 名"),
            values={
                "total": found.total.whole,
                "whole": found.total.whole - found.left,
                "left": found.left,
            },
        )


def away(all_files: Mapping[str, File], rules: Rulebook) -> set[str]:
    """Who was absent for longer than the policy allows, and is not appraised this year."""
    most = rules.appraisal.exempt.absence.value * DAYS_PER_MONTH
    return {code for code, own in all_files.items() if own.leave_days > most}
