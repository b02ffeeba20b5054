"""Opening and closing letters: what could not be handled and waits for a person, and alarms that a person must see."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import structlog

from shared.delivery.tables import letters
from shared.ops import metrics
from shared.store import Session, Store
from shared.store.recorded import stored_time

FACT, REACTION, TIMER, ALARM = "fact", "reaction", "timer", "alarm"
COLUMNS = "id, kind, source, key, reaction, incarnation, position, type, reason, opened_at, closed_at, closed_as"

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter. `key` is the stream whose facts wait, `position` that of the fact that failed, `closed_as` how it ended."""

    id: str
    kind: str
    source: str
    key: str
    reaction: str = ""
    incarnation: str = ""
    position: int = 0
    type: str = ""
    reason: str = ""
    opened_at: str = ""
    closed_at: str | None = None
    closed_as: str | None = None


def open_letter(session: Session, service: str, kind: str, source: str, key: str, reason: str, **about: Any) -> None:
    """Open a letter inside a write transaction, unless one of the same kind and key is open.

    `about` may hold `reaction`, `incarnation`, `position`, `type`. The log names no content of the fact.
    """
    same = {"kind": kind, "source": source, "key": key, "reaction": about.get("reaction", "")}
    where = "kind = :kind AND source = :source AND key = :key AND reaction = :reaction AND closed_at IS NULL"
    if session.one(f"SELECT 1 FROM letters WHERE {where}", **same):
        return
    made = Letter(secrets.token_hex(4), kind, source, key, reason=printable(reason), opened_at=_now(), **about)
    session.insert(letters, [{name: getattr(made, name) for name in Letter.__slots__}])
    metrics.letters.labels(service, kind).inc()
    log.error("letter-opened", service=service, kind=kind, source=source, letter=made.id, position=made.position, type=made.type)


def printable(reason: str) -> str:
    """A reason as it can be kept: short, and without what no text column holds."""
    return reason.replace("\0", "")[:500]


def alarm(store: Store, source: str, key: str, reason: str, **about: Any) -> None:
    """Tell a person, once, that something is wrong which no machine can mend."""
    with store.db.writing() as session:
        open_letter(session, store.service.name, ALARM, source, key, reason, **about)


def close_letter(session: Session, id: str, how: str) -> None:
    """Close a letter inside a write transaction."""
    session.run(
        "UPDATE letters SET closed_at = :at, closed_as = :how WHERE id = :id AND closed_at IS NULL", id=id, at=_now(), how=how
    )


def close_beyond(session: Session, source: str, position: int) -> None:
    """Close the letters of facts that are set aside with everything beyond a position."""
    session.run(
        "UPDATE letters SET closed_at = :at, closed_as = 'aside' WHERE source = :source AND kind <> :alarm"
        " AND position > :position AND closed_at IS NULL",
        at=_now(),
        source=source,
        alarm=ALARM,
        position=position,
    )


def waiting_keys(session: Session, kind: str, source: str, keys: Iterable[str], reaction: str = "") -> set[str]:
    """Those of the keys that have an open letter of this kind: whatever comes for them queues behind."""
    rows = session.rows(
        "SELECT key FROM letters WHERE kind = :kind AND source = :source AND reaction = :reaction AND closed_at IS NULL"
        f" AND {session.among('key', 'keys')}",
        kind=kind,
        source=source,
        reaction=reaction,
        keys=list(dict.fromkeys(keys)),
    )
    return {row[0] for row in rows}


def _now() -> str:
    return stored_time(datetime.now(UTC))
