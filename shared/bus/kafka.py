"""The Kafka carrier: topics that are logs, an idempotent producer, a reader whose offsets live in the database."""

from __future__ import annotations

import contextlib
import logging
import re
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import structlog
from confluent_kafka import (
    Consumer,
    KafkaError,
    KafkaException,
    Message,
    Producer,
    TopicPartition,
)

from shared.bus.broker import Broker
from shared.envelope import Headers

TIMEOUT = 5.0  # seconds for one question to the broker
LOOK = 1000  # records that are fetched at once

# The broker is there, and does not let us: mended by whoever grants, not by another process.
REFUSALS = {
    KafkaError.TOPIC_AUTHORIZATION_FAILED,
    KafkaError.CLUSTER_AUTHORIZATION_FAILED,
    KafkaError.GROUP_AUTHORIZATION_FAILED,
}

log = structlog.get_logger()
_client_log = logging.getLogger("shared.bus.kafka.client")


class Unreachable(ConnectionError):
    """The broker could not be reached now, or a topic is not there yet: tried again after a pause."""


class Undelivered(Exception):
    """The broker refused a record: nothing may follow it, so the process ends and a new one reads where the topic stands."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a topic; headers as the client gives them."""

    offset: int
    key: bytes | None
    headers: Any
    value: bytes | None


def topic_name(province: str, service: str, view: str) -> str:
    """`32.membership.interagency.v1`: the owner stands first, so that one prefix grants, limits and mirrors."""
    return f"{province}.{service}.{view}.v1"


class Ear:
    """What one client's own threads tell of its connections, so that a failure can say why."""

    def __init__(self) -> None:
        self.heard = ""
        self.fatal: KafkaError | None = None

    def __call__(self, error: KafkaError) -> None:
        """Told by the client while it is polled; that all brokers are down follows from what was told of each."""
        if error.fatal():
            self.fatal = error
        if error.code() != KafkaError._ALL_BROKERS_DOWN:
            self.heard = re.sub(r"( \(after [^()]*\))?$", "", error.str())

    def why(self, error: KafkaError | None = None) -> str:
        """The reason of a failure: what was heard, else the error's own words."""
        if error is None:
            return self.heard or "no answer"
        own = f"{error.str()} ({error.name()})"
        return own if error.code() in REFUSALS else self.heard or own


def client(broker: Broker, ear: Ear, **more: Any) -> dict[str, Any]:
    """The configuration of a client. It prints nothing itself: it would repeat every vain attempt, and the ear hears them."""
    return {
        "bootstrap.servers": broker.addresses,
        **broker.options,
        "log_level": 2,
        "logger": _client_log,
        "error_cb": ear,
        "reconnect.backoff.ms": 100,
        "reconnect.backoff.max.ms": 2000,
        "topic.metadata.refresh.fast.interval.ms": 100,
        "broker.address.family": "v4",
        **more,
    }


class Prefix:
    """Which of the records of one topic are acknowledged without a hole: only up to there a checkpoint may move."""

    def __init__(self) -> None:
        self._sent: deque[int] = deque()
        self._early: dict[int, int] = {}
        self._count = 0
        self.acknowledged: tuple[int, int] | None = None

    def sent(self, note: int) -> None:
        """A record is handed over; notes rise."""
        self._sent.append(note)

    def arrived(self, note: int, offset: int) -> None:
        """The broker has a record at an offset."""
        self._early[note] = offset
        while self._sent and self._sent[0] in self._early:
            first = self._sent.popleft()
            self.acknowledged = (first, self._early.pop(first))
            self._count += 1

    def take_count(self) -> int:
        """How many records were acknowledged since this was asked last."""
        count, self._count = self._count, 0
        return count

    @property
    def in_flight(self) -> int:
        """How many records wait for the broker."""
        return len(self._sent)


class Outlet:
    """The producer of one service: records in order, many in flight, delivered or the process ends."""

    def __init__(self, broker: Broker) -> None:
        self._failure: KafkaError | None = None
        self._told = ""
        self._ear = Ear()
        self._producer = Producer(
            client(
                broker,
                self._ear,
                **{
                    "enable.idempotence": True,
                    "acks": "all",
                    "message.timeout.ms": 0,  # no end: a record that gave up would let later ones pass it
                    "linger.ms": 5,
                    "batch.num.messages": 10000,
                    "queue.buffering.max.messages": 100000,
                    "queue.buffering.max.kbytes": 65536,
                },
            )
        )

    def send(self, topic: str, key: str, value: bytes, headers: Headers, prefix: Prefix, note: int) -> bool:
        """Hand one record over; False when the queue is full: poll, then try again. Raises Unreachable as `poll` does."""
        try:
            self._producer.produce(
                topic,
                value,
                key,
                partition=0,
                on_delivery=partial(self._delivered, prefix, note),
                headers=headers,  # type: ignore[arg-type]
            )
        except BufferError:
            return False
        except KafkaException as error:  # the client knows from the record before what would come of this one
            raise self._end(error.args[0]) from error
        prefix.sent(note)
        return True

    def _delivered(self, prefix: Prefix, note: int, error: KafkaError | None, message: Message) -> None:
        if error is not None:
            self._failure = self._failure or error
        elif self._failure is None:
            prefix.arrived(note, int(message.offset() or 0))
            self._ear.heard = ""

    def poll(self, timeout: float = 0.0) -> None:
        """Hear what the broker acknowledged. Raises Undelivered, and Unreachable for what it may take once it lets us."""
        try:
            self._producer.poll(timeout)
        except KafkaException as error:  # fatal, as when no right is left to write anything
            raise self._end(error.args[0]) from error
        failure = self._ear.fatal or self._failure
        if failure is not None:
            raise self._end(failure)
        self._tell()

    def _end(self, failure: KafkaError) -> Unreachable | Undelivered:
        """What ends this outlet: a missing right is waited for, whatever else the broker refuses ends the process."""
        if failure.code() == KafkaError._FATAL:  # said of the record; what the client died of is raised at its next poll
            try:
                self._producer.poll(0)
            except KafkaException as error:
                failure = error.args[0]
        return Unreachable(self._ear.why(failure)) if failure.code() in REFUSALS else Undelivered(failure.name())

    def _tell(self) -> None:
        """Trouble with connections mends itself: told once until it changes, and when a record has arrived again."""
        if self._ear.heard == self._told:
            return
        self._told = self._ear.heard
        if self._told:
            log.warning("broker-lost", why=self._told)
        else:
            log.info("broker-found")

    def flush(self, timeout: float) -> None:
        """Wait up to `timeout` seconds for what is in flight."""
        self._producer.flush(timeout)

    def discard(self) -> None:
        """Forget what is in flight; whatever the broker already took stays."""
        with contextlib.suppress(KafkaException):
            self._producer.purge(in_queue=True, in_flight=True, blocking=False)


class Tail:
    """Reads one topic from an offset of the caller's choice; no group, no commit. `end` is behind what was there at first."""

    def __init__(self, broker: Broker, topic: str, offset: int) -> None:
        """An `offset` that is not there (any more) means from the first record. Raises Unreachable."""
        self.topic = topic
        self._ear = Ear()
        self._consumer = Consumer(
            client(
                broker,
                self._ear,
                **{
                    "group.id": broker.group,  # the client wants one; without subscription no group is joined
                    "enable.auto.commit": False,
                    "enable.auto.offset.store": False,
                    "auto.offset.reset": "earliest",
                    "allow.auto.create.topics": False,
                    "fetch.error.backoff.ms": 100,
                    "enable.partition.eof": False,
                },
            )
        )
        try:
            low, self.end = self._consumer.get_watermark_offsets(TopicPartition(topic, 0), timeout=TIMEOUT)
        except KafkaException as error:
            self._consumer.poll(0)
            self._consumer.close()
            raise Unreachable(f"{topic}: {self._ear.why(error.args[0])}") from error
        self.start = offset if low <= offset <= self.end else low
        self._consumer.assign([TopicPartition(topic, 0, self.start)])

    def poll(self, timeout: float) -> list[Record]:
        """What is there, waiting up to `timeout` seconds for the first record. Raises Unreachable."""
        first = self._consumer.poll(timeout)
        if first is None:
            return []
        found = [first, *self._consumer.consume(LOOK, 0)]
        records = [
            Record(int(message.offset() or 0), message.key(), message.headers(), message.value())
            for message in found
            if message.error() is None
        ]
        if not records:
            raise Unreachable(f"{self.topic}: {self._ear.why(first.error())}")
        return records

    def close(self) -> None:
        """Stop reading."""
        self._consumer.close()


def read_up_to(broker: Broker, topic: str, offset: int, stopping: Callable[[], bool] = lambda: False) -> Iterator[Record]:
    """The records from `offset` (from the first when it is not there) up to what is there at the call."""
    tail = Tail(broker, topic, offset)
    try:
        at = tail.start
        while at < tail.end and not stopping():
            for record in tail.poll(1.0):
                if record.offset >= tail.end:
                    return
                at = record.offset + 1
                yield record
    finally:
        tail.close()
