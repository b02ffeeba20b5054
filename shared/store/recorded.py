"""One stored fact: its shape, its time, its hash, and reading a stream of them."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import NamedTuple

from shared.facts import aggregate_id
from shared.registers.register import About
from shared.store.session import Session

COLUMNS = (
    "position, id, stream, version, type, visibility, data, recorded_at, hash,"
    " command_id, correlation_id, causation_id, actor, incarnation, traceparent"
)


class Recorded(NamedTuple):
    """One stored fact, a row of the log as it is read (a tuple: rows by the hundred thousand need no copying).

    `data` is JSON, personal fields as ciphertext; `recorded_at` is UTC text, monotone with `position`.
    """

    position: int
    id: str
    stream: str
    version: int
    type: str
    visibility: str
    data: str
    recorded_at: str
    hash: str
    command_id: str
    correlation_id: str
    causation_id: str | None
    actor: str
    incarnation: str
    traceparent: str | None = None

    @property
    def about(self) -> About:
        """What folds may know of it."""
        id = aggregate_id(self.stream)
        return About(str(id), id, self.stream, self.version, self.position, moment(self.recorded_at))


class Replayed(NamedTuple):
    """What a replay needs of a stored fact, and no more: reading is most of its time."""

    position: int
    stream: str
    version: int
    type: str
    data: str
    recorded_at: str

    @property
    def about(self) -> About:
        """What folds may know of it."""
        id = aggregate_id(self.stream)
        return About(str(id), id, self.stream, self.version, self.position, moment(self.recorded_at))


def moment(stored: str) -> datetime:
    """A stored time as a UTC datetime."""
    return datetime.fromisoformat(stored)


def stored_time(at: datetime) -> str:
    """A UTC datetime as stored: 27 characters, so that text order is time order."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")[:26] + "Z"


def content_hash(id: str, type: str, stream: str, version: int, recorded_at: str, data: str) -> str:
    """SHA-256 over what a fact says, hexadecimal. None of the parts can hold a newline: JSON escapes it."""
    return hashlib.sha256("\n".join((id, type, stream, str(version), recorded_at, data)).encode()).hexdigest()


def read_stream(session: Session, stream: str, after: int = 0) -> list[Recorded]:
    """The facts of a stream behind version `after` as this session sees them, in order."""
    rows = session.rows(
        f"SELECT {COLUMNS} FROM events WHERE stream = :stream AND version > :after ORDER BY version", stream=stream, after=after
    )
    return [Recorded(*row) for row in rows]


def read_streams(session: Session, streams: list[str]) -> dict[str, list[Recorded]]:
    """The facts of several streams as this session sees them, in order; a stream without facts is left out."""
    found: dict[str, list[Recorded]] = {}
    sql = f"SELECT {COLUMNS} FROM events WHERE {session.among('stream', 'streams')} ORDER BY stream, version"
    for row in session.rows(sql, streams=streams):
        found.setdefault(row[2], []).append(Recorded(*row))
    return found
