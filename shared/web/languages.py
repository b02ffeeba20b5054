"""The two languages of the interface: Indonesian, in which it is written, and English out of one catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from babel.messages.pofile import read_po
from flask import Blueprint, Flask, Response, abort, g, has_request_context, request
from flask_babel import Babel
from markupsafe import Markup

HOME, LANGUAGES = "id", {"id": "Bahasa Indonesia", "en": "English"}
COOKIE, KEPT = "bahasa", 365 * 24 * 3600


def language() -> str:
    """The language of the page that is drawn; Indonesian for machines and outside of a request."""
    try:
        found: str = g.language  # a page asks for it hundreds of times
    except (AttributeError, RuntimeError):  # the first time, or outside of all requests
        if not has_request_context():
            return HOME
        chosen = HOME if "/api/" in request.path else request.cookies.get(COOKIE, HOME)
        found = g.language = chosen if chosen in LANGUAGES else HOME
    return found


def translated(text: str) -> str:
    """A sentence of the interface in the language of this page."""
    return _in(language(), text)


def _in(code: str, text: str) -> str:
    return text if code == HOME else catalogue("shared.web", code).get(("", text), text)


@cache
def catalogue(package: str, code: str) -> Mapping[tuple[str, str], str]:
    """The texts of `translations/<code>.po` of a package by (kind, key), read once; nothing when there is no such file."""
    file = files(package).joinpath("translations").joinpath(f"{code}.po")
    if not file.is_file():
        return {}
    with file.open("rb") as source:
        read = read_po(source, locale=code)
    return {(one.context or "", str(one.id)): str(one.string) for one in read if one.id and one.string}


def speak(app: Flask) -> None:
    """Let the templates of `app` say `_("...")`, and its dates follow the language of the page."""
    Babel(app, default_locale=HOME, locale_selector=language)
    app.jinja_env.install_gettext_callables(translated, _counted, newstyle=True)  # type: ignore[attr-defined]
    app.jinja_env.globals.update(_=_said, language=language, languages=LANGUAGES)


def _said(text: str, /, **values: Any) -> Markup:
    """`_("...")` as jinja2 would say it, without asking the page's context who translates: a page says a hundred sentences."""
    return Markup(translated(text)) % values if values else _plain(language(), text)


@cache
def _plain(code: str, text: str) -> Markup:
    return Markup(_in(code, text)) % {}


def _counted(one: str, many: str, n: int) -> str:
    """Indonesian has no plural: the sentence for many, in this language, serves for one, too."""
    return translated(many)


def switch() -> Blueprint:
    """The route `/bahasa/<code>`: keeps the language in a cookie and goes back to where the visitor was."""
    blueprint = Blueprint("languages", __name__)

    @blueprint.get("/bahasa/<code>")
    def choose(code: str) -> Response:
        if code not in LANGUAGES:
            abort(404)
        came = urlsplit(request.headers.get("Referer", ""))
        own = came.netloc == request.host and came.path.startswith("/") and not came.path.startswith(("//", "/\\", "/bahasa"))
        back = (came.path + (f"?{came.query}" if came.query else "")) if own else "/"
        response = Response("", 303, {"Location": back, "Cache-Control": "no-store"})
        response.set_cookie(COOKIE, code, max_age=KEPT, path="/", httponly=True, samesite="Lax", secure=request.is_secure)
        return response

    return blueprint
