"""Nobody knows what became of a command when its connection ends at COMMIT: asking again with its key tells."""

from __future__ import annotations

import select
import socket
import threading
from contextlib import contextmanager

import psycopg
import pytest

from shared.errors import Busy
from tests.oracles import check_commands, check_records, check_store
from tests.store.accounts import PutIn
from tests.store.place import Bank, Place
from tests.workload import History, attempt, caller, read_history, resolve


@pytest.fixture
def kind(postgres_server):
    """A file has no connection that could end."""
    return "postgresql"


COMMITTED = b"Z\0\0\0\5I"  # ReadyForQuery, outside a transaction


class Cable:
    """Stands between a client and the server; armed, it is cut when COMMIT passes: not sent on, or its answer held back."""

    def __init__(self, host: str, port: int) -> None:
        self._server = (host, port)
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = self._door.getsockname()[1]
        self.cut, self.cuts = "", 0
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._door.accept()
            except OSError:
                return
            server = socket.create_connection(self._server)
            threading.Thread(target=self._carry, args=(client, server), daemon=True).start()

    def _carry(self, client: socket.socket, server: socket.socket) -> None:
        heard: bytes | None = None  # what the server answered after COMMIT passed, which the client never hears
        with client, server:
            while heard is None or COMMITTED not in heard:
                ready, _, _ = select.select([client, server], [], [])
                if client in ready:
                    data = client.recv(65536)
                    commits = bool(self.cut) and b"COMMIT\0" in data
                    self.cuts += commits
                    if not data or (commits and self.cut == "before"):
                        return
                    heard = b"" if commits else heard
                    server.sendall(data)
                if server in ready:
                    data = server.recv(65536)
                    if not data:
                        return
                    if heard is None:
                        client.sendall(data)
                    else:
                        heard += data

    def close(self) -> None:
        self._door.close()


@pytest.fixture
def cable(postgres_server):
    made = Cable(postgres_server.runs.host, postgres_server.runs.port)
    yield made
    made.close()


@pytest.mark.parametrize("point", ["before", "after"])
def test_a_connection_cut_at_commit_is_resolved_by_asking_again(arena, cable, point):
    """A connection of its own each time, since a prepared COMMIT passes without its name."""
    database = arena.place.url.rsplit("/", 1)[1]
    through = Place("postgresql", f"postgresql+psycopg://pkp@127.0.0.1:{cable.port}/{database}", arena.place.keys_url)
    bank = arena.bank()
    (id,) = arena.accounts(bank, 1)
    history = History(arena.folder / "cut.jsonl")
    for n in range(12):
        runtime = through.runtime()
        runtime.store.head()
        cable.cut = point
        attempt(runtime, history, PutIn(rupiah=1, parts=2), "account", id, f"k{n}")
        cable.cut = ""
        runtime.store.close()
        assert bank.store.head() == 2 + 2 * n + (2 if point == "after" else 0)
        told = bank.runtime.execute(PutIn(rupiah=1, parts=2), "account", id, caller(f"k{n}"))
        assert told.repeated == (point == "after")
        assert told.position == 4 + 2 * n
    assert cable.cuts == 12
    assert {one.word for one in read_history(arena.folder).values() if one.key.startswith("k")} == {"info"}
    arena.settle(bank)


def test_backends_ended_at_any_moment_lose_and_double_nothing(arena):
    """pg_terminate_backend strikes the writers' connections all the while."""
    bank = arena.bank()
    ids = arena.accounts(bank, 4)
    history = History(arena.folder / "w.jsonl")
    ended, struck = threading.Event(), 0

    def write(n):
        for turn in range(60):
            attempt(bank.runtime, history, PutIn(rupiah=1, parts=2), "account", ids[n], f"{n}/{turn}")

    threads = [threading.Thread(target=write, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    with psycopg.connect(arena.place.url.replace("+psycopg", ""), autocommit=True) as connection:
        while any(thread.is_alive() for thread in threads) and not ended.wait(0.02):
            struck += connection.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'"
            ).fetchone()[0]
    for thread in threads:
        thread.join()
    unknown = resolve(bank.runtime, arena.folder)
    seen = read_history(arena.folder)
    check_commands(bank.runtime, seen)
    check_records(bank.runtime)
    check_store(bank.runtime)
    assert bank.store.head() == 8 + 4 * 60 * 2
    assert struck >= 5
    print(f"{struck} backends ended, {unknown} unknown outcomes resolved")


def test_the_server_s_end_in_the_midst_of_writers(postgres_factory, arena, tmp_path):
    """The whole server is killed and started again under load: acknowledged is on disk."""
    server = postgres_factory()
    place = Place("postgresql", server.fresh_database(), server.fresh_database())
    arena.place = place
    bank = Bank(place.runtime())
    bank.store.migrate()
    bank.runtime.keys.migrate()
    ids = arena.accounts(bank, 4)
    history, ended = History(arena.folder / "w.jsonl"), threading.Event()

    def write(n):
        turn = 0
        while not ended.is_set():
            if not attempt(bank.runtime, history, PutIn(rupiah=1), "account", ids[n], f"{n}/{turn}"):
                ended.wait(0.05)
            turn += 1

    threads = [threading.Thread(target=write, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(2):
        bank_waits = bank.store.head() + 20
        while _head(bank) < bank_waits:
            ended.wait(0.01)
        server.kill()
        ended.wait(0.3)
        server.restart()
    before = _head(bank)
    while _head(bank) < before + 20:
        ended.wait(0.01)
    ended.set()
    for thread in threads:
        thread.join()
    print(f"2 ends of the server, {arena.settle(bank)} acknowledged")
    bank.close()


def _head(bank):
    with _tolerated():
        return bank.store.head()
    return 0


@contextmanager
def _tolerated():
    try:
        yield
    except Busy:
        return
