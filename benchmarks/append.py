"""Append: ours beside the same rows without order, and beside the library's default save."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from benchmarks.measure import Result, compare, hammer_processes
from benchmarks.peers import eventsourcing_save, unordered_postgres, unordered_sqlite
from benchmarks.subject import appender, ready_store

LEVELS = {1: (1, 1), 8: (1, 8), 32: (2, 16)}  # concurrent commands: processes, clients in each
UNORDERED = {1: 0.7, 8: 1.0, 32: 1.5}


def run(url: str, rounds: int, seconds: float) -> Iterator[Result]:
    """One result per level of concurrency on the database at `url`."""
    ready_store(url).close()
    kind = "SQLite" if url.startswith("sqlite") else "PostgreSQL"
    unordered = unordered_sqlite if kind == "SQLite" else unordered_postgres
    for level, (processes, clients) in LEVELS.items():
        makers = {"ours": appender, "same rows unordered": unordered, "eventsourcing save": eventsourcing_save}
        contenders = {who: partial(hammer_processes, make, (url,), processes, clients, seconds) for who, make in makers.items()}
        wanted = {"same rows unordered": UNORDERED[level]} | ({"eventsourcing save": 5.0} if level == 8 else {})
        yield compare(f"append, {kind}, {level} at once", contenders, rounds, wanted)
