"""Bringing a store up to date: Alembic for the tables that last, a rebuild for registers whose columns changed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from shared.registers.rebuild import rebuild
from shared.registers.table import newest, shape, table

if TYPE_CHECKING:
    from shared.store.log import Store

UNFILLED = ""  # the shape of a new register until it is filled from the log: a crash in between must not leave it empty


def alembic(connection: Connection) -> Config:
    """Alembic's configuration for one open connection."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


def migrate(store: Store) -> None:
    """Migrate the store's tables, start its first incarnation, make its registers.

    Safe to repeat, after a crash at any step too, and in several processes at once.
    """
    with store.db.migrating() as connection:
        command.upgrade(alembic(connection), "head")
        for statement in (*store.db.guard("events"), *store.db.guard("audit_trail", "id = new.id")):
            connection.execute(text(statement))
    store.begin(datetime.now(UTC))
    _make_registers(store)


def _make_registers(store: Store) -> None:
    with store.db.reading() as session:
        known = {str(name): str(made) for name, made in session.rows("SELECT name, shape FROM registers")}
    with store.db.migrating() as connection:
        for register in (*store.service.own_registers, *store.service.foreign_registers):
            if register.name not in known:
                table(register).create(connection, checkfirst=True)
                connection.execute(
                    text("INSERT INTO registers (name, shape) VALUES (:name, :shape) ON CONFLICT (name) DO NOTHING"),
                    {"name": register.name, "shape": shape(register) if register.source != "own" else UNFILLED},
                )
            connection.execute(text(newest(register)))
    for register in store.service.own_registers:
        if known.get(register.name) != shape(register):
            rebuild(store, register)
