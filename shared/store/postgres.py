"""What PostgreSQL needs: an advisory lock as the first statement, pipelined statements, one parameter per multi-row insert."""

from __future__ import annotations

import os
import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import msgspec
import psycopg
from sqlalchemy import BigInteger, Boolean, Connection, Integer, Table, create_engine, text
from sqlalchemy.pool import NullPool

from shared.errors import Busy, UnsafeStore
from shared.store.session import Row

APPEND_LOCK = 0x706B70_01  # one per database, and each store has a database of its own
MIGRATION_LOCK = 0x706B70_02
NOTIFY_EVERY = 0.002  # seconds: hints are coalesced

# Idle below lock: a writer that was stopped inside its transaction is ended by the server before those who wait give up.
TIMEOUTS = "-c lock_timeout=5s -c statement_timeout=30s -c idle_in_transaction_session_timeout=3s"


@lru_cache(maxsize=2048)
def _translated(sql: str) -> str:
    """`:name` parameters as psycopg writes them."""
    return re.sub(r"(?<![:\w]):([a-z_]\w*)", r"%(\1)s", sql.replace("%", "%%"))


def _pg_type(column: Any) -> str:
    if isinstance(column.type, BigInteger):
        return "bigint"
    if isinstance(column.type, Integer):
        return "integer"
    return "boolean" if isinstance(column.type, Boolean) else "text"


@lru_cache(maxsize=512)
def _insert_sql(table: Table, upsert: bool) -> str:
    """An insert whose rows come as one JSON parameter: the driver adapts one value however many rows there are."""
    names = [column.name for column in table.columns]
    shape = ", ".join(f"{column.name} {_pg_type(column)}" for column in table.columns)
    listed = ", ".join(names)
    sql = f"INSERT INTO {table.name} ({listed}) SELECT {listed} FROM json_to_recordset(%s::json) AS rows({shape})"
    if upsert:
        keys = [column.name for column in table.primary_key]
        rest = ", ".join(f"{name}=excluded.{name}" for name in names if name not in keys)
        sql += f" ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {rest}"
    return sql


class PostgresSession:
    """Statements on one psycopg connection."""

    kind = "postgresql"

    def __init__(self, connection: psycopg.Connection[Row]) -> None:
        self.connection = connection

    def rows(self, sql: str, **params: Any) -> list[Row]:
        """Every row of a query."""
        return self._execute(sql, params).fetchall()

    def one(self, sql: str, **params: Any) -> Row | None:
        """The first row of a query, if any."""
        return self._execute(sql, params).fetchone()

    def ask(self, sql: str, **params: Any) -> Callable[[], list[Row]]:
        """Send the query; in a pipeline its rows come when the answer is called."""
        return self._execute(sql, params).fetchall

    def run(self, sql: str, **params: Any) -> int:
        """Run a statement; the number of rows it changed (-1 inside a pipeline)."""
        return self._execute(sql, params).rowcount

    def insert(self, table: Table, rows: Sequence[dict[str, Any]], *, upsert: bool = False) -> None:
        """Insert rows in one statement; `upsert` replaces rows of the same primary key."""
        if rows:
            self.connection.execute(_insert_sql(table, upsert), (msgspec.json.encode(rows).decode(),))  # type: ignore[arg-type]

    def among(self, column: str, param: str) -> str:
        """The condition that `column` is in the list `param`."""
        return f"{column} = ANY(:{param})"

    def _execute(self, sql: str, params: dict[str, Any]) -> psycopg.Cursor[Row]:
        return self.connection.execute(_translated(sql), params or None)  # type: ignore[arg-type]


class PostgresDatabase:
    """One PostgreSQL database; connections are made after a fork, when first needed."""

    kind = "postgresql"

    def __init__(self, url: str) -> None:
        self.url = url
        self.expected_server: str | None = None
        self._dsn = url.replace("postgresql+psycopg://", "postgresql://", 1)
        self._pid = 0
        self._fresh = threading.Lock()

    def _connect(self) -> psycopg.Connection[Row]:
        connection = psycopg.connect(self._dsn, autocommit=True, prepare_threshold=0, options=TIMEOUTS, connect_timeout=5)
        server = self._judge(connection)
        if self.expected_server is not None and server != self.expected_server:
            connection.close()
            raise UnsafeStore("the database server or its timeline is another one: look, then `pkp restore --accept`")
        return connection

    @staticmethod
    def _judge(connection: psycopg.Connection[Row]) -> str:
        """The server's identity; raises UnsafeStore when a commit here would not be on disk."""
        row = connection.execute(
            "SELECT pg_is_in_recovery(), current_setting('fsync'), current_setting('full_page_writes'),"
            " current_setting('synchronous_commit'), (SELECT system_identifier FROM pg_control_system())"
        ).fetchone()
        standby, fsync, pages, commit, system = row or (True, "", "", "", "")
        if standby:
            raise UnsafeStore("PostgreSQL is a standby here; a store needs the primary")
        if fsync != "on" or pages != "on" or commit == "off":
            raise UnsafeStore(f"PostgreSQL must run with fsync, full_page_writes and synchronous_commit on, found {fsync}, {pages}, {commit}")
        timeline = connection.execute("SELECT substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)").fetchone()
        return f"{system}/{timeline[0] if timeline else ''}"

    def _own(self) -> None:
        """Forget, in a forked child, whatever the parent had open (its sockets are not closed: they are the parent's)."""
        if self._pid == os.getpid():
            return
        with self._fresh:
            if self._pid != os.getpid():
                self._idle: list[psycopg.Connection[Row]] = []
                self._appender: psycopg.Connection[Row] | None = None
                self._append_turn = threading.Lock()
                self._listener: psycopg.Connection[Row] | None = None
                self._hint = threading.Event()
                self._notifier: threading.Thread | None = None
                self._pid = os.getpid()

    @contextmanager
    def _pooled(self) -> Iterator[psycopg.Connection[Row]]:
        self._own()
        try:
            connection = self._idle.pop() if self._idle else self._connect()
        except psycopg.OperationalError as error:
            raise _busy(error) from error
        try:
            yield connection
        except BaseException as error:
            connection.close()
            if isinstance(error, psycopg.OperationalError):
                self._forget_idle()
                raise _busy(error) from error
            raise
        self._idle.append(connection)

    def _forget_idle(self) -> None:
        while self._idle:
            self._idle.pop().close()

    @contextmanager
    def reading(self) -> Iterator[PostgresSession]:
        """A pooled connection, autocommit."""
        with self._pooled() as connection:
            yield PostgresSession(connection)

    @contextmanager
    def snapshot(self) -> Iterator[PostgresSession]:
        """Reads of one moment."""
        with self._pooled() as connection, connection.transaction():
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield PostgresSession(connection)

    @contextmanager
    def writing(self) -> Iterator[PostgresSession]:
        """BEGIN … COMMIT on a pooled connection, READ COMMITTED."""
        with self._pooled() as connection, connection.transaction():
            yield PostgresSession(connection)

    @contextmanager
    def appending(self) -> Iterator[PostgresSession]:
        """BEGIN and the advisory lock travel with the first question, the writes with COMMIT: two round trips in all."""
        self._own()
        if not self._append_turn.acquire(timeout=5):
            raise Busy("another writer holds the store")
        try:
            connection = self._appender = self._appender or self._connect()
            with connection.pipeline():
                connection.execute("BEGIN ISOLATION LEVEL READ COMMITTED")
                connection.execute("SELECT pg_advisory_xact_lock(%s)", (APPEND_LOCK,))
                yield PostgresSession(connection)
                connection.execute("COMMIT")
        except BaseException as error:
            self._undo_append()
            if isinstance(error, psycopg.OperationalError):
                raise _busy(error) from error
            raise
        finally:
            self._append_turn.release()

    @contextmanager
    def exclusive(self) -> Iterator[PostgresSession]:
        """The append lock on a pooled connection: DDL makes the driver forget its prepared statements, which breaks a pipeline."""
        with self.writing() as session:
            session.rows("SELECT pg_advisory_xact_lock(:key)", key=APPEND_LOCK)
            yield session

    def _undo_append(self) -> None:
        connection, self._appender = self._appender, None
        if connection is None:
            return
        try:
            connection.rollback()
            self._appender = connection
        except psycopg.Error:
            connection.close()

    @contextmanager
    def migrating(self) -> Iterator[Connection]:
        """A SQLAlchemy connection under the migration lock."""
        engine = create_engine(self.url, poolclass=NullPool)
        try:
            with engine.begin() as connection:
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
                yield connection
        finally:
            engine.dispose()

    def notify(self) -> None:
        """NOTIFY after the commit, from a thread of its own: inside the transaction it would serialise commits of the whole server."""
        self._own()
        self._hint.set()
        if self._notifier is None:
            self._notifier = threading.Thread(target=self._notify_forever, name="notifier", daemon=True)
            self._notifier.start()

    def _notify_forever(self) -> None:
        while self._hint.wait():
            self._hint.clear()
            try:
                with self.reading() as session:
                    session.run("NOTIFY pkp")
            except (Busy, UnsafeStore):
                time.sleep(0.5)  # hints may be lost: readers look for themselves
            time.sleep(NOTIFY_EVERY)

    def listen(self, timeout: float) -> None:
        """Wait for a hint on a connection of its own; a lost connection costs one short pause."""
        self._own()
        try:
            if self._listener is None:
                self._listener = self._connect()
                self._listener.execute("LISTEN pkp")
                return  # look once: the commit may have come before LISTEN
            for _ in self._listener.notifies(timeout=min(timeout, 1.0), stop_after=1):
                pass
        except psycopg.Error:
            self._listener = None
            time.sleep(min(timeout, 0.5))

    def server(self) -> str:
        """System identifier and timeline."""
        with self.reading() as session:
            return self._judge(session.connection)

    def check(self) -> None:
        """Connecting checks."""
        self.server()

    def guard(self, table: str) -> Sequence[str]:
        """A trigger that forbids UPDATE, DELETE and TRUNCATE."""
        return [
            f"CREATE FUNCTION {table}_never_change() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'facts are never changed'; END $$",
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_never_change()",
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {table}_never_change()",
        ]

    def close(self) -> None:
        """Close every connection of this process."""
        if self._pid != os.getpid():
            return
        self._forget_idle()
        for connection in (self._appender, self._listener):
            if connection is not None:
                connection.close()
        self._appender = self._listener = None


def _busy(error: psycopg.Error) -> Busy:
    """What the caller is told; the server's words may quote values, so only the kind of error goes on."""
    return Busy(f"PostgreSQL: {type(error).__name__}")
