"""Signing in and out: the pages that strangers have, and the cookie that they leave with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, g, render_template, request

from shared.errors import BrokenRule
from shared.identity.accounts import Account
from shared.identity.by_provider import ByProvider
from shared.identity.provider import Away
from shared.identity.sessions import Opened
from shared.identity.sign_in import SignIn, Tried
from shared.web.access import SAFE, Door, address, cookie_name, own_origin, session, stranger, who
from shared.web.drawing import away, private
from shared.web.problems import Problem
from shared.web.texts import Texts

HOME, BEYOND = "/", "/keluar/instansi"


@dataclass(frozen=True)
class Desk:
    """What these pages have at hand: the door, which knows who asks, the way in, and the words."""

    door: Door
    sign_in: SignIn
    texts: Texts
    by_provider: ByProvider | None


routes = Blueprint("identity", __name__)


def desk() -> Desk:
    """What these pages have at hand."""
    found: Desk = current_app.extensions["identity"]
    return found


def here() -> str:
    """The address that the request comes from."""
    return address(desk().door.settings)


@routes.get("/masuk")
def sign_in_page() -> Response:
    """The form for name and password."""
    return drawn("sign_in", onward=onward(), name="")


@routes.post("/masuk")
def sign_in() -> Response:
    """Try a name and a password."""
    own_origin(desk().door)
    name = request.form.get("name", "").strip().lower()[:100]
    tried = desk().sign_in.by_password(name, request.form.get("password", "")[:500], here(), cookie())
    if tried.cookie:
        return entered(tried, onward())
    return refused("sign_in", tried, name=name)


@routes.get("/masuk/kode")
def code_page() -> Response:
    """The form for the code."""
    return drawn("code", onward=onward())


@routes.post("/masuk/kode")
def code() -> Response:
    """Try a code."""
    own_origin(desk().door)
    tried = desk().sign_in.by_code(cookie() or "", request.form.get("code", "")[:40], here())
    if tried.cookie:
        return entered(tried, onward())
    return refused("code" if tried.code_wanted or tried.wait else "sign_in", tried, name="")


@routes.post("/keluar")
def sign_out() -> Response:
    """End this session."""
    actor, opened = who(desk().door), session(desk().door)
    if actor is not None and opened is not None:
        account, by_provider = desk().door.accounts.get(opened.account), desk().by_provider
        desk().sign_in.out(cookie() or "", opened.account, here())
        if by_provider and account and by_provider.links.has(account):
            return left(BEYOND)
    return left()


@routes.get(BEYOND)
def signed_out() -> Response:
    """For whom the identity provider knows: the session there goes on, until it is ended there, too."""
    by_provider = desk().by_provider
    try:
        address = by_provider.provider.sign_out_address() if by_provider else ""
    except Away:
        address = ""
    return drawn("signed_out", address=address)


@routes.get("/undangan/<token>")
def invitation_page(token: str) -> Response:
    """The form for a first or a new password."""
    valid = desk().sign_in.credentials.invited(token) is not None
    return drawn("invitation", 200 if valid else 410, valid=valid)


@routes.post("/undangan/<token>")
def invitation(token: str) -> Response:
    """Set the password that an invitation asks for."""
    own_origin(desk().door)
    try:
        tried = desk().sign_in.by_invitation(token, new_password(), here(), cookie())
    except BrokenRule as no:
        return drawn("invitation", 422, valid=True, error=desk().texts.refusal(no.slug, no.about))
    return entered(tried, HOME) if tried.cookie else drawn("invitation", 410, valid=False)


@routes.post("/coba-sebagai/<name>")
def try_as(name: str) -> Response:
    """In a demo: be one of its accounts, at one click."""
    own_origin(desk().door)
    tried = desk().sign_in.as_demo(name, here(), cookie()) if desk().door.settings.demo else Tried()
    if not tried.cookie:
        raise Problem(404, "not-found")
    return entered(tried, onward())


# --- drawing, and the cookie --------------------------------------------------------------------------------------


def drawn(template: str, status: int = 200, **values: Any) -> Response:
    """A page out of `templates/identity/`, kept by nobody."""
    actor = who(desk().door) if request.method in SAFE else g.get("caller")
    values = {"error": None, "wait": 0, "told": None, "subject": "", **values}
    return private(Response(render_template(f"identity/{template}.html", actor=actor, **values), status))


def refused(template: str, tried: Tried, **values: Any) -> Response:
    """The form again, with what is wrong: never whether it was the name or the password."""
    if tried.wait:
        response = drawn(template, 429, onward=onward(), wait=tried.wait, **values)
        response.headers["Retry-After"] = str(tried.wait)
        return response
    response = drawn(template, 401, onward=onward(), error="wrong", **values)
    response.headers.update(stranger().headers)
    return response


def entered(tried: Tried, to: str) -> Response:
    """On, with the cookie of the new session; to the page for the code while one is awaited."""
    place = f"/masuk/kode?{urlencode({'lanjut': to})}" if tried.code_wanted else to
    response = away(place)
    response.set_cookie(
        cookie_name(desk().door.settings),
        tried.cookie,
        path="/",
        secure=desk().door.settings.public_url.startswith("https:"),
        httponly=True,
        samesite="Lax",
    )
    return response


def left(to: str = HOME) -> Response:
    """Home (or to another page), without the cookie."""
    response = away(to)
    secure = desk().door.settings.public_url.startswith("https:")
    response.delete_cookie(cookie_name(desk().door.settings), path="/", secure=secure, httponly=True, samesite="Lax")
    return response


def cookie() -> str | None:
    """The session cookie that came with the request, whatever it opens."""
    return request.cookies.get(cookie_name(desk().door.settings))


def onward() -> str:
    """Where somebody wanted to go, if it is a page of this origin; home otherwise."""
    wanted = (request.form if request.method == "POST" else request.args).get("lanjut", HOME)
    safe = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and wanted.isprintable() and len(wanted) <= 500
    return wanted if safe and not wanted.startswith("/masuk") else HOME


def new_password() -> str:
    """The password that was entered twice; raises BrokenRule when it was not."""
    password = request.form.get("password", "")[:500]
    if password != request.form.get("again", "")[:500]:
        raise BrokenRule("passwords-differ", "/again")
    return password


def signed_in() -> tuple[Account, Opened]:
    """The account of this session, and the session; a token has no pages of its own. Raises Problem 401."""
    opened = session(desk().door)
    account = desk().door.accounts.get(opened.account) if opened else None
    if account is None or opened is None:
        raise stranger()
    return account, opened
