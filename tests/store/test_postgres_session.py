"""Sessions on PostgreSQL: what goes over them at libpq's level comes back as it was, and answers never mix."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from shared.errors import Busy
from shared.store.postgres import APPEND_LOCK, PostgresDatabase
from shared.store.postgres_session import MOST_PREPARED
from tests.oracles import check_store
from tests.store.accounts import PutIn

pytestmark = pytest.mark.server

TEXTS = ["", " ", "a,b", "{}", "NULL", 'say "x"', "back\\slash", "it's", "$1 :name %s", "line\nline", "Désa 🏡", "\u2028"]


@pytest.fixture
def database(postgres_server) -> Iterator[PostgresDatabase]:
    """An empty database."""
    made = PostgresDatabase(postgres_server.fresh_database())
    yield made
    made.close()
    postgres_server.drop(made.url)


@pytest.fixture
def kind() -> str:
    """The bank of these tests is on PostgreSQL."""
    return "postgresql"


def test_every_text_comes_back_alone_and_in_a_list(database):
    with database.appending() as session:
        for text in TEXTS:
            assert session.one("SELECT CAST(:text AS text)", text=text) == (text,)
        assert session.rows("SELECT * FROM unnest(CAST(:texts AS text[]))", texts=TEXTS) == [(text,) for text in TEXTS]
        assert session.rows("SELECT * FROM unnest(CAST(:texts AS text[]))", texts=[]) == []


@pytest.mark.parametrize(("type", "value"), [("bigint", -(2**60)), ("integer", 7), ("boolean", True), ("boolean", False)])
def test_numbers_and_flags_come_back_as_such(database, type, value):
    with database.appending() as session:
        (found,) = session.one(f"SELECT CAST(:value AS {type})", value=value)
        assert found is value or (found == value and found is not True)
        assert session.one(f"SELECT CAST(:value AS {type})", value=None) == (None,)


def test_a_text_that_libpq_would_cut_is_refused(database):
    with pytest.raises(psycopg.DataError), database.appending() as session:
        session.rows("SELECT CAST(:text AS text)", text="before\0behind")
    with database.appending() as session:
        assert session.one("SELECT CAST(:text AS text)", text="again") == ("again",)


def test_more_than_a_socket_holds_goes_both_ways(database):
    """Server and client could each wait for the other to read."""
    long = "0123456789abcdef" * 250_000
    with database.appending() as session:
        for _ in range(5):
            session.run("SELECT CAST(:text AS text)", text=long)
        assert session.one("SELECT CAST(:text AS text)", text=long) == (long,)


def _append(database, *statements):
    with database.appending() as session:
        for statement in statements:
            session.run(statement)


def test_a_statement_that_stood_behind_an_error_is_prepared_again(database):
    with pytest.raises(psycopg.errors.UndefinedTable):
        _append(database, "SELECT * FROM nowhere", "SELECT 2")
    with database.appending() as session:
        assert session.rows("SELECT 2") == [(2,)]


def test_a_failed_transaction_is_not_taken_for_committed(database):
    with pytest.raises(psycopg.errors.DivisionByZero):
        _append(database, "CREATE TABLE kept (one integer)", "SELECT 1 / 0")
    with database.reading() as session:
        assert session.one("SELECT to_regclass('kept')") == (None,)


def test_a_connection_forgets_statements_before_it_keeps_too_many(database):
    with database.reading() as session:
        for n in range(2 * MOST_PREPARED + 1):
            assert session.one(f"SELECT {n}, CAST(:text AS text)", text="x") == (n, "x")
        assert session.one("SELECT count(*) <= :most FROM pg_prepared_statements", most=MOST_PREPARED) == (True,)


@pytest.mark.parametrize("open_transaction", ["reading", "writing", "appending"])
def test_a_connection_that_met_an_error_is_not_used_again(database, open_transaction):
    with pytest.raises(psycopg.errors.UndefinedTable), getattr(database, open_transaction)() as session:
        session.rows("SELECT * FROM nowhere")
    assert not session.is_alive()


def test_a_refusal_of_ours_leaves_the_connection_in_use(database):
    for open_transaction in (database.writing, database.appending):
        with pytest.raises(LookupError), open_transaction() as session:
            _refuse(session)
        with open_transaction() as again:
            assert again is session
            assert again.one("SELECT to_regclass('kept')") == (None,)


def _refuse(session):
    session.run("CREATE TABLE kept (one integer)")
    raise LookupError


class TooLong(BaseException):
    """What a signal makes of a wait."""


@contextmanager
def _broken_off(seconds: float) -> Iterator[None]:
    def break_off(number, frame):
        raise TooLong

    before = signal.signal(signal.SIGALRM, break_off)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_an_answer_that_was_not_waited_for_is_not_taken_for_the_next(bank):
    id = bank.open()
    with pytest.raises(TooLong), _broken_off(0.2), bank.store.db.appending() as session:
        session.rows("SELECT pg_sleep(0.6)")
    assert not session.is_alive()
    for n in range(3):
        assert not bank.do(PutIn(rupiah=1), id, key=f"k{n}").repeated
    check_store(bank.runtime)


def test_whoever_waits_too_long_for_the_lock_is_told_to_come_back(bank, monkeypatch):
    monkeypatch.setattr("shared.store.postgres.PLANNING", "SET lock_timeout = '100ms'")
    id = bank.open()
    with psycopg.connect(bank.store.db.url.replace("+psycopg", "")) as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", [APPEND_LOCK])
        with pytest.raises(Busy):
            bank.do(PutIn(rupiah=1), id, key="first")
    assert not bank.do(PutIn(rupiah=1), id, key="first").repeated
    check_store(bank.runtime)
