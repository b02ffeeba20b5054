"""Commands made to wait together, so that they share one append transaction."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from tests.store.place import Bank
from tests.workload import caller


class Held:
    """A database whose next append transaction stops before COMMIT until it is let go; counts transactions."""

    def __init__(self, database: Any) -> None:
        self.count, self.reached, self.go = 0, threading.Event(), threading.Event()
        inner = database.appending

        @contextmanager
        def appending() -> Iterator[Any]:
            with inner() as session:
                yield session
                self.count += 1
                if not self.reached.is_set():
                    self.reached.set()
                    assert self.go.wait(20)

        database.appending = appending


def together(bank: Bank, wishes: Sequence[tuple[Any, Any, str]]) -> tuple[list[Any], int]:
    """The outcome of each wish (Done or exception), all but the first waiting while the first holds the lock; transactions."""
    held, told = Held(bank.store.db), dict[int, Any]()

    def send(n: int, wish: Any, id: Any, key: str) -> None:
        try:
            told[n] = bank.runtime.execute(wish, "account", id, caller(key))
        except Exception as error:
            told[n] = error

    threads = []
    for n, (wish, id, key) in enumerate(wishes):
        threads.append(threading.Thread(target=send, args=(n, wish, id, key)))
        threads[-1].start()
        if n == 0:
            assert held.reached.wait(10)
        else:
            deadline = time.monotonic() + 10
            while len(bank.store._combiner._queue) < n and time.monotonic() < deadline:
                time.sleep(0.002)
    held.go.set()
    for thread in threads:
        thread.join()
    return [told[n] for n in range(len(wishes))], held.count
