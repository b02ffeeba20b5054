"""What one service holds of a sibling's log: the row that every change of it locks first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import msgspec

from shared.bus.lineage import Lineage, from_json, to_json
from shared.delivery.lease import for_update
from shared.delivery.tables import sources
from shared.store import Session


class Moved(Exception):
    """Another process has changed what is held of this source since it was read."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Where to go on reading a Kafka topic: its id and the next offset."""

    topic_id: str
    next_offset: int


@dataclass(frozen=True, slots=True)
class Held:
    """What is held of one source: its newest known life, the last kept position, the last `applied` number."""

    source: str
    incarnation: str = ""
    position: int = 0
    applied: int = 0
    lineage: Lineage = ()
    dead: frozenset[str] = frozenset()
    mark: Mark = Mark("", 0)
    running: bool = False

    @property
    def row(self) -> dict[str, Any]:
        """The row of table `sources`."""
        return {
            "source": self.source,
            "incarnation": self.incarnation,
            "position": self.position,
            "applied": self.applied,
            "lineage": to_json(self.lineage),
            "dead": msgspec.json.encode(sorted(self.dead)).decode(),
            "topic_id": self.mark.topic_id,
            "next_offset": self.mark.next_offset,
            "running": self.running,
        }


COLUMNS = "source, incarnation, position, applied, lineage, dead, topic_id, next_offset, running"
SELECT = f"SELECT {COLUMNS} FROM sources WHERE source = :source"


def load(session: Session, source: str, *, lock: bool = False) -> Held:
    """What is held of a source; with `lock` nobody else changes it before the transaction ends."""
    row = session.one(for_update(session, SELECT) if lock else SELECT, source=source)
    if row is None:
        return Held(source)
    dead = frozenset(msgspec.json.decode(row[5], type=list[str]))
    return Held(row[0], row[1], row[2], row[3], from_json(row[4]), dead, Mark(row[6], row[7]), bool(row[8]))


def locked(session: Session, expected: Held) -> None:
    """Lock the source's row and compare it with what was read before; raises Moved."""
    now = load(session, expected.source, lock=True)
    if (now.incarnation, now.position, now.applied) != (expected.incarnation, expected.position, expected.applied):
        raise Moved(expected.source)


def advance(session: Session, before: Held, after: Held) -> None:
    """Write what is held after a batch, if the row still says what it said before; raises Moved."""
    changed = session.run(
        "UPDATE sources SET incarnation = :incarnation, position = :position, applied = :applied, lineage = :lineage,"
        " dead = :dead, topic_id = :topic_id, next_offset = :next_offset, running = :running"
        " WHERE source = :source AND incarnation = :was_incarnation AND position = :was_position",
        was_incarnation=before.incarnation,
        was_position=before.position,
        **after.row,
    )
    if changed != 1:
        raise Moved(before.source)


def open_row(session: Session, source: str) -> tuple[Held, bool]:
    """The source's row, made when absent and marked as in use; and whether its last user died before ending its use."""
    held = load(session, source, lock=True)
    session.insert(sources, [replace(held, running=True).row], upsert=True)
    return replace(held, running=True), held.running


def close_row(session: Session, source: str) -> None:
    """The source's user ends in order."""
    session.run("UPDATE sources SET running = :no WHERE source = :source", no=False, source=source)
