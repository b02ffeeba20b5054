"""Letters: facts, reactions and timers that could not be handled and wait for a person, and alarms that a person must see."""

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
    """One letter. `key` is the stream whose facts wait; `position` that of the fact that failed; `closed_as` tells how it ended."""

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
    if session.one(
        "SELECT 1 FROM letters WHERE kind = :kind AND source = :source AND key = :key AND reaction = :reaction AND closed_at IS NULL",
        **same,
    ):
        return
    made = Letter(secrets.token_hex(4), kind, source, key, reason=reason.replace("\0", "")[:500], opened_at=_now(), **about)
    session.insert(letters, [{name: getattr(made, name) for name in Letter.__slots__}])
    metrics.letters.labels(service, kind).inc()
    log.error("letter-opened", service=service, kind=kind, source=source, letter=made.id, position=made.position, type=made.type)


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
    among = session.among("key", "keys")
    rows = session.rows(
        f"SELECT key FROM letters WHERE kind = :kind AND source = :source AND reaction = :reaction AND closed_at IS NULL AND {among}",
        kind=kind,
        source=source,
        reaction=reaction,
        keys=list(dict.fromkeys(keys)),
    )
    return {row[0] for row in rows}


def listed(store: Store, *, closed: bool = False) -> list[Letter]:
    """The open letters, oldest first; with `closed` all of them."""
    only = "" if closed else " WHERE closed_at IS NULL"
    with store.db.reading() as session:
        return [Letter(*row) for row in session.rows(f"SELECT {COLUMNS} FROM letters{only} ORDER BY opened_at, id")]


def letter(store: Store, id: str) -> Letter | None:
    """One letter."""
    with store.db.reading() as session:
        row = session.one(f"SELECT {COLUMNS} FROM letters WHERE id = :id", id=id)
    return Letter(*row) if row else None


def waiting(store: Store, of: Letter) -> list[tuple[int, str, str, str]]:
    """(position, type, state, envelope as JSON) of every fact that waits behind a letter, the failed one first."""
    with store.db.reading() as session:
        if of.kind == FACT:
            return session.rows(
                "SELECT position, type, state, body FROM envelopes WHERE source = :source AND subject = :key"
                " AND state IN ('parked', 'queued') ORDER BY position",
                source=of.source,
                key=of.key,
            )
        return session.rows(
            "SELECT e.position, e.type, o.outcome, e.body FROM reaction_outcomes o JOIN envelopes e ON e.source = o.source"
            " AND e.incarnation = o.incarnation AND e.position = o.position WHERE o.source = :source AND o.subject = :key"
            " AND o.reaction = :reaction AND o.outcome IN ('parked', 'queued') ORDER BY e.applied",
            source=of.source,
            key=of.key,
            reaction=of.reaction,
        )


def _now() -> str:
    return stored_time(datetime.now(UTC))
