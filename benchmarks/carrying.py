"""Carrying: the relay beside a bare producer loop, and how soon a sibling's register shows an acknowledged command."""

from __future__ import annotations

import base64
import os
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import httpx
from confluent_kafka import Producer

from benchmarks.measure import Latency, Result, compare
from benchmarks.subject import ready_store
from shared.assembly import runtime, services
from shared.bus.broker import Broker
from shared.bus.topics import Topics
from shared.contracts.generate import examples_of
from shared.decider import Actor
from shared.delivery.checkpoints import load
from shared.delivery.lease import Lease
from shared.delivery.relay import Relay
from shared.execute import Caller, Runtime
from shared.facts import LEAVING
from shared.settings import Settings
from shared.settings import load as load_settings
from shared.shape import read
from shared.store import Store, open_store
from tests.ops.platform import until
from tests.realparts.parts import free_port

SAMPLES = 200
PACE = 0.02  # seconds between commands


def bare(store: Store, bootstrap: str) -> Callable[[], float]:
    """Records per second of a loop that only produces: the same bytes, keys, topic settings and guarantees."""
    records = [
        (one.stream, one.data.encode()) for after in range(0, store.head(), 2000) for one in store.log(after, 2000, LEAVING)
    ]

    def run() -> float:
        topic = f"bare.{uuid.uuid4().hex}"
        Topics(Broker(bootstrap)).ensure(topic)
        producer = Producer({"bootstrap.servers": bootstrap, "enable.idempotence": True, "acks": "all", "linger.ms": 5})
        began = time.perf_counter()
        for key, value in records:
            while True:
                try:
                    producer.produce(topic, value, key)
                    break
                except BufferError:
                    producer.poll(0.01)
            producer.poll(0)
        assert producer.flush(60) == 0
        return len(records) / (time.perf_counter() - began)

    return run


def relayed(store: Store, bootstrap: str) -> Callable[[], float]:
    """Records per second of the relay from an empty topic to the saved checkpoint at the head."""

    def run() -> float:
        with store.db.writing() as session:
            session.run("DELETE FROM checkpoints")
        other = open_store(store.db.url, store.service, store.province)  # type: ignore[attr-defined]
        other.province = uuid.uuid4().hex[:8]  # a topic of its own every round
        lease = Lease(other.db)
        assert lease.try_take()
        head, began = other.head(), time.perf_counter()
        Relay(other, Broker(bootstrap), lease, lambda: _saved(other) >= head).run()
        rate = head / (time.perf_counter() - began)
        lease.release()
        other.close()
        return rate

    return run


def _saved(store: Store) -> int:
    with store.db.reading() as session:
        return load(session, f"{store.province}.{store.service.name}.interagency.v1").position


@contextmanager
def working(settings: dict[str, str]) -> Iterator[Settings]:
    """The four services' worker as a process of its own, as an operator runs it."""
    made = load_settings({**os.environ, **settings})
    pkp = [sys.executable, "-m", "shared.ops.cli"]
    environment = {**os.environ, **settings}
    subprocess.run([*pkp, "migrate"], env=environment, check=True, stdout=subprocess.DEVNULL)
    worker = subprocess.Popen([*pkp, "worker"], env=environment, stdout=subprocess.DEVNULL)
    try:
        ready = f"http://127.0.0.1:{made.management_port + 1}/health/ready"
        until(lambda: _answers(ready), 60, "a worker at work")  # it refuses a store that fills before it ever looked
        yield made
    finally:
        worker.terminate()
        worker.wait(20)


def _answers(address: str) -> bool:
    try:
        return httpx.get(address).is_success
    except httpx.TransportError:
        return False


def sibling_latency(name: str, settings: dict[str, str], limit: float) -> Latency:
    """Seconds from an acknowledged AssignAffairs in membership to the changed row in forum's register."""
    with working(settings) as made:
        found = services(made)
        membership, forum = runtime(found["membership"], made), runtime(found["forum"], made)
        member = _seated(membership)
        waits = [_seen(membership, forum, member, n) for n in range(SAMPLES + 20)][20:]
        for one in (membership, forum):
            one.store.close()
    return Latency(name, statistics.median(waits), statistics.quantiles(waits, n=100)[98], 99, limit)


def _do(membership: Runtime, command: Any, aggregate: str, id: UUID | None = None) -> UUID:
    actor = Actor("bench", frozenset({"secretariat", "chair"}))
    return membership.execute(command, aggregate, id, Caller("caller", "bench", uuid.uuid4().hex, actor)).id


def _seated(membership: Runtime) -> UUID:
    """A member with a seat, by the service's own canonical commands."""
    examples = {cls.__name__: example for cls, example in examples_of(membership.service).items()}
    _do(membership, examples["EstablishWorkingGroup"], "working-group")
    member = _do(membership, examples["ProposeMember"], "member")
    for name in ("VerifyMember", "AdmitMember"):
        _do(membership, examples[name], "member", member)
    return member


def _seen(membership: Runtime, forum: Runtime, member: UUID, n: int) -> float:
    """Seconds until forum shows affairs that were just assigned; every command assigns others than the one before."""
    command = type_named(membership, "AssignAffairs")
    wanted = ["A1", "A2", "A3", "A4", "A5"][n % 5]
    _do(membership, read(command, {"affairs": [{"affair": wanted, "duty": "main"}]}), "member", member)
    began = time.perf_counter()
    register = next(one for one in forum.service.foreign_registers if one.name == "organisations")
    while time.perf_counter() - began < 10:
        row = forum.store.registers().row(register, str(member))
        if row is not None and [one.affair for one in row.affairs] == [wanted]:
            waited = time.perf_counter() - began
            time.sleep(PACE)
            return waited
        time.sleep(0.001)
    raise TimeoutError("forum never showed what membership acknowledged")


def type_named(running: Runtime, name: str) -> type:
    """A command class of a service by its name."""
    return next(row.command for _, row in running.service.does if row.command.__name__ == name)


def run_relay(url: str, bootstrap: str, rounds: int) -> Iterator[Result]:
    """The relay beside the bare loop, on a log that is filled already."""
    store = ready_store(url)
    peer = "bare confluent-kafka producer"
    yield compare(
        "relay, PostgreSQL to Kafka", {"ours": relayed(store, bootstrap), peer: bare(store, bootstrap)}, rounds, {peer: 0.3}
    )
    store.close()


def run_latency(databases: str, bootstrap: str) -> Iterator[Latency]:
    """Both carriers as they are meant: feed with SQLite, Kafka with PostgreSQL."""
    ports = {"PKP_PORT": str(free_port()), "PKP_INTERNAL_PORT": str(free_port()), "PKP_MANAGEMENT_PORT": str(free_port())}
    with tempfile.TemporaryDirectory() as folder:
        yield sibling_latency("sibling's register, feed and SQLite", {"PKP_DATA_DIR": folder, **ports}, 0.5)
    with tempfile.TemporaryDirectory() as folder:
        secrets = {"PKP_SECRET_KEY": "benchmark" * 5, "PKP_MASTER_KEY": base64.b64encode(bytes(32)).decode()}
        kafka = {**secrets, "PKP_DATABASE_URL": databases, "PKP_BUS_URL": f"kafka://{bootstrap}", "PKP_PROVINCE": "36"}
        yield sibling_latency("sibling's register, Kafka and PostgreSQL", {"PKP_DATA_DIR": folder, **kafka, **ports}, 0.25)
