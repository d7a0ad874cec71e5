"""What a year's single sheets say when severity, halo, carelessness and blocs are allowed for.

One reading a year for the whole county (`shigan.maths.raters.read`), told official by official and unit by
unit beside the raw shares of `judge.evaluation`. The rules of publication hold here as there; no sheet and no
weight of a sheet is told. What it cannot see is in LIMITS and stands wherever its figures stand.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shigan.facts.faults import _
from shigan.judge.figures import coarse, level
from shigan.judge.finding import Finding
from shigan.judge.sheets import Collected, collected
from shigan.judge.tables import Tables
from shigan.maths.intervals import letters
from shigan.maths.raters import BLANK, Reading, Sheets, read
from shigan.policy import Rulebook, Scheme
from shigan.policy.publication import Detail

LIMITS = (
    _("过半数的人一致行动，从票面上看不出哪一方为实。"),
    _("很多人都只压低一等，与本人确实稍弱，在票面上是一样的。"),
    _("大家都跟着一把手的态度填，看不出各人自己的看法。"),
    _("全单位互相说好，看不出来，要靠外单位的票和实绩对照。"),
)
"""What ballots alone can never tell; printed wherever the figures of this module are used."""

WHOLE = 5
"""Where so few sheets came in that only bands may be shown, the interval is widened to fives of points."""
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Rated:
    """The sheets of a year and their reading. `number` finds an official's place in the arrays."""

    sheets: Collected
    reading: Reading
    rules: Rulebook

    @cached_property
    def number(self) -> Mapping[str, int]:
        return {code: at for at, code in enumerate(self.sheets.officials) if self.reading.lines[at]}

    @cached_property
    def reach(self) -> float:
        """How many standard errors an interval reaches to each side."""
        return NormalDist().inv_cdf((1 + level(self.rules)) / 2)

    @cached_property
    def home(self) -> int:
        """The connected component that most officials are in."""
        return int(np.bincount(self.reading.component).argmax())

    @cached_property
    def alike(self) -> Mapping[int, tuple[str, ...]]:
        """The letters of each official within the own unit; none in units too small to compare in."""
        found: dict[int, tuple[str, ...]] = {}
        for own in self.units.values():
            if len(own) >= self.rules.appraisal.group_minimum.value:
                place, error = self.reading.official[own], self.reading.error[own]
                found |= dict(
                    zip(own, letters(place.tolist(), error.tolist(), level(self.rules)), strict=True)
                )
        return found

    @cached_property
    def units(self) -> Mapping[str, list[int]]:
        """The officials of each unit whom sheets mark."""
        of = self.sheets.sheets.unit
        return {
            code: [int(at) for at in np.flatnonzero((of == n) & (self.reading.lines > 0))]
            for n, code in enumerate(self.sheets.units)
        }

    def comparable(self, at: int) -> bool:
        """Whether sheets, not only assumptions, tie an official's unit to the rest of the county.

        Where they mark one unit only there is nothing to compare with, and no need to."""
        if sum(map(bool, self.units.values())) == 1:
            return True
        unit = self.sheets.sheets.unit[at]
        return bool(self.reading.comparable[unit]) and self.reading.component[at] == self.home


def rated(tables: Tables, year: str, rules: Rulebook) -> Rated | None:
    """The reading of a year; None where no sheets came in or all marks are alike."""
    sheets = collected(tables, year, rules)
    marks = sheets.sheets.marks
    if len(np.unique(marks[marks != BLANK])) < 2:
        return None
    return Rated(sheets, _kept(sheets.sheets), rules)


_READ: dict[bytes, Reading] = {}
"""The newest readings by the digest of their sheets: between two judgements the sheets hardly ever change."""
MOST_KEPT = 4


def _kept(sheets: Sheets) -> Reading:
    arrays = (sheets.sheet, sheets.official, sheets.marks, sheets.home, sheets.voters, sheets.unit)
    shape = str((sheets.grades, *(each.shape for each in arrays))).encode()
    key = hashlib.sha256(b"".join((shape, *(each.tobytes() for each in arrays)))).digest()
    if key not in _READ:
        while len(_READ) >= MOST_KEPT:
            del _READ[next(iter(_READ))]
        _READ[key] = read(sheets)
    return _READ[key]


def official_findings(given: Rated | None, code: str, scheme: Scheme) -> Iterator[Finding]:
    """What the sheets of the year say of one official; nothing where too few came in."""
    at = given.number.get(code) if given else None
    if given is None or at is None:
        return
    n, rules = int(given.reading.lines[at]), given.rules
    detail = rules.publication.detail(n)
    if detail is Detail.NOTHING:
        return
    bare: dict[str, Any] = {"about": code, "n": n, "evidence": given.sheets.evidence[at]}
    if given.comparable(at):
        reading = given.reading
        warned = _doubt(given, at)
        points = in_points(given, at, reading.official[at], reading.error[at], scheme)
        yield Finding(measure="evaluation.adjusted", **bare, **points, words=warned)
        points = in_points(given, at, reading.naive[at], reading.naive_error[at], scheme)
        yield Finding(measure="evaluation.naive", **bare, **points)
    else:
        words = _("跨单位不可比：没有足够的外单位票把这个单位与其他单位连起来，只看本单位内能否分辨。")
        yield Finding(measure="evaluation.adjusted", **bare, words=words)
    if at in given.alike:
        yield Finding(measure="evaluation.standing", **bare, **_standing(given, at))


def _doubt(given: Rated, at: int) -> str:
    return DOUBTFUL if given.reading.doubtful[given.sheets.sheets.unit[at]] else ""


DOUBTFUL = _("半数以上的票可能步调一致，仅凭票面无法判断哪一方为实。")


def in_points(given: Rated, at: int, place: float, error: float, scheme: Scheme) -> dict[str, Any]:
    """A place with its error as value, low, high and unit of a finding: the points of the scheme that an
    average rater of the county would give. From few sheets only an interval in whole fives is told."""
    points = np.array([float(o.points) for o in reversed(scheme.options) if o.points is not None])
    ends = np.array([place, place - given.reach * error, place + given.reach * error])
    value, low, high = (float(x) for x in given.reading.shares(ends) @ points)
    publication = given.rules.publication
    if publication.detail(int(given.reading.lines[at])) is Detail.BANDS:
        top = float(points.max())
        return {"low": _down(low, WHOLE), "high": min(top, -_down(-high, WHOLE)), "unit": "分"}
    return {"value": round(value, 1), "low": _down(low, 0.1), "high": -_down(-high, 0.1), "unit": "分"}


def _down(value: float, step: float) -> float:
    """The value rounded down to a whole number of steps."""
    return round(math.floor(value / step + 1e-9) * step, 6)


INSIDE = _("在本单位前五分之一（把握 {level}% 以上）")
OUTSIDE = _("不在本单位前五分之一（把握 {level}% 以上）")
UNDECIDED = _("是否在本单位前五分之一，不可区分")


def _standing(given: Rated, at: int) -> dict[str, Any]:
    chance, sure = given.reading.best[at], level(given.rules)
    words = INSIDE if chance >= sure else OUTSIDE if chance <= 1 - sure else UNDECIDED
    values = {"level": f"{100 * sure:.0f}", "letters": " ".join(given.alike[at])}
    return {"words": words, "values": values}


def unit_findings(given: Rated | None, code: str) -> Iterator[Finding]:
    """What is to be known of a unit's own sheets as a whole; never of one of them."""
    if given is None or code not in given.units:
        return
    at, reading = given.sheets.units.index(code), given.reading
    n = int(reading.sheets[at])
    evidence = tuple(sorted({p for own in given.units[code] for p in given.sheets.evidence[own]}))
    bare: dict[str, Any] = {"about": code, "n": n, "evidence": evidence}
    if given.rules.publication.detail(n) is Detail.SHARES:
        alike, careless = (coarse(count[at] / n) for count in (reading.uniform, reading.careless))
        if alike or careless:
            values = {"n": n, "alike": alike, "careless": careless}
            yield Finding(measure="evaluation.sheets", **bare, words=SHEETS, values=values)
    if reading.doubtful[at]:
        yield Finding(measure="evaluation.doubtful", **bare, words=DOUBTFUL)


SHEETS = _(
    "本单位的测评票 {n} 份，其中约 {alike}% 对所有人一律同一等次（不提供区分，不算问题），"
    "约 {careless}% 像是没有细看填的。"
)


def members(given: Rated, codes: Sequence[str]) -> list[int]:
    """The numbers of those of some officials whom sheets mark and who can be compared across units."""
    found = (given.number.get(code) for code in codes)
    return [at for at in found if at is not None and given.comparable(at)]
