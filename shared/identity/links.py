"""Which account a person or a program of the identity provider is: the provider says who it is, our accounts say what it may."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from shared.identity.accounts import Account, Accounts, make_account
from shared.identity.roles import MACHINE, PUBLIC, Role
from shared.identity.tables import links as links_table
from shared.identity.tables import now
from shared.store.session import Session

PERSON, PROGRAM = "person", "program"
ROLE_PREFIX = "pkp-"  # of the provider's roles that mean one of ours: pkp-secretariat


class LinkedElsewhere(Exception):
    """The subject is another account already."""


@dataclass(frozen=True)
class Link:
    """One subject of the provider, and the name of the account that it is."""

    account: str
    kind: str
    subject: str


class Links:
    """The links of one identity database to one provider. A disabled account keeps them: it is known, and refused."""

    def __init__(self, accounts: Accounts, issuer: str) -> None:
        self._accounts = accounts
        self._issuer = issuer

    def account_id(self, kind: str, subject: str) -> str | None:
        """The id of the account that a subject is."""
        with self._accounts.database.reading() as session:
            return _found(session, self._issuer, kind, subject)

    def add(self, account: Account, kind: str, subject: str) -> None:
        """Say that a subject is this account. Raises LinkedElsewhere, Busy."""
        with self._accounts.database.exclusive() as session:
            known = _found(session, self._issuer, kind, subject)
            if known not in (None, account.id):
                raise LinkedElsewhere
            if known is None:
                self._insert(session, account.id, kind, subject)

    def remove(self, account: Account) -> int:
        """Take all links of an account, and the sessions that they may have opened; how many links there were. Raises Busy."""
        with self._accounts.database.writing() as session:
            session.run("DELETE FROM sessions WHERE account = :account", account=account.id)
            sql = "DELETE FROM links WHERE account = :account AND issuer = :issuer"
            return session.run(sql, account=account.id, issuer=self._issuer)

    def has(self, account: Account) -> bool:
        """Whether a person of the provider is this account."""
        with self._accounts.database.reading() as session:
            sql = "SELECT 1 FROM links WHERE account = :account AND issuer = :issuer AND kind = :kind"
            return session.one(sql, account=account.id, issuer=self._issuer, kind=PERSON) is not None

    def list(self) -> list[Link]:
        """Every link to this provider, by the name of the account."""
        with self._accounts.database.reading() as session:
            sql = (
                "SELECT accounts.name, links.kind, links.subject FROM links JOIN accounts ON accounts.id = links.account"
                " WHERE links.issuer = :issuer ORDER BY accounts.name, links.kind, links.subject"
            )
            return [Link(*row) for row in session.rows(sql, issuer=self._issuer)]

    def enrol(self, subject: str, role: Role) -> str:
        """A new account for a person who has none, under an opaque name; its id, also when it was made meanwhile. Raises Busy."""
        name = f"sso-{hashlib.sha256('|'.join((self._issuer, subject)).encode()).hexdigest()[:12]}"
        with self._accounts.database.exclusive() as session:
            known = _found(session, self._issuer, PERSON, subject)
            if known is None:
                known = make_account(session, name, role, None, demo=False)
                if known is None:
                    raise LinkedElsewhere
                self._insert(session, known, PERSON, subject)
        return known

    def _insert(self, session: Session, account: str, kind: str, subject: str) -> None:
        row = {"issuer": self._issuer, "kind": kind, "subject": subject, "account": account, "made_at": now()}
        session.insert(links_table, [row])


def role_of(told: tuple[str, ...]) -> Role | None:
    """The one role of ours among those that the provider tells; None for none, and for several: an account has one."""
    ours = {f"{ROLE_PREFIX}{role}": role for role in Role if role not in (MACHINE, PUBLIC)}
    found = {ours[one] for one in told if one in ours}
    return found.pop() if len(found) == 1 else None


def _found(session: Session, issuer: str, kind: str, subject: str) -> str | None:
    sql = "SELECT account FROM links WHERE issuer = :issuer AND kind = :kind AND subject = :subject"
    row = session.one(sql, issuer=issuer, kind=kind, subject=subject)
    return str(row[0]) if row else None
