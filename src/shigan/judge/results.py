"""Actual results (实绩) against the comparison group: indicators, and areas as places with intervals.

A place says where a value stands among the *others* of its group: 0 below all, 50 in the middle, 100 above
all, ties counting half. An area's place is the weighted mean of its indicators' places. It is no score: with
nine comparable units the interval of a middle place reaches from about 20 to 80, and the page shows it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from shigan.facts.appraisal import Area, Nature
from shigan.facts.faults import _
from shigan.judge.figures import benchmark, level
from shigan.judge.finding import Benchmark, Finding
from shigan.judge.tables import Tables
from shigan.maths.intervals import wilson
from shigan.policy import Rulebook, Scheme
from shigan.policy.schemes import Better, Indicator


class Record(NamedTuple):
    """One result on record. `late` entries weigh less."""

    position: int
    indicator: str
    nature: str
    area: str
    value: float
    measure: str
    late: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """A subject's year in one indicator: the weighted mean of its records; `weight` < 1 if some were late."""

    value: float
    weight: float
    measure: str
    evidence: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A reading's place among `others` of its group, 0 to 1, with the weight it has in its area."""

    at: float
    others: int
    weight: float
    process: bool
    evidence: tuple[int, ...]


def records(tables: Tables, rules: Rulebook, year: str) -> dict[str, list[Record]]:
    """The records of each subject (`P0123`, `U045`) in a year."""
    table = tables["ResultRecorded"]
    of_year = table.filter(table.year == year).order_by("code", "position")
    columns = ("code", "position", "indicator", "nature", "area", "value", "measure")
    late = of_year.lag > rules.ledger.late_after("ResultRecorded")
    found: dict[str, list[Record]] = defaultdict(list)
    for code, *rest in tables.rows(of_year.select(*columns, late=late)):
        found[code].append(Record(*rest))
    return found


def _indicator(record: Record, scheme: Scheme) -> Indicator | None:
    return next((i for i in scheme.indicators if i.name == record.indicator), None)


def _readings(own: Sequence[Record], scheme: Scheme, rules: Rulebook) -> dict[str, Reading]:
    """By the indicator's name."""
    groups: dict[str, list[Record]] = defaultdict(list)
    for record in own:
        if indicator := _indicator(record, scheme):
            groups[indicator.name].append(record)
    return {name: _reading(found, rules) for name, found in groups.items()}


def _reading(own: Sequence[Record], rules: Rulebook) -> Reading:
    weight_late = float(rules.appraisal.late.weight.share)
    weights = np.array([weight_late if r.late else 1.0 for r in own])
    values = np.array([r.value for r in own])
    value = float(weights @ values / weights.sum()) if weights.any() else float(values.mean())
    return Reading(value, float(weights.mean()), own[-1].measure, tuple(r.position for r in own))


def group_results(
    members: Sequence[str], all_records: Mapping[str, Sequence[Record]], scheme: Scheme, rules: Rulebook
) -> dict[str, list[Finding]]:
    """The findings of every member of one comparison group."""
    read = {m: _readings(all_records.get(m, ()), scheme, rules) for m in members}
    found: dict[str, list[Finding]] = {m: [] for m in members}
    places: dict[str, dict[str, list[Place]]] = {m: defaultdict(list) for m in members}
    for indicator in scheme.indicators:
        has = {m: read[m][indicator.name] for m in members if indicator.name in read[m]}
        group = benchmark(r.value for r in has.values()) if _comparable(len(has), rules) else None
        ordered = np.sort([r.value for r in has.values()])
        for m, reading in has.items():
            found[m].append(_indicator_finding(m, indicator, reading, group))
            if group:
                places[m][indicator.area].append(_place(reading, ordered, indicator))
    for m in members:
        found[m] += _areas(m, places[m], rules)
        found[m] += _others(m, all_records.get(m, ()), scheme)
    return found


def _comparable(n: int, rules: Rulebook) -> bool:
    return n >= max(2, rules.appraisal.group_minimum.value)


def _indicator_finding(about: str, own: Indicator, reading: Reading, group: Benchmark | None) -> Finding:
    process = own.nature is Nature.PROCESS
    return Finding(
        measure="results.process" if process else "results.outcome",
        about=about,
        item=own.name,
        value=reading.value,
        unit=reading.measure,
        n=len(reading.evidence),
        evidence=reading.evidence,
        words=_("{area}（{nature}）"),
        values={"area": own.area, "nature": own.nature},
        compare=group,
    )


def _place(reading: Reading, ordered: np.ndarray, indicator: Indicator) -> Place:
    below = int(np.searchsorted(ordered, reading.value, "left"))
    equal = int(np.searchsorted(ordered, reading.value, "right")) - below - 1
    others = len(ordered) - 1
    at = (below + equal / 2) / others
    return Place(
        at if indicator.better is Better.HIGHER else 1 - at,
        others,
        float(indicator.weight) * reading.weight,
        indicator.nature is Nature.PROCESS,
        reading.evidence,
    )


def _areas(about: str, places: Mapping[str, Sequence[Place]], rules: Rulebook) -> Iterator[Finding]:
    for area in Area:
        if own := places.get(area):
            yield _area(about, area, own, rules)


def _area(about: str, area: str, own: Sequence[Place], rules: Rulebook) -> Finding:
    evidence = tuple(p for place in own for p in place.evidence)
    weights = _capped(own, float(rules.appraisal.process_cap.share))
    if weights is None:
        words = _("{area}只有过程类指标，不作领域比较。")
        return Finding(
            measure="results.area",
            about=about,
            item=area,
            n=len(own),
            evidence=evidence,
            words=words,
            values={"area": area},
        )
    at = float(np.average([p.at for p in own], weights=weights))
    others = min(p.others for p in own)
    low, high = wilson(at * others, others, level(rules))
    return Finding(
        measure="results.area",
        about=about,
        item=area,
        value=100 * at,
        low=100 * low,
        high=100 * high,
        unit="位",
        n=len(own),
        evidence=evidence,
        words=_("与同组其他 {n} 个对象比"),
        values={"n": others},
    )


def _capped(own: Sequence[Place], cap: float) -> list[float] | None:
    """The weights in an area, process cut down to its cap; None where there is nothing but process."""
    outcome = sum(p.weight for p in own if not p.process)
    process = sum(p.weight for p in own if p.process)
    if not outcome:
        return None
    most = cap / (1 - cap) * outcome
    cut = most / process if process > most else 1.0
    return [p.weight * cut if p.process else p.weight for p in own]


def _others(about: str, own: Sequence[Record], scheme: Scheme) -> Iterator[Finding]:
    """Records that the scheme has no indicator for."""
    rest = [r for r in own if _indicator(r, scheme) is None]
    if rest:
        names = "、".join(sorted({r.indicator for r in rest}))
        yield Finding(
            measure="results.other",
            about=about,
            value=float(len(rest)),
            unit="条",
            n=len(rest),
            evidence=tuple(r.position for r in rest),
            words=_("方案中没有的指标：{names}"),
            values={"names": names},
        )


def standing(areas: Sequence[Finding]) -> float | None:
    """The mean place over the areas; only to ask whether results and evaluation contradict, never shown."""
    places = [f.value for f in areas if f.value is not None]
    return sum(places) / len(places) if places else None
