"""Sessions: rows of the identity database; the cookie is a secret of 256 bits that only its hash is kept of."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from shared.errors import Busy
from shared.identity.tables import ACCOUNT, hashed, now
from shared.identity.tables import sessions as sessions_table
from shared.store.session import Database, Row, Session

IDLE, LONGEST = timedelta(hours=2), timedelta(hours=12)  # without a request; in all
CODE_WITHIN = timedelta(minutes=10)  # from the right password to the code
SEEN_EVERY = timedelta(minutes=1)  # a request writes at most this often that the session is in use
MOST = 20  # sessions of one account: the oldest end
FULL, CODE = "full", "code"


@dataclass(frozen=True)
class Opened:
    """A session that is in force: the hash that names it, its account's id, its stage."""

    hash: str
    account: str
    stage: str
    method: str


class Sessions:
    """The sessions of the accounts in one identity database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def start(self, account: str, method: str, *, stage: str = FULL, instead_of: str | None = None) -> str:
        """A new session of an account (its id); the answer is its cookie. The one of cookie `instead_of` ends (fixation)."""
        cookie, at = secrets.token_urlsafe(32), now()
        row = {"hash": hashed(cookie), "account": account, "stage": stage, "method": method, "made_at": at, "seen_at": at}
        with self._database.writing() as session:
            _clean(session, account)
            if instead_of:
                session.run("DELETE FROM sessions WHERE hash = :hash", hash=hashed(instead_of))
            session.insert(sessions_table, [row])
        return cookie

    def find(self, cookie: str, stage: str = FULL) -> tuple[Opened, Row] | None:
        """The session behind a cookie, if it is in force and of this stage, with the row of its account."""
        if not cookie or len(cookie) > 100 or not cookie.isascii():
            return None
        with self._database.reading() as session:
            row = session.one(
                f"SELECT hash, account, stage, method, seen_at, {ACCOUNT} FROM sessions JOIN accounts ON accounts.id = account"
                " WHERE hash = :hash AND stage = :stage AND sessions.made_at > :oldest AND seen_at > :idle",
                hash=hashed(cookie),
                stage=stage,
                oldest=now(-LONGEST if stage == FULL else -CODE_WITHIN),
                idle=now(-IDLE),
            )
        if row is None:
            return None
        if row[4] < now(-SEEN_EVERY):
            self._seen(row[0])
        return Opened(*row[:4]), row[5:]

    def end(self, cookie: str) -> None:
        """Sign out."""
        with self._database.writing() as session:
            session.run("DELETE FROM sessions WHERE hash = :hash", hash=hashed(cookie))

    def end_all(self, account: str, but: str = "") -> int:
        """Sign an account (its id) out everywhere, `but` in the session of that hash; how many sessions ended."""
        with self._database.writing() as session:
            return session.run("DELETE FROM sessions WHERE account = :account AND hash <> :but", account=account, but=but)

    def count(self, account: str) -> int:
        """How many sessions of an account (its id) are in force."""
        with self._database.reading() as session:
            found = session.one(
                "SELECT count(*) FROM sessions WHERE account = :account AND stage = 'full'"
                " AND made_at > :oldest AND seen_at > :idle",
                account=account,
                oldest=now(-LONGEST),
                idle=now(-IDLE),
            )
        return int(found[0]) if found else 0

    def _seen(self, hash: str) -> None:
        try:
            with self._database.writing() as session:
                session.run("UPDATE sessions SET seen_at = :at WHERE hash = :hash AND seen_at < :at", at=now(), hash=hash)
        except Busy:
            pass  # the next request says it


def _clean(session: Session, account: str) -> None:
    """Remove what has ended by itself, and the oldest sessions of an account that has too many."""
    session.run("DELETE FROM sessions WHERE made_at <= :oldest OR seen_at <= :idle", oldest=now(-LONGEST), idle=now(-IDLE))
    session.run(
        "DELETE FROM sessions WHERE account = :account AND hash NOT IN"
        " (SELECT hash FROM sessions WHERE account = :account ORDER BY made_at DESC, hash LIMIT :most)",
        account=account,
        most=MOST - 1,
    )


def form_token(secret_key: str, hash: str) -> str:
    """The token that a state change of a session must bring along: foreign pages cannot read it (CSRF)."""
    return hmac.new(secret_key.encode(), f"form-token:{hash}".encode(), hashlib.sha256).hexdigest()


def fits(secret_keys: Sequence[str], hash: str, token: str) -> bool:
    """Whether this is the session's token, under one of the secrets."""
    return token.isascii() and any(hmac.compare_digest(form_token(one, hash), token) for one in secret_keys)
