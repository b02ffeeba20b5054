"""The closed days of each year as a sibling has published them: working days are counted by them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from shared.registers.register import About, Register


@dataclass(frozen=True)
class CalendarYear:
    """One year's closed days; `calendar_year` as a word that no database reserves."""

    calendar_year: int
    closed_days: tuple[date, ...]


def _its_year(fact: Any, id: UUID) -> Sequence[str]:
    """A line per year, whoever published it."""
    return (str(fact.year),)


def _published(row: CalendarYear | None, fact: Any, about: About) -> CalendarYear:
    """The list is that of the last publication."""
    return CalendarYear(fact.year, tuple(one.date for one in fact.holidays))


class WorkCalendar:
    """A sibling's calendar: its register, and what counts by it.

    `published` is the sibling's fact as this service reads it; it tells `year` and `holidays`, each with its `date`.
    """

    def __init__(self, source: str, published: type) -> None:
        self.register = Register(
            name="work_calendar",
            row=CalendarYear,
            folds={published: _published},
            keys={published: _its_year},
            source=source,
            shown=("calendar_year", "closed_days"),
        )

    def closed(self, registers: Any) -> Mapping[int, frozenset[date]]:
        """The years that were published, with their closed days."""
        return {row.calendar_year: frozenset(row.closed_days) for _, row in registers.rows(self.register)}
