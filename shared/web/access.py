"""Who asks, and what they may read; what they may do stands in the command table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import g, request

from shared.decider import Actor
from shared.errors import NotAllowed
from shared.facts import INTERAGENCY, PUBLIC, RESTRICTED, Visibility, info
from shared.identity.accounts import by_machine_token
from shared.identity.roles import CHAIR, MACHINE, MEDIATOR, MEMBER, PARTNER, SECRETARIAT
from shared.registers.register import Register
from shared.web.problems import Problem
from shared.web.site import Site

# Who reads what, fact by fact; parties and operators read nothing here, secret facts nobody.
OF_THE_PROVINCE = frozenset({SECRETARIAT, CHAIR, MEMBER, PARTNER, MEDIATOR, MACHINE})
CONFIDANTS = frozenset({SECRETARIAT, CHAIR, MEDIATOR})
READERS: dict[Visibility, frozenset[Any]] = {INTERAGENCY: OF_THE_PROVINCE, RESTRICTED: CONFIDANTS}


def who(site: Site) -> Actor | None:
    """Who sends this request: None for somebody unknown. Raises Problem 401 for a token that nobody holds.

    A browser may give the token as the password of HTTP Basic, for pages only.
    """
    if "caller" not in g:
        g.caller = _caller(site)
    found: Actor | None = g.caller
    return found


def _caller(site: Site) -> Actor | None:
    given = request.authorization
    if given is None:
        if "Authorization" in request.headers:
            raise stranger()
        return None
    token = given.token if given.type == "bearer" else None
    if given.type == "basic" and request.method in {"GET", "HEAD"}:
        token = given.password
    actor = token and (by_machine_token(site.settings.secret_key, token) or site.accounts.by_token(token))
    if not actor:
        raise stranger()
    return actor


def somebody(site: Site) -> Actor:
    """Who sends this request; raises Problem 401 when nobody known does."""
    actor = who(site)
    if actor is None:
        raise stranger()
    return actor


def stranger() -> Problem:
    """The answer to somebody unknown: a page asks the browser for the token."""
    scheme = "Bearer" if "/api/" in request.path else "Basic"
    return Problem(401, "not-signed-in", headers={"WWW-Authenticate": f'{scheme} realm="PKP"'})


def readers(register: Register[Any]) -> frozenset[Any] | None:
    """The roles that may read a register, None for everyone: those who may read every fact that it folds."""
    if register.public:
        return None
    allowed = OF_THE_PROVINCE
    for fact in register.folds:
        if info(fact).visibility != PUBLIC:
            allowed &= READERS.get(info(fact).visibility, frozenset())
    return allowed


def may_read(register: Register[Any], actor: Actor | None) -> bool:
    """Whether this caller may read a register."""
    allowed = readers(register)
    return allowed is None or bool(actor and allowed & actor.roles)


def reading(site: Site, register: Register[Any]) -> Actor | None:
    """Who reads a register; raises Problem 401 or NotAllowed, the same whether or not the row exists."""
    actor = who(site)
    if not may_read(register, actor):
        if actor is None:
            raise stranger()
        raise NotAllowed("not-allowed-to-read")
    return actor


def visibilities(actor: Actor | None) -> frozenset[Visibility]:
    """The visibilities of the facts that this caller may read."""
    return frozenset({PUBLIC, *(kind for kind, roles in READERS.items() if actor and roles & actor.roles)})


def named(roles: Iterable[Any] | None) -> str:
    """Roles as documents name them."""
    return "everyone" if roles is None else ", ".join(sorted(map(str, roles))) or "nobody"
