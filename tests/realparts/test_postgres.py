"""The server is a real one with its durability on: what it committed survives kill -9."""

import psycopg
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError


def test_durability_is_on(postgres_url):
    engine = create_engine(postgres_url)
    with engine.connect() as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            assert connection.execute(text(f"SHOW {setting}")).scalar_one() == "on"
        assert int(connection.execute(text("SHOW max_connections")).scalar_one()) == 200
    engine.dispose()


def test_fresh_databases_are_empty_and_apart(postgres_server):
    one, other = postgres_server.fresh_database(), postgres_server.fresh_database()
    with _connected(one) as connection:
        connection.execute("CREATE TABLE only_here (n int)")
    with _connected(other) as connection, pytest.raises(psycopg.errors.UndefinedTable):
        connection.execute("SELECT * FROM only_here")
    assert postgres_server.url(one.rsplit("/", 1)[1]) == one
    for url in (one, other):
        postgres_server.drop(url)
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        _connected(one)


def test_a_killed_server_keeps_what_it_committed(postgres_factory):
    server = postgres_factory()
    url = server.fresh_database()
    with _connected(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT n FROM generate_series(1, 1000) n")
    server.kill()
    with pytest.raises(OperationalError):
        create_engine(url).connect()
    server.restart()
    with _connected(url) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (1000,)


def _connected(url):
    return psycopg.connect(url.replace("+psycopg", ""))
