"""Health: alive, ready and started are three questions; each failure is told by the name of its check."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable

import pytest

from shared import assembly
from shared.execute import Runtime
from shared.ops import health, metrics
from shared.ops.health import Heartbeats, Management
from shared.settings import Settings
from shared.store import open_database
from tests.ops.platform import free_ports


def asked(management: Management, path: str, method: str = "GET") -> tuple[str, bytes]:
    """(status, body)."""
    told: list[str] = []
    body = b"".join(management({"PATH_INFO": path, "REQUEST_METHOD": method}, lambda status, headers: told.append(status)))
    return told[0][:3], body


def failing() -> str:
    raise ConnectionError("password=hunter2")


def test_ready_includes_live_and_started_is_started() -> None:
    management = Management({"loops": lambda: "silent: relay"}, {"forum": lambda: ""}, metrics.shown)
    assert asked(management, "/health/live")[0] == "503"
    status, body = asked(management, "/health/ready")
    assert (status, json.loads(body)) == (
        "503",
        {"status": "down", "checks": [{"name": "loops", "problem": "silent: relay"}, {"name": "forum", "problem": ""}]},
    )
    assert asked(management, "/health/started")[0] == "200"


def test_a_check_that_raises_has_failed_and_quotes_nothing() -> None:
    status, body = asked(Management({}, {"forum": failing}, metrics.shown), "/health/ready")
    assert (status, json.loads(body)["checks"]) == ("503", [{"name": "forum", "problem": "ConnectionError"}])


@pytest.mark.parametrize(
    ("path", "method", "status"), [("/", "GET", "404"), ("/health/live", "POST", "405"), ("/metrics", "GET", "200")]
)
def test_nothing_else_is_there(path: str, method: str, status: str) -> None:
    assert asked(Management({}, {}, metrics.shown), path, method)[0] == status


def test_a_loop_that_says_nothing_is_dead(monkeypatch: pytest.MonkeyPatch) -> None:
    beats, now = Heartbeats(), [100.0]
    monkeypatch.setattr(health.time, "monotonic", lambda: now[0])
    assert health.begun(beats)() == "no loop has begun"
    beats.beat("inbox")
    beats.beat("relay")
    assert (health.begun(beats)(), health.alive(beats)()) == ("", "")
    now[0] += health.SILENCE + 1
    beats.beat("relay")
    assert health.alive(beats)() == "silent: inbox"
    beats.end("inbox")
    assert health.alive(beats)() == ""


def test_a_store_is_ready_when_it_is_migrated(membership: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    check = health.migrated(membership.store)
    assert check() == ""
    known = health.revisions()
    monkeypatch.setattr(health, "revisions", lambda: ("newer", *known))
    assert check() == "not migrated: `pkp migrate`"
    with membership.store.db.writing() as session:
        session.run("DELETE FROM alembic_version")
    assert check() == "not migrated: `pkp migrate`"


def test_a_process_of_the_version_before_stays_ready_when_the_tables_are_newer(membership: Runtime) -> None:
    """In an upgrade without a pause it serves until a new one takes its place."""
    with membership.store.db.writing() as session:
        session.run("UPDATE alembic_version SET version_num = 'of a newer version'")
    assert health.migrated(membership.store)() == ""


def test_a_store_that_cannot_be_read_is_not_ready(settings: Settings) -> None:
    store = assembly.runtime(assembly.installed()["forum"], settings).store
    status, body = asked(health.of_worker([store]), "/health/ready")
    assert status == "503"
    assert {"name": "forum", "problem": "OperationalError"} in json.loads(body)["checks"]
    reachable = health.reachable(open_database(settings.database_url("identity")), "accounts")
    with pytest.raises(Exception, match="no such table"):
        reachable()


def test_processes_share_the_port(get: Callable[[int], bytes]) -> None:
    """As the workers of gunicorn do: whoever answers, it is one of them."""
    port = free_ports()
    for name in ("one", "other"):
        health.serve(Management({}, {name: lambda: ""}, metrics.shown), "127.0.0.1", port)
    seen = set()
    deadline = time.monotonic() + 10
    while len(seen) < 2 and time.monotonic() < deadline:
        seen.add(json.loads(get(port))["checks"][0]["name"])
    assert seen == {"one", "other"}


@pytest.fixture
def get() -> Callable[[int], bytes]:
    """GET /health/ready of a port, on a connection of its own."""

    def ask(port: int) -> bytes:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=5) as answer:
                return bytes(answer.read())
        except urllib.error.HTTPError as error:
            return error.read()

    return ask
