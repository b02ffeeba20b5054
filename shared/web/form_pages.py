"""The form of every command, drawn from its fields; what it sends goes the way of all commands."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, Response, request

from shared.errors import NotAllowed, NotFound, Refused
from shared.execute import Done
from shared.facts import kebab
from shared.service import Aggregate, Does
from shared.web.access import who
from shared.web.command_form import Form, Told
from shared.web.drawing import away, page, words_of
from shared.web.own_pages import own_pages
from shared.web.rights import legal, permitted, seen
from shared.web.sent import changed
from shared.web.site import Site

NEW = "baru"


def forms(site: Site, blueprint: Blueprint) -> None:
    """The routes `/<aggregates>/baru/<command>` and `/<aggregates>/<id>/<command>`."""
    for aggregate, row in site.service.sent:
        view = _view(Form(site, aggregate, row))
        blueprint.add_url_rule(rule(aggregate, row), f"form-{kebab(row.command.__name__)}", view, methods=["GET", "POST"])


def rule(aggregate: Aggregate, row: Does) -> str:
    """The route of a command's form within its service."""
    if row.creates:
        return f"/{aggregate.path}/{NEW}/{kebab(row.command.__name__)}"
    return f"/{aggregate.path}/<uuid:id>/{row.path}"


def address(site: Site, aggregate: Aggregate, row: Does, id: UUID | None) -> str:
    """Where the form of a command is."""
    return f"/{site.service.name}" + rule(aggregate, row).replace("<uuid:id>", str(id))


def _view(form: Form) -> Any:
    def view(id: UUID | None = None) -> Response:
        actor, again = permitted(form.site, form.aggregate, form.row, id)
        if request.method != "POST":
            return form.draw(id, _open(form, id), actor)
        button = request.form.get("_rows")
        told = form.sent(id, keep=button is not None)
        if button is not None:
            changed(told.data, form.row.command, button)
            told.looked = True
            return form.draw(id, told, actor)
        try:
            done = form.send(id, told, actor, again)
        except (NotAllowed, NotFound):
            raise
        except Refused as no:
            return form.draw(id, form.refused(id, told, no), actor)
        return _done(form, done)

    return view


def _open(form: Form, id: UUID | None) -> Told:
    """A fresh form, which says so when its command cannot be sent now."""
    told = form.fresh(id)
    if form.row not in legal(form.site, form.aggregate, id):
        told.above.append(words_of(form.site).refusal("not-now"))
        told.status = 409
    return told


def _done(form: Form, done: Done) -> Response:
    """On to the page of the thing, which says what was recorded; to a word of thanks for who may not see it."""
    site, aggregate = form.site, form.aggregate
    query = urlencode({"tercatat": kebab(form.row.command.__name__), "versi": done.version, "fakta": len(done.facts)})
    try:
        seen(site, aggregate, done.id)
    except NotFound:
        title = words_of(site).label("command", form.row.command.__name__)
        thanks = own_pages(site.service).thanks.get(form.row.command)
        told = thanks(site.runtime.store.registers(), done.id) if thanks else {}
        return page(site, "pages/done", who(site), title=title, told=told)
    return away(f"/{site.service.name}/{aggregate.path}/{done.id}?{query}#isi")
