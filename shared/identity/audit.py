"""The audit trail of one service: who was refused what, and who read what is confidential; rows are added and never changed."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import Column, MetaData, Table, Text

from shared.decider import Actor
from shared.identity.tables import now
from shared.store.session import Database

REFUSED, READ = "refused", "read"
audit_tables = MetaData()

audit_trail = Table(
    "audit_trail",
    audit_tables,
    Column("id", Text, primary_key=True),
    Column("at", Text, nullable=False, index=True),
    Column("account", Text, nullable=False, index=True, comment="opaque id of the account, or machine:<service>"),
    Column("roles", Text, nullable=False, comment="the roles that counted, separated by commas"),
    Column("outcome", Text, nullable=False, comment="refused, read"),
    Column("what", Text, nullable=False, comment="the kind of thing, or the route that was refused"),
    Column("ids", Text, nullable=False, comment="JSON array of the ids of the rows or things concerned"),
    Column("reason", Text, nullable=False, comment="slug of the refusal; empty for a read"),
    Column("request", Text, nullable=False, comment="id of the request, as in the log and in X-Request-ID"),
)


@dataclass(frozen=True)
class Entry:
    """What is written of one refusal or one reading; never what was sent or read."""

    actor: Actor
    outcome: str
    what: str
    ids: Sequence[str]
    reason: str
    request: str


def write(database: Database, entry: Entry) -> None:
    """Put an entry on disk. Raises Busy: whoever cannot write it must not answer, either."""
    row = {
        "id": uuid.uuid4().hex,
        "at": now(),
        "account": entry.actor.signature,
        "roles": ",".join(sorted(entry.actor.roles)),
        "outcome": entry.outcome,
        "what": entry.what,
        "ids": msgspec.json.encode(list(entry.ids)).decode(),
        "reason": entry.reason,
        "request": entry.request,
    }
    with database.writing() as session:
        session.insert(audit_trail, [row])
