"""Honest intervals for few observations, all deterministic. Why these: docs/decisions/0010-intervals.md.

Sheets and cases stand for the judgement of such people and the handling of such cases, of which those at hand
are a sample. So there is no finite-population correction, even if every member of a body handed in a sheet.
Counts may be fractions (an average over the lines of a sheet).
"""

import itertools
import math
import string
from collections.abc import Hashable, Iterator, Sequence
from statistics import NormalDist, quantiles
from typing import NamedTuple, TypeVar

Key = TypeVar("Key", bound=Hashable)
LOWEST_N = 5
"""Fewer values than this have no quartiles worth showing."""


class Mean(NamedTuple):
    """A value with its interval, in the unit of the values, from `n` observations; low ≤ value ≤ high."""

    value: float
    low: float
    high: float
    n: float


class Quartiles(NamedTuple):
    """Median and quartiles of `n` values."""

    n: int
    q1: float
    median: float
    q3: float


def wilson(successes: float, n: float, confidence: float = 0.95) -> tuple[float, float]:
    """The score interval of a proportion, within 0 to 1. Raises ValueError unless 0 ≤ successes ≤ n, n > 0.

    Wilson 1927, JASA 22:209-212; for small n: Brown, Cai & DasGupta 2001, Statistical Science 16:101-133.
    """
    if not 0 <= successes <= n or n <= 0:
        raise ValueError(f"no proportion of {successes} in {n}")
    z = _z(confidence)
    share = successes / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    reach = z * math.sqrt(share * (1 - share) / n + (z / (2 * n)) ** 2) / (1 + z * z / n)
    return max(0.0, min(share, middle - reach)), min(1.0, max(share, middle + reach))


def rate_difference(
    successes: float, n: float, other_successes: float, other_n: float, confidence: float = 0.95
) -> Mean:
    """One proportion minus another, -1 to 1: Newcombe's hybrid score interval, two Wilson intervals squared
    and added (Newcombe 1998, Statistics in Medicine 17:873-890, method 10)."""
    low, high = wilson(successes, n, confidence)
    other_low, other_high = wilson(other_successes, other_n, confidence)
    one = Mean(successes / n, low, high, n)
    other = Mean(other_successes / other_n, other_low, other_high, other_n)
    return combine([(1.0, one), (-1.0, other)])


def grade_mean(counts: Sequence[float], points: Sequence[float], confidence: float = 0.95) -> Mean:
    """The mean of ordinal grades: `counts[i]` sheets gave the grade worth `points[i]`. In points.

    Posterior of a multinomial with half a pseudo-sheet at each end of the scale; the mean's first two moments
    are matched by a beta distribution on the scale, whose quantiles are the limits. With two grades this is
    Jeffreys' interval (Brown, Cai & DasGupta 2001, as modified there for none and all). If all sheets agree
    it still has a width, unlike a t interval. Raises ValueError for no sheets or a scale of one point.
    """
    bottom, top, n = min(points), max(points), sum(counts)
    if len(counts) != len(points) or bottom == top:
        raise ValueError("grades need one count each and at least two different points")
    if n <= 0 or min(counts) < 0:
        raise ValueError("no mean without sheets")
    places = [(point - bottom) / (top - bottom) for point in points]
    value = sum(c * at for c, at in zip(counts, places, strict=True)) / n
    a, b = _matched_beta(list(zip(counts, places, strict=True)), n)
    low = min(value, beta_quantile((1 - confidence) / 2, a, b))
    high = max(value, beta_quantile((1 + confidence) / 2, a, b))
    value, low, high = (bottom + (top - bottom) * at for at in (value, low, high))
    return Mean(value, low, high, n)


def combine(parts: Sequence[tuple[float, Mean]]) -> Mean:
    """The weighted sum Σ weight × mean of independent means, at the confidence that its parts have.

    MOVER, the method of variance estimates recovery (Zou & Donner 2008, Statistics in Medicine 27:1693-1702),
    for any number of parts: squared distances to the limits add up, so skew is kept. Weights may be negative.
    """
    if not parts:
        raise ValueError("nothing to combine")
    value = math.fsum(weight * mean.value for weight, mean in parts)
    ends = [sorted((w * (m.low - m.value), w * (m.high - m.value))) for w, m in parts]
    low = value - math.hypot(*(down for down, _up in ends))
    high = value + math.hypot(*(up for _down, up in ends))
    return Mean(value, low, high, sum(mean.n for _weight, mean in parts))


def overlap_groups(items: Sequence[tuple[Key, float, float]]) -> list[tuple[Key, ...]]:
    """Those who cannot be told apart: chains of (key, low, high) whose intervals overlap or touch.

    A chain's ends need not overlap each other. Groups and their members keep the order of `items`: this is no
    ranking. Somebody who stands apart from all is a group of one.
    """
    group_of: dict[int, int] = {}
    reach, group = -math.inf, -1
    for at in sorted(range(len(items)), key=lambda i: items[i][1]):
        _key, low, high = items[at]
        if not low <= high:
            raise ValueError(f"an interval from {low} to {high}")
        group += low > reach
        group_of[at], reach = group, max(reach, high)
    chains: dict[int, list[Key]] = {}
    for at, (key, _low, _high) in enumerate(items):
        chains.setdefault(group_of[at], []).append(key)
    return [tuple(chain) for chain in chains.values()]


def letters(
    values: Sequence[float], errors: Sequence[float], confidence: float = 0.95
) -> list[tuple[str, ...]]:
    """The letters of each, by the compact letter display: two share a letter exactly if their values differ
    by no more than their errors explain, |a - b| ≤ z·√(eₐ² + e_b²).

    Letters are given in the order of the items and say nothing of who is higher; more pairs than one are
    looked at, and none is corrected for. Insert and absorb: Piepho 2004, Journal of Computational and
    Graphical Statistics 13:456-466.
    """
    z, everybody = _z(confidence), range(len(values))
    groups = [frozenset(everybody)] if values else []
    for a, b in itertools.combinations(everybody, 2):
        if abs(values[a] - values[b]) > z * math.hypot(errors[a], errors[b]):
            split = {part for group in groups for part in (_without(group, a, b), _without(group, b, a))}
            groups = [group for group in split if not any(group < other for other in split)]
    named = dict(zip(sorted(groups, key=sorted), _names(), strict=False))
    return [tuple(name for group, name in named.items() if at in group) for at in everybody]


def _without(group: frozenset[int], out: int, other: int) -> frozenset[int]:
    """The group without `out` if it holds `other` too."""
    return group - {out} if other in group else group


def _names() -> Iterator[str]:
    """a … z, then a1 … z1, and so on."""
    for turn in itertools.count():
        yield from (f"{letter}{turn or ''}" for letter in string.ascii_lowercase)


def median_and_quartiles(values: Sequence[float]) -> Quartiles | None:
    """By linear interpolation (Hyndman & Fan 1996, type 7); None for fewer than `LOWEST_N` values."""
    if len(values) < LOWEST_N:
        return None
    return Quartiles(len(values), *quantiles(values, n=4, method="inclusive"))


def beta_quantile(p: float, a: float, b: float) -> float:
    """The x with `beta_cdf` (x, a, b) = p, to 1e-12: Newton's steps, halving the bracket where one would
    leave it."""
    low, high, at = 0.0, 1.0, a / (a + b)
    log_norm = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    while high - low > 1e-12:
        error = beta_cdf(at, a, b) - p
        low, high = (at, high) if error < 0 else (low, at)
        density = math.exp(log_norm + (a - 1) * math.log(at) + (b - 1) * math.log1p(-at))
        step = at - error / density if density else low
        before, at = at, step if low < step < high else (low + high) / 2
        if abs(at - before) <= 1e-13:
            break
    return at


def beta_cdf(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function I_x(a, b), a, b > 0 (continued fraction, DLMF 8.17.22)."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):  # the fraction converges fast on the other side only (DLMF 8.17.4)
        return 1 - beta_cdf(1 - x, b, a)
    log_front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    return math.exp(log_front) / (a * _fraction(x, a, b))


def _fraction(x: float, a: float, b: float) -> float:
    """1 + d₁/(1 + d₂/(1 + …)) of DLMF 8.17.22-23, by the modified Lentz method (DLMF 3.10(iii))."""
    value = up = 1.0
    down = 0.0
    for k in range(1, 1000):
        m = k // 2
        if k % 2:
            d = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        else:
            d = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        down = 1 / (1 + d * down)
        up = 1 + d / up
        value *= up * down
        if abs(up * down - 1) < 1e-15:
            break
    return value


def _matched_beta(graded: Sequence[tuple[float, float]], n: float) -> tuple[float, float]:
    """The beta distribution with mean and variance of Σ p·place, p ~ Dirichlet(counts + ½ at each end)."""
    weighted = [*graded, (0.5, 0.0), (0.5, 1.0)]
    mean = sum(weight * at for weight, at in weighted) / (n + 1)
    spread = sum(weight * (at - mean) ** 2 for weight, at in weighted) / (n + 1)
    sheets = mean * (1 - mean) * (n + 2) / spread - 1
    return mean * sheets, (1 - mean) * sheets


def _z(confidence: float) -> float:
    if not 0 < confidence < 1:
        raise ValueError(f"a confidence lies between 0 and 1, not at {confidence}")
    return NormalDist().inv_cdf((1 + confidence) / 2)
