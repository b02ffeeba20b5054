"""The relay: hands a service's log to its two Kafka topics, in order, without a hole, by one active worker."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from shared.bus.broker import Broker
from shared.bus.feed import VIEWS
from shared.bus.kafka import Outlet, Prefix, Unreachable, topic_name
from shared.bus.lineage import Lineage, to_json
from shared.bus.topics import Topics
from shared.delivery.checkpoints import Checkpoint, load, save
from shared.delivery.lease import Lease
from shared.delivery.standing import READ, standing
from shared.envelope import LINEAGE_TYPE, Headers, envelope, source_of, to_headers
from shared.facts import LEAVING, Visibility
from shared.ops import metrics
from shared.store import Recorded, Store

CHECKPOINT_EVERY = 0.2  # seconds
MEASURE_EVERY = 5.0
TOPIC_LOOK_EVERY = 30.0
FLUSH = 2.0  # seconds that an orderly end waits for what is in flight
MARKER = -1  # the note of a marker record


@dataclass(slots=True)
class Chain:
    """One topic as this relay fills it: what the topic is known to hold, and what is handed over beyond it."""

    topic: str
    visibilities: Sequence[Visibility]
    saved: Checkpoint
    sent: int
    prefix: Prefix = field(default_factory=Prefix)

    @property
    def reached(self) -> Checkpoint:
        """The checkpoint that the acknowledged prefix allows."""
        note, offset = self.prefix.acknowledged or (MARKER, 0)
        return self.saved if note == MARKER else replace(self.saved, position=note, offset=offset)


class Every:
    """Says when some seconds have passed."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._last = time.monotonic()

    def due(self) -> bool:
        """Whether they have passed since it was due last."""
        now = time.monotonic()
        if now - self._last < self._seconds:
            return False
        self._last = now
        return True


class Relay:
    """Publishes one service's log under a lease. Made in the process that uses it."""

    def __init__(
        self, store: Store, broker: Broker, lease: Lease, stopping: Callable[[], bool], topic_look: float = TOPIC_LOOK_EVERY
    ) -> None:
        self.store = store
        self.source = source_of(store.province, store.service.name)
        self._broker = broker
        self._lease = lease
        self._stopping = stopping
        self._topic_look = topic_look
        self._topics = Topics(broker)
        self._read_to = 0
        self._lives: set[str] = set()

    def run(self) -> None:
        """Publish until asked to stop. Raises Undelivered, Fenced, UnsafeStore (the process must end), Unreachable and Busy."""
        while not self._stopping():
            outlet = Outlet(self._broker)
            try:
                self._pump(outlet, self._open(outlet))
            finally:
                outlet.discard()

    def _open(self, outlet: Outlet) -> list[Chain]:
        """Find where each topic stands, and begin a new life in it with a marker."""
        lineage = tuple(self.store.lineage())
        self._lives = {life.id for life in lineage}
        chains = []
        for view, visibilities in VIEWS.items():
            topic = topic_name(self.store.province, self.store.service.name, view)
            with self.store.db.reading() as session:
                known = load(session, topic)
            topic_id = self._topics.ensure(topic)
            found = standing(self.store, self._broker, known, topic_id, visibilities, self._stopping)
            chains.append(Chain(topic, visibilities, found, found.position))
        self._save([chain.saved for chain in chains])
        for chain in chains:
            if chain.saved.incarnation != lineage[-1].id:
                self._mark(outlet, chain, lineage)
        self._read_to = min(chain.sent for chain in chains)
        return chains

    def _mark(self, outlet: Outlet, chain: Chain, lineage: Lineage) -> None:
        """The first record of a life tells the whole lineage, so that no reader takes its facts for another's."""
        life = lineage[-1].id
        headers: Headers = [
            ("ce_specversion", "1.0"),
            ("ce_id", life),
            ("ce_source", self.source),
            ("ce_type", LINEAGE_TYPE),
            ("ce_incarnation", life),
            ("content-type", "application/json"),
        ]
        self._send(outlet, chain, "lineage", to_json(lineage).encode(), headers, MARKER)
        while chain.prefix.in_flight and not self._stopping():
            outlet.poll(0.05)
        if chain.prefix.acknowledged:
            chain.saved = replace(chain.saved, incarnation=life)
            self._save([chain.saved])

    def _pump(self, outlet: Outlet, chains: list[Chain]) -> None:
        """Hand over what is new until asked to stop, or until a topic turns out to be another one."""
        save_now, look_now, measure_now = Every(CHECKPOINT_EVERY), Every(self._topic_look), Every(MEASURE_EVERY)
        while not self._stopping():
            head = self.store.head()
            facts = self.store.log(self._read_to, READ, LEAVING)
            if facts and facts[-1].incarnation not in self._lives:
                return  # a new life of the log has begun: its marker goes first
            if not all(self._hand_over(outlet, chains, fact) for fact in facts):
                break
            last = facts[-1].position if facts else 0
            self._read_to = last if len(facts) == READ else max(head, last, self._read_to)
            outlet.poll(0)
            if save_now.due():
                self._checkpoint(chains)
            if measure_now.due():
                self._measure(chains)
            if look_now.due() and self._changed(chains):
                return
            if not facts:
                self._rest(outlet, chains)
        outlet.flush(FLUSH)
        outlet.poll(0)
        self._checkpoint(chains)

    def _hand_over(self, outlet: Outlet, chains: list[Chain], fact: Recorded) -> bool:
        """Whether the fact went to every topic that it belongs to; when not, nothing may follow it."""
        for chain in chains:
            if fact.position > chain.sent and fact.visibility in chain.visibilities:
                one = envelope(self.source, fact, chain.sent)
                if not self._send(outlet, chain, one.partitionkey, one.payload, to_headers(one), fact.position):
                    return False
                chain.sent = fact.position
        return True

    def _send(self, outlet: Outlet, chain: Chain, key: str, value: bytes, headers: Headers, note: int) -> bool:
        """Hand one record over, waiting for room; False when asked to stop meanwhile."""
        while not outlet.send(chain.topic, key, value, headers, chain.prefix, note):
            if self._stopping():
                return False
            outlet.poll(0.1)
        return True

    def _rest(self, outlet: Outlet, chains: list[Chain]) -> None:
        """Nothing new: hear the broker while something is in flight, else save and wait for a commit."""
        if any(chain.prefix.in_flight for chain in chains):
            outlet.poll(0.01)
        else:
            self._checkpoint(chains)
            self.store.wait(self._read_to, 0.5)

    def _checkpoint(self, chains: list[Chain]) -> None:
        """Move the checkpoints over what is acknowledged without a hole."""
        moved = [(chain, chain.reached) for chain in chains if chain.reached != chain.saved]
        self._save([reached for _, reached in moved])
        for chain, reached in moved:
            metrics.published.labels(self.store.service.name, chain.topic).inc(chain.prefix.take_count())
            chain.saved = reached

    def _save(self, checkpoints: Sequence[Checkpoint]) -> None:
        if checkpoints:
            with self.store.db.writing() as session:
                save(session, checkpoints, self._lease.fence)

    def _changed(self, chains: list[Chain]) -> bool:
        """Whether a topic was deleted or made again: a producer that runs on is not told. Raises Fenced."""
        self._lease.check()
        try:
            return any(self._topics.id(chain.topic) != chain.saved.topic_id for chain in chains)
        except Unreachable:
            return False  # what is in flight waits for the broker

    def _measure(self, chains: list[Chain]) -> None:
        """How much of what may leave has not reached the broker, and since when."""
        name = self.store.service.name
        whole = max(chains, key=lambda chain: len(chain.visibilities))
        with self.store.db.reading() as session:
            row = session.one(
                "SELECT count(*), min(recorded_at) FROM events WHERE position > :after"
                f" AND {session.among('visibility', 'leaving')}",
                after=whole.saved.position,
                leaving=[str(one) for one in whole.visibilities],
            )
        count, oldest = row or (0, None)
        metrics.pending.labels(name).set(count)
        metrics.pending_age.labels(name).set(metrics.age(oldest) if oldest else 0)
