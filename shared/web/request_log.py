"""What is logged and measured of every request."""

from __future__ import annotations

import random
import re
import time

import structlog
from flask import Flask, Response, g, request
from structlog.contextvars import bind_contextvars, clear_contextvars

from shared.ops import metrics

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")

log = structlog.get_logger()


def log_requests(app: Flask, service: str) -> None:
    """One line and one measurement per request of `app`: what was asked of which route, never with which values."""

    @app.before_request
    def begin() -> None:
        given = request.headers.get("X-Request-ID", "")
        g.request_id = given if REQUEST_ID.fullmatch(given) else f"{random.getrandbits(64):016x}"
        g.began = time.perf_counter()
        bind_contextvars(service=service, request_id=g.request_id, route=_route())

    @app.after_request
    def end(response: Response) -> Response:
        took = time.perf_counter() - g.get("began", time.perf_counter())
        response.headers["X-Request-ID"] = g.get("request_id", "")
        metrics.http_seconds.labels(service, request.method, _route(), str(response.status_code)).observe(took)
        log.info("request", method=request.method, status=response.status_code, ms=round(took * 1000, 1))
        return response

    @app.teardown_request
    def forget(error: BaseException | None) -> None:
        clear_contextvars()


def _route() -> str:
    """The route's template, `/membership/api/v1/members/<uuid:id>`: ids and search words stay out of logs and labels."""
    return request.url_rule.rule if request.url_rule else "unmatched"
