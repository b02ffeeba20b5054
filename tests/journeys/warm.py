"""Programs of the house forked from a process that has imported it already, for tests that start them by the dozen.

What runs is the program itself, in a process of its own: only reading the code, a second of work at each start, is done once.
"""

from __future__ import annotations

import multiprocessing
import os
import runpy
import subprocess
import sys
from collections.abc import Mapping, Sequence
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from shared.ops import launch
from tests.ops.platform import HOUSE

multiprocessing.get_context("forkserver").set_forkserver_preload(["tests.journeys.warmth"])


class Warm(ForkServerProcess):
    """A program with the words that follow `python -m`; asked and ended as a Popen is."""

    def __init__(self, words: Sequence[str], environment: Mapping[str, str], out: Path, err: Path) -> None:
        super().__init__(target=_become, args=(list(words), dict(environment), str(out), str(err)), daemon=True)
        self.start()

    def poll(self) -> int | None:
        """Its exit code, minus the signal that ended it; None while it runs."""
        return self.exitcode

    def wait(self, seconds: float) -> int:
        """The exit code, once it has ended."""
        self.join(seconds)
        if self.exitcode is None:
            raise subprocess.TimeoutExpired(self.name, seconds)
        return self.exitcode

    def send_signal(self, number: int) -> None:
        """Send a signal."""
        if self.pid and self.exitcode is None:
            os.kill(self.pid, number)


def _become(words: list[str], environment: dict[str, str], out: str, err: str) -> None:
    launch.die_with_parent(os.getppid())
    os.setsid()
    for number, file in ((1, out), (2, err)):
        opened = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(opened, number)
        os.close(opened)
    os.chdir(HOUSE)
    os.environ.clear()
    os.environ.update(environment)
    module, *sys.argv[1:] = words
    runpy.run_module(module, run_name="__main__", alter_sys=True)
