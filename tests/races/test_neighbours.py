"""What others do on the same server or machine stalls nobody, and stores do not touch each other."""

import contextlib
import sqlite3
import threading
import time

import psycopg
import pytest

from tests.oracles import Tail, check_store
from tests.races import checks
from tests.races.planted import NotifyInsideTheTransaction, Plant
from tests.store.accounts import PutIn
from tests.store.place import Bank

SOON = 4.0  # seconds in which a handful of appends must be done and seen: whatever is open elsewhere stays open longer


@contextlib.contextmanager
def _writing_elsewhere(arena):
    """Write transactions that stay open: in another table of the same database, and in another database beside it."""
    other = arena.new_place()
    if arena.place.kind == "postgresql":
        with (
            psycopg.connect(arena.place.url.replace("+psycopg", "")) as here,
            psycopg.connect(other.url.replace("+psycopg", "")) as there,
        ):
            here.execute("CREATE TABLE elsewhere (n int)")
            here.commit()
            for connection in (here, there):
                connection.execute("SELECT txid_current()")
            here.execute("INSERT INTO elsewhere VALUES (1)")
            there.execute("UPDATE registers SET shape = shape")
            yield
            here.rollback()
            there.rollback()
            here.execute("DROP TABLE elsewhere")
    else:
        there = sqlite3.connect(other.url.removeprefix("sqlite:///"), isolation_level=None)
        here = sqlite3.connect(arena.place.url.removeprefix("sqlite:///"), isolation_level=None)
        there.execute("BEGIN IMMEDIATE")
        there.execute("UPDATE registers SET shape = shape")
        here.execute("BEGIN")  # a file has one writer at a time, but as many readers as there are
        here.execute("SELECT count(*) FROM events").fetchall()
        yield
        for connection in (here, there):
            connection.execute("ROLLBACK")
            connection.close()


def test_open_transactions_elsewhere_stall_nobody(arena):
    bank = arena.bank()
    id = bank.open()
    tail = Tail(bank.store)
    with _writing_elsewhere(arena):
        began = time.monotonic()
        for _ in range(10):
            bank.do(PutIn(rupiah=1), id)
        while not tail.seen or tail.seen[-1] < 12:
            assert time.monotonic() - began < SOON, f"seen: {tail.seen}"
            time.sleep(0.005)
    tail.end()


def test_two_stores_do_not_touch_each_other(arena):
    """One holds its lock for long: the other appends, numbers and wakes as if it were alone."""
    one, other = arena.bank(), Bank(arena.new_place().runtime())
    arena.open_banks.append(other)
    first, second = one.open("same name"), other.open("same name")
    woken = []
    waiter = threading.Thread(target=lambda: woken.append(one.store.wait(2, 1.0)))
    with one.store.db.appending() as session:
        session.rows("SELECT 1")
        began = time.monotonic()
        for _ in range(10):
            other.do(PutIn(rupiah=1), second)
        assert time.monotonic() - began < SOON
    waiter.start()
    for _ in range(5):
        other.do(PutIn(rupiah=1), second)
    waiter.join()
    assert woken == [False]
    assert (one.store.head(), other.store.head()) == (2, 17)
    assert one.store.lineage() != other.store.lineage()
    assert [row.number for _, row in other.store.registers().rows(other.runtime.service.own_registers[0])] == ["ACC/32/2025/0001"]
    assert one.do(PutIn(rupiah=1), first).position == 3
    for bank in (one, other):
        check_store(bank.runtime)


class TestOnOneServer:
    """PostgreSQL alone: what its databases share."""

    @pytest.fixture
    def kind(self, postgres_server):
        return "postgresql"

    def test_commits_of_two_databases_do_not_wait_for_each_other(self, arena, postgres_factory):
        checks.check_commits_apart(arena, postgres_factory())

    def test_a_hint_inside_the_transaction_is_caught(self, arena, postgres_factory):
        arena.planted = Plant(NotifyInsideTheTransaction)
        with pytest.raises(AssertionError, match="waited for one of another database") as caught:
            checks.check_commits_apart(arena, postgres_factory())
        print(f"NotifyInsideTheTransaction: {str(caught.value).splitlines()[0]}")
