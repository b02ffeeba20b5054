"""A real platform for tests: `pkp up` in a process of its own, on ports and in a folder of its own."""

from __future__ import annotations

import os
import random
import re
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import psutil

HOUSE = Path(__file__).parents[2]
PKP = [sys.executable, "-m", "shared.ops.cli"]
PLAIN = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""For clients of addresses without TLS: else each client that httpx makes loads the world's root certificates."""


def free_ports() -> int:
    """The first of four neighbouring ports that nobody holds, below those that systems give to outgoing connections."""
    while True:
        port = random.randrange(12000, 32000, 4)
        try:
            for n in range(4):
                with socket.socket() as one:
                    one.bind(("127.0.0.1", port + n))
            return port
        except OSError:
            continue


def until(question: Callable[[], object], seconds: float = 20.0, what: str = "it") -> None:
    """Wait until the question is answered with something true."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if question():
            return
        time.sleep(0.05)
    raise AssertionError(f"{what} did not come about within {seconds} s")


def alive(processes: list[psutil.Process]) -> list[str]:
    """Those that still run; a zombie that nobody buries does not."""
    return [str(one) for one in processes if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]


class Platform:
    """One data folder and its ports; started and stopped as often as a test likes."""

    def __init__(self, folder: Path, **given: str) -> None:
        self.port = free_ports()
        self.folder = folder
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("PKP_")},
            "PKP_DATA_DIR": str(folder),
            "PKP_PORT": str(self.port),
            **given,
        }
        self.log = folder.parent / f"{folder.name}.log"
        self.process: subprocess.Popen[bytes] | None = None
        self.family: list[psutil.Process] = []

    @property
    def words(self) -> str:
        """Everything that was printed."""
        return self.log.read_text("utf-8")

    def start(self, *options: str, ready: str = "The platform is ready") -> Platform:
        """Start and wait for the words that say it is ready."""
        with self.log.open("ab") as out:
            self.process = subprocess.Popen([*PKP, "up", *options], cwd=HOUSE, env=self.environment, stdout=out, stderr=out)
        before = self.words.count(ready) if self.log.exists() else 0
        until(lambda: self.words.count(ready) > before or self.process.poll() is not None, 120, ready)  # type: ignore[union-attr]
        assert self.process.poll() is None, self.words
        self.family = psutil.Process(self.process.pid).children(recursive=True)
        return self

    def stop(self, number: int = signal.SIGINT) -> int:
        """Send a signal; the exit code. Whatever is left after 15 s is killed and fails the test."""
        assert self.process is not None
        self.family = psutil.Process(self.process.pid).children(recursive=True) if self.process.poll() is None else self.family
        self.process.send_signal(number)
        try:
            return self.process.wait(15)
        finally:
            self.process.kill()

    @property
    def left(self) -> list[str]:
        """The processes that are still there, zombies aside."""
        return alive(self.family)

    def pids(self, child: str) -> list[int]:
        """The pids with which a child was started, one after the other."""
        return [int(pid) for pid in re.findall(rf'"event": "started", "child": "{child}", "pid": (\d+)', self.words)]

    def get(self, path: str, plus: int = 0, **more: str) -> httpx.Response:
        """GET from the listener at the port plus so many."""
        return httpx.get(f"http://127.0.0.1:{self.port + plus}{path}", headers=more, timeout=40, verify=PLAIN, trust_env=False)

    def pkp(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the command line."""
        return subprocess.run(
            [*PKP, *words], cwd=HOUSE, env=self.environment, capture_output=True, text=True, timeout=60, check=False
        )
