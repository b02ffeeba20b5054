"""The smallest service that does everything an append does: one fact, one command record, one register row."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from shared.decider import Decider
from shared.facts import INTERAGENCY, command, encode, fact, stream_id, text
from shared.registers.register import Register
from shared.service import Aggregate, Does, Listens, Service
from shared.store.command import Draft, Prepared, Ticket
from shared.store.log import Store, open_store


@fact(visibility=INTERAGENCY)
class NoteTaken:
    """A note was taken."""

    note_id: UUID
    title: str = text(1, 80)
    body: str = text(1, 400)
    area_code: str = text(2, 13)


@command
class TakeNote:
    """Somebody takes a note."""

    title: str = text(1, 80)


@dataclass(frozen=True)
class Note:
    """The row that readers see."""

    title: str
    area_code: str


notes = Register("notes", Note, {NoteTaken: lambda row, fact, about: Note(fact.title, fact.area_code)})
decider = Decider("note", None, lambda state, command, given: [], lambda state, fact: fact)
service = Service("notes", (Aggregate(decider, "notes", notes, (Does(TakeNote, inner=True),)),))
heard = Register("heard_notes", Note, notes.folds, source="notes")
hearing = Service("hearing", (), (Listens("notes", (NoteTaken,), (heard,)),))
TYPE = service.types.names[NoteTaken]
BODY = "Warga meminta kejelasan jadwal serah terima prasarana, sarana dan utilitas umum. " * 3


def a_note() -> NoteTaken:
    """A fact of about 500 bytes."""
    return NoteTaken(note_id=uuid.uuid4(), title="Serah terima PSU", body=BODY, area_code="32.04.05.2001")


def ready_store(url: str) -> Store:
    """A migrated store."""
    store = open_store(url, service, "32")
    store.migrate()
    store.check()
    return store


def ticket(made: NoteTaken) -> Ticket:
    """One command that puts one fact into a stream of its own."""
    draft = Draft(str(uuid.uuid4()), TYPE, "interagency", encode(made), made)
    prepared = Prepared(expected=0, now=datetime.now(UTC), drafts=(draft,))
    key = uuid.uuid4().hex + uuid.uuid4().hex
    stream = stream_id("32", "note", made.note_id)
    return Ticket(key, key, stream, "bench", key, None, lambda session: prepared, prepared)


def appender(url: str) -> Callable[[int], Callable[[], Any]]:
    """Clients that share one store, as the threads of a web process do."""
    store = open_store(url, service, "32")
    return lambda n: lambda: store.append(ticket(a_note()))
