"""What SQLite needs: WAL with full sync, and a fair lock between processes before BEGIN IMMEDIATE."""

from __future__ import annotations

import fcntl
import json
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Table, create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from shared.errors import Busy, UnsafeStore
from shared.store.session import Row

LOCK_TIMEOUT = 5.0  # seconds that a writer waits for the lock before it is told to come back
POLL = 0.02  # seconds between looks for commits of other processes


class FairLock:
    """A lock between processes in which nobody starves: waiters queue at a turnstile, the one inside it waits for the lock.

    SQLite's own busy wait lets a newcomer overtake those who sleep, for seconds. The holder's pid and the time
    stand in the lock file, so that a supervisor can end a holder that was frozen.
    """

    def __init__(self, path: str) -> None:
        self._inner = threading.Lock()
        self._turnstile = os.open(path + ".turn", os.O_RDWR | os.O_CREAT, 0o600)
        self._lock = os.open(path + ".lock", os.O_RDWR | os.O_CREAT, 0o600)

    def acquire(self) -> None:
        """Take the lock; raises Busy after LOCK_TIMEOUT."""
        deadline = time.monotonic() + LOCK_TIMEOUT
        if not self._inner.acquire(timeout=LOCK_TIMEOUT):
            raise Busy("another writer holds the store")
        try:
            self._wait_for(self._turnstile, deadline)
            try:
                self._wait_for(self._lock, deadline)
            finally:
                fcntl.flock(self._turnstile, fcntl.LOCK_UN)
        except BaseException:
            self._inner.release()
            raise
        os.pwrite(self._lock, b"%-12d%-20.3f" % (os.getpid(), time.time()), 0)

    def release(self) -> None:
        """Give the lock back."""
        os.pwrite(self._lock, b" " * 32, 0)
        fcntl.flock(self._lock, fcntl.LOCK_UN)
        self._inner.release()

    @staticmethod
    def _wait_for(fd: int, deadline: float) -> None:
        pause = 0.0002
        while True:
            try:
                return fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise Busy("another writer holds the store") from None
            time.sleep(pause)
            pause = min(pause * 1.5, 0.003)

    def close(self) -> None:
        """Close the lock files."""
        os.close(self._turnstile)
        os.close(self._lock)


def holder(path: str) -> tuple[int, float] | None:
    """Who holds the lock of the store at `path` and since when (seconds since the epoch), or None."""
    try:
        with open(path + ".lock", "rb") as file:
            pid, _, since = file.read(32).decode().strip().partition(" ")
        return (int(pid), float(since)) if pid else None
    except (OSError, ValueError):
        return None


@lru_cache(maxsize=512)
def _insert_sql(table: Table, upsert: bool) -> str:
    columns = [column.name for column in table.columns]
    sql = f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({', '.join(':' + name for name in columns)})"
    if upsert:
        keys = [column.name for column in table.primary_key]
        rest = [name for name in columns if name not in keys]
        sql += f" ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {', '.join(f'{name}=excluded.{name}' for name in rest)}"
    return sql


class SQLiteSession:
    """Statements on one sqlite3 connection."""

    kind = "sqlite"

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def rows(self, sql: str, **params: Any) -> list[Row]:
        """Every row of a query."""
        return self._execute(sql, params).fetchall()

    def one(self, sql: str, **params: Any) -> Row | None:
        """The first row of a query, if any."""
        row: Row | None = self._execute(sql, params).fetchone()
        return row

    def ask(self, sql: str, **params: Any) -> Callable[[], list[Row]]:
        """Run the query at once: there is no round trip to save."""
        found = self.rows(sql, **params)
        return lambda: found

    def run(self, sql: str, **params: Any) -> int:
        """Run a statement; the number of rows it changed."""
        return self._execute(sql, params).rowcount

    def insert(self, table: Table, rows: Sequence[dict[str, Any]], *, upsert: bool = False) -> None:
        """Insert rows; `upsert` replaces rows of the same primary key."""
        if rows:
            self.connection.executemany(_insert_sql(table, upsert), rows)

    def among(self, column: str, param: str) -> str:
        """The condition that `column` is in the list `param`."""
        return f"{column} IN (SELECT value FROM json_each(:{param}))"

    def _execute(self, sql: str, params: dict[str, Any]) -> sqlite3.Cursor:
        for name, value in params.items():
            if type(value) is list:
                params[name] = json.dumps(value)
        return self.connection.execute(sql, params)


class SQLiteDatabase:
    """One SQLite file; every process and thread brings its own connection."""

    kind = "sqlite"

    def __init__(self, url: str) -> None:
        self.url = url
        self.path = make_url(url).database or ""
        if not self.path or self.path == ":memory:":
            raise ValueError("a store needs a file: sqlite:///path")
        self._pid = 0
        self._fresh = threading.Lock()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False, timeout=LOCK_TIMEOUT, cached_statements=512)
        connection.execute("PRAGMA busy_timeout=5000")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        return connection

    def _own(self) -> None:
        """Forget, in a forked child, whatever the parent had open."""
        if self._pid == os.getpid():
            return
        with self._fresh:
            if self._pid != os.getpid():
                os.makedirs(os.path.dirname(os.path.abspath(self.path)), exist_ok=True)
                self._idle: list[sqlite3.Connection] = []
                self._writer: sqlite3.Connection | None = None
                self._lock = FairLock(self.path)
                self._pid = os.getpid()

    @contextmanager
    def reading(self) -> Iterator[SQLiteSession]:
        """A pooled connection, autocommit."""
        self._own()
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = self._connect()
        yield SQLiteSession(connection)
        # Not given back after an exception: a connection in doubt is cheaper to replace than to mend.
        self._idle.append(connection)

    @contextmanager
    def snapshot(self) -> Iterator[SQLiteSession]:
        """Reads of one moment: a deferred transaction sees the state of its first read."""
        with self.reading() as session:
            session.run("BEGIN")
            yield session
            session.run("COMMIT")

    @contextmanager
    def appending(self) -> Iterator[SQLiteSession]:
        """The fair lock, then BEGIN IMMEDIATE; commit at the end."""
        self._own()
        self._lock.acquire()
        try:
            writer = self._writer = self._writer or self._connect()
            try:
                writer.execute("BEGIN IMMEDIATE")
                yield SQLiteSession(writer)
                writer.execute("COMMIT")
            except sqlite3.OperationalError as error:
                self._drop_writer()
                raise Busy(f"SQLite: {error}") if "locked" in str(error) or "full" in str(error) else error from error
            except BaseException:
                self._drop_writer()
                raise
        finally:
            self._lock.release()

    # SQLite has one writer at a time, whatever is written.
    writing = appending
    exclusive = appending

    def _drop_writer(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    @contextmanager
    def migrating(self) -> Iterator[Connection]:
        """A SQLAlchemy connection behind the same lock."""
        self._own()
        self._connect().close()  # sets WAL, which cannot be done inside a transaction
        engine = create_engine(self.url, poolclass=NullPool)
        self._lock.acquire()
        try:
            with engine.begin() as connection:
                yield connection
        finally:
            self._lock.release()
            engine.dispose()

    def notify(self) -> None:
        """Nothing to send: other processes look at the head every POLL seconds while somebody waits."""

    def listen(self, timeout: float) -> None:
        """Wait one POLL."""
        time.sleep(min(POLL, timeout))

    def server(self) -> str:
        """A file has no server."""
        return ""

    def check(self) -> None:
        """Refuse a file whose commits are not on disk."""
        with self.reading() as session:
            (mode,), (sync,) = session.rows("PRAGMA journal_mode")[0], session.rows("PRAGMA synchronous")[0]
        if str(mode).lower() != "wal" or int(sync) < 2:
            raise UnsafeStore(f"SQLite must run in WAL mode with synchronous=FULL, found {mode} and {sync}")

    def guard(self, table: str) -> Sequence[str]:
        """Triggers that forbid UPDATE and DELETE."""
        return [
            f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, 'facts are never changed'); END"
            for act in ("UPDATE", "DELETE")
        ]

    def close(self) -> None:
        """Close every connection of this process."""
        if self._pid != os.getpid():
            return
        while self._idle:
            self._idle.pop().close()
        self._drop_writer()
        self._lock.close()
        self._pid = 0
