"""The clock of a demo: moved forward once, it has moved for every process of every service of the platform."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from shared.clock import date_in
from shared.store.session import Database

FRESH = 0.25  # seconds for which a process takes what it has read for true


@dataclass
class DemoClock:
    """The machine's clock plus what a demo has moved it; kept in identity, the one database that all services share.

    Only forward: times that are recorded never run back.
    """

    zone: ZoneInfo
    database: Database
    _known: tuple[float, timedelta] = field(default=(float("-inf"), timedelta()), repr=False)

    def now(self) -> datetime:
        """The moment, in UTC."""
        return datetime.now(UTC) + self.ahead()

    def today(self) -> date:
        """The date in the province."""
        return date_in(self.zone, self.now())

    def close(self) -> None:
        """Close this process's connections."""
        self.database.close()

    def ahead(self) -> timedelta:
        """How far this clock is ahead of the machine's."""
        read_at, known = self._known
        if time.monotonic() - read_at < FRESH:
            return known
        with self.database.reading() as session:
            row = session.one("SELECT ahead FROM demo_clock WHERE id = 1")
        self._known = (time.monotonic(), timedelta(seconds=int(row[0]) if row else 0))
        return self._known[1]

    def advance(self, by: timedelta) -> None:
        """Move the clock forward by whole seconds; raises ValueError for a step back."""
        if by < timedelta():
            raise ValueError("a clock moves forward only")
        sql = (
            "INSERT INTO demo_clock (id, ahead) VALUES (1, :seconds)"
            " ON CONFLICT (id) DO UPDATE SET ahead = demo_clock.ahead + :seconds"
        )
        with self.database.writing() as session:
            session.run(sql, seconds=int(by.total_seconds()))
        self._known = (float("-inf"), timedelta())
