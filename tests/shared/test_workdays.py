"""Working days, the clock and the names of places."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.clock import SystemClock, date_in
from shared.decider import Workdays
from shared.provinces import area_named
from shared.workdays import Calendar, ProvinceCalendar, default_calendar

DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))


def test_fourteen_working_days_over_the_islamic_new_year() -> None:
    """2025-06-27 is a holiday: the objection period of 2025-06-10 ends a day later."""
    assert default_calendar().after(date(2025, 6, 10), 14) == date(2025, 7, 1)


def test_the_same_period_without_the_holiday() -> None:
    without = Calendar(default_calendar().holidays - {date(2025, 6, 27)})
    assert without.after(date(2025, 6, 10), 14) == date(2025, 6, 30)


def test_collective_leave_counts_as_free() -> None:
    """From Thursday 2025-03-27 over Nyepi and Idul Fitri to Tuesday 2025-04-08."""
    assert default_calendar().after(date(2025, 3, 27), 1) == date(2025, 4, 8)


def test_the_day_of_the_act_is_day_zero() -> None:
    assert default_calendar().after(date(2025, 6, 10), 0) == date(2025, 6, 10)


def test_a_year_that_was_published_is_as_published_and_the_others_are_as_before() -> None:
    """The province works on 2025-06-27, and is closed on the Monday after it."""
    published = default_calendar().with_years({2025: [date(2025, 6, 30)]})
    assert published.after(date(2025, 6, 26), 1) == date(2025, 6, 27)
    assert published.after(date(2025, 6, 27), 1) == date(2025, 7, 1)
    assert {day for day in published.holidays if day.year != 2025} == {
        day for day in default_calendar().holidays if day.year != 2025
    }


def test_what_was_published_is_looked_up_once_and_only_when_days_are_counted() -> None:
    asked: list[int] = []

    def published() -> dict[int, list[date]]:
        asked.append(1)
        return {2025: [date(2025, 6, 30)]}

    calendar: Workdays = ProvinceCalendar(default_calendar(), published)
    assert asked == []
    assert calendar.after(date(2025, 6, 27), 1) == date(2025, 7, 1)
    assert calendar.between(date(2025, 6, 27), date(2025, 7, 1)) == 1
    assert asked == [1]


def test_a_period_does_not_run_backward() -> None:
    with pytest.raises(ValueError):
        default_calendar().after(date(2025, 6, 10), -1)


def test_each_holiday_stands_once_and_each_year_has_some() -> None:
    years = [day.year for day in default_calendar().holidays]
    assert {year: years.count(year) for year in sorted(set(years))} == {2025: 28, 2026: 25, 2027: 17}
    assert default_calendar().covers(date(2027, 7, 1))
    assert not default_calendar().covers(date(2031, 7, 1))


@given(DAYS, st.integers(0, 90))
def test_counting_back_what_was_counted_forward(start: date, days: int) -> None:
    calendar: Workdays = default_calendar()
    end = calendar.after(start, days)
    assert calendar.between(start, end) == days
    assert calendar.between(end, start) == -days
    assert days == 0 or default_calendar().is_workday(end)


@given(DAYS, st.integers(0, 40), st.integers(0, 40))
def test_periods_add_up(start: date, first: int, second: int) -> None:
    calendar = default_calendar()
    assert calendar.after(calendar.after(start, first), second) == calendar.after(start, first + second)


# --- the clock ----------------------------------------------------------------------------------------------------


def test_the_date_is_that_of_the_province() -> None:
    late = datetime(2025, 6, 10, 16, 30, tzinfo=UTC)
    assert date_in(ZoneInfo("Asia/Jakarta"), late) == date(2025, 6, 10)
    assert date_in(ZoneInfo("Asia/Jayapura"), late) == date(2025, 6, 11)


def test_the_system_clock_tells_utc() -> None:
    before = datetime.now(UTC)
    told = SystemClock(ZoneInfo("Asia/Jakarta")).now()
    assert before <= told <= datetime.now(UTC)
    assert told.tzinfo is UTC


# --- places -------------------------------------------------------------------------------------------------------


def test_an_area_is_called_by_the_name_of_its_regency_city_or_province() -> None:
    told = [area_named(code) for code in ("32", "32.73", "32.04.99.2999", "33.01", "99")]
    assert told == ["Jawa Barat (32)", "Kota Bandung (32.73)", "Kabupaten Bandung (32.04.99.2999)", "33.01", "99"]
