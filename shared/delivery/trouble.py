"""What a loop cannot reach, as operators see it: few lines in the log, and a number for as long as it lasts."""

from __future__ import annotations

import time
from collections.abc import Callable

import structlog

from shared.ops import metrics

GRACE = 3.0  # seconds that a trouble may take to pass without a word, as while everything starts
OVER = 12.0  # seconds without a new failure: longer than the longest pause and the longest question together
REMIND = 60.0  # seconds until a trouble that lasts is told once more

log = structlog.get_logger()


class Trouble:
    """One loop's trouble, `<service> <loop>`: told when it stays, when it changes, once a minute, and when it is over."""

    def __init__(self, loop: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._loop, self._clock = loop, clock
        service, _, what = loop.partition(" ")
        self._number = metrics.unreachable.labels(service, what or "lead")
        self._number.set(0)
        self._why = ""  # what was told last, "" while nothing was
        self._since = self._told = self._last = 0.0

    def met(self, why: str) -> None:
        """The loop broke off, to begin again after a pause."""
        now = self._clock()
        self._since = self._since or now
        if now - self._since >= GRACE and (why != self._why or now - self._told >= REMIND):
            log.warning("unreachable", loop=self._loop, why=why)
            self._why, self._told = why, now
        self._last = now
        self._number.set(1)

    def still_going(self) -> None:
        """The loop is at work; when it has been so for a while, the trouble is over."""
        if self._since and self._clock() - self._last >= OVER:
            if self._why:
                log.info("reached-again", loop=self._loop)
            self._why, self._since = "", 0.0
            self._number.set(0)
