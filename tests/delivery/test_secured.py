"""A broker that asks who one is: passwords over TLS, certificates, rights by prefix; what goes wrong is told, and mends."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from confluent_kafka import Consumer, KafkaError, Producer
from structlog.testing import capture_logs

from shared.bus.broker import Broker
from shared.bus.kafka import Ear, Tail, Unreachable, client, topic_name
from shared.bus.topics import Grant, Topics, rights
from shared.delivery.trouble import GRACE, OVER, REMIND, Trouble
from tests.conftest import started
from tests.delivery.conftest import close_pair, make_pair, make_settings
from tests.delivery.office import Office
from tests.delivery.topics import Bus, until
from tests.realparts import kafka, secured

pytestmark = pytest.mark.server

SERVICES = ("teller", "hearer")
TOPICS = [topic_name("32", service, view) for service in SERVICES for view in ("public", "interagency")]
READER = "dinas-perumahan"
PASSWORD = "a-password-that-no-log-may-hold"
RIGHTS = rights("32", SERVICES, [READER])


@dataclass
class Guarded:
    """A broker that lets nobody in who does not say who he is; `admin` is its owner."""

    broker: kafka.Broker
    authority: secured.Authority
    admin: Topics

    def settings(self, **more: str) -> dict[str, str]:
        """How a worker reaches it."""
        return {
            "PKP_BUS_URL": f"kafka://{self.broker.more['SECURED']}",
            "PKP_BUS_SECURITY": "sasl_ssl",
            "PKP_BUS_USER": "{service}",
            "PKP_BUS_PASSWORD": PASSWORD,
            "PKP_BUS_CA_FILE": str(self.authority.file),
            **more,
        }

    def known_as(self, user: str, password: str = PASSWORD, **options: str) -> Broker:
        """The broker as this user reaches it."""
        words = {
            "security.protocol": "sasl_ssl",
            "sasl.mechanism": "SCRAM-SHA-512",
            "sasl.username": user,
            "sasl.password": password,
            "ssl.ca.location": str(self.authority.file),
        }
        return Broker(self.broker.more["SECURED"], words | options, f"32.{user}.worker")


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    """The broker with a user for each service and a reader, under the rights of the platform."""
    authority = secured.Authority(tmp_path_factory.mktemp("authority"))
    broker = started(lambda: kafka.start_kafka(secured.settings(authority), secured.LISTENERS))
    made = Guarded(broker, authority, Topics(Broker(broker.bootstrap)))
    for user in (*SERVICES, READER):
        made.admin.set_password(user, PASSWORD)
    yield made
    broker.stop()


@pytest.fixture
def office(guarded: Guarded, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    """The pair on SQLite with empty topics and all rights; no worker yet."""
    pair = make_pair(make_settings("sqlite", tmp_path, request))
    bus = Bus(pair, guarded.broker.bootstrap)
    bus.delete(*TOPICS)
    bus.lease.release()
    guarded.admin.grant(RIGHTS)
    made = Office(pair, tmp_path)
    yield made
    made.close()
    print(made.log)  # shown when the test failed
    assert PASSWORD not in made.log
    close_pair(pair)


def complaints(office: Office) -> list[str]:
    """Lines of the worker's log that say which loop cannot reach what; that a topic is not there yet is none."""
    return [line for line in office.log.splitlines() if "unreachable" in line and "is not there yet" not in line]


def told(office: Office, *words: str) -> None:
    """One of the complaints comes to hold all these words."""
    until(lambda: any(all(word in line for word in words) for line in complaints(office)), 40)


def numbers(office: Office) -> str:
    return httpx.get(f"http://127.0.0.1:{office.pair.settings.management_port + 1}/metrics").text


def test_facts_go_and_come_under_names_of_their_own_over_tls(office: Office, guarded: Guarded) -> None:
    office.work(**guarded.settings())
    id = office.pair.note("first", "a?", "b")
    office.settled({id: ["a?", "b"]})
    until(lambda: office.pair.answers() == ["a?"])
    until(lambda: guarded.admin.id(topic_name("32", "hearer", "public")) is not None)
    assert complaints(office) == []


def test_a_wrong_password_is_told_and_nothing_is_lost_when_it_is_mended(office: Office, guarded: Guarded) -> None:
    worker = office.work(**guarded.settings(PKP_BUS_PASSWORD="another"))
    id = office.pair.note("first", "a")
    told(office, "invalid credentials with SASL mechanism SCRAM-SHA-512")
    assert 'pkp_unreachable{loop="relay",service="teller"} 1.0' in numbers(office)
    ready = httpx.get(f"http://127.0.0.1:{office.pair.settings.management_port + 1}/health/ready")
    assert ready.status_code == 200, "commands are taken without a broker"
    try:
        for user in SERVICES:
            guarded.admin.set_password(user, "another")
        office.settled({id: ["a"]})
    finally:
        for user in SERVICES:
            guarded.admin.set_password(user, PASSWORD)
    assert worker.poll() is None


def test_a_broker_that_is_not_the_one_meant_is_told_and_trusted_with_nothing(guarded: Guarded, tmp_path: Path) -> None:
    """One that a stranger vouches for, one whose certificate is for another address, one without TLS, one that wants ours.

    A broker that hangs up may be quicker than its last words: then librdkafka knows only that it did.
    """
    known, secure = guarded.known_as("teller"), guarded.broker.more["SECURED"]
    stranger = {"ssl.ca.location": str(secured.Authority(tmp_path, "stranger").file)}
    mutual = {"security.protocol": "ssl", "ssl.ca.location": str(guarded.authority.file)}
    cases = {
        "certificate verify failed: broker certificate could|SSL routines::certificate verify failed": guarded.known_as(
            "teller", **stranger
        ),
        "certificate verify failed": Broker(secure.replace("127.0.0.1", "localhost"), known.options),
        "SSL handshake failed|closed by peer": Broker(guarded.broker.bootstrap, known.options),
        "bad certificate|certificate required|closed by peer": Broker(guarded.broker.more["MUTUAL"], mutual),
    }
    with ThreadPoolExecutor() as pool:
        found = list(pool.map(_refusal, cases.values()))
    for words, said in zip(cases, found, strict=True):
        assert re.search(words, said), said


def _refusal(who: Broker) -> str:
    with pytest.raises(Unreachable) as told:
        Topics(who).id(TOPICS[0])
    return str(told.value)


def test_a_right_that_is_missing_is_told_and_facts_go_on_when_it_is_granted(office: Office, guarded: Guarded) -> None:
    """Taken away under a relay at work, with facts in flight; its worker lives on, and so does everything else in it."""
    worker = office.work(**guarded.settings())
    id = office.pair.note("first", "a")
    office.settled({id: ["a"]})
    guarded.admin.grant([one for one in RIGHTS if one != Grant("teller", "WRITE", "topic", "32.teller.", prefix=True)])
    for n in range(20):
        office.pair.add(id, str(n))
    told(office, "teller relay", "AUTHORIZATION_FAILED")  # of the topic, or of the cluster when nothing may be written any more
    assert office.pair.lines(id) == ["a"]
    guarded.admin.grant(RIGHTS)
    office.settled({id: ["a", *map(str, range(20))]})
    guarded.admin.grant([one for one in RIGHTS if one.name != topic_name("32", "teller", "interagency")])
    office.pair.add(id, "unheard")
    told(office, "hearer inbox teller", "TOPIC_AUTHORIZATION_FAILED")
    guarded.admin.grant(RIGHTS)
    office.settled({id: ["a", *map(str, range(20)), "unheard"]})
    assert worker.poll() is None
    assert office.pair.alarms() == []


def test_everybody_may_do_what_the_table_says_and_no_more(guarded: Guarded) -> None:
    """Each user with each topic: written and read by ordinary clients, refused by the broker wherever the table is silent."""
    for topic in TOPICS:
        guarded.admin.ensure(topic)
    guarded.admin.grant(RIGHTS)
    allowed = {
        (one.user, one.right, topic)
        for one in RIGHTS
        for topic in TOPICS
        if one.kind == "topic" and (topic.startswith(one.name) if one.prefix else topic == one.name)
    }
    done = set()
    for user in (*SERVICES, READER):
        who = guarded.known_as(user)
        done |= {(user, "WRITE", topic) for topic in TOPICS if _writes(who, topic)}
        done |= {(user, "READ", topic) for topic in TOPICS if _reads(who, topic)}
    assert done == {one for one in allowed if one[1] != "CREATE"}
    with pytest.raises(Unreachable, match="authorization failed"):
        Topics(guarded.known_as("teller")).ensure("32.hearer.another.v1")


def _writes(who: Broker, topic: str) -> bool:
    found: list[KafkaError | None] = []
    producer = Producer(client(who, Ear()))
    producer.produce(topic, b"x", partition=0, on_delivery=lambda error, message: found.append(error))
    producer.flush(10)
    assert found
    assert found[0] is None or found[0].code() == KafkaError.TOPIC_AUTHORIZATION_FAILED, found
    return found[0] is None


def _reads(who: Broker, topic: str) -> bool:
    """Without the right, the broker does not even say that the topic is there."""
    try:
        Tail(who, topic, 0).close()
    except Unreachable as error:
        if "_UNKNOWN_PARTITION" not in str(error):
            raise
        return False
    return True


def test_an_agency_reads_the_public_topics_in_a_group_of_its_own(guarded: Guarded) -> None:
    guarded.admin.grant(RIGHTS)
    for topic in TOPICS:
        guarded.admin.ensure(topic)
        producer = Producer({"bootstrap.servers": guarded.broker.bootstrap})
        producer.produce(topic, topic.encode())
        assert producer.flush(10) == 0
    found, refused = _subscribed(guarded.known_as(READER), f"{READER}.first", TOPICS)
    assert found == {topic for topic in TOPICS if ".public." in topic}
    assert refused == {KafkaError.TOPIC_AUTHORIZATION_FAILED}
    assert _subscribed(guarded.known_as(READER), "teller.first", TOPICS[:1]) == (set(), {KafkaError.GROUP_AUTHORIZATION_FAILED})


def _subscribed(who: Broker, group: str, topics: list[str]) -> tuple[set[str], set[int]]:
    """The topics that records come from, and the codes of refusals, until both have come or the group is refused."""
    consumer = Consumer(client(who, Ear(), **{"group.id": group, "auto.offset.reset": "earliest", "enable.auto.commit": False}))
    consumer.subscribe(topics)
    found, refused = set(), set()

    def heard() -> bool:
        message = consumer.poll(0.2)
        if message is not None and message.error() is None:
            found.add(str(message.topic()))
        elif message is not None:
            refused.add(message.error().code())  # type: ignore[union-attr]
        return KafkaError.GROUP_AUTHORIZATION_FAILED in refused or (len(found) == len(SERVICES) and bool(refused))

    until(heard)
    consumer.close()
    return found, refused


def test_a_certificate_can_stand_for_the_password(guarded: Guarded) -> None:
    """Mutual TLS: the name in the certificate is the user."""
    guarded.admin.grant(RIGHTS)
    certificate, key = guarded.authority.issue("teller")
    words = {"security.protocol": "ssl", "ssl.ca.location": str(guarded.authority.file)}
    mine = {"ssl.certificate.location": str(certificate), "ssl.key.location": str(key)}
    address = guarded.broker.more["MUTUAL"]
    made = Topics(Broker(address, words | mine)).ensure(TOPICS[0])
    assert made == guarded.admin.id(TOPICS[0])


def test_a_trouble_is_told_when_it_stays_changes_lasts_and_ends() -> None:
    now = 1000.0
    trouble = Trouble("teller relay", lambda: now)
    with capture_logs() as said:
        for why, passed in [("a", 0.0), ("a", GRACE), ("a", 5.0), ("b", 5.0), ("b", REMIND - 1), ("b", 2.0)]:
            now += passed
            trouble.met(why)
        now += OVER - 1
        trouble.still_going()
        now += 1
        trouble.still_going()
        trouble.still_going()
    assert [line.get("why", line["event"]) for line in said] == ["a", "b", "b", "reached-again"]


def test_a_trouble_that_passes_at_once_is_not_told() -> None:
    now = 1000.0
    trouble = Trouble("teller relay", lambda: now)
    with capture_logs() as said:
        for _ in range(3):
            trouble.met("the topic is not there yet")
            now += GRACE - 0.1
            trouble.still_going()
            now += OVER
            trouble.still_going()
    assert said == []
