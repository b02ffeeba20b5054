"""The pages of a service: its front, its registers, its things, a form for every command, and what it adds by hand."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from typing import Any

from flask import Blueprint, Response

from shared.web.access import who
from shared.web.chains import chains
from shared.web.developers import developers
from shared.web.drawing import page, words_of
from shared.web.fact_pages import facts
from shared.web.form_pages import forms
from shared.web.fragments import fragments
from shared.web.health_pages import health
from shared.web.own_pages import own_pages
from shared.web.register_pages import register_page
from shared.web.row_pages import row_page
from shared.web.show_pages import show_page
from shared.web.sight import may_read
from shared.web.site import Site
from shared.web.texts import package_of


def pages(site: Site) -> Blueprint:
    """The routes under `/<service>/`; a new command or register needs no new view."""
    own_templates = str(files(package_of(site.service)).joinpath("templates"))
    blueprint = Blueprint("pages", __name__, url_prefix=f"/{site.service.name}", template_folder=own_templates)

    @blueprint.get("/")
    def front() -> Response:
        return page(site, "pages/front", who(site), listings=list(_listings(site)))

    for path, register, aggregate in site.listings:
        blueprint.add_url_rule(f"/{path}/", f"register-{path}", register_page(site, path, register, aggregate))
        if aggregate:
            blueprint.add_url_rule(f"/{path}/<uuid:id>", f"show-{path}", show_page(site, aggregate))
        else:
            blueprint.add_url_rule(f"/{path}/<path:key>", f"row-{path}", row_page(site, path, register))
    forms(site, blueprint)
    facts(site, blueprint)
    chains(site, blueprint)
    fragments(site, blueprint)
    developers(site, blueprint)
    health(site, blueprint)
    own_pages(site.service).extend(site, blueprint)
    return blueprint


def _listings(site: Site) -> Iterator[dict[str, Any]]:
    texts = words_of(site)
    for path, register, _ in site.listings:
        yield {
            "href": f"/{site.service.name}/{path}/",
            "title": texts.label("register", register.name),
            "source": None if register.source == "own" else register.source,
            "open": may_read(site, register),
        }
