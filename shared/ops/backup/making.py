"""Making a backup while everything works: each database as it was at one moment, all of them at nearly the same."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Table

import shared.delivery.tables  # noqa: F401  (its tables belong to the store's)
from shared.errors import UnsafeStore
from shared.execute import Runtime
from shared.identity.accounts import Accounts
from shared.identity.audit import audit_trail
from shared.identity.tables import identity_tables, invitations, sessions, throttle
from shared.ops import health, version
from shared.ops.backup.files import DATA, FORM, KEYS, Manifest, rows_of, write_manifest, write_table
from shared.privacy.keys import subject_keys
from shared.settings import Settings
from shared.store.recorded import stored_time
from shared.store.session import Row, Session
from shared.store.tables import events, store_tables

# Registers are folded anew from the facts, and what a process had in hand is nobody's any more.
STORE_TABLES = [*(table for table in store_tables.sorted_tables if table.name not in {"registers", "attempts"}), audit_trail]
# A session or an invitation that ended since must not come back to life.
IDENTITY_TABLES = [table for table in identity_tables.sorted_tables if table not in (sessions, invitations, throttle)]


def make(
    folder: Path,
    runtimes: Mapping[str, Runtime],
    accounts: Accounts,
    settings: Settings,
    told: Callable[[Manifest], None] = lambda manifest: None,
) -> None:
    """Write a backup into an empty folder. Raises UnsafeStore for a folder that holds something, and for a store that was lost.

    All stores are opened at their moment before the first is read; keys follow, so that none is missing that a fact needs.
    """
    if folder.exists() and any(folder.iterdir()):
        raise UnsafeStore(f"{folder} is not empty: a backup goes into a folder of its own")
    with ExitStack() as opened:
        stores = {name: opened.enter_context(one.store.db.snapshot()) for name, one in runtimes.items()}
        heads = {name: _head(session) for name, session in stores.items()}
        for name, session in stores.items():
            told(_store(_made(folder / DATA / name), name, session, heads[name], settings))
    for name, one in runtimes.items():
        with one.keys.database.snapshot() as session:
            told(_keys(_made(folder / KEYS / name), name, session, settings))
    with accounts.database.snapshot() as session:
        told(_tables(_made(folder / DATA / "identity"), "identity", session, IDENTITY_TABLES, settings))


def secret_name(secret: str) -> str:
    """A name by which a secret can be told from another, and not be found out."""
    return hmac.new(secret.encode(), b"name of this secret", hashlib.sha256).hexdigest()[:12]


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, mode=0o700)
    return folder


def _head(session: Session) -> int:
    """The first read is the moment that a snapshot shows."""
    row = session.one("SELECT max(position) FROM events")
    return int(row[0] or 0) if row else 0


def _store(folder: Path, name: str, session: Session, head: int, settings: Settings) -> Manifest:
    lives = [str(row[0]) for row in session.rows("SELECT id FROM incarnations ORDER BY rank")]
    if not lives:
        raise UnsafeStore(f"{name}: the store was never migrated: `pkp migrate`")
    content = hashlib.sha256()
    written = []
    for table in STORE_TABLES:
        rows = rows_of(session, table)
        written.append(write_table(folder, table, hashing(rows, content.update) if table is events else rows))
    manifest = Manifest(
        **_common(name, settings),
        files=written,
        tables=health.newest(),
        store=lives[0],
        incarnation=lives[-1],
        head=head,
        content=content.hexdigest(),
    )
    write_manifest(folder, manifest)
    return manifest


HASH = [column.name for column in events.columns].index("hash")


def hashing(rows: Iterator[Row], update: Callable[[bytes], None]) -> Iterator[Row]:
    """The rows of the log, while their hashes are added to another."""
    for row in rows:
        update(str(row[HASH]).encode())
        yield row


def _keys(folder: Path, name: str, session: Session, settings: Settings) -> Manifest:
    masters = [str(row[0]) for row in session.rows("SELECT DISTINCT master FROM subject_keys WHERE wrapped IS NOT NULL")]
    return _tables(folder, f"{name}_keys", session, [subject_keys], settings, masters)


def _tables(
    folder: Path, part: str, session: Session, tables: list[Table], settings: Settings, masters: list[str] | None = None
) -> Manifest:
    written = [write_table(folder, table, rows_of(session, table)) for table in tables]
    manifest = Manifest(**_common(part, settings), files=written, masters=sorted(masters or []))
    write_manifest(folder, manifest)
    return manifest


def _common(part: str, settings: Settings) -> dict[str, Any]:
    return {
        "form": FORM,
        "part": part,
        "province": settings.province,
        "made_at": stored_time(datetime.now(UTC)),
        "version": version(),
        "secret": secret_name(settings.secret_key),
    }
