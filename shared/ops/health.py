"""Health and metrics on a port of their own: alive, ready, started, and numbers for Prometheus."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import structlog
import waitress
from alembic.config import Config
from alembic.script import ScriptDirectory

from shared.ops import metrics
from shared.registers.table import reshaped
from shared.settings import Settings
from shared.store import Database, Store, open_database
from shared.store import migrate as store_migrate

SILENCE = 60.0  # seconds after which a loop that said nothing counts as dead
Check = Callable[[], str]  # what is wrong, "" for nothing

log = structlog.get_logger()


class Heartbeats:
    """When each loop of this process last said that it goes on; safe for threads."""

    def __init__(self) -> None:
        self._last: dict[str, float] = {}

    def beat(self, loop: str) -> None:
        """The loop goes on; to be called at least every ten seconds, also while it waits."""
        self._last[loop] = time.monotonic()

    def end(self, loop: str) -> None:
        """The loop ended in order."""
        self._last.pop(loop, None)

    @property
    def begun(self) -> bool:
        """Whether any loop has begun."""
        return bool(self._last)

    def silent(self) -> list[str]:
        """The loops that said nothing for SILENCE seconds."""
        now = time.monotonic()
        return sorted(loop for loop, at in list(self._last.items()) if now - at > SILENCE)


heartbeats = Heartbeats()


def alive(beats: Heartbeats = heartbeats) -> Check:
    """Fails while a loop is silent."""
    return lambda: f"silent: {', '.join(beats.silent())}" if beats.silent() else ""


def begun(beats: Heartbeats = heartbeats) -> Check:
    """Fails before the first loop has begun."""
    return lambda: "" if beats.begun else "no loop has begun"


def migrated(store: Store) -> Check:
    """Fails while the store cannot be read, or its tables are older than this code's.

    Newer ones only gained columns: in an upgrade without a pause the processes of the version before go on with them.
    """

    def check() -> str:
        with store.db.reading() as session:
            row = session.one("SELECT version_num FROM alembic_version")
        return "" if row and row[0] not in revisions()[1:] else "not migrated: `pkp migrate`"

    return check


def reachable(database: Database, table: str) -> Check:
    """Fails while a table cannot be read."""

    def check() -> str:
        with database.reading() as session:
            session.one(f"SELECT 1 FROM {table} LIMIT 1")
        return ""

    return check


def beside(services: Iterable[str], settings: Settings) -> dict[str, Check]:
    """Checks of the databases beside the stores of these services: identities, and the keys of each."""
    tables = {"identity": "accounts"} | {f"{name}_keys": "subject_keys" for name in services}
    return {name: reachable(open_database(settings.database_url(name)), table) for name, table in tables.items()}


def shaped(store: Store) -> Check:
    """Fails while a register's table is not the one of this code, or is still to be filled from what is kept of a sibling."""

    def check() -> str:
        with store.db.reading() as session:
            behind = [one.name for one in reshaped(session, (*store.service.own_registers, *store.service.foreign_registers))]
        return f"registers behind: {', '.join(behind)}" if behind else ""

    return check


@lru_cache(maxsize=1)
def revisions() -> tuple[str, ...]:
    """The revisions of the store's tables that this code knows, its own first."""
    config = Config()
    config.set_main_option("script_location", str(Path(store_migrate.__file__).parent / "migrations"))
    return tuple(one.revision for one in ScriptDirectory.from_config(config).walk_revisions())


def newest() -> str:
    """The revision that this code's store tables have."""
    return revisions()[0]


class Management:
    """The WSGI application of the management port. Checks are told by name only: what failed is in the log."""

    def __init__(self, live: Mapping[str, Check], ready: Mapping[str, Check], numbers: Callable[[], tuple[str, bytes]]) -> None:
        self._answers = {"/health/live": live, "/health/ready": {**live, **ready}, "/health/started": {}}
        self._numbers = numbers

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if environ.get("REQUEST_METHOD") not in {"GET", "HEAD"}:
            return self._answer(start_response, "405 Method Not Allowed", "text/plain", b"only GET\n")
        if path == "/metrics":
            return self._answer(start_response, "200 OK", *self._numbers())
        if path not in self._answers:
            return self._answer(start_response, "404 Not Found", "text/plain", b"/health/live|ready|started or /metrics\n")
        found = [{"name": name, "problem": _problem(name, check)} for name, check in self._answers[path].items()]
        well = not any(one["problem"] for one in found)
        body = json.dumps({"status": "up" if well else "down", "checks": found}).encode() + b"\n"
        return self._answer(start_response, "200 OK" if well else "503 Service Unavailable", "application/json", body)

    @staticmethod
    def _answer(start_response: Callable[..., Any], status: str, kind: str, body: bytes) -> Iterable[bytes]:
        start_response(status, [("Content-Type", kind), ("Content-Length", str(len(body))), ("Cache-Control", "no-store")])
        return [body]


def _problem(name: str, check: Check) -> str:
    try:
        return check()
    except Exception as error:
        log.warning("health-check-failed", check=name, error=f"{type(error).__name__}: {error}")
        return type(error).__name__


def serve(app: Management, bind: str, port: int) -> None:
    """Serve `app` on a daemon thread. Several processes may share the port (SO_REUSEPORT): each answers in turn.

    Raises OSError when the port cannot be had.
    """
    listener = socket.socket(socket.AF_INET6 if ":" in bind else socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    listener.bind((bind, port))
    server = waitress.create_server(app, sockets=[listener], threads=2, ident=None, asyncore_use_poll=True)
    threading.Thread(target=server.run, name="management", daemon=True).start()


def of_web(stores: Iterable[Store], others: Mapping[str, Check]) -> Management:
    """Health of a web process, with the numbers of all web processes."""
    ready = {store.service.name: migrated(store) for store in stores}
    return Management({}, {**ready, **others}, lambda: metrics.shown(metrics.of_all_processes()))


def of_worker(stores: Iterable[Store]) -> Management:
    """Health of a worker process; the broker is no part of it, for an outbox must go on accepting without one."""
    ready = {store.service.name: migrated(store) for store in stores}
    return Management({"loops": alive()}, {**ready, "begun": begun()}, metrics.shown)
