"""Bringing a store up to date: Alembic for the tables that last, a rebuild for registers whose columns changed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, inspect, text

from shared.registers.rebuild import rebuild
from shared.registers.table import shape, table

if TYPE_CHECKING:
    from shared.store.log import Store


def alembic(connection: Connection) -> Config:
    """Alembic's configuration for one open connection."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


def migrate(store: Store) -> None:
    """Migrate the store's tables, start its first incarnation, make its registers. Safe to repeat, and in several processes at once."""
    with store.db.migrating() as connection:
        fresh = not inspect(connection).has_table("events")
        command.upgrade(alembic(connection), "head")
        if fresh:
            for statement in store.db.guard("events"):
                connection.execute(text(statement))
    with store.db.reading() as session:
        started = session.one("SELECT 1 FROM incarnations")
    if not started:
        store.fork(datetime.now(UTC))
    _make_registers(store)


def _make_registers(store: Store) -> None:
    registers = (*store.service.own_registers, *store.service.foreign_registers)
    with store.db.reading() as session:
        known = dict(session.rows("SELECT name, shape FROM registers"))  # type: ignore[arg-type]
    with store.db.migrating() as connection:
        for register in registers:
            if register.name not in known:
                table(register).create(connection, checkfirst=True)
                connection.execute(
                    text("INSERT INTO registers (name, shape) VALUES (:name, :shape) ON CONFLICT (name) DO NOTHING"),
                    {"name": register.name, "shape": shape(register)},
                )
    for register in store.service.own_registers:
        if known.get(register.name, shape(register) if not store.head() else None) != shape(register):
            rebuild(store, register)
