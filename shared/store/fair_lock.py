"""A fair lock between processes, for a database with one writer at a time."""

from __future__ import annotations

import fcntl
import os
import threading
import time
import weakref
from pathlib import Path

from shared.errors import Busy

LOCK_TIMEOUT = 5.0  # seconds that a writer waits for the lock before it is told to come back


class FairLock:
    """A lock between processes in which nobody starves: waiters queue at a turnstile, the one inside it waits for the lock.

    SQLite's own busy wait lets a newcomer overtake those who sleep, for seconds. The holder's pid and the time
    stand in the lock file, so that a supervisor can end a holder that was frozen.
    """

    def __init__(self, path: str) -> None:
        self._inner = threading.Lock()
        self._turnstile = os.open(path + ".turn", os.O_RDWR | os.O_CREAT, 0o600)
        self._lock = os.open(path + ".lock", os.O_RDWR | os.O_CREAT, 0o600)
        # Once, whoever comes first: a number that is closed twice may be another file's by then.
        self._ended = weakref.finalize(self, _close, self._turnstile, self._lock)

    def acquire(self) -> None:
        """Take the lock; raises Busy after LOCK_TIMEOUT."""
        deadline = time.monotonic() + LOCK_TIMEOUT
        if not self._inner.acquire(timeout=LOCK_TIMEOUT):
            raise Busy("another writer holds the store")
        try:
            self._wait_for(self._turnstile, deadline)
            try:
                self._wait_for(self._lock, deadline)
            finally:
                fcntl.flock(self._turnstile, fcntl.LOCK_UN)
        except BaseException:
            self._inner.release()
            raise
        os.pwrite(self._lock, b"%-12d%-20.3f" % (os.getpid(), time.time()), 0)

    def release(self) -> None:
        """Give the lock back."""
        os.pwrite(self._lock, b" " * 32, 0)
        fcntl.flock(self._lock, fcntl.LOCK_UN)
        self._inner.release()

    @staticmethod
    def _wait_for(fd: int, deadline: float) -> None:
        pause = 0.0002
        while True:
            try:
                return fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise Busy("another writer holds the store") from None
            time.sleep(pause)
            pause = min(pause * 1.5, 0.003)

    def close(self) -> None:
        """Close the lock files; a lock that nobody holds on to any more does so by itself."""
        self._ended()


def _close(*files: int) -> None:
    for file in files:
        os.close(file)


def holder(path: str) -> tuple[int, float] | None:
    """Who holds the lock of the store at `path` and since when (seconds since the epoch), or None."""
    try:
        with Path(path + ".lock").open("rb") as file:
            if not _locked(file.fileno()):  # a process that was killed leaves its words, but not its lock
                return None
            pid, _, since = file.read(32).decode().strip().partition(" ")
        return (int(pid), float(since)) if pid else None
    except (OSError, ValueError):
        return None


def _locked(fd: int) -> bool:
    try:
        fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False
