"""The worker whole, as a process, on both carriers: facts arrive, are answered once, and an end is an end."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from shared.delivery import letters
from shared.identity.accounts import machine_token
from tests.delivery.conftest import close_pair, make_pair, make_settings
from tests.delivery.office import Office
from tests.delivery.topics import Bus, until
from tests.realparts.parts import free_port

pytestmark = pytest.mark.platform

CARRIERS = [
    ("sqlite", "feed"),
    pytest.param(("postgresql", "kafka"), marks=pytest.mark.server),
]


@pytest.fixture(params=CARRIERS, ids="-".join)
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    """Both services on SQLite with the feed, and on PostgreSQL with Kafka; no worker yet."""
    kind, carrier = request.param
    more = {}
    if carrier == "kafka":
        more["PKP_BUS_URL"] = f"kafka://{request.getfixturevalue('kafka_broker').bootstrap}"
    settings = make_settings(kind, tmp_path, request, **more)
    pair = make_pair(settings)
    if carrier == "kafka":
        bus = Bus(pair, more["PKP_BUS_URL"].removeprefix("kafka://"))
        bus.delete(*(f"32.{name}.{view}.v1" for name in ("teller", "hearer") for view in ("public", "interagency")))
        bus.lease.release()
    made = Office(pair, tmp_path)
    yield made
    made.close()
    print(made.log)  # shown when the test failed
    close_pair(pair)


def test_facts_arrive_and_are_answered_and_the_worker_ends_in_order(office):
    worker = office.work()
    expected = {}
    for n in range(10):
        lines = [f"{n}.{m}{'?' if m % 2 else ''}" for m in range(6)]
        expected[office.pair.note(f"note {n}", *lines)] = lines
    office.settled(expected)
    asked = sorted(line for lines in expected.values() for line in lines if line.endswith("?"))
    until(lambda: office.pair.answers() == asked)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(20) == 0
    assert office.pair.rows("SELECT source FROM sources WHERE running = :yes", yes=True) == []
    assert "Traceback" not in office.log


def test_a_fact_is_with_the_sibling_within_a_moment(office):
    office.work()
    id = office.pair.note("first", "0")
    office.settled({id: ["0"]})
    delays = []
    for n in range(1, 21):
        began = time.monotonic()
        office.pair.add(id, str(n))
        until(lambda: office.pair.lines(id)[-1] == str(n))  # noqa: B023
        delays.append(time.monotonic() - began)
        time.sleep(0.02)
    assert sorted(delays)[10] < 2, delays


def test_a_second_worker_stands_by_and_takes_over_from_a_killed_one(office):
    first = office.work()
    id = office.pair.note("first", "a?")
    office.settled({id: ["a?"]})
    second = office.work(PKP_INTERNAL_PORT=str(free_port()))
    time.sleep(1.5)
    assert second.poll() is None
    first.send_signal(signal.SIGKILL)
    first.wait()
    office.pair.add(id, "b?")
    office.settled({id: ["a?", "b?"]})
    until(lambda: office.pair.answers() == ["a?", "b?"])
    assert second.poll() is None
    fences = office.pair.rows("SELECT fence FROM leases")
    assert fences == [(2,)]


def test_workers_killed_again_and_again_under_load_lose_and_double_nothing(office):
    """Kills at any moment while notes are written and answered."""
    expected: dict[object, list[str]] = {}
    stop = threading.Event()

    def write() -> None:
        n = 0
        while not stop.is_set():
            lines = [f"{n}.{m}?" for m in range(4)]
            expected[office.pair.note(f"note {n}", *lines)] = lines
            n += 1
            time.sleep(0.01)

    writer = threading.Thread(target=write)
    writer.start()
    for n in range(6):
        worker, begun = office.work(), office.log.count("working")
        until(lambda: office.log.count("working") > begun)  # noqa: B023
        time.sleep(0.2 * n)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    stop.set()
    writer.join()
    office.work()
    office.settled(expected, 60)
    asked = sorted(line for lines in expected.values() for line in lines)
    until(lambda: len(office.pair.answers()) == len(asked), 60)
    assert office.pair.answers() == asked
    assert office.pair.rows("SELECT count(*) FROM letters") == [(0,)]
    log = office.pair.teller.store.log(0, 1_000_000)
    assert office.pair.rows("SELECT position FROM envelopes ORDER BY applied") == [(one.position,) for one in log]


def test_a_fact_that_kills_the_process_is_parked_after_some_deaths(office):
    id, other = office.pair.note("first", "a", "deadly", "b"), office.pair.note("other", "c")
    deaths = 0
    while True:
        worker = office.work("deadly")
        until(lambda: worker.poll() is not None or office.pair.lines(other) == ["c"])  # noqa: B023
        if worker.poll() is None:
            break
        assert worker.returncode == 9
        deaths += 1
        assert deaths < 6
    assert deaths <= 4
    assert office.pair.lines(id) == ["a"]
    (letter,) = letters.listed(office.pair.hearer.store)
    assert "died" in letter.reason
    assert letters.retry(office.pair.hearer, letter.id).closed_as == "retried"
    assert office.pair.lines(id) == ["a", "deadly", "b"]


def test_an_error_that_no_pause_mends_ends_the_process(office):
    worker = office.work()
    id = office.pair.note("first", "a")
    office.settled({id: ["a"]})
    with office.pair.hearer.store.db.writing() as session:
        session.run("UPDATE sources SET lineage = 'nonsense'")
    office.pair.add(id, "b")
    assert worker.wait(20) != 0
    assert "loop-died" in office.log


def test_the_internal_listener_answers_siblings(office):
    office.work()
    id = office.pair.note("first", "a")
    office.settled({id: ["a"]})
    token = machine_token(office.pair.settings.secret_key, "hearer")
    answer = httpx.get(
        office.pair.settings.feed_url("teller"), params={"view": "interagency"}, headers={"Authorization": f"Bearer {token}"}
    )
    assert len(answer.json()) == 2
    assert httpx.get(office.pair.settings.feed_url("teller")).status_code == 401


def test_a_stop_while_nothing_can_be_reached_is_an_end_too(office):
    """The sibling's feed does not exist: the loops back off, and end when asked."""
    worker = office.work(PKP_FEED_URLS="http://127.0.0.1:9")
    until(lambda: office.log, 60)  # its loops tell that they reach nothing
    time.sleep(1)
    began = time.monotonic()
    os.kill(worker.pid, signal.SIGINT)
    assert worker.wait(10) == 0
    assert time.monotonic() - began < 5
