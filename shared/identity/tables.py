"""The tables of identity; times are UTC text that sorts (`2025-06-10T05:00:00.000000Z`), secrets stand there as hashes only."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Integer, MetaData, Table, Text

identity_tables = MetaData()

ACCOUNT = "accounts.id, accounts.name, accounts.role, accounts.organisation, accounts.demo, accounts.disabled_at"

accounts = Table(
    "accounts",
    identity_tables,
    Column("id", Text, primary_key=True, comment="opaque: the only part of an account that a log holds"),
    Column("name", Text, nullable=False, unique=True),
    Column("role", Text, nullable=False),
    Column("organisation", Text, comment="id of the organisation that it acts for"),
    Column("demo", Boolean, nullable=False),
    Column("made_at", Text, nullable=False),
    Column("disabled_at", Text),
)

tokens = Table(
    "tokens",
    identity_tables,
    Column("hash", Text, primary_key=True, comment="SHA-256 of the token, which is 256 bits of chance"),
    Column("account", Text, ForeignKey("accounts.id"), nullable=False, index=True),
    Column("made_at", Text, nullable=False),
)

credentials = Table(
    "credentials",
    identity_tables,
    Column("account", Text, ForeignKey("accounts.id"), primary_key=True),
    Column("password", Text, comment="argon2id; empty: none yet"),
    Column("code_secret", Text, comment="secret of the authenticator app, sealed under a key of the platform's secret"),
    Column("code_since", Text, comment="when the app was confirmed; empty: a secret that waits for its first code"),
    Column("code_step", BigInteger, nullable=False, comment="the time step of the last code taken: none is taken twice"),
    Column("changed_at", Text, nullable=False),
)

recovery_codes = Table(
    "recovery_codes",
    identity_tables,
    Column("hash", Text, primary_key=True),
    Column("account", Text, ForeignKey("accounts.id"), nullable=False, index=True),
)

sessions = Table(
    "sessions",
    identity_tables,
    Column("hash", Text, primary_key=True, comment="SHA-256 of the cookie, which is 256 bits of chance"),
    Column("account", Text, ForeignKey("accounts.id"), nullable=False, index=True),
    Column("stage", Text, nullable=False, comment="code: the password was right, the code is awaited; full"),
    Column("method", Text, nullable=False, comment="password, code, recovery, invitation, demo, oidc"),
    Column("made_at", Text, nullable=False, index=True),
    Column("seen_at", Text, nullable=False),
)

invitations = Table(
    "invitations",
    identity_tables,
    Column("hash", Text, primary_key=True, comment="SHA-256 of the link's token"),
    Column("account", Text, ForeignKey("accounts.id"), nullable=False, index=True),
    Column("made_at", Text, nullable=False),
    Column("expires_at", Text, nullable=False),
    Column("used_at", Text),
)

links = Table(
    "links",
    identity_tables,
    Column("issuer", Text, primary_key=True, comment="the identity provider"),
    Column("kind", Text, primary_key=True, comment="person, program"),
    Column("subject", Text, primary_key=True, comment="as the provider calls a person (opaque), or the id of a program's client"),
    Column("account", Text, ForeignKey("accounts.id"), nullable=False, index=True),
    Column("made_at", Text, nullable=False),
)

throttle = Table(
    "throttle",
    identity_tables,
    Column("key", Text, primary_key=True, comment="keyed hash of an account's name or of an address"),
    Column("tries", Integer, nullable=False),
    Column("last_at", Text, nullable=False, index=True),
    Column("until", Text, nullable=False, comment="no try is looked at before"),
)

demo_clock = Table(
    "demo_clock",
    identity_tables,
    Column("id", Integer, primary_key=True, autoincrement=False, comment="1: there is one clock"),
    Column("ahead", BigInteger, nullable=False, comment="seconds by which a demo is ahead of the machine"),
)

sign_ins = Table(
    "sign_ins",
    identity_tables,
    Column("id", Text, primary_key=True),
    Column("at", Text, nullable=False, index=True),
    Column("account", Text, index=True, comment="empty when no account has the name"),
    Column("address", Text, nullable=False, comment="keyed hash: tells one address from another, not where it is"),
    Column(
        "outcome", Text, nullable=False, comment="in, wrong, no-such-account, throttled, code-wrong, refused, out, out-everywhere"
    ),
    Column("method", Text, nullable=False),
)


def hashed(secret: str) -> str:
    """What is kept of a secret that is 256 bits of chance."""
    return hashlib.sha256(secret.encode()).hexdigest()


def now(later: timedelta = timedelta()) -> str:
    """The time as the tables hold it, or that much later."""
    return (datetime.now(UTC) + later).isoformat(timespec="microseconds").replace("+00:00", "Z")
