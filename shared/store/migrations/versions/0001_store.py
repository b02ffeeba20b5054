"""Every table of a store as the first release has it; never edited: a change is a migration of its own."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "attempts",
        sa.Column("task", sa.Text(), nullable=False, comment="one fact, alone in hand"),
        sa.Column("count", sa.Integer(), nullable=False, comment="lives of the process that began it and did not end it"),
        sa.PrimaryKeyConstraint("task"),
    )
    op.create_table(
        "checkpoints",
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("incarnation", sa.Text(), nullable=False, comment="life of the log whose marker the topic holds"),
        sa.Column(
            "position", sa.BigInteger(), nullable=False, comment="last fact of the unbroken row that the broker acknowledged"
        ),
        sa.Column("topic_id", sa.Text(), nullable=False),
        sa.Column("record_offset", sa.BigInteger(), nullable=False, comment="where that fact lies; -1: before the first record"),
        sa.Column("fence", sa.BigInteger(), nullable=False, comment="token of the worker that wrote this row"),
        sa.Column("republish", sa.Boolean(), nullable=False, comment="publish from 1 again, whatever the topic holds"),
        sa.PrimaryKeyConstraint("topic"),
    )
    op.create_table(
        "commands",
        sa.Column("command_id", sa.Text(), nullable=False, comment="HMAC over kind, who and key: unique for ever"),
        sa.Column(
            "fingerprint", sa.Text(), nullable=False, comment="HMAC over the command: the same key with another body is refused"
        ),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False, comment="JSON array of the type names of the facts it made"),
        sa.Column("recorded_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("command_id"),
    )
    op.create_table(
        "envelopes",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("incarnation", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False, comment="the stream: facts of one stream are applied in order"),
        sa.Column("body", sa.Text(), nullable=False, comment="the whole envelope as CloudEvents JSON"),
        sa.Column("state", sa.Text(), nullable=False, comment="applied, skipped, parked, queued, dropped or aside"),
        sa.Column("applied", sa.BigInteger(), nullable=True, comment="in which order it was applied; none: it was not"),
        sa.Column(
            "kept_at", sa.Text(), nullable=True, comment="when it came here, by this machine's clock; none: before this was noted"
        ),
        sa.PrimaryKeyConstraint("source", "incarnation", "position"),
    )
    op.create_index("envelopes_applied", "envelopes", ["source", "applied"], unique=False)
    op.create_index("envelopes_position", "envelopes", ["source", "position"], unique=False)
    op.create_index("envelopes_subject", "envelopes", ["source", "subject", "position"], unique=False)
    op.create_table(
        "events",
        sa.Column(
            "position",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="1..N without holes, in commit order",
        ),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False, comment="1..n without holes in the stream"),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("visibility", sa.Text(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False, comment="JSON; personal fields as ciphertext"),
        sa.Column("recorded_at", sa.Text(), nullable=False, comment="monotone with position"),
        sa.Column("hash", sa.Text(), nullable=False, comment="SHA-256 over id, type, stream, version, time and data"),
        sa.Column("command_id", sa.Text(), nullable=False),
        sa.Column("correlation_id", sa.Text(), nullable=False),
        sa.Column("causation_id", sa.Text(), nullable=True),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("incarnation", sa.Text(), nullable=False),
        sa.Column("traceparent", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("position"),
        sa.UniqueConstraint("id"),
        sa.UniqueConstraint("stream", "version", name="events_stream_version"),
    )
    op.create_table(
        "incarnations",
        sa.Column("rank", sa.Integer(), autoincrement=False, nullable=False, comment="0 for the first, then one more each"),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("parent", sa.Text(), nullable=True),
        sa.Column("forked_at", sa.BigInteger(), nullable=False, comment="the last position shared with the parent"),
        sa.Column("started_at", sa.Text(), nullable=False),
        sa.Column("server", sa.Text(), nullable=False, comment="which database server and timeline wrote it; empty on SQLite"),
        sa.PrimaryKeyConstraint("rank"),
        sa.UniqueConstraint("id"),
    )
    op.create_table(
        "leases",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "fence", sa.BigInteger(), nullable=False, comment="rises with every holder: what an older one writes is refused"
        ),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("taken_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "letters",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column(
            "kind", sa.Text(), nullable=False, comment="fact, reaction, timer (something waits) or alarm (somebody must look)"
        ),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False, comment="the stream whose facts wait, or what the alarm is about"),
        sa.Column("reaction", sa.Text(), nullable=False, comment="name of the reaction; empty otherwise"),
        sa.Column("incarnation", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.Text(), nullable=True),
        sa.Column("closed_as", sa.Text(), nullable=True, comment="retried, dropped, aside or seen"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "letters_open",
        "letters",
        ["kind", "source", "key", "reaction"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "numbers",
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("series", "year"),
    )
    op.create_table(
        "reaction_cursors",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("reaction", sa.Text(), nullable=False),
        sa.Column("applied", sa.BigInteger(), nullable=False, comment="`applied` number of the last envelope that was looked at"),
        sa.PrimaryKeyConstraint("source", "reaction"),
    )
    op.create_table(
        "reaction_outcomes",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("incarnation", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("reaction", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column(
            "outcome",
            sa.Text(),
            nullable=False,
            comment="done, nothing, declined: <slug>, waiting: <slug>, parked, queued, dropped",
        ),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("source", "incarnation", "position", "reaction"),
    )
    op.create_index("reaction_outcomes_outcome", "reaction_outcomes", ["source", "outcome"], unique=False)
    op.create_table(
        "registers",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("shape", sa.Text(), nullable=False, comment="hash of the row's columns: another one means a rebuild"),
        sa.Column(
            "built", sa.Integer(), server_default="0", nullable=False, comment="rebuilds so far: rows read before one are void"
        ),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "reservations",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index(op.f("ix_reservations_stream"), "reservations", ["stream"], unique=False)
    op.create_table(
        "sources",
        sa.Column("source", sa.Text(), nullable=False, comment="CloudEvents source of a sibling, `/provinces/32/membership`"),
        sa.Column(
            "incarnation",
            sa.Text(),
            nullable=False,
            comment="newest life of the sibling's log that is known here; empty at first",
        ),
        sa.Column("position", sa.BigInteger(), nullable=False, comment="of the last fact that is kept"),
        sa.Column("applied", sa.BigInteger(), nullable=False, comment="the last `applied` number given to an envelope"),
        sa.Column("lineage", sa.Text(), nullable=False, comment="JSON array of the lives of the sibling's log"),
        sa.Column("dead", sa.Text(), nullable=False, comment="JSON array of lives that were left: nothing of them comes back"),
        sa.Column("topic_id", sa.Text(), nullable=False, comment="Kafka's id of the topic that `next_offset` belongs to"),
        sa.Column("next_offset", sa.BigInteger(), nullable=False, comment="the next record to read"),
        sa.Column("running", sa.Boolean(), nullable=False, comment="still true at a start: the process before died"),
        sa.PrimaryKeyConstraint("source"),
    )
    op.create_table(
        "timers",
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("due", sa.Text(), nullable=False),
        sa.Column("command", sa.Text(), nullable=False, comment="class name of the command that it fires"),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("causation_id", sa.Text(), nullable=False, comment="the fact that started it"),
        sa.Column("correlation_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("stream", "name"),
    )
    op.create_index(op.f("ix_timers_due"), "timers", ["due"], unique=False)
    op.create_table(
        "audit_trail",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False, comment="opaque id of the account, or machine:<service>"),
        sa.Column("roles", sa.Text(), nullable=False, comment="the roles that counted, separated by commas"),
        sa.Column("outcome", sa.Text(), nullable=False, comment="refused, read"),
        sa.Column("what", sa.Text(), nullable=False, comment="the kind of thing, or the route that was refused"),
        sa.Column("ids", sa.Text(), nullable=False, comment="JSON array of the ids of the rows or things concerned"),
        sa.Column("reason", sa.Text(), nullable=False, comment="slug of the refusal; empty for a read"),
        sa.Column("request", sa.Text(), nullable=False, comment="id of the request, as in the log and in X-Request-ID"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_audit_trail_account"), "audit_trail", ["account"], unique=False)
    op.create_index(op.f("ix_audit_trail_at"), "audit_trail", ["at"], unique=False)
