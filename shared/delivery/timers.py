"""Timers: deadlines that are due send their command, each once; so does what own facts have set going."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

from shared.decider import Actor
from shared.delivery import attempts
from shared.delivery.attempts import Hand, is_connection_error
from shared.delivery.postbox import TIMER, open_letter
from shared.envelope import source_of
from shared.errors import Refused, UnsafeStore
from shared.execute import Caller, Runtime
from shared.facts import aggregate_id, encode
from shared.identity.roles import MACHINE
from shared.ops import metrics
from shared.store import Session
from shared.store.recorded import stored_time
from shared.store.tables import timers

PAGE = 100


@dataclass(frozen=True, slots=True)
class Due:
    """A timer whose time has come; `causation` is the fact that started it."""

    stream: str
    name: str
    due: str
    command: str
    data: str
    causation: str
    correlation: str

    @property
    def key(self) -> str:
        """The key of the command that it fires: another start of the same timer has another."""
        return f"{self.stream} {self.name} {self.causation}"


@dataclass(frozen=True, slots=True)
class Timers:
    """The timers of one service."""

    runtime: Runtime
    hand: Hand

    def step(self) -> bool:
        """Fire what is due; whether anything was. A timer that waits behind a letter is left alone."""
        with self.runtime.store.db.reading() as session:
            rows = session.rows(
                "SELECT stream, name, due, command, data, causation_id, correlation_id FROM timers t WHERE due <= :now"
                " AND NOT EXISTS (SELECT 1 FROM letters l WHERE l.kind = :kind AND l.key = t.stream AND l.reaction = t.name"
                " AND l.closed_at IS NULL) ORDER BY due, stream, name LIMIT :limit",
                now=stored_time(self.runtime.clock.now()),
                kind=TIMER,
                limit=PAGE,
            )
        for row in rows:
            self._fire(Due(*row))
        return bool(rows)

    def _fire(self, timer: Due) -> None:
        """The attempt is counted before it begins; a command that raises or kills the process parks its timer."""
        database, task = self.runtime.store.db, f"timer {timer.key}"
        with self.hand.alone():
            count = attempts.begin(database, task)
            if count > attempts.LIMIT:
                self._park(timer, task, f"the process died {count - 1} times with this timer in hand")
                return
            try:
                outcome = self._execute(timer)
            except Exception as error:
                if is_connection_error(error) or isinstance(error, UnsafeStore):
                    attempts.take_back(database, task)
                    raise
                self._park(timer, task, f"{type(error).__name__}: {error}")
                return
        with database.writing() as session:
            end_timer(session, timer)
            attempts.end(session, task)
        metrics.timers.labels(self.runtime.service.name, outcome).inc()

    def _execute(self, timer: Due) -> str:
        """Send the command; a refusal by the rules is an answer, too."""
        aggregate = timer.stream.split("/")[1]
        follows = timer.command in self.runtime.service.following
        actor = Actor(f"reaction:{timer.name}" if follows else "timer", frozenset({str(MACHINE)}))
        who = f"{timer.stream} {timer.name}"
        caller = Caller("timer", who, timer.key, actor, timer.correlation, timer.causation)
        try:
            self.runtime.execute(self._command(aggregate, timer), aggregate, aggregate_id(timer.stream), caller)
        except Refused as refused:
            return f"declined: {refused.slug}"
        return "fired"

    def _command(self, aggregate: str, timer: Due) -> Any:
        rows = self.runtime.service.aggregate(aggregate).commands
        classes = {row.command.__name__: row.command for row in rows}
        return msgspec.json.decode(timer.data, type=classes[timer.command])

    def _park(self, timer: Due, task: str, reason: str) -> None:
        service, source = self.runtime.service.name, source_of(self.runtime.store.province, self.runtime.service.name)
        with self.runtime.store.db.writing() as session:
            open_letter(session, service, TIMER, source, timer.stream, reason, reaction=timer.name, type=timer.command)
            attempts.end(session, task)


def set_going(runtime: Runtime) -> None:
    """What own facts set going is looked at once more at a start: those facts may be older than what follows from them now.

    Its cause is the last fact of whom it is given to, so that a start after which nothing has happened there does nothing. The
    look and the write are one step under the lock of appends: a command sets the same going just then, or has done so.
    """
    store, registers = runtime.store, runtime.store.registers()
    for one in (follows for aggregate in runtime.service.aggregates for follows in aggregate.follows):
        id = one.of(registers)
        if id is None:
            continue
        stream = runtime.stream(one.aggregate, id)
        last = store.stream(stream)[-1]
        row = {
            "stream": stream,
            "name": one.name,
            "due": stored_time(runtime.clock.now()),
            "command": type(one.command).__name__,
            "data": encode(one.command),
            "causation_id": last.id,
            "correlation_id": last.correlation_id,
        }
        with store.db.exclusive() as session:
            if not session.one("SELECT 1 FROM timers WHERE stream = :stream AND name = :name", stream=stream, name=one.name):
                session.insert(timers, [row])


def end_timer(session: Session, timer: Due) -> None:
    """The timer is over, unless its command or another has started it anew meanwhile."""
    session.run(
        "DELETE FROM timers WHERE stream = :stream AND name = :name AND causation_id = :causation AND due = :due",
        stream=timer.stream,
        name=timer.name,
        causation=timer.causation,
        due=timer.due,
    )
