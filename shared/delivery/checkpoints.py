"""How far each topic holds our log: written under the fencing token of the one active worker."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from shared.bus.feed import VIEWS
from shared.bus.kafka import topic_name
from shared.delivery.lease import check_fence, take_fence
from shared.delivery.tables import checkpoints
from shared.store import Session, Store


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The topic holds our log up to `position` without a hole; the record of that fact lies at `offset` (-1: before the first).

    `incarnation` is the life whose marker the topic holds. `republish`: publish from 1 again, whatever the topic holds.
    """

    topic: str
    incarnation: str = ""
    position: int = 0
    topic_id: str = ""
    offset: int = -1
    republish: bool = False


def load(session: Session, topic: str) -> Checkpoint:
    """The checkpoint of a topic; an empty one at first."""
    row = session.one(
        "SELECT incarnation, position, topic_id, record_offset, republish FROM checkpoints WHERE topic = :topic", topic=topic
    )
    return Checkpoint(topic, row[0], row[1], row[2], row[3], bool(row[4])) if row else Checkpoint(topic)


def save(session: Session, found: Sequence[Checkpoint], fence: int) -> None:
    """Write checkpoints in a write transaction; raises Fenced when another worker has taken over."""
    check_fence(session, fence)
    session.insert(checkpoints, [_row(one, fence) for one in found], upsert=True)


def _row(checkpoint: Checkpoint, fence: int) -> dict[str, Any]:
    return {
        "topic": checkpoint.topic,
        "incarnation": checkpoint.incarnation,
        "position": checkpoint.position,
        "topic_id": checkpoint.topic_id,
        "record_offset": checkpoint.offset,
        "fence": fence,
        "republish": checkpoint.republish,
    }


def republish(store: Store) -> None:
    """Have the whole log appended to its topics again, 1..N, under a new fencing token.

    An active worker finds its token refused and ends; its successor publishes anew. Readers drop what they hold.
    """
    with store.db.writing() as session:
        fence = take_fence(session, f"republish by pid {os.getpid()}")
        topics = [topic_name(store.province, store.service.name, view) for view in VIEWS]
        anew = [replace(load(session, topic), position=0, offset=-1, republish=True) for topic in topics]
        session.insert(checkpoints, [_row(one, fence) for one in anew], upsert=True)
