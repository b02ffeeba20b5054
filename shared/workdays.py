"""Working days: Monday to Friday without national holidays and collective leave.

A year that the secretariat has published (WorkCalendarPublished) is as published. The others are those of the default list
(holidays.csv), which names its source line by line: the joint decrees (SKB) of the ministers of religion, of manpower and of
state apparatus for 2025 and 2026. For 2027 it holds fixed dates, and estimates of the movable ones ("perkiraan") without
collective leave, to be replaced when the province publishes the decree.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, timedelta
from functools import cache, cached_property
from importlib.resources import files

ONE = timedelta(days=1)
SATURDAY = 5


class Calendar:
    """Working-day arithmetic over a set of holidays; beyond the years it knows, only weekends are free."""

    def __init__(self, holidays: Iterable[date]) -> None:
        self.holidays = frozenset(holidays)

    def is_workday(self, day: date) -> bool:
        """Whether offices work on `day`."""
        return day.weekday() < SATURDAY and day not in self.holidays

    def after(self, day: date, working_days: int) -> date:
        """The date `working_days` working days after `day`, which is day 0 and need not be one.

        0 gives `day` itself; raises ValueError below 0.
        """
        if working_days < 0:
            raise ValueError("a period runs forward")
        while working_days:
            day += ONE
            working_days -= self.is_workday(day)
        return day

    def between(self, start: date, end: date) -> int:
        """How many working days lie after `start` up to and including `end`; negative when `end` lies before `start`."""
        if end < start:
            return -self.between(end, start)
        return sum(self.is_workday(start + n * ONE) for n in range(1, (end - start).days + 1))

    def with_years(self, published: Mapping[int, Collection[date]]) -> Calendar:
        """The calendar in which these years are as published, whatever was known of them before."""
        return Calendar({one for one in self.holidays if one.year not in published}.union(*published.values()))

    def covers(self, day: date) -> bool:
        """Whether the list of holidays says anything about that year."""
        return any(one.year == day.year for one in self.holidays)


@cache
def default_calendar() -> Calendar:
    """The calendar that ships with the platform."""
    lines = files("shared").joinpath("holidays.csv").read_text("utf-8").splitlines()
    return Calendar(date.fromisoformat(row["date"]) for row in csv.DictReader(lines))


class ProvinceCalendar:
    """A calendar with what was published, which is looked up when days are first counted: most decisions count none."""

    def __init__(self, otherwise: Calendar, published: Callable[[], Mapping[int, Collection[date]]]) -> None:
        self._otherwise = otherwise
        self._published = published

    @cached_property
    def _calendar(self) -> Calendar:
        return self._otherwise.with_years(self._published())

    def after(self, day: date, working_days: int) -> date:
        """As Calendar.after."""
        return self._calendar.after(day, working_days)

    def between(self, start: date, end: date) -> int:
        """As Calendar.between."""
        return self._calendar.between(start, end)
