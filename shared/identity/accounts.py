"""Accounts and their bearer tokens, in a database of their own; a token is kept as its hash only."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from shared.decider import Actor
from shared.identity.roles import DEMO_ACCOUNTS, MACHINE, Role
from shared.identity.sessions import FULL, Opened, Sessions
from shared.identity.tables import ACCOUNT, hashed, identity_tables, now
from shared.identity.tables import tokens as tokens_table
from shared.store.session import Database, Row, Session

PREFIX = "pkp_"
_NAME = re.compile(r"[a-z][a-z0-9.-]{1,39}")


class UnknownAccount(Exception):
    """There is no account of that name."""


class AccountExists(Exception):
    """There is an account of that name already."""


@dataclass(frozen=True)
class Account:
    """One account: an opaque id, a name to call it by, its role, the organisation it acts for."""

    id: str
    name: str
    role: Role
    organisation: UUID | None
    demo: bool
    disabled: bool

    @property
    def actor(self) -> Actor:
        """The account as deciders see it."""
        return Actor(self.id, frozenset({str(self.role)}), self.organisation)


class Accounts:
    """The accounts of a platform. Outside demo mode (`demo`) the accounts of a demo have no access."""

    def __init__(self, database: Database, *, demo: bool = False) -> None:
        self.database = database
        self._demo = demo
        self.sessions = Sessions(database)

    def migrate(self) -> None:
        """Make the tables, and in demo mode one account per role. Safe to repeat, and in several processes at once."""
        with self.database.migrating() as connection:
            identity_tables.create_all(connection)
        known = {account.name for account in self.list()}
        for name, role in DEMO_ACCOUNTS.items() if self._demo else ():
            if name not in known:
                with self.database.writing() as session:
                    make_account(session, name, role, None, demo=True)

    def add(self, name: str, role: str, organisation: UUID | None = None) -> Account:
        """A new account. Raises AccountExists, ValueError for a bad name or a role that is not in the closed list."""
        if not _NAME.fullmatch(name):
            raise ValueError("a name is 2 to 40 of a-z, 0-9, dot and hyphen, and begins with a letter")
        with self.database.writing() as session:
            if make_account(session, name, Role(role), organisation, demo=False) is None:
                raise AccountExists(name)
        return self.called(name)

    def list(self) -> Sequence[Account]:
        """Every account, by name."""
        with self.database.reading() as session:
            return [_account(row) for row in session.rows(f"{_SELECT} ORDER BY name")]

    def holding(self, roles: Collection[Role]) -> Sequence[Account]:
        """Every account with access that holds one of these roles, by name."""
        return [one for one in self.list() if one.role in roles and not one.disabled and (self._demo or not one.demo)]

    def token(self, name: str) -> str:
        """A new bearer token of an account, which is shown this once. Raises UnknownAccount, also for a disabled account."""
        account = self.called(name)
        if account.disabled:
            raise UnknownAccount(name)
        token = PREFIX + secrets.token_urlsafe(32)
        with self.database.writing() as session:
            session.insert(tokens_table, [{"hash": hashed(token), "account": account.id, "made_at": now()}])
        return token

    def tokens(self, name: str, *, end_older: bool = False) -> Sequence[str]:
        """When each token of an account was made, the newest first; `end_older` ends all but that. Raises UnknownAccount."""
        account = self.named(name)
        if account is None:
            raise UnknownAccount(name)
        with self.database.writing() as session:
            sql = "SELECT hash, made_at FROM tokens WHERE account = :account ORDER BY made_at DESC, hash"
            found = session.rows(sql, account=account.id)
            if end_older and found:
                session.run(
                    "DELETE FROM tokens WHERE account = :account AND hash <> :newest", account=account.id, newest=found[0][0]
                )
                found = found[:1]
        return [str(made_at) for _, made_at in found]

    def role(self, name: str, role: str) -> None:
        """Give an account another role. Raises UnknownAccount, ValueError for a role that is not in the closed list."""
        self._change(name, "role = :role", role=str(Role(role)))

    def assign(self, name: str, organisation: UUID | None) -> None:
        """Say which organisation an account acts for. Raises UnknownAccount."""
        self._change(name, "organisation = :organisation", organisation=str(organisation) if organisation else None)

    def disable(self, name: str) -> None:
        """Take all access from an account, and its tokens, sessions and invitations for ever. Raises UnknownAccount."""
        self._change(name, "disabled_at = :now", now=now())
        with self.database.writing() as session:
            for table in ("tokens", "sessions", "invitations"):
                session.run(f"DELETE FROM {table} WHERE account = (SELECT id FROM accounts WHERE name = :name)", name=name)

    def by_token(self, token: str) -> Actor | None:
        """Who holds this token; None when nobody does (any more)."""
        if not token.startswith(PREFIX) or not token.isascii():
            return None
        sql = f"{_SELECT} JOIN tokens ON tokens.account = accounts.id WHERE tokens.hash = :hash"
        with self.database.reading() as session:
            row = session.one(sql, hash=hashed(token))
        account = self._with_access(row)
        return account.actor if account else None

    def by_session(self, cookie: str, stage: str = FULL) -> tuple[Account, Opened] | None:
        """Who sends this cookie, and in which session; None when it opens none (any more)."""
        found = self.sessions.find(cookie, stage)
        account = self._with_access(found[1]) if found else None
        return (account, found[0]) if account and found else None

    def get(self, id: str) -> Account | None:
        """The account of an id, if it has access."""
        with self.database.reading() as session:
            row = session.one(f"{_SELECT} WHERE accounts.id = :id", id=id)
        return self._with_access(row)

    def named(self, name: str) -> Account | None:
        """The account of a name, if it has access."""
        with self.database.reading() as session:
            row = session.one(f"{_SELECT} WHERE name = :name", name=name[:100])
        return self._with_access(row)

    def close(self) -> None:
        """Close this process's connections."""
        self.database.close()

    def _with_access(self, row: Row | None) -> Account | None:
        account = _account(row) if row else None
        return None if account is None or account.disabled or (account.demo and not self._demo) else account

    def called(self, name: str) -> Account:
        """The account of a name, also when it has no access. Raises UnknownAccount."""
        with self.database.reading() as session:
            row = session.one(f"{_SELECT} WHERE name = :name", name=name)
        if row is None:
            raise UnknownAccount(name)
        return _account(row)

    def _change(self, name: str, what: str, **values: str | None) -> None:
        with self.database.writing() as session:
            if not session.run(f"UPDATE accounts SET {what} WHERE name = :name", name=name, **values):
                raise UnknownAccount(name)


_SELECT = f"SELECT {ACCOUNT} FROM accounts"


def _account(row: Row) -> Account:
    organisation = UUID(row[3]) if row[3] else None
    return Account(row[0], row[1], Role(row[2]), organisation, bool(row[4]), row[5] is not None)


def make_account(session: Session, name: str, role: Role, organisation: UUID | None, *, demo: bool) -> str | None:
    """The id of the account, which is new; None when there is one of that name."""
    sql = (
        "INSERT INTO accounts (id, name, role, organisation, demo, made_at) "
        "VALUES (:id, :name, :role, :organisation, :demo, :now) ON CONFLICT (name) DO NOTHING"
    )
    new = str(uuid.uuid4())
    given = str(organisation) if organisation else None
    session.run(sql, id=new, name=name, role=str(role), organisation=given, demo=demo, now=now())
    return new if session.one("SELECT 1 FROM accounts WHERE id = :id", id=new) else None


# --- siblings -----------------------------------------------------------------------------------------------------


def machine_token(secret_key: str, service: str) -> str:
    """The bearer token with which a service reads its siblings: derived, so that no database holds it."""
    mac = hmac.new(secret_key.encode(), f"machine-token:{service}".encode(), hashlib.sha256).hexdigest()
    return f"{PREFIX}machine.{service}.{mac}"


def by_machine_token(secret_keys: Sequence[str], token: str) -> Actor | None:
    """The sibling whose token this is, under one of the secrets, or None."""
    head, _, rest = token.partition(".")
    service = rest.partition(".")[0]
    if head != PREFIX + "machine" or not token.isascii():
        return None
    if not any(hmac.compare_digest(token, machine_token(one, service)) for one in secret_keys):
        return None
    return Actor(f"machine:{service}", frozenset({str(MACHINE)}))
