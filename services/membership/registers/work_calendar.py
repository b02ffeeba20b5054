"""The work calendar: the days of each year on which the offices of the province are closed."""

from __future__ import annotations

from collections.abc import Sequence
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


def closed_days(registers: Any) -> frozenset[date]:
    """Every day that was published as closed."""
    return frozenset(one.date for _, row in registers.rows(work_calendar) for one in row.holidays)
