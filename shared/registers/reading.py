"""Reading registers: single rows, rows by equality, pages with a cursor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from shared.registers.register import Register
from shared.registers.table import Kept, row_of, select, table
from shared.store.session import Database, Session


@dataclass(frozen=True)
class Page:
    """One page of a register in the order of rows' ids; `next` is the cursor of the following page, None at the end."""

    items: list[Kept]
    next: str | None


@dataclass(frozen=True)
class Within:
    """Rows that belong to these aggregates only, or (`without`) to all others: a row's key begins with its aggregate's id."""

    ids: frozenset[str]
    without: bool = False

    def condition(self, session: Session) -> tuple[str, dict[str, Any]]:
        """The SQL condition, and its parameters."""
        found = session.among("substr(id, 1, 36)", "within")
        return f"NOT ({found})" if self.without else found, {"within": sorted(self.ids)}


class Registers:
    """A service's registers, read on pooled connections; every read sees all facts acknowledged before it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def shown(self, register: Register[Any], key: str) -> Kept | None:
        """One row with its version and position."""
        with self._database.reading() as session:
            values = session.one(f"{select(register)} WHERE id = :key", key=key)
        return row_of(register, values) if values else None

    def row(self, register: Register[Any], key: str) -> Any:
        """One row, or None."""
        kept = self.shown(register, key)
        return kept.row if kept else None

    def rows(
        self, register: Register[Any], limit: int = 1000, within: Within | None = None, **equal: Any
    ) -> list[tuple[str, Any]]:
        """(key, row) of the rows whose columns equal the given values, by the position of their last fact."""
        where, params = self._where(register, equal)
        with self._database.reading() as session:
            if within:
                more, values = within.condition(session)
                where, params = f"{where} AND {more}", params | values
            found = session.rows(f"{select(register)} WHERE {where} ORDER BY position, id LIMIT :limit", limit=limit, **params)
        kept = [row_of(register, values) for values in found]
        return [(one.id, one.row) for one in kept]

    def count(self, register: Register[Any], **equal: Any) -> int:
        """How many rows there are whose columns equal the given values."""
        where, params = self._where(register, equal)
        with self._database.reading() as session:
            found = session.one(f"SELECT count(*) FROM {table(register).name} WHERE {where}", **params)
        return int(found[0]) if found else 0

    def page(
        self, register: Register[Any], *, after: str | None = None, limit: int = 50, within: Within | None = None, **equal: Any
    ) -> Page:
        """Up to `limit` rows behind the cursor `after`, filtered by column equality. Raises KeyError for an unknown column."""
        where, params = self._where(register, equal)
        if after:
            where, params = where + " AND id > :after", params | {"after": after}
        with self._database.reading() as session:
            if within:
                more, values = within.condition(session)
                where, params = f"{where} AND {more}", params | values
            found = session.rows(f"{select(register)} WHERE {where} ORDER BY id LIMIT :limit", limit=limit + 1, **params)
        items = [row_of(register, values) for values in found[:limit]]
        return Page(items, items[-1].id if len(found) > limit else None)

    @staticmethod
    def _where(register: Register[Any], equal: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        columns = table(register).columns
        params: dict[str, Any] = {}
        for name, value in equal.items():
            columns[name]  # an unknown column is a KeyError, never SQL
            params[f"is_{name}"] = value if isinstance(value, (bool, int)) else str(value)
        return " AND ".join(f"{name} = :is_{name}" for name in equal) or "1 = 1", params
