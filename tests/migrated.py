"""Stores with their tables. Making tables takes most of a short test, so that in each process they are made once: files are
copied, databases of a server are emptied."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

from shared.store import Store

_MADE: dict[tuple[int, ...], tuple[Any, bytes]] = {}  # by registers, which are kept, so that none has another's id


def migrate(store: Store) -> None:
    """What `store.migrate()` does. A new SQLite file is a copy of one of the same registers, and begins a life of its own."""
    if store.db.kind != "sqlite" or Path(store.db.path).exists():  # type: ignore[attr-defined]
        store.migrate()
        return
    path = Path(store.db.path)  # type: ignore[attr-defined]
    registers = (*store.service.own_registers, *store.service.foreign_registers)
    key = tuple(map(id, registers))
    if key not in _MADE:
        store.migrate()
        with closing(sqlite3.connect(path)) as connection:
            _MADE[key] = registers, connection.serialize()
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_MADE[key][1])
    with store.db.writing() as session:
        session.run("DELETE FROM incarnations")
    store.begin(datetime.now(UTC))


STAYS = ("alembic_version", "registers")


def emptied(url: str) -> None:
    """A database of PostgreSQL with its tables and without a row; its log is in its first life."""
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        names = [row[0] for row in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        with connection.transaction():
            connection.execute("SET LOCAL session_replication_role = replica")  # the triggers that guard facts rest
            for name in names:
                if name not in STAYS:
                    connection.execute(f"DELETE FROM {name}{' WHERE rank > 0' if name == 'incarnations' else ''}")
