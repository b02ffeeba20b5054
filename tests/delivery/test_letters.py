"""Letters: what waits is shown, applied again in order, or given up by a person."""

from __future__ import annotations

import threading

import pytest

from shared.delivery import letters
from shared.errors import NotFound
from tests.delivery import hearer, teller


def test_a_retried_key_is_applied_in_order_and_newcomers_queue_behind(feed):
    hearer.FAULTS.add("poison")
    id = feed.note("first", "a", "poison", "b")
    intake = feed.pull()
    feed.add(id, "c", "poison too", "d")
    feed.pull(intake)
    (letter,) = letters.listed(feed.hearer.store)
    assert [one.position for one in letters.waiting(feed.hearer.store, letter)] == [3, 4, 5, 6, 7]
    assert feed.lines(id) == ["a"]
    assert letters.retry(feed.hearer, letter.id).position == 3  # nothing was mended
    hearer.FAULTS.clear()
    assert letters.retry(feed.hearer, letter.id).closed_as == "retried"
    assert feed.lines(id) == ["a", "poison", "b", "c", "poison too", "d"]
    feed.add(id, "e")
    feed.pull(intake)
    assert feed.lines(id)[-1] == "e"
    assert letters.listed(feed.hearer.store) == []


def test_a_retry_that_meets_the_next_broken_fact_stops_there(feed):
    hearer.FAULTS.add("poison")
    id = feed.note("first", "poison one", "b", "poison two", "d")
    feed.pull()
    (letter,) = letters.listed(feed.hearer.store)
    after = letters.drop(feed.hearer, letter.id)
    assert (after.closed_at, after.position) == (None, 4)
    assert feed.lines(id) == ["b"]
    assert letters.drop(feed.hearer, letter.id).closed_as == "retried"
    assert feed.lines(id) == ["b", "d"]
    assert feed.states() == ["applied", "dropped", "applied", "dropped", "applied"]


def test_an_inbox_that_runs_while_a_key_is_retried_loses_nothing(feed):
    hearer.FAULTS.add("poison")
    ids = [feed.note(f"note {n}", "poison") for n in range(8)]
    intake = feed.pull()
    hearer.FAULTS.clear()
    stop = threading.Event()

    def follow() -> None:
        while not stop.is_set():
            intake.pull()

    def write() -> None:
        for m in range(30):
            for id in ids:
                feed.add(id, f"{m}")

    threads = [threading.Thread(target=follow), threading.Thread(target=write)]
    for thread in threads:
        thread.start()
    for letter in letters.listed(feed.hearer.store):
        letters.retry(feed.hearer, letter.id)
    threads[1].join()
    stop.set()
    threads[0].join()
    feed.pull(intake)
    for id in ids:
        assert feed.lines(id) == ["poison", *(f"{m}" for m in range(30))]
    assert feed.rows("SELECT count(*) FROM envelopes WHERE state <> 'applied'") == [(0,)]


def test_facts_that_newer_code_reads_are_applied_by_a_retry(feed, monkeypatch):
    id = feed.note("first", "a")
    feed.tell(teller.StampNote(stamp="x"), id)
    feed.pull()
    (letter,) = letters.listed(feed.hearer.store)
    assert "major" in letter.reason
    assert letters.retry(feed.hearer, letter.id).closed_at is None
    monkeypatch.setattr(feed.hearer, "service", with_stamp_v2())
    assert letters.retry(feed.hearer, letter.id).closed_as == "retried"
    assert feed.states() == ["applied"] * 3


def with_stamp_v2():  # type: ignore[no-untyped-def]
    """The hearer as it reads stamps of the new major version."""
    from dataclasses import replace

    from shared.service import Listens

    stamped = Listens(
        "teller", (teller.NoteStamped, hearer.Foreign.NoteWritten, hearer.Foreign.LineAdded), (hearer.heard, hearer.lines)
    )
    return replace(hearer.service, listens=(stamped,))


def test_an_alarm_is_closed_as_seen(feed):
    from shared.delivery.postbox import alarm

    alarm(feed.hearer.store, "/provinces/32/teller", "something", "look here")
    alarm(feed.hearer.store, "/provinces/32/teller", "something", "look here")
    (letter,) = letters.listed(feed.hearer.store)
    assert letters.waiting(feed.hearer.store, letter) == []
    assert letters.retry(feed.hearer, letter.id).closed_as == "seen"
    assert letters.listed(feed.hearer.store) == []
    assert len(letters.listed(feed.hearer.store, closed=True)) == 1


def test_a_letter_that_is_not_there_is_not_found(pair):
    with pytest.raises(NotFound):
        letters.retry(pair.hearer, "nothing")
