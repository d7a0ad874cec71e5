"""Ballots and work records read together, a second reading beside the first; and where the two contradict.

The records are the month-balanced places of `judge.results`: each month counts alike, so that a pile in
December weighs no more than one month. How far they can be trusted is told by their odd and even months, and
by whether they go with the ballots at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from statistics import NormalDist

import numpy as np

from shigan.facts.faults import _
from shigan.judge.chance import discoveries
from shigan.judge.figures import level
from shigan.judge.finding import Finding
from shigan.judge.raters import Rated, in_points, members
from shigan.judge.results import OfGroup, balanced
from shigan.maths.raters.fusion import Fused, borne_out, fuse, reliability, standardised
from shigan.policy import Scheme
from shigan.policy.publication import Detail

ODD, EVEN = 1, 0


def fused_findings(
    given: Rated | None, codes: Sequence[str], records: OfGroup, scheme: Scheme
) -> dict[str, list[Finding]]:
    """By official of one comparison group: the fused reading, and a question where the two contradict."""
    own = members(given, codes) if given else []
    if given is None or len(own) < given.rules.appraisal.group_minimum.value:
        return {}
    names = [given.sheets.officials[at] for at in own]
    halves = [_places(names, codes, _months(records, parity), scheme, given) for parity in (ODD, EVEN)]
    whole = standardised(_places(names, codes, records, scheme, given))
    place, error = given.reading.official[own], given.reading.error[own]
    sure = min(reliability(*halves), borne_out(place, error, whole))
    if not sure:
        return {}
    found = fuse(place, error, whole, sure)
    evidence = {code: tuple(record.position for record in records.get(code, ())) for code in names}
    return _told(given, own, found, evidence, scheme)


def _months(records: OfGroup, parity: int) -> OfGroup:
    """The records of every other month."""
    return {m: [r for r in own if int(r.month[-2:]) % 2 == parity] for m, own in records.items()}


def _places(
    names: Sequence[str], group: Sequence[str], records: OfGroup, scheme: Scheme, given: Rated
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    places = balanced(group, records, scheme, given.rules)
    return np.array([places.get(name, np.nan) for name in names])


def _told(
    given: Rated, own: Sequence[int], found: Fused, evidence: Mapping[str, tuple[int, ...]], scheme: Scheme
) -> dict[str, list[Finding]]:
    sides = _contradicting(found, 1 - level(given.rules))
    told: dict[str, list[Finding]] = {}
    for row, at in enumerate(own):
        n, code = int(given.reading.lines[at]), given.sheets.officials[at]
        if np.isnan(found.z[row]) or given.rules.publication.detail(n) is Detail.NOTHING:
            continue
        both = given.sheets.evidence[at] + evidence[code]
        points = in_points(given, at, found.place[row], found.error[row], scheme)
        told[code] = [Finding(measure="evaluation.fused", about=code, n=n, evidence=both, **points)]
        told[code] += _question(code, sides.get(row, 0), both)
    return told


def _contradicting(found: Fused, rate: float) -> dict[int, int]:
    """Rows whose records stand above (1) or below (-1) the ballots by more than chance, tested together."""
    known = {str(row): z for row, z in enumerate(found.z.tolist()) if not np.isnan(z)}
    tails = {row: 2 * NormalDist().cdf(-abs(z)) for row, z in known.items()}
    return {int(row): 1 if known[row] > 0 else -1 for row in discoveries(tails, rate)}


def _question(code: str, side: int, evidence: tuple[int, ...]) -> Iterator[Finding]:
    if side:
        words = _("测评偏低而实绩偏高，请核实") if side > 0 else _("测评偏高而实绩偏低，请核实")
        yield Finding(measure="results.contradiction", about=code, words=words, evidence=evidence)
