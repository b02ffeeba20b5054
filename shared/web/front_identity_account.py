"""One's own account: password, authenticator app, recovery codes, and signing out everywhere."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, Response, request

from shared.errors import BrokenRule
from shared.identity import codes
from shared.identity.accounts import Account
from shared.identity.by_provider import ByProvider
from shared.identity.provider import provider_of
from shared.identity.sessions import Opened
from shared.identity.sign_in import SignIn
from shared.store.recorded import moment
from shared.web.access import Door, somebody, stranger
from shared.web.drawing import away
from shared.web.front_identity import Desk, desk, drawn, entered, here, left, new_password, signed_in
from shared.web.front_identity import routes as way_in_and_out
from shared.web.front_identity_provider import routes as way_by_provider
from shared.web.problems import Problem
from shared.web.texts import Texts

HERE = "/akun"
routes = Blueprint("account", __name__)


def identity_pages(app: Flask, door: Door, texts: Texts) -> None:
    """Add the pages of signing in and out, and of one's own account, to the application of the origin's front."""
    secrets, provider = door.settings.secret_keys, provider_of(door.settings)
    sign_in = SignIn(door.accounts.database, door.accounts, secrets)
    by_provider = ByProvider(sign_in, door.accounts, provider, secrets) if provider else None
    app.extensions["identity"] = Desk(door, sign_in, texts, by_provider)
    app.register_blueprint(way_in_and_out)
    app.register_blueprint(way_by_provider)
    app.register_blueprint(routes)


@routes.get(HERE)
def show() -> Response:
    """One's own account, also for who shows a token: what changes anything needs a session."""
    actor = somebody(desk().door)
    account = desk().door.accounts.get(actor.account)
    if account is None:
        raise stranger()
    return overview(account)


@routes.post(f"{HERE}/sandi")
def change_password() -> Response:
    """A new password; sessions elsewhere end."""
    account, opened = owner()
    try:
        prove(account)
        desk().sign_in.credentials.set_password(account, new_password())
    except BrokenRule as no:
        return overview(account, 422, told(no))
    return entered(desk().sign_in.renewed(account, opened.method, here()), HERE)


@routes.get(f"{HERE}/kode")
def app_page() -> Response:
    """The page on which an authenticator app is put to use, or given up."""
    return app(owner()[0])


@routes.post(f"{HERE}/kode")
def change_app() -> Response:
    """Put an app to use with its first code, or give it up."""
    account, credentials = owner()[0], desk().sign_in.credentials
    try:
        prove(account)
        if credentials.has_app(account):
            credentials.remove_app(account)
            return away(HERE)
        made = credentials.confirm_app(account, request.form.get("code", "")[:40])
        if made is None:
            raise BrokenRule("code-wrong", "/code")
    except BrokenRule as no:
        return app(account, 422, told(no))
    return own("recovery", account, made=made)


@routes.post(f"{HERE}/keluar-semua")
def sign_out_everywhere() -> Response:
    """End all sessions, this one, too."""
    desk().sign_in.out_everywhere(signed_in()[0], here())
    return left()


def owner() -> tuple[Account, Opened]:
    """Whose credentials these are; the accounts of a demo are everybody's and have none."""
    account, opened = signed_in()
    if account.demo:
        raise Problem(404, "not-found")
    return account, opened


def prove(account: Account) -> None:
    """Raises BrokenRule unless the present password stands in the form, and when the tries are too many."""
    way_in = desk().sign_in
    wait = way_in.throttle.begin(account.name, here())
    if wait:
        raise BrokenRule("too-many-tries", seconds=wait)
    if not way_in.credentials.password_is(account, request.form.get("present", "")[:500]):
        raise BrokenRule("present-password-wrong", "/present")
    way_in.throttle.right(account.name, here())


def told(no: BrokenRule) -> str:
    """Why something was refused, in a sentence."""
    return desk().texts.refusal(no.slug, no.about)


def own(template: str, account: Account, status: int = 200, **values: Any) -> Response:
    """A page about this account."""
    credentials = desk().sign_in.credentials
    known = {"account": account, "has_app": credentials.has_app(account), "has_password": credentials.has_password(account)}
    return drawn(template, status, **known, **values)


def overview(account: Account, status: int = 200, error: str | None = None) -> Response:
    """Everything about one's own account on one page."""
    way_in, texts = desk().sign_in, desk().texts
    return own(
        "account",
        account,
        status,
        sessions=desk().door.accounts.sessions.count(account.id),
        latest=[{"at": texts.shown(moment(at)), "outcome": outcome} for at, outcome, _ in way_in.latest(account)],
        recovery_left=way_in.credentials.recovery_left(account),
        error=error,
    )


def app(account: Account, status: int = 200, error: str | None = None) -> Response:
    """The page of the authenticator app, with a secret while none is in use."""
    credentials = desk().sign_in.credentials
    if credentials.has_app(account):
        return own("app", account, status, secret=None, link=None, error=error)
    secret = credentials.awaited_secret(account) or credentials.begin_app(account)
    link = codes.address(secret, account.name, f"Pokja PKP {desk().door.settings.province_name}")
    return own("app", account, status, secret=secret, link=link, error=error)
