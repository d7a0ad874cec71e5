"""Who stands in which comparison group (考核单元) on a day, read from the tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from shigan.facts import Fault
from shigan.judge.tables import Tables
from shigan.policy import Rulebook, Scheme
from shigan.policy.schemes import Subject


@dataclass(frozen=True, slots=True)
class Member:
    """A person or a team (its unit's code) with unit and comparison group."""

    code: str
    unit: str
    group: str
    since: date


@dataclass(frozen=True, slots=True)
class Group:
    """A comparison group; `members` are the persons, or under a scheme for teams the teams, in order of their
    codes. `scheme` is None where the rule book has none of the name that the group was formed with."""

    code: str
    named: str
    scheme: Scheme | None
    members: tuple[Member, ...]
    position: int


@dataclass(frozen=True, slots=True)
class Roster:
    """All officials in post, all teams, all groups, by code."""

    persons: Mapping[str, Member]
    teams: Mapping[str, Member]
    groups: Mapping[str, Group]


def roster(tables: Tables, rules: Rulebook, day: date) -> Roster:
    """Who stood where at the end of a day."""
    persons, teams = _persons(tables, day), _teams(tables, day)
    members: dict[str, list[Member]] = defaultdict(list)
    for member in (*persons.values(), *teams.values()):
        members[member.group].append(member)
    formed = tables["GroupFormed"].order_by("position").select("code", "scheme", "position")
    groups = {
        code: _group(code, named, _scheme(named, rules), members.get(code, ()), position)
        for code, named, position in tables.rows(formed)
    }
    return Roster(persons, teams, groups)


def _group(code: str, named: str, scheme: Scheme | None, members: Iterable[Member], position: int) -> Group:
    letter = "U" if scheme and scheme.subject is Subject.TEAM else "P"
    return Group(code, named, scheme, tuple(m for m in members if m.code.startswith(letter)), position)


def _scheme(named: str, rules: Rulebook) -> Scheme | None:
    try:
        return rules.schemes.of(named)
    except Fault:
        return None


def _persons(tables: Tables, day: date) -> dict[str, Member]:
    posted, left = tables["PersonPosted"], tables["PersonLeft"]
    seen = posted.filter(posted.happened <= day).order_by("code", "seq")
    found, last = {}, {}
    for code, seq, *rest in tables.rows(seen.select("code", "seq", "unit", "group", "happened")):
        found[code], last[code] = Member(code, *rest), seq
    for code, seq in tables.rows(left.filter(left.happened <= day).select("code", "seq")):
        if seq > last.get(code, seq):
            del found[code], last[code]
    return found


def _teams(tables: Tables, day: date) -> dict[str, Member]:
    found: dict[str, Member] = {}
    founded, changed, closed = tables["UnitFounded"], tables["UnitChanged"], tables["UnitClosed"]
    for code, group, since in tables.rows(
        founded.filter(founded.happened <= day).order_by("code").select("code", "group", "happened")
    ):
        found[code] = Member(code, code, group, since)
    for code, group, since in tables.rows(
        changed.filter(changed.happened <= day).order_by("code", "seq").select("code", "group", "happened")
    ):
        if group and code in found:
            found[code] = Member(code, code, group, since)
    for (code,) in tables.rows(closed.filter(closed.happened <= day).select("code")):
        found.pop(code, None)
    return {code: member for code, member in found.items() if member.group}
