"""The broker is a real one: what it acknowledged survives kill -9, a hung one answers late, a wiped one is empty."""

import threading
import time
from uuid import uuid4

from confluent_kafka.admin import AdminClient

from tests.realparts.records import make_topic, read, write


def test_acknowledged_records_are_read_back_in_order(kafka_broker):
    topic = f"order-{uuid4()}"
    make_topic(kafka_broker.bootstrap, topic)
    values = [str(n).encode() for n in range(200)]
    assert write(kafka_broker.bootstrap, topic, values) == values
    assert read(kafka_broker.bootstrap, topic, 200) == values


def test_topics_are_never_made_by_accident(kafka_broker):
    topic = f"nobody-made-{uuid4()}"
    assert write(kafka_broker.bootstrap, topic, [b"1"], timeout=3) == []
    client = AdminClient({"bootstrap.servers": kafka_broker.bootstrap, "log_level": 3})
    assert topic not in client.list_topics(timeout=10).topics


def test_a_killed_broker_keeps_what_it_acknowledged(kafka_factory):
    """Killed while a producer writes; restarted by a thread that ends before the broker is read."""
    broker = kafka_factory()
    make_topic(broker.bootstrap, "kept")
    values = [str(n).encode() for n in range(5000)]
    acknowledged: list[bytes] = []
    writer = threading.Thread(target=lambda: acknowledged.extend(write(broker.bootstrap, "kept", _slowly(values), timeout=60)))
    writer.start()
    time.sleep(0.3)
    broker.kill()
    restarter = threading.Thread(target=broker.restart)
    restarter.start()
    restarter.join()
    writer.join()
    assert acknowledged == values
    assert read(broker.bootstrap, "kept", len(values)) == values


def test_a_wiped_broker_is_a_new_empty_cluster_at_the_same_address(kafka_factory):
    broker = kafka_factory()
    make_topic(broker.bootstrap, "gone")
    before = AdminClient({"bootstrap.servers": broker.bootstrap}).list_topics(timeout=10)
    broker.wipe()
    after = AdminClient({"bootstrap.servers": broker.bootstrap}).list_topics(timeout=10)
    assert "gone" in before.topics
    assert "gone" not in after.topics
    assert before.cluster_id != after.cluster_id


def test_a_paused_broker_acknowledges_only_after_it_is_resumed(kafka_factory):
    broker = kafka_factory()
    make_topic(broker.bootstrap, "late")
    assert write(broker.bootstrap, "late", [b"before"]) == [b"before"]
    broker.pause()
    assert write(broker.bootstrap, "late", [b"while"], timeout=1.5) == []
    broker.resume()
    assert write(broker.bootstrap, "late", [b"after"]) == [b"after"]


def _slowly(values):
    for value in values:
        time.sleep(0.0002)
        yield value
