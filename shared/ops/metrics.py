"""Numbers for Prometheus, each named once; the management listener shows them, whoever knows them writes them here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Counter, Gauge, Histogram, generate_latest

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)

build = Gauge("pkp_build_info", "1, with the version and the province.", ["version", "province"], multiprocess_mode="max")
http_seconds = Histogram(
    "pkp_http_request_duration_seconds",
    "Seconds from a request to its answer, by route template.",
    ["service", "method", "route", "status"],
    buckets=BUCKETS,
)
commands = Counter("pkp_commands_total", "Commands by what became of them.", ["service", "command", "outcome"])
appended = Counter("pkp_events_appended_total", "Facts that were stored.", ["service", "event_type"])
published = Counter("pkp_events_published_total", "Facts that the broker acknowledged.", ["service", "topic"])
consumed = Counter("pkp_events_consumed_total", "Siblings' facts by what became of them.", ["service", "source", "outcome"])
gaps = Counter(
    "pkp_gaps_total", "Times that facts of a sibling were missing and were fetched from its feed.", ["service", "source"]
)
lag_seconds = Gauge(
    "pkp_projection_lag_seconds", "Age of the last applied fact of a sibling when it was applied.", ["service", "source"]
)
lag_events = Gauge(
    "pkp_projection_lag_events", "Positions between a sibling's head and what is held of it.", ["service", "source"]
)
pending = Gauge("pkp_outbox_pending_events", "Facts handed to the producer that the broker did not acknowledge yet.", ["service"])
pending_age = Gauge(
    "pkp_outbox_oldest_age_seconds", "Age of the oldest fact that the broker did not acknowledge yet.", ["service"]
)
unreachable = Gauge(
    "pkp_unreachable", "1 while a loop of the worker cannot reach what it needs; its log says what and why.", ["service", "loop"]
)
letters = Counter(
    "pkp_dead_letters_total", "Letters opened: facts, reactions and timers that wait, and alarms.", ["service", "kind"]
)
reactions = Counter("pkp_reactions_total", "Reactions by their outcome.", ["service", "reaction", "outcome"])
timers = Counter("pkp_timers_total", "Timers that fired, by outcome.", ["service", "outcome"])
feed_requests = Counter("pkp_feed_requests_total", "Requests to the feed.", ["service", "view", "status"])


def command(service: str, name: str, outcome: str, facts: Iterable[str] = ()) -> None:
    """Count a command (`outcome`: done, nothing, repeated, or the kind of its refusal) and the facts that it made."""
    commands.labels(service, name, outcome).inc()
    for fact in facts:
        appended.labels(service, fact).inc()


def shown(registry: CollectorRegistry | None = None) -> tuple[str, bytes]:
    """(content type, body) of what Prometheus reads: this process's numbers, or those of `registry`."""
    return CONTENT_TYPE_LATEST, generate_latest(registry or REGISTRY)


def of_all_processes() -> CollectorRegistry:
    """The numbers of all web processes together, out of the folder in PROMETHEUS_MULTIPROC_DIR."""
    from prometheus_client.multiprocess import MultiProcessCollector

    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry


def age(recorded_at: str) -> float:
    """Seconds since a recorded time; 0 for a text that is no time."""
    try:
        return max(0.0, (datetime.now(UTC) - datetime.fromisoformat(recorded_at)).total_seconds())
    except (ValueError, TypeError):
        return 0.0
