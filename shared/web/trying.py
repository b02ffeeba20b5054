"""What only a demo has: roles at one click, one case to follow, a look behind the scenes, a date to move, a fresh start."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Flask, Response, render_template, request

from shared.clock import Clock
from shared.identity.demo_clock import DemoClock
from shared.identity.roles import DEMO_ACCOUNTS, Role
from shared.ops import fresh
from shared.settings import Settings
from shared.web.access import Door, own_origin, who
from shared.web.body import query
from shared.web.composing import Composer
from shared.web.drawing import away, private
from shared.web.problems import Problem

STEPS = (1, 7, 30)  # days
TASKS = {
    Role.SECRETARIAT: ("mengelola anggota, perkara, dan tenggat", "/meja-kerja"),
    Role.CHAIR: ("memutuskan yang menunggu", "/menunggu-keputusan"),
    Role.STEERING: ("mengarahkan, dan bertindak bila ketua berhalangan", "/menunggu-keputusan"),
    Role.MEMBER: ("menanggapi rekomendasi, mengusulkan advokasi", "/meja-kerja"),
    Role.PARTNER: ("ikut serta dari luar pemerintah", "/meja-kerja"),
    Role.MEDIATOR: ("memimpin perkara yang ditugaskan", "/meja-kerja"),
    Role.PARTY: ("mengikuti perkaranya sendiri", "/meja-kerja"),
    Role.OPERATOR: ("menjaga sistem, tanpa melihat isi", "/membership/kesehatan"),
}


def demo_roles() -> list[tuple[str, str, str, str]]:
    """(account, role, what it does, where it begins) of every account of the demo."""
    return [(name, str(role), *TASKS.get(role, ("", "/meja-kerja"))) for name, role in DEMO_ACCOUNTS.items()]


def demo_words(app: Flask, clock: Clock) -> None:
    """What the layout of a demo says on every page."""
    app.jinja_env.globals.update(demo_roles=demo_roles, demo_today=clock.today)


def trying(door: Door, composer: Composer, settings: Settings, clock: Clock) -> Blueprint:
    """The routes `/mencoba`, `/ikuti-perkara` and `/di-balik-layar` of a demo."""
    blueprint = Blueprint("trying", __name__)

    def shown(name: str, fragment: str = "") -> Response:
        pieces = composer.pieces(fragment) if fragment else []
        given = query(request, {"maju", "ulang"})
        page = render_template(
            f"front/{name}.html",
            actor=who(door),
            pieces=pieces,
            moved="maju" in given,
            resetting="ulang" in given,
            resettable=fresh.possible(settings),
        )
        return private(Response(page))

    blueprint.add_url_rule("/mencoba", "trying", lambda: shown("trying"))
    blueprint.add_url_rule("/ikuti-perkara", "story", lambda: shown("story", "story"))
    blueprint.add_url_rule("/di-balik-layar", "behind", lambda: shown("behind", "behind"))

    @blueprint.post("/mencoba/tanggal")
    def advance() -> Response:
        own_origin(door)
        days = request.form.get("days", "")
        if not isinstance(clock, DemoClock) or days not in map(str, STEPS):
            raise Problem(400, "bad-request")
        clock.advance(timedelta(days=int(days)))
        return away("/mencoba?maju=1#tanggal")

    @blueprint.post("/mencoba/atur-ulang")
    def reset() -> Response:
        own_origin(door)
        if not fresh.possible(settings):
            raise Problem(404, "not-found")
        fresh.wish(settings)
        return away("/mencoba?ulang=1#ulang")

    return blueprint
