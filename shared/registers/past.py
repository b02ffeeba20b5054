"""A register as it stood at the end of a day: its own code replayed into a scratch database, kept for the next who asks."""

from __future__ import annotations

import shutil
import tempfile
import threading
import weakref
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.schema import CreateTable

from shared.registers.rebuild import facts_between, fold_all
from shared.registers.register import Register
from shared.registers.table import save_rows, table
from shared.store.log import Store
from shared.store.recorded import stored_time
from shared.store.session import Database, open_database

KEPT = 12  # scratch databases of one service in one process


class Past:
    """The past of one service's own registers.

    A scratch holds what the register holds, personal fields as ciphertext: erasing a key erases here, too.
    """

    def __init__(self, store: Store, zone: ZoneInfo) -> None:
        self._store = store
        self._zone = zone
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, int], Database] = OrderedDict()
        self._folder: Path | None = None

    def position(self, day: date) -> int:
        """The position of the last fact recorded by the end of `day` in the province; 0 before the first.

        Recorded times rise with positions, which have no holes: a few looks by primary key find it.
        """
        end = datetime.combine(day + timedelta(days=1), time(), self._zone).astimezone(UTC)
        before = stored_time(end)
        low, high = 0, self._store.head()
        with self._store.db.reading() as session:
            while low < high:
                middle = (low + high + 1) // 2
                row = session.one("SELECT recorded_at FROM events WHERE position = :position", position=middle)
                low, high = (middle, high) if row and row[0] < before else (low, middle - 1)
        return low

    @contextmanager
    def at(self, register: Register[Any], position: int) -> Iterator[Database]:
        """A database in which the register stands as it did at a position of the log; to be read only."""
        with self._lock:
            key = (register.name, position)
            found = self._kept.get(key)
            if found is None:
                found = self._kept[key] = self._replayed(register, position)
                if len(self._kept) > KEPT:
                    self._drop(self._kept.popitem(last=False)[1])
            self._kept.move_to_end(key)
            # Read under the lock: nobody drops it meanwhile, and looks into the past are rare.
            yield found

    def close(self) -> None:
        """Drop every scratch."""
        with self._lock:
            while self._kept:
                self._drop(self._kept.popitem()[1])

    def _replayed(self, register: Register[Any], position: int) -> Database:
        with self._store.db.snapshot() as session:
            facts = facts_between(session, 0, position)
            rows = fold_all([register], facts, self._store.service.types.decode)[register.name]
        made = open_database(f"sqlite:///{self._place() / f'{register.name}-{position}.db'}")
        with made.migrating() as connection:
            connection.execute(CreateTable(table(register), if_not_exists=True))
        with made.writing() as session:
            save_rows(session, register, rows)
        return made

    def _place(self) -> Path:
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix=f"pkp-past-{self._store.service.name}-"))
            weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        return self._folder

    def _drop(self, database: Database) -> None:
        database.close()
        for file in Path(database.url.removeprefix("sqlite:///")).parent.glob(f"{Path(database.url).name}*"):
            file.unlink(missing_ok=True)
