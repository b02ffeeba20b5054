"""What a web process of gunicorn does beside answering: health, numbers, high-water marks, logs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import structlog
from gunicorn.arbiter import Arbiter
from gunicorn.glogging import Logger

from shared import app, assembly
from shared.errors import UnsafeStore
from shared.execute import Runtime
from shared.ops import ending, health, highwater, launch, logging, metrics, version
from shared.settings import load

_keepers: list[highwater.Keeper] = []
_served: list[Runtime] = []


def application() -> app.Origin:
    """What gunicorn serves, made in each worker after the fork. A store that must not be served ends the process."""
    settings = load()
    try:
        runtimes = assembly.runtimes(settings)
    except UnsafeStore as error:
        structlog.get_logger().error("not-served", reason=str(error))
        sys.exit(Arbiter.WORKER_BOOT_ERROR)  # trying again would not help: the master ends, too
    _served.extend(runtimes.values())
    return app.origin(settings, runtimes)


def begin(worker: Any) -> None:
    """Health, metrics and high-water marks of a web process that is about to answer its first request."""
    settings = load()
    ending.ask(lambda: not worker.alive)
    metrics.build.labels(version(), settings.province).set(1)
    stores = [runtime.store for runtime in _served]
    others = health.beside([store.service.name for store in stores], settings)
    health.serve(health.of_web(stores, others), settings.bind, settings.management_port)
    _keepers.append(highwater.Keeper(stores, settings))
    _keepers[0].start()


def end(worker: Any) -> None:
    """The last high-water marks."""
    for keeper in _keepers:
        keeper.stop()


def after_fork(worker: Any) -> None:
    """A worker outlives its master by no means; connections, clients and threads are made from here on only."""
    launch.die_with_parent(worker.ppid)


def fresh_folder(folder: Path) -> None:
    """An empty folder for the numbers of the workers to come: those of dead ones would add up for ever."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in folder.glob("*.db"):
        file.unlink()


class GunicornLog(Logger):  # type: ignore[misc]
    """What gunicorn says goes the way of all logs; requests are told by the application."""

    def setup(self, cfg: Any) -> None:
        """Called by gunicorn, in the master and again after a reload."""
        settings = load()
        logging.configure(settings, "web")
        self.error_log.propagate = True
        self.error_log.handlers.clear()
        self.error_log.setLevel(settings.log_level)
        self.access_log.handlers.clear()
        self.access_log.disabled = True
