"""Signing in with the identity provider: authorization code with PKCE for people, tokens of client credentials for programs.

What a sign-in must remember until the browser comes back (RFC 6749 `state`, OpenID Connect `nonce`, RFC 7636 verifier, where to
go then) lies sealed in a cookie of that browser. So strangers fill no table, and an answer fits only the browser that asked.
"""

from __future__ import annotations

import hmac
import json
import logging
import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shared.decider import Actor
from shared.identity.accounts import Account, Accounts
from shared.identity.links import PERSON, PROGRAM, LinkedElsewhere, Links, role_of
from shared.identity.provider import Away, Denied, Provider
from shared.identity.roles import Role
from shared.identity.sealing import sealed, unsealed
from shared.identity.sign_in import SignIn, Tried
from shared.identity.signed import BadToken, Person, person, program

log = logging.getLogger(__name__)

WITHIN = 600  # seconds from the click to coming back
PURPOSE, BOUND_TO = "sign-in-by-provider", "browser"
MOST_CODE = 2048  # characters


class NotIn(Exception):
    """Somebody came back and is not let in. `slug` says why; `subject` is what the provider calls a person whom nobody linked."""

    def __init__(self, slug: str, subject: str = "", wait: int = 0) -> None:
        super().__init__(slug)
        self.slug, self.subject, self.wait = slug, subject, wait


@dataclass(frozen=True)
class Begun:
    """Where to go, and the cookie to come back with."""

    address: str
    cookie: str


@dataclass(frozen=True)
class Asked:
    """What a sign-in remembers until its answer."""

    state: str
    nonce: str
    verifier: str
    onward: str
    invitation: str
    until: int


class ByProvider:
    """The way into the accounts of one identity database for whom a provider vouches."""

    def __init__(self, sign_in: SignIn, accounts: Accounts, provider: Provider, secret_keys: Sequence[str]) -> None:
        self.provider = provider
        self.links = Links(accounts, provider.expected.issuer)
        self._sign_in, self._accounts, self._secrets = sign_in, accounts, tuple(secret_keys)

    def begin(self, onward: str, invitation: str = "") -> Begun:
        """Ask for somebody; `invitation` is the token of one that is to be accepted so. Raises Away."""
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        asked = [state, nonce, verifier, onward, invitation, int(time.time()) + WITHIN]
        return Begun(
            self.provider.sign_in_address(state, nonce, verifier), sealed(self._secrets[0], PURPOSE, BOUND_TO, json.dumps(asked))
        )

    def finish(self, cookie: str, answer: Mapping[str, str], address: str, before: str | None) -> tuple[Tried, str]:
        """Judge what came back to the browser with the cookie of `begin`; the session, and where to go. Raises NotIn, Busy."""
        wait = self._sign_in.throttle.begin_from(address)
        if wait:
            self._sign_in.refused_by_provider(address, "throttled")
            raise NotIn("too-many-tries", wait=wait)
        try:
            asked = self._asked(cookie, answer)
            told = self._person(asked, answer)
            account = self._account(told, asked)
        except NotIn as no:
            log.warning("a sign-in by the identity provider was refused: %s", no.slug)
            self._sign_in.refused_by_provider(address)
            raise
        sure = bool(self.provider.expected.acr)
        return self._sign_in.by_provider(account, address, before, second_factor=sure), asked.onward

    def _asked(self, cookie: str, answer: Mapping[str, str]) -> Asked:
        """What this browser asked for, if this is the answer to it. Raises NotIn."""
        text = unsealed(self._secrets, PURPOSE, BOUND_TO, cookie) if len(cookie) < 4000 else None
        asked = Asked(*json.loads(text)) if text else None
        if asked is None or asked.until < time.time():
            raise NotIn("sign-in-lost")
        if not hmac.compare_digest(asked.state.encode(), answer.get("state", "").encode()):
            raise NotIn("sign-in-lost")
        return asked

    def _person(self, asked: Asked, answer: Mapping[str, str]) -> Person:
        """Whom the provider means by its answer. Raises NotIn."""
        issuer = self.provider.expected.issuer
        try:
            # Another provider's answer must not be taken for ours, nor our code be sent elsewhere (RFC 9207).
            if answer.get("iss", "" if self.provider.known().names_itself else issuer) != issuer:
                raise NotIn("sign-in-failed")
            if "error" in answer:
                raise NotIn("sign-in-cancelled") if answer["error"] == "access_denied" else NotIn("sign-in-failed")
            code = answer.get("code", "")
            if not 0 < len(code) <= MOST_CODE:
                raise NotIn("sign-in-failed")
            token = self.provider.redeem(code, asked.verifier)
            return person(token, self.provider.key, self.provider.expected, asked.nonce)
        except Away:
            raise NotIn("provider-away") from None
        except Denied:
            raise NotIn("sign-in-failed") from None
        except BadToken as bad:
            log.warning("an identity token was not accepted: %s", bad)
            raise (NotIn("signed-in-too-weakly") if str(bad) == "acr" else NotIn("sign-in-failed")) from None

    def _account(self, told: Person, asked: Asked) -> Account:
        """The account that a person is, with the role that the provider tells, where it is asked for roles. Raises NotIn."""
        role = role_of(told.roles) if self.provider.expected.roles_claim else None
        if self.provider.expected.roles_claim and role is None:
            raise NotIn("no-role", told.subject)
        id = self.links.account_id(PERSON, told.subject)
        if asked.invitation:
            id = self._invited(asked.invitation, told.subject)
        if id is None and role is None:
            raise NotIn("not-linked", told.subject)
        if id is None and role is not None:
            id = self._enrolled(told.subject, role)
        account = self._accounts.get(id) if id else None
        if account is None or account.demo:
            raise NotIn("not-linked")
        if role is not None and role != account.role:
            self._accounts.role(account.name, role)
        return account

    def _invited(self, token: str, subject: str) -> str:
        """The id of the account that an invitation is for, now linked. Raises NotIn."""
        id = self._sign_in.credentials.invited(token)
        account = self._accounts.get(id) if id else None
        known = self.links.account_id(PERSON, subject)
        if account is None or known not in (None, account.id) or not self._sign_in.credentials.spend(token, account):
            raise NotIn("invitation-void") if account is None else NotIn("linked-elsewhere")
        try:
            self.links.add(account, PERSON, subject)
        except LinkedElsewhere:
            raise NotIn("linked-elsewhere") from None
        return account.id

    def _enrolled(self, subject: str, role: Role) -> str:
        try:
            return self.links.enrol(subject, role)
        except LinkedElsewhere:
            raise NotIn("not-linked", subject) from None


def by_access_token(accounts: Accounts, provider: Provider, token: str) -> Actor | None:
    """The program that shows an access token of the provider, as the account that its client is linked to. Raises Away."""
    if not token.startswith("eyJ"):
        return None
    try:
        client = program(token, provider.key, provider.expected)
    except BadToken as bad:
        log.warning("an access token was not accepted: %s", bad)
        return None
    id = Links(accounts, provider.expected.issuer).account_id(PROGRAM, client)
    account = accounts.get(id) if id else None
    if account is None or account.demo:
        log.warning("an access token was not accepted: its client is no account here")
        return None
    return account.actor
