"""The tables of delivery: what came from siblings, what became of it, and how far our own facts went."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, Table, Text, text

from shared.store.tables import store_tables

sources = Table(
    "sources",
    store_tables,
    Column("source", Text, primary_key=True, comment="CloudEvents source of a sibling, `/provinces/32/membership`"),
    Column("incarnation", Text, nullable=False, comment="newest life of the sibling's log that is known here; empty at first"),
    Column("position", BigInteger, nullable=False, comment="of the last fact that is kept"),
    Column("applied", BigInteger, nullable=False, comment="the last `applied` number given to an envelope"),
    Column("lineage", Text, nullable=False, comment="JSON array of the lives of the sibling's log"),
    Column("dead", Text, nullable=False, comment="JSON array of lives that were left: nothing of them comes back"),
    Column("topic_id", Text, nullable=False, comment="Kafka's id of the topic that `next_offset` belongs to"),
    Column("next_offset", BigInteger, nullable=False, comment="the next record to read"),
    Column("running", Boolean, nullable=False, comment="still true at a start: the process before died"),
)

envelopes = Table(
    "envelopes",
    store_tables,
    Column("source", Text, primary_key=True),
    Column("incarnation", Text, primary_key=True),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("subject", Text, nullable=False, comment="the stream: facts of one stream are applied in order"),
    Column("body", Text, nullable=False, comment="the whole envelope as CloudEvents JSON"),
    Column("state", Text, nullable=False, comment="applied, skipped, parked, queued, dropped or aside"),
    Column("applied", BigInteger, comment="in which order it was applied; none: it was not"),
    Column("kept_at", Text, comment="when it came here, by this machine's clock; none: before this was noted"),
    Index("envelopes_applied", "source", "applied"),
    Index("envelopes_subject", "source", "subject", "position"),
    Index("envelopes_position", "source", "position"),
)

letters = Table(
    "letters",
    store_tables,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False, comment="fact, reaction, timer (something waits) or alarm (somebody must look)"),
    Column("source", Text, nullable=False),
    Column("key", Text, nullable=False, comment="the stream whose facts wait, or what the alarm is about"),
    Column("reaction", Text, nullable=False, comment="name of the reaction; empty otherwise"),
    Column("incarnation", Text, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("type", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("opened_at", Text, nullable=False),
    Column("closed_at", Text),
    Column("closed_as", Text, comment="retried, dropped, aside or seen"),
)
Index(
    "letters_open",
    letters.c.kind,
    letters.c.source,
    letters.c.key,
    letters.c.reaction,
    unique=True,
    sqlite_where=text("closed_at IS NULL"),
    postgresql_where=text("closed_at IS NULL"),
)

attempts = Table(
    "attempts",
    store_tables,
    Column("task", Text, primary_key=True, comment="one fact, alone in hand"),
    Column("count", Integer, nullable=False, comment="lives of the process that began it and did not end it"),
)

reaction_cursors = Table(
    "reaction_cursors",
    store_tables,
    Column("source", Text, primary_key=True),
    Column("reaction", Text, primary_key=True),
    Column("applied", BigInteger, nullable=False, comment="`applied` number of the last envelope that was looked at"),
)

reaction_outcomes = Table(
    "reaction_outcomes",
    store_tables,
    Column("source", Text, primary_key=True),
    Column("incarnation", Text, primary_key=True),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("reaction", Text, primary_key=True),
    Column("subject", Text, nullable=False),
    Column("outcome", Text, nullable=False, comment="done, nothing, declined: <slug>, waiting: <slug>, parked, queued, dropped"),
    Column("at", Text, nullable=False),
    Index("reaction_outcomes_outcome", "source", "outcome"),
)

checkpoints = Table(
    "checkpoints",
    store_tables,
    Column("topic", Text, primary_key=True),
    Column("incarnation", Text, nullable=False, comment="life of the log whose marker the topic holds"),
    Column("position", BigInteger, nullable=False, comment="last fact of the unbroken row that the broker acknowledged"),
    Column("topic_id", Text, nullable=False),
    Column("record_offset", BigInteger, nullable=False, comment="where that fact lies; -1: before the first record"),
    Column("fence", BigInteger, nullable=False, comment="token of the worker that wrote this row"),
    Column("republish", Boolean, nullable=False, comment="publish from 1 again, whatever the topic holds"),
)

leases = Table(
    "leases",
    store_tables,
    Column("name", Text, primary_key=True),
    Column("fence", BigInteger, nullable=False, comment="rises with every holder: what an older one writes is refused"),
    Column("holder", Text, nullable=False),
    Column("taken_at", Text, nullable=False),
)
