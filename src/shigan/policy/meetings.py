"""The rules of criticism meetings (民主生活会, 组织生活会)."""

from __future__ import annotations

from dataclasses import dataclass

from shigan.policy.number import Days, Flag, MonthList, Ratio, Times
from shigan.policy.reading import About


@dataclass(frozen=True, kw_only=True)
class MeetingsPolicy:
    """`quorum` is the least part of the members expected (应到) that must be present."""

    about: About
    quorum: Ratio
    democratic_life_per_year: Times
    organizational_life_per_year: Times
    usual_months: MonthList
    last_items_first: Flag
    opinions_unattributed: Flag
    report: Days
