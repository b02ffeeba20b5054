"""The supervisor: starts the web process and the worker, watches them, restarts what dies, and leaves nothing behind."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

import structlog
from sqlalchemy.engine import make_url

from shared.ops import fresh, launch
from shared.settings import Settings, child_environment
from shared.store.fair_lock import holder

GUNICORN = [sys.executable, "-m", "gunicorn", "--config", str(Path(__file__).parents[2] / "deploy" / "gunicorn.conf.py")]
PKP = [sys.executable, "-m", "shared.ops.cli"]
TICK = 0.2  # seconds between two looks at the children
QUICK = 10.0  # a child that lives no longer than this has not really started
GIVE_UP = 5  # quick deaths in a row
LONGEST_PAUSE = 8.0
FROZEN = 10.0  # seconds that one and the same holder may keep the lock of a SQLite store
QUESTION = 5.0  # seconds between two questions whether the children live
SLOW = 20.0  # seconds after which it is said who is not ready yet
DEAF = 60.0  # seconds that a worker may leave the question whether it lives unanswered
PATIENCE = 8.0  # seconds between the wish to stop and its enforcement

log = structlog.get_logger()


class GaveUp(Exception):
    """A child cannot be kept alive; its own words are in the log above."""


@dataclass
class Child:
    """One process to keep alive. `health` is the base of its management listener."""

    name: str
    words: Sequence[str]
    environment: dict[str, str]
    health: str
    process: subprocess.Popen[bytes] | None = None
    began: float = 0.0
    answered: float = 0.0
    quick_deaths: int = 0
    due: float = 0.0

    def start(self) -> None:
        """Start it in a session of its own, so that Ctrl-C reaches the supervisor alone; it dies with the supervisor."""
        words = [sys.executable, launch.__file__, str(os.getpid()), *self.words]
        self.process = subprocess.Popen(words, env=self.environment, stdin=subprocess.DEVNULL, start_new_session=True)
        self.began, self.answered = time.monotonic(), 0.0
        log.info("started", child=self.name, pid=self.process.pid)

    def answers(self, question: str) -> bool:
        """Whether its management listener says yes to "live" or "ready" within a second."""
        try:
            with urllib.request.urlopen(f"{self.health}/health/{question}", timeout=1) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def send(self, number: int) -> None:
        """Send a signal to the process; gunicorn passes it on to its own."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(number)

    def kill(self) -> None:
        """End it and everything in its session."""
        if self.process:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def look(self, now: float) -> None:
        """Restart it when it is dead, later each time. Raises GaveUp after GIVE_UP quick deaths in a row."""
        if self.process is None:
            if now >= self.due:
                self.start()
            return
        code = self.process.poll()
        if code is None:
            if self.quick_deaths and now - self.began > QUICK:
                self.quick_deaths = 0
            return
        self.kill()  # what a dead master left behind in its session
        self.process = None
        self.quick_deaths = self.quick_deaths + 1 if now - self.began < QUICK else 1
        if self.quick_deaths >= GIVE_UP:
            raise GaveUp(
                f"the {self.name} process died {GIVE_UP} times within {QUICK:.0f} seconds of its start; see its last lines above"
            )
        pause = min(LONGEST_PAUSE, 0.25 * 2 ** (self.quick_deaths - 1))
        self.due = now + pause
        log.error("died", child=self.name, code=code, restart_in=pause)


@dataclass
class Supervisor:
    """Keeps the children of one platform alive until it is told to stop."""

    settings: Settings
    children: list[Child]
    ready: Callable[[], None] = lambda: None
    ended: Callable[[], bool] = lambda: False
    _stop: int = 0
    _told: float = 0.0
    _holders: dict[str, tuple[tuple[int, float], float]] = field(default_factory=dict)

    def run(self) -> None:
        """Until SIGTERM, SIGINT or SIGHUP, or until `ended` says so; a second signal stops at once. Raises GaveUp."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._signalled)
        try:
            announced = False
            next_question = 0.0
            while not self._stop and not self.ended():
                now = time.monotonic()
                for child in self.children:
                    child.look(now)
                if now >= next_question:
                    next_question = now + (QUESTION if announced else TICK)
                    announced = self._ask(now, announced)
                    self._end_frozen_holders(now)
                time.sleep(TICK)
        finally:
            self._end()

    @property
    def stopped(self) -> bool:
        """Whether somebody told it to stop."""
        return self._stop > 0

    def _signalled(self, number: int, frame: FrameType | None) -> None:
        self._stop += 1

    def _ask(self, now: float, announced: bool) -> bool:
        """Ask the children whether they are ready, later whether they live; whether all have been ready once."""
        if not announced:
            return self._announce(now)
        for child in self.children:
            if child.process and child.answers("live"):
                child.answered = now
            elif child.process and child.answered and now - child.answered > DEAF:
                log.error("deaf", child=child.name, seconds=DEAF)
                child.kill()
        return True

    def _announce(self, now: float) -> bool:
        """Whether all children are ready, which is said once; who is not is said now and then."""
        late = [child.name for child in self.children if not (child.process and child.answers("ready"))]
        if not late:
            for child in self.children:
                child.answered = now
            self.ready()
            return True
        self._told = self._told or now
        if now - self._told > SLOW:
            self._told = now
            log.warning("not-ready", children=late, seconds=SLOW)
        return False

    def _end_frozen_holders(self, now: float) -> None:
        """A process that was frozen with the lock of a store in hand stalls every writer: end it, if it is ours."""
        for path in stores(self.settings):
            held = holder(path)
            before = self._holders.get(path)
            if held is None:
                self._holders.pop(path, None)
            elif before is None or before[0] != held:
                self._holders[path] = (held, now)
            elif now - before[1] > FROZEN and self._is_ours(held[0]):
                log.error("frozen", pid=held[0], store=Path(path).name, seconds=FROZEN)
                os.kill(held[0], signal.SIGKILL)
                del self._holders[path]

    def _is_ours(self, pid: int) -> bool:
        """Whether a process lives in the session of one of our children."""
        try:
            return os.getsid(pid) in {child.process.pid for child in self.children if child.process}
        except ProcessLookupError:
            return False

    def _end(self) -> None:
        """SIGTERM for all, SIGKILL for what is left after PATIENCE or a second signal."""
        deadline = time.monotonic() + PATIENCE
        for child in self.children:
            child.send(signal.SIGTERM)
        while self._stop < 2 and time.monotonic() < deadline and any(_lives(child) for child in self.children):
            time.sleep(0.05)
        for child in self.children:
            if _lives(child):
                log.warning("killed", child=child.name, seconds=PATIENCE)
            child.kill()


def _lives(child: Child) -> bool:
    return child.process is not None and child.process.poll() is None


def platform(settings: Settings, ready: Callable[[], None], **changed: str) -> Supervisor:
    """The supervisor of the web process and the worker of `settings`; `changed` are variables that differ for them."""
    environment = child_environment(**changed)
    web = Child("web", GUNICORN, environment, settings.local_url(settings.management_port))
    worker = Child("worker", [*PKP, "worker"], environment, settings.local_url(settings.management_port + 1))
    return Supervisor(settings, [web, worker], ready, lambda: fresh.wished(settings))


def stores(settings: Settings) -> Iterable[str]:
    """The paths of this platform's SQLite stores."""
    if settings.embedded:
        pattern = Path(make_url(settings.database_url("*")).database or "")
        yield from map(str, pattern.parent.glob(pattern.name))


def taken(settings: Settings) -> list[int]:
    """Those ports of the platform that somebody else listens on."""
    ports = (settings.port, settings.internal_port, settings.management_port, settings.management_port + 1)
    return [port for port in ports if not _free(settings.bind, port)]


def _free(bind: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in bind else socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((bind, port))
        except OSError:
            return False
    return True
