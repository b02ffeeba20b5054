"""The generic API: one route per row of the command table, one list per register."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, Request, Response, request

from shared import shape
from shared.errors import NotFound, WrongState
from shared.execute import Caller, Done
from shared.registers.reading import Registers
from shared.registers.register import Register
from shared.registers.table import Kept
from shared.service import Aggregate, Does
from shared.web import api_docs
from shared.web.answers import json_response
from shared.web.api_docs import NAME, Route, View
from shared.web.body import asked, idempotency_key, if_match, query, read_json, traceparent
from shared.web.listing import as_of, as_of_day, chosen, filters, legal, limit_of, row_json, shown, timeline
from shared.web.problems import Problem
from shared.web.rights import permitted, seen
from shared.web.sight import page as page_seen
from shared.web.sight import reading, told
from shared.web.sight import row as row_seen
from shared.web.site import Site


def routes(site: Site) -> list[Route]:
    """What is served under `/<service>/api/v1`, and what the document says of it."""
    made = []
    for path, register, aggregate in site.listings:
        told = partial(api_docs.listing, site, path, register, aggregate)
        made.append(Route(f"/{path}", f"list-{path}", _list(site, path, register), told))
        if aggregate is None:
            told = partial(api_docs.row, site, path, register)
            made.append(Route(f"/{path}/<path:key>", f"show-{path}", _show_row(site, register), told))
            continue
        told = partial(api_docs.show, site, path, register, aggregate)
        made.append(Route(f"/{path}/<uuid:id>", f"show-{path}", _show(site, aggregate), told))
        told = partial(api_docs.timeline, site, path, register, aggregate)
        made.append(Route(f"/{path}/<uuid:id>/timeline", f"timeline-{path}", _timeline(site, aggregate), told))
    for aggregate, row in site.service.sent:
        rule = f"/{aggregate.path}" if row.creates else f"/{aggregate.path}/<uuid:id>/{row.path}"
        told = partial(api_docs.command, site, aggregate, row)
        made.append(Route(rule, row.command.__name__, _send(site, aggregate, row), told, "POST"))
    return made


def api(site: Site, served: Iterable[Route]) -> Blueprint:
    """The routes under `/<service>/api/v1`."""
    blueprint = Blueprint(NAME, __name__, url_prefix=f"/{site.service.name}/api/v1")
    for one in served:
        blueprint.add_url_rule(one.rule, one.name, one.view, methods=[one.method])
    return blueprint


# --- commands -----------------------------------------------------------------------------------------------------


def _send(site: Site, aggregate: Aggregate, row: Does) -> View:
    def view(id: UUID | None = None) -> Response:
        actor, again = permitted(site, aggregate, row, id)
        given = asked()
        query(given, set())
        key = idempotency_key(given)
        expected = _expected(given, site, aggregate, id)
        command: Any = shape.read(row.command, read_json(given))
        caller = Caller("caller", actor.account, key, actor, traceparent=traceparent(given), permitted=again)
        try:
            done = site.runtime.execute(command, aggregate.name, id, caller, expected)
        except WrongState as refusal:
            more = {"legal": legal(site, aggregate, id)}
            raise Problem(409, refusal.slug, more=more, about=refusal.about) from None
        return _answer(site, aggregate, row, done)

    return view


def _expected(given: Request, site: Site, aggregate: Aggregate, id: UUID | None) -> int | None:
    """The version that the caller saw; raises Problem 400 or 412."""
    if "If-Match" not in given.headers:
        return None
    if id is None:
        if_match(given, 0)
        raise Problem(412, "version-mismatch", more={"current": 0})
    recorded = site.runtime.store.stream(site.runtime.stream(aggregate.name, id))
    return if_match(given, recorded[-1].version if recorded else 0)


def _answer(site: Site, aggregate: Aggregate, row: Does, done: Done) -> Response:
    """The same answer for the same command, however often it is sent."""
    body = {"id": str(done.id), "version": done.version, "position": done.position, "facts": list(done.facts)}
    headers = {"ETag": f'"{done.version}"'}
    if row.creates and done.version:
        headers["Location"] = f"{site.api(aggregate.path)}/{done.id}"
    if done.repeated:
        headers["Idempotency-Replayed"] = "true"
    return json_response(body, 201 if row.creates and done.facts else 200, headers)


# --- reading ------------------------------------------------------------------------------------------------------


def _list(site: Site, path: str, register: Register[Any]) -> View:
    def view() -> Response:
        reading(site, register)
        given = query(request, {"cursor", "limit", *filters(register), *as_of(register)})
        equal, limit = chosen(register, given), limit_of(given.get("limit"))
        with _registers(site, register, given.get("as_of")) as past:
            page = page_seen(site, register, given.get("cursor"), limit, equal, past)
        headers = {}
        if page.next:
            following = urlencode({**given, "limit": limit, "cursor": page.next})
            headers["Link"] = f'<{site.api(path)}?{following}>; rel="next"'
        return json_response({"items": [row_json(kept) for kept in page.items], "next": page.next}, headers=headers)

    return view


@contextmanager
def _registers(site: Site, register: Register[Any], day: str | None) -> Iterator[Registers | None]:
    """The registers as they stood at the end of a day; None for now."""
    wanted = as_of_day(site, register, day, "as_of")
    if wanted is None:
        yield None
        return
    with site.past.at(register, site.past.position(wanted)) as database:
        yield Registers(database)


def _then(site: Site, aggregate: Aggregate, id: UUID, day: str) -> Kept:
    """An aggregate's row as it stood at the end of a day; today's rights apply. Raises NotFound where it was not yet."""
    seen(site, aggregate, id)
    with _registers(site, aggregate.register, day) as past:
        kept = past and past.shown(aggregate.register, str(id))
    if not kept:
        raise NotFound(aggregate.missing)
    told(site, aggregate.register, [kept.id])
    return kept


def _show(site: Site, aggregate: Aggregate) -> View:
    def view(id: UUID) -> Response:
        reading(site, aggregate.register)
        given = query(request, as_of(aggregate.register))
        if "as_of" in given:
            return json_response({**row_json(_then(site, aggregate, id, given["as_of"])), "legal": []})
        kept, version = shown(site, aggregate, id)
        body = {**row_json(kept, version), "legal": legal(site, aggregate, id)}
        return _unless_held(json_response(body, headers={"ETag": f'"{version}"'}))

    return view


def _show_row(site: Site, register: Register[Any]) -> View:
    def view(key: str) -> Response:
        reading(site, register)
        query(request, set())
        kept = row_seen(site, register, key)
        return _unless_held(json_response(row_json(kept), headers={"ETag": f'"{kept.position}"'}))

    return view


def _unless_held(response: Response) -> Response:
    """304 when the caller holds this version (If-None-Match)."""
    response.make_conditional(request)
    return response


def _timeline(site: Site, aggregate: Aggregate) -> View:
    def view(id: UUID) -> Response:
        reading(site, aggregate.register)
        query(request, set())
        return json_response({"items": timeline(site, aggregate, id)})

    return view
