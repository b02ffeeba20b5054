"""The platform as its processes one by one: `pkp migrate`, `pkp web`, `pkp worker`; and what a test sees of it."""

from __future__ import annotations

import base64
import secrets
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import httpx
import psutil

from shared import assembly
from shared.execute import Runtime
from shared.ops.demo import stand_ins
from shared.settings import Settings, load
from tests.journeys.driver import Driver
from tests.journeys.warm import Warm
from tests.ops.platform import PKP, Platform, free_ports, until
from tests.realparts.kafka import Broker, start_kafka
from tests.realparts.postgres import Server
from tests.workload import History

DATABASES = ("identity", *(f"{name}{kind}" for name in assembly.installed() for kind in ("", "_keys")))


class Apart(Platform):
    """One data folder, one set of databases; its processes are started, killed and started again by the test."""

    broker: Broker | None = None
    web: Warm | None = None

    def __init__(self, folder: Path, **given: str) -> None:
        super().__init__(folder, PKP_DEMO="true", **given)
        self.workers: list[Warm] = []
        self._tokens: dict[str, str] = {}

    # --- processes ---

    def begin(self) -> None:
        """Migrate, then start the web process and one worker."""
        migrated = self.pkp("migrate")
        assert migrated.returncode == 0, migrated.stderr
        self.start_web()
        self.start_worker()

    def start_web(self) -> None:
        """Start the web process and wait until it answers."""
        self.web = self.spawn(PKP[-1], "web")
        until(lambda: self.web.poll() is not None or self.ready(2), 40, "the web process")  # type: ignore[union-attr]
        assert self.web.poll() is None, self.words

    def start_worker(self, module: str = PKP[-1]) -> Warm:
        """Start a worker, beside others on ports of its own, and wait until it works (or has ended)."""
        first = not any(one.poll() is None for one in self.workers)
        port = self.port + 1 if first else free_ports()
        ports = {"PKP_INTERNAL_PORT": str(port), "PKP_MANAGEMENT_PORT": str(port + 1)}
        before = self.words.count('"event": "working"')
        worker = self.spawn(module, "worker", **ports)
        self.workers.append(worker)
        until(lambda: self.words.count('"event": "working"') > before or worker.poll() is not None, 40, "the worker")
        return worker

    def spawn(self, module: str, word: str, **more: str) -> Warm:
        """Start a program, whose words go to the log; it ends with this process."""
        return Warm([module, word], {**self.environment, **more}, self.log, self.log)

    def pkp(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the command line."""
        with TemporaryDirectory() as folder:
            out, err = Path(folder, "out"), Path(folder, "err")
            code = Warm([PKP[-1], *words], self.environment, out, err).wait(60)
            return subprocess.CompletedProcess(words, code, out.read_text("utf-8"), err.read_text("utf-8"))

    def ready(self, plus: int) -> bool:
        """Whether the process behind a management port is ready."""
        try:
            return self.get("/health/ready", plus).status_code == 200
        except httpx.TransportError:
            return False

    def kill_worker(self) -> None:
        """kill -9 the oldest worker that lives."""
        worker = next(one for one in self.workers if one.poll() is None)
        worker.kill()
        worker.wait(10)

    def web_workers(self) -> list[psutil.Process]:
        """The processes that answer requests."""
        assert self.web is not None
        return psutil.Process(self.web.pid).children()

    def halt(self) -> None:
        """End everything in order; what does not end in 15 s is killed and fails the test."""
        running = [one for one in (self.web, *self.workers) if one is not None and one.poll() is None]
        for one in running:
            one.send_signal(signal.SIGTERM)
        try:
            for one in running:
                one.wait(15)
        finally:
            for one in running:
                one.kill()

    # --- seeing ---

    @cached_property
    def settings(self) -> Settings:
        """The settings of these processes."""
        return load({name: value for name, value in self.environment.items() if name.startswith("PKP_")})

    @cached_property
    def runtimes(self) -> dict[str, Runtime]:
        """The services as this process sees them."""
        return {name: assembly.runtime(service, self.settings) for name, service in assembly.services(self.settings).items()}

    @property
    def kafka(self) -> bool:
        """Whether facts go by Kafka."""
        return self.settings.bus_url.startswith("kafka:")

    def let_go(self) -> None:
        """Close this process's connections to the stores; they open again at need."""
        for one in self.runtimes.values():
            one.close()

    def token(self, account: str) -> str:
        """A token of a demo account."""
        if account not in self._tokens:
            accounts = assembly.accounts(self.settings)
            self._tokens[account] = accounts.token(account)
            accounts.close()
        return self._tokens[account]

    def driver(self, edition: str, history: History | None = None) -> Driver:
        """Somebody at work here."""
        accounts = assembly.accounts(self.settings)
        known = stand_ins(self.settings, accounts)
        accounts.close()
        return Driver(f"http://127.0.0.1:{self.port}", assembly.services(self.settings), self.token, edition, known, history)


VARIANTS = ("feed-sqlite", "kafka-postgresql")


@contextmanager
def apart(variant: str, folder: Path, server: Callable[[], Server]) -> Iterator[Apart]:
    """A platform of one variant, not begun; with Kafka its own broker, with PostgreSQL its own databases."""
    given, base, databases = {}, f"pkp_{uuid4().hex[:10]}_", list[str]()
    broker = None
    if variant == "kafka-postgresql":
        broker = start_kafka()
        databases = [server().url(base + name) for name in DATABASES]
        given = {
            "PKP_DATABASE_URL": databases[0].removesuffix("identity") + "{service}",
            "PKP_BUS_URL": f"kafka://{broker.bootstrap}",
            "PKP_SECRET_KEY": secrets.token_urlsafe(40),
            "PKP_MASTER_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
        }
    platform = Apart(folder, **given)
    platform.broker = broker
    try:
        yield platform
    finally:
        try:
            platform.halt()
        finally:
            platform.let_go()
            if broker:
                broker.stop()
            for url in databases:
                server().drop(url)
