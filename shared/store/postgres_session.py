"""Statements on a PostgreSQL connection, at libpq's level (psycopg.pq): what can travel together is one message.

A cursor of psycopg's takes more of a process's time than what it is asked (decision 0032).
"""

from __future__ import annotations

import re
import select
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import msgspec
import psycopg
from psycopg.adapt import Transformer
from psycopg.pq import DiagnosticField, ExecStatus, TransactionStatus
from sqlalchemy import BigInteger, Boolean, Integer, Table

from shared.errors import Busy
from shared.store.session import Row

if TYPE_CHECKING:
    from psycopg.pq.abc import PGresult

MOST_PREPARED = 200  # statements that a connection keeps; then it forgets them all
READ_COMMITTED = "BEGIN ISOLATION LEVEL READ COMMITTED"
REPEATABLE_READ = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"


@lru_cache(maxsize=2048)
def _numbered(sql: str) -> tuple[bytes, tuple[str, ...]]:
    """`:name` parameters as PostgreSQL numbers them, and their names in that order."""
    names: dict[str, int] = {}
    numbered = re.sub(r"(?<![:\w]):([a-z_]\w*)", lambda found: f"${names.setdefault(found[1], len(names) + 1)}", sql)
    return numbered.encode(), tuple(names)


def _text(value: Any) -> bytes | None:
    """A parameter as PostgreSQL reads it; lists are arrays of texts."""
    if value is None:
        return None
    if isinstance(value, list):
        quoted = (str(one).replace("\\", "\\\\").replace('"', '\\"') for one in value)
        value = "{" + ",".join(f'"{one}"' for one in quoted) + "}"
    given = str(value).encode()
    if b"\0" in given:  # libpq would end the text there without a word
        raise psycopg.DataError("PostgreSQL keeps no text with a NUL in it")
    return given


def _pg_type(column: Any) -> str:
    if isinstance(column.type, BigInteger):
        return "bigint"
    if isinstance(column.type, Integer):
        return "integer"
    return "boolean" if isinstance(column.type, Boolean) else "text"


@lru_cache(maxsize=512)
def _insert_sql(table: Table, upsert: bool) -> str:
    """An insert whose rows come as one JSON parameter `:rows`: one value is sent however many rows there are."""
    names = [column.name for column in table.columns]
    shape = ", ".join(f"{column.name} {_pg_type(column)}" for column in table.columns)
    listed = ", ".join(names)
    sql = f"INSERT INTO {table.name} ({listed}) SELECT {listed} FROM json_to_recordset(CAST(:rows AS json)) AS rows({shape})"
    if upsert:
        keys = [column.name for column in table.primary_key]
        rest = ", ".join(f"{name}=excluded.{name}" for name in names if name not in keys)
        sql += f" ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {rest}"
    return sql


class PostgresSession:
    """Statements on one connection, each prepared once; one thread's at a time.

    Raises psycopg.Error: an OperationalError where the same may be tried again. Behind an error what else was on its way was
    skipped, statements to be prepared among it, so that the connection is not used again.
    """

    kind = "postgresql"

    def __init__(self, connection: psycopg.Connection[Row]) -> None:
        self._connection = connection
        self._libpq = connection.pgconn
        self._libpq.enter_pipeline_mode()
        self._loading = Transformer(connection)
        self._prepared: dict[str, tuple[bytes, tuple[str, ...]]] = {}  # name, and its parameters in their order
        self._broken = False  # by an error, or by answers that were not waited for
        self._ear = select.poll()
        self._ear.register(self._libpq.socket, select.POLLIN)

    def rows(self, sql: str, **params: Any) -> list[Row]:
        """Every row of a query."""
        self._send(sql, params)
        answer = self._answer()
        self._loading.set_pgresult(answer)
        return self._loading.load_rows(0, answer.ntuples, tuple)

    def one(self, sql: str, **params: Any) -> Row | None:
        """The first row of a query, if any."""
        return next(iter(self.rows(sql, **params)), None)

    def run(self, sql: str, **params: Any) -> int:
        """Run a statement; the number of rows it changed."""
        self._send(sql, params)
        return self._answer().command_tuples or 0

    def insert(self, table: Table, rows: Sequence[dict[str, Any]], *, upsert: bool = False) -> None:
        """Insert rows in one statement; `upsert` replaces rows of the same primary key."""
        if rows:
            self.run(_insert_sql(table, upsert), rows=msgspec.json.encode(rows).decode())

    def among(self, column: str, param: str) -> str:
        """The condition that `column` is in the list `param`."""
        return f"{column} = ANY(:{param})"

    @contextmanager
    def transaction(self, begin: str = READ_COMMITTED) -> Iterator[None]:
        """BEGIN travels with the first statement, COMMIT with what is on its way; an exception rolls back.

        Raises Busy when the transaction did not hold.
        """
        self._send(begin, {})
        try:
            yield
            self._send("COMMIT", {})
            ended = self._answer()
        except BaseException:
            self._undo()
            raise
        if ended.command_status != b"COMMIT":  # a failed transaction answers COMMIT with ROLLBACK and no error
            raise Busy("PostgreSQL rolled back")

    def ready(self) -> bool:
        """Whether the connection may be used for something new."""
        return not self._broken and self._libpq.transaction_status == TransactionStatus.IDLE

    def is_alive(self) -> bool:
        """Whether the server has said nothing to an idle connection: what it says there is its farewell."""
        if self._connection.closed:
            return False
        return not self._ear.poll(0)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _undo(self) -> None:
        """Roll back, by closing the connection if need be."""
        try:
            if not self._broken:
                self._send("ROLLBACK", {})
                self._answer()
        except psycopg.Error:
            self._broken = True
        if self._broken:
            self.close()

    def _send(self, sql: str, params: dict[str, Any]) -> None:
        """Put a statement on its way."""
        name, names = self._prepared.get(sql) or self._prepare(sql)
        self._libpq.send_query_prepared(name, [_text(params[one]) for one in names])

    def _prepare(self, sql: str) -> tuple[bytes, tuple[str, ...]]:
        if len(self._prepared) >= MOST_PREPARED:
            self._libpq.send_query_params(b"DEALLOCATE ALL", None)
            self._prepared.clear()
        text, names = _numbered(sql)
        name = b"pkp%d" % len(self._prepared)
        self._libpq.send_prepare(name, text)
        self._prepared[sql] = name, names
        return name, names

    def _answer(self) -> PGresult:
        """The answer to the last statement on its way. Raises psycopg.Error of the first of them that failed.

        The message ends here: only then does the server count us as idle in a transaction, and a stopped client as gone.
        To ask libpq whether it is busy gives up the interpreter's lock, which wakes whoever waits for it: so it is asked only
        where the next answer may not be there.
        """
        self._broken = True
        self._libpq.pipeline_sync()
        if self._libpq.flush():
            self._send_the_rest()
        else:
            self._wait()
        last = failed = None
        while True:
            while self._libpq.is_busy():
                self._wait()
            answer = self._libpq.get_result()
            if answer is None:  # where an answer is due
                raise psycopg.OperationalError("the server closed the connection")
            if answer.status == ExecStatus.PIPELINE_SYNC:
                break
            if answer.status == ExecStatus.FATAL_ERROR:
                failed = failed or answer
            else:
                last = answer
            self._libpq.get_result()  # None, the end of this statement's answer: it is there at once
        if failed is not None:
            raise _error(failed)
        assert last is not None  # something was sent, and all of it was answered
        self._broken = False
        return last

    def _send_the_rest(self) -> None:
        """What the socket does not take at once; the server may be waiting for us to read meanwhile."""
        self._ear.modify(self._libpq.socket, select.POLLIN | select.POLLOUT)
        while self._libpq.flush():
            self._wait()
        self._ear.modify(self._libpq.socket, select.POLLIN)

    def _wait(self) -> None:
        self._ear.poll()
        self._libpq.consume_input()


class AppendSession(PostgresSession):
    """A session whose writes go out with the next question or the commit."""

    def run(self, sql: str, **params: Any) -> int:
        """Put a statement on its way; -1, for what it changes is not known yet."""
        self._send(sql, params)
        return -1


def _error(answer: PGresult) -> psycopg.Error:
    """What the server, or libpq in its place (without a state), says went wrong; a lost connection may be tried again."""
    state = (answer.error_field(DiagnosticField.SQLSTATE) or b"").decode()
    severity = answer.error_field(DiagnosticField.SEVERITY_NONLOCALIZED)
    kind: type[psycopg.Error] = psycopg.OperationalError
    if state and severity == b"ERROR":
        try:
            kind = psycopg.errors.lookup(state)
        except KeyError:
            kind = psycopg.DatabaseError
    return kind(answer.error_message.decode(errors="replace"))
