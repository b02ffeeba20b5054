"""What proves that somebody is an account: its password, its authenticator app, recovery codes, and invitation links."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import timedelta

from shared.identity import codes
from shared.identity.accounts import Account
from shared.identity.passwords import hashed_password, is_right, outdated, require_strength
from shared.identity.sealing import sealed, unsealed
from shared.identity.tables import hashed, now
from shared.identity.tables import invitations as invitations_table
from shared.identity.tables import recovery_codes as recovery_table
from shared.store.session import Database, Row, Session

INVITED_FOR = timedelta(days=7)
APP_SECRETS = "authenticator-secrets"  # what their secrets are sealed for


class Credentials:
    """The credentials in one identity database; `secret_keys` are the platform's: the first is used, all are accepted."""

    def __init__(self, database: Database, secret_keys: Sequence[str]) -> None:
        self._database = database
        self._secrets = tuple(secret_keys)

    # --- passwords ------------------------------------------------------------------------------------------------

    def set_password(self, account: Account, password: str) -> None:
        """Give an account a password; its sessions and open invitations end. Raises BrokenRule for a weak one, Busy."""
        require_strength(password, account.name)
        kept = hashed_password(password)
        with self._database.writing() as session:
            _keep_password(session, account.id, kept)
            session.run("DELETE FROM invitations WHERE account = :account AND used_at IS NULL", account=account.id)
            session.run("DELETE FROM sessions WHERE account = :account", account=account.id)

    def password_is(self, account: Account | None, password: str) -> bool:
        """Whether this is the account's password; it takes the same time for no account. Raises Busy."""
        row = self._row(account.id) if account else None
        kept: str | None = row[1] if row else None
        if not is_right(kept, password):
            return False
        if account and kept and outdated(kept):
            renewed = hashed_password(password)
            with self._database.writing() as session:
                _keep_password(session, account.id, renewed)
        return True

    def has_password(self, account: Account) -> bool:
        """Whether the account has a password."""
        row = self._row(account.id)
        return row is not None and row[1] is not None

    # --- invitations ----------------------------------------------------------------------------------------------

    def invite(self, account: Account) -> str:
        """The token of a link with which the account sets its password, once, within INVITED_FOR; an earlier link is void."""
        token = secrets.token_urlsafe(32)
        row = {"hash": hashed(token), "account": account.id, "made_at": now(), "expires_at": now(INVITED_FOR), "used_at": None}
        with self._database.writing() as session:
            session.run("DELETE FROM invitations WHERE account = :account", account=account.id)
            session.insert(invitations_table, [row])
        return token

    def invited(self, token: str) -> str | None:
        """The id of the account that an open invitation is for."""
        if len(token) > 100 or not token.isascii():
            return None
        with self._database.reading() as session:
            row = session.one(_OPEN, hash=hashed(token), now=now())
        return str(row[0]) if row else None

    def accept(self, token: str, account: Account, password: str) -> bool:
        """Set the password with an invitation; False when it was used or ran out meanwhile. Raises BrokenRule, Busy."""
        require_strength(password, account.name)
        kept = hashed_password(password)
        with self._database.writing() as session:
            used = session.run(_USE, hash=hashed(token), account=account.id, now=now())
            if used:
                _keep_password(session, account.id, kept)
                session.run("DELETE FROM sessions WHERE account = :account", account=account.id)
        return bool(used)

    def spend(self, token: str, account: Account) -> bool:
        """Use an invitation up without a password; False when it was used or ran out meanwhile. Raises Busy."""
        with self._database.writing() as session:
            return bool(session.run(_USE, hash=hashed(token), account=account.id, now=now()))

    # --- authenticator app ----------------------------------------------------------------------------------------

    def has_app(self, account: Account) -> bool:
        """Whether a code is asked of the account."""
        row = self._row(account.id)
        return row is not None and row[3] is not None

    def begin_app(self, account: Account) -> str:
        """A new secret for an authenticator app; it counts once `confirm_app` has taken its first code."""
        secret = codes.new_secret()
        with self._database.writing() as session:
            _have_row(session, account.id)
            session.run(
                "UPDATE credentials SET code_secret = :kept, code_step = 0, changed_at = :now"
                " WHERE account = :id AND code_since IS NULL",
                kept=sealed(self._secrets[0], APP_SECRETS, account.id, secret),
                id=account.id,
                now=now(),
            )
        return secret

    def awaited_secret(self, account: Account) -> str | None:
        """The secret that waits for its first code."""
        row = self._row(account.id)
        waits = row is not None and row[2] is not None and row[3] is None
        return unsealed(self._secrets, APP_SECRETS, account.id, row[2]) if waits and row else None

    def confirm_app(self, account: Account, code: str) -> list[str] | None:
        """Ask for codes from now on; the answer is the recovery codes, shown this once. None for a wrong code."""
        secret = self.awaited_secret(account)
        step = codes.step_of(secret, code, 0) if secret else None
        if step is None:
            return None
        made = codes.new_recovery_codes()
        rows = [{"hash": codes.recovery_hash(self._secrets[0], account.id, one), "account": account.id} for one in made]
        with self._database.writing() as session:
            sql = "UPDATE credentials SET code_since = :now, code_step = :step, changed_at = :now WHERE account = :id"
            if not session.run(f"{sql} AND code_since IS NULL", now=now(), step=step, id=account.id):
                return None
            session.run("DELETE FROM recovery_codes WHERE account = :id", id=account.id)
            session.insert(recovery_table, rows)
        return made

    def remove_app(self, account: Account) -> None:
        """Ask for no code any more."""
        with self._database.writing() as session:
            sql = "UPDATE credentials SET code_secret = NULL, code_since = NULL, code_step = 0, changed_at = :now"
            session.run(f"{sql} WHERE account = :id", now=now(), id=account.id)
            session.run("DELETE FROM recovery_codes WHERE account = :id", id=account.id)

    def take_code(self, account: Account, code: str) -> str | None:
        """How a code is right: "code" of the app, "recovery" (used up with it), None when it is wrong or was used before."""
        row = self._row(account.id)
        secret = unsealed(self._secrets, APP_SECRETS, account.id, row[2]) if row and row[3] and row[2] else None
        step = codes.step_of(secret, code, int(row[4])) if secret and row else None
        with self._database.writing() as session:
            if step is not None:
                sql = "UPDATE credentials SET code_step = :step WHERE account = :id AND code_step < :step"
                return "code" if session.run(sql, step=step, id=account.id) else None
            hashes = [codes.recovery_hash(one, account.id, code[:40]) for one in self._secrets]
            sql = f"DELETE FROM recovery_codes WHERE {session.among('hash', 'hashes')} AND account = :id"
            used = session.run(sql, hashes=hashes, id=account.id)
        return "recovery" if used else None

    def reseal(self) -> int:
        """Seal the secrets of all authenticator apps under the platform's present secret; how many were under another."""
        with self._database.reading() as session:
            rows = session.rows("SELECT account, code_secret FROM credentials WHERE code_secret IS NOT NULL")
        count = 0
        for account, kept in rows:
            secret = unsealed(self._secrets, APP_SECRETS, account, kept)
            if secret is None or unsealed(self._secrets[:1], APP_SECRETS, account, kept) is not None:
                continue
            with self._database.writing() as session:
                sql = "UPDATE credentials SET code_secret = :new WHERE account = :id AND code_secret = :kept"
                count += session.run(sql, new=sealed(self._secrets[0], APP_SECRETS, account, secret), id=account, kept=kept)
        return count

    def recovery_left(self, account: Account) -> int:
        """How many recovery codes are left."""
        with self._database.reading() as session:
            row = session.one("SELECT count(*) FROM recovery_codes WHERE account = :id", id=account.id)
        return int(row[0]) if row else 0

    def _row(self, account: str) -> Row | None:
        with self._database.reading() as session:
            sql = "SELECT account, password, code_secret, code_since, code_step FROM credentials WHERE account = :id"
            return session.one(sql, id=account)


_OPEN = "SELECT account FROM invitations WHERE hash = :hash AND used_at IS NULL AND expires_at > :now"
_USE = "UPDATE invitations SET used_at = :now WHERE hash = :hash AND account = :account AND used_at IS NULL AND expires_at > :now"


def _have_row(session: Session, account: str) -> None:
    sql = "INSERT INTO credentials (account, code_step, changed_at) VALUES (:account, 0, :now) ON CONFLICT (account) DO NOTHING"
    session.run(sql, account=account, now=now())


def _keep_password(session: Session, account: str, kept: str) -> None:
    _have_row(session, account)
    session.run(
        "UPDATE credentials SET password = :kept, changed_at = :now WHERE account = :id", kept=kept, now=now(), id=account
    )
