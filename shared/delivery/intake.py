"""Bringing a sibling's facts to the inbox: from its feed, or from its topic with the feed to repair and to judge."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from shared.bus.broker import Broker
from shared.bus.feed import Answer, FeedReader, Unreachable
from shared.bus.kafka import Record, Tail
from shared.bus.lineage import Lineage, Relation, from_json
from shared.bus.topics import Topics
from shared.delivery.held import Mark, Moved
from shared.delivery.inbox import BATCH, Gap, Inbox, UnknownLife
from shared.delivery.postbox import alarm
from shared.envelope import LINEAGE_TYPE, Envelope, from_headers, texts
from shared.errors import Unreadable
from shared.ops import metrics

FEED_WAIT = 3.0  # seconds that a request waits for news; an orderly end waits no longer
POLL = 0.5
HEAD_LOOK_EVERY = 60.0
TOPIC_LOOK_EVERY = 30.0
TRIES = 5  # pages that bring nothing before the producer counts as unreachable

log = structlog.get_logger()


@dataclass(slots=True)
class FeedIntake:
    """Reads a sibling's feed into an inbox."""

    inbox: Inbox
    reader: FeedReader
    stopping: Callable[[], bool]

    def run(self) -> None:
        """Read until asked to stop. Raises Unreachable, Busy, and whatever no pause mends."""
        while not self.stopping():
            self.pull(FEED_WAIT)

    def pull(self, wait: float = 0.0) -> bool:
        """One page into the inbox: lineage first, then facts; whether there was something."""
        held = self.inbox.held
        answer = self.reader.read(held.position, held.incarnation, BATCH, wait)
        try:
            self.judge(answer)
            if answer.forked:
                return True
            self.inbox.take(answer.envelopes)
        except Moved:
            self.inbox.reload()
            return True
        except (Gap, UnknownLife) as trouble:
            self._count_gap(trouble)
            if self.inbox.held.position == held.position:
                raise Unreachable(f"the feed of {held.source} leaves facts out") from trouble
        self._show_lag(answer)
        return bool(answer.envelopes)

    def judge(self, answer: Answer) -> None:
        """Take over the lineage of an answer. Raises Unreachable when the answer comes from a life that was left."""
        held = self.inbox.held
        found = self.inbox.adopt(answer.lineage)
        if found is Relation.OLDER:
            reason = f"the feed tells of a life that was left: {answer.lineage[-1].id}"
        elif answer.forked and found is Relation.SAME:
            reason = f"the log ends before {held.position}, which is held, and tells of no new life"
        else:
            return
        alarm(self.inbox.store, held.source, f"rewound {held.incarnation}", reason, position=held.position)
        raise Unreachable(reason)

    def repair(self, upto: int) -> None:
        """Fetch what is missing up to a position. Raises Unreachable."""
        for _ in range(TRIES):
            while self.inbox.held.position < upto and self.pull():
                pass
            if self.inbox.held.position >= upto or self.stopping():
                return
            time.sleep(0.05)
        raise Unreachable(f"the feed of {self.inbox.held.source} ends before {upto}")

    def _count_gap(self, trouble: Exception) -> None:
        name, source = self.inbox.store.service.name, self.inbox.sibling.name
        metrics.gaps.labels(name, source).inc()
        log.warning("gap", service=name, source=source, held=self.inbox.held.position, trouble=type(trouble).__name__)

    def _show_lag(self, answer: Answer) -> None:
        labels = metrics.lag_events.labels(self.inbox.store.service.name, self.inbox.sibling.name)
        labels.set(max(0, answer.head - self.inbox.held.position))


@dataclass(slots=True)
class KafkaIntake:
    """Reads a sibling's topic into an inbox; its feed fills gaps, judges lineages and tells the head."""

    inbox: Inbox
    feed: FeedIntake
    broker: Broker
    topic: str
    stopping: Callable[[], bool]
    head_look: float = HEAD_LOOK_EVERY
    topic_look: float = TOPIC_LOOK_EVERY

    def run(self) -> None:
        """Read until asked to stop. Raises Unreachable, Busy, and whatever no pause mends."""
        topics = Topics(self.broker)
        while not self.stopping():
            topic_id = topics.id(self.topic)
            if topic_id is None:
                raise Unreachable(f"{self.topic} is not there yet")
            mark = self.inbox.held.mark
            tail = Tail(self.broker, self.topic, mark.next_offset if mark.topic_id == topic_id else 0)
            try:
                self._follow(tail, topic_id, topics)
            finally:
                tail.close()

    def _follow(self, tail: Tail, topic_id: str, topics: Topics) -> None:
        """Read on until asked to stop, or until the topic turns out to be another one."""
        headed = looked = time.monotonic()
        while not self.stopping():
            records = tail.poll(POLL)
            if records:
                self._take(records, topic_id)
            now = time.monotonic()
            if now - headed >= self.head_look:
                self._compare_head()
                headed = now
            if now - looked >= self.topic_look:
                if topics.id(self.topic) != topic_id:
                    return
                looked = now

    def _take(self, records: list[Record], topic_id: str) -> None:
        """Records in order; a marker ends what came before it."""
        found: list[Envelope] = []
        for record in records:
            head = texts(record.headers)
            if head.get("ce_type") == LINEAGE_TYPE:
                self._hand_in(found, Mark(topic_id, record.offset))
                found = []
                self._marker(record)
                continue
            try:
                found.append(from_headers(head, record.value))
            except Unreadable as error:
                alarm(self.inbox.store, self.inbox.held.source, f"record {topic_id} {record.offset}", str(error))
        self._hand_in(found, Mark(topic_id, records[-1].offset + 1))

    def _hand_in(self, envelopes: list[Envelope], mark: Mark) -> None:
        """Give envelopes to the inbox until it has taken them, mending what stands in the way."""
        while not self.stopping():
            try:
                self.inbox.take(envelopes, mark)
                return
            except Moved:
                self.inbox.reload()
            except Gap as gap:
                self.feed._count_gap(gap)
                self.feed.repair(gap.upto)
            except UnknownLife as unknown:
                self._ask(unknown.incarnation)

    def _marker(self, record: Record) -> None:
        """A new life that continues what is held is taken over; of two that part, the producer tells the true one."""
        try:
            told: Lineage = from_json(record.value or b"")
        except Unreadable as error:
            alarm(self.inbox.store, self.inbox.held.source, f"marker {record.offset}", str(error))
            return
        found = self.inbox.relation(told)
        if found is Relation.PARTED:
            self._ask(told[-1].id)
        elif found is Relation.LONGER:
            self._adopt(told)

    def _adopt(self, told: Lineage) -> None:
        try:
            self.inbox.adopt(told)
        except Moved:
            self.inbox.reload()
            self.inbox.adopt(told)

    def _ask(self, incarnation: str) -> None:
        """Ask the producer which lives its log has; one that it does not know is left for ever."""
        held = self.inbox.held
        answer = self.feed.reader.read(held.position, held.incarnation, 1)
        self.feed.judge(answer)
        if incarnation not in {life.id for life in answer.lineage}:
            self.inbox.leave(incarnation)

    def _compare_head(self) -> None:
        """The last facts of a topic can be lost without a later one that shows it: look at the producer's head."""
        try:
            while self.feed.pull() and not self.stopping():
                pass
        except Unreachable as error:
            log.warning("head-not-compared", service=self.inbox.store.service.name, source=self.inbox.held.source, why=str(error))
