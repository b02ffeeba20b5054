"""The generic pages: a service's front, a register, one aggregate with its timeline; a new command needs no new view."""

from __future__ import annotations

import dataclasses
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, Response, render_template, request

from shared.decider import Actor
from shared.registers.register import Register
from shared.registers.table import Kept
from shared.service import Aggregate
from shared.store.recorded import moment
from shared.web.access import who
from shared.web.body import query
from shared.web.listing import chosen, filters, legal, limit_of, shown, timeline
from shared.web.rights import may_read, reading
from shared.web.rights import page as page_seen
from shared.web.site import Site


def pages(site: Site) -> Blueprint:
    """The routes under `/<service>/`."""
    blueprint = Blueprint("pages", __name__, url_prefix=f"/{site.service.name}")

    @blueprint.get("/")
    def front() -> Response:
        return _page(site, "front", who(site), listings=list(_listings(site)))

    for path, register, aggregate in site.listings:
        view = _register(site, path, register, aggregate)
        blueprint.add_url_rule(f"/{path}/", f"register-{path}", view)
        if aggregate:
            blueprint.add_url_rule(f"/{path}/<uuid:id>", f"show-{path}", _show(site, aggregate))
    return blueprint


def _page(site: Site, template: str, actor: Actor | None, **values: Any) -> Response:
    body = render_template(f"pages/{template}.html", site=site, texts=site.texts, service=site.service, actor=actor, **values)
    response = Response(body)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Vary"] = "Authorization"
    return response


def _listings(site: Site) -> Any:
    for path, register, _ in site.listings:
        yield {
            "href": f"/{site.service.name}/{path}/",
            "title": site.texts.label("register", register.name),
            "source": None if register.source == "own" else register.source,
            "open": may_read(site, register),
        }


def _register(site: Site, path: str, register: Register[Any], aggregate: Aggregate | None) -> Any:
    columns = _columns(register)

    def view() -> Response:
        actor = reading(site, register)
        given = query(request, {"cursor", "limit", *filters(register)})
        equal, limit = chosen(register, given), limit_of(given.get("limit"))
        found = page_seen(site, register, given.get("cursor"), limit, equal)
        start = f"/{site.service.name}/{path}/"
        return _page(
            site,
            "register",
            actor,
            title=site.texts.label("register", register.name),
            heads=[site.texts.label("field", f"{register.name}.{name}") for name in columns],
            rows=[_line(site, kept, columns, start if aggregate else None) for kept in found.items],
            following=f"{start}?{urlencode({**given, 'cursor': found.next})}" if found.next else None,
            first=start if given else None,
            creating=legal(site, aggregate, None) if aggregate else [],
            creators=_creators(site, aggregate),
            register=register,
        )

    return view


def _columns(register: Register[Any]) -> tuple[str, ...]:
    return register.shown or tuple(field.name for field in dataclasses.fields(register.row))[:6]


def _line(site: Site, kept: Kept, columns: tuple[str, ...], start: str | None) -> dict[str, Any]:
    cells = [site.texts.shown(getattr(kept.row, name)) for name in columns]
    return {"cells": cells, "href": f"{start}{kept.id}" if start else None}


def _creators(site: Site, aggregate: Aggregate | None) -> list[str]:
    """The labels of the commands that would fill an empty register."""
    rows = aggregate.commands if aggregate else ()
    return [site.texts.label("command", row.command.__name__) for row in rows if row.creates]


def _show(site: Site, aggregate: Aggregate) -> Any:
    register = aggregate.register

    def view(id: UUID) -> Response:
        actor = reading(site, register)
        kept, version = shown(site, aggregate, id)
        names = [field.name for field in dataclasses.fields(register.row)]
        facts = timeline(site, aggregate, id)
        return _page(
            site,
            "show",
            actor,
            title=site.texts.shown(getattr(kept.row, _columns(register)[0])),
            aggregate=site.texts.label("aggregate", aggregate.name),
            back=f"/{site.service.name}/{aggregate.path}/",
            back_title=site.texts.label("register", register.name),
            fields=[
                (site.texts.label("field", f"{register.name}.{name}"), site.texts.shown(getattr(kept.row, name)))
                for name in names
            ],
            version=version,
            legal=legal(site, aggregate, id),
            timeline=[{**fact, "at": site.texts.shown(moment(fact["recorded_at"]))} for fact in reversed(facts)],
            api=site.api(f"{aggregate.path}/{id}"),
        )

    return view
