"""What waits for whom in one service: worked out from the states of its aggregates as the log has them now.

Nothing is stored. A process folds the log once and then only the streams that have moved, so what it says always equals a replay.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shared.decider import Waits
from shared.execute import Runtime
from shared.facts import aggregate_id
from shared.service import Aggregate

READ = 1000  # facts read at once


@dataclass(frozen=True)
class Waiting:
    """One thing that waits: of which aggregate, for whom, which command ends it, and until when."""

    aggregate: Aggregate
    id: UUID
    waits: Waits
    state: Any

    def is_for(self, roles: frozenset[str], relations: frozenset[str], organisation: UUID | None) -> bool:
        """Whether it waits for somebody with these roles and relations there, who acts for this organisation."""
        if self.waits.organisation not in (None, organisation):
            return False
        return str(self.waits.who) in roles | relations


class TooSlow(Exception):
    """It takes longer than the caller can wait; what was done so far is kept for the next who asks."""


class WaitingList:
    """The waiting things of one service in one process; safe for threads."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._lock = threading.Lock()
        self._position = 0
        self._open: dict[str, tuple[Waiting, ...]] = {}
        self._kinds = {f"{runtime.store.province}/{one.name}/": one for one in runtime.service.aggregates}

    def all(self, within: float = 1.0) -> list[Waiting]:
        """Everything that waits, the nearest due date first. Raises TooSlow after `within` seconds."""
        until = time.monotonic() + within
        if not self._lock.acquire(timeout=within):
            raise TooSlow
        try:
            self._catch_up(until)
            found = [one for several in self._open.values() for one in several]
        finally:
            self._lock.release()
        return sorted(found, key=lambda one: (one.waits.due is None, one.waits.due, str(one.id)))

    def of(self, aggregate: str, id: UUID) -> tuple[Waiting, ...]:
        """What waits in one aggregate, read from its own stream."""
        stream = self._runtime.stream(aggregate, id)
        return tuple(self._of(stream))

    def _catch_up(self, until: float) -> None:
        """Look at every stream that has moved since the last time."""
        while True:
            moved = self._runtime.store.log(self._position, READ)
            if not moved:
                return
            for stream in dict.fromkeys(one.stream for one in moved):
                self._open[stream] = tuple(self._of(stream))
                if not self._open[stream]:
                    del self._open[stream]
            self._position = moved[-1].position
            if time.monotonic() > until:
                raise TooSlow

    def _of(self, stream: str) -> Iterator[Waiting]:
        aggregate = next((one for start, one in self._kinds.items() if stream.startswith(start)), None)
        if aggregate is not None:
            state = self._runtime.fold(aggregate, self._runtime.store.stream(stream))
            for waits in aggregate.decider.waiting(state):
                yield Waiting(aggregate, aggregate_id(stream), waits, state)
