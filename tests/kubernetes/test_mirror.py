"""The mirror of the overlay `federation` at work: its configuration and rights, in a real Kafka Connect between two brokers."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient

from shared.bus.broker import Broker
from shared.bus.kafka import topic_name
from shared.bus.topics import Grant, Topics
from tests.conftest import started
from tests.kubernetes.manifests import SERVICES, Object, of_kind, overlay
from tests.realparts import kafka, secured
from tests.realparts.connect import Connect

pytestmark = pytest.mark.server

PASSWORD = "a-password-of-this-test"
CONNECTOR = "33->32.MirrorSourceConnector"
BYTES = "org.apache.kafka.connect.converters.ByteArrayConverter"
Record = tuple[bytes | None, bytes | None, list[tuple[str, bytes]], int]  # key, value, headers, time
WORDS = {"DescribeConfigs": "DESCRIBE_CONFIGS"}
PUBLIC = [topic_name("33", one, "public") for one in SERVICES]


def grants(user: Object) -> list[Grant]:
    """What a KafkaUser may do."""
    return [
        Grant(
            user["metadata"]["name"],
            WORDS.get(right, right.upper()),
            one["resource"]["type"],
            one["resource"]["name"],
            one["resource"]["patternType"] == "prefix",
        )
        for one in user["spec"]["authorization"]["acls"]
        for right in one["operations"]
    ]


def lent() -> list[Grant]:
    """What the peer, by its own overlay, lets us do: what ours lets the peer, the other way round."""
    ours = grants(of_kind(overlay("federation"), "KafkaUser")["peer-33"])
    return [replace(one, user="peer-32", name=one.name.replace("peer-33", "peer-32").replace("32.", "33.", 1)) for one in ours]


@dataclass
class Province:
    """A province's broker, its owner's way in and the way in of others."""

    broker: kafka.Broker
    authority: secured.Authority

    @property
    def admin(self) -> Topics:
        return Topics(Broker(self.broker.bootstrap))

    def known_as(self, user: str) -> dict[str, str]:
        """How a program in Java comes in under a name."""
        login = f'org.apache.kafka.common.security.scram.ScramLoginModule required username="{user}" password="{PASSWORD}";'
        return {
            "bootstrap.servers": self.broker.more["SECURED"],
            "security.protocol": "SASL_SSL",
            "sasl.mechanism": "SCRAM-SHA-512",
            "sasl.jaas.config": login,
            "ssl.truststore.type": "PEM",
            "ssl.truststore.location": str(self.authority.file),
        }

    def write(self, topic: str, texts: list[str]) -> None:
        """Facts as the relay writes them: by stream, with headers."""
        producer = Producer({"bootstrap.servers": self.broker.bootstrap, "acks": "all", "log_level": 3})
        for n, text in enumerate(texts):
            headers = [("ce_id", f"{topic}-{text}".encode()), ("ce_type", b"id.pkp.a-fact.v1")]
            producer.produce(topic, text.encode(), key=f"stream-{n % 7}".encode(), headers=headers)
        assert producer.flush(30) == 0

    def read(self, topic: str, count: int, timeout: float = 30) -> list[Record]:
        """The first records of a topic, in its order; fewer when there are no more in time."""
        consumer = Consumer({"bootstrap.servers": self.broker.bootstrap, "group.id": "reader", "log_level": 3})
        consumer.assign([TopicPartition(topic, 0, 0)])
        found: list[Record] = []
        deadline = time.monotonic() + timeout
        try:
            while len(found) < count and time.monotonic() < deadline:
                found += [
                    (m.key(), m.value(), m.headers() or [], m.timestamp()[1])
                    for m in consumer.consume(count, 0.2)
                    if m.error() is None
                ]
        finally:
            consumer.close()
        return found

    def names(self) -> set[str]:
        """Its topics."""
        admin = AdminClient({"bootstrap.servers": self.broker.bootstrap, "log_level": 3})
        return {name for name in admin.list_topics(timeout=10).topics if name != "__consumer_offsets"}


@pytest.fixture(scope="module")
def provinces(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Province, Province]]:
    """Ours (32) and the peer's (33), with the topics that both overlays declare and the rights that they give the mirror."""
    objects = overlay("federation")
    users, made = of_kind(objects, "KafkaUser"), list[Province]()
    try:
        for name in ("32", "33"):
            authority = secured.Authority(tmp_path_factory.mktemp(f"authority-{name}"))
            broker = started(lambda a=authority: kafka.start_kafka(secured.settings(a), secured.LISTENERS))
            made.append(Province(broker, authority))
        ours, peers = made
        for one in of_kind(objects, "KafkaTopic").values():
            ours.admin.ensure(one["spec"]["topicName"])
        for topic in [topic_name("33", one, view) for one in SERVICES for view in ("public", "interagency")]:
            peers.admin.ensure(topic)
        # What the peer has of us, and a topic that only begins like one of the list.
        for topic in (topic_name("32", "forum", "public"), "33.forum.public.v1.x"):
            peers.admin.ensure(topic)
        ours.admin.set_password("mirror", PASSWORD)
        ours.admin.grant(grants(users["mirror"]))
        peers.admin.set_password("peer-32", PASSWORD)
        peers.admin.grant(lent())
        yield ours, peers
    finally:
        for one in made:
            one.broker.stop()


@pytest.fixture(scope="module")
def mirror(provinces: tuple[Province, Province]) -> Iterator[Connect]:
    """What Strimzi would run for the declared mirror; with one broker instead of three, and a look at the list every second."""
    ours, peers = provinces
    spec = of_kind(overlay("federation"), "KafkaMirrorMaker2")["mirror"]["spec"]
    target, (source,) = spec["target"], spec["mirrors"]
    home, away = (
        ours.known_as(target["authentication"]["username"]),
        peers.known_as(source["source"]["authentication"]["username"]),
    )
    worker = {
        **home,
        **{f"{client}.{name}": value for client in ("producer", "consumer", "admin") for name, value in home.items()},
        **dict.fromkeys(target["config"], "1"),
        "group.id": target["groupId"],
        "config.storage.topic": target["configStorageTopic"],
        "offset.storage.topic": target["offsetStorageTopic"],
        "status.storage.topic": target["statusStorageTopic"],
        **{f"{part}.converter": BYTES for part in ("key", "value", "header")},
    }
    connector = {
        "connector.class": "org.apache.kafka.connect.mirror.MirrorSourceConnector",
        "source.cluster.alias": source["source"]["alias"],
        "target.cluster.alias": target["alias"],
        **{f"source.cluster.{name}": value for name, value in away.items()},
        **{f"target.cluster.{name}": value for name, value in home.items()},
        "tasks.max": str(source["sourceConnector"]["tasksMax"]),
        "topics": source["topicsPattern"],
        **{name: _text(value) for name, value in source["sourceConnector"]["config"].items()},
        "refresh.topics.interval.seconds": "1",
    }
    running = Connect(worker)
    try:
        running.put(CONNECTOR, connector)
        yield running
    finally:
        running.stop()


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def test_the_public_facts_of_a_peer_arrive_whole_and_in_order(provinces: tuple[Province, Province], mirror: Connect) -> None:
    """With the rights that the two overlays give and no others: key, content, headers and time of each, at its own place."""
    ours, peers = provinces
    for topic in PUBLIC:
        peers.write(topic, [f"{n:04d}" for n in range(1000)])
    for topic in PUBLIC:
        assert ours.read(topic, 1000, 60) == peers.read(topic, 1000), topic


def read_up_to(province: Province, topic: str, last: bytes) -> list[Record]:
    """All records of a topic, once this one has come."""
    found: list[Record] = []
    deadline = time.monotonic() + 60
    while not (found and found[-1][1] == last):
        assert time.monotonic() < deadline, f"{topic}: {len(found)} records and not the last"
        found = province.read(topic, 10_000, 2)
    return found


def test_a_mirror_that_is_killed_goes_on_and_leaves_nothing_out(provinces: tuple[Province, Province], mirror: Connect) -> None:
    """What it had copied and not noted comes twice, as a broker may do; the inbox takes each fact once."""
    ours, peers = provinces
    topic = PUBLIC[0]
    for begin in range(1000, 5000, 1000):
        peers.write(topic, [f"{n:04d}" for n in range(begin, begin + 1000)])
        if begin == 2000:
            mirror.kill()
    mirror.start()
    wanted, found = peers.read(topic, 5000), read_up_to(ours, topic, b"4999")
    assert list({one[1]: one for one in found}.values()) == wanted


def test_nothing_else_is_taken_in_even_from_a_peer_that_shows_all(provinces: tuple[Province, Province], mirror: Connect) -> None:
    """Neither what is not public, nor what only begins alike, nor our own facts back again."""
    ours, peers = provinces
    peers.admin.grant([*lent(), Grant("peer-32", "READ", "topic", "3", prefix=True)])
    others = peers.names() - set(PUBLIC)
    assert len(others) == 6
    for topic in others:
        peers.write(topic, ["not for others"])
    peers.write(PUBLIC[0], ["the last"])
    read_up_to(ours, PUBLIC[0], b"the last")
    time.sleep(3)  # more than one look at the list
    declared = {one["spec"]["topicName"] for one in of_kind(overlay("federation"), "KafkaTopic").values()}
    assert ours.names() == declared | {"__mirror.configs", "__mirror.offsets", "__mirror.status"}
    assert [ours.read(topic, 1, 1) for topic in declared - set(PUBLIC)] == [[]] * (len(declared) - 4)
