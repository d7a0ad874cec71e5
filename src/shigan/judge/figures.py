"""Small arithmetic that several measures share: shares with intervals, medians, quartiles, benchmarks."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import comb
from statistics import median as middle
from typing import Any

from shigan.judge.finding import Benchmark, Finding
from shigan.maths.intervals import median_and_quartiles, wilson
from shigan.policy import Rulebook


@dataclass(frozen=True, slots=True)
class Period:
    """The appraisal year, seen on a day."""

    year: int
    today: date

    @property
    def start(self) -> date:
        return date(self.year, 1, 1)

    @property
    def end(self) -> date:
        """The year's last day, or today when that is earlier."""
        return min(date(self.year, 12, 31), self.today)

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end


def level(rules: Rulebook) -> float:
    """The confidence of every interval, 0 to 1."""
    return float(rules.appraisal.confidence.share)


COARSE = 5
"""Shares of sheets are told to the nearest five in a hundred: finer ones suggest what few cannot tell."""


def coarse(share: float) -> int:
    """A share of sheets, 0 to 1, in whole fives of a hundred."""
    return COARSE * round(100 * share / COARSE)


def share(part: float, whole: float, rules: Rulebook) -> dict[str, Any]:
    """Value, Wilson interval, unit and n of `part` of `whole`, as fields of a finding; none for 0 of 0."""
    if not whole:
        return {"value": None, "unit": "%", "n": 0}
    low, high = wilson(part, whole, level(rules))
    return {"value": 100 * part / whole, "low": 100 * low, "high": 100 * high, "unit": "%", "n": int(whole)}


def median(values: Sequence[float], rules: Rulebook) -> dict[str, Any]:
    """Value, interval and n of a median, as fields of a finding. The interval is the pair of order statistics
    that covers the true median with at least the policy's confidence; none when there are too few values."""
    if not values:
        return {"value": None, "n": 0}
    ranked = sorted(values)
    cut = _cut(len(ranked), level(rules))
    ends = {} if cut is None else {"low": float(ranked[cut]), "high": float(ranked[-1 - cut])}
    return {"value": float(middle(ranked)), "n": len(ranked), **ends}


def _cut(n: int, confidence: float) -> int | None:
    """How many values may be cut off at each end."""
    tail, cut = 0.0, None
    for k in range(n // 2):
        tail += comb(n, k) / 2**n
        if 2 * tail > 1 - confidence:
            break
        cut = k
    return cut


def benchmark(values: Collection[float], rules: Rulebook) -> Benchmark | None:
    """The group's figures; None for a group that is too small to compare in."""
    if len(values) < rules.appraisal.group_minimum.value:
        return None
    found = median_and_quartiles([*values])
    return found and Benchmark(found.n, found.median, found.q1, found.q3, min(values), max(values))


def count(measure: str, about: str, evidence: Iterable[int], unit: str = "件") -> Finding:
    """A plain count of entries, each of them evidence."""
    found = tuple(evidence)
    return Finding(
        measure=measure, about=about, value=float(len(found)), unit=unit, n=len(found), evidence=found
    )
