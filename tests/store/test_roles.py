"""In PostgreSQL the role that an application signs in with may add facts and change none, whatever it was granted."""

from collections.abc import Iterator

import psycopg
import pytest

from shared.store.tables import store_tables
from tests.realparts.postgres import Server
from tests.store.place import Place

ROLE = "an_application"
WRITES = ("UPDATE", "DELETE", "TRUNCATE")


@pytest.fixture
def place(postgres_server: Server) -> Iterator[Place]:
    """A store made by its owner after another role was promised every right to the tables to come."""
    found = Place("postgresql", postgres_server.fresh_database(), postgres_server.fresh_database())
    with _connection(found) as connection:
        connection.execute(f"CREATE ROLE {ROLE}")
        connection.execute(f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ALL ON TABLES TO {ROLE}")
    runtime = found.runtime()
    runtime.store.migrate()
    yield found
    runtime.store.close()
    with _connection(found) as connection:
        connection.execute(f"DROP OWNED BY {ROLE}")
        connection.execute(f"DROP ROLE {ROLE}")
    postgres_server.drop(found.url)
    postgres_server.drop(found.keys_url)


def _connection(place: Place) -> psycopg.Connection:
    return psycopg.connect(place.url.replace("+psycopg", ""), autocommit=True)


def _may(connection: psycopg.Connection, table: str, right: str) -> bool:
    row = connection.execute("SELECT has_table_privilege(%s, %s, %s)", (ROLE, table, right)).fetchone()
    return bool(row and row[0])


def test_an_application_may_add_facts_and_change_none(place: Place) -> None:
    with _connection(place) as connection:
        assert [right for right in ("SELECT", "INSERT", *WRITES) if _may(connection, "events", right)] == ["SELECT", "INSERT"]
        connection.execute(f"SET ROLE {ROLE}")
        for statement in ("UPDATE events SET data = '{}'", "DELETE FROM events", "TRUNCATE events", "DROP TABLE events"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)


def test_the_other_tables_stay_as_granted(place: Place) -> None:
    only_added = {"events", "audit_trail"}
    with _connection(place) as connection:
        for table in set(store_tables.tables) - only_added:
            assert all(_may(connection, table, right) for right in WRITES), table


def test_migrating_again_takes_back_what_was_granted_since(place: Place) -> None:
    with _connection(place) as connection:
        connection.execute(f"GRANT UPDATE ON events TO {ROLE}")
        place.runtime().store.migrate()
        assert not _may(connection, "events", "UPDATE")
