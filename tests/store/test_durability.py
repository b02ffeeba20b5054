"""A store whose commits would not be on disk, or whose server is another one, is refused; a lost or full one is busy."""

import os
import sqlite3
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from shared.errors import Busy, UnsafeStore
from shared.store import open_database
from shared.store.fair_lock import holder
from tests.oracles import check_store
from tests.store.accounts import PutIn
from tests.store.place import Place, bank_at


@contextmanager
def _said(url, statement, undo):
    """A statement as the server's owner, taken back at the end."""
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(statement)
        try:
            yield
        finally:
            connection.execute(undo)


@pytest.fixture
def fresh_postgres(postgres_server):
    """A place of its own on PostgreSQL, whose settings a test may change."""
    place = Place("postgresql", postgres_server.fresh_database(), postgres_server.fresh_database())
    with bank_at(place) as bank:
        bank.store.migrate()
    yield place
    postgres_server.drop(place.url)
    postgres_server.drop(place.keys_url)


def test_a_sound_store_is_served(bank):
    bank.store.check()
    bank.open()


def test_a_store_without_tables_is_not_served(new_place):
    with bank_at(new_place(migrated=False)) as bank, pytest.raises(Exception, match="incarnations"):
        bank.store.check()


@pytest.mark.parametrize("whose", ["DATABASE {database}", "ROLE pkp IN DATABASE {database}"])
def test_postgresql_that_commits_to_memory_is_refused(fresh_postgres, whose):
    whose = whose.format(database=fresh_postgres.url.rsplit("/", 1)[1])
    alter = f"ALTER {whose} SET synchronous_commit = off"
    with bank_at(fresh_postgres) as before:
        before.store.check()
        before.open()
        with _said(fresh_postgres.url, alter, f"ALTER {whose} RESET synchronous_commit"):
            with bank_at(fresh_postgres) as bank:
                for use in (bank.store.check, bank.open, bank.store.head):
                    with pytest.raises(UnsafeStore, match="synchronous_commit"):
                        use()
            before.open()  # its connections were made before, with the setting on
    with bank_at(fresh_postgres) as bank:
        bank.store.check()


def test_postgresql_without_fsync_is_refused(postgres_factory):
    server = postgres_factory()
    url = server.fresh_database()
    with _said(url, "ALTER SYSTEM SET fsync = off", "SELECT 1"):
        pass
    server.restart()
    database = open_database(url)
    with pytest.raises(UnsafeStore, match="fsync"):
        database.check()
    database.close()


def test_another_default_isolation_changes_nothing(fresh_postgres):
    """Under REPEATABLE READ a snapshot taken by the statement that waits for the lock would miss what the holder wrote."""
    database = fresh_postgres.url.rsplit("/", 1)[1]
    alter = f"ALTER DATABASE {database} SET default_transaction_isolation = 'repeatable read'"
    with _said(fresh_postgres.url, alter, "SELECT 1"), bank_at(fresh_postgres) as bank:
        for open_transaction in (bank.store.db.appending, bank.store.db.writing, bank.store.db.exclusive):
            with open_transaction() as session:
                assert session.rows("SHOW transaction_isolation") == [("read committed",)]


def test_a_server_on_a_new_timeline_is_refused(postgres_factory):
    """The server becomes a standby and is promoted, as after a fail-over or a restore: its promises are another life's."""
    server = postgres_factory()
    place = Place("postgresql", server.fresh_database(), server.fresh_database())
    with bank_at(place) as bank:
        bank.store.migrate()
        bank.store.check()
        bank.open()
        with bank.store.db.reading() as session:
            (folder,) = session.one("SHOW data_directory")
            session.run(f"COPY (SELECT 1 WHERE false) TO '{folder}/standby.signal'")
    server.restart()
    with bank_at(place) as bank:
        with pytest.raises(UnsafeStore, match="standby"):
            bank.store.check()
        with psycopg.connect(place.url.replace("+psycopg", ""), autocommit=True) as connection:
            assert connection.execute("SELECT pg_promote()").fetchone() == (True,)
        with pytest.raises(UnsafeStore, match="timeline"):
            bank.store.check()


def test_every_new_connection_is_compared_with_the_server_that_was_checked(fresh_postgres):
    with bank_at(fresh_postgres) as bank:
        bank.store.check()
        bank.store.db.close()
        bank.store.db.expected_server = "another/00000001"
        for use in (bank.open, bank.store.head):
            with pytest.raises(UnsafeStore, match="timeline"):
                use()


@pytest.mark.parametrize(("pragma", "value"), [("synchronous", "NORMAL"), ("synchronous", "OFF"), ("journal_mode", "DELETE")])
def test_sqlite_that_does_not_sync_is_refused(tmp_path, pragma, value):
    place = Place("sqlite", f"sqlite:///{tmp_path}/bank.db", f"sqlite:///{tmp_path}/keys.db")
    with bank_at(place) as bank:
        bank.store.migrate()
        connect = bank.store.db._connect

        def planted():
            connection = connect()
            connection.execute(f"PRAGMA {pragma}={value}")
            return connection

        bank.store.close()
        bank.store.db._connect = planted
        with pytest.raises(UnsafeStore, match="synchronous"):
            bank.store.check()


def test_a_store_in_memory_is_no_store():
    with pytest.raises(ValueError, match="needs a file"):
        open_database("sqlite://")
    with pytest.raises(ValueError, match="PKP_DATABASE_URL"):
        open_database("mysql://somewhere")


# --- what passes -----------------------------------------------------------------------------------------------------


def test_a_full_disk_is_busy_and_loses_nothing(tmp_path):
    place = Place("sqlite", f"sqlite:///{tmp_path}/bank.db", f"sqlite:///{tmp_path}/keys.db")
    with bank_at(place) as bank:
        bank.store.migrate()
        bank.open("before")
        pages = bank.store.db._writer.execute("PRAGMA page_count").fetchone()[0]
        connect = bank.store.db._connect

        def full():
            connection = connect()
            connection.execute(f"PRAGMA max_page_count={pages}")
            return connection

        def fill():
            for n in range(100):
                bank.open(f"{n} " * 100)

        bank.store.db._drop_writer()
        bank.store.db._connect = full
        with pytest.raises(Busy, match="full"):
            fill()
        check_store(bank.runtime)
        bank.store.db._connect = connect
        bank.store.db._drop_writer()
        bank.open("after")
        check_store(bank.runtime)


def test_a_file_that_another_program_locks_is_busy(tmp_path, monkeypatch):
    monkeypatch.setattr("shared.store.sqlite.LOCK_TIMEOUT", 0.3)
    place = Place("sqlite", f"sqlite:///{tmp_path}/bank.db", f"sqlite:///{tmp_path}/keys.db")
    with bank_at(place) as bank:
        bank.store.migrate()
        other = sqlite3.connect(tmp_path / "bank.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Busy, match="locked"):
            bank.open("mine")
        other.execute("ROLLBACK")
        other.close()
        bank.open("mine")


def test_the_holder_of_the_lock_is_told_while_it_holds_it(tmp_path):
    place = Place("sqlite", f"sqlite:///{tmp_path}/bank.db", f"sqlite:///{tmp_path}/keys.db")
    path = f"{tmp_path}/bank.db"
    assert holder(path) is None
    with bank_at(place) as bank:
        bank.store.migrate()
        assert holder(path) is None
        with bank.store.db.appending():
            assert holder(path)[0] == os.getpid()
        assert holder(path) is None
        with Path(path + ".lock").open("r+b") as file:
            file.write(b"%-12d%-20.3f" % (os.getpid(), 0))  # what a killed holder leaves
        assert holder(path) is None
        bank.open()


@pytest.fixture
def cut(bank, place):
    """Ends every connection that the server has for the store, as its restart does; of a file, fails what is under way."""

    def end(inside=False):
        if inside and place.kind == "sqlite":
            raise sqlite3.OperationalError("disk I/O error")
        if place.kind == "postgresql":
            with psycopg.connect(place.url.replace("+psycopg", ""), autocommit=True) as connection:
                connection.execute(
                    "SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )

    return end


def test_connections_that_were_lost_while_idle_are_made_anew_unnoticed(bank, cut):
    id = bank.open()
    for use in (bank.store.head, lambda: bank.do(PutIn(rupiah=1), id), lambda: _write(bank)):
        use()
        cut()
        use()
    assert bank.store.head() == 4
    check_store(bank.runtime)


def _write(bank):
    with bank.store.db.writing() as session:
        session.run("UPDATE numbers SET last = last")


@pytest.mark.parametrize("point", ["before the reads", "after the writes"])
def test_an_append_that_breaks_inside_is_busy_and_leaves_nothing(bank, cut, point):
    id = bank.open()
    appending = bank.store.db.appending

    @contextmanager
    def breaking():
        with appending() as session:
            if point == "before the reads":
                cut(inside=True)
            yield session
            session.rows("SELECT 1")  # whatever waits in a pipeline is sent and done
            cut(inside=True)

    for n in range(3):
        bank.store.db.appending = breaking
        with pytest.raises(Busy):
            bank.do(PutIn(rupiah=1), id, key=f"k{n}")
        bank.store.db.appending = appending
        assert bank.store.head() == 2 + n
        assert not bank.do(PutIn(rupiah=1), id, key=f"k{n}").repeated
    check_store(bank.runtime)


def test_a_session_that_idled_too_long_is_busy_and_replaced(fresh_postgres):
    with bank_at(fresh_postgres) as bank:
        database = bank.store.db
        for transaction in (database.writing, database.appending, database.snapshot):
            with pytest.raises(Busy):
                _idle(transaction)
            with transaction() as session:
                assert session.rows("SELECT 1") == [(1,)]


def _idle(transaction):
    with transaction() as session:
        session.run("SET LOCAL idle_in_transaction_session_timeout = 50")
        session.rows("SELECT 1")
        time.sleep(0.3)
        session.rows("SELECT 1")


def test_pools_stay_small(bank):
    """Forty threads read at once; few connections are kept."""
    gate = threading.Barrier(40, timeout=30)

    def read():
        with bank.store.db.reading() as session:
            gate.wait()
            session.rows("SELECT 1")

    threads = [threading.Thread(target=read) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(bank.store.db._idle) <= 8
    bank.open()


def test_a_failed_statement_does_not_spoil_the_connection(bank):
    with pytest.raises(Exception, match="nowhere"), bank.store.db.reading() as session:
        session.rows("SELECT * FROM nowhere")
    with pytest.raises(Exception, match="nowhere"), bank.store.db.writing() as session:
        session.rows("SELECT * FROM nowhere")
    with pytest.raises(Exception, match="nowhere"), bank.store.db.appending() as session:
        session.rows("SELECT * FROM nowhere")
    bank.open()
    check_store(bank.runtime)
