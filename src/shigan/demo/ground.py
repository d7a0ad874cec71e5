"""Who and what there is in the demo county: units, comparison groups, posts, names. All of it made up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import NamedTuple

from shigan.demo.words import OFFICE, TOWNSHIP, VILLAGE, read
from shigan.facts.units import Identity, Rank, UnitKind

COUNTY, OFFICE_UNIT, INSPECTION_UNIT = "U000", "U001", "U002"
"""The county itself, its organization department, its inspection office."""
FIRST_TOWNSHIP, FIRST_VILLAGE = 101, 201
DISTRICT = 1000
"""Codes of a second, third … copy of the whole county start this much higher."""


class Name(NamedTuple):
    """A name, kept outside the ledger; `post` is empty for units and groups."""

    name: str
    post: str = ""


class Account(NamedTuple):
    """A log-in of the demo: the code the ledger knows it by, the unit it acts for, its role."""

    code: str
    unit: str
    role: str


@dataclass(frozen=True, slots=True)
class Unit:
    """`group` is its team's comparison group, empty for villages and the county; `clerk` its account;
    `duties` the categories of problems it has, empty in the countryside, where any may be that fits."""

    code: str
    kind: UnitKind
    parent: str
    group: str
    clerk: str
    duties: tuple[str, ...] = ()

    @property
    def where(self) -> str:
        """Which words its texts use for places."""
        return {UnitKind.VILLAGE: VILLAGE, UnitKind.TOWNSHIP: TOWNSHIP}.get(self.kind, OFFICE)


@dataclass(frozen=True, slots=True)
class Person:
    """An official in a post. `group` is empty for those whom the county does not manage."""

    code: str
    unit: str
    group: str
    rank: Rank
    identity: Identity
    title: str


@dataclass(slots=True)
class Ground:
    """Everything by code. `groups` gives scheme and reason of each comparison group."""

    units: dict[str, Unit] = field(default_factory=dict)
    persons: dict[str, Person] = field(default_factory=dict)
    groups: dict[str, tuple[str, str]] = field(default_factory=dict)
    names: dict[str, Name] = field(default_factory=dict)
    officers: tuple[str, ...] = ()
    _teams: dict[str, tuple[Person, ...]] = field(default_factory=dict)

    def of_kind(self, *kinds: UnitKind) -> list[Unit]:
        """The units of some kinds, by code."""
        return [unit for unit in self.units.values() if unit.kind in kinds]

    def appraised(self) -> list[Unit]:
        """The units whose teams are appraised."""
        return [unit for unit in self.units.values() if unit.group]

    def team(self, unit: str) -> tuple[Person, ...]:
        """The county-managed officials of a unit, its head first."""
        if not self._teams:
            teams: dict[str, list[Person]] = {}
            for person in self.persons.values():
                if person.group:
                    teams.setdefault(person.unit, []).append(person)
            self._teams = {code: tuple(team) for code, team in teams.items()}
        return self._teams.get(unit, ())

    def led_by(self, unit: str) -> tuple[Person, ...]:
        """The officials who answer for a unit: its own team, or that of the township above a village."""
        return self.team(unit) or self.team(self.units[unit].parent)

    def office(self, unit: str) -> str:
        """The organization department of the district that a unit belongs to."""
        district = int(unit[1:]) // DISTRICT * DISTRICT
        return f"U{district + int(OFFICE_UNIT[1:]):03d}"

    def reviewer(self) -> Person:
        """The official whose review is running at the end of the year: of the first enterprise."""
        first = self.of_kind(UnitKind.ENTERPRISE)[0]
        return self.team(first.code)[1]


def ground(seed: int, scale: float) -> Ground:
    """The county of a seed. Below scale 1 there is less of everything; above, whole copies (districts)."""
    land, random = Ground(), Random(f"{seed}/ground")
    for district in range(max(1, round(scale))):
        _District(land, random, district, min(scale, 1.0)).settle()
    return land


class _District:
    """One copy of the county being settled."""

    def __init__(self, land: Ground, random: Random, number: int, scale: float) -> None:
        self.land, self.random, self.scale = land, random, scale
        self.base = number * DISTRICT
        self.suffix = f"（{number + 1}区）" if number else ""
        self.data = read("county")
        self.office = self._code(1)

    def settle(self) -> None:
        self._groups()
        self._unit(0, UnitKind.COUNTY, "", "", self.data["county"])
        offices = list(self._offices())
        for number, (name, kind, group) in enumerate(offices, 1):
            self._unit(number, kind, self._code(0), group, name)
        self._countryside()
        self._leadership()
        for unit in [u for u in self.land.units.values() if u.group and self._mine(u.code)]:
            self._team(unit)

    def _mine(self, code: str) -> bool:
        return self.base <= int(code[1:]) < self.base + DISTRICT

    def _code(self, number: int, letter: str = "U", width: int = 3) -> str:
        return f"{letter}{self.base + number:0{width}d}"

    def _some(self, names: list[str], least: int) -> list[str]:
        return names[: max(least, round(len(names) * self.scale))]

    def _groups(self) -> None:
        for code, (scheme, words) in self.data["groups"].items():
            own = self._code(int(code[1:]), "G", 2)
            self.land.groups[own] = (scheme, words)
            self.land.names[own] = Name(words.partition("：")[0] + self.suffix)

    def _offices(self) -> Iterator[tuple[str, UnitKind, str]]:
        kinds = (
            ("party", UnitKind.DEPARTMENT, 1, 3), ("economy", UnitKind.DEPARTMENT, 2, 2),
            ("society", UnitKind.DEPARTMENT, 3, 2), ("institution", UnitKind.INSTITUTION, 5, 2),
            ("enterprise", UnitKind.ENTERPRISE, 6, 1),
        )  # fmt: skip
        for key, kind, group, least in kinds:
            for name in self._some(self.data[key], least):
                yield name, kind, self._code(group, "G", 2)

    def _countryside(self) -> None:
        towns = self._some(self.data["townships"], 2)
        villages = max(3 * len(towns), round(320 * self.scale))
        pairs = [a + b for b in self.data["village_second"] for a in self.data["village_first"]]
        self.random.shuffle(pairs)
        for number, town in enumerate(towns):
            self._unit(
                FIRST_TOWNSHIP + number, UnitKind.TOWNSHIP, self._code(0), self._code(4, "G", 2), town + "镇"
            )
        for number, pair in enumerate(pairs[:villages]):
            at = number % len(towns)
            self._unit(
                FIRST_VILLAGE + number, UnitKind.VILLAGE, self._code(FIRST_TOWNSHIP + at), "",
                f"{towns[at]}镇{pair}村",
            )  # fmt: skip

    def _unit(self, number: int, kind: UnitKind, parent: str, group: str, name: str) -> None:
        code, clerk = self._code(number), self._code(number, "A", 4)
        self.land.units[code] = Unit(code, kind, parent, group, clerk, self._duties(kind, name))
        self.land.names[code] = Name(name + self.suffix)
        self.land.names[clerk] = Name(self._person_name(), "联络员")

    def _duties(self, kind: UnitKind, name: str) -> tuple[str, ...]:
        if kind in (UnitKind.TOWNSHIP, UnitKind.VILLAGE):
            return ()
        duties = self.data["duties"]
        own = [duty for part, each in duties.items() if part in name for duty in each]
        return tuple(dict.fromkeys([*own, *duties["everybody"]]))

    def _leadership(self) -> None:
        """The head of the organization department, whom the city manages, and the officers."""
        head = self._person(self.office, "", Rank.HEAD, Identity.CIVIL_SERVANT, "县委常委、组织部部长")
        officers = [self._code(number, "A", 4) for number in range(901, 907)]
        for code in officers:
            self.land.names[code] = Name(self._person_name(), "组工干部")
        if not self.land.officers:
            self.land.officers = (head, *officers)

    def _team(self, unit: Unit) -> None:
        for number, (rank, title) in enumerate(self._posts(unit)):
            identity = _IDENTITY.get(unit.kind, Identity.CIVIL_SERVANT)
            if number and unit.group.endswith("1") and self.random.random() < 0.2:
                identity = Identity.MANAGED_AS_CIVIL_SERVANT
            self._person(unit.code, self._group(unit, rank), rank, identity, title)

    def _posts(self, unit: Unit) -> Iterator[tuple[Rank, str]]:
        if unit.kind is UnitKind.TOWNSHIP:
            for number, title in enumerate(self.data["township_posts"]):
                yield (Rank.HEAD if number < 2 else Rank.DEPUTY), title
            return
        head, deputy = self._titles(self.land.names[unit.code].name.removesuffix(self.suffix))
        low, high = _SIZES[unit.kind]
        yield Rank.HEAD, "常务副部长" if unit.code == self.office else head
        for _ in range(self.random.randint(low, high) - 1):
            yield Rank.DEPUTY, deputy

    def _titles(self, name: str) -> tuple[str, str]:
        """Of head and deputy, by the longest ending of the unit's name that is listed."""
        ending = max((e for e in self.data["heads"] if name.endswith(e)), key=len, default="局")
        head, deputy = self.data["heads"][ending]
        return head, deputy

    def _group(self, unit: Unit, rank: Rank) -> str:
        number = int(unit.group[1:]) - self.base
        heads = {1: 11, 2: 11, 3: 11, 4: 15, 5: 17, 6: 18}
        others = {1: 12, 2: 13, 3: 14, 4: 16, 5: 17, 6: 18}
        return self._code((heads if rank is Rank.HEAD else others)[number], "G", 2)

    def _person(self, unit: str, group: str, rank: Rank, identity: Identity, title: str) -> str:
        code = f"P{len(self.land.persons) + 1:04d}"
        self.land.persons[code] = Person(code, unit, group, rank, identity, title)
        self.land.names[code] = Name(self._person_name(), title)
        return code

    def _person_name(self) -> str:
        parts = ("surnames", "given_first", "given_second")
        return "".join(self.random.choice(self.data[part]) for part in parts)


_IDENTITY: Mapping[UnitKind, Identity] = {
    UnitKind.INSTITUTION: Identity.INSTITUTION_STAFF,
    UnitKind.ENTERPRISE: Identity.OTHER,
}
_SIZES: Mapping[UnitKind, tuple[int, int]] = {
    UnitKind.DEPARTMENT: (6, 11),
    UnitKind.INSTITUTION: (5, 9),
    UnitKind.ENTERPRISE: (5, 8),
}
"""How many officials a team has, from and to."""
