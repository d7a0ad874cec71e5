"""From counted sheets of a democratic evaluation (民主测评) to an honest reading.

The raw reading: shares and means of the classes as they stand. `judge.raters` reads single sheets with
severity and blocs allowed for and stands beside it. Only item tallies are read here, also of single sheets:
all items of a sheet count as one vote (perfect halo), which errs on the wide side. The intervals are those of
`maths.intervals.grade_mean` and `combine`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shigan.facts.faults import _
from shigan.judge.figures import coarse, level, share
from shigan.judge.finding import Finding
from shigan.judge.sheets import Line, sheets_of
from shigan.judge.tables import Tables
from shigan.maths.intervals import Mean, combine, grade_mean
from shigan.policy import Rulebook, Scheme
from shigan.policy.publication import Detail

ROUNDING = 1e-9
"""Votes of an average item are sums of fractions; exactly a third must count as a third."""
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Class:
    """All sheets of one voter class: `votes` of an average item, by option."""

    name: str
    sheets: int
    votes: Floats
    detail: Detail
    evidence: tuple[int, ...]


def lines(tables: Tables, year: str) -> dict[str, list[Line]]:
    """The lines of each subject (`P0123`, `U045`) in a year, from counts and from single sheets.

    Where one class of one session was both counted and entered sheet by sheet, the sheets hold.
    """
    sheets = sheets_of(tables, year)
    found: dict[str, list[Line]] = defaultdict(list, {code: list(own) for code, own in sheets.items()})
    entered = {(code, line.session, line.voters) for code, own in sheets.items() for line in own}
    for code, line in _counted(tables, year):
        if (code, line.session, line.voters) not in entered:
            found[code].append(line)
    return found


def _counted(tables: Tables, year: str) -> Iterator[tuple[str, Line]]:
    head, tally = tables["EvaluationCounted"], tables["ItemTally"]
    of_year = head.filter(head.year == year).select("code", "position", "voters", "valid", "session")
    joined = of_year.join(tally, "position").order_by("code", "position", "line")
    columns = ("code", "position", "voters", "valid", "item", "counts", "blank", "session")
    for code, position, voters, valid, item, counts, *rest in tables.rows(joined.select(*columns)):
        yield code, Line(position, voters, valid, item, tuple(counts), *rest)


def classes(given: Sequence[Line], scheme: Scheme, rules: Rulebook) -> dict[str, Class]:
    """The voter classes of one subject; lines with more options than the scheme has are left out."""
    groups: dict[str, list[Line]] = defaultdict(list)
    for line in given:
        if _fits(line, scheme):
            groups[line.voters].append(line)
    return {name: _class(name, own, scheme, rules) for name, own in sorted(groups.items())}


def _fits(line: Line, scheme: Scheme) -> bool:
    return len(line.counts) <= len(scheme.options)


def _class(name: str, own: Sequence[Line], scheme: Scheme, rules: Rulebook) -> Class:
    sheets = sum({line.position: line.valid for line in own}.values())
    items = len({line.item for line in own})
    votes = np.zeros(len(scheme.options))
    for line in own:
        votes[: len(line.counts)] += np.asarray(line.counts) / items
    evidence = tuple(sorted({line.position for line in own}))
    return Class(name, sheets, votes, rules.publication.detail(sheets), evidence)


def _graded(scheme: Scheme) -> list[int]:
    """The places of the options that have points, best first."""
    return [at for at, option in enumerate(scheme.options) if option.points is not None]


def _mean(own: Class, scheme: Scheme, rules: Rulebook) -> Mean | None:
    """The class's mean in points; None where nobody graded, or too few sheets came in."""
    if own.detail is Detail.NOTHING:
        return None
    counts = [float(own.votes[at]) for at in _graded(scheme)]
    points = [float(scheme.options[at].points or 0) for at in _graded(scheme)]
    return grade_mean(counts, points, level(rules)) if sum(counts) else None


def evaluation(about: str, given: Sequence[Line], scheme: Scheme, rules: Rulebook) -> tuple[Finding, ...]:
    """All findings from one subject's sheets of one year: shares, means of classes, the weighted mean."""
    found = list(classes(given, scheme, rules).values())
    means = {own.name: _mean(own, scheme, rules) for own in found}
    return (
        *(f for own in found for f in _of_class(about, own, means[own.name], scheme, rules)),
        *_weighted(about, [(own, mean) for own in found if (mean := means[own.name])], scheme),
        *_alarm(about, found, scheme, rules),
        *_misfits(about, [line for line in given if not _fits(line, scheme)], scheme),
    )


def _of_class(
    about: str, own: Class, mean: Mean | None, scheme: Scheme, rules: Rulebook
) -> Iterator[Finding]:
    bare: dict[str, Any] = {"about": about, "item": own.name, "n": own.sheets, "evidence": own.evidence}
    if own.detail is Detail.NOTHING:
        words = _("{voters}票有效 {n} 份，不足 {limit} 份，按规定不显示任何数字。")
        values = {"voters": own.name, "n": own.sheets, "limit": rules.publication.nothing_below.value}
        yield Finding(measure="evaluation.class", words=words, values=values, **bare)
        return
    yield from _shares(about, own, scheme, rules)
    if own.detail is Detail.BANDS:
        words = _("{voters}票有效 {n} 份，不足 {limit} 份，按规定只显示分档，不显示均值。")
        values = {"voters": own.name, "n": own.sheets, "limit": rules.publication.shares_from.value}
        yield Finding(measure="evaluation.class", words=words, values=values, **bare)
    elif mean:
        yield Finding(measure="evaluation.class", **bare, **_points(mean))


def _points(mean: Mean, digits: int = 1) -> dict[str, Any]:
    """A mean as fields of a finding, rounded to so many decimals."""
    value, low, high = (float(round(each, digits)) for each in (mean.value, mean.low, mean.high))
    return {"value": value, "low": low, "high": high, "unit": "分"}


def _shares(about: str, own: Class, scheme: Scheme, rules: Rulebook) -> Iterator[Finding]:
    for option, votes in zip(scheme.options, own.votes, strict=True):
        item = f"{own.name}·{option.name}"
        if own.detail is Detail.BANDS:
            low, high = _band(float(100 * votes / own.sheets), rules)
            figures: dict[str, Any] = {"low": low, "high": high, "unit": "%", "n": own.sheets}
        else:
            figures = _coarse(share(float(votes), own.sheets, rules))
        yield Finding(measure="evaluation.share", about=about, item=item, evidence=own.evidence, **figures)


def _coarse(figures: dict[str, Any]) -> dict[str, Any]:
    value = float(coarse(figures["value"] / 100))
    return figures | {"value": value, "low": min(figures["low"], value), "high": max(figures["high"], value)}


def _band(percent: float, rules: Rulebook) -> tuple[float, float]:
    edges = [0.0, *map(float, rules.publication.bands.value), 100.0]
    at = min(int(np.searchsorted(edges, percent, "right")), len(edges) - 1)
    return edges[at - 1], edges[at]


def _weighted(about: str, given: Sequence[tuple[Class, Mean]], scheme: Scheme) -> Iterator[Finding]:
    """The weighted mean of the classes that have enough sheets; missing weight is shared out among them.
    A class shown in bands could be worked out from the others, so the mean is then given in whole points."""
    weights = {name.value: float(weight) for name, weight in scheme.weights().items()}
    used = [(own, mean) for own, mean in given if own.name in weights]
    if not used:
        return
    total = sum(weights[own.name] for own, _mean in used)
    mean = combine([(weights[own.name] / total, mean) for own, mean in used])
    banded = any(own.detail is Detail.BANDS for own, _mean in used)
    left_out = sorted(weights.keys() - {own.name for own, _mean in used})
    yield Finding(
        measure="evaluation.mean",
        about=about,
        n=sum(own.sheets for own, _mean in used),
        evidence=tuple(p for own, _mean in used for p in own.evidence),
        words=_("{voters}票没有或不足最少份数，其权重由其余票类分担。") if left_out else "",
        values={"voters": "、".join(left_out)} if left_out else {},
        **_points(mean, digits=0 if banded else 1),
    )


def low_votes(own: Class, scheme: Scheme) -> float:
    """Votes of an average item for the lower half of the graded options (基本称职 and 不称职)."""
    graded = _graded(scheme)
    return float(own.votes[graded[(len(graded) + 1) // 2 :]].sum())


def _alarm(about: str, found: Sequence[Class], scheme: Scheme, rules: Rulebook) -> Iterator[Finding]:
    used = [c for c in found if c.detail is not Detail.NOTHING]
    sheets, low = sum(c.sheets for c in used), sum(low_votes(c, scheme) for c in used)
    if sheets and low >= float(rules.appraisal.alarm.value) * sheets - ROUNDING:
        yield Finding(
            measure="evaluation.alarm",
            about=about,
            evidence=tuple(p for c in used for p in c.evidence),
            words=_("低档票合计达到 {limit}，请核实原因。"),
            values={"limit": str(rules.appraisal.alarm.value)},
            **share(low, sheets, rules),
        )


def _misfits(about: str, lines: Sequence[Line], scheme: Scheme) -> Iterator[Finding]:
    if lines:
        yield Finding(
            measure="evaluation.misfit",
            about=about,
            n=len(lines),
            evidence=tuple(sorted({line.position for line in lines})),
            words=_("{n} 行票数的栏数多于方案“{name}”的选项，没有计入；请核对计票单所用的方案。"),
            values={"n": len(lines), "name": scheme.name},
        )
