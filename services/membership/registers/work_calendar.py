"""The work calendar: the days of each year on which the offices of the province are closed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from services.membership.domain.terms import Holiday
from services.membership.domain.working_group import WorkCalendarPublished
from shared.registers.register import About, Register


@dataclass(frozen=True)
class CalendarYear:
    """One year's closed days, and what they were fixed by; `calendar_year` as a word that no database reserves."""

    calendar_year: int
    holidays: tuple[Holiday, ...]
    source: str


def its_year(fact: WorkCalendarPublished, id: UUID) -> Sequence[str]:
    """A line per year; its key begins with the working group's."""
    return (f"{id}/{fact.year}",)


def published(row: CalendarYear | None, fact: WorkCalendarPublished, about: About) -> CalendarYear:
    """The list is that of the last publication."""
    return CalendarYear(fact.year, fact.holidays, fact.source)


work_calendar = Register(
    name="work_calendar",
    row=CalendarYear,
    folds={WorkCalendarPublished: published},
    keys={WorkCalendarPublished: its_year},
    shown=("calendar_year", "holidays", "source"),
    public=True,
)


def closed(registers: Any) -> Mapping[int, frozenset[date]]:
    """The years that were published, with their closed days; of two working groups' lists the later one counts."""
    return {row.calendar_year: frozenset(one.date for one in row.holidays) for _, row in registers.rows(work_calendar)}
