"""The Chinese working-day calendar, with the days shifted around holidays (调休), and legal clocks on it.

Holidays are the yearly notices of the State Council as collected by the library `chinese-calendar`. A notice
comes out in the late autumn of the year before, so the following year is often unknown. Then these functions
raise `UnknownYear`, or with ``fallback=True`` count Monday to Friday without the public holidays whose date
is fixed by law (全国年节及纪念日放假办法, rev. 2024, art. 2). The result is provisional: `is_known` tells.
"""

from calendar import monthrange
from datetime import date, timedelta
from functools import cache

import chinese_calendar

UNITS = ("日", "工作日", "月", "年")
ONE_DAY = timedelta(days=1)
FIXED_HOLIDAYS = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})
"""Month and day. Festivals of the lunar calendar are not among them."""


class UnknownYear(ValueError):  # noqa: N818 - a plain word, like the other refusals of the house
    """No calendar for `year`: only the years `first` to `last` are known."""

    def __init__(self, year: int) -> None:
        self.year = year
        self.first, self.last = known_years()
        super().__init__(f"working days are known for {self.first} to {self.last}, not for {year}")


@cache
def known_years() -> tuple[int, int]:
    """The first and the last year whose holidays are known."""
    years = {day.year for day in chinese_calendar.constants.holidays}
    return min(years), max(years)


def is_known(day: date) -> bool:
    """Is the calendar of that year settled? Else every result that reaches this day is provisional."""
    first, last = known_years()
    return first <= day.year <= last


def is_workday(day: date, *, fallback: bool = False) -> bool:
    """Do offices work on that day? Raises `UnknownYear` unless `fallback`."""
    if is_known(day):
        return bool(chinese_calendar.is_workday(day))
    if not fallback:
        raise UnknownYear(day.year)
    return day.weekday() < 5 and (day.month, day.day) not in FIXED_HOLIDAYS


def add_days(day: date, n: int) -> date:
    """`n` natural days later, or earlier if negative."""
    return day + timedelta(days=n)


def add_workdays(day: date, n: int, *, fallback: bool = False) -> date:
    """The `n`-th working day after `day` (before it, if negative). `day` is not counted; 0 gives `day`."""
    step = ONE_DAY if n > 0 else -ONE_DAY
    left = abs(n)
    while left:
        day += step
        left -= is_workday(day, fallback=fallback)
    return day


def add_months(day: date, n: int) -> date:
    """The same day `n` months later, or the last of that month where there is none (民法典 art. 202)."""
    year, month = divmod(day.year * 12 + day.month - 1 + n, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def workdays_between(start: date, end: date, *, fallback: bool = False) -> int:
    """How many working days lie after `start` up to and including `end`; negative if `end` is the earlier."""
    if end < start:
        return -workdays_between(end, start, fallback=fallback)
    days = (start + timedelta(days=i) for i in range(1, (end - start).days + 1))
    return sum(is_workday(day, fallback=fallback) for day in days)


def deadline(start: date, n: int, unit: str, *, fallback: bool = False) -> date:
    """The last day of a clock of `n` ≥ 0 days, working days, months or years (`UNITS`) set off on `start`.

    民法典 arts 200-204: counted by the solar calendar (200); the first day is not counted (201); a month ends
    on the corresponding day or on its last (202); a last day that is a day off is put off to the next working
    day (203); unless other rules say otherwise (204). For the end of an effect period, which no day off
    prolongs, use `add_months`.

    >>> deadline(date(2026, 1, 31), 1, "月")  # 28 February 2026 is a Saturday worked in exchange
    datetime.date(2026, 2, 28)
    """
    if n < 0 or unit not in UNITS:
        raise ValueError(f"a clock runs n >= 0 of {UNITS}, not {n} {unit}")
    if unit == "工作日":
        return add_workdays(start, n, fallback=fallback)
    end = add_days(start, n) if unit == "日" else add_months(start, n if unit == "月" else 12 * n)
    while not is_workday(end, fallback=fallback):
        end += ONE_DAY
    return end
