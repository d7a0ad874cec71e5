"""The rules of visits (调研走访): what is not asked for, what a place may be burdened with."""

from __future__ import annotations

from dataclasses import dataclass

from shigan.policy.number import Days, Flag, Minutes, People, Times, WorkingDays
from shigan.policy.reading import About


@dataclass(frozen=True, kw_only=True)
class VisitsPolicy:
    """Numbers of one visit and of the visits to one unit in a quarter."""

    about: About
    photo_required: Flag
    track_required: Flag
    signature_required: Flag
    inspection_needs_filing: Flag
    visitors: People
    host_minutes: Minutes
    visits_per_quarter: Times
    turn_into_problem: WorkingDays
    return_visit: Days
