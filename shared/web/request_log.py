"""What is logged and measured of every request."""

from __future__ import annotations

import random
import re
import time

import structlog
from flask import Flask, Request, Response, g
from structlog.contextvars import bind_contextvars, clear_contextvars

from shared.ops import metrics
from shared.web.body import asked

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")

log = structlog.get_logger()


def log_requests(app: Flask, service: str) -> None:
    """One line and one measurement per request of `app`: what was asked of which route, never with which values."""

    @app.before_request
    def begin() -> None:
        given = asked()
        id = given.headers.get("X-Request-ID", "")
        if not REQUEST_ID.fullmatch(id):
            id = f"{random.getrandbits(64):016x}"
        g.request_id, g.began = id, time.perf_counter()
        bind_contextvars(service=service, request_id=id, route=_route(given))

    @app.after_request
    def end(response: Response) -> Response:
        given = asked()
        took = time.perf_counter() - g.get("began", time.perf_counter())
        response.headers["X-Request-ID"] = g.get("request_id", "")
        metrics.http_seconds.labels(service, given.method, _route(given), str(response.status_code)).observe(took)
        log.info("request", method=given.method, status=response.status_code, ms=round(took * 1000, 1))
        return response

    @app.teardown_request
    def forget(error: BaseException | None) -> None:
        clear_contextvars()


def _route(given: Request) -> str:
    """The route's template, `/membership/api/v1/members/<uuid:id>`: ids and search words stay out of logs and labels."""
    return given.url_rule.rule if given.url_rule else "unmatched"
