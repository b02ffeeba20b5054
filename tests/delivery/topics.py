"""A relay at work in a thread, and the records of a topic as anybody reads them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from confluent_kafka.admin import AdminClient

from shared.bus.broker import Broker
from shared.bus.kafka import Outlet, Prefix, Record, read_up_to, topic_name
from shared.bus.topics import Topics
from shared.delivery.attempts import is_connection_error
from shared.delivery.intake import KafkaIntake
from shared.delivery.lease import Lease
from shared.delivery.relay import Relay
from shared.envelope import LINEAGE_TYPE, Envelope, from_headers, texts, to_headers
from tests.delivery.conftest import Pair

INTERAGENCY, PUBLIC = topic_name("32", "teller", "interagency"), topic_name("32", "teller", "public")


def until(true: Callable[[], bool], seconds: float = 20.0) -> None:
    """Wait until something is true; fails after `seconds`."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.02)


class Running:
    """A loop in a thread, begun again after what only a pause mends, as a worker does; `error` is what ended it."""

    def __init__(self, make: Callable[[Callable[[], bool]], Any]) -> None:
        self._stop = threading.Event()
        self.error: BaseException | None = None
        self._make = make
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._make(self._stop.is_set).run()
            except Exception as error:
                if not is_connection_error(error):
                    self.error = error
                    return
                self._stop.wait(0.1)

    def end(self) -> None:
        self._stop.set()
        self._thread.join(15)
        assert not self._thread.is_alive()

    def join(self, seconds: float = 20) -> BaseException | None:
        self._thread.join(seconds)
        assert not self._thread.is_alive()
        return self.error


class Bus:
    """The teller's topics on a true broker."""

    def __init__(self, pair: Pair, bootstrap: str) -> None:
        self.pair = pair
        self.bootstrap = bootstrap
        self.broker = Broker(bootstrap)
        self.topics = Topics(self.broker)
        self.lease = Lease(pair.teller.store.db)
        assert self.lease.try_take()

    def delete(self, *names: str) -> None:
        """Delete topics and wait until they are gone."""
        wanted = names or (INTERAGENCY, PUBLIC)
        there = [name for name in wanted if self.topics.id(name)]
        admin = AdminClient({"bootstrap.servers": self.bootstrap, "log_level": 3})
        for future in admin.delete_topics(there).values() if there else ():
            future.result(20)
        until(lambda: all(self.topics.id(name) is None for name in wanted))

    def relay(self, look: float = 30.0) -> Running:
        return Running(lambda stopping: Relay(self.pair.teller.store, self.broker, self.lease, stopping, look))

    def publish(self) -> None:
        """Run a relay until the topics hold the log, and end it in order."""
        running = self.relay()
        until(lambda: running.error is not None or self.published(), 30)
        running.end()
        assert running.error is None, running.error

    def published(self) -> bool:
        wanted = self.pair.teller.store.previous(2**62, ["public", "interagency"])
        with self.pair.teller.store.db.reading() as session:
            rows = session.rows(
                "SELECT position, incarnation, republish FROM checkpoints WHERE topic = :topic", topic=INTERAGENCY
            )
        return bool(rows) and rows[0] == (wanted, self.pair.teller.store.lineage()[-1].id, False)

    def records(self, topic: str = INTERAGENCY) -> list[Record]:
        return list(read_up_to(self.broker, topic, 0))

    def facts(self, topic: str = INTERAGENCY) -> list[Envelope]:
        """The facts of a topic, as often as they are there."""
        pairs = [(texts(record.headers), record.value) for record in self.records(topic)]
        return [from_headers(head, value) for head, value in pairs if head.get("ce_type") != LINEAGE_TYPE]

    def markers(self, topic: str = INTERAGENCY) -> list[str]:
        heads = [texts(record.headers) for record in self.records(topic)]
        return [head["ce_id"] for head in heads if head.get("ce_type") == LINEAGE_TYPE]

    def write(self, *envelopes: Envelope, topic: str = INTERAGENCY) -> None:
        """Write records as a broken or ancient relay might."""
        self.topics.ensure(topic)
        outlet, prefix = Outlet(self.broker), Prefix()
        for n, one in enumerate(envelopes):
            assert outlet.send(topic, one.partitionkey, one.payload, to_headers(one), prefix, n)
        until(lambda: outlet.poll(0.05) or not prefix.in_flight)

    def intake(self, head_look: float = 60.0, topic_look: float = 30.0, url: str | None = None) -> Running:
        def make(stopping: Callable[[], bool]) -> KafkaIntake:
            inbox = self.pair.inbox()
            feed = self.pair.intake(inbox, url)
            return KafkaIntake(inbox, feed, self.broker, INTERAGENCY, stopping, head_look, topic_look)

        return Running(make)


def once(facts: list[Envelope]) -> list[Envelope]:
    """The facts without later repetitions."""
    return list({one.id: one for one in reversed(facts)}.values())[::-1]
