"""Register rows in the database: the table of a register, and rows of many keys read and written at once."""

from __future__ import annotations

import dataclasses
import hashlib
import types
import typing
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec
from sqlalchemy import BigInteger, Boolean, Column, MetaData, Table, Text

from shared.registers.register import About, Register

if TYPE_CHECKING:  # the store imports this module
    from shared.store.session import Session

PLAIN = (str, UUID, date, datetime, Enum)


@dataclasses.dataclass(frozen=True, slots=True)
class Kept:
    """A row with its key and the version and position of the last fact that touched it; `row` None means deleted."""

    id: str
    version: int
    position: int
    row: Any


def _column(name: str, hint: Any) -> Column[Any]:
    bare = _bare(hint)
    if bare is bool:
        return Column(name, Boolean)
    return Column(name, BigInteger if bare is int else Text)


def _bare(hint: Any) -> Any:
    """The type without `| None`."""
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        rest = [option for option in typing.get_args(hint) if option is not type(None)]
        return rest[0] if len(rest) == 1 else object
    return hint


def _is_json(hint: Any) -> bool:
    bare = _bare(hint)
    return not (isinstance(bare, type) and issubclass(bare, (*PLAIN, bool, int)))


@lru_cache(maxsize=256)
def table_of(row: type, name: str) -> Table:
    """The table of a register's row class under a name; key, version and position come first."""
    hints = typing.get_type_hints(row)
    key: list[Column[Any]] = [Column("id", Text, primary_key=True), Column("version", BigInteger), Column("position", BigInteger)]
    return Table(name, MetaData(), *key, *(_column(field.name, hints[field.name]) for field in dataclasses.fields(row)))


def table(register: Register[Any], suffix: str = "") -> Table:
    """The live table of a register, or another generation of it by `suffix`."""
    row: Any = register.row
    return table_of(row, f"reg_{register.name}{suffix}")


def newest(register: Register[Any]) -> str:
    """The DDL of the index by which a page of the newest rows is found without looking at all of them."""
    name = table(register).name
    return f"CREATE INDEX IF NOT EXISTS {name}_newest ON {name} (position DESC, id)"


def shape(register: Register[Any]) -> str:
    """A hash of the register's columns: another one means that the table must be rebuilt."""
    return _shape_of(table(register))


@lru_cache(maxsize=256)
def _shape_of(made: Table) -> str:
    columns = [f"{column.name} {column.type!r}" for column in made.columns]
    return hashlib.sha256("\n".join(columns).encode()).hexdigest()[:16]


def reshaped(session: Session, registers: Iterable[Register[Any]]) -> list[Register[Any]]:
    """Those of the registers whose tables are not of this code: of an older version's, to be made anew, or of a newer one's."""
    known = {row[0]: row[1] for row in session.rows("SELECT name, shape FROM registers")}
    return [register for register in registers if known.get(register.name) != shape(register)]


@lru_cache(maxsize=256)
def _json_fields(row: type) -> tuple[str, ...]:
    hints = typing.get_type_hints(row)
    return tuple(field.name for field in dataclasses.fields(row) if _is_json(hints[field.name]))


@lru_cache(maxsize=256)
def _names(row: type) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(typing.cast(Any, row)))


def columns_of(kept: Kept) -> dict[str, Any]:
    """A kept row as its columns' values."""
    values: dict[str, Any] = msgspec.to_builtins(kept.row)
    row: Any = type(kept.row)
    for name in _json_fields(row):
        if values[name] is not None:
            values[name] = msgspec.json.encode(values[name]).decode()
    return {"id": kept.id, "version": kept.version, "position": kept.position, **values}


def row_of(register: Register[Any], values: Sequence[Any]) -> Kept:
    """A kept row from a table row whose columns are in the table's order."""
    row: Any = register.row
    fields = dict(zip(_names(row), values[3:], strict=True))
    for name in _json_fields(row):
        if fields[name] is not None:
            fields[name] = msgspec.json.decode(fields[name])
    return Kept(values[0], values[1], values[2], msgspec.convert(fields, row, strict=False))


def select(register: Register[Any], suffix: str = "") -> str:
    """`SELECT <columns in order> FROM <table>`."""
    return _select(table(register, suffix))


@lru_cache(maxsize=256)
def _select(made: Table) -> str:
    return f"SELECT {', '.join(column.name for column in made.columns)} FROM {made.name}"


def load_rows(session: Session, register: Register[Any], keys: Iterable[str]) -> dict[str, Kept]:
    """The rows of these keys."""
    wanted = list(dict.fromkeys(keys))
    if not wanted:
        return {}
    found = session.rows(f"{select(register)} WHERE {session.among('id', 'keys')}", keys=wanted)
    return {values[0]: row_of(register, values) for values in found}


def save_rows(session: Session, register: Register[Any], changed: Mapping[str, Kept], suffix: str = "") -> None:
    """Write changed rows in few statements; rows whose `row` is None are deleted."""
    target = table(register, suffix)
    session.insert(target, [columns_of(kept) for kept in changed.values() if kept.row is not None], upsert=True)
    gone = [kept.id for kept in changed.values() if kept.row is None]
    if gone:
        session.run(f"DELETE FROM {target.name} WHERE {session.among('id', 'keys')}", keys=gone)


def fold_into(register: Register[Any], rows: dict[str, Kept], fact: Any, about: About) -> list[str]:
    """Fold one fact into loaded rows; the keys it changed. `rows` must hold every touched key that exists."""
    fold = register.folds.get(type(fact))
    if fold is None:
        return []
    touched = list(register.touched(fact, about.id))
    for key in touched:
        kept = rows.get(key)
        before = kept.row if kept else None
        after = fold(before, fact, about if key == about.key else dataclasses.replace(about, key=key))
        if after is not None or kept is not None:
            rows[key] = Kept(key, about.version, about.position, after)
    return touched
