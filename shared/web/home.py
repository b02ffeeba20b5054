"""The front page of the origin, and the pages that the types of problems point to."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response, render_template

from shared.identity.roles import DEMO_ACCOUNTS
from shared.settings import Settings
from shared.web.problems import Problem
from shared.web.site import Site
from shared.web.texts import Texts, texts_of


def home(sites: Sequence[Site], settings: Settings) -> Blueprint:
    """The routes `/` and `/problems/<slug>`."""
    blueprint = Blueprint("home", __name__)
    own = texts_of(None, settings.zone)

    @blueprint.get("/")
    def front() -> Response:
        told = [_told(site) for site in sites]
        return Response(render_template("pages/home.html", sites=told, demo_accounts=list(DEMO_ACCOUNTS)))

    @blueprint.get("/problems/<slug>")
    def rule(slug: str) -> Response:
        sentences = _sentences([own, *(site.texts for site in sites)], slug)
        if not sentences:
            raise Problem(404, "not-found")
        return Response(render_template("pages/rule.html", slug=slug, sentences=sentences))

    return blueprint


def _told(site: Site) -> dict[str, object]:
    listings = [
        {"href": f"/{site.service.name}/{path}/", "title": site.texts.label("register", register.name)}
        for path, register, _ in site.listings
    ]
    return {"name": site.service.name, "title": site.texts.label("service", site.service.name), "listings": listings}


def _sentences(all_texts: Sequence[Texts], slug: str) -> list[str]:
    """What a slug means in each service, each sentence once."""
    found = (texts.refusal(slug) for texts in all_texts if texts.find("refusal", slug))
    return list(dict.fromkeys(found))
