"""The front door: Beranda, Meja Kerja, Menunggu Keputusan, Cari; each a shell with one fragment per service."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, render_template, request

from shared.decider import Actor
from shared.identity.accounts import Accounts
from shared.settings import Settings
from shared.web.access import who
from shared.web.body import query
from shared.web.composing import Composer
from shared.web.drawing import private
from shared.web.languages import switch
from shared.web.problems import Problem
from shared.web.texts import Texts, texts_of


@dataclass(frozen=True)
class Front:
    """The door of the front page: it knows accounts, and no rights but theirs."""

    settings: Settings
    accounts: Accounts

    def acting(self, actor: Actor) -> Actor:
        """The actor as its account says."""
        return actor


SHELLS = {"/": "home", "/meja-kerja": "tasks", "/menunggu-keputusan": "decisions", "/cari": "search"}


def front(door: Front, composer: Composer, all_texts: Sequence[Texts]) -> Blueprint:
    """The routes of the front door; `door` knows who asks, `all_texts` are those of the services in this process."""
    blueprint, own = Blueprint("front", __name__), texts_of(None, door.settings.zone)
    blueprint.register_blueprint(switch())

    def shell(path: str, fragment: str) -> None:
        def view() -> Response:
            given = query(request, {"q"} if fragment == "search" else set())
            actor: Actor | None = who(door)
            pieces = composer.pieces(fragment)
            page = render_template(f"front/{fragment}.html", actor=actor, pieces=pieces, asked=given.get("q", "")[:100])
            return private(Response(page))

        blueprint.add_url_rule(path, f"shell-{fragment}", view)

    for path, fragment in SHELLS.items():
        shell(path, fragment)

    @blueprint.get("/untuk-pengembang")
    def developers() -> Response:
        return private(Response(render_template("front/developers.html", actor=who(door))))

    @blueprint.get("/problems/<slug>")
    def rule(slug: str) -> Response:
        known = (texts.refusal(slug) for texts in (own, *all_texts) if texts.find("refusal", slug))
        sentences = list(dict.fromkeys(known))
        if not sentences:
            raise Problem(404, "not-found")
        return Response(render_template("pages/rule.html", slug=slug, sentences=sentences))

    return blueprint
