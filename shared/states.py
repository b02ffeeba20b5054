"""The states of a service's aggregates as its log has them now, kept in a process: for what looks at very many of them.

What decides or shows one thing reads that thing's own stream; this is for lists, which leave out rows by what their reader is
to each thing. It always equals a replay: before each use the streams that have moved are folded anew.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from typing import Any
from uuid import UUID

from shared.execute import Runtime
from shared.facts import aggregate_id
from shared.service import Aggregate

READ = 2000  # facts read at once
KEPT = 64  # answers that are kept until the log moves


class States:
    """The states of one service in one process; safe for threads."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._lock = threading.Lock()
        self._position = 0
        self._states: dict[str, dict[UUID, Any]] = {one.name: {} for one in runtime.service.aggregates}
        self._answers: OrderedDict[Hashable, frozenset[str]] = OrderedDict()

    def those(self, aggregate: Aggregate, question: Hashable, holds: Callable[[Any], bool]) -> frozenset[str]:
        """The ids of the aggregates for whose state something `holds`; `question` names it, so that it is asked once."""
        with self._lock:
            self._catch_up()
            key = (aggregate.name, question)
            found = self._answers.get(key)
            if found is None:
                found = frozenset(str(id) for id, state in self._states[aggregate.name].items() if holds(state))
                self._answers[key] = found
                if len(self._answers) > KEPT:
                    self._answers.popitem(last=False)
            self._answers.move_to_end(key)
            return found

    def _catch_up(self) -> None:
        """Fold every stream that has moved since the last time."""
        while True:
            moved = self._runtime.store.log(self._position, READ)
            if not moved:
                return
            self._answers.clear()
            for stream, recorded in self._runtime.store.streams(list(dict.fromkeys(one.stream for one in moved))).items():
                aggregate = self._kinds.get(stream.split("/")[1])
                if aggregate is not None:
                    self._states[aggregate.name][aggregate_id(stream)] = self._runtime.fold(aggregate, recorded)
            self._position = moved[-1].position

    @property
    def _kinds(self) -> Mapping[str, Aggregate]:
        return {one.name: one for one in self._runtime.service.aggregates}
