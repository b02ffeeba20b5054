"""Interleaved rounds, medians, ratios: noise hits everybody alike."""

from __future__ import annotations

import multiprocessing
import os
import platform
import statistics
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Worker = Callable[[int], Callable[[], Any]]
"""`worker(n)` makes the n-th client and gives the function that does one operation."""


@dataclass(frozen=True)
class Result:
    """One figure: operations per second of each contender (median of rounds), and what the first reaches of each other.

    `cpu`: seconds of processor time of one operation, where it was measured.
    """

    name: str
    rates: Mapping[str, float]
    ratios: Mapping[str, float]
    wanted: Mapping[str, float]
    cpu: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Latency:
    """Seconds: the median, a high percentile (`share` of 100) and what it must stay under; `cpu`: processor time of one."""

    name: str
    p50: float
    high: float
    share: int
    limit: float
    cpu: float | None = None


def hammer(worker: Worker, clients: int, seconds: float) -> float:
    """Operations per second of `clients` threads that each repeat one operation for `seconds`."""
    counts = [0] * clients
    operations = [worker(n) for n in range(clients)]
    start, stop = threading.Barrier(clients + 1), threading.Event()

    def run(n: int) -> None:
        operate = operations[n]
        try:
            operate()
        except BaseException:
            start.abort()
            raise
        start.wait()
        while not stop.is_set():
            operate()
            counts[n] += 1

    threads = [threading.Thread(target=run, args=(n,)) for n in range(clients)]
    for thread in threads:
        thread.start()
    start.wait()
    began = time.perf_counter()
    stop.wait(seconds)
    stop.set()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.perf_counter() - began)


def _hammer_in_child(make: Callable[..., Worker], args: tuple[Any, ...], clients: int, seconds: float, pipe: Any) -> None:
    worker = make(*args)
    pipe.send("ready")
    pipe.recv()
    pipe.send(hammer(worker, clients, seconds))


def hammer_processes(make: Callable[..., Worker], args: tuple[Any, ...], processes: int, clients: int, seconds: float) -> float:
    """`hammer` in several fresh processes at once; `make(*args)` makes the worker in each."""
    if processes == 1:
        return hammer(make(*args), clients, seconds)
    spawn = multiprocessing.get_context("spawn")
    pipes, children = [], []
    for _ in range(processes):
        ours, theirs = spawn.Pipe()
        child = spawn.Process(target=_hammer_in_child, args=(make, args, clients, seconds, theirs), daemon=True)
        child.start()
        pipes.append(ours)
        children.append(child)
    for pipe in pipes:
        pipe.recv()
    for pipe in pipes:
        pipe.send("go")
    total = sum(pipe.recv() for pipe in pipes)
    for child in children:
        child.join()
    return float(total)


def compare(name: str, contenders: Mapping[str, Callable[[], float]], rounds: int, wanted: Mapping[str, float]) -> Result:
    """Run every contender once a round; the first is ours. Ratios are medians of the rounds' own ratios."""
    rates: dict[str, list[float]] = {who: [] for who in contenders}
    for _ in range(rounds):
        for who, run in contenders.items():
            rates[who].append(run())
    ours, *peers = contenders
    ratios = {
        peer: statistics.median(mine / theirs for mine, theirs in zip(rates[ours], rates[peer], strict=True)) for peer in peers
    }
    return Result(name, {who: statistics.median(found) for who, found in rates.items()}, ratios, wanted)


def machine() -> dict[str, str]:
    """What it was measured on."""
    model = platform.processor() or platform.machine()
    try:
        with Path("/proc/cpuinfo").open(encoding="utf-8") as file:
            model = next(line.split(":", 1)[1].strip() for line in file if line.startswith("model name"))
    except (OSError, StopIteration):
        pass
    return {
        "processor": model,
        "cores": str(os.cpu_count()),
        "system": platform.platform(),
        "python": platform.python_version(),
        "load": " ".join(f"{load:.1f}" for load in os.getloadavg()),
    }
