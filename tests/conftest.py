"""Real servers as fixtures, started at first use: one per test process, or a test's own one to kill."""

from collections.abc import Callable, Generator, Iterator, Mapping
from typing import TypeVar

import pytest

from tests.ops.platform import Platform
from tests.realparts.kafka import Broker, start_kafka
from tests.realparts.parts import PartMissing
from tests.realparts.postgres import Server, start_postgres

Part = TypeVar("Part")
SERVER_FIXTURES = {"postgres_server", "postgres_url", "postgres_factory", "kafka_broker", "kafka_factory", "browser"}
API_CASES = 100


def pytest_addoption(parser: pytest.Parser) -> None:
    """How thorough the tests are that could go on for long: `make test-api`, `make test-pages`."""
    parser.addoption("--api-cases", type=int, default=API_CASES, help="generated requests for each service's API, about")
    parser.addoption("--all-pages", action="store_true", help="the browser looks at each page, not only where something is new")


SLOW_FIRST = ("platform", "races", "server")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a server, so that `make test-fast` leaves it out by name; slow files first, lest one worker ends alone."""
    ranks: dict[object, int] = {}
    for item in items:
        if SERVER_FIXTURES.intersection(getattr(item, "fixturenames", ())):
            item.add_marker("server")
        rank = next((at for at, mark in enumerate(SLOW_FIRST) if item.get_closest_marker(mark)), len(SLOW_FIRST))
        ranks[item.path] = min(rank, ranks.get(item.path, rank))
    items.sort(key=lambda item: ranks[item.path])


LAST_WORDS = 20_000  # characters


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failure beside a real platform shows what that printed last: what stood still cannot be asked any more."""
    report = yield
    given = getattr(item, "funcargs", {}).values() if report.failed else ()
    for platform in (getattr(one, "platform", one) for one in given):
        if isinstance(platform, Platform) and platform.log.exists():
            report.sections.append((f"Last words of {platform.log}", platform.words[-LAST_WORDS:]))
    return report


def started(start: Callable[[], Part]) -> Part:
    """The started part; a missing one fails the test with an instruction, for a skipped promise is no promise."""
    try:
        return start()
    except PartMissing as reason:
        pytest.fail(str(reason), pytrace=False)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """This test process's PostgreSQL."""
    server = started(start_postgres)
    yield server
    server.stop()


@pytest.fixture
def postgres_url(postgres_server: Server) -> Iterator[str]:
    """The URL of a new empty database, gone after the test."""
    url = postgres_server.fresh_database()
    yield url
    postgres_server.drop(url)


@pytest.fixture
def postgres_factory() -> Iterator[Callable[[], Server]]:
    """Makes a PostgreSQL for this test alone, to be killed at will."""
    made: list[Server] = []

    def make() -> Server:
        made.append(started(start_postgres))
        return made[-1]

    yield make
    for server in made:
        server.stop()


@pytest.fixture(scope="session")
def kafka_broker() -> Iterator[Broker]:
    """This test process's Kafka. Share it by topics of your own name; to kill or wipe one, take `kafka_factory`."""
    broker = started(start_kafka)
    yield broker
    broker.stop()


@pytest.fixture
def kafka_factory() -> Iterator[Callable[..., Broker]]:
    """Makes a Kafka for this test alone, to be killed, hung or wiped at will; takes extra server properties."""
    made: list[Broker] = []

    def make(settings: Mapping[str, str] | None = None) -> Broker:
        made.append(started(lambda: start_kafka(settings)))
        return made[-1]

    yield make
    for broker in made:
        broker.stop()
