"""One way to talk to both databases: the same SQL text with named parameters, multi-row inserts, one lock for appends."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from sqlalchemy import Table

Row = tuple[Any, ...]
ANOTHER = "the database, its server or its timeline is another one: look, then `pkp restore --accept`"


class Session(Protocol):
    """Statements on one connection. SQL uses `:name` parameters; a list parameter goes with `among`."""

    kind: str

    def rows(self, sql: str, **params: Any) -> list[Row]:
        """Every row of a query."""
        ...

    def one(self, sql: str, **params: Any) -> Row | None:
        """The first row of a query, if any."""
        ...

    def run(self, sql: str, **params: Any) -> int:
        """Run a statement; the number of rows it changed (-1 where it goes out with what follows)."""
        ...

    def insert(self, table: Table, rows: Sequence[dict[str, Any]], *, upsert: bool = False) -> None:
        """Insert rows in few statements; `upsert` replaces rows of the same primary key."""
        ...

    def among(self, column: str, param: str) -> str:
        """The SQL condition that `column` is one of the list given as parameter `param`."""
        ...


class Database(Protocol):
    """One database: reads, writes, and the append transaction whose first act is to take the store's lock."""

    kind: str
    url: str
    expected_server: str | None  # once set, a new connection to any other server is refused

    def reading(self) -> AbstractContextManager[Session]:
        """A connection for reads, each statement on its own."""
        ...

    def snapshot(self) -> AbstractContextManager[Session]:
        """A connection whose reads all see one and the same moment."""
        ...

    def writing(self) -> AbstractContextManager[Session]:
        """One write transaction: committed at the end, rolled back when an exception leaves it. Raises Busy."""
        ...

    def appending(self) -> AbstractContextManager[Session]:
        """One write transaction that holds the store's append lock from its first statement to its commit. Raises Busy."""
        ...

    def exclusive(self) -> AbstractContextManager[Session]:
        """As `appending`, for statements that define tables or must be done when they return. Raises Busy."""
        ...

    def migrating(self) -> AbstractContextManager[Any]:
        """A SQLAlchemy connection in a transaction that no other migration shares."""
        ...

    def notify(self) -> None:
        """Hint to other processes that a commit took place; may be lost, may be coalesced."""
        ...

    def listen(self, timeout: float) -> None:
        """Return when a hint arrives or after `timeout` seconds at most."""
        ...

    def unlisten(self) -> None:
        """Nobody waits for hints any more."""
        ...

    def server(self) -> str:
        """Which server, timeline and database this is, to notice a restore or a fail-over behind our back; empty on SQLite."""
        ...

    def check(self) -> None:
        """Raise UnsafeStore when a commit here would not be on disk."""
        ...

    def guard(self, table: str, same: str = ...) -> Sequence[str]:
        """The DDL that forbids changing or deleting rows of a table; `same`: the condition that a `new` row is there already."""
        ...

    def close(self) -> None:
        """Close every connection of this process."""
        ...


def open_database(url: str) -> Database:
    """The database behind `sqlite:///path` or `postgresql+psycopg://…`; connections are made when first needed."""
    if url.startswith("sqlite"):
        from shared.store.sqlite import SQLiteDatabase

        return SQLiteDatabase(url)
    if url.startswith("postgresql"):
        from shared.store.postgres import PostgresDatabase

        return PostgresDatabase(url)
    raise ValueError("PKP_DATABASE_URL must begin with sqlite:/// or postgresql+psycopg://")
