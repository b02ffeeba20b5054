"""Counting attempts before they begin, so that a fact that ends the process is found; who may be in hand at a time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from shared.errors import Busy
from shared.store import Database, Session

LIMIT = 3  # lives of the process that one fact may cost


class Hand:
    """What this process has in hand: many batches at a time, or one single fact and nothing beside it.

    A death of the process is laid to a fact's charge only when that fact alone was in hand.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._batches = 0
        self._alone = False
        self._waiting = 0

    @contextmanager
    def several(self) -> Iterator[None]:
        """Beside other batches, never beside a fact that is alone in hand."""
        with self._changed:
            self._changed.wait_for(lambda: not self._alone and not self._waiting)
            self._batches += 1
        try:
            yield
        finally:
            with self._changed:
                self._batches -= 1
                self._changed.notify_all()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nothing else of this process is in hand meanwhile."""
        with self._changed:
            self._waiting += 1
            self._changed.wait_for(lambda: not self._alone and not self._batches)
            self._waiting -= 1
            self._alone = True
        try:
            yield
        finally:
            with self._changed:
                self._alone = False
                self._changed.notify_all()


def begin(database: Database, task: str) -> int:
    """Count one more attempt at `task`, on disk before the attempt; the number of attempts with this one."""
    with database.writing() as session:
        # One statement, for a worker that does not know yet that it was replaced may count the same attempt just now.
        session.run(
            "INSERT INTO attempts (task, count) VALUES (:task, 1) ON CONFLICT (task) DO UPDATE SET count = attempts.count + 1",
            task=task,
        )
        ((count,),) = session.rows("SELECT count FROM attempts WHERE task = :task", task=task)
        return int(count)


def end(session: Session, task: str) -> None:
    """The attempt ended with an outcome that the session's transaction keeps; nothing is left of the count."""
    session.run("DELETE FROM attempts WHERE task = :task", task=task)


def take_back(database: Database, task: str) -> None:
    """The attempt never came about (the database could not be had): it does not count. Never raises for a connection."""
    try:
        with database.writing() as session:
            session.run("UPDATE attempts SET count = count - 1 WHERE task = :task", task=task)
    except Exception as error:
        if not is_connection_error(error):
            raise


def is_connection_error(error: BaseException) -> bool:
    """Whether something outside could not be reached: tried again after a pause, charged to no fact.

    Drivers name their own errors as PEP 249 says; a store wraps what it can in Busy.
    """
    if isinstance(error, (Busy, ConnectionError, TimeoutError)):
        return True
    return any(cls.__name__ in {"OperationalError", "InterfaceError"} for cls in type(error).__mro__)
