"""Who sends a request: by token or by session, with the rights that this service's own directory leaves them."""

from __future__ import annotations

from typing import Protocol

from flask import g, request

from shared.decider import Actor
from shared.errors import Busy, NotAllowed, Refused
from shared.identity.accounts import PREFIX, Accounts, by_machine_token
from shared.identity.by_provider import by_access_token
from shared.identity.provider import Away, provider_of
from shared.identity.sessions import Opened, fits, form_token
from shared.settings import Settings
from shared.web.body import asked
from shared.web.problems import FORMS, Problem

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
UNASKED = Actor("")  # nobody: who sends this request was not asked yet


class Door(Protocol):
    """What a request is judged by: a service's Site, or the front page's own."""

    @property
    def settings(self) -> Settings: ...
    @property
    def accounts(self) -> Accounts: ...
    def acting(self, actor: Actor) -> Actor:
        """The actor with the rights that it has behind this door."""
        ...


def who(door: Door) -> Actor | None:
    """Who sends this request, by bearer token or by session: None for somebody unknown.

    Raises Problem 401 for a token that nobody holds, and 403 for a state change of a session that its own pages did not send.
    A browser may give a token as the password of HTTP Basic, for pages only.
    """
    found: Actor | None = g.get("caller", UNASKED)
    if found is UNASKED:
        known = _by_token(door) if "Authorization" in request.headers else _by_session(door)
        found = g.caller = known and door.acting(known)
    return found


def reader(door: Door) -> Actor | None:
    """Whose page is being drawn. Where there is no such address, nobody has asked yet; whom asking fails counts as unknown."""
    if "caller" not in g and request.routing_exception is not None:
        try:
            who(door)
        except (Problem, Refused, Busy):
            g.caller = None
    found: Actor | None = g.get("caller")
    return found


def _by_token(door: Door) -> Actor:
    given = request.authorization
    token = given.token if given is not None and given.type == "bearer" else None
    if given is not None and given.type == "basic" and request.method in SAFE:
        token = given.password
    actor = _holder(door, token) if token else None
    if not actor:
        raise stranger(bad_token=True)
    return actor


def _holder(door: Door, token: str) -> Actor | None:
    """Who holds a token: ours, or one of the province's identity provider. Raises Problem 503 when that is needed and away."""
    if token.startswith(PREFIX):
        return by_machine_token(door.settings.secret_keys, token) or door.accounts.by_token(token)
    provider = provider_of(door.settings)
    try:
        return by_access_token(door.accounts, provider, token) if provider else None
    except Away:
        raise Problem(503, "provider-away", headers={"Retry-After": "30"}) from None


def _by_session(door: Door) -> Actor | None:
    given = asked()
    cookie = given.cookies.get(cookie_name(door.settings))
    found = door.accounts.by_session(cookie) if cookie else None
    if found is None:
        return None
    account, g.session = found
    if given.method not in SAFE:
        own_form(door)
    return account.actor


def cookie_name(settings: Settings) -> str:
    """The session's cookie: over https no other host and no plain connection can set it (RFC 6265bis, `__Host-`)."""
    return "__Host-pkp" if settings.public_url.startswith("https:") else "pkp"


def session(door: Door) -> Opened | None:
    """The session in which this request comes; None with a token, and for somebody unknown."""
    who(door)
    found: Opened | None = g.get("session")
    return found


# --- state changes come from our own pages (CSRF) ------------------------------------------------------------------


def form_token_of(door: Door) -> str:
    """What a form of this session must send as `csrf_token` (or as header X-CSRF-Token); empty without a session."""
    unread = "caller" not in g and request.method in SAFE and "Authorization" not in request.headers
    found = session(door) if unread else g.get("session")
    return form_token(door.settings.secret_key, found.hash) if found else ""


def own_form(door: Door) -> None:
    """Raises NotAllowed for a state change that a page of another origin may have sent in this session's name."""
    given, here = asked(), from_here(door.settings)
    if here is False:
        raise NotAllowed("not-from-here")
    token = given.headers.get("X-CSRF-Token", "")
    if not token and given.mimetype in FORMS:
        token = given.form.get("csrf_token", "")
    if token:
        if not fits(door.settings.secret_keys, g.session.hash, token):
            raise NotAllowed("form-too-old")
    elif "/api/" not in given.path or not here:
        raise NotAllowed("form-too-old")


def own_origin(door: Door) -> Actor | None:
    """Who sends the form of a page that strangers have, too; raises NotAllowed unless a page of this origin sends it."""
    actor = who(door)
    if "session" not in g and not from_here(door.settings):
        raise NotAllowed("not-from-here")
    return actor


def address(settings: Settings) -> str:
    """The address that the request comes from; behind proxies that we run, the one that the outermost of them saw."""
    seen = [one.strip() for one in request.headers.get("X-Forwarded-For", "").split(",") if one.strip()]
    if settings.proxies and len(seen) >= settings.proxies:
        return seen[-settings.proxies]
    return request.remote_addr or ""


def from_here(settings: Settings) -> bool | None:
    """Whether the browser says that a page of this origin sends the request; None when it says nothing."""
    told = request.headers.get("Sec-Fetch-Site")
    if told is not None:
        return told in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    if origin is None:
        return None
    return origin in {settings.public_url, f"{request.scheme}://{request.host}"}


def somebody(door: Door) -> Actor:
    """Who sends this request; raises Problem 401 when nobody known does."""
    actor = who(door)
    if actor is None:
        raise stranger()
    return actor


def stranger(*, bad_token: bool = False) -> Problem:
    """The answer to somebody unknown; for people it is the sign-in page (RFC 6750, 3)."""
    more = ', error="invalid_token"' if bad_token else ""
    return Problem(401, "not-signed-in", headers={"WWW-Authenticate": f'Bearer realm="PKP"{more}'})
