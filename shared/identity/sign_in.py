"""Signing in: throttled, logged, the same answer for a wrong name and a wrong password; and signing out."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from shared.identity.accounts import Account, Accounts
from shared.identity.credentials import Credentials
from shared.identity.sessions import CODE
from shared.identity.tables import now
from shared.identity.tables import sign_ins as log_table
from shared.identity.throttle import Throttle
from shared.store.session import Database, Row

KEPT = timedelta(days=180)  # how long the log of sign-ins goes back


@dataclass(frozen=True)
class Tried:
    """What a try came to: the cookie of a new session, whether a code is still asked, or the seconds to wait."""

    cookie: str = ""
    code_wanted: bool = False
    wait: int = 0


WRONG = Tried()


class SignIn:
    """The way into the accounts of one identity database."""

    def __init__(self, database: Database, accounts: Accounts, secret_keys: Sequence[str]) -> None:
        self._database = database
        self._accounts = accounts
        self.credentials = Credentials(database, secret_keys)
        self.throttle = Throttle(database, secret_keys[0])

    def by_password(self, name: str, password: str, address: str, before: str | None) -> Tried:
        """Try a name with a password; `before` is the cookie that came with the request, whose session ends. Raises Busy."""
        account = self._accounts.named(name)
        wait = self.throttle.begin(name, address)
        if wait:
            self._note(account, address, "throttled", "password")
            return Tried(wait=wait)
        if not self.credentials.password_is(account, password) or account is None:
            self._note(account, address, "wrong" if account else "no-such-account", "password")
            return WRONG
        if self.credentials.has_app(account):
            cookie = self._accounts.sessions.start(account.id, "password", stage=CODE, instead_of=before)
            return Tried(cookie, code_wanted=True)
        return self._in(account, address, "password", before)

    def by_code(self, cookie: str, code: str, address: str) -> Tried:
        """Try the code that a session after the right password waits for. Raises Busy."""
        found = self._accounts.by_session(cookie, CODE)
        if found is None:
            return WRONG
        account, _ = found
        wait = self.throttle.begin(account.name, address)
        if wait:
            self._note(account, address, "throttled", "code")
            return Tried(wait=wait)
        method = self.credentials.take_code(account, code)
        if method is None:
            self._note(account, address, "code-wrong", "code")
            return Tried(code_wanted=True)
        return self._in(account, address, method, cookie)

    def by_invitation(self, token: str, password: str, address: str, before: str | None) -> Tried:
        """Set the password that an invitation asks for, and go on as after a right password. Raises BrokenRule, Busy."""
        id = self.credentials.invited(token)
        account = self._accounts.get(id) if id else None
        if account is None or not self.credentials.accept(token, account, password):
            return WRONG
        if self.credentials.has_app(account):
            return Tried(self._accounts.sessions.start(account.id, "invitation", stage=CODE, instead_of=before), code_wanted=True)
        return self._in(account, address, "invitation", before)

    def by_provider(self, account: Account, address: str, before: str | None, *, second_factor: bool) -> Tried:
        """Whom the identity provider vouches for; `second_factor`: it was asked to see to one, so none is asked here."""
        if self.credentials.has_app(account) and not second_factor:
            return Tried(self._accounts.sessions.start(account.id, "oidc", stage=CODE, instead_of=before), code_wanted=True)
        return self._in(account, address, "oidc", before)

    def refused_by_provider(self, address: str, outcome: str = "refused") -> None:
        """Note that somebody who came from the identity provider was not let in."""
        self._note(None, address, outcome, "oidc")

    def as_demo(self, name: str, address: str, before: str | None) -> Tried:
        """Sign in to an account of the demo, as anybody may; nothing for any other account."""
        account = self._accounts.named(name)
        return self._in(account, address, "demo", before) if account and account.demo else WRONG

    def renewed(self, account: Account, method: str, address: str) -> Tried:
        """A session in place of those that ended with a new password."""
        return self._in(account, address, method, None)

    def out(self, cookie: str, account: str, address: str) -> None:
        """End the session of a cookie."""
        self._accounts.sessions.end(cookie)
        self._note(self._accounts.get(account), address, "out", "")

    def out_everywhere(self, account: Account, address: str, but: str = "") -> int:
        """End every session of an account, `but` the one of that hash; how many ended."""
        ended = self._accounts.sessions.end_all(account.id, but)
        self._note(account, address, "out-everywhere", "")
        return ended

    def latest(self, account: Account, limit: int = 10) -> list[Row]:
        """(at, outcome, method) of what was tried with an account, the latest first."""
        with self._database.reading() as session:
            sql = "SELECT at, outcome, method FROM sign_ins WHERE account = :id ORDER BY at DESC, id LIMIT :limit"
            return session.rows(sql, id=account.id, limit=limit)

    def _in(self, account: Account, address: str, method: str, before: str | None) -> Tried:
        cookie = self._accounts.sessions.start(account.id, method, instead_of=before)
        if method != "demo":
            self.throttle.right(account.name, address)
        self._note(account, address, "in", method)
        return Tried(cookie)

    def _note(self, account: Account | None, address: str, outcome: str, method: str) -> None:
        row = {
            "id": uuid.uuid4().hex,
            "at": now(),
            "account": account.id if account else None,
            "address": self.throttle.hashed("address", address),
            "outcome": outcome,
            "method": method,
        }
        with self._database.writing() as session:
            session.run("DELETE FROM sign_ins WHERE at < :oldest", oldest=now(-KEPT))
            session.insert(log_table, [row])
