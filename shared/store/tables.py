"""The tables of a store; times are UTC text (`2025-06-10T05:00:00.000000Z`), ids text, positions and versions whole numbers."""

from sqlalchemy import BigInteger, Column, Integer, MetaData, Table, Text, UniqueConstraint

store_tables = MetaData()

# In SQLite a primary key is the table's own order only when its type is spelled INTEGER.
Position = BigInteger().with_variant(Integer(), "sqlite")

events = Table(
    "events",
    store_tables,
    Column("position", Position, primary_key=True, autoincrement=False, comment="1..N without holes, in commit order"),
    Column("id", Text, nullable=False, unique=True),
    Column("stream", Text, nullable=False),
    Column("version", BigInteger, nullable=False, comment="1..n without holes in the stream"),
    Column("type", Text, nullable=False),
    Column("visibility", Text, nullable=False),
    Column("data", Text, nullable=False, comment="JSON; personal fields as ciphertext"),
    Column("recorded_at", Text, nullable=False, comment="monotone with position"),
    Column("hash", Text, nullable=False, comment="SHA-256 over id, type, stream, version, time and data"),
    Column("command_id", Text, nullable=False),
    Column("correlation_id", Text, nullable=False),
    Column("causation_id", Text),
    Column("actor", Text, nullable=False),
    Column("incarnation", Text, nullable=False),
    Column("traceparent", Text),
    UniqueConstraint("stream", "version", name="events_stream_version"),
)

commands = Table(
    "commands",
    store_tables,
    Column("command_id", Text, primary_key=True, comment="HMAC over kind, who and key: unique for ever"),
    Column("fingerprint", Text, nullable=False, comment="HMAC over the command: the same key with another body is refused"),
    Column("stream", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("facts", Text, nullable=False, comment="JSON array of the type names of the facts it made"),
    Column("recorded_at", Text, nullable=False),
)

reservations = Table(
    "reservations",
    store_tables,
    Column("key", Text, primary_key=True),
    Column("stream", Text, nullable=False, index=True),
)

numbers = Table(
    "numbers",
    store_tables,
    Column("series", Text, primary_key=True),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False),
)

timers = Table(
    "timers",
    store_tables,
    Column("stream", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("due", Text, nullable=False, index=True),
    Column("command", Text, nullable=False, comment="class name of the command that it fires"),
    Column("data", Text, nullable=False),
    Column("causation_id", Text, nullable=False, comment="the fact that started it"),
    Column("correlation_id", Text, nullable=False),
)

incarnations = Table(
    "incarnations",
    store_tables,
    Column("rank", Integer, primary_key=True, autoincrement=False, comment="0 for the first, then one more each"),
    Column("id", Text, nullable=False, unique=True),
    Column("parent", Text),
    Column("forked_at", BigInteger, nullable=False, comment="the last position shared with the parent"),
    Column("started_at", Text, nullable=False),
    Column("server", Text, nullable=False, comment="which database server and timeline wrote it; empty on SQLite"),
)

registers = Table(
    "registers",
    store_tables,
    Column("name", Text, primary_key=True),
    Column("shape", Text, nullable=False, comment="hash of the row's columns: another one means a rebuild"),
    Column("built", Integer, nullable=False, server_default="0", comment="rebuilds so far: rows read before one are void"),
)
