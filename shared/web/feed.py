"""The feed over HTTP: on the public listener for everyone by right, on the worker's internal one for siblings."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from flask import Blueprint, Flask, Response, request

from shared.bus.feed import LONGEST_WAIT, VIEWS, LogForked, batch, headers
from shared.decider import Actor
from shared.envelope import BATCH_TYPE, to_batch
from shared.errors import NotAllowed
from shared.execute import Runtime
from shared.identity.accounts import by_machine_token
from shared.ops import metrics
from shared.ops.ending import ending
from shared.settings import Settings
from shared.store import Store
from shared.web import problems
from shared.web.access import who
from shared.web.problems import Problem
from shared.web.sight import visibilities
from shared.web.site import Site
from shared.web.texts import texts_of

DEFAULT_LIMIT, MOST = 100, 1000
READINGS = {
    "after": r"\d{1,18}",
    "limit": r"[1-9]\d{0,8}",
    "wait": r"\d{1,9}(\.\d{1,6})?",
    "view": "|".join(VIEWS),
    "incarnation": r"[\w-]{1,64}",
}


class Waiting:
    """How many requests of this process wait for news; those beyond `most` are answered at once, so that pages never starve."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._count = 0

    @contextmanager
    def seat(self, most: int) -> Iterator[bool]:
        """Whether this request may wait."""
        with self._lock:
            seated = self._count < most
            self._count += seated
        try:
            yield seated
        finally:
            with self._lock:
                self._count -= seated


_waiting = Waiting()


def feed_blueprint(site: Site) -> Blueprint:
    """`GET feed` on the public listener: the public view for anyone, the interagency view for those who may read such facts."""
    blueprint = Blueprint("feed", __name__)

    @blueprint.get("/feed")
    def feed() -> Response:
        return answer(site.runtime.store, who(site), max(1, site.settings.web_threads // 2), ending)

    return blueprint


def internal_app(runtimes: Mapping[str, Runtime], settings: Settings, most: int, stopping: Callable[[], bool]) -> Flask:
    """`GET /<service>/feed` for siblings with their machine token, and nothing else."""
    app = Flask("shared.web.internal", static_folder=None)
    problems.register(app, texts_of(None, settings.zone), settings.public_url)

    @app.get("/<service>/feed")
    def feed(service: str) -> Response:
        given = request.authorization
        token = given.token if given is not None and given.type == "bearer" else None
        actor = by_machine_token(settings.secret_keys, token) if token else None
        if actor is None:
            raise Problem(401, "not-signed-in", headers={"WWW-Authenticate": 'Bearer realm="PKP"'})
        if service not in runtimes:
            raise Problem(404, "not-found")
        return answer(runtimes[service].store, actor, most, stopping)

    return app


def answer(store: Store, actor: Actor | None, most: int, stopping: Callable[[], bool] = lambda: False) -> Response:
    """One page for this request; `most` requests may wait at a time. Raises Problem."""
    view, after, limit, wait, incarnation = _asked()
    _check_right(view, actor)
    service = store.service.name
    with _waiting.seat(most) as seated:
        try:
            page = batch(store, view, after, limit, wait if seated else 0.0, incarnation, stopping)
        except LogForked as forked:
            metrics.feed_requests.labels(service, view, "409").inc()
            raise Problem(409, "log-forked", headers=headers(view, forked.lineage, store.head())) from forked
    metrics.feed_requests.labels(service, view, "200").inc()
    response = Response(to_batch(page.envelopes), mimetype=BATCH_TYPE, headers=headers(view, page.lineage, page.head))
    response.headers["Cache-Control"] = "no-store"
    return response


def _check_right(view: str, actor: Actor | None) -> None:
    """A view is given whole or refused; never another in its place."""
    if set(VIEWS[view]) <= visibilities(actor):
        return
    if actor is None:
        raise Problem(401, "not-signed-in", headers={"WWW-Authenticate": 'Bearer realm="PKP"'})
    raise NotAllowed("not-allowed-to-read")


def _asked() -> tuple[str, int, int, float, str | None]:
    """View, after, limit, wait and incarnation as asked; raises Problem 400 that names each bad parameter."""
    given = request.args
    for name in given:
        if name not in READINGS or len(given.getlist(name)) > 1:
            slug = "parameter-malformed" if name in READINGS else "parameter-unknown"
            raise Problem(400, slug, errors=[{"parameter": name[:100], "slug": slug}])
    bad = [name for name, text in given.items() if not re.fullmatch(READINGS[name], text, re.ASCII)]
    if bad:
        raise Problem(400, "parameter-malformed", errors=[{"parameter": name, "slug": "parameter-malformed"} for name in bad])
    limit, wait = int(given.get("limit", DEFAULT_LIMIT)), float(given.get("wait", 0))
    view, after = given.get("view", "public"), int(given.get("after", 0))
    return view, after, min(limit, MOST), min(wait, LONGEST_WAIT), given.get("incarnation")
