"""Units, persons in posts, comparison groups, accounts' roles: who stands where today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from shigan.facts.appraisal import Sanction, SanctionImposed
from shigan.facts.faults import _
from shigan.facts.units import (
    GroupFormed,
    PersonLeft,
    PersonPosted,
    RoleGranted,
    UnitChanged,
    UnitClosed,
    UnitFounded,
)
from shigan.ledger.entry import Entry
from shigan.work.state import Act, Refused, State, base, must_be_new, must_exist, replace, rule

STANDING, CLOSED, IN_POST, LEFT = _("在册"), _("已撤销"), _("在任"), _("已离任")


@dataclass(frozen=True, kw_only=True)
class Unit(State):
    """`source` is its kind, `origin` its parent, `topic` its comparison group."""


@dataclass(frozen=True, kw_only=True)
class Person(State):
    """`source` is the rank, `topic` the comparison group, `origin` the unit with management authority."""

    identity: str = ""
    in_team: bool = False
    on_probation: bool = False
    sanctions: tuple[str, ...] = ()
    sanction_days: tuple[date, ...] = ()

    def effects(self) -> tuple[tuple[Sanction, date], ...]:
        """Each sanction with the day it took effect."""
        return tuple(
            (Sanction(kind), day) for kind, day in zip(self.sanctions, self.sanction_days, strict=True)
        )


@dataclass(frozen=True, kw_only=True)
class Group(State):
    """A comparison group; `topic` is its appraisal scheme."""

    words: str = ""


@dataclass(frozen=True, kw_only=True)
class Role(State):
    """An account's role, in `source`."""


def fold_unit(unit: Unit | None, entry: Entry) -> Unit:
    """The unit after one more entry."""
    fact = entry.fact
    if isinstance(fact, UnitFounded):
        own = base(entry) | {"unit": entry.subject}
        return Unit(**own, stage=STANDING, source=fact.kind, origin=fact.parent, topic=fact.group)
    assert unit is not None, entry.subject
    unit = replace(unit, seq=entry.seq)
    match fact:
        case UnitChanged():
            return replace(unit, origin=fact.parent, topic=fact.group or unit.topic)
        case UnitClosed():
            return replace(unit, stage=CLOSED)
    return unit


def fold_person(person: Person | None, entry: Entry) -> Person:
    """The person after one more entry."""
    fact = entry.fact
    match fact:
        case PersonPosted():
            person = person or Person(**base(entry), stage=IN_POST)
            return replace(
                person,
                seq=entry.seq,
                unit=entry.unit,
                stage=IN_POST,
                since=entry.happened,
                source=fact.rank,
                topic=fact.group,
                origin=fact.managed_by,
                identity=fact.identity,
                in_team=fact.in_team,
                on_probation=fact.on_probation,
            )
        case SanctionImposed() if person:
            return replace(
                person,
                seq=entry.seq,
                sanctions=(*person.sanctions, fact.sanction),
                sanction_days=(*person.sanction_days, entry.happened),
            )
        case PersonLeft() if person:
            return replace(person, seq=entry.seq, stage=LEFT)
    assert person is not None, entry.subject
    return replace(person, seq=entry.seq)


def fold_group(group: Group | None, entry: Entry) -> Group:
    """The comparison group after one more entry."""
    fact = entry.fact
    if isinstance(fact, GroupFormed):
        return Group(**base(entry), stage=STANDING, topic=fact.scheme, words=fact.words)
    assert group is not None, entry.subject
    return replace(group, seq=entry.seq)


def fold_role(role: Role | None, entry: Entry) -> Role:
    """The account after one more entry."""
    role = role or Role(**base(entry), stage=STANDING)
    fact = entry.fact
    granted = fact.role if isinstance(fact, RoleGranted) else role.source
    return replace(role, seq=entry.seq, unit=entry.unit, source=granted)


@rule(UnitFounded)
def found_unit(unit: Unit | None, fact: UnitFounded, act: Act) -> None:
    must_be_new(unit)
    _must_be_known(fact.parent, _("上级单位"), act)
    _must_be_known(fact.group, _("考核单元"), act)


@rule(UnitChanged)
def change_unit(unit: Unit | None, fact: UnitChanged, act: Act) -> None:
    must_exist(unit, act)
    _must_be_known(fact.parent, _("上级单位"), act)
    above: State | None = act.look(fact.parent)
    while above is not None and above.origin:
        if above.origin == act.subject or above.subject == act.subject:
            raise Refused(_("上级单位不能是自己的下级"), remedy=_("核对上级单位编号。"))
        above = act.look(above.origin)


@rule(UnitClosed, PersonLeft, SanctionImposed)
def must_be_there(state: State | None, fact: object, act: Act) -> None:
    must_exist(state, act)


@rule(PersonPosted)
def post_person(person: Person | None, fact: PersonPosted, act: Act) -> None:
    _must_be_known(act.unit, _("单位"), act)
    _must_be_known(fact.group, _("考核单元"), act)


@rule(RoleGranted)
def grant_role(state: State | None, fact: RoleGranted, act: Act) -> None:
    if act.subject.startswith("P"):
        must_exist(state, act)


@rule(GroupFormed)
def form_group(group: Group | None, fact: GroupFormed, act: Act) -> None:
    must_be_new(group)


def _must_be_known(code: str, what: str, act: Act) -> None:
    if code and act.look(code) is None:
        raise Refused(_("{what} {code} 不存在"), remedy=_("核对编号，或先登记它。"), what=what, code=code)
