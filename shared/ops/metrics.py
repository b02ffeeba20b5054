"""Numbers for Prometheus, each named once; the management listener shows them, whoever knows them writes them here."""

from __future__ import annotations

from datetime import UTC, datetime

from prometheus_client import Counter, Gauge

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
letters = Counter(
    "pkp_dead_letters_total", "Letters opened: facts, reactions and timers that wait, and alarms.", ["service", "kind"]
)
reactions = Counter("pkp_reactions_total", "Reactions by their outcome.", ["service", "reaction", "outcome"])
timers = Counter("pkp_timers_total", "Timers that fired, by outcome.", ["service", "outcome"])
feed_requests = Counter("pkp_feed_requests_total", "Requests to the feed.", ["service", "view", "status"])


def age(recorded_at: str) -> float:
    """Seconds since a recorded time; 0 for a text that is no time."""
    try:
        return max(0.0, (datetime.now(UTC) - datetime.fromisoformat(recorded_at)).total_seconds())
    except (ValueError, TypeError):
        return 0.0
