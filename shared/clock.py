"""What time it is: UTC, with the province's date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """The moment, in UTC."""
        ...

    def today(self) -> date:
        """The date in the province."""
        ...

    def close(self) -> None:
        """Close what it reads the time from."""
        ...


@dataclass(frozen=True)
class SystemClock:
    """The machine's clock, with dates of `zone`."""

    zone: ZoneInfo

    def now(self) -> datetime:
        """The moment, in UTC."""
        return datetime.now(UTC)

    def today(self) -> date:
        """The date in the province."""
        return date_in(self.zone, self.now())

    def close(self) -> None:
        """Nothing to close."""


def date_in(zone: ZoneInfo, moment: datetime) -> date:
    """The date that `moment` falls on in `zone`."""
    return moment.astimezone(zone).date()
