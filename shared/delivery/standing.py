"""Where a topic stands: reading what it holds of our own chain, so that nothing is left out and little is repeated."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import structlog

from shared.bus.broker import Broker
from shared.bus.kafka import read_up_to
from shared.delivery.checkpoints import Checkpoint
from shared.envelope import LINEAGE_TYPE, source_of, texts
from shared.errors import UnsafeStore
from shared.facts import Visibility
from shared.store import Recorded, Store

READ = 2000  # facts that are read at once

log = structlog.get_logger()


def standing(
    store: Store,
    broker: Broker,
    known: Checkpoint,
    topic_id: str,
    visibilities: Sequence[Visibility],
    stopping: Callable[[], bool],
) -> Checkpoint:
    """The checkpoint after reading the topic from where the known one says that our last fact lies.

    Only records that continue our own chain count. Another topic id, or another record at that place, means from the first
    record. Raises Unreachable, and UnsafeStore when the topic holds facts of this very life that the store does not.
    """
    if known.republish:
        last = max((record.offset for record in read_up_to(broker, known.topic, 0, stopping)), default=-1)
        return Checkpoint(known.topic, topic_id=topic_id, offset=last)
    if topic_id != known.topic_id:
        if known.topic_id:
            log.warning("topic-is-new", service=store.service.name, topic=known.topic)
        else:
            log.info("topic-begun", service=store.service.name, topic=known.topic)
        known = Checkpoint(known.topic, topic_id=topic_id)
    reading = _Reading(store, known, visibilities)
    for record in read_up_to(broker, known.topic, reading.start, stopping):
        if not reading.take(record.offset, texts(record.headers)):
            break
    if reading.sure or stopping():
        return reading.found
    log.warning("topic-is-another", service=store.service.name, topic=known.topic)
    return standing(store, broker, Checkpoint(known.topic, topic_id=topic_id), topic_id, visibilities, stopping)


class _Reading:
    """Compares records with the log behind a checkpoint."""

    def __init__(self, store: Store, known: Checkpoint, visibilities: Sequence[Visibility]) -> None:
        self.found = known
        self.sure = known.position == 0
        self.start = known.offset + 1 if self.sure else known.offset
        self._store = store
        self._source = source_of(store.province, store.service.name)
        self._life = store.lineage()[-1].id
        self._head = store.head()
        self._due = Following(lambda after: store.log(after, READ, visibilities), known.position)

    def take(self, offset: int, head: dict[str, str]) -> bool:
        """Compare one record; False when the checkpoint's own record is not where it should be."""
        if not self.sure:
            self.sure = offset == self.found.offset and self._is_last(head)
            return self.sure
        if head.get("ce_source") != self._source:
            return True
        if head.get("ce_type") == LINEAGE_TYPE:
            self.found = replace(self.found, incarnation=head.get("ce_id", ""))
            return True
        due = self._due.next()
        self._refuse_rewound(head, due)
        if due is not None and _is(head, due):
            self.found = replace(self.found, position=due.position, offset=offset)
            self._due.taken()
        return True

    def _is_last(self, head: dict[str, str]) -> bool:
        facts = self._store.log(self.found.position - 1, 1)
        return bool(facts) and facts[0].position == self.found.position and _is(head, facts[0])

    def _refuse_rewound(self, head: dict[str, str], due: Recorded | None) -> None:
        """Facts of this very life that the store does not hold: it was put back behind our back."""
        if head.get("ce_incarnation") != self._life:
            return
        position = head.get("ce_position", "")
        ahead = position.isdecimal() and int(position) > self._head
        other = due is not None and position == str(due.position) and head.get("ce_id") != due.id
        if ahead or other:
            raise UnsafeStore(f"{self.found.topic} holds facts that its store lost: look, then `pkp restore --accept`")


class Following:
    """The facts behind a position one by one, read in pages."""

    def __init__(self, read: Callable[[int], list[Recorded]], position: int) -> None:
        self._read = read
        self._position = position
        self._page: list[Recorded] = []
        self._at = 0
        self._done = False

    def next(self) -> Recorded | None:
        """The next fact, without taking it; None at the end of the log."""
        if self._at == len(self._page) and not self._done:
            self._page, self._at = self._read(self._position), 0
            self._done = not self._page
        return self._page[self._at] if self._at < len(self._page) else None

    def taken(self) -> None:
        """On to the fact behind it."""
        self._position = self._page[self._at].position
        self._at += 1


def _is(head: dict[str, str], fact: Recorded) -> bool:
    found = (head.get("ce_id"), head.get("ce_incarnation"), head.get("ce_position"))
    return found == (fact.id, fact.incarnation, str(fact.position))
