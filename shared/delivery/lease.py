"""One active worker per service: a lock that dies with its holder, and a fencing token for what a zombie may still write."""

from __future__ import annotations

import fcntl
import os
from contextlib import ExitStack
from datetime import UTC, datetime

from sqlalchemy.engine import make_url

from shared.delivery.tables import leases
from shared.store import Database, Session
from shared.store.recorded import stored_time

WORKER_LOCK = 0x706B70_03  # one per database, beside the locks of append and migration
NAME = "worker"


class Fenced(Exception):
    """Another worker has taken over: this process must end and may write nothing more."""


class Lease:
    """The right to be the one active worker of a service; `fence` is the token that its checkpoints carry.

    The lock is a session advisory lock or a file lock: it is gone when its holder is. A connection can be lost without its
    holder noticing, so `check` must be called now and then, and every checkpoint compares the token.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._held = ExitStack()
        self._locked = False
        self._session: Session | None = None
        self.fence = 0

    def try_take(self) -> bool:
        """Whether the lease is ours now; never waits. Raises Busy when the database cannot be had: try again."""
        if not self._locked:
            self._locked = self._lock_file() if self._database.kind == "sqlite" else self._lock_session()
        if self._locked and not self.fence:
            with self._database.writing() as session:
                self.fence = take_fence(session, f"pid {os.getpid()}")
        return self._locked

    def _lock_file(self) -> bool:
        path = (make_url(self._database.url).database or "") + ".worker"
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            return False
        self._held.callback(os.close, file)
        return True

    def _lock_session(self) -> bool:
        session = self._held.enter_context(self._database.reading())
        row = session.one("SELECT pg_try_advisory_lock(:key)", key=WORKER_LOCK)
        if row is not None and row[0]:
            self._session = session
            return True
        self._held.close()
        return False

    def check(self) -> None:
        """Raises Fenced when the lock may be lost; a connection that cannot answer counts as lost."""
        if self._session is None:
            return
        try:
            row = self._session.one(
                "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = :key AND pid = pg_backend_pid() AND granted",
                key=WORKER_LOCK,
            )
        except Exception as error:
            raise Fenced("the connection that held the lease is lost") from error
        if row is None:
            raise Fenced("the lease is lost")

    def release(self) -> None:
        """Give the lease back."""
        try:
            if self._session is not None:
                self._session.one("SELECT pg_advisory_unlock(:key)", key=WORKER_LOCK)
        finally:
            self._session, self._locked, self.fence = None, False, 0
            self._held.close()


def take_fence(session: Session, holder: str) -> int:
    """The next fencing token: from now on whatever carries an older one is refused."""
    row = session.one(for_update(session, "SELECT fence FROM leases WHERE name = :name"), name=NAME)
    fence = (int(row[0]) if row else 0) + 1
    taken = {"name": NAME, "fence": fence, "holder": holder, "taken_at": stored_time(datetime.now(UTC))}
    session.insert(leases, [taken], upsert=True)
    return fence


def check_fence(session: Session, fence: int) -> None:
    """Inside a write transaction: raises Fenced when a newer token was given out, and lets none be until the commit."""
    row = session.one(for_update(session, "SELECT fence FROM leases WHERE name = :name"), name=NAME)
    if row is None or int(row[0]) != fence:
        raise Fenced("another worker has taken over")


def for_update(session: Session, select: str) -> str:
    """The select with a row lock where a write transaction does not exclude others by itself."""
    return select if session.kind == "sqlite" else f"{select} FOR UPDATE"
