"""Waiting for new facts: woken by commits of any process at once, never by nothing, and without spinning."""

import multiprocessing
import threading
import time

import pytest

from tests.store.accounts import PutIn
from tests.store.place import bank_at

QUICK = 0.1  # seconds from a commit to whoever waits for it


def _waits(bank, after, timeout=5.0):
    """(whether woken, when) of a wait on a thread of its own, once it is under way."""
    told = []
    thread = threading.Thread(target=lambda: told.append((bank.store.wait(after, timeout), time.time())))
    thread.start()
    time.sleep(0.3)
    assert thread.is_alive() or told
    return thread, told


def test_what_is_there_is_not_waited_for(bank):
    bank.open()
    began = time.monotonic()
    assert bank.store.wait(0, 5)
    assert bank.store.wait(1, 5)
    assert time.monotonic() - began < 1
    assert not bank.store.wait(2, 0.05)


def test_a_wait_without_news_ends_in_time(bank):
    began = time.monotonic()
    assert not bank.store.wait(0, 0.4)
    assert 0.35 < time.monotonic() - began < 1


def test_commits_of_this_process_wake(bank):
    id = bank.open()
    late = []
    for _ in range(5):
        head = bank.store.head()
        thread, told = _waits(bank, head)
        bank.do(PutIn(rupiah=1), id)
        done = time.time()
        thread.join()
        assert told[0][0]
        assert bank.store.log(head)
        late.append(told[0][1] - done)
    assert sorted(late)[2] < QUICK


def _write(place, times, gap):
    """In a process of its own: commits, and when each was acknowledged."""
    with bank_at(place) as bank:
        id = bank.open()
        for _ in range(6):
            time.sleep(gap)
            bank.do(PutIn(rupiah=1), id)
            times.put(time.time())


@pytest.mark.platform
def test_commits_of_another_process_wake(bank, place):
    context = multiprocessing.get_context("spawn")
    times = context.Queue()
    writer = context.Process(target=_write, args=(place, times, 0.25))
    writer.start()
    seen, after = [], 0
    while len(seen) < 7 and bank.store.wait(after, 20):
        seen.append(time.time())
        after = bank.store.log(after)[-1].position
    writer.join()
    done = [times.get(timeout=5) for _ in range(6)]
    late = [woken - told for woken, told in zip(seen[1:], done, strict=True)]
    assert sorted(late)[3] < QUICK, late
    assert after == 8


def test_waiting_does_not_spin(bank):
    """Four threads wait for two seconds: few looks at the head, and little work of the processor."""
    looks = []
    head = bank.store.head
    bank.store.head = lambda: looks.append(1) or head()
    used = time.process_time()
    threads = [threading.Thread(target=bank.store.wait, args=(0, 2.0)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(looks) < 130
    assert time.process_time() - used < 0.6


def test_the_watch_ends_when_nobody_waits_and_begins_again(bank, monkeypatch):
    monkeypatch.setattr("shared.store.log.LINGER", 0.2)
    others = set(threading.enumerate())
    for _ in range(2):
        assert not bank.store.wait(0, 0.2)
        watch = [thread for thread in threading.enumerate() if thread.name == "bank-head" and thread not in others]
        assert len(watch) == 1
        watch[0].join(5)
        assert not watch[0].is_alive()


def test_a_lost_connection_for_hints_is_made_anew(bank, place):
    thread, told = _waits(bank, 0, 10)
    _cut_all(bank)
    with bank_at(place) as other:
        other.open()
    thread.join()
    assert told[0][0]


def _cut_all(bank):
    """End every server connection of this store, as a restart would."""
    if bank.store.db.kind == "postgresql":
        with bank.store.db.reading() as session:
            session.rows(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
