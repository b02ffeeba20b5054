"""What SQLite needs: WAL with full sync, and a fair lock between processes before BEGIN IMMEDIATE."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection, Table, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from shared.errors import Busy, UnsafeStore
from shared.store.fair_lock import LOCK_TIMEOUT, FairLock
from shared.store.session import Row

POLL = 0.02  # seconds between looks for commits of other processes
IDLE = 8  # pooled connections that a process keeps at most
SAME_FACT = "(stream, version) = (new.stream, new.version) OR id = new.id OR position = new.position"
BUSY = ("locked", "full", "disk I/O error")  # what passes by itself or is mended: the same command may come again


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
                params[name] = msgspec.json.encode(value).decode()
        return self.connection.execute(sql, params)


class SQLiteDatabase:
    """One SQLite file; every process and thread brings its own connection."""

    kind = "sqlite"

    def __init__(self, url: str) -> None:
        self.url = url
        self.path = make_url(url).database or ""
        if not self.path or self.path == ":memory:":
            raise ValueError("a store needs a file: sqlite:///path")
        self.expected_server: str | None = None
        self._pid = 0
        self._fresh = threading.Lock()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path, isolation_level=None, check_same_thread=False, timeout=LOCK_TIMEOUT, cached_statements=512
        )
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
                # Kept, for closing them in the child would work on files that the parent has in use.
                self._inherited = (getattr(self, "_idle", None), getattr(self, "_writer", None))
                Path(self.path).absolute().parent.mkdir(parents=True, exist_ok=True)
                self._idle: list[sqlite3.Connection] = []
                self._writer: sqlite3.Connection | None = None
                self._lock = FairLock(self.path)
                self._pid = os.getpid()

    @contextmanager
    def reading(self) -> Iterator[SQLiteSession]:
        """A pooled connection, autocommit."""
        self._own()
        connection = None
        try:
            connection = self._taken() or self._connect()
            yield SQLiteSession(connection)
        except BaseException as error:
            if connection is not None:
                connection.close()  # a connection in doubt is cheaper to replace than to mend
            if _passes(error):
                raise Busy(f"SQLite: {error}") from error
            raise
        if len(self._idle) < IDLE:
            self._idle.append(connection)
        else:
            connection.close()

    def _taken(self) -> sqlite3.Connection | None:
        try:
            return self._idle.pop()
        except IndexError:
            return None

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
            writer.execute("BEGIN IMMEDIATE")
            yield SQLiteSession(writer)
            writer.execute("COMMIT")
        except BaseException as error:
            self._drop_writer()
            if _passes(error):
                raise Busy(f"SQLite: {error}") from error
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
        """A SQLAlchemy connection behind the same lock, in one transaction: the driver by itself would commit every DDL alone."""
        self._own()
        engine = create_engine(self.url, poolclass=NullPool)
        event.listen(engine, "connect", lambda connection, _: setattr(connection, "isolation_level", None))
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
        self._lock.acquire()
        try:
            self._connect().close()  # sets WAL, which cannot be done inside a transaction
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

    def unlisten(self) -> None:
        """Nothing to close."""

    def server(self) -> str:
        """A file has no server."""
        return ""

    def check(self) -> None:
        """Refuse a file whose commits are not on disk."""
        with self.reading() as session:
            (mode,), (sync,) = session.rows("PRAGMA journal_mode")[0], session.rows("PRAGMA synchronous")[0]
        if str(mode).lower() != "wal" or int(sync) < 2:
            raise UnsafeStore(f"SQLite must run in WAL mode with synchronous=FULL, found {mode} and {sync}")

    def guard(self, table: str, same: str = SAME_FACT) -> Sequence[str]:
        """Triggers that forbid UPDATE and DELETE, and REPLACE, which deletes without firing a DELETE trigger."""
        stop = "BEGIN SELECT RAISE(ABORT, 'facts are never changed'); END"
        there = f"EXISTS (SELECT 1 FROM {table} WHERE {same})"
        return [
            f"CREATE TRIGGER IF NOT EXISTS {table}_no_update BEFORE UPDATE ON {table} {stop}",
            f"CREATE TRIGGER IF NOT EXISTS {table}_no_delete BEFORE DELETE ON {table} {stop}",
            f"CREATE TRIGGER IF NOT EXISTS {table}_no_replace BEFORE INSERT ON {table} WHEN {there} {stop}",
        ]

    def close(self) -> None:
        """Close every connection of this process."""
        if self._pid != os.getpid():
            return
        while (connection := self._taken()) is not None:
            connection.close()
        self._drop_writer()
        self._lock.close()
        self._pid = 0


def _passes(error: BaseException) -> bool:
    """Whether trying again later may help."""
    return isinstance(error, sqlite3.OperationalError) and any(word in str(error) for word in BUSY)
