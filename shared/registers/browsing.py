"""Browsing a register the way people do: filtered, searched, sorted, a page at a time, with counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from shared.registers.reading import Within
from shared.registers.register import Register
from shared.registers.table import Kept, row_of, select, table
from shared.store.session import Database

MOST = 100_000  # rows that one look may gather


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for: column equality, a text in the searched columns, an order (`-name`: descending), a page from 1."""

    equal: Mapping[str, Any] = field(default_factory=dict)
    text: str = ""
    order: str = ""
    page: int = 1
    size: int = 50


@dataclass(frozen=True)
class Found:
    """The rows of one page, and how many there are in all."""

    items: list[Kept]
    total: int


class Look(Protocol):
    """What somebody may see of a register: the rows `within` some aggregates and, unless that is `exact`, those of them that
    a call with rows leaves."""

    @property
    def within(self) -> Within | None: ...
    @property
    def exact(self) -> bool: ...
    def __call__(self, rows: Sequence[Kept]) -> list[Kept]:
        """The rows that may be seen."""
        ...


def browse(database: Database, register: Register[Any], wanted: Wanted, look: Look | None = None) -> Found:
    """The wanted page of a register; with `look`, of those rows only that somebody may see.

    Raises KeyError for a column that the register has not.
    """
    where, params = _where(register, wanted)
    start = (wanted.page - 1) * wanted.size
    with database.reading() as session:
        if look is not None and look.within is not None:
            more, values = look.within.condition(session)
            where, params = f"{where} AND {more}", params | values
        ordered = f"WHERE {where} ORDER BY {_order(register, wanted.order)}"
        if look is None or look.exact:
            counted = session.one(f"SELECT count(*) FROM {table(register).name} WHERE {where}", **params)
            sql = f"{select(register)} {ordered} LIMIT :limit OFFSET :offset"
            rows = session.rows(sql, limit=wanted.size, offset=start, **params)
            return Found([row_of(register, values) for values in rows], int(counted[0]) if counted else 0)
        rows = session.rows(f"{select(register)} {ordered} LIMIT :limit", limit=MOST, **params)
    kept = look([row_of(register, values) for values in rows])
    return Found(kept[start : start + wanted.size], len(kept))


def below(database: Database, register: Register[Any], id: str, limit: int = 100) -> list[Kept]:
    """The rows whose keys lie below an aggregate's id, `<id>/…`, in their order."""
    with database.reading() as session:
        sql = f"{select(register)} WHERE id > :first AND id < :end ORDER BY position, id LIMIT :limit"
        rows = session.rows(sql, first=f"{id}/", end=f"{id}0", limit=limit)  # "0" is the character behind "/"
    return [row_of(register, values) for values in rows]


def _where(register: Register[Any], wanted: Wanted) -> tuple[str, dict[str, Any]]:
    columns = table(register).columns
    parts, params = [], dict[str, Any]()
    for name, value in wanted.equal.items():
        columns[name]  # an unknown column is a KeyError, never SQL
        params[f"is_{name}"] = value if isinstance(value, (bool, int)) else str(value)
        parts.append(f"{name} = :is_{name}")
    if wanted.text and register.searched:
        for name in register.searched:
            columns[name]
        params["like"] = f"%{_escaped(wanted.text.lower())}%"
        parts.append("(" + " OR ".join(f"lower({name}) LIKE :like ESCAPE '!'" for name in register.searched) + ")")
    return " AND ".join(parts) or "1 = 1", params


def _escaped(text: str) -> str:
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_")


def _order(register: Register[Any], order: str) -> str:
    """The newest first when nothing is said; rows without a value come last either way."""
    name = order.removeprefix("-")
    if not name:
        return "position DESC, id"
    column = table(register).columns[name].name
    return f"CASE WHEN {column} IS NULL THEN 1 ELSE 0 END, {column} {'DESC' if order.startswith('-') else 'ASC'}, id"
