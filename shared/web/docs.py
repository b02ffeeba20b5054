"""The documents of a service: OpenAPI, AsyncAPI and a page to read them, all from this origin."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import cache
from typing import Any

from flask import Blueprint, Response, render_template, request

from shared.contracts.asyncapi import asyncapi
from shared.contracts.generate import examples_of, written
from shared.service import Service

POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def documents(service: Service, openapi: Callable[[], dict[str, Any]]) -> Blueprint:
    """The routes `openapi.json`, `asyncapi.json` and `docs` of a service; `openapi` gives its web application's document.

    They hold nothing of the province: whoever reaches the service may read them.
    """
    blueprint = Blueprint(
        "documents",
        __name__,
        template_folder="templates",
        static_folder="static/swagger-ui",
        static_url_path="/docs/files",
    )

    @cache
    def of_facts() -> str:
        return written(asyncapi(service, examples_of(service)))

    @cache
    def of_commands() -> str:
        return written(openapi())

    @blueprint.get("/openapi.json")
    def openapi_json() -> Response:
        return _document(of_commands())

    @blueprint.get("/asyncapi.json")
    def asyncapi_json() -> Response:
        return _document(of_facts())

    @blueprint.get("/docs")
    def docs() -> Response:
        nonce = secrets.token_urlsafe(16)
        response = Response(render_template("documents/swagger_ui.html", nonce=nonce, title=service.name))
        response.headers["Content-Security-Policy"] = POLICY.format(nonce=nonce)
        response.headers["Cache-Control"] = "no-store"
        return response

    return blueprint


def _document(text: str) -> Response:
    """A JSON document that a client keeps until it changes."""
    response = Response(text, content_type="application/json")
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response
