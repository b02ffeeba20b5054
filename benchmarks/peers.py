"""The peers: the same rows without order straight through the driver, the `eventsourcing` library's default save, and a bare
Flask application."""

from __future__ import annotations

import fcntl
import json
import os
import sqlite3
import tempfile
import threading
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from flask import Flask, request
from marshmallow import Schema, ValidationError, fields, validate

from benchmarks.subject import BODY, TYPE, a_note
from shared.facts import encode

COLUMNS = (
    "id, stream, version, type, visibility, data, recorded_at, hash, command_id, correlation_id, causation_id, actor, incarnation"
)
EVENTS = f"INSERT INTO free_events ({COLUMNS}) VALUES ({', '.join(['%s'] * 13)})"
COMMANDS = (
    "INSERT INTO free_commands (command_id, fingerprint, stream, version, position, facts, recorded_at)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s)"
)
NOTES = (
    "INSERT INTO free_notes (id, version, position, title, area_code) VALUES (%s, %s, %s, %s, %s)"
    " ON CONFLICT (id) DO UPDATE SET version=excluded.version, position=excluded.position,"
    " title=excluded.title, area_code=excluded.area_code"
)
TABLES = """
CREATE TABLE IF NOT EXISTS free_events (position {serial} PRIMARY KEY {auto}, id text NOT NULL UNIQUE, stream text NOT NULL,
  version bigint NOT NULL, type text NOT NULL, visibility text NOT NULL, data text NOT NULL, recorded_at text NOT NULL,
  hash text NOT NULL, command_id text NOT NULL, correlation_id text NOT NULL, causation_id text, actor text NOT NULL,
  incarnation text NOT NULL, UNIQUE (stream, version));
CREATE TABLE IF NOT EXISTS free_commands (command_id text PRIMARY KEY, fingerprint text NOT NULL, stream text NOT NULL,
  version bigint NOT NULL, position bigint NOT NULL, facts text NOT NULL, recorded_at text NOT NULL);
CREATE TABLE IF NOT EXISTS free_notes (id text PRIMARY KEY, version bigint, position bigint, title text, area_code text);
"""


def rows() -> tuple[tuple[Any, ...], tuple[Any, ...], tuple[Any, ...]]:
    """The event, the command record and the register row of one command."""
    note = a_note()
    key = uuid.uuid4().hex + uuid.uuid4().hex
    stream, at = f"32/note/{note.note_id}", "2026-01-01T00:00:00.000000Z"
    event_row = (str(uuid.uuid4()), stream, 1, TYPE, "interagency", encode(note), at, key, key, key, None, "bench", "one")
    return event_row, (key, key, stream, 1, 1, "[]", at), (str(note.note_id), 1, 1, note.title, note.area_code)


def unordered_postgres(url: str) -> Callable[[int], Callable[[], Any]]:
    """One transaction per command, one statement per row, a connection per client, position from a sequence."""
    dsn = url.replace("+psycopg", "")
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(7)")
        connection.execute(TABLES.format(serial="bigserial", auto=""))

    def client(n: int) -> Callable[[], Any]:
        own = psycopg.connect(dsn, autocommit=True)

        def operate() -> None:
            event_row, command_row, note_row = rows()
            with own.transaction():
                own.execute(EVENTS, event_row)
                own.execute(COMMANDS, command_row)
                own.execute(NOTES, note_row)

        return operate

    return client


def unordered_sqlite(url: str) -> Callable[[int], Callable[[], Any]]:
    """The same on SQLite: BEGIN IMMEDIATE, and SQLite's own busy wait between clients."""
    path = url.removeprefix("sqlite:///")
    statements = [sql.replace("%s", "?") for sql in (EVENTS, COMMANDS, NOTES)]

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=60)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        return connection

    connect().executescript(TABLES.format(serial="integer", auto="AUTOINCREMENT"))

    def client(n: int) -> Callable[[], Any]:
        own = connect()

        def operate() -> None:
            found = rows()
            own.execute("BEGIN IMMEDIATE")
            for sql, row in zip(statements, found, strict=True):
                own.execute(sql, row)
            own.execute("COMMIT")

        return operate

    return client


class PeerNote(Aggregate):
    """The same note as an aggregate of the library."""

    @event("Taken")
    def __init__(self, title: str, body: str, area_code: str) -> None:
        self.title, self.body, self.area_code = title, body, area_code


def peer_environment(url: str) -> dict[str, str]:
    """The library's settings for the same database server, or for a file beside ours; all else by its defaults."""
    if url.startswith("sqlite"):
        return {"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": url.removeprefix("sqlite:///") + "-peer"}
    parts = psycopg.conninfo.conninfo_to_dict(url.replace("+psycopg", ""))
    return {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": str(parts["dbname"]),
        "POSTGRES_HOST": str(parts["host"]),
        "POSTGRES_PORT": str(parts["port"]),
        "POSTGRES_USER": str(parts["user"]),
        "POSTGRES_PASSWORD": str(parts.get("password") or "none"),
        "POSTGRES_POOL_SIZE": "16",
    }


def eventsourcing_save(url: str) -> Callable[[int], Callable[[], Any]]:
    """`Application.save` of one new aggregate with one event."""
    with (Path(tempfile.gettempdir()) / "pkp-bench.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # making its tables in two processes at once fails
        application = Application[uuid.UUID](peer_environment(url))
    return lambda n: lambda: application.save(PeerNote("Serah terima PSU", BODY, "32.04.05.2001"))


# --- a bare web application ---------------------------------------------------------------------------------------


BARE_TABLE = (
    "CREATE TABLE IF NOT EXISTS proposals (id text PRIMARY KEY, title text, kind text, issue text, origin text, areas text)"
)
BARE_ROW = "INSERT INTO proposals (id, title, kind, issue, origin, areas) VALUES (%s, %s, %s, %s, %s, %s)"


class Origin(Schema):
    kind = fields.String(required=True, validate=validate.OneOf(["aspiration", "case", "finding", "meeting", "own"]))
    ref = fields.String(validate=validate.Length(max=200), load_default="")


class Proposal(Schema):
    """The fields of the command that it is compared with, guarded the ordinary way."""

    title = fields.String(required=True, validate=validate.Length(3, 200))
    kind = fields.String(required=True, validate=validate.OneOf(["budget", "policy", "awareness"]))
    issue = fields.String(required=True, validate=validate.Length(1, 4000))
    area_codes = fields.List(fields.String(validate=validate.Length(2, 13)), required=True)
    origin = fields.Nested(Origin, required=True)
    on_behalf_of = fields.Dict(allow_none=True)


def bare_table(url: str) -> None:
    """The one table of the bare application."""
    connection = bare_connection(url)
    connection.execute(BARE_TABLE)
    connection.close()


def bare_connection(url: str) -> Any:
    """A connection that commits every statement by itself, as durably as ours."""
    if url.startswith("sqlite"):
        connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None, timeout=60)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        return connection
    return psycopg.connect(url.replace("+psycopg", ""), autocommit=True)


def bare() -> Flask:
    """Flask, marshmallow and one INSERT per request, on a connection per thread: nothing is asked, kept or told beside it."""
    app, guard, own, url = Flask(__name__), Proposal(), threading.local(), os.environ["BARE_URL"]
    sql = BARE_ROW.replace("%s", "?") if url.startswith("sqlite") else BARE_ROW

    @app.get("/")
    def up() -> str:
        return ""

    @app.post("/")
    def propose() -> tuple[dict[str, str], int]:
        try:
            given = guard.load(request.get_json())
        except ValidationError as error:
            return error.messages, 422  # type: ignore[return-value]
        if not hasattr(own, "connection"):
            own.connection = bare_connection(url)
        row = (str(uuid.uuid4()), given["title"], given["kind"], given["issue"])
        own.connection.execute(sql, (*row, json.dumps(given["origin"]), json.dumps(given["area_codes"])))
        return {"id": row[0]}, 201

    return app
