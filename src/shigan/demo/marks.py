"""How the demo's people mark a sheet: some are strict, a person makes one impression on all items (halo),
some mark everybody best, leaders do not know every unit, and a canvassed bloc votes as told.

The law is no model that a judge fits: it only looks like real sheets, four fifths of them the best option.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from shigan.facts.appraisal import BLANK, VoterClass, by_marks

MERIT, TRAIT, UNIT, SHEET, LINE, ITEM = 0.35, 0.15, 0.12, 0.4, 0.55, 0.45
"""Spread of what moves a mark: the official's merit, one item of it, a unit's kindness, the sheet's
severity, the impression that holds for all items of a line, the single mark."""
CUTS: Final = (-2.7, -1.9, -0.68)
"""Below these lie the fourth, the third and the second option; above, the first."""
KIND: Final = {VoterClass.A: 0.05, VoterClass.B: 0.1, VoterClass.C: -0.05}
ALL_BEST: Final = {VoterClass.A: 0.08, VoterClass.B: 0.2, VoterClass.C: 0.15}
UNKNOWN: Final = {VoterClass.A: 0.3, VoterClass.B: 0.0, VoterClass.C: 0.04}
"""By class: kindness, the share of sheets that mark all best, the share of «do not know» (of leaders: of
whole units, of staff: of persons)."""
SLIPS = 0.15
"""Share of sheets on which one mark was forgotten."""

Marks = NDArray[np.uint8]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Form:
    """A paper form for a class of voters; of each official on it the code, the unit, the merit."""

    voters: VoterClass
    items: tuple[str, ...]
    options: int
    people: tuple[str, ...]
    units: tuple[str, ...]
    merits: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Bloc:
    """So many sheets mark as told: `roles` 1 best, -1 the third option, 0 as they think."""

    sheets: int
    roles: Sequence[int]


def cast(form: Form, n: int, bloc: Bloc | None, seed: int) -> tuple[str, ...]:
    """The n valid sheets as the ledger keeps them; see `facts.appraisal.SheetsEntered`."""
    random = np.random.default_rng(seed)
    marks = _options(_leanings(form, n, random))
    marks[random.random(n) < ALL_BEST[form.voters]] = 1
    _without_knowledge(marks, form, random)
    if bloc:
        _as_told(marks, bloc)
    signs = marks + np.uint8(ord("0"))
    _forget(signs, random)
    return by_marks(sheet.tobytes().decode() for sheet in signs)


def _leanings(form: Form, n: int, random: np.random.Generator) -> Floats:
    """How well each sheet thinks of each official in each item: (sheets, officials, items)."""
    people, items = len(form.people), len(form.items)
    _codes, unit = np.unique(form.units, return_inverse=True)
    about = MERIT * np.asarray(form.merits) + random.normal(0, UNIT, unit.max() + 1)[unit]
    by_item: Floats = about[:, None] + random.normal(0, TRAIT, (people, items))
    leanings = by_item + KIND[form.voters] - random.normal(0, SHEET, (n, 1, 1))
    leanings = leanings + random.normal(0, LINE, (n, people, 1))
    leanings += random.normal(0, ITEM, leanings.shape)
    return leanings


def _options(leanings: Floats) -> Marks:
    """1 for the best option … 4."""
    return (len(CUTS) + 1 - np.searchsorted(CUTS, leanings)).astype(np.uint8)


def _without_knowledge(marks: Marks, form: Form, random: np.random.Generator) -> None:
    """The last option is «do not know»: leaders say so of whole units, others of persons."""
    of = form.units if form.voters is VoterClass.A else form.people
    _codes, whole = np.unique(of, return_inverse=True)
    unknown = random.random((len(marks), whole.max() + 1)) < UNKNOWN[form.voters]
    marks[unknown[:, whole]] = form.options


def _as_told(marks: Marks, bloc: Bloc) -> None:
    roles = np.asarray(bloc.roles)
    marks[: bloc.sheets, roles > 0] = 1
    marks[: bloc.sheets, roles < 0] = 3


def _forget(signs: Marks, random: np.random.Generator) -> None:
    """One mark is left blank on some sheets; never a whole row."""
    n, people, items = signs.shape
    which = np.flatnonzero(random.random(n) < SLIPS)
    place = random.integers(people, size=len(which)), random.integers(items, size=len(which))
    signs[which, place[0], place[1]] = ord(BLANK)
