"""The relay: the topics are the log, in its order, whatever dies or is deleted on the way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime

import msgspec
import pytest

from shared.bus.feed import batch
from shared.delivery.checkpoints import republish
from shared.delivery.lease import WORKER_LOCK, Fenced, Lease
from shared.errors import UnsafeStore
from shared.store import open_database
from tests.delivery.conftest import Pair
from tests.delivery.topics import INTERAGENCY, PUBLIC, Bus, once, until

# Which database is asked makes no difference here; the lease, the inbox and the worker are tried on both.
pytestmark = [pytest.mark.server, pytest.mark.parametrize("pair", ["sqlite"], indirect=True)]


@pytest.fixture
def bus(pair: Pair, kafka_broker) -> Bus:  # type: ignore[no-untyped-def]
    found = Bus(pair, kafka_broker.bootstrap)
    found.delete()
    return found


def mixed(pair: Pair, notes: int = 5) -> None:
    for n in range(notes):
        id = pair.note(f"note {n}", f"{n}.a", f"{n}.b")
        pair.add(id, f"{n}.hidden", hidden=True)


def assert_whole(bus: Bus) -> None:
    """Both topics hold the log of their view, in order, with its chain, once duplicates are dropped."""
    for topic, view in ((INTERAGENCY, "interagency"), (PUBLIC, "public")):
        told = batch(bus.pair.teller.store, view, 0, 100_000).envelopes
        found = once(bus.facts(topic))
        assert [one.id for one in found] == [one.id for one in told]
        assert found == told


def assert_true_checkpoints(bus: Bus) -> None:
    """At the remembered offset lies the remembered fact, and the topic holds the log up to it without a hole."""
    with bus.pair.teller.store.db.reading() as session:
        rows = session.rows("SELECT topic, position, record_offset FROM checkpoints WHERE position > 0")
    for topic, position, offset in rows:
        record = bus.records(topic)[offset]
        assert dict(record.headers)["ce_position"].decode() == str(position)
        told = batch(bus.pair.teller.store, topic.split(".")[2], 0, 100_000).envelopes
        held = [one.id for one in once(bus.facts(topic)) if one.position <= position]
        assert held == [one.id for one in told if one.position <= position]


def test_both_topics_hold_the_log_of_their_view_behind_a_marker(bus):
    mixed(bus.pair)
    bus.publish()
    assert_whole(bus)
    life = bus.pair.teller.store.lineage()[0].id
    for topic in (INTERAGENCY, PUBLIC):
        assert bus.markers(topic) == [life]
        assert len(bus.facts(topic)) == len(once(bus.facts(topic)))
        keys = {one.partitionkey.encode() for one in bus.facts(topic)}
        assert {record.key for record in bus.records(topic)} == keys | {b"lineage"}


def test_a_topic_has_one_partition_and_is_kept_for_ever(bus):
    from confluent_kafka.admin import AdminClient, ConfigResource

    mixed(bus.pair, 1)
    bus.publish()
    admin = AdminClient({"bootstrap.servers": bus.bootstrap})
    assert len(admin.list_topics(INTERAGENCY, timeout=10).topics[INTERAGENCY].partitions) == 1
    resource = ConfigResource(ConfigResource.Type.TOPIC, INTERAGENCY)
    (future,) = admin.describe_configs([resource]).values()
    config = future.result(10)
    assert (config["retention.ms"].value, config["cleanup.policy"].value) == ("-1", "delete")


def test_news_leave_within_a_moment(bus):
    bus.pair.note("first")
    running = bus.relay()
    until(bus.published)
    began = time.monotonic()
    bus.pair.note("second")
    until(lambda: len(bus.facts()) == 2, 5)
    assert time.monotonic() - began < 3
    running.end()


def test_what_reached_the_topic_before_a_death_is_not_repeated(bus):
    """The relay dies after the broker has the records and before the checkpoint."""
    mixed(bus.pair)
    with bus.pair.teller.store.db.reading() as session:
        before = session.rows("SELECT topic, incarnation, position, topic_id, record_offset FROM checkpoints")
    bus.publish()
    count = len(bus.records())
    for rewound in ("position = 3, record_offset = 3", "position = 0, record_offset = -1", "position = 0, record_offset = 0"):
        with bus.pair.teller.store.db.writing() as session:
            session.run(f"UPDATE checkpoints SET {rewound} WHERE topic = :topic", topic=INTERAGENCY)
        bus.publish()
        assert len(bus.records()) == count
    mixed(bus.pair, 1)
    bus.publish()
    assert before == []
    assert len(bus.facts()) == len(once(bus.facts()))
    assert_whole(bus)


@pytest.mark.parametrize(
    "wrong", ["position = 3, record_offset = 5", "position = 3, record_offset = 900", "topic_id = 'another'"]
)
def test_another_record_at_the_remembered_place_means_from_the_beginning(bus, wrong):
    mixed(bus.pair)
    bus.publish()
    with bus.pair.teller.store.db.writing() as session:
        session.run(f"UPDATE checkpoints SET {wrong}")
    mixed(bus.pair, 1)
    bus.publish()
    assert_whole(bus)


def test_a_checkpoint_that_claims_more_than_the_topic_holds_leaves_nothing_out(bus):
    mixed(bus.pair)
    bus.publish()
    facts = batch(bus.pair.teller.store, "interagency", 0, 100).envelopes
    bus.delete(INTERAGENCY)
    bus.write(*facts[:5])
    with bus.pair.teller.store.db.writing() as session:
        claims = "position = :position, record_offset = 4, topic_id = :id"
        wanted = {"position": facts[9].position, "id": bus.topics.id(INTERAGENCY), "topic": INTERAGENCY}
        session.run(f"UPDATE checkpoints SET {claims} WHERE topic = :topic", **wanted)
    mixed(bus.pair, 1)
    bus.publish()
    assert_whole(bus)


def test_a_topic_that_was_deleted_is_filled_anew(bus):
    mixed(bus.pair)
    bus.publish()
    bus.delete()
    mixed(bus.pair, 1)
    bus.publish()
    assert_whole(bus)
    assert len(bus.markers()) == 1


def test_a_topic_deleted_under_a_running_relay_is_noticed_and_filled_anew(bus):
    mixed(bus.pair)
    running = bus.relay(look=0.3)
    until(bus.published)
    bus.delete()
    until(lambda: bus.topics.id(INTERAGENCY) is not None and len(once(bus.facts())) == 15, 30)
    mixed(bus.pair, 1)
    until(lambda: len(once(bus.facts())) == 18)
    running.end()
    assert running.error is None
    assert_whole(bus)


def test_publishing_again_appends_the_whole_log_behind_a_new_marker(bus):
    mixed(bus.pair)
    running = bus.relay()
    until(bus.published)
    republish(bus.pair.teller.store)
    mixed(bus.pair, 1)
    assert isinstance(running.join(), Fenced)
    bus.lease.release()
    assert bus.lease.try_take()
    bus.publish()
    facts = bus.facts()
    whole = [one.id for one in batch(bus.pair.teller.store, "interagency", 0, 1000).envelopes]
    assert [one.id for one in facts[-len(whole) :]] == whole
    assert len(bus.markers()) == 2
    assert len(bus.markers(PUBLIC)) == 2
    assert_whole(bus)


def test_a_relay_whose_successor_works_ends_at_its_next_checkpoint(bus):
    mixed(bus.pair)
    zombie = bus.relay()
    until(bus.published)
    if bus.lease._session is not None:  # the lock is lost without its holder noticing
        bus.lease._session.one("SELECT pg_advisory_unlock(:key)", key=WORKER_LOCK)
    else:
        bus.lease._held.close()
    successor = Lease(open_database(bus.pair.teller.store.db.url))
    assert successor.try_take()
    mixed(bus.pair)
    assert isinstance(zombie.join(), Fenced)
    bus.lease = successor
    bus.publish()
    assert_whole(bus)
    successor.release()


def test_a_new_life_is_marked_before_its_facts_in_a_running_relay_too(bus):
    mixed(bus.pair, 2)
    running = bus.relay()
    until(bus.published)
    second = bus.pair.teller.store.fork(datetime.now(UTC))
    mixed(bus.pair, 1)
    until(bus.published)
    running.end()
    for topic in (INTERAGENCY, PUBLIC):
        assert bus.markers(topic)[-1] == second.id
        kinds = [dict(record.headers)["ce_incarnation"].decode() for record in bus.records(topic)]
        assert kinds == sorted(kinds, key=lambda one: one == second.id)
    assert_whole(bus)


def test_facts_of_a_life_that_was_left_do_not_count(bus):
    """What the restored store lost lies in the topic; the new life goes on behind the fork."""
    mixed(bus.pair, 2)
    bus.publish()
    first = bus.pair.teller.store.lineage()[0].id
    last = batch(bus.pair.teller.store, "interagency", 0, 100).envelopes[-1]
    lost = msgspec.structs.replace(last, position=20, previous=last.position, id="lost", incarnation=first)
    bus.pair.teller.store.fork(datetime.now(UTC))
    bus.write(lost)
    mixed(bus.pair, 1)
    bus.publish()
    assert [one.id for one in once(bus.facts()) if one.id != "lost"] == [
        one.id for one in batch(bus.pair.teller.store, "interagency", 0, 100).envelopes
    ]


@pytest.mark.parametrize("position", [9, 40])
def test_a_topic_that_knows_more_of_this_life_than_the_store_stops_the_relay(bus, position):
    """Position 9 was given to another fact since; 40 was never reached again."""
    mixed(bus.pair, 2)
    bus.publish()
    last = batch(bus.pair.teller.store, "interagency", 0, 100).envelopes[-1]
    bus.write(msgspec.structs.replace(last, position=position, previous=last.position, id="lost"))
    bus.pair.note("since")
    running = bus.relay()
    assert isinstance(running.join(), UnsafeStore)


def test_a_relay_killed_again_and_again_under_load_leaves_nothing_out(bus):
    """Twenty kills at any moment, facts written all the while."""
    program = (
        "import sys\nfrom shared.bus.broker import Broker\n"
        "from shared.delivery.lease import Lease\nfrom shared.delivery.relay import Relay\n"
        "from shared.store import open_store\nfrom tests.delivery.teller import service\n"
        "store = open_store(sys.argv[1], service, '32')\nlease = Lease(store.db)\n"
        "while not lease.try_take(): pass\n"
        "print('leads', flush=True)\nRelay(store, Broker(sys.argv[2]), lease, lambda: False, 30.0).run()"
    )
    bus.lease.release()
    words = [sys.executable, "-c", program, bus.pair.teller.store.db.url, bus.bootstrap]
    for n in range(20):
        child = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        assert child.stdout is not None
        assert child.stdout.readline().strip() == "leads"
        deadline = time.monotonic() + 0.05 * (n % 12)
        while time.monotonic() < deadline or n % 4 == 0:
            mixed(bus.pair, 2)
            if n % 4 == 0:
                break
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        assert_true_checkpoints(bus)
    assert bus.lease.try_take() or until(bus.lease.try_take) is None
    bus.publish()
    assert_whole(bus)
    assert len(bus.facts()) > 100
