"""Every error as problem details (RFC 9457): a stable type, an Indonesian sentence, pointers, and never a value."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import marshmallow as ma
from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException

from shared.errors import Busy, Hidden, InvalidShape, NotAllowed, Refused, VersionMismatch
from shared.shape import plain
from shared.web.answers import json_response
from shared.web.texts import Texts

log = logging.getLogger(__name__)

SLUGS = {
    400: "bad-request",
    401: "not-signed-in",
    403: "not-allowed",
    404: "not-found",
    405: "method-not-allowed",
    413: "body-too-large",
    415: "not-json",
    500: "internal-error",
    503: "busy",
}
FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
CARRIED = ("Allow", "Retry-After", "WWW-Authenticate")


class Problem(Exception):
    """A request that is answered with problem details. `more` are extension members, `about` fills the sentence."""

    def __init__(
        self,
        status: int,
        slug: str,
        *,
        errors: Sequence[Mapping[str, Any]] = (),
        headers: Mapping[str, str] | None = None,
        more: Mapping[str, Any] | None = None,
        about: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(slug)
        self.status = status
        self.slug = slug
        self.errors = errors
        self.headers = headers or {}
        self.more = more or {}
        self.about = about or {}


class ErrorSchema(ma.Schema):
    """A field that was refused."""

    pointer = ma.fields.String(metadata={"description": "JSON pointer (RFC 6901) into the body."})
    parameter = ma.fields.String(metadata={"description": "The query parameter, where it is one."})
    slug = ma.fields.String(required=True, metadata={"description": "Stable name of the rule."})
    detail = ma.fields.String(metadata={"description": "What is wrong, in Indonesian."})


class ProblemSchema(ma.Schema):
    """Problem details (RFC 9457)."""

    type = ma.fields.String(required=True, metadata={"description": "URL that ends with the slug.", "format": "uri"})
    title = ma.fields.String(required=True, metadata={"description": "What is wrong and what to do, in Indonesian."})
    status = ma.fields.Integer(required=True)
    slug = ma.fields.String(required=True, metadata={"description": "Stable name of the problem."})
    errors = ma.fields.List(ma.fields.Nested(ErrorSchema))
    legal = ma.fields.List(ma.fields.Dict(), metadata={"description": "On 409: what may be done now."})
    current = ma.fields.Integer(metadata={"description": "On 412: the present version."})


def as_problem(error: Exception) -> Problem:
    """Any exception as the problem that the caller is told."""
    match error:
        case Problem():
            return error
        case VersionMismatch():
            return Problem(412, error.slug, more={"current": error.current})
        case InvalidShape():
            return Problem(error.status, error.slug, errors=error.errors, about=error.about)
        case Refused():
            pointed = [{"pointer": error.pointer, "slug": error.slug, "about": error.about}] if error.pointer else []
            return Problem(error.status, error.slug, errors=pointed, about=error.about)
        case Busy():
            return Problem(503, "busy", headers={"Retry-After": str(error.retry_after)})
        case HTTPException():
            code = error.code or 500
            kept = {name: value for name, value in error.get_headers() if name in CARRIED}
            return Problem(code, SLUGS.get(code, "bad-request" if code < 500 else "internal-error"), headers=kept)
    return Problem(500, "internal-error")


def answer(problem: Problem, texts: Texts, public_url: str) -> Response:
    """The response, for machines."""
    body: dict[str, Any] = {
        "type": f"{public_url}/problems/{problem.slug}",
        "title": texts.refusal(problem.slug, problem.about),
        "status": problem.status,
        "slug": problem.slug,
        **plain(dict(problem.more)),
    }
    if problem.errors:
        body["errors"] = [_told(error, texts) for error in problem.errors]
    response = json_response(body, problem.status, dict(problem.headers))
    response.content_type = "application/problem+json"
    return response


def _told(error: Mapping[str, Any], texts: Texts) -> dict[str, Any]:
    shown = {name: value for name, value in error.items() if name != "about"}
    return {**shown, "detail": texts.refusal(error["slug"], error.get("about"))}


def _page(problem: Problem, texts: Texts) -> Response:
    """The response, for people."""
    title = texts.refusal(problem.slug, problem.about)
    response = Response(render_template("pages/problem.html", problem=problem, title=title), problem.status)
    response.headers.update(problem.headers)
    response.headers["Cache-Control"] = "no-store"
    return response


def _for_people() -> bool:
    """Whether a browser asks for a page, or has sent a form."""
    if "/api/" in request.path:
        return False
    if request.method not in {"GET", "HEAD"} and request.mimetype not in FORMS:
        return False
    return request.accept_mimetypes.best_match(["application/problem+json", "application/json", "text/html"]) == "text/html"


def register(app: Flask, texts: Texts, public_url: str, audit: Callable[[Any], None] | None = None) -> None:
    """Answer every error of `app` with a problem; `audit` is told of each refusal before the caller is."""

    def handle(error: Exception) -> Response:
        if isinstance(error, HTTPException) and (error.response is not None or (error.code or 500) < 400):
            return Response.force_type(error.get_response())  # type: ignore[return-value]
        if audit is not None and isinstance(error, NotAllowed | Hidden):
            try:
                audit(error)
            except Busy as busy:
                error = busy
        problem = as_problem(error)
        if problem.status == 500:
            _log(error)
        return _page(problem, texts) if _for_people() else answer(problem, texts, public_url)

    app.register_error_handler(Exception, handle)
    app.register_error_handler(HTTPException, handle)


def _log(error: Exception) -> None:
    """Where it broke, without the message: that may hold what somebody entered."""
    cause = getattr(error, "original_exception", None) or error
    frames = "".join(traceback.format_tb(cause.__traceback__))
    log.error("unexpected %s on %s\n%s", type(cause).__name__, request.url_rule, frames)
