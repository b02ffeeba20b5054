"""A writer frozen inside its transaction: others are told to come back, nobody skips it, and the store goes on after it."""

import os
import signal
import time
from pathlib import Path

import pytest

from shared.errors import Busy
from shared.store.fair_lock import holder
from tests.oracles import Tail
from tests.races.arena import one_account
from tests.store.accounts import PutIn
from tests.workload import Faults, History, attempt, caller, read_history


def _frozen_writer(arena, bank):
    """A process that stopped itself before COMMIT, with the lock; (process, the account that it writes)."""
    (id,) = arena.accounts(bank, 1)
    marker = arena.folder / "stop"
    faults = Faults(stop="before", marker=str(marker))
    load = arena.load("frozen", one_account, threads=2, count=10**6, ids=(id,), until=str(arena.folder / "enough"), faults=faults)
    writer = arena.process(load)
    writer.start()
    assert bank.store.wait(6, 20)
    marker.touch()
    deadline = time.monotonic() + 10
    while _state(writer.pid) != "T":
        assert time.monotonic() < deadline, "the writer did not stop"
        time.sleep(0.005)
    return writer, id


def _state(pid):
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]


def test_a_frozen_writer(arena, monkeypatch):
    bank = arena.bank()
    tail = Tail(bank.store)
    writer, id = _frozen_writer(arena, bank)
    began, busy = time.monotonic(), []
    if arena.place.kind == "sqlite":
        monkeypatch.setattr("shared.store.fair_lock.LOCK_TIMEOUT", 0.7)
    history = History(arena.folder / "other.jsonl")
    while not attempt(bank.runtime, history, PutIn(rupiah=5), "account", id, "other"):
        busy.append(round(time.monotonic() - began, 2))
        if len(busy) == 2 and arena.place.kind == "sqlite":
            assert holder(bank.store.db.path)[0] == writer.pid
            os.kill(writer.pid, signal.SIGKILL)  # as the supervisor does with a holder that hangs
        assert time.monotonic() - began < 15
    freed = time.monotonic() - began
    assert freed < 6.5
    if arena.place.kind == "postgresql":
        assert freed > 1  # the server ended the session that idled in its transaction
        os.kill(writer.pid, signal.SIGCONT)
        assert bank.store.wait(bank.store.head(), 10)  # it makes a new connection and goes on
    else:
        assert busy == sorted(busy)
        assert len(busy) >= 2
    (arena.folder / "enough").touch()
    writer.join(20)
    tail.end()
    arena.settle(bank)
    print(f"{arena.place.kind}: freed after {freed:.1f} s, others were told to come back at {busy}")


def test_others_are_told_to_come_back_within_five_seconds(arena):
    """A holder that does not idle, so that no time-out of its own frees the store: waiters get Busy, then go on."""
    bank, other = arena.bank(), arena.bank()
    id = bank.open()
    with bank.store.db.appending() as session:
        waiting = arena.crew.submit(_try, arena.place, id)
        while not waiting.done():
            session.rows("SELECT 1")
            time.sleep(0.1)
    told, took = waiting.result()
    assert told == "Busy, come back in 2 s"
    assert 4 < took < 7
    assert other.do(PutIn(rupiah=1), id).version == 3


def _try(place, id):
    runtime, began = place.runtime(), time.monotonic()
    try:
        runtime.execute(PutIn(rupiah=1), "account", id, caller("waiting"))
    except Busy as busy:
        return f"Busy, come back in {busy.retry_after} s", time.monotonic() - began
    finally:
        runtime.store.close()
    return "stored", 0


@pytest.mark.parametrize("kind", ["sqlite"])
def test_no_writer_starves(arena):
    """Three processes in closed loops on one file: nobody waits much longer than his turn."""
    bank = arena.bank()
    until = arena.folder / "enough"
    ids = arena.accounts(bank, 3)
    writing = [arena.start(arena.load(f"w{n}", one_account, threads=1, ids=(id,), until=str(until))) for n, id in enumerate(ids)]
    before = _waits(arena, 3)
    while min(map(len, before.values())) < 5:  # all are at work
        time.sleep(0.05)
        before = _waits(arena, 3)
    time.sleep(2.5)
    until.touch()
    for one in writing:
        one.result(30)
    took = {n: times[len(before[n]) :] for n, times in _waits(arena, 3).items()}
    counts = [len(times) for times in took.values()]
    longest = max(max(times) for times in took.values())
    print(f"3 processes: {counts} commands, longest wait {longest * 1000:.0f} ms")
    assert longest < 1.0
    assert min(counts) > max(counts) / 3
    arena.settle(bank)


def _waits(arena, writers):
    """How long each writer's commands took so far, in their order."""
    took = {n: [] for n in range(writers)}
    for one in read_history(arena.folder).values():
        if one.word == "ok" and one.key.startswith("w"):
            took[int(one.key[1])].append(one.told["took"])
    return took
