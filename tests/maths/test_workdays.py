"""Working days and legal clocks. The days are those of the State Council's notices for 2025 and 2026."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shigan.maths.workdays import (
    UnknownYear,
    add_months,
    add_workdays,
    deadline,
    is_known,
    is_workday,
    known_years,
    workdays_between,
)

IN_2026 = st.dates(date(2026, 1, 1), date(2026, 12, 31))
BEYOND = known_years()[1] + 1


def test_holidays_and_exchanged_weekends_are_told_apart() -> None:
    assert not is_workday(date(2026, 2, 16))  # a Monday of the Spring Festival
    assert is_workday(date(2026, 2, 14))  # a Saturday worked for it
    assert not is_workday(date(2026, 10, 5))
    assert is_workday(date(2026, 10, 10))
    assert not is_workday(date(2025, 10, 8))


def test_five_working_days_before_the_spring_festival_end_after_it() -> None:
    # Wed 11 Feb 2026: 12, 13, Sat 14 (exchanged), then nothing until 24, 25.
    assert add_workdays(date(2026, 2, 11), 5) == date(2026, 2, 25)
    assert add_workdays(date(2026, 2, 25), -5) == date(2026, 2, 11)
    assert deadline(date(2026, 2, 11), 5, "工作日") == date(2026, 2, 25)


def test_no_working_days_later_is_the_same_day() -> None:
    assert add_workdays(date(2026, 2, 15), 0) == date(2026, 2, 15)


def test_a_month_ends_on_the_last_day_where_there_is_no_corresponding_one() -> None:
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert add_months(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert add_months(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert add_months(date(2026, 12, 15), 1) == date(2027, 1, 15)
    assert add_months(date(2026, 3, 31), -1) == date(2026, 2, 28)


def test_the_day_of_the_event_is_not_counted() -> None:
    assert deadline(date(2026, 11, 2), 30, "日") == date(2026, 12, 2)


def test_a_last_day_in_the_national_holiday_is_put_off_to_the_first_working_day() -> None:
    assert deadline(date(2026, 9, 1), 30, "日") == date(2026, 10, 8)
    assert deadline(date(2026, 9, 3), 1, "月") == date(2026, 10, 8)
    assert deadline(date(2025, 10, 1), 1, "年") == date(2026, 10, 8)


def test_a_last_day_on_a_saturday_worked_in_exchange_stays() -> None:
    assert deadline(date(2026, 1, 31), 1, "月") == date(2026, 2, 28)
    assert date(2026, 2, 28).weekday() == 5


def test_working_days_are_counted_from_the_day_after() -> None:
    assert workdays_between(date(2026, 2, 11), date(2026, 2, 25)) == 5
    assert workdays_between(date(2026, 2, 25), date(2026, 2, 11)) == -5
    assert workdays_between(date(2026, 2, 14), date(2026, 2, 14)) == 0


def test_a_year_without_a_notice_is_refused_and_named() -> None:
    with pytest.raises(UnknownYear, match=str(BEYOND)) as caught:
        is_workday(date(BEYOND, 1, 4))
    first, last = known_years()
    assert (caught.value.year, caught.value.first, caught.value.last) == (BEYOND, first, last)
    assert first <= 2004 and last >= 2026


def test_a_clock_into_an_unknown_year_is_refused_or_provisional() -> None:
    start = date(BEYOND - 1, 12, 31)
    with pytest.raises(UnknownYear):
        deadline(start, 5, "工作日")
    end = deadline(start, 5, "工作日", fallback=True)
    assert not is_known(end)
    assert is_known(start)
    assert workdays_between(start, end, fallback=True) == 5


def test_a_provisional_calendar_still_knows_new_year_and_weekends() -> None:
    first = date(BEYOND, 1, 1)
    assert not is_workday(first, fallback=True)
    week = [first + timedelta(days=i) for i in range(7, 14)]
    assert sum(is_workday(day, fallback=True) for day in week) == 5


@pytest.mark.parametrize(("n", "unit"), [(5, "周"), (-1, "日")])
def test_clocks_that_do_not_exist_are_refused(n: int, unit: str) -> None:
    with pytest.raises(ValueError, match="a clock"):
        deadline(date(2026, 1, 5), n, unit)


@given(IN_2026, st.integers(1, 60))
def test_adding_and_counting_working_days_agree(day: date, n: int) -> None:
    end = add_workdays(day, n, fallback=True)
    assert is_workday(end, fallback=True)
    assert workdays_between(day, end, fallback=True) == n


@given(IN_2026, st.integers(0, 400), st.sampled_from(("日", "月", "年")))
def test_a_clock_never_ends_on_a_day_off_or_early(day: date, n: int, unit: str) -> None:
    end = deadline(day, n, unit, fallback=True)
    assert is_workday(end, fallback=True)
    assert end >= day + timedelta(days=n)
