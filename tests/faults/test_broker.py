"""A broker that dies, hangs or forgets; topics filled anew; records repeated; relays that think they are still in charge."""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Iterator

import pytest
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient

from shared.bus.broker import Broker
from shared.bus.feed import VIEWS
from shared.bus.kafka import topic_name
from shared.bus.topics import Topics
from shared.delivery.lease import WORKER_LOCK
from tests.faults.conftest import begun
from tests.faults.load import Field
from tests.faults.tally import BURST, TIMES, Tally
from tests.ops.platform import until
from tests.oracles_between import read_topic

pytestmark = [pytest.mark.platform, pytest.mark.server]


@pytest.fixture(scope="module")
def field(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Field]:
    """A platform on Kafka and PostgreSQL with its demo; the broker is its own."""
    server = lambda: request.getfixturevalue("postgres_server")  # noqa: E731
    with begun("kafka-postgresql", tmp_path_factory.mktemp("broker"), server) as made:
        yield made


@pytest.fixture
def bootstrap(field: Field) -> str:
    """Where the broker answers."""
    assert field.platform.broker is not None
    return field.platform.broker.bootstrap


@pytest.fixture
def topics(field: Field) -> list[str]:
    """Every topic of the platform."""
    return [topic_name(field.platform.settings.province, name, view) for name in field.platform.runtimes for view in VIEWS]


def test_a_broker_killed_and_started_again(field: Field, tally: Tally) -> None:
    """Commands are taken while there is no broker; afterwards everything arrives without anybody's hand."""
    kills = 2 * TIMES
    with field.load() as load:
        for n in range(kills):
            load.allow(BURST)
            load.reach(short=n * 10 % BURST)
            field.platform.broker.kill()  # type: ignore[union-attr]
            load.allow(BURST)
            load.reach()
            field.platform.broker.restart()  # type: ignore[union-attr]
        load.allow(BURST)
        load.reach()
    assert field.platform.workers[-1].poll() is None, "the worker did not outlive its broker's death"
    tally.say("broker killed", kills=kills, **load.counts)


def test_a_broker_that_hangs(field: Field, tally: Tally) -> None:
    """It keeps its connections and answers nothing, for longer than any question waits."""
    with field.load() as load:
        load.allow(BURST)
        load.reach(short=BURST // 2)
        field.platform.broker.pause()  # type: ignore[union-attr]
        load.allow(BURST)
        load.reach()
        time.sleep(7 * TIMES)
        field.platform.broker.resume()  # type: ignore[union-attr]
    assert field.platform.workers[-1].poll() is None
    tally.say("broker paused", pauses=1, **load.counts)


def test_topics_deleted_and_filled_anew(field: Field, tally: Tally, bootstrap: str, topics: list[str]) -> None:
    """The topics are gone, the worker is killed: its successor publishes from 1, siblings drop what they hold."""
    with field.load() as load:
        load.allow(BURST)
        load.reach(short=BURST // 2)
        field.platform.kill_worker()
        admin, asked = AdminClient({"bootstrap.servers": bootstrap, "log_level": 2}), Topics(Broker(bootstrap))
        for future in admin.delete_topics(topics).values():
            future.result(20)
        until(lambda: not any(asked.id(one) for one in topics), 20, "the end of the topics")
        field.platform.start_worker()
        load.allow(BURST)
        load.reach()
    tally.say("topics deleted", topics=len(topics), **load.counts)


def test_a_broker_that_lost_everything(field: Field, tally: Tally) -> None:
    """An empty cluster at the same address: what lies in it later is the whole log again."""
    with field.load() as load:
        load.allow(BURST)
        load.reach()
        field.platform.kill_worker()
        field.platform.broker.wipe()  # type: ignore[union-attr]
        field.platform.start_worker()
        load.allow(BURST)
        load.reach()
    facts = {name: one.store.head() for name, one in field.platform.runtimes.items()}
    assert load.counts["records"] >= facts["membership"]
    tally.say("broker wiped", wiped=1, **load.counts)


def test_a_log_published_once_more(field: Field, tally: Tally) -> None:
    """`pkp republish` under load: the worker in charge ends by itself, its successor appends 1..N again."""
    with field.load() as load:
        load.allow(BURST)
        load.reach(short=BURST // 2)
        told = field.platform.pkp("republish", "--service", "membership", "--service", "mediation")
        assert told.returncode == 0, told.stderr
        load.allow(BURST)
        load.reach()
        assert field.platform.workers[-1].wait(40) != 0
        field.platform.start_worker()
        load.allow(BURST)
        load.reach()
    assert load.counts["repeated"] > 100
    tally.say("republished", republished=2, **load.counts)


def test_records_repeated_and_readers_rewound(field: Field, tally: Tally, bootstrap: str, topics: list[str]) -> None:
    """Every record one to five times more, in any order, and every inbox sent back to some earlier offset."""
    chance, repeated = random.Random(5), 0
    with field.load() as load:
        load.allow(BURST)
        load.reach()
        field.platform.kill_worker()
        for topic in topics:
            records = [one for one in read_topic(bootstrap, topic) for _ in range(chance.randint(1, 5 if TIMES > 1 else 2))]
            chance.shuffle(records)
            repeated += len(records)
            producer = Producer({"bootstrap.servers": bootstrap, "enable.idempotence": True, "log_level": 2})
            for _, key, head, value in records:
                producer.produce(topic, value, key, headers=list(head.items()))
                producer.poll(0)
            assert producer.flush(30) == 0
        for runtime in field.platform.runtimes.values():
            with runtime.store.db.writing() as session:
                for (source,) in session.rows("SELECT source FROM sources"):
                    sql = "UPDATE sources SET next_offset = :to WHERE source = :source AND next_offset >= :to"
                    session.run(sql, to=chance.randint(0, 40), source=source)
        field.platform.start_worker()
        load.allow(BURST)
        load.reach()
    assert load.counts["repeated"] >= repeated * 0.9  # markers are repeated, too
    tally.say("repeated and rewound", written_again=repeated, **load.counts)


def test_a_frozen_worker_that_wakes_up_after_another_took_over(field: Field, tally: Tally) -> None:
    """It stands still, its locks are lost with its connections, another takes over; awake it may write nothing and ends."""
    with field.load() as load:
        load.allow(BURST)
        load.reach(short=BURST // 2)
        frozen = next(one for one in field.platform.workers if one.poll() is None)
        second = field.platform.start_worker()
        frozen.send_signal(signal.SIGSTOP)
        for name, runtime in field.platform.runtimes.items():
            with runtime.store.db.reading() as session:
                before = session.one("SELECT fence FROM leases")[0]  # type: ignore[index]
                session.rows(
                    "SELECT pg_terminate_backend(pid) FROM pg_locks l JOIN pg_database d ON d.oid = l.database"
                    " WHERE locktype = 'advisory' AND objid = :key AND d.datname = current_database()",
                    key=WORKER_LOCK,
                )
            until(lambda: _fence(runtime) > before, 20, f"another worker for {name}")  # noqa: B023
        load.allow(BURST)
        load.reach()
        frozen.send_signal(signal.SIGCONT)
        assert frozen.wait(30) != 0, "the zombie lives on"
        assert second.poll() is None
        load.allow(BURST)
        load.reach()
    tally.say("zombie", frozen=1, **load.counts)


def _fence(runtime: object) -> int:
    with runtime.store.db.reading() as session:  # type: ignore[attr-defined]
        return int(session.one("SELECT fence FROM leases")[0])
