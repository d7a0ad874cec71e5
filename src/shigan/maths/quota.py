"""Quotas by percentage, floored for every comparison group, with the leftover pool in sight.

The forms in use show a theory number with two decimals and take its whole part per comparison group
(考核单元); what the fractions add up to is lost unless somebody shows it. Exact arithmetic, no floats.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True)
class Quota:
    """`theory` = n × percent ÷ 100, cut to two decimals; `whole` its whole part; `rest` = theory - whole."""

    theory: Decimal
    whole: int
    rest: Decimal


@dataclass(frozen=True)
class Pool:
    """The quota of each group in the order given, that of all together, the `left` places no group has."""

    groups: dict[str, Quota]
    total: Quota
    left: int


def floor_quota(n: int, percent: Decimal | int) -> Quota:
    """The quota of `percent` (0 to 100) of `n` persons. Never rounded up: a quota is an upper limit.

    >>> floor_quota(13, 20)
    Quota(theory=Decimal('2.60'), whole=2, rest=Decimal('0.60'))
    """
    if isinstance(percent, float):
        raise ValueError("a percentage is a Decimal or an int, never a float")
    if n < 0 or not 0 <= percent <= 100:
        raise ValueError(f"no quota of {percent} % of {n}")
    theory = (Decimal(n) * percent / 100).quantize(HUNDREDTH, ROUND_FLOOR)
    whole = int(theory)
    return Quota(theory, whole, theory - whole)


def pool(groups: Mapping[str, int], percent: Decimal | int) -> Pool:
    """The quota of each group (name → persons), and the pool = floor(all × %) - Σ floor(group × %)."""
    quotas = {name: floor_quota(n, percent) for name, n in groups.items()}
    total = floor_quota(sum(groups.values()), percent)
    return Pool(quotas, total, total.whole - sum(quota.whole for quota in quotas.values()))
