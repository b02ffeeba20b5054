"""The closed days of each year, as the secretariat has published them: working days are counted by it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from services.forum.foreign import Holiday, WorkCalendarPublished
from shared.registers.register import About, Register


@dataclass(frozen=True)
class CalendarYear:
    """One year's closed days; `calendar_year` as a word that no database reserves."""

    calendar_year: int
    holidays: tuple[Holiday, ...]


def its_year(fact: WorkCalendarPublished, id: UUID) -> Sequence[str]:
    """A line per year, whichever working group published it."""
    return (str(fact.year),)


def published(row: CalendarYear | None, fact: WorkCalendarPublished, about: About) -> CalendarYear:
    """The list is that of the last publication."""
    return CalendarYear(fact.year, fact.holidays)


work_calendar = Register(
    name="work_calendar",
    row=CalendarYear,
    folds={WorkCalendarPublished: published},
    keys={WorkCalendarPublished: its_year},
    source="membership",
    shown=("calendar_year", "holidays"),
)


def closed(registers: Any) -> Mapping[int, frozenset[date]]:
    """The years that were published, with their closed days."""
    return {row.calendar_year: frozenset(one.date for one in row.holidays) for _, row in registers.rows(work_calendar)}
