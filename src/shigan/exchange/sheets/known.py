"""What a sheet is read against: names, units, posts, groups and problems that are there, and free codes."""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Protocol

from shigan.exchange.cells import compact
from shigan.facts.faults import Fault, _
from shigan.ledger.entry import Entry
from shigan.policy import Rulebook, Scheme
from shigan.work.problems import Problem
from shigan.work.state import State

UNIT, PERSON, GROUP, PROBLEM = "U", "P", "G", "Q"
_WIDTHS = {UNIT: 3, PERSON: 4, GROUP: 2, PROBLEM: 5}
_THINGS = {UNIT: _("单位"), PERSON: _("干部"), GROUP: _("考核单元"), PROBLEM: _("问题")}
_CODE = re.compile(r"[UPGQ]\d{1,9}")
_SEVERAL = re.compile(r"[、，,；;/\n]")


@dataclass(frozen=True)
class Name:
    """What stands behind a code, kept outside the ledger."""

    name: str
    post: str = ""


class Ledger(Protocol):
    """What is there already; the store, or nothing at all for a book made from sheets alone."""

    rules: Rulebook

    def names(self) -> Mapping[str, Name]:
        """Names by code."""

    def look(self, code: str) -> State | None:
        """The present state of a thing."""

    def listing(self, key: str) -> Iterable[State]:
        """The states of all things of a kind: `U`, `P`, `G`, `Q`."""

    def entries(self, subjects: Collection[str]) -> Iterable[Entry]:
        """All entries about these things."""

    def newest(self, letter: str) -> str:
        """The longest, then highest code of a letter; empty when there is none."""


class Nothing:
    """A ledger without an entry."""

    def __init__(self, rules: Rulebook) -> None:
        self.rules = rules

    def names(self) -> Mapping[str, Name]:
        return {}

    def look(self, code: str) -> State | None:
        return None

    def listing(self, key: str) -> Iterable[State]:
        return ()

    def entries(self, subjects: Collection[str]) -> Iterable[Entry]:
        return ()

    def newest(self, letter: str) -> str:
        return ""


@dataclass(frozen=True)
class Place:
    """Where a unit or person stands: a person's unit (a unit's own code), and the comparison group."""

    unit: str
    group: str = ""
    kind: str = ""


class Known:
    """The ledger as sheets see it, growing while one sheet after another is read.

    `day` is the date of roster rows that bear none.
    """

    def __init__(self, ledger: Ledger, day: date) -> None:
        self.ledger, self.rules, self.day = ledger, ledger.rules, day
        self.names: dict[str, Name] = dict(ledger.names())
        self.renamed: dict[str, Name] = {}
        self.places = {
            s.subject: Place(s.unit, s.topic, s.source) for key in "UP" for s in ledger.listing(key)
        }
        self.schemes = {s.subject: s.topic for s in ledger.listing(GROUP)}
        self._codes: dict[tuple[str, str], list[str]] = defaultdict(list)
        for code, name in self.names.items():
            self._codes[code[0], compact(name.name)].append(code)
        self._taken: dict[str, str] = {}

    def name(self, code: str) -> str:
        """The name behind a code, or the code."""
        return self.names[code].name if code in self.names else code

    def told(self, code: str) -> str:
        """A name that finds its code again: with the code in brackets where it is not the only one."""
        name = self.name(code)
        alone = not code or len(self.called(code[0], name)) == 1
        return name if alone else f"{name}（{code}）"

    def call(self, code: str, name: Name) -> bool:
        """Give a code its name; whether that is news."""
        if self.names.get(code) == name:
            return False
        self.names[code] = self.renamed[code] = name
        if code not in self._codes[code[0], compact(name.name)]:
            self._codes[code[0], compact(name.name)].append(code)
        return True

    def take(self, letter: str) -> str:
        """A code that nothing has."""
        newest = self._taken.get(letter) or self.ledger.newest(letter)
        n = int(newest[1:]) + 1 if newest else 1
        code = f"{letter}{n:0{max(_WIDTHS[letter], len(newest) - 1)}d}"
        self.reserve(code)
        return code

    def reserve(self, code: str) -> None:
        """Keep a code that a sheet chose itself from being given to anything else."""
        newest = self._taken.get(code[0]) or self.ledger.newest(code[0])
        self._taken[code[0]] = max(newest, code, key=lambda each: (len(each), each))

    def unit(self, said: str) -> str:
        """The code of the unit that a cell names. Raises `Fault`."""
        return self._find(said, UNIT)

    def person(self, said: str, unit: str = "") -> str:
        """The code of the official that a cell names, looked for in a unit first. Raises `Fault`."""
        return self._find(said, PERSON, unit)

    def group(self, said: str) -> str:
        """The code of the comparison group that a cell names. Raises `Fault`."""
        return self._find(said, GROUP)

    def called(self, letter: str, name: str, unit: str = "") -> list[str]:
        """All codes of a name, in a unit if one is given."""
        codes = self._codes.get((letter, compact(name)), [])
        return [code for code in codes if not unit or self.places[code].unit == unit]

    def there(self, code: str) -> bool:
        """Whether a unit, person or group of that code is there."""
        return code in self.places or code in self.schemes

    def scheme(self, code: str) -> Scheme | None:
        """The appraisal scheme that a unit or person is appraised by."""
        place = self.places.get(code)
        named = self.schemes.get(place.group, "") if place else ""
        return next((s for s in self.rules.schemes.schemes if s.name == named), None)

    def problem(self, unit: str, text: str) -> str:
        """The code of the problem with these words in a unit, or nothing."""
        return self._problems.get((unit, compact(text)), "")

    def raise_problem(self, code: str, unit: str, text: str) -> None:
        """Remember a problem that a sheet brings."""
        self._problems[unit, compact(text)] = code

    @cached_property
    def _problems(self) -> dict[tuple[str, str], str]:
        found = (each for each in self.ledger.listing(PROBLEM) if isinstance(each, Problem))
        return {(each.unit, compact(each.text)): each.subject for each in found}

    def _find(self, said: str, letter: str, unit: str = "") -> str:
        bare = compact(said).upper()
        for code in _CODE.findall(bare):
            if code[0] == letter:
                if not self.there(code):
                    raise _unknown(letter, code, ())
                return str(code)
        found = self.called(letter, said, unit) or self.called(letter, said)
        if len(found) == 1:
            return found[0]
        if found:
            raise Fault(
                _("“{said}”对得上 {n} 个：{codes}"),
                remedy=_("请改填编号。"),
                said=said,
                n=len(found),
                codes="、".join(self._which(code) for code in found),
            )
        if _SEVERAL.search(said):
            raise Fault(
                _("“{said}”写了不止一个{what}"),
                remedy=_("一格只填一个；各管一段的，请拆成几行。"),
                said=said,
                what=_THINGS[letter],
            )
        raise _unknown(letter, said, self._alike(bare, letter))

    def _which(self, code: str) -> str:
        unit = self.places[code].unit if code in self.places else ""
        return f"{code}（{self.name(unit)}）" if unit and unit != code else code

    def _alike(self, said: str, letter: str) -> list[str]:
        names = {name.upper(): codes[0] for (first, name), codes in self._codes.items() if first == letter}
        close = difflib.get_close_matches(said, names, n=3, cutoff=0.6)
        return [f"{self.name(names[name])}（{names[name]}）" for name in close]


def _unknown(letter: str, said: str, alike: Collection[str]) -> Fault:
    remedy = (
        _("是不是：{alike}？请改成名册里的名称或编号。") if alike else _("请先导入名册，或改正名称、编号。")
    )
    return Fault(
        _("没有{what}“{said}”"), remedy=remedy, what=_THINGS[letter], said=said, alike="、".join(alike)
    )
