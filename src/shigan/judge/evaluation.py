"""From counted sheets of a democratic evaluation (民主测评) to an honest reading.

`evaluation` is the one function behind which a better rater model may come; what it takes and gives stays.
The interval of a mean of graded sheets is that of a multinomial with one pseudo-sheet spread evenly over the
options (Perks 1947 prior), so that eight sheets of 优秀 do not pretend to certainty. Only item tallies are
known, not single sheets: all items of a sheet count as one vote (perfect halo), which errs on the wide side.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from shigan.facts.faults import _
from shigan.judge.figures import level, share
from shigan.judge.finding import Finding
from shigan.judge.tables import Tables
from shigan.policy import Rulebook, Scheme
from shigan.policy.publication import Detail

COARSE = 5
"""Shares are shown to the nearest five in a hundred: finer ones would suggest what few sheets cannot tell."""
Floats = NDArray[np.float64]


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
class Class:
    """All sheets of one voter class: per option the votes of an average item. `mean` and `sd` are those of
    the class's mean in points, with the pseudo-sheet; `raw` is the plain mean."""

    name: str
    sheets: int
    votes: Floats
    detail: Detail
    raw: float
    mean: float
    sd: float
    evidence: tuple[int, ...]


def lines(tables: Tables, year: str) -> dict[str, list[Line]]:
    """The lines of each subject (`P0123`, `U045`) in a year."""
    head, tally = tables["EvaluationCounted"], tables["ItemTally"]
    of_year = head.filter(head.year == year).select("code", "position", "voters", "valid", "session")
    joined = of_year.join(tally, "position").order_by("code", "position", "line")
    columns = ("code", "position", "voters", "valid", "item", "counts", "blank", "session")
    found: dict[str, list[Line]] = defaultdict(list)
    for code, position, voters, valid, item, counts, *rest in tables.rows(joined.select(*columns)):
        found[code].append(Line(position, voters, valid, item, tuple(counts), *rest))
    return found


def classes(given: Sequence[Line], scheme: Scheme, rules: Rulebook) -> dict[str, Class]:
    """The voter classes of one subject; lines that do not fit the scheme's options are left out."""
    groups: dict[str, list[Line]] = defaultdict(list)
    for line in given:
        if len(line.counts) <= len(scheme.options):
            groups[line.voters].append(line)
    return {name: _class(name, own, scheme, rules) for name, own in sorted(groups.items())}


def _class(name: str, own: Sequence[Line], scheme: Scheme, rules: Rulebook) -> Class:
    sheets = sum({line.position: line.valid for line in own}.values())
    items = len({line.item for line in own})
    votes = np.zeros(len(scheme.options))
    for line in own:
        votes[: len(line.counts)] += np.asarray(line.counts) / items
    raw, mean, sd = _graded(votes, scheme)
    evidence = tuple(sorted({line.position for line in own}))
    return Class(name, sheets, votes, rules.publication.detail(sheets), raw, mean, sd, evidence)


def _graded(votes: Floats, scheme: Scheme) -> tuple[float, float, float]:
    """Plain mean, mean and standard deviation with one pseudo-sheet, in points; NaN where nobody graded."""
    graded = [at for at, option in enumerate(scheme.options) if option.points is not None]
    points = np.array([float(scheme.options[at].points or 0) for at in graded])
    own = votes[graded]
    total = own.sum()
    if not total:
        return float("nan"), float("nan"), float("nan")
    shares = (own + 1 / len(own)) / (total + 1)
    mean = float(shares @ points)
    variance = float(shares @ (points - mean) ** 2) / (total + 2)
    return float(own @ points / total), mean, variance**0.5


def evaluation(about: str, given: Sequence[Line], scheme: Scheme, rules: Rulebook) -> tuple[Finding, ...]:
    """All findings from one subject's sheets of one year: shares, means of classes, the weighted mean."""
    found = classes(given, scheme, rules)
    return tuple(
        finding
        for part in (
            (f for c in found.values() for f in _of_class(about, c, scheme, rules)),
            _weighted(about, found, scheme, rules),
            _alarm(about, found, scheme, rules),
        )
        for finding in part
    )


def _of_class(about: str, own: Class, scheme: Scheme, rules: Rulebook) -> Iterator[Finding]:
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
    elif own.mean == own.mean:
        low, high = _ends(own.mean, own.sd, scheme, rules)
        value = round(own.raw, 1)
        yield Finding(
            measure="evaluation.class",
            unit="分",
            value=value,
            low=min(low, value),
            high=max(high, value),
            **bare,
        )


def _shares(about: str, own: Class, scheme: Scheme, rules: Rulebook) -> Iterator[Finding]:
    for option, votes in zip(scheme.options, own.votes, strict=True):
        item = f"{own.name}·{option.name}"
        if own.detail is Detail.BANDS:
            low, high = _band(100 * votes / own.sheets, rules)
            figures: dict[str, Any] = {"low": low, "high": high, "unit": "%", "n": own.sheets}
        else:
            figures = share(round(votes), own.sheets, rules)
            figures["value"] = float(COARSE * round(figures["value"] / COARSE))
        yield Finding(measure="evaluation.share", about=about, item=item, evidence=own.evidence, **figures)


def _band(percent: float, rules: Rulebook) -> tuple[float, float]:
    edges = [0.0, *map(float, rules.publication.bands.value), 100.0]
    at = min(int(np.searchsorted(edges, percent, "right")), len(edges) - 1)
    return edges[at - 1], edges[at]


def _ends(mean: float, sd: float, scheme: Scheme, rules: Rulebook) -> tuple[float, float]:
    """The interval, to a tenth of a point, within the scheme's points."""
    reach = NormalDist().inv_cdf((1 + level(rules)) / 2) * sd
    points = [float(each) for each in scheme.points().values()]
    return round(max(mean - reach, min(points)), 1), round(min(mean + reach, max(points)), 1)


def _weighted(about: str, found: dict[str, Class], scheme: Scheme, rules: Rulebook) -> Iterator[Finding]:
    """The weighted mean of the classes that have enough sheets; missing weight is shared out among them.
    A class shown in bands could be worked out from the others, so the mean is then given in whole points."""
    weights = {name: float(weight) for name, weight in scheme.weights().items()}
    used = [
        c for c in found.values() if c.detail is not Detail.NOTHING and c.mean == c.mean and c.name in weights
    ]
    total = sum(weights[c.name] for c in used)
    if not total:
        return
    digits = 0 if any(c.detail is Detail.BANDS for c in used) else 1
    parts = [(weights[c.name] / total, c) for c in used]
    value = round(sum(w * c.raw for w, c in parts), digits)
    sd = sum((w * c.sd) ** 2 for w, c in parts) ** 0.5
    low, high = _ends(sum(w * c.mean for w, c in parts), sd, scheme, rules)
    left_out = sorted(weights.keys() - {c.name for c in used})
    yield Finding(
        measure="evaluation.mean",
        about=about,
        unit="分",
        value=value,
        low=min(low, value),
        high=max(high, value),
        n=sum(c.sheets for c in used),
        evidence=tuple(p for c in used for p in c.evidence),
        words=_("{voters}票没有或不足最少份数，其权重由其余票类分担。") if left_out else "",
        values={"voters": "、".join(left_out)} if left_out else {},
    )


def low_votes(own: Class, scheme: Scheme) -> float:
    """Votes of an average item for the lower half of the graded options (基本称职 and 不称职)."""
    graded = [at for at, option in enumerate(scheme.options) if option.points is not None]
    return float(own.votes[graded[(len(graded) + 1) // 2 :]].sum())


def _alarm(about: str, found: dict[str, Class], scheme: Scheme, rules: Rulebook) -> Iterator[Finding]:
    used = [c for c in found.values() if c.detail is not Detail.NOTHING]
    sheets, low = sum(c.sheets for c in used), sum(low_votes(c, scheme) for c in used)
    if sheets and low / sheets >= rules.appraisal.alarm.value:
        yield Finding(
            measure="evaluation.alarm",
            about=about,
            evidence=tuple(p for c in used for p in c.evidence),
            words=_("低档票合计达到 {limit}，请核实原因。"),
            values={"limit": str(rules.appraisal.alarm.value)},
            **share(round(low), sheets, rules),
        )
