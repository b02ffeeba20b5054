"""What time it is: UTC, with the province's date; a demo may move it forward."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
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


@dataclass(frozen=True)
class DemoClock:
    """The machine's clock plus what a demo has moved it, the same in every process that reads `file`.

    Only forward: times that are recorded never run back.
    """

    zone: ZoneInfo
    file: Path

    def now(self) -> datetime:
        """The moment, in UTC."""
        return datetime.now(UTC) + self.ahead()

    def today(self) -> date:
        """The date in the province."""
        return date_in(self.zone, self.now())

    def ahead(self) -> timedelta:
        """How far this clock is ahead of the machine's."""
        try:
            return timedelta(seconds=int(self.file.read_text("ascii")))
        except FileNotFoundError:
            return timedelta()

    def advance(self, by: timedelta) -> None:
        """Move the clock forward by whole seconds; raises ValueError for a step back."""
        if by < timedelta():
            raise ValueError("a clock moves forward only")
        seconds = int((self.ahead() + by).total_seconds())
        self.file.parent.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=self.file.parent)
        with os.fdopen(handle, "w") as out:
            out.write(str(seconds))
        Path(draft).replace(self.file)


def date_in(zone: ZoneInfo, moment: datetime) -> date:
    """The date that `moment` falls on in `zone`."""
    return moment.astimezone(zone).date()
