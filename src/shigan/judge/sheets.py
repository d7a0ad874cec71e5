"""The single sheets (测评票) of a year: as counts for all who read counts, as arrays for the rater model."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from shigan.facts.appraisal import VoterClass
from shigan.judge.roster import Roster, roster
from shigan.judge.tables import Tables
from shigan.maths.raters import BLANK, Sheets
from shigan.policy import Rulebook, Scheme

Marks = NDArray[np.int8]
Indices = NDArray[np.int64]
MARKS = 10
"""A mark of a sheet is a digit: 0 for blank, 1 for the best option, and so on."""


class Line(NamedTuple):
    """One item of one count of sheets. `counts` follow the scheme's options; `valid` are the sheets."""

    position: int
    voters: str
    valid: int
    item: str
    counts: tuple[int, ...]
    blank: int = 0
    session: str = ""


@dataclass(frozen=True, slots=True)
class Bundle:
    """One class's sheets of one session, held by `unit`. `marks`: (sheets, targets, items), see MARKS."""

    unit: str
    position: int
    voters: str
    session: str
    items: tuple[str, ...]
    targets: tuple[str, ...]
    marks: Marks


def bundles(tables: Tables, year: str) -> Iterator[Bundle]:
    """All sheets that were entered of a year, in the order of the ledger."""
    entered = tables["SheetsEntered"]
    columns = ("code", "position", "voters", "session", "items", "targets", "sheets")
    of_year = entered.filter(entered.year == year).order_by("position").select(*columns)
    for unit, position, voters, session, items, targets, sheets in tables.rows(of_year):
        marks = _marks(sheets, len(targets), len(items))
        yield Bundle(unit, position, voters, session, tuple(items), tuple(targets), marks)


def _marks(sheets: Sequence[str], targets: int, items: int) -> Marks:
    signs = np.frombuffer("".join(sheets).encode(), np.uint8).reshape(len(sheets), targets, items)
    return np.where(signs < ord("1"), 0, signs - ord("0")).astype(np.int8)


def sheets_of(tables: Tables, year: str) -> dict[str, list[Line]]:
    """The counts that the sheets of a year add up to, by those judged (`P0123`, `U045`).

    A sheet that leaves everything about a target blank is no sheet about that target.
    """
    found: dict[str, list[Line]] = defaultdict(list)
    for bundle in bundles(tables, year):
        for at, target in enumerate(bundle.targets):
            found[target] += _lines(bundle, bundle.marks[:, at, :])
    return {target: lines for target, lines in found.items() if lines}


def _lines(bundle: Bundle, marks: Marks) -> Iterator[Line]:
    own = marks[marks.any(axis=1)]
    options = own.max(initial=0)
    for at, item in enumerate(bundle.items if len(own) else ()):
        blank, *counts = np.bincount(own[:, at], minlength=options + 1).tolist()
        yield Line(bundle.position, bundle.voters, len(own), item, tuple(counts), blank, bundle.session)


@dataclass(frozen=True, slots=True)
class Collected:
    """All sheets on the officials of a year as one set of arrays, and what its numbers stand for.

    `officials`, `units` and `classes` name the numbers of `sheets` by their place; `evidence` are the
    positions of the entries that each official's lines come from, in the order of `officials`.
    """

    sheets: Sheets
    officials: tuple[str, ...]
    units: tuple[str, ...]
    classes: tuple[str, ...]
    evidence: tuple[tuple[int, ...], ...]


def collected(tables: Tables, year: str, rules: Rulebook) -> Collected:
    """The sheets of a year on all officials who stand in a comparison group with a scheme.

    A sheet's home is the unit that held the session. Items are told apart by their place. Options without
    points (不了解) are BLANK; of the others the last is 0. Officials whose scheme has another number of
    options with points than most are left out, and teams too. In a unit, a class with fewer sheets than
    publication.nothing_below is put together with the next larger one.
    """
    piles = list(bundles(tables, year))
    evidence, who = _evidence(piles), roster(tables, rules, date(int(year), 12, 31))
    schemes = _schemes(evidence.keys(), who)
    officials = tuple(sorted(schemes))
    units = tuple(sorted({pile.unit for pile in piles} | {who.persons[code].unit for code in officials}))
    grades = np.array([_grades(schemes[code]) for code in officials], np.int8).reshape(-1, MARKS)
    return Collected(
        _joined(
            [_part(pile, officials, units, grades) for pile in piles],
            np.array([units.index(who.persons[code].unit) for code in officials], np.int64),
            int(grades.max(initial=0)) + 1,
            rules.publication.nothing_below.value,
        ),
        officials,
        units,
        tuple(VoterClass),
        tuple(tuple(evidence[code]) for code in officials),
    )


def _evidence(piles: Sequence[Bundle]) -> Mapping[str, list[int]]:
    """The positions of the bundles that mark somebody."""
    found: dict[str, list[int]] = defaultdict(list)
    for pile in piles:
        for at, target in enumerate(pile.targets):
            if pile.marks[:, at, :].any():
                found[target].append(pile.position)
    return found


def _schemes(targets: Set[str], who: Roster) -> dict[str, Scheme]:
    """The schemes of the officials among the targets; only those with the usual number of graded options."""
    found: dict[str, Scheme] = {}
    for code in targets & who.persons.keys():
        group = who.groups.get(who.persons[code].group)
        if group and group.scheme:
            found[code] = group.scheme
    usual = Counter(len(scheme.points()) for scheme in found.values()).most_common(1)
    return {code: scheme for code, scheme in found.items() if len(scheme.points()) == usual[0][0]}


def _grades(scheme: Scheme) -> list[int]:
    """The grade of each mark of a sheet: 0 for the last option with points, BLANK for those without."""
    grades, left = [BLANK] * MARKS, len(scheme.points())
    for mark, option in enumerate(scheme.options, 1):
        if option.points is not None:
            left -= 1
            grades[mark] = left
    return grades


class _Part(NamedTuple):
    """The lines of one bundle: (L,) sheet and official, (L, K) marks; (S,) home and class of its sheets."""

    sheet: Indices
    official: Indices
    marks: Marks
    home: Indices
    voters: Indices


def _part(pile: Bundle, officials: Sequence[str], units: Sequence[str], grades: Marks) -> _Part:
    known = {code: number for number, code in enumerate(officials)}
    places = [at for at, target in enumerate(pile.targets) if target in known]
    about = np.array([known[pile.targets[at]] for at in places], np.int64)
    marks = grades[about[None, :, None], pile.marks[:, places, :]]
    sheet, place = (marks != BLANK).any(axis=2).nonzero()
    numbers, renumbered = np.unique(sheet, return_inverse=True)
    return _Part(
        renumbered,
        about[place],
        marks[sheet, place],
        np.full(len(numbers), units.index(pile.unit)),
        np.full(len(numbers), list(VoterClass).index(VoterClass(pile.voters))),
    )


def _joined(parts: Sequence[_Part], unit: Indices, grades: int, least: int) -> Sheets:
    """One set of arrays; the sheets of each part are numbered on after those before it."""
    items = max((part.marks.shape[1] for part in parts), default=0)
    before = np.cumsum([0, *(len(part.home) for part in parts)])
    home, voters = _together([p.home for p in parts]), _together([p.voters for p in parts])
    return Sheets(
        sheet=_together([part.sheet + n for part, n in zip(parts, before, strict=False)]),
        official=_together([part.official for part in parts]),
        marks=np.concatenate([np.empty((0, items), np.int8), *(_wide(p.marks, items) for p in parts)]),
        home=home,
        voters=_merged(home, voters, least),
        unit=unit,
        grades=grades,
    )


def _together(arrays: Sequence[Indices]) -> Indices:
    return np.concatenate([np.empty(0, np.int64), *arrays])


def _wide(marks: Marks, items: int) -> Marks:
    return np.pad(marks, ((0, 0), (0, items - marks.shape[1])), constant_values=BLANK)


def _merged(home: Indices, voters: Indices, least: int) -> Indices:
    """The classes, where in each unit the smallest joins the next larger one until none is too small."""
    found = voters.copy()
    for unit in np.unique(home):
        own = home == unit
        while True:
            classes, counts = np.unique(found[own], return_counts=True)
            order = np.argsort(counts, kind="stable")
            if len(classes) == 1 or counts[order[0]] >= least:
                break
            found[own & (found == classes[order[0]])] = classes[order[1]]
    return found
