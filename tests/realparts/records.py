"""The few client calls that the parts' own tests and the making of the class archive need: topic, write, read."""

from collections.abc import Iterable
from uuid import uuid4

from confluent_kafka import Consumer, Producer
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic


def make_topic(bootstrap: str, name: str) -> None:
    """A topic of one partition, there when this returns."""
    admin = AdminClient({"bootstrap.servers": bootstrap, "log_level": 3})
    for future in admin.create_topics([NewTopic(name, num_partitions=1, replication_factor=1)]).values():
        future.result(30)


def write(bootstrap: str, topic: str, values: Iterable[bytes], timeout: float = 30) -> list[bytes]:
    """Produce the values with acks=all and return those that the broker acknowledged, in order."""
    acknowledged: list[bytes] = []
    producer = Producer(
        {"bootstrap.servers": bootstrap, "acks": "all", "enable.idempotence": True, "linger.ms": 1, "log_level": 3}
    )

    def delivered(error: object, message: object) -> None:
        if error is None:
            acknowledged.append(message.value())  # type: ignore[attr-defined]

    for value in values:
        producer.produce(topic, value, on_delivery=delivered)
        producer.poll(0)
    producer.flush(timeout)
    return acknowledged


def read(bootstrap: str, topic: str, count: int, timeout: float = 30) -> list[bytes]:
    """The first `count` values of the topic through a consumer group of its own; fewer when `timeout` seconds pass."""
    consumer = Consumer(
        {
            "bootstrap.servers": bootstrap,
            "group.id": f"reader-{uuid4()}",
            "auto.offset.reset": "earliest",
            "enable.auto.commit": False,
            "log_level": 3,
        }
    )
    consumer.subscribe([topic])
    try:
        found = consumer.consume(count, timeout)
        return [message.value() or b"" for message in found if message.error() is None]
    finally:
        consumer.close()
