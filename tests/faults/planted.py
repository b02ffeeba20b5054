"""Mistakes that some well-known system made, put into this one: the oracles must catch every one of them."""

from __future__ import annotations

import itertools
import threading
import time
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from shared.bus import feed as bus_feed
from shared.bus import kafka
from shared.delivery import inbox, reactions, relay, worker
from shared.delivery.held import advance, locked
from shared.delivery.keeping import APPLIED, fold, keep, read
from shared.execute import Caller, Runtime
from shared.store import Recorded, Store
from shared.store.recorded import COLUMNS
from tests.races.planted import AcknowledgedBeforeCommit, Plant, Planted, PositionsBurntOnRollback

Patch = pytest.MonkeyPatch

# --- commands, log, registers ----------------------------------------------------------------------------------------


FOLDER: list[Any] = []
"""Where the faulty appends of the races keep what they need."""


def acknowledged_before_commit(patch: Patch) -> None:
    """Callers are told before the transaction is committed."""
    _append(patch, AcknowledgedBeforeCommit)


def positions_burnt_on_rollback(patch: Patch) -> None:
    """Positions come from a sequence: a roll-back leaves holes."""
    _append(patch, PositionsBurntOnRollback)


def _append(patch: Patch, variant: type[Planted]) -> None:
    init = Runtime.__init__

    def made(self: Runtime, *given: Any) -> None:
        init(self, *given)
        self.store.migrate()
        Plant(variant)(self, FOLDER[0])

    patch.setattr(Runtime, "__init__", made)


def retry_is_a_new_command(patch: Patch) -> None:
    """The client's key is not part of the command's id: asking again does it again."""
    patch.setattr(Runtime, "command_id", lambda self, caller: uuid4().hex)


def registers_written_later(patch: Patch) -> None:
    """Rows of own registers are written behind the commit, and only most of the time."""
    from shared.store.ledger import Ledger

    write, count = Ledger.write, itertools.count()

    def without_some(self: Any, session: Any) -> None:
        if next(count) % 5 == 4:
            self.changed = {}
        write(self, session)

    patch.setattr(Ledger, "write", without_some)


def reaction_under_a_fresh_key(patch: Patch) -> None:
    """A reaction's command has an id of its own each time, so that a repeated fact has a second effect."""

    def caller(kind: str, who: str, key: str, *rest: Any) -> Caller:
        return Caller(kind, who, f"{key} {uuid4()}", *rest)

    patch.setattr(reactions, "Caller", caller)


# --- relay -----------------------------------------------------------------------------------------------------------


def checkpoint_before_the_ack(patch: Patch) -> None:
    """What was handed to the client counts as published, and a new relay trusts its checkpoint."""
    patch.setattr(relay.Chain, "reached", property(lambda self: replace(self.saved, position=self.sent)))
    patch.setattr(relay, "standing", lambda store, broker, known, topic_id, *rest: replace(known, topic_id=topic_id))


def failed_record_is_skipped(patch: Patch) -> None:
    """Delivery gives up after a while, the error is noted, the next record goes."""
    client = kafka.client
    patch.setattr(kafka, "client", lambda broker, ear, **more: client(broker, ear, **more | _impatient(more)))
    patch.setattr(
        kafka.Outlet, "_delivered", lambda self, prefix, note, error, message: prefix.arrived(note, message.offset() or 0)
    )


def _impatient(more: dict[str, Any]) -> dict[str, Any]:
    return {"message.timeout.ms": 300, "enable.idempotence": False} if "message.timeout.ms" in more else {}


class Outbox:
    """An outbox that two relays empty, each taking what the other has not taken: SELECT ... SKIP LOCKED.

    The slow one takes first, and hands over what it took once the quick one has published something.
    """

    def __init__(self, log: Any) -> None:
        self._log, self._lock, self._taken = log, threading.Lock(), 0
        self._slow_has_taken, self.quick_has_published = threading.Event(), threading.Event()

    def take(self, slow: bool) -> list[Recorded]:
        """The next few facts that nobody has taken."""
        if not slow:
            self._slow_has_taken.wait(20)
        with self._lock:
            found: list[Recorded] = self._log(self._taken, 2, ["public", "interagency"])
            self._taken = found[-1].position if found else self._taken
        if slow:
            self._slow_has_taken.set()
            self.quick_has_published.wait(20)
        return found


def relays_share_the_outbox(patch: Patch) -> None:
    """No fencing, no order: two relays publish at the same time."""

    class Competing(relay.Relay):
        def run(self) -> None:
            outbox = Outbox(self.store.log)
            twin = relay.Relay(self.store, self._broker, self._lease, self._stopping)
            other = threading.Thread(target=self._compete, args=(twin, outbox, True))
            other.start()
            self._compete(self, outbox, False)
            other.join()

        def _compete(self, one: relay.Relay, outbox: Outbox, slow: bool) -> None:
            outlet = kafka.Outlet(self._broker)
            chains = one._open(outlet)
            while not self._stopping():
                facts = outbox.take(slow)
                for fact in facts:
                    one._hand_over(outlet, chains, fact)
                outlet.flush(2)
                outlet.poll(0)
                if facts and not slow:
                    outbox.quick_has_published.set()
                if not facts:
                    time.sleep(0.01)

    patch.setattr("tests.delivery.topics.Relay", Competing)


# --- inbox -----------------------------------------------------------------------------------------------------------


def position_in_another_transaction(patch: Patch) -> None:
    """Auto-commit: the position is written first, the rows a moment later, or never when the process dies in between."""

    def transact(self: inbox.Inbox, portion: Any, mark: Any, task: Any = None, parked: str = "") -> None:
        items, before = [read(self.sibling, one) for one in portion], self.held
        count = sum(item.state == APPLIED for item in items)
        after = replace(before, position=portion[-1].position, applied=before.applied + count, mark=mark or before.mark)
        with self.store.db.writing() as session:
            locked(session, before)
            advance(session, before, after)
        self.held = after
        time.sleep(0.03)
        with self.store.db.writing() as session:
            keep(session, self.store.service.name, self.sibling, items, before.applied)

    patch.setattr(inbox.Inbox, "_transact", transact)


def rows_in_another_transaction(patch: Patch) -> None:
    """Facts are kept and the position moves; the register follows in a transaction of its own, which fails now and then."""
    from shared.delivery import keeping

    true, count = keeping.fold, itertools.count()
    patch.setattr(keeping, "fold", lambda *given: None if next(count) % 3 == 2 else true(*given))


def duplicates_known_for_a_while(patch: Patch) -> None:
    """Ids that were handled are remembered for a moment; what comes again later is new."""
    remembered: dict[str, float] = {}
    take = inbox.Inbox.take

    def took(self: inbox.Inbox, envelopes: Any, mark: Any = None) -> None:
        now = time.monotonic()
        again = [one for one in envelopes if one.position <= self.held.position and remembered.get(one.id, 0) < now - 0.2]
        if again:
            before, after = self.held, replace(self.held, position=again[-1].position)
            with self.store.db.writing() as session:
                fold(session, self.sibling.registers, [read(self.sibling, one) for one in again])
                advance(session, before, after)
            self.held = after
        remembered.update((one.id, now) for one in envelopes)
        if not again:
            take(self, envelopes, mark)

    patch.setattr(inbox.Inbox, "take", took)


def lives_are_not_told_apart(patch: Patch) -> None:
    """A new life of the log is taken for the old one going on."""
    patch.setattr(inbox, "shared_up_to", lambda one, other: 2**62)


def loop_gives_up(patch: Patch) -> None:
    """A loop that could not reach its sibling ends, and nobody notices."""

    def once(self: worker.Worker, name: str, work: Any) -> None:
        try:
            work()
        except ConnectionError:
            return

    patch.setattr(worker.Worker, "keep_going", once)


# --- feed ------------------------------------------------------------------------------------------------------------


def feed_pages_by_time(patch: Patch) -> None:
    """What comes next is what was recorded later: a page that ends inside one moment loses the rest of it."""

    def log(self: Store, after: int, limit: int = 500, visibilities: Any = None) -> list[Recorded]:
        with self.db.reading() as session:
            last = session.one("SELECT recorded_at FROM events WHERE position = :after", after=after)
            rows = session.rows(
                f"SELECT {COLUMNS} FROM events WHERE recorded_at > :last AND {session.among('visibility', 'visibilities')}"
                " ORDER BY recorded_at, position LIMIT :limit",
                last=last[0] if last else "",
                limit=limit,
                visibilities=[str(one) for one in visibilities or ()],
            )
        return [Recorded(*row) for row in rows]

    true = Store.log
    patch.setattr(
        Store, "log", lambda self, after, limit=500, v=None: (log if limit < 1000 and v else true)(self, after, limit, v)
    )


def feed_drops_previous(patch: Patch) -> None:
    """`previous` is the position before, whoever may read it."""
    true = bus_feed.chained
    patch.setattr(
        bus_feed,
        "chained",
        lambda source, recorded, previous: [one for fact in recorded for one in true(source, [fact], fact.position - 1)],
    )
