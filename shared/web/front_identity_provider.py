"""Signing in with the identity provider: to it, and back from it."""

from __future__ import annotations

from flask import Blueprint, Response, request

from shared.errors import NotAllowed
from shared.identity.by_provider import WITHIN, ByProvider, NotIn
from shared.identity.provider import BACK, Away
from shared.web.access import cookie_name, from_here
from shared.web.drawing import away
from shared.web.front_identity import cookie, desk, drawn, entered, here, onward
from shared.web.problems import Problem

STATUS = {
    "provider-away": 503,
    "too-many-tries": 429,
    "not-linked": 403,
    "no-role": 403,
    "signed-in-too-weakly": 403,
    "linked-elsewhere": 409,
    "invitation-void": 410,
}
routes = Blueprint("provider", __name__)


def way_in() -> ByProvider:
    """The way in by the provider; raises Problem 404 where none is set up."""
    found = desk().by_provider
    if found is None:
        raise Problem(404, "not-found")
    return found


@routes.get("/masuk/instansi")
def begin() -> Response:
    """To the provider."""
    return _to_provider(onward())


@routes.get("/undangan/<token>/instansi")
def accept(token: str) -> Response:
    """To the provider, to be the account that an invitation is for."""
    return _to_provider("/", token[:100])


@routes.get(BACK)
def back() -> Response:
    """Back from the provider, with a code or with what went wrong."""
    given = request.args.to_dict(flat=False)
    # A name that stands twice means one thing to us and another to whoever looked at it before.
    answer = {name: values[0] for name, values in given.items()} if all(len(one) == 1 for one in given.values()) else {}
    try:
        tried, to = way_in().finish(request.cookies.get(_name(), ""), answer, here(), cookie())
    except NotIn as no:
        response = _refused(no)
    else:
        response = entered(tried, to)
    response.delete_cookie(_name(), path="/", secure=_secure(), httponly=True, samesite="Lax")
    return response


def _to_provider(to: str, invitation: str = "") -> Response:
    found = way_in()
    # A page elsewhere must not change as whom somebody works here.
    if from_here(desk().door.settings) is False:
        raise NotAllowed("not-from-here")
    try:
        begun = found.begin(to, invitation)
    except Away:
        return _refused(NotIn("provider-away"))
    response = away(begun.address)
    response.set_cookie(_name(), begun.cookie, WITHIN, path="/", secure=_secure(), httponly=True, samesite="Lax")
    return response


def _refused(no: NotIn) -> Response:
    """The sign-in page, with why it was not the provider's."""
    told = desk().texts.refusal(no.slug, {"seconds": no.wait})
    response = drawn("sign_in", STATUS.get(no.slug, 401), onward="/", name="", told=told, subject=no.subject)
    if no.wait or no.slug == "provider-away":
        response.headers["Retry-After"] = str(no.wait or 30)
    return response


def _name() -> str:
    """The cookie of a sign-in that is under way."""
    return f"{cookie_name(desk().door.settings)}-in"


def _secure() -> bool:
    return desk().door.settings.public_url.startswith("https:")
