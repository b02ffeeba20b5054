"""HTTP: a page of a large register, and a command with everything on beside a bare Flask application, under the same gunicorn."""

from __future__ import annotations

import base64
import http.client
import os
import statistics
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psutil

from benchmarks.measure import Latency, Result, compare, hammer
from benchmarks.peers import bare_table
from shared.assembly import accounts, runtime, services
from shared.contracts.generate import examples_of
from shared.decider import Actor
from shared.execute import Caller
from shared.facts import encode
from shared.service import Service
from shared.settings import Settings, load
from tests.realparts.parts import free_port

HOUSE = Path(__file__).parents[1]
SERVICE, AGGREGATE, COMMAND = "advocacy", "advocacy", "ProposeAdvocacy"
API, PAGE = "/advocacy/api/v1/advocacies", "/advocacy/advocacies/"
CLIENTS, ROWS, VIEWS = 8, 10_000, 400
TURNS = 8  # of commands in a round, of half its seconds: the machine's pace changes, and short turns side by side say more
WANTED, LIMIT = 0.4, 0.1  # of the bare application's rate; seconds at the 95th percentile


@dataclass(frozen=True)
class Server:
    """A gunicorn at work, and what a signed-in secretariat sends along."""

    process: subprocess.Popen[bytes]
    port: int
    headers: Mapping[str, str]

    def cpu(self) -> float:
        """Seconds of processor time that it has used, all its processes together."""
        master = psutil.Process(self.process.pid)
        return sum(sum(one.cpu_times()[:2]) for one in (master, *master.children(recursive=True)))

    def asking(
        self, method: str, path: str, body: bytes | None, wanted: int, *, kept: bool = True
    ) -> Callable[[int], Callable[[], float]]:
        """Clients with a `kept` connection each, or with one for each request, as the gateway has them; an operation is one
        request, and gives its seconds."""

        def client(n: int) -> Callable[[], float]:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)

            def operate() -> float:
                began = time.perf_counter()
                connection.request(method, path, body, {**self.headers, "Idempotency-Key": uuid.uuid4().hex})
                answer = connection.getresponse()
                answer.read()
                assert answer.status == wanted, answer.status
                if not kept:
                    connection.close()
                return time.perf_counter() - began

            return operate

        return client


@contextmanager
def gunicorn(settings: dict[str, str], headers: Mapping[str, str], *application: str) -> Iterator[Server]:
    """gunicorn with the platform's own configuration, serving the platform or another application."""
    ports = {"PKP_PORT": str(free_port()), "PKP_INTERNAL_PORT": str(free_port()), "PKP_MANAGEMENT_PORT": str(free_port())}
    command = [sys.executable, "-m", "gunicorn", "-c", str(HOUSE / "deploy" / "gunicorn.conf.py"), *application]
    environment = {**os.environ, **settings, **ports}
    process = subprocess.Popen(command, cwd=HOUSE, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        made = Server(process, int(ports["PKP_PORT"]), headers)
        _wait(made)
        yield made
    finally:
        process.terminate()
        process.wait(30)


def _wait(server: Server) -> None:
    deadline = time.monotonic() + 240
    while time.monotonic() < deadline and server.process.poll() is None:
        try:
            probe = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
            probe.request("GET", "/")
            probe.getresponse().read()
            return _wait_for_all(server)
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("gunicorn did not begin to answer")


def _wait_for_all(server: Server) -> None:
    """Return when no process reads its code any more: the first that is ready would get every client's connection."""
    spent = -1.0
    while server.cpu() - spent > 0.01:
        spent = server.cpu()
        time.sleep(0.5)


def ready(settings: Settings) -> Mapping[str, str]:
    """Empty stores for all services, and the headers of somebody of the secretariat who has signed in by a browser."""
    for service in services(settings).values():
        working = runtime(service, settings)
        working.keys.migrate()
        working.store.migrate()
        working.close()
    people = accounts(settings)
    people.migrate()
    cookie = people.sessions.start(people.add("bench", "secretariat", None).id, "password")
    people.close()
    return {"Cookie": f"pkp={cookie}", "Sec-Fetch-Site": "same-origin", "Content-Type": "application/json"}


def proposal(service: Service) -> Any:
    """The service's own canonical example of the command, in the secretariat's own name."""
    return replace(next(one for cls, one in examples_of(service).items() if cls.__name__ == COMMAND), on_behalf_of=None)


def fill(settings: Settings) -> None:
    """Ordinary commands until the register has its rows."""
    working = runtime(services(settings)[SERVICE], settings)
    command = proposal(working.service)
    actor = Actor("bench", frozenset({"secretariat"}))
    with ThreadPoolExecutor(32) as pool:
        list(pool.map(lambda n: working.execute(command, AGGREGATE, None, Caller("caller", "bench", str(n), actor)), range(ROWS)))
    working.close()


def commands(kind: str, ours: Server, peer: Server, rounds: int, seconds: float) -> Result:
    """Commands per second that both acknowledge, at eight clients; and the processor time of each."""
    sent, bare = encode(proposal(services(load({}))[SERVICE])).encode(), "bare Flask, marshmallow, one INSERT"
    spent: dict[str, list[float]] = {"ours": [], bare: []}
    half = seconds / 2

    def turn(who: str, server: Server, path: str) -> float:
        before = server.cpu()
        rate = hammer(server.asking("POST", path, sent, 201), CLIENTS, half)
        spent[who].append((server.cpu() - before) / (rate * half))
        return rate

    turns = {"ours": lambda: turn("ours", ours, API), bare: lambda: turn(bare, peer, "/")}
    made = compare(f"HTTP command, {kind}, {CLIENTS} at once", turns, rounds * TURNS, {bare: WANTED})
    return Result(made.name, made.rates, made.ratios, made.wanted, {who: statistics.median(each) for who, each in spent.items()})


def views(name: str, server: Server, path: str, rounds: int) -> Latency:
    """How long eight clients wait for a page, and the processor time of one: medians of the rounds' own figures.

    A kept connection stays with the process that took it, and eight of them may all be one process's while the other idles.
    """
    asking = server.asking("GET", path, None, 200, kept=False)
    operations = [asking(n) for n in range(CLIENTS)]
    for operate in operations:
        operate()
    waits, cpu = zip(*(_round(server, operations) for _ in range(rounds)), strict=True)
    p50, p95 = (statistics.median(statistics.quantiles(one, n=100)[at - 1] for one in waits) for at in (50, 95))
    return Latency(name, p50, p95, 95, LIMIT, statistics.median(cpu))


def _round(server: Server, operations: Sequence[Callable[[], float]]) -> tuple[list[float], float]:
    """The seconds of each view of one round, and the processor time of one."""
    took, before = list[float](), server.cpu()

    def client(operate: Callable[[], float]) -> None:
        took.extend(operate() for _ in range(VIEWS // CLIENTS))

    threads = [threading.Thread(target=client, args=(one,)) for one in operations]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return took, (server.cpu() - before) / len(took)


def run(kind: str, folder: Path, databases: Mapping[str, str], bare: str, rounds: int, seconds: float) -> Iterator[Any]:
    """Pages of a register of so many rows; then commands, which make it longer, beside the bare application at `bare`."""
    secrets = {"PKP_SECRET_KEY": "benchmark" * 5, "PKP_MASTER_KEY": base64.b64encode(bytes(32)).decode()}
    given = {"PKP_DATA_DIR": str(folder), **secrets, **databases}
    settings = load({**os.environ, **given})
    headers = ready(settings)
    bare_table(bare)
    beside = {**given, "PKP_DATA_DIR": str(folder / "bare"), "BARE_URL": bare}
    with gunicorn(given, headers) as ours, gunicorn(beside, headers, "benchmarks.peers:bare()") as peer:
        fill(settings)
        yield views(f"page of 50 rows of {ROWS:,}, {kind}, {CLIENTS} at once", ours, PAGE, rounds)
        yield views(f"list of 50 rows of {ROWS:,}, {kind}, {CLIENTS} at once", ours, f"{API}?limit=50", rounds)
        yield commands(kind, ours, peer, rounds, seconds)
