"""Statements on a PostgreSQL connection: one SQL text for both databases, and one parameter per multi-row insert."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import BigInteger, Boolean, Integer, Table

from shared.store.session import Part, Row

if TYPE_CHECKING:
    import psycopg


@lru_cache(maxsize=2048)
def _translated(sql: str) -> str:
    """`:name` parameters as psycopg writes them."""
    return re.sub(r"(?<![:\w]):([a-z_]\w*)", r"%(\1)s", sql.replace("%", "%%"))


def _pg_type(column: Any) -> str:
    if isinstance(column.type, BigInteger):
        return "bigint"
    if isinstance(column.type, Integer):
        return "integer"
    return "boolean" if isinstance(column.type, Boolean) else "text"


@lru_cache(maxsize=512)
def _insert_sql(table: Table, upsert: bool) -> str:
    """An insert whose rows come as one JSON parameter: the driver adapts one value however many rows there are."""
    names = [column.name for column in table.columns]
    shape = ", ".join(f"{column.name} {_pg_type(column)}" for column in table.columns)
    listed = ", ".join(names)
    sql = f"INSERT INTO {table.name} ({listed}) SELECT {listed} FROM json_to_recordset(%s::json) AS rows({shape})"
    if upsert:
        keys = [column.name for column in table.primary_key]
        rest = ", ".join(f"{name}=excluded.{name}" for name in names if name not in keys)
        sql += f" ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {rest}"
    return sql


@lru_cache(maxsize=512)
def _combined_sql(parts: tuple[tuple[Table, bool], ...]) -> str:
    *first, last = [_insert_sql(table, upsert) for table, upsert in parts]
    named = ", ".join(f"part{n} AS ({sql})" for n, sql in enumerate(first))
    return f"WITH {named} {last}" if named else last


class PostgresSession:
    """Statements on one psycopg connection."""

    kind = "postgresql"

    def __init__(self, connection: psycopg.Connection[Row], pipeline: psycopg.Pipeline | None = None) -> None:
        self.connection = connection
        self.pipeline = pipeline

    def rows(self, sql: str, **params: Any) -> list[Row]:
        """Every row of a query."""
        return self.ask(sql, **params)()

    def one(self, sql: str, **params: Any) -> Row | None:
        """The first row of a query, if any."""
        cursor = self._execute(sql, params)
        self._sync()
        return cursor.fetchone()

    def ask(self, sql: str, **params: Any) -> Callable[[], list[Row]]:
        """Send the query; in a pipeline its rows come when the answer is called."""
        cursor = self._execute(sql, params)

        def answer() -> list[Row]:
            self._sync()
            return cursor.fetchall()

        return answer

    def run(self, sql: str, **params: Any) -> int:
        """Run a statement; the number of rows it changed (-1 inside a pipeline)."""
        return self._execute(sql, params).rowcount

    def insert(self, table: Table, rows: Sequence[dict[str, Any]], *, upsert: bool = False) -> None:
        """Insert rows in one statement; `upsert` replaces rows of the same primary key."""
        if rows:
            self.connection.execute(_insert_sql(table, upsert), (msgspec.json.encode(rows).decode(),))

    def insert_all(self, parts: Sequence[Part]) -> None:
        """Several inserts as one statement: each but the last is a data-modifying WITH part."""
        filled = [(table, rows, upsert) for table, rows, upsert in parts if rows]
        if filled:
            sql = _combined_sql(tuple((table, upsert) for table, _, upsert in filled))
            self.connection.execute(sql, [msgspec.json.encode(rows).decode() for _, rows, _ in filled])

    def among(self, column: str, param: str) -> str:
        """The condition that `column` is in the list `param`."""
        return f"{column} = ANY(:{param})"

    def _sync(self) -> None:
        """End the message to the server: only then does it count as idle in its transaction, and a stopped client as gone."""
        if self.pipeline:
            self.pipeline.sync()

    def _execute(self, sql: str, params: dict[str, Any]) -> psycopg.Cursor[Row]:
        return self.connection.execute(_translated(sql), params)
