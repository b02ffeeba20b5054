"""The key store: one key per subject, wrapped by the province's master key, in a database and backup set of its own."""

from __future__ import annotations

import os
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap
from sqlalchemy import Column, MetaData, Table, Text

from shared.errors import BrokenRule, UnsafeStore
from shared.store.recorded import stored_time
from shared.store.session import Database, Session

key_tables = MetaData()

subject_keys = Table(
    "subject_keys",
    key_tables,
    Column("subject", Text, primary_key=True),
    Column("wrapped", Text, comment="AES key wrap (RFC 3394), base64; empty once the subject was erased"),
    Column("master", Text, nullable=False, comment="which master key wrapped it"),
    Column("made_at", Text, nullable=False),
)


class KeyStore:
    """Subjects' keys. Plain keys live in memory for one request or batch only.

    `masters` maps a master key's name to its 32 bytes; `current` names the one that wraps new keys.
    """

    def __init__(self, database: Database, masters: dict[str, bytes], current: str) -> None:
        self.database = database
        self._masters = masters
        self._current = current

    def migrate(self) -> None:
        """Make the table; safe to repeat."""
        with self.database.migrating() as connection:
            key_tables.create_all(connection)

    def close(self) -> None:
        """Close this process's connections."""
        self.database.close()

    def check(self) -> None:
        """Raise UnsafeStore when the master key at hand did not wrap the keys that are kept."""
        with self.database.reading() as session:
            rows = session.rows("SELECT max(wrapped), master FROM subject_keys WHERE wrapped IS NOT NULL GROUP BY master")
        for wrapped, master in rows:
            self._unwrap(wrapped, master)

    def existing(self, subjects: Iterable[str]) -> dict[str, bytes]:
        """The keys of those subjects that have one; erased and unknown subjects are left out."""
        wanted = sorted(set(subjects))
        if not wanted:
            return {}
        with self.database.reading() as session:
            rows = self._rows(session, wanted)
        return {subject: self._unwrap(wrapped, master) for subject, wrapped, master in rows if wrapped}

    def for_writing(self, subjects: Iterable[str], first: Callable[[], None] = lambda: None) -> dict[str, bytes]:
        """The subjects' keys, made and on disk before anything is encrypted with them. Raises `subject-erased`.

        Where one has to be made, `first` is called; what it raises leaves nothing behind.
        """
        wanted = sorted(set(subjects))
        found = self.existing(wanted)
        if len(found) == len(wanted):
            return found
        first()
        with self.database.writing() as session:
            known = {row[0]: row for row in self._rows(session, wanted)}
            for subject in wanted:
                if subject not in known:
                    self._make(session, subject)
            rows = self._rows(session, wanted)
            if any(not wrapped for _, wrapped, _ in rows):
                raise BrokenRule("subject-erased")  # and makes none of the others
        return {subject: self._unwrap(wrapped, master) for subject, wrapped, master in rows}

    def known(self) -> set[str]:
        """The subjects that have a key, or had one."""
        with self.database.reading() as session:
            return {str(row[0]) for row in session.rows("SELECT subject FROM subject_keys")}

    def erased(self) -> set[str]:
        """The subjects whose keys were destroyed."""
        with self.database.reading() as session:
            return {str(row[0]) for row in session.rows("SELECT subject FROM subject_keys WHERE wrapped IS NULL")}

    def erase(self, subjects: Iterable[str]) -> None:
        """Destroy keys, for ever: a tombstone takes the place of each, of one that is not here, too. See `erasures.erase`."""
        wanted = sorted(set(subjects))
        if not wanted:
            return
        at = stored_time(datetime.now(UTC))
        rows = [{"subject": one, "wrapped": None, "master": self._current, "made_at": at} for one in wanted]
        with self.database.writing() as session:
            session.insert(subject_keys, rows, upsert=True)

    def add(self, session: Session, rows: list[dict[str, Any]]) -> int:
        """Take keys out of a backup, inside a write transaction; those that are here already stay, tombstones above all."""
        wanted = [row["subject"] for row in rows]
        here = {subject for subject, _, _ in self._rows(session, wanted)}
        new = [row for row in rows if row["subject"] not in here]
        session.insert(subject_keys, new)
        return len(new)

    def by_master(self) -> dict[str, int]:
        """How many keys each master key wraps, by its name."""
        with self.database.reading() as session:
            rows = session.rows("SELECT master, count(*) FROM subject_keys WHERE wrapped IS NOT NULL GROUP BY master")
        return {str(master): int(count) for master, count in rows}

    def rewrap(self, most: int = 500) -> int:
        """Wrap up to `most` keys that another master key wrapped by the present one; how many. Again, until there are none.

        Each row says what wrapped it, so that an interruption costs nothing, and an erasure meanwhile stays one.
        """
        sql = "SELECT subject, wrapped, master FROM subject_keys WHERE wrapped IS NOT NULL AND master <> :current LIMIT :most"
        with self.database.writing() as session:
            rows = session.rows(sql, current=self._current, most=most)
            for subject, wrapped, master in rows:
                new = aes_key_wrap(self._masters[self._current], self._unwrap(wrapped, master))
                session.run(
                    "UPDATE subject_keys SET wrapped = :new, master = :current WHERE subject = :subject AND wrapped = :wrapped",
                    new=b64encode(new).decode(),
                    current=self._current,
                    subject=subject,
                    wrapped=wrapped,
                )
        return len(rows)

    @property
    def current(self) -> str:
        """The name of the master key that wraps new keys."""
        return self._current

    @property
    def masters(self) -> set[str]:
        """The names of the master keys at hand."""
        return set(self._masters)

    def _rows(self, session: Session, subjects: list[str]) -> list[tuple[str, str, str]]:
        condition = session.among("subject", "subjects")
        return session.rows(f"SELECT subject, wrapped, master FROM subject_keys WHERE {condition}", subjects=subjects)

    def _make(self, session: Session, subject: str) -> None:
        wrapped = aes_key_wrap(self._masters[self._current], os.urandom(32))
        session.run(
            "INSERT INTO subject_keys (subject, wrapped, master, made_at) VALUES (:subject, :wrapped, :master, :at)"
            " ON CONFLICT (subject) DO NOTHING",
            subject=subject,
            wrapped=b64encode(wrapped).decode(),
            master=self._current,
            at=stored_time(datetime.now(UTC)),
        )

    def _unwrap(self, wrapped: str, master: str) -> bytes:
        try:
            return aes_key_unwrap(self._masters[master], b64decode(wrapped))
        except (KeyError, InvalidUnwrap) as error:
            raise UnsafeStore("the key store was wrapped by another master key than PKP_MASTER_KEY") from error
