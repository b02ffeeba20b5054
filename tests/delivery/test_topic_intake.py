"""The topic as carrier: the same promises as the feed, with the feed to repair and to judge."""

from __future__ import annotations

import json
import random
import time
from datetime import UTC, datetime

import msgspec
import pytest

from shared.bus.feed import batch
from shared.bus.kafka import Outlet, Prefix
from shared.bus.lineage import from_json, to_json
from shared.envelope import LINEAGE_TYPE, Envelope
from tests.delivery.conftest import Pair
from tests.delivery.topics import INTERAGENCY, Bus, Running, until

# Which database is asked makes no difference here; the lease, the inbox and the worker are tried on both.
pytestmark = [pytest.mark.server, pytest.mark.parametrize("pair", ["sqlite"], indirect=True)]


@pytest.fixture
def bus(feed: Pair, kafka_broker) -> Bus:  # type: ignore[no-untyped-def]
    found = Bus(feed, kafka_broker.bootstrap)
    found.delete()
    return found


def told(bus: Bus) -> list[Envelope]:
    return batch(bus.pair.teller.store, "interagency", 0, 100_000).envelopes


def notes(bus: Bus, count: int = 5, lines: int = 10) -> dict[object, list[str]]:
    made = {
        bus.pair.note(f"note {n}", *(f"{n}.{m}" for m in range(lines))): [f"{n}.{m}" for m in range(lines)] for n in range(count)
    }
    return dict(made)


def settled(bus: Bus, running: Running, expected: dict) -> None:  # type: ignore[type-arg]
    """The hearer comes to hold exactly this, and the intake still runs."""
    until(lambda: running.error is not None or all(bus.pair.lines(id) == lines for id, lines in expected.items()), 30)
    assert running.error is None, running.error
    for id, lines in expected.items():
        assert bus.pair.lines(id) == lines


def marker(bus: Bus, lineage) -> None:  # type: ignore[no-untyped-def]
    """Write a marker as the relay of another life might."""
    outlet, prefix = Outlet(bus.broker), Prefix()
    headers = [
        ("ce_specversion", "1.0"),
        ("ce_id", lineage[-1].id),
        ("ce_source", "/provinces/32/teller"),
        ("ce_type", LINEAGE_TYPE),
    ]
    bus.topics.ensure(INTERAGENCY)
    assert outlet.send(INTERAGENCY, "lineage", to_json(lineage).encode(), headers, prefix, 0)
    until(lambda: outlet.poll(0.05) or not prefix.in_flight)


def test_a_sibling_follows_the_topic(bus):
    expected = notes(bus)
    relay, intake = bus.relay(), bus.intake()
    settled(bus, intake, expected)
    id = bus.pair.note("late")
    began = time.monotonic()
    bus.pair.add(id, "x")
    settled(bus, intake, expected | {id: ["x"]})
    assert time.monotonic() - began < 3
    relay.end(), intake.end()
    assert bus.pair.alarms() == []
    assert bus.pair.rows("SELECT count(*), max(applied) FROM envelopes") == [(len(told(bus)), len(told(bus)))]


def test_a_reader_goes_on_where_it_was_and_a_lost_place_costs_repetitions_only(bus):
    expected = notes(bus)
    bus.publish()
    for place in ("", "next_offset = 3", "next_offset = 100000", "next_offset = 0", "topic_id = 'another'"):
        if place:
            with bus.pair.hearer.store.db.writing() as session:
                session.run(f"UPDATE sources SET {place}")
        intake = bus.intake()
        settled(bus, intake, expected)
        place_now = [(bus.topics.id(INTERAGENCY), len(bus.records()))]
        until(lambda: bus.pair.rows("SELECT topic_id, next_offset FROM sources") == place_now)  # noqa: B023
        intake.end()
    assert bus.pair.rows("SELECT count(*), max(applied) FROM envelopes") == [(len(told(bus)), len(told(bus)))]
    assert bus.pair.alarms() == []


def test_records_that_are_missing_are_fetched_from_the_feed(bus):
    expected = notes(bus)
    chance = random.Random(11)
    marker(bus, bus.pair.teller.store.lineage())
    written = [one for one in told(bus) if chance.random() > 0.2 for _ in range(chance.choice([1, 1, 3]))]
    bus.write(*written, told(bus)[-1])
    intake = bus.intake()
    settled(bus, intake, expected)
    intake.end()
    assert bus.pair.alarms() == []


def test_a_lost_end_of_the_topic_is_found_by_comparing_heads(bus):
    expected = notes(bus)
    marker(bus, bus.pair.teller.store.lineage())
    bus.write(*told(bus)[:20])
    intake = bus.intake(head_look=0.3)
    settled(bus, intake, expected)
    intake.end()


def test_a_topic_that_was_deleted_and_filled_anew_is_read_from_its_beginning(bus):
    expected = notes(bus)
    relay, intake = bus.relay(look=0.3), bus.intake(topic_look=0.3)
    settled(bus, intake, expected)
    bus.delete()
    until(lambda: bus.topics.id(INTERAGENCY) is not None)
    id = bus.pair.note("late", "x")
    settled(bus, intake, expected | {id: ["x"]})
    place = [(bus.topics.id(INTERAGENCY), len(bus.records()))]
    until(lambda: bus.pair.rows("SELECT topic_id, next_offset FROM sources") == place)
    relay.end(), intake.end()
    assert (relay.error, intake.error) == (None, None)
    assert bus.pair.rows("SELECT count(*), max(applied) FROM envelopes") == [(len(told(bus)), len(told(bus)))]


def test_records_that_are_no_envelopes_are_an_alarm_and_what_they_replaced_comes_from_the_feed(bus):
    expected = notes(bus, 2, 4)
    marker(bus, bus.pair.teller.store.lineage())
    facts = told(bus)
    bus.write(*facts[:3])
    outlet, prefix = Outlet(bus.broker), Prefix()
    for n, (headers, value) in enumerate([([], b"garbage"), ([("ce_id", b"\xff")], None), ([("ce_specversion", "1.0")], b"{}")]):
        assert outlet.send(INTERAGENCY, "key", value, headers, prefix, n)  # type: ignore[arg-type]
    until(lambda: outlet.poll(0.05) or not prefix.in_flight)
    bus.write(*facts[4:])
    intake = bus.intake()
    settled(bus, intake, expected)
    intake.end()
    assert len(bus.pair.alarms()) == 3


def test_values_that_cannot_be_read_park_their_key_while_others_flow(bus):
    expected = notes(bus, 3, 4)
    facts = told(bus)
    marker(bus, bus.pair.teller.store.lineage())
    spoilt = [msgspec.structs.replace(one, data=msgspec.Raw(b"\xff\xfe{")) if n == 7 else one for n, one in enumerate(facts)]
    bus.write(*spoilt)
    first, second, third = expected
    intake = bus.intake()
    settled(bus, intake, {first: expected[first], third: expected[third], second: expected[second][:1]})
    intake.end()
    assert bus.pair.states()[5:10] == ["applied", "applied", "parked", "queued", "queued"]


def test_a_new_life_in_the_topic_sets_aside_what_lies_beyond_the_fork(bus):
    """The topic holds what the restored store has lost, then the marker and the facts of the new life."""
    expected = notes(bus, 2, 3)
    bus.publish()
    last, first_life = told(bus)[-1], bus.pair.teller.store.lineage()[0].id
    (first, second) = expected
    lost = [
        msgspec.structs.replace(last, position=last.position + n, previous=last.position + n - 1, id=f"lost-{n}") for n in (1, 2)
    ]
    bus.write(*lost)
    intake = bus.intake()
    settled(bus, intake, {first: expected[first], second: [*expected[second], "1.2", "1.2"]})
    bus.pair.teller.store.fork(datetime.now(UTC))
    bus.pair.add(first, "new")
    assert told(bus)[-1].incarnation != first_life
    relay = bus.relay()
    settled(bus, intake, {first: [*expected[first], "new"], second: expected[second]})
    relay.end(), intake.end()
    assert bus.pair.rows("SELECT count(*) FROM envelopes WHERE state = 'aside'") == [(2,)]
    with bus.pair.hearer.store.db.writing() as session:  # once more from the beginning: nothing of it comes back
        session.run("UPDATE sources SET next_offset = 0")
    intake = bus.intake()
    until(lambda: bus.pair.rows("SELECT next_offset FROM sources") == [(len(bus.records()),)])
    intake.end()
    assert bus.pair.lines(second) == expected[second]
    assert len(bus.pair.alarms()) == 1


def test_of_two_lives_that_part_the_producer_tells_the_true_one(bus):
    """The topic has the marker of a life that the producer does not know; the reader has heard of another by feed."""
    expected = notes(bus, 2, 3)
    lineage = tuple(bus.pair.teller.store.lineage())
    left = from_json(json.dumps([{"id": "left", "parent": lineage[0].id, "forked_at": 4, "started_at": lineage[0].started_at}]))
    facts = told(bus)
    bus.pair.teller.store.fork(datetime.now(UTC))
    bus.pair.pull()
    marker(bus, lineage)
    bus.write(*facts)
    marker(bus, (*lineage, *left))
    bus.write(msgspec.structs.replace(facts[4], incarnation="left", id="of-a-life-that-was-left"))
    relay, intake = bus.relay(), bus.intake()
    until(lambda: bus.pair.rows("SELECT next_offset FROM sources") == [(len(bus.records()),)] and bus.published())
    settled(bus, intake, expected)
    relay.end(), intake.end()
    assert bus.pair.rows("SELECT count(*) FROM envelopes WHERE state = 'aside'") == [(0,)]
    assert bus.pair.alarms() == []


def test_a_broker_that_is_killed_and_comes_back_costs_time_only(feed, kafka_factory):
    broker = kafka_factory()
    bus = Bus(feed, broker.bootstrap)
    expected = notes(bus)
    relay, intake = bus.relay(), bus.intake()
    settled(bus, intake, expected)
    broker.kill()
    late = {bus.pair.note(f"late {n}", "x", "y"): ["x", "y"] for n in range(5)}
    broker.restart()
    settled(bus, intake, expected | late)
    relay.end(), intake.end()
    assert (relay.error, intake.error) == (None, None)


def test_topics_that_are_wiped_are_filled_anew_and_nothing_is_taken_twice(feed, kafka_factory):
    broker = kafka_factory()
    bus = Bus(feed, broker.bootstrap)
    expected = notes(bus)
    bus.publish()
    intake = bus.intake()
    settled(bus, intake, expected)
    intake.end()
    broker.wipe()
    bus.publish()
    id = bus.pair.note("late", "x")
    relay, intake = bus.relay(), bus.intake()
    settled(bus, intake, expected | {id: ["x"]})
    relay.end(), intake.end()
    assert bus.pair.rows("SELECT count(*), max(applied) FROM envelopes") == [(len(told(bus)), len(told(bus)))]
    assert bus.pair.alarms() == []
