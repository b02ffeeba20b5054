"""What PostgreSQL needs: the lock as the first statement, a connection for the append, hints after it, checks on connecting."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

import psycopg
from psycopg.conninfo import make_conninfo
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

from shared.errors import Busy, UnsafeStore
from shared.store.postgres_session import REPEATABLE_READ, AppendSession, PostgresSession
from shared.store.session import ANOTHER, Row

S = TypeVar("S", bound=PostgresSession)

APPEND_LOCK = 0x706B70_01  # one per database, and each store has a database of its own
MIGRATION_LOCK = 0x706B70_02
NOTIFY_EVERY = 0.02  # seconds: hints are coalesced; each is a transaction, though none that waits for the disk

IDLE = 8  # pooled connections that a process keeps at most

# Idle below lock: a writer that was stopped inside its transaction is ended by the server before those who wait give up.
# The isolation is named because a role or database may have another default, under which a lock comes after the snapshot.
OPTIONS = (
    "-c lock_timeout=5s -c statement_timeout=30s -c idle_in_transaction_session_timeout=3s"
    r" -c default_transaction_isolation=read\ committed"
)
# A server that vanished without a word is given up after some ten seconds, not after the system's quarter of an hour.
KEEPALIVE = {
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,  # milliseconds
}
TEXT = {"client_encoding": "UTF8"}  # whatever the database or the environment says


# The append asks for single rows by their keys, again and again: it plans its statements once. Without sequential scans, for
# a plan made while a table was small would be kept when it has grown; without bitmaps, for these rows are few and come sorted.
PLANNING = (
    "SELECT set_config('plan_cache_mode', 'force_generic_plan', false), set_config('enable_seqscan', 'off', false),"
    " set_config('enable_bitmapscan', 'off', false), set_config('jit', 'off', false)"
)


class PostgresDatabase:
    """One PostgreSQL database; connections are made after a fork, when first needed."""

    kind = "postgresql"

    def __init__(self, url: str) -> None:
        self.url = url
        self.expected_server: str | None = None
        self._dsn = make_conninfo(url.replace("postgresql+psycopg://", "postgresql://", 1), options=OPTIONS, **KEEPALIVE, **TEXT)
        self._pid = 0
        self._fresh = threading.Lock()

    def _connected(self, kind: type[S], *first: str) -> S:
        """A new connection to a server whose commits are on disk, the same as before."""
        session = kind(self._open())
        try:
            server = self._judge(session)
            if self.expected_server is not None and server != self.expected_server:
                raise UnsafeStore(ANOTHER)
            for statement in first:
                session.rows(statement)
        except BaseException:
            session.close()
            raise
        return session

    def _open(self) -> psycopg.Connection[Row]:
        return psycopg.connect(self._dsn, autocommit=True)

    @staticmethod
    def _judge(session: PostgresSession) -> str:
        """Which server, timeline, database and log this is; raises UnsafeStore when a commit here would not be on disk."""
        row = session.one(
            "SELECT pg_is_in_recovery(), current_setting('fsync'), current_setting('full_page_writes'),"
            " current_setting('synchronous_commit'), (SELECT system_identifier FROM pg_control_system())"
        )
        standby, fsync, pages, commit, system = row or (True, "", "", "", "")
        if standby:
            raise UnsafeStore("PostgreSQL is a standby here; a store needs the primary")
        if fsync != "on" or pages != "on" or commit == "off":
            needed = "PostgreSQL must run with fsync, full_page_writes and synchronous_commit on"
            raise UnsafeStore(f"{needed}, found {fsync}, {pages}, {commit}")
        # Whoever drops and makes a database or its log anew, as every restore of a dump does, leaves other numbers behind.
        place = session.one(
            "SELECT substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8),"
            " (SELECT oid FROM pg_database WHERE datname = current_database()), coalesce(to_regclass('events')::oid, 0)"
        )
        return "/".join(map(str, (system, *(place or ()))))

    def _own(self) -> None:
        """Forget, in a forked child, whatever the parent had open (its sockets are not closed: they are the parent's)."""
        if self._pid == os.getpid():
            return
        with self._fresh:
            if self._pid != os.getpid():
                self._idle: list[PostgresSession] = []
                self._appender: AppendSession | None = None
                self._append_turn = threading.Lock()
                self._listener: psycopg.Connection[Row] | None = None
                self._hint = threading.Event()
                self._notifier: threading.Thread | None = None
                self._pid = os.getpid()

    @contextmanager
    def reading(self) -> Iterator[PostgresSession]:
        """A pooled connection, autocommit."""
        self._own()
        session: PostgresSession | None = None
        try:
            session = self._taken() or self._connected(PostgresSession)
            yield session
        except psycopg.OperationalError as error:
            if session is None or not session.is_alive():
                self._forget_idle()
            raise _busy(error) from error
        finally:
            if session is not None:
                self._give_back(session)

    def _taken(self) -> PostgresSession | None:
        try:
            while not (session := self._idle.pop()).is_alive():
                session.close()
            return session
        except IndexError:
            return None

    def _give_back(self, session: PostgresSession) -> None:
        if session.ready() and len(self._idle) < IDLE:
            self._idle.append(session)
        else:
            session.close()

    def _forget_idle(self) -> None:
        while (session := self._taken()) is not None:
            session.close()

    @contextmanager
    def snapshot(self) -> Iterator[PostgresSession]:
        """Reads of one moment."""
        with self.reading() as session, session.transaction(REPEATABLE_READ):
            session.run("SET LOCAL idle_in_transaction_session_timeout = '1h'")  # a backup reads several by turns
            yield session

    @contextmanager
    def writing(self) -> Iterator[PostgresSession]:
        """BEGIN … COMMIT on a pooled connection, READ COMMITTED."""
        with self.reading() as session, session.transaction():
            yield session

    @contextmanager
    def appending(self) -> Iterator[AppendSession]:
        """BEGIN and the advisory lock travel with the first question, the writes with COMMIT: two round trips in all."""
        self._own()
        if not self._append_turn.acquire(timeout=5):
            raise Busy("another writer holds the store")
        try:
            session = self._appender = self._ready_appender()
            with session.transaction():
                session.run("SELECT pg_advisory_xact_lock(:key)", key=APPEND_LOCK)
                yield session
        except psycopg.OperationalError as error:
            raise _busy(error) from error
        finally:
            if self._appender is not None and not self._appender.ready():
                self._appender.close()
                self._appender = None
            self._append_turn.release()

    def _ready_appender(self) -> AppendSession:
        session, self._appender = self._appender, None
        if session is not None and session.is_alive():
            return session
        if session is not None:
            session.close()
        return self._connected(AppendSession, PLANNING)

    @contextmanager
    def exclusive(self) -> Iterator[PostgresSession]:
        """The append lock on a pooled connection, where every statement is done when it returns."""
        with self.writing() as session:
            session.rows("SELECT pg_advisory_xact_lock(:key)", key=APPEND_LOCK)
            yield session

    @contextmanager
    def migrating(self) -> Iterator[Connection]:
        """A SQLAlchemy connection under the migration lock, and the append lock: a change of two tables that an append writes,
        too, would else wait for it while it waits for the change, and PostgreSQL would end one of them.
        """
        engine = create_engine(self.url, poolclass=NullPool)
        try:
            with engine.begin() as connection:
                for key in (MIGRATION_LOCK, APPEND_LOCK):
                    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})
                yield connection
        finally:
            engine.dispose()

    def notify(self) -> None:
        """NOTIFY after the commit, from a thread of its own: inside the transaction commits of the whole server would queue."""
        self._own()
        if not self._hint.is_set():  # else the notifier has still to clear it, and tells of this commit, too
            self._hint.set()
        if self._notifier is None:
            self._notifier = threading.Thread(target=self._notify_forever, name="notifier", daemon=True)
            self._notifier.start()

    def _notify_forever(self) -> None:
        while self._hint.wait() and self._notifier is threading.current_thread():
            self._hint.clear()
            try:
                with self.reading() as session:
                    session.run("NOTIFY pkp")
            except Exception:  # hints may be lost: readers look for themselves
                time.sleep(0.5)
            time.sleep(NOTIFY_EVERY)

    def listen(self, timeout: float) -> None:
        """Wait for a hint on a connection of its own; a lost connection costs one short pause."""
        self._own()
        try:
            if self._listener is None:
                self._listener = self._open()
                self._listener.execute("LISTEN pkp")
                return  # look once: the commit may have come before LISTEN
            for _ in self._listener.notifies(timeout=min(timeout, 1.0), stop_after=1):
                pass
        except psycopg.Error:
            self.unlisten()
            time.sleep(min(timeout, 0.5))

    def unlisten(self) -> None:
        """Close the connection for hints: one that nobody reads would fill the server's queue of them."""
        self._own()
        connection, self._listener = self._listener, None
        if connection is not None:
            connection.close()

    def server(self) -> str:
        """System identifier and timeline, and the numbers that the server gave to the database and its log."""
        with self.reading() as session:
            return self._judge(session)

    def check(self) -> None:
        """Connecting checks."""
        self.server()

    def guard(self, table: str, same: str = "") -> Sequence[str]:
        """A trigger that forbids UPDATE, DELETE and TRUNCATE; also takes the right to them from all but the owner."""
        act = f"EXECUTE FUNCTION {table}_never_change()"
        return [
            f"CREATE OR REPLACE FUNCTION {table}_never_change() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'facts are never changed'; END $$",
            f"CREATE OR REPLACE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW {act}",
            f"CREATE OR REPLACE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {act}",
            "DO $$ DECLARE role text; BEGIN FOR role IN"
            " SELECT DISTINCT acl.grantee::regrole FROM pg_class, aclexplode(relacl) acl"
            f" WHERE oid = '{table}'::regclass AND acl.grantee NOT IN (0, relowner) LOOP"
            f" EXECUTE 'REVOKE UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON {table} FROM ' || role; END LOOP; END $$",
        ]

    def close(self) -> None:
        """Close every connection of this process."""
        if self._pid != os.getpid():
            return
        notifier, self._notifier = self._notifier, None
        if notifier is not None:  # it would give back a connection after the last was closed
            self._hint.set()
            notifier.join(5)
        self._forget_idle()
        self.unlisten()
        appender, self._appender = self._appender, None
        if appender is not None:
            appender.close()


def _busy(error: psycopg.Error) -> Busy:
    """What the caller is told; the server's words may quote values, so only the kind of error goes on."""
    return Busy(f"PostgreSQL: {type(error).__name__}")
