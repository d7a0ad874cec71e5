"""Actual results (实绩) against the comparison group: indicators, and areas as places with intervals.

A place says where a value stands among the *others* of its group in the same month: 0 below all, 50 in the
middle, 100 above all, ties counting half. An indicator's place is the mean over the months on record, an
area's the weighted mean of its indicators' places. Two things make a place uncertain, and its interval is the
wider of both on each side: the others are few (Wilson's interval, as if they were a sample of such units),
and the place moves from month to month (standard error from the spread pooled over the group). Indicators of
an area are taken to move together. With nine others, a middle place reaches from about 20 to 80.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from statistics import fmean as mean
from typing import NamedTuple

from shigan.facts.appraisal import Area, Nature
from shigan.facts.faults import _
from shigan.judge.figures import benchmark, level
from shigan.judge.finding import Finding
from shigan.judge.tables import Tables
from shigan.maths.intervals import wilson
from shigan.policy import Rulebook, Scheme
from shigan.policy.schemes import Better, Indicator


class Record(NamedTuple):
    """One result on record. `late` entries weigh less; `month` is that in which it happened."""

    position: int
    indicator: str
    value: float
    measure: str
    late: bool
    month: str


OfGroup = Mapping[str, Sequence[Record]]
"""The records of one indicator, by member."""


class Month(NamedTuple):
    """A member's place in one month, among how many others, and the weight of its records."""

    at: float
    others: int
    weight: float


@dataclass(frozen=True, slots=True)
class Place:
    """Where a subject stands in one indicator among `others` of its group, 0 to 1, with the standard error of
    that place and the weight it has in its area."""

    at: float
    error: float
    others: int
    weight: float
    process: bool
    evidence: tuple[int, ...]


def records(tables: Tables, rules: Rulebook, year: str) -> dict[str, list[Record]]:
    """The records of each subject (`P0123`, `U045`) in a year."""
    table = tables["ResultRecorded"]
    of_year = table.filter(table.year == year).order_by("code", "position")
    late = of_year.lag > rules.ledger.late_after("ResultRecorded")
    month = of_year.happened.strftime("%Y-%m")
    columns = of_year.select("code", "position", "indicator", "value", "measure", late=late, month=month)
    found: dict[str, list[Record]] = defaultdict(list)
    for code, *rest in tables.rows(columns):
        found[code].append(Record(*rest))
    return found


def group_results(
    members: Sequence[str], all_records: OfGroup, scheme: Scheme, rules: Rulebook
) -> dict[str, list[Finding]]:
    """The findings of every member of one comparison group."""
    found: dict[str, list[Finding]] = {m: [] for m in members}
    by_name = _by_indicator(members, all_records)
    for indicator in scheme.indicators:
        for finding in _indicator_findings(indicator, by_name.get(indicator.name, {}), rules):
            found[finding.about].append(finding)
    places = _all_places(members, by_name, scheme, rules)
    for m in members:
        found[m] += _areas(m, places[m], rules)
        found[m] += _others(m, all_records.get(m, ()), scheme)
    return found


def balanced(
    members: Sequence[str], all_records: OfGroup, scheme: Scheme, rules: Rulebook
) -> dict[str, float]:
    """The mean place over the areas, 0 to 1, of each member that can be compared in one at least. Every month
    counts alike. Only to be set against the ballots, never shown."""
    places = _all_places(members, _by_indicator(members, all_records), scheme, rules)
    cap, found = float(rules.appraisal.process_cap.share), {}
    for m, areas in places.items():
        weighed = [(own, weights) for own in areas.values() if (weights := _capped(own, cap))]
        if weighed:
            found[m] = mean(_mean([place.at for place in own], weights) for own, weights in weighed)
    return found


def _all_places(
    members: Sequence[str], by_name: Mapping[str, OfGroup], scheme: Scheme, rules: Rulebook
) -> dict[str, dict[str, list[Place]]]:
    """The places of each member by area."""
    places: dict[str, dict[str, list[Place]]] = {m: defaultdict(list) for m in members}
    for indicator in scheme.indicators:
        for m, place in _places(indicator, by_name.get(indicator.name, {}), rules).items():
            places[m][indicator.area].append(place)
    return places


def _by_indicator(members: Sequence[str], all_records: OfGroup) -> dict[str, dict[str, list[Record]]]:
    found: dict[str, dict[str, list[Record]]] = defaultdict(lambda: defaultdict(list))
    for m in members:
        for record in all_records.get(m, ()):
            found[record.indicator][m].append(record)
    return found


def _weights(own: Sequence[Record], rules: Rulebook) -> list[float]:
    """Late records weigh what the policy leaves them."""
    late = float(rules.appraisal.late.weight.share)
    return [late if record.late else 1.0 for record in own]


def _mean(values: Sequence[float], weights: Sequence[float]) -> float:
    """The weighted mean; the plain one where all weights are 0."""
    total = sum(weights)
    return sum(v * w for v, w in zip(values, weights, strict=True)) / total if total else mean(values)


def _indicator_findings(indicator: Indicator, own: OfGroup, rules: Rulebook) -> Iterator[Finding]:
    process = indicator.nature is Nature.PROCESS
    values = {m: _mean([r.value for r in records], _weights(records, rules)) for m, records in own.items()}
    group = benchmark(values.values(), rules)
    for m, value in values.items():
        yield Finding(
            measure="results.process" if process else "results.outcome",
            about=m,
            item=indicator.name,
            value=value,
            unit=own[m][-1].measure,
            n=len(own[m]),
            evidence=tuple(r.position for r in own[m]),
            words=_("{area}（{nature}）"),
            values={"area": str(indicator.area), "nature": str(indicator.nature)},
            compare=group,
        )


def _places(indicator: Indicator, own: OfGroup, rules: Rulebook) -> dict[str, Place]:
    """The place of each member that can be compared in at least one month."""
    monthly = _monthly(indicator, own, rules)
    spread = _spread([[month.at for month in months] for months in monthly.values()])
    return {
        m: Place(
            at=_mean([month.at for month in months], [month.weight for month in months]),
            error=spread / len(months) ** 0.5,
            others=min(month.others for month in months),
            weight=float(indicator.weight) * mean(month.weight for month in months),
            process=indicator.nature is Nature.PROCESS,
            evidence=tuple(r.position for r in own[m]),
        )
        for m, months in monthly.items()
    }


def _monthly(indicator: Indicator, own: OfGroup, rules: Rulebook) -> dict[str, list[Month]]:
    """Each member's places in the months in which enough members have a record."""
    months: dict[str, dict[str, list[Record]]] = defaultdict(lambda: defaultdict(list))
    for m, own_records in own.items():
        for record in own_records:
            months[record.month][m].append(record)
    found: dict[str, list[Month]] = defaultdict(list)
    for _month, of_month in sorted(months.items()):
        if len(of_month) < max(2, rules.appraisal.group_minimum.value):
            continue
        values = {m: mean(r.value for r in own_records) for m, own_records in of_month.items()}
        ordered = sorted(values.values())
        for m, value in values.items():
            at, weight = _at(value, ordered, indicator.better), mean(_weights(of_month[m], rules))
            found[m].append(Month(at, len(ordered) - 1, weight))
    return found


def _at(value: float, ordered: Sequence[float], better: Better) -> float:
    below = bisect_left(ordered, value)
    equal = bisect_right(ordered, value) - below - 1
    at = (below + equal / 2) / (len(ordered) - 1)
    return at if better is Better.HIGHER else 1 - at


def _spread(rows: Sequence[Sequence[float]]) -> float:
    """The standard deviation within rows, pooled; 0 where no row has two values."""
    freedom = sum(len(row) - 1 for row in rows)
    squares = sum((at - middle) ** 2 for row in rows for middle in (mean(row),) for at in row)
    return float((squares / freedom) ** 0.5) if freedom else 0.0


def _areas(about: str, places: Mapping[str, Sequence[Place]], rules: Rulebook) -> Iterator[Finding]:
    for area in Area:
        if own := places.get(area):
            yield _area(about, str(area), own, rules)


def _area(about: str, area: str, own: Sequence[Place], rules: Rulebook) -> Finding:
    evidence = tuple(p for place in own for p in place.evidence)
    weights = _capped(own, float(rules.appraisal.process_cap.share))
    if weights is None:
        return Finding(
            measure="results.area",
            about=about,
            item=area,
            n=len(own),
            evidence=evidence,
            words=_("{area}只有过程类指标，不作领域比较。"),
            values={"area": area},
        )
    at, others = _mean([p.at for p in own], weights), min(p.others for p in own)
    low, high = _ends(at, _mean([p.error for p in own], weights), others, level(rules))
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


def _ends(at: float, error: float, others: int, confidence: float) -> tuple[float, float]:
    """The wider of the two intervals on each side, within 0 to 1."""
    low, high = wilson(min(at, 1.0) * others, others, confidence)
    reach = NormalDist().inv_cdf((1 + confidence) / 2) * error
    return max(0.0, min(low, at - reach)), min(1.0, max(high, at + reach))


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
    known = {indicator.name for indicator in scheme.indicators}
    rest = [record for record in own if record.indicator not in known]
    if rest:
        names = "、".join(sorted({record.indicator for record in rest}))
        yield Finding(
            measure="results.other",
            about=about,
            value=float(len(rest)),
            unit="条",
            n=len(rest),
            evidence=tuple(record.position for record in rest),
            words=_("方案中没有的指标：{names}"),
            values={"names": names},
        )


def standing(areas: Sequence[Finding]) -> float | None:
    """The mean place over the areas; only to ask whether results and evaluation contradict, never shown."""
    places = [f.value for f in areas if f.value is not None]
    return mean(places) if places else None
