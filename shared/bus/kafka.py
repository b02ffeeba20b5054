"""The Kafka carrier: topics that are logs, an idempotent producer, a reader whose offsets live in the database."""

from __future__ import annotations

import contextlib
import logging
import time
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
    TopicCollection,
    TopicPartition,
)
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from shared.envelope import Headers

TIMEOUT = 5.0  # seconds for one question to the broker
MINUTE = 60.0
LOOK = 1000  # records that are fetched at once

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


def brokers(bus_url: str) -> str:
    """The bootstrap addresses in `kafka://host:port,host:port`."""
    return bus_url.removeprefix("kafka://")


def _settings(bootstrap: str, **more: Any) -> dict[str, Any]:
    return {
        "bootstrap.servers": bootstrap,
        "log_level": 3,
        "reconnect.backoff.ms": 100,
        "reconnect.backoff.max.ms": 2000,
        "topic.metadata.refresh.fast.interval.ms": 100,
        "broker.address.family": "v4",
        **more,
    }


class Topics:
    """Asks for topics and makes them."""

    def __init__(self, bootstrap: str) -> None:
        self._admin = AdminClient(_settings(bootstrap))

    def id(self, name: str) -> str | None:
        """The broker's id of a topic, another one for a topic that was deleted and made again; None when it is not there."""
        found = self._admin.describe_topics(TopicCollection([name]), request_timeout=TIMEOUT)[name]
        try:
            return str(found.result(TIMEOUT + 1).topic_id)
        except KafkaException as error:
            if error.args[0].code() == KafkaError.UNKNOWN_TOPIC_OR_PART:
                return None
            raise Unreachable(str(error.args[0].name())) from error
        except TimeoutError as error:
            raise Unreachable("no answer") from error

    def ensure(self, name: str) -> str:
        """The id of a topic, made when absent: one partition, kept for ever, never compacted."""
        known = self.id(name)
        if known is not None:
            return known
        kept = {"retention.ms": "-1", "retention.bytes": "-1", "cleanup.policy": "delete"}
        wanted = NewTopic(name, num_partitions=1, replication_factor=-1, config=kept)
        try:
            self._admin.create_topics([wanted], request_timeout=TIMEOUT)[name].result(TIMEOUT + 1)
        except KafkaException as error:
            if error.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:
                raise Unreachable(str(error.args[0].name())) from error
        except TimeoutError as error:
            raise Unreachable("no answer") from error
        deadline = time.monotonic() + TIMEOUT
        while (made := self.id(name)) is None:
            if time.monotonic() > deadline:
                raise Unreachable("the topic is still being made")
            time.sleep(0.05)
        return made


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

    def __init__(self, bootstrap: str) -> None:
        self._failure: KafkaError | None = None
        self._told = ""
        self._producer = Producer(
            _settings(
                bootstrap,
                **{
                    "enable.idempotence": True,
                    "acks": "all",
                    "message.timeout.ms": 0,  # no end: a record that gave up would let later ones pass it
                    "linger.ms": 5,
                    "batch.num.messages": 10000,
                    "queue.buffering.max.messages": 100000,
                    "queue.buffering.max.kbytes": 65536,
                    "error_cb": self._trouble,
                },
            ),
            logger=_client_log,
        )

    def _trouble(self, error: KafkaError) -> None:
        """What is fatal ends the process; the rest mends itself, and is told once until it changes."""
        if error.fatal():
            self._failure = error
        if error.name() != self._told:
            self._told = error.name()
            log.warning("broker", trouble=self._told)

    def send(self, topic: str, key: str, value: bytes, headers: Headers, prefix: Prefix, note: int) -> bool:
        """Hand one record over; False when the queue is full: poll, then try again."""
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
        prefix.sent(note)
        return True

    def _delivered(self, prefix: Prefix, note: int, error: KafkaError | None, message: Message) -> None:
        if error is not None:
            self._failure = self._failure or error
        elif self._failure is None:
            prefix.arrived(note, int(message.offset() or 0))

    def poll(self, timeout: float = 0.0) -> None:
        """Hear what the broker acknowledged. Raises Undelivered."""
        self._producer.poll(timeout)
        if self._failure is not None:
            raise Undelivered(self._failure.name())

    def flush(self, timeout: float) -> None:
        """Wait up to `timeout` seconds for what is in flight."""
        self._producer.flush(timeout)

    def discard(self) -> None:
        """Forget what is in flight; whatever the broker already took stays."""
        with contextlib.suppress(KafkaException):
            self._producer.purge(in_queue=True, in_flight=True, blocking=False)


class Tail:
    """Reads one topic from an offset of the caller's choice; no group, no commit. `end` is behind what was there at first."""

    def __init__(self, bootstrap: str, topic: str, offset: int) -> None:
        """An `offset` that is not there (any more) means from the first record. Raises Unreachable."""
        self.topic = topic
        self._consumer = Consumer(
            _settings(
                bootstrap,
                **{
                    "group.id": f"reader-of-{topic}",  # the client wants one; without subscription no group is joined
                    "enable.auto.commit": False,
                    "enable.auto.offset.store": False,
                    "auto.offset.reset": "earliest",
                    "allow.auto.create.topics": False,
                    "fetch.error.backoff.ms": 100,
                    "enable.partition.eof": False,
                },
            ),
            logger=_client_log,
        )
        try:
            low, self.end = self._consumer.get_watermark_offsets(TopicPartition(topic, 0), timeout=TIMEOUT)
        except KafkaException as error:
            self._consumer.close()
            raise Unreachable(str(error.args[0].name())) from error
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
            raise Unreachable(str(first.error()))
        return records

    def close(self) -> None:
        """Stop reading."""
        self._consumer.close()


def read_up_to(bootstrap: str, topic: str, offset: int, stopping: Callable[[], bool] = lambda: False) -> Iterator[Record]:
    """The records from `offset` (from the first when it is not there) up to what is there at the call."""
    tail = Tail(bootstrap, topic, offset)
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
