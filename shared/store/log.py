"""The log of one service: reading it, waiting for it, and its lineage."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from shared.errors import UnsafeStore
from shared.registers.reading import Registers
from shared.service import Service
from shared.store.append import Append, Combiner
from shared.store.command import Outcome, Ticket
from shared.store.ledger import Folding
from shared.store.recorded import COLUMNS, Recorded, read_stream, read_streams, stored_time
from shared.store.session import ANOTHER, Database, Session, open_database

LINGER = 5.0  # seconds that commits are watched for after the last one who waited for them


@dataclass(frozen=True, slots=True)
class Incarnation:
    """One life of a log: a restore or a take-over starts a new one, forked from its parent after `forked_at`."""

    id: str
    parent: str | None
    forked_at: int
    started_at: str


class Heads:
    """Wakes those who wait for new facts: at once for commits of this process, by hint or a look for those of others."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._changed = threading.Condition()
        self._head = 0
        self._waiting = 0
        self._watching = False
        self._wanted = 0.0
        self._ended = False

    def reached(self, position: int) -> None:
        """The log has this head at least."""
        with self._changed:
            if position > self._head:
                self._head = position
                self._changed.notify_all()

    def wait(self, after: int, timeout: float) -> bool:
        """Whether the head is beyond `after`, waiting up to `timeout` seconds for it."""
        deadline = time.monotonic() + timeout
        self.reached(self._store.head())
        with self._changed:
            self._waiting += 1
            self._ended = False
            try:
                while self._head <= after:
                    left = deadline - time.monotonic()
                    if left <= 0:
                        return False
                    if not self._watching:
                        self._watching = True
                        threading.Thread(target=self._watch, name=f"{self._store.service.name}-head", daemon=True).start()
                    self._changed.wait(left)
                return True
            finally:
                self._waiting -= 1
                self._wanted = time.monotonic()

    def end(self) -> None:
        """Watch no more: the store is closed."""
        self._ended = True

    def _watch(self) -> None:
        """Look for commits of other processes while somebody waits; a database that cannot be had is looked for again.

        Lingers, for who waited once mostly waits again, and then nothing needs to be opened anew.
        """
        try:
            while not self._ended and (self._waiting or time.monotonic() < self._wanted + LINGER):
                try:
                    self._store.db.listen(1.0)
                    self.reached(self._store.head())
                except Exception:  # whoever waits finds out by its own read
                    time.sleep(0.5)
        finally:
            self._store.db.unlisten()
            with self._changed:
                self._watching = False
                self._changed.notify_all()


class Store:
    """One service's log with its registers; safe for threads, and for processes forked before its first use."""

    def __init__(self, database: Database, service: Service, province: str) -> None:
        self.db = database
        self.service = service
        self.province = province
        self.heads = Heads(self)
        self.folding = Folding(service)
        self._combiner = Combiner(Append(database, self.folding, province))

    def append(self, ticket: Ticket) -> Outcome:
        """Append one prepared command, sharing a transaction with those that wait beside it. Raises as Combiner.submit does."""
        outcome = self._combiner.submit(ticket)
        self.heads.reached(outcome.position)
        return outcome

    def outcome(self, *command_ids: str) -> Outcome | None:
        """What an earlier command of one of these ids did."""
        with self.db.reading() as session:
            row = session.one(
                f"SELECT stream, version, position, facts, fingerprint FROM commands WHERE {session.among('command_id', 'ids')}",
                ids=list(command_ids),
            )
        return Outcome(row[0], row[1], row[2], tuple(msgspec.json.decode(row[3])), row[4]) if row else None

    def holders(self, keys: Iterable[str]) -> dict[str, str]:
        """The streams that hold these reservations, by key; what is free is left out."""
        with self.db.reading() as session:
            sql = f"SELECT key, stream FROM reservations WHERE {session.among('key', 'keys')}"
            return dict(session.rows(sql, keys=sorted(keys)))

    def stream(self, stream: str, after: int = 0) -> list[Recorded]:
        """The facts of a stream behind version `after`, in order."""
        with self.db.reading() as session:
            return read_stream(session, stream, after)

    def streams(self, streams: Sequence[str]) -> dict[str, list[Recorded]]:
        """The facts of several streams, in order; one without facts is left out."""
        with self.db.reading() as session:
            return read_streams(session, list(streams))

    def log(self, after: int, limit: int = 500, visibilities: Sequence[str] | None = None) -> list[Recorded]:
        """Up to `limit` facts behind position `after`, in order; only of these visibilities when given."""
        with self.db.reading() as session:
            only = f" AND {session.among('visibility', 'visibilities')}" if visibilities else ""
            params: dict[str, Any] = {"visibilities": [str(v) for v in visibilities]} if visibilities else {}
            rows = session.rows(
                f"SELECT {COLUMNS} FROM events WHERE position > :after{only} ORDER BY position LIMIT :limit",
                after=after,
                limit=limit,
                **params,
            )
        return [*map(Recorded._make, rows)]

    def previous(self, position: int, visibilities: Sequence[str]) -> int:
        """The position of the last fact of these visibilities before `position`; 0 when there is none."""
        with self.db.reading() as session:
            row = session.one(
                f"SELECT position FROM events WHERE position < :position AND {session.among('visibility', 'visibilities')}"
                " ORDER BY position DESC LIMIT 1",
                position=position,
                visibilities=[str(v) for v in visibilities],
            )
        return int(row[0]) if row else 0

    def head(self) -> int:
        """The position of the newest fact; 0 in an empty log."""
        with self.db.reading() as session:
            row = session.one("SELECT max(position) FROM events")
        return int(row[0] or 0) if row else 0

    def lineage(self) -> list[Incarnation]:
        """The log's lives, the oldest first."""
        with self.db.reading() as session:
            rows = session.rows("SELECT id, parent, forked_at, started_at FROM incarnations ORDER BY rank")
        return [Incarnation(*row) for row in rows]

    def wait(self, after: int, timeout: float) -> bool:
        """Whether there are facts behind `after`, waiting up to `timeout` seconds for them."""
        return self.heads.wait(after, timeout)

    def registers(self) -> Registers:
        """This service's registers."""
        return Registers(self.db)

    def migrate(self) -> None:
        """Bring the tables up to date, and rebuild registers whose columns changed."""
        from shared.store.migrate import migrate

        migrate(self)

    def check(self) -> None:
        """Refuse to serve from a store whose commits are not on disk, or whose server is not the one that wrote it."""
        self.db.check()
        with self.db.reading() as session:
            row = session.one("SELECT server FROM incarnations ORDER BY rank DESC LIMIT 1")
        if row is None:
            raise UnsafeStore("the store was never migrated: `pkp migrate`")
        if row[0] != self.db.server():
            raise UnsafeStore(ANOTHER)
        self.db.expected_server = row[0]

    def begin(self, now: datetime) -> None:
        """Start the first incarnation unless there is one; however many processes begin at once, one is the first."""
        if not self.lineage():
            with self.db.appending() as session:
                if session.one("SELECT 1 FROM incarnations") is None:
                    self._start(session, now)

    def fork(self, now: datetime) -> Incarnation:
        """Start a new incarnation at the present head: after a restore, or when another implementation takes over."""
        with self.db.appending() as session:
            return self._start(session, now)

    def _start(self, session: Session, now: datetime) -> Incarnation:
        head = session.one("SELECT max(position) FROM events")
        last = session.one("SELECT id, rank FROM incarnations ORDER BY rank DESC LIMIT 1")
        parent, rank = (last[0], last[1] + 1) if last else (None, 0)
        made = Incarnation(str(uuid.uuid4()), parent, int(head[0] or 0) if head else 0, stored_time(now))
        _insert_incarnation(session, rank, made, self.db.server())
        return made

    def close(self) -> None:
        """Close this process's connections."""
        self.heads.end()
        self.db.close()


def _insert_incarnation(session: Session, rank: int, made: Incarnation, server: str) -> None:
    session.run(
        "INSERT INTO incarnations (rank, id, parent, forked_at, started_at, server)"
        " VALUES (:rank, :id, :parent, :forked_at, :started_at, :server)",
        rank=rank,
        id=made.id,
        parent=made.parent,
        forked_at=made.forked_at,
        started_at=made.started_at,
        server=server,
    )


def open_store(url: str, service: Service, province: str) -> Store:
    """The store of a service in the database at `url`; nothing is made or connected yet."""
    return Store(open_database(url), service, province)
