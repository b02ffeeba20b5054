"""Courses of events in which the oracles must hold: small, in one process, on a teller and a hearer of their own."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from shared.delivery.attempts import Hand
from shared.delivery.inbox import Inbox
from shared.delivery.reactions import Reactions
from shared.delivery.worker import Worker
from shared.errors import Busy
from shared.identity.accounts import machine_token
from shared.ops.health import Heartbeats
from shared.settings import load
from shared.web.feed import internal_app
from shared.web.listener import listen
from tests.delivery import teller
from tests.delivery.conftest import Pair, close_pair, fresh, make_pair, make_settings
from tests.delivery.topics import INTERAGENCY, PUBLIC, Bus, Running, until
from tests.faults import planted
from tests.oracles import check_commands, check_log, check_registers, everything
from tests.oracles_between import check_held, check_inbox, check_reactions, check_topic, lag, settled, told_by
from tests.realparts.kafka import Broker
from tests.realparts.parts import free_port
from tests.watchers import Reader, Watch
from tests.workload import Faults, History, attempt, disturb, read_history, resolve


class Killed(BaseException):
    """Stands for kill -9 inside one process: no handler of the code under test may see it."""


class Lane:
    """A teller and a hearer on SQLite, made after the mistake was planted."""

    def __init__(self, folder: Path, request: pytest.FixtureRequest) -> None:
        self.folder = folder
        self._request = request
        self.pair: Pair = make_pair(make_settings("sqlite", folder, request))
        self._ends: list[Callable[[], object]] = []

    def listener(self, port: int | None = None) -> None:
        """The teller's internal listener."""
        app = internal_app({"teller": self.pair.teller}, self.pair.settings, 6, lambda: False)
        self._ends.append(listen(app, "127.0.0.1", port or self.pair.settings.internal_port, 8))

    def broker(self) -> Broker:
        """A broker of this test's own."""
        made: Broker = self._request.getfixturevalue("kafka_factory")()
        return made

    def notes(self, count: int = 8, lines: int = 5) -> None:
        """Notes with lines, some hidden, some asking."""
        for n in range(count):
            id = self.pair.note(f"note {n}", *(f"{n}.{m}{'?' if m % 2 else ''}" for m in range(lines)))
            self.pair.add(id, "hidden", hidden=True)

    def close(self) -> None:
        """End everything."""
        for end in self._ends:
            end()
        close_pair(self.pair)


# --- courses of events -----------------------------------------------------------------------------------------------


def commands(lane: Lane) -> None:
    """Appends are rolled back and answers get lost; clients ask again: O1, O2, O4."""
    runtime = lane.pair.teller
    disturb(runtime, Faults(rolled_back=0.3))
    append, count = runtime.store.append, iter(range(10**6))

    def append_and_lose_answers(ticket: Any) -> Any:
        outcome = append(ticket)
        if next(count) % 4 == 3:
            raise Busy("the answer is lost")
        return outcome

    runtime.store.append = append_and_lose_answers  # type: ignore[method-assign]
    folder = lane.folder / "ledger"
    folder.mkdir()

    def write(n: int) -> None:
        history = History(folder / f"{n}.jsonl")
        for m in range(15):
            id = attempt(runtime, history, teller.WriteNote(title=f"{n}.{m}"), "note", None, f"{n}.{m}")
            if id:
                attempt(runtime, history, teller.AddLines(lines=("a", "b")), "note", id, f"{n}.{m}.lines")

    threads = [threading.Thread(target=write, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    runtime.store.append = append  # type: ignore[method-assign]
    for _ in range(20):
        resolve(runtime, folder)
    true = fresh(lane.pair.settings, lane.pair.clock, teller.service)
    check_log(everything(true.store))
    check_commands(true, read_history(folder))
    check_registers(true)
    true.store.close()


def reactions_die(lane: Lane) -> None:
    """The process dies when commands of reactions are executed and their outcomes not yet kept: O1 of reactions."""
    lane.notes(4)
    lane.listener()
    lane.pair.pull()
    with pytest.MonkeyPatch.context() as patch, suppress(Killed):
        patch.setattr(Reactions, "record", _die)
        lane.pair.reactions().step()
    while Reactions(lane.pair.hearer, [lane.pair.sibling], Hand()).step():
        pass
    assert check_reactions(lane.pair.hearer) == 8


def _die(*given: Any) -> None:
    raise Killed


def broker_dies(lane: Lane, *, relay_dies: bool = False) -> None:
    """Facts are handed over while there is no broker: O3."""
    broker = lane.broker()
    bus = Bus(lane.pair, broker.bootstrap)
    lane.notes(2)
    running = bus.relay()
    until(bus.published, 30)
    broker.kill()
    lane.notes(3)
    time.sleep(1.5)
    if relay_dies:
        running.end()
    broker.restart()
    if relay_dies:
        running = bus.relay()
    lane.notes(2)
    until(lambda: running.error is not None or bus.published(), 40)
    running.end()
    assert running.error is None, running.error
    for view in ("interagency", "public"):
        check_topic(lane.pair.teller.store, broker.bootstrap, view)


def broker_and_relay_die(lane: Lane) -> None:
    """The relay dies, too, before there is a broker again: O3."""
    broker_dies(lane, relay_dies=True)


def many_facts_are_published(lane: Lane) -> None:
    """A topic is filled from the log: O3."""
    bus = Bus(lane.pair, lane._request.getfixturevalue("kafka_broker").bootstrap)
    bus.delete(INTERAGENCY, PUBLIC)
    lane.notes(6)
    running = bus.relay()
    until(lambda: running.error is not None or _count(bus) >= len(told_by(lane.pair.teller.store, "interagency")), 30)
    running.end()
    assert running.error is None, running.error
    check_topic(lane.pair.teller.store, bus.bootstrap, "interagency")


def _count(bus: Bus) -> int:
    """How many records the topic holds, none while it is being made."""
    try:
        return len(bus.facts())
    except ConnectionError:
        return 0


def facts_are_heard(lane: Lane) -> None:
    """Facts arrive while somebody looks on: O5, O4."""
    lane.listener()
    watch = Watch([lane.pair.hearer], every=0.002)
    intake = Running(lambda stopping: _until_stopped(lane, stopping))
    for _ in range(6):
        lane.notes(2)
        time.sleep(0.05)
    settled(lambda: _behind(lane), 20)
    intake.end()
    watch.end()
    check_inbox(lane.pair.hearer)
    check_held(lane.pair.hearer, {"teller": lane.pair.teller.store})


def _until_stopped(lane: Lane, stopping: Callable[[], bool]) -> Any:
    intake = lane.pair.intake()
    intake.stopping = stopping
    return intake


def _behind(lane: Lane) -> list[str]:
    head = lane.pair.teller.store.previous(2**62, ["public", "interagency"])
    ((position,),) = lane.pair.rows("SELECT position FROM sources") or [(0,)]
    return [] if position == head else [f"{position} of {head}"]


def inbox_dies(lane: Lane) -> None:
    """The process dies while facts are being kept; another goes on: what each inbox holds is what the log tells."""
    lane.listener()
    lane.notes(3)
    dying = lane.pair.intake()
    keeps, count = planted.inbox.keep, iter(range(10))

    def keep_or_die(*given: Any) -> int:
        if next(count) == 0:
            raise Killed
        return keeps(*given)

    with pytest.MonkeyPatch.context() as patch:
        for module in (planted.inbox, planted):
            patch.setattr(module, "keep", keep_or_die)
        with suppress(Killed):
            dying.pull()
    lane.pair.pull()
    check_held(lane.pair.hearer, {"teller": lane.pair.teller.store})
    check_inbox(lane.pair.hearer)


def facts_come_again(lane: Lane) -> None:
    """What was taken comes again, at once and after a while: O5, O4."""
    lane.notes(6)
    facts = told_by(lane.pair.teller.store, "interagency")
    box = _open_inbox(lane)
    watch = Watch([lane.pair.hearer], every=0.002)
    for at in range(0, len(facts), 7):
        box.take(facts[at : at + 7])
        box.take(facts[at : at + 7])
    time.sleep(0.4)
    box.take(facts[: len(facts) // 2])
    watch.end()
    check_inbox(lane.pair.hearer)
    check_held(lane.pair.hearer, {"teller": lane.pair.teller.store})


def _open_inbox(lane: Lane) -> Inbox:
    box = lane.pair.inbox()
    box.adopt(tuple(lane.pair.teller.store.lineage()))
    return box


def store_is_restored(lane: Lane) -> None:
    """The teller is put back to an earlier day and begins a new life; the hearer knew more."""
    lane.listener()
    lane.notes(2)
    intake = lane.pair.pull()
    lane.pair.teller.store.close()
    path = Path(lane.pair.settings.database_url("teller").removeprefix("sqlite:///"))
    copies = [(file, lane.folder / f"{file.name}.copy") for file in path.parent.glob(f"{path.name}*")]
    for file, copy in copies:
        shutil.copy(file, copy)
    lane.notes(2)
    lane.pair.pull(intake)
    lane.pair.teller.store.close()
    for file in path.parent.glob(f"{path.name}*"):
        if file.suffix in (".db", ".db-wal", ".db-shm") and not file.name.endswith("copy"):
            file.unlink()
    for file, copy in copies:
        shutil.copy(copy, file)
    lane.pair.teller.store.fork(datetime.now(UTC))
    lane.notes(1)
    with suppress(ConnectionError):  # a hearer that does not follow is found below
        lane.pair.pull(intake)
    with lane.pair.hearer.store.db.writing() as session:
        session.run("UPDATE letters SET closed_at = 'noted' WHERE kind = 'alarm'")
    check_held(lane.pair.hearer, {"teller": lane.pair.teller.store})
    check_inbox(lane.pair.hearer)


def sibling_is_late(lane: Lane) -> None:
    """The sibling's feed can be reached only after a while: everything heals by itself."""
    port = free_port()
    given = {"PKP_DATA_DIR": str(lane.folder), "PKP_FEED_URLS": f"http://127.0.0.1:{port}", "PKP_PORT": str(free_port())}
    worker = Worker([lane.pair.teller, lane.pair.hearer], load(given), Heartbeats())
    thread = threading.Thread(target=worker.run, daemon=True)
    thread.start()
    lane.notes(2)
    time.sleep(1)
    lane.listener(port)
    try:
        settled(lambda: lag({"teller": lane.pair.teller, "hearer": lane.pair.hearer}), 8)
    finally:
        worker.stop()
        thread.join(15)


def feed_is_followed(lane: Lane) -> None:
    """Somebody else follows the feed page by page: O6."""
    lane.listener()
    lane.notes(2)
    token = machine_token(lane.pair.settings.secret_key, "hearer")
    reader = Reader(lane.pair.settings.feed_url("teller"), token, limit=3)
    lane.notes(3)
    assert reader.end(lane.pair.teller.store) == 5 * 6
