"""Containers die under load, one after another, and come back: nothing acknowledged is lost, nothing is there twice."""

from __future__ import annotations

import time
from collections import Counter

import pytest

from tests.containers.conftest import TOLD
from tests.containers.load import WRITTEN, Load
from tests.containers.stack import SERVICES, Stack, run, until

VICTIMS = ["postgres", "kafka", "gateway", *(f"{service}-{role}" for service in SERVICES for role in ("web", "worker"))]
LEAVE = "('public', 'interagency')"
LISTENS = "SELECT source, position FROM sources ORDER BY source"


def kill(stack: Stack, service: str, pause: float = 1.0) -> float:
    """kill -9, a pause, a new start; the seconds until it is healthy again."""
    (container,) = stack.ids(service)
    run("docker", "kill", "--signal", "KILL", container)
    time.sleep(pause)
    began = time.monotonic()
    run("docker", "start", container)
    until(f"{service} is healthy again", lambda: _health(container) == "healthy", 120)
    return time.monotonic() - began


def _health(container: str) -> str:
    return run("docker", "inspect", "--format", "{{.State.Health.Status}}", container).strip()


def stored(stack: Stack, service: str, mark: str) -> list[str]:
    """The ids of the streams that a load made, as often as they are there."""
    first = f"SELECT split_part(stream, '/', 3) FROM events WHERE version = 1 AND data LIKE '%Uji {mark}%'"
    return [row[0] for row in stack.sql(service, first)]


def arrived(stack: Stack, service: str) -> None:
    """A service holds of each sibling every fact that left it, once, in order, and nothing waits."""
    told = "SELECT string_agg(id, ',' ORDER BY position) FROM"
    for source, _ in stack.sql(service, LISTENS):
        sibling = source.rpartition("/")[2]
        (left,) = stack.sql(sibling, f"{told} events WHERE visibility IN {LEAVE}")
        held = f"{told} envelopes WHERE source = '{source}' AND state IN ('applied', 'skipped')"
        until(f"{service} holds all of {sibling}", lambda h=held, all=left: stack.sql(service, h) == [all], 90)
    assert stack.sql(service, "SELECT kind, reason FROM letters WHERE closed_at IS NULL") == []


def settled(stack: Stack, load: Load, fault: str) -> None:
    """What must hold after any fault; its counts are told at the end of the run, also when it does not."""
    held = {service: Counter(stored(stack, service, load.mark)) for service in load.acknowledged}
    lost = [id for service, ids in load.acknowledged.items() for id in ids if not held[service][id]]
    doubled = [id for found in held.values() for id, times in found.items() if times > 1]
    taken = ", ".join(f"{service} {len(ids)}" for service, ids in load.acknowledged.items())
    answers = ", ".join(f"{times} x {answer}" for answer, times in sorted(load.answers.items()))
    TOLD.append(f"{fault}; acknowledged: {taken}; lost {len(lost)}, doubled {len(doubled)}; answers: {answers}")
    assert (load.wrong, lost, doubled) == ([], [], []), f"wrong {load.wrong[:5]}, lost {lost[:5]}, doubled {doubled[:5]}"
    for service, ids in load.acknowledged.items():
        assert len(ids) > 0
        assert sorted(held[service]) == sorted(ids), "nothing is there that was not acknowledged"
    for service in SERVICES:
        arrived(stack, service)
        assert "whole" in stack.inside(f"{service}-worker", "pkp", "verify")
        stack.inside(f"{service}-worker", "pkp", "replay", "--check")


@pytest.mark.parametrize("victim", VICTIMS)
def test_a_container_that_is_killed_under_load_loses_and_doubles_nothing(stack: Stack, victim: str) -> None:
    with Load(stack) as load:
        time.sleep(2)
        took = kill(stack, victim)
        time.sleep(2)
    settled(stack, load, f"kill -9 {victim}: healthy again after {took:.1f} s")


def test_a_rolling_restart_of_a_web_service_refuses_no_request(stack: Stack) -> None:
    """Each command and each read is sent once: no second chance from the client."""
    before = stack.ids("membership-web")
    with Load(stack, ("membership",), 4, patient=False) as load:
        time.sleep(1)
        run("deploy/rolling", "membership-web", **stack.variables)
        time.sleep(1)
    assert not set(before) & set(stack.ids("membership-web"))
    settled(stack, load, "rolling restart")


def test_a_password_of_the_database_is_changed_under_load(stack: Stack) -> None:
    """As deploy/README.md says; the old one is worth nothing afterwards."""
    file = stack.folder / "secrets" / "membership_database_url"
    old = file.read_text()
    with Load(stack) as load:
        file.unlink()
        run("deploy/prepare", str(file.parent))
        script = "/docker-entrypoint-initdb.d/roles.sh"
        stack.compose("run", "--rm", "-T", "--no-deps", "-e", "PGHOST=postgres", "--entrypoint", script, "postgres")
        run("deploy/rolling", "membership-web", **stack.variables)
        stack.compose("up", "--no-build", "--detach", "--wait", "--no-deps", "--force-recreate", "membership-worker")
        time.sleep(1)
    assert file.read_text() != old
    settled(stack, load, "another password of the database")
    ask = "import sys, psycopg; psycopg.connect(sys.argv[1])"
    url = old.strip().replace("+psycopg", "").replace("{service}", "membership")
    with pytest.raises(AssertionError, match="password authentication failed"):
        stack.inside("membership-web", "python", "-c", ask, url)


def test_all_containers_killed_at_once_come_back(stack: Stack) -> None:
    """As after a power cut of the whole machine, but for the page cache."""
    with Load(stack) as load:
        time.sleep(2)
        run("docker", "kill", "--signal", "KILL", *stack.ids())
        began = time.monotonic()
        stack.up()
        took = time.monotonic() - began
        time.sleep(2)
    settled(stack, load, f"kill -9 of everything: healthy again after {took:.1f} s")
    assert sorted(WRITTEN) == sorted(load.acknowledged)
