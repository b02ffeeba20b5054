"""Reading: replay of the log into facts, rebuild of a read model, and taking a sibling's facts, beside `eventsourcing`."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from eventsourcing.application import Application
from eventsourcing.persistence import Tracking
from eventsourcing.postgres import PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner
from psycopg.sql import SQL, Identifier

from benchmarks.measure import Result, compare
from benchmarks.peers import PeerNote, peer_environment
from benchmarks.subject import BODY, NoteTaken, a_note, hearing, notes, ready_store, ticket
from shared.delivery.attempts import Hand
from shared.delivery.inbox import Inbox
from shared.delivery.sibling import siblings
from shared.envelope import envelope, source_of
from shared.facts import LEAVING
from shared.registers.rebuild import facts_between, rebuild
from shared.store import Store, open_store

FACTS = 20_000
PROJECTED = 4_000  # rates are compared, and the library's runner would take half a minute for all


def fill(store: Store) -> None:
    """Append until the log holds enough facts, many at once."""
    missing = FACTS - store.head()
    with ThreadPoolExecutor(32) as pool:
        list(pool.map(lambda n: store.append(ticket(a_note())), range(missing)))


def fill_peer(application: Application[uuid.UUID]) -> None:
    """The same for the library."""
    recorder = application.recorder
    while (recorder.max_notification_id() or 0) < FACTS:
        application.save(*(PeerNote("Serah terima PSU", BODY, "32.04.05.2001") for _ in range(100)))


def replay(store: Store) -> float:
    """Facts per second from the log into dataclasses."""
    began, decode = time.perf_counter(), store.service.types.decode
    with store.db.snapshot() as session:
        facts = [decode(one.type, one.data) for one in facts_between(session, 0, FACTS)]
    assert len(facts) == FACTS
    assert type(facts[-1]) is NoteTaken
    return FACTS / (time.perf_counter() - began)


def replay_peer(application: Application[uuid.UUID]) -> float:
    """Events per second from the library's log into its event objects."""
    began, count, start = time.perf_counter(), 0, 1
    while page := application.recorder.select_notifications(start=start, limit=2000):
        events = [application.mapper.to_domain_event(one) for one in page]
        count, start = count + len(events), page[-1].id + 1
    assert count >= FACTS
    return count / (time.perf_counter() - began)


def rebuilt(store: Store) -> float:
    """Facts per second folded into a new table that then takes the live one's place."""
    began = time.perf_counter()
    rebuild(store, notes)
    return store.head() / (time.perf_counter() - began)


class PeerView(PostgresTrackingRecorder):
    """The library's materialised view of the same two columns: one upsert and one tracking record per event."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.view = f"notes_{uuid.uuid4().hex[:8]}"
        self.sql_create_statements.append(
            SQL("CREATE TABLE IF NOT EXISTS {} (id uuid PRIMARY KEY, title text, area_code text)").format(Identifier(self.view))
        )
        self.upsert = SQL(
            "INSERT INTO {} VALUES (%s, %s, %s) ON CONFLICT (id) DO UPDATE SET title=excluded.title, area_code=excluded.area_code"
        ).format(Identifier(self.view))

    def take(self, id: uuid.UUID, title: str, area_code: str, tracking: Tracking) -> None:
        """Write the row and the position in one transaction."""
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)
            cursor.execute(self.upsert, (id, title, area_code), prepare=True)


class PeerProjection(Projection[PeerView]):
    """Folds the library's events into its view."""

    name = "peerview"

    def process_event(self, domain_event: Any, tracking: Tracking) -> None:
        """One event."""
        self.view.take(domain_event.originator_id, domain_event.title, domain_event.area_code, tracking)


def projected(url: str) -> float:
    """Events per second of the library's ProjectionRunner from an empty view."""
    name = f"t{uuid.uuid4().hex[:8]}"
    projection = type("Fresh", (PeerProjection,), {"name": name})
    environment = peer_environment(url)
    began = time.perf_counter()
    with ProjectionRunner(
        application_class=Application, projection_class=projection, view_class=PeerView, env=environment
    ) as runner:
        runner.wait(PROJECTED, timeout=120)
        return PROJECTED / (time.perf_counter() - began)


def inbox(told: Store, fresh: Callable[[], str]) -> Callable[[], float]:
    """Facts per second that a sibling keeps, folds and counts, from nothing."""
    source, envelopes, previous = source_of("32", told.service.name), [], 0
    for after in range(0, FACTS, 2000):
        for one in told.log(after, 2000, LEAVING):
            envelopes.append(envelope(source, one, previous))
            previous = one.position

    def take() -> float:
        store = open_store(fresh(), hearing, "32")
        store.migrate()
        box = Inbox(store, siblings(hearing, "32")[0], Hand())
        box.open()
        box.adopt(tuple(told.lineage()))
        began = time.perf_counter()
        for at in range(0, len(envelopes), 500):
            box.take(envelopes[at : at + 500])
        rate = len(envelopes) / (time.perf_counter() - began)
        store.close()
        return rate

    return take


def run(url: str, fresh: Callable[[], str], rounds: int) -> Iterator[Result]:
    """Replay, rebuild and inbox on PostgreSQL."""
    store = ready_store(url)
    fill(store)
    with Application[uuid.UUID](peer_environment(url)) as application:
        fill_peer(application)
        yield compare(
            "replay, PostgreSQL",
            {"ours": lambda: replay(store), "eventsourcing": lambda: replay_peer(application)},
            rounds,
            {"eventsourcing": 4},
        )
    runner = "eventsourcing ProjectionRunner"
    yield compare("rebuild, PostgreSQL", {"ours": lambda: rebuilt(store), runner: lambda: projected(url)}, rounds, {runner: 30})
    yield compare("inbox apply, PostgreSQL", {"ours": inbox(store, fresh), runner: lambda: projected(url)}, rounds, {runner: 10})
    store.close()
