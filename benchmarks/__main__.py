"""`make bench`: every comparison in one run; prints ratios and writes them to benchmarks/results.json."""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg.sql import SQL, Identifier

from benchmarks import append, carrying, http, reading
from benchmarks.measure import Latency, Result, machine
from tests.realparts.kafka import Broker, start_kafka
from tests.realparts.postgres import Server, start_postgres


def main() -> None:
    """Run what was asked for; a shortfall is printed as one, and never ends the run."""
    asked = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    asked.add_argument("--only", choices=["append", "reading", "relay", "latency", "http"], help="one part")
    asked.add_argument("--rounds", type=int, default=5)
    asked.add_argument(
        "--seconds",
        type=float,
        default=2.0,
        help="length of one contender's turn in a round; HTTP commands have eight of half that",
    )
    options = asked.parse_args()
    found: list[Result | Latency] = []
    with tempfile.TemporaryDirectory() as folder:
        server, broker = start_postgres(), start_kafka()
        try:
            for one in measure(options, Path(folder), server, broker):
                found.append(one)
                print(line(one), flush=True)
        finally:
            broker.stop()
            server.stop()
    write(found)


def measure(options: Any, folder: Path, server: Server, broker: Broker) -> Iterator[Result | Latency]:
    """Every part in turn, each on fresh databases."""
    fresh: Callable[[], str] = server.fresh_database
    log = fresh()
    if options.only in (None, "append"):
        yield from append.run(fresh(), options.rounds, options.seconds)
        yield from append.run(f"sqlite:///{folder}/append.db", options.rounds, options.seconds)
    if options.only in (None, "reading", "relay"):
        yield from reading.run(log, fresh, options.rounds)
    if options.only in (None, "relay"):
        yield from carrying.run_relay(log, broker.bootstrap, options.rounds)
    if options.only in (None, "latency"):
        yield from carrying.run_latency(platform_databases(server, "carried"), broker.bootstrap)
    if options.only in (None, "http"):
        yield from http.run("SQLite", folder / "http", {}, f"sqlite:///{folder}/bare.db", options.rounds, options.seconds)
        database = {"PKP_DATABASE_URL": platform_databases(server, "asked")}
        yield from http.run("PostgreSQL", folder / "asked", database, fresh(), options.rounds, options.seconds)


def platform_databases(server: Server, prefix: str) -> str:
    """The address template of fresh databases for a whole platform."""
    template = server.url(f"{prefix}_{{service}}")
    with psycopg.connect(server.url("postgres").replace("+psycopg", ""), autocommit=True) as connection:
        for service in ("membership", "advocacy", "mediation", "forum"):
            for name in (service, f"{service}_keys"):
                connection.execute(SQL("CREATE DATABASE {}").format(Identifier(f"{prefix}_{name}")))
        connection.execute(SQL("CREATE DATABASE {}").format(Identifier(f"{prefix}_identity")))
    return template


def line(one: Result | Latency) -> str:
    """One figure for people."""
    if isinstance(one, Latency):
        judged = f"< {one.limit * 1000:.0f} ms {'reached' if one.high < one.limit else 'NOT reached'}"
        cpu = "" if one.cpu is None else f", {one.cpu * 1000:.1f} ms of processor time each"
        return f"{one.name}: p50 {one.p50 * 1000:.0f} ms, p{one.share} {one.high * 1000:.0f} ms ({judged}){cpu}"
    parts = []
    for peer, ratio in one.ratios.items():
        wanted = one.wanted.get(peer)
        judged = "" if wanted is None else f" (>= {wanted:g} {'reached' if ratio >= wanted else 'NOT reached'})"
        parts.append(f"{ratio:.2f}x {peer}{judged}")
    rates = ", ".join(f"{who} {rate:,.0f}/s" for who, rate in one.rates.items())
    cpu = "".join(f", {who} {seconds * 1000:.1f} ms of processor time each" for who, seconds in one.cpu.items())
    return f"{one.name}: {'; '.join(parts)} [{rates}{cpu}]"


def write(found: list[Result | Latency]) -> None:
    """The figures with the machine they were measured on."""
    results = [latency(one) if isinstance(one, Latency) else ratio(one) for one in found]
    document = {"measured_at": datetime.now(UTC).isoformat(timespec="seconds"), "machine": machine(), "results": results}
    Path(__file__).with_name("results.json").write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


def latency(one: Latency) -> dict[str, Any]:
    """A latency for the file."""
    told = {"name": one.name, "p50_ms": round(one.p50 * 1000, 1), f"p{one.share}_ms": round(one.high * 1000, 1)}
    cpu = {} if one.cpu is None else {"cpu_ms": round(one.cpu * 1000, 2)}
    return {**told, "wanted_ms": round(one.limit * 1000), **cpu}


def ratio(one: Result) -> dict[str, Any]:
    """A comparison for the file."""
    return {
        "name": one.name,
        "per_second": {who: round(rate) for who, rate in one.rates.items()},
        "ratios": {peer: round(reached, 2) for peer, reached in one.ratios.items()},
        "wanted": dict(one.wanted),
        **({"cpu_ms": {who: round(seconds * 1000, 2) for who, seconds in one.cpu.items()}} if one.cpu else {}),
    }


if __name__ == "__main__":
    main()
