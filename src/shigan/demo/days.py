"""When things happen in the demo county: on working days, in office hours."""

from __future__ import annotations

from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from random import Random

from shigan.ledger.entry import COUNTY_TIME
from shigan.maths.workdays import is_workday

START, END = date(2025, 11, 24), date(2026, 11, 20)
"""The first and the last day of the demo's year; «today» is the Monday after."""
TODAY = date(2026, 11, 23)
LAST = END.toordinal() - START.toordinal()
OPENS, MINUTES = time(8, 30), 9 * 60
"""Office hours, in the county's time."""


@cache
def working_days() -> tuple[date, ...]:
    """All working days from the first to some weeks past the last."""
    span = (START + timedelta(days=n) for n in range(LAST + 120))
    return tuple(day for day in span if is_workday(day, fallback=True))


def workday(day: date, skip: int = 0) -> date:
    """The first working day from `day` on, and `skip` working days later."""
    days = working_days()
    return days[min(bisect_left(days, day) + skip, len(days) - 1)]


def moment(day: date, random: Random) -> datetime:
    """A moment in office hours of a day, in UTC with milliseconds."""
    opened = datetime.combine(day, OPENS, UTC) - COUNTY_TIME
    return opened + timedelta(milliseconds=int(random.random() * MINUTES * 60_000))


FIRST = START + timedelta(days=1)
"""The first day of work: the ledger is founded the day before."""


def some_day(random: Random, start: date = FIRST, end: date = END) -> date:
    """A working day from `start` to `end`, all equally likely."""
    days = working_days()
    low, high = bisect_left(days, start), bisect_left(days, end + timedelta(days=1))
    return days[min(low + int(random.random() * (high - low)), len(days) - 1)]
