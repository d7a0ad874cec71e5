"""Could it be chance? Exact binomial tails, and many tests at once."""

from __future__ import annotations

from collections.abc import Mapping
from math import exp, lgamma, log
from typing import TypeVar

K = TypeVar("K", bound=str)


def upper_tail(k: int, n: int, p: float) -> float:
    """P(X ≥ k) for X binomial (n, p), exact up to rounding."""
    if k <= 0:
        return 1.0
    if not 0 < p < 1:
        return float(p >= 1)
    return min(1.0, sum(exp(_log_mass(x, n, p)) for x in range(k, n + 1)))


def _log_mass(x: int, n: int, p: float) -> float:
    choose = lgamma(n + 1) - lgamma(x + 1) - lgamma(n - x + 1)
    return choose + x * log(p) + (n - x) * log(1 - p)


def discoveries(tails: Mapping[K, float], rate: float, among: int = 0) -> list[K]:
    """The keys whose tail probability stands out, with an expected share `rate` of false ones among them
    (Benjamini & Hochberg 1995, JRSS B 57:289–300). `among` is the number of tests when not all are given."""
    ordered = sorted(tails, key=lambda key: (tails[key], key))
    tests = max(among, len(ordered))
    kept = max((at for at, key in enumerate(ordered, 1) if tails[key] <= rate * at / tests), default=0)
    return ordered[:kept]
