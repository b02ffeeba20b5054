"""The known races, each a function that raises AssertionError when it was lost: on the true append, and on planted ones."""

from __future__ import annotations

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg

from shared.errors import Busy
from shared.execute import Done, Runtime
from shared.store.command import Ticket
from tests.oracles import Tail, check_records, check_store
from tests.races.arena import Arena, one_account, own_accounts, shared_accounts
from tests.races.planted import Plant
from tests.store.accounts import Close, OpenAccount, PutIn
from tests.store.fixtures import migrate
from tests.store.place import Bank, Place, SetClock
from tests.store.service import POISON
from tests.store.together import together
from tests.workload import Faults, caller, disturb, read_history

Wish = tuple[Any, UUID | None, str]  # a command, its account, its key
ROUGH = Faults(rolled_back=0.1, stalled=0.3)


def check_tail(arena: Arena) -> None:
    """A reader under 8 writers in 2 processes, with roll-backs and stalled commits, sees every position once, in order."""
    bank = arena.bank()
    tail = Tail(bank.store)
    writing = [arena.start(arena.load(name, own_accounts, threads=4, beside=2, count=30, faults=ROUGH)) for name in "ab"]
    for one in writing:
        one.result(120)
    tail.end()
    assert arena.settle(bank) == 240


def check_storm(arena: Arena) -> None:
    """After a storm on few accounts: rows equal a replay, numbers have no holes, names are held once, times run on."""
    bank = arena.bank()
    ids = arena.accounts(bank, 3)
    writing = [arena.start(arena.load(name, shared_accounts, threads=4, beside=2, count=30, ids=ids)) for name in "ab"]
    for one in writing:
        one.result(120)
    arena.settle(bank)


def check_hot(arena: Arena) -> None:
    """16 writers on one account, without If-Match: every one succeeds, for the last decision is made under the lock."""
    bank = arena.bank()
    id = bank.open("hot")
    writing = [arena.start(arena.load(name, one_account, threads=8, beside=2, count=8, ids=(id,))) for name in "ab"]
    for one in writing:
        one.result(120)
    seen = read_history(arena.folder)
    failed = [one.told for one in seen.values() if one.word != "ok"]
    assert not failed, f"{len(failed)} of {len(seen)} gave up: {failed[:3]}"
    assert bank.store.head() == 2 + 128
    check_store(bank.runtime)


def check_batch(arena: Arena) -> None:
    """Losers of one batch (a taken name, a fold that raises, a key sent twice, a stale version) lose alone."""
    bank = arena.bank()
    ids = [bank.open(f"account {n}") for n in range(5)]
    wishes: list[Wish] = [(PutIn(rupiah=1), id, f"put {n}") for n, id in enumerate(ids)]
    wishes += [
        (OpenAccount(name="ACCOUNT 3"), None, "taken"),
        (PutIn(rupiah=2), ids[2], "stale at first"),
        (PutIn(rupiah=1), ids[1], "put 1"),
        (OpenAccount(name="free"), None, "free"),
    ]
    told, _ = together(bank, wishes)
    kinds = [type(one).__name__ for one in told]
    assert kinds == ["Done"] * 5 + ["BrokenRule"] + ["Done"] * 3, told
    assert told[7].position == told[1].position
    poison: list[Wish] = [(PutIn(rupiah=1), ids[0], "x"), (OpenAccount(name=POISON), None, "p")]
    told, _ = together(bank, [*poison, (PutIn(rupiah=1), ids[1], "y")])
    assert [type(one).__name__ for one in told] == ["Done", "ValueError", "Done"], told
    check_store(bank.runtime)


# --- keys ------------------------------------------------------------------------------------------------------------


def send_beside(place: Place, folder: str, planted: Plant | None, name: str, wishes: list[Wish]) -> list[Any]:
    """In a process of the crew: send these commands, each when both processes have decided on it; (answer, repeated)."""
    runtime = place.runtime()
    if planted:
        planted(runtime, Path(folder))
    _meet_before_append(runtime, Path(folder), name)

    def send(wish: Any, id: UUID | None, key: str) -> Any:
        try:
            done: Done = runtime.execute(wish, "account", id, caller(key))
        except Exception as error:
            return f"{type(error).__name__}: {error}", False
        return (str(done.id), done.version, done.position, done.facts), done.repeated

    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda sent: send(*sent), wishes))
    runtime.store.close()
    return told


def _meet_before_append(runtime: Runtime, folder: Path, name: str) -> None:
    """Whoever has decided on a command waits until the other process has decided on it, too."""
    append = runtime.store.append

    def meeting(ticket: Ticket) -> Any:
        (folder / f"{ticket.command_id}.{name}").touch()
        deadline = time.monotonic() + 20
        while len(list(folder.glob(f"{ticket.command_id}.*"))) < 2:
            assert time.monotonic() < deadline, "the other process never came"
            time.sleep(0.002)
        return append(ticket)

    runtime.store.append = meeting  # type: ignore[method-assign]


def check_key_raced(arena: Arena) -> None:
    """One key sent by two processes at once: one effect, one answer, also where the effect itself forbids a second one."""
    bank = arena.bank()
    ids = [bank.open(f"account {n}") for n in range(24)]
    wishes: list[Wish] = [(PutIn(rupiah=1), id, f"put {n}") for n, id in enumerate(ids[:8])]
    wishes += [(Close(), id, f"close {n}") for n, id in enumerate(ids[8:16])]
    wishes += [(OpenAccount(name=f"new {n}"), None, f"open {n}") for n in range(8)]
    racing = [arena.crew.submit(send_beside, arena.place, arena.folder, arena.planted, name, wishes) for name in "ab"]
    one, other = (each.result(60) for each in racing)
    for (answer, repeated), (again, too), (_, _, key) in zip(one, other, wishes, strict=True):
        assert answer == again, f"{key}: {answer} and {again}"
        assert repeated != too, f"{key} was new for both, or for none"
    assert bank.store.head() == 2 * 24 + 8 + 8 + 2 * 8
    check_store(bank.runtime)


def check_old_key(arena: Arena) -> None:
    """A key sent again after more than a year gets its first answer, and has no second effect."""
    clock = SetClock(datetime(2025, 6, 10, 5, 0, tzinfo=UTC))
    bank = arena.bank(clock=clock)
    id = bank.open()
    first = bank.do(PutIn(rupiah=5), id, key="k")
    clock.at = (clock.at or datetime.now(UTC)) + timedelta(days=400)
    bank.do(PutIn(rupiah=7), id)
    try:
        again = bank.do(PutIn(rupiah=5), id, key="k")
    except Exception as error:
        raise AssertionError(f"the old key got another answer: {error!r}") from error
    assert replace(again, repeated=False) == first
    assert bank.store.head() == 4
    check_store(bank.runtime)


# --- ends in the wrong moment ----------------------------------------------------------------------------------------


def check_killed(arena: Arena, point: str, times: int = 4) -> None:
    """A process killed right before or right after COMMIT: asking again with the same keys ends in one effect of each.

    Several times, for a transaction whose every command came too late (Stale) commits nothing that could be torn apart.
    """
    bank = arena.bank()
    ids = arena.accounts(bank, 4)
    for n in range(times):
        marker = arena.folder / f"die {n}"
        faults = Faults(die=point, marker=str(marker))
        writer = arena.process(arena.load(f"w{n}", one_of_four, threads=4, count=400, ids=ids, faults=faults))
        head = bank.store.head()
        writer.start()
        bank.store.wait(head + 8, 20)
        marker.touch()
        writer.join(30)
        assert writer.exitcode == -9, "the writer was not killed where it should be"
    check_records(bank.runtime)
    seen = read_history(arena.folder)
    assert any(one.word == "info" for one in seen.values()), "the kill hit no command"
    arena.settle(bank)


def check_killed_after(arena: Arena) -> None:
    """Killed right after COMMIT."""
    check_killed(arena, "after")


def one_of_four(chance: Any, ids: list[UUID]) -> tuple[Any, str, UUID | None]:
    """Money, a few facts at a time."""
    return PutIn(rupiah=chance.randint(1, 9), parts=chance.randint(1, 3)), "account", chance.choice(ids[:4])


def check_kills(arena: Arena, acknowledged: int, kills: int) -> tuple[int, int, int]:
    """Writers killed at any moment, and replaced, until so many kills and acknowledgements: 0 lost, 0 doubled, 0 partial.

    Gives (acknowledged, kills, unknown outcomes that were asked again).
    """
    bank, chance = arena.bank(), random.Random(len(str(arena.folder)))
    until = arena.folder / "enough"
    tail = Tail(bank.store, limit=500)

    def writer(n: int) -> Any:
        process = arena.process(arena.load(f"w{n}", own_accounts, threads=4, until=str(until)))
        process.start()
        return process

    running = [writer(n) for n in range(2)]
    for n in range(kills):
        spare = writer(n + 2)
        share = acknowledged * 3 // 2 * (n + 1) // kills
        bank.store.wait(share, 30)
        time.sleep(chance.random() * 0.1)
        victim = running.pop(0)
        victim.kill()
        victim.join(20)
        running.append(spare)
    while sum(one.word == "ok" for one in read_history(arena.folder).values()) < acknowledged:
        time.sleep(0.1)
    until.touch()
    for process in running:
        process.join(30)
    unknown = sum(one.word == "info" for one in read_history(arena.folder).values())
    settled = arena.settle(bank)
    tail.end()
    return settled, kills, unknown


# --- neighbours ------------------------------------------------------------------------------------------------------


def check_hints(arena: Arena) -> None:
    """Whoever is woken finds what he was woken for."""
    bank = arena.bank()
    id = bank.open()
    disturb(bank.runtime, Faults(stalled=1.0, stall=0.06))
    found: list[int] = []

    def wait() -> None:
        head = bank.store.head()
        while bank.store.wait(head, 5):
            new = bank.store.log(head)
            found.append(len(new))
            if not new or new[-1].version >= 12:
                return
            head = new[-1].position

    thread = threading.Thread(target=wait)
    thread.start()
    time.sleep(0.05)
    for _ in range(10):
        bank.do(PutIn(rupiah=1), id)
    thread.join(30)
    assert found, "nobody was woken"
    assert all(found), "woken before there was anything to read"


def check_commits_apart(arena: Arena, server: Any) -> None:
    """A commit of one database that hangs holds up no commit of another one of the same PostgreSQL server.

    `server` is the test's own: its commits wait for a standby that never comes, except in the quick database.
    """
    places = [Place("postgresql", server.fresh_database(), server.fresh_database()) for _ in range(2)]
    for place in places:
        migrate(place)
    quick = places[0].url
    with psycopg.connect(quick.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {quick.rsplit('/', 1)[1]} SET synchronous_commit = local")
        connection.execute("ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
        connection.execute("SELECT pg_reload_conf()")
        while connection.execute("SHOW synchronous_standby_names").fetchone() != ("nobody",):
            time.sleep(0.02)
        banks = [Bank(place.runtime()) for place in places]
        for bank in banks:
            if arena.planted:
                arena.planted(bank.runtime, arena.folder)
        hanging = threading.Thread(target=_opens, args=(banks[1],), daemon=True)
        hanging.start()
        while connection.execute("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'").fetchone() == (0,):
            time.sleep(0.02)
        began = time.monotonic()
        told = [_opens(banks[0])]
        while len(told) < 5 and not told[-1]:
            told.append(_opens(banks[0]))
        took = time.monotonic() - began
        assert (told, took < 4) == ([""] * 5, True), f"commits waited for one of another database: {took:.1f} s, {told}"


def _opens(bank: Bank) -> str:
    try:
        bank.open()
    except Busy as busy:
        return str(busy)
    return ""
