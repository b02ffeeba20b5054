"""How a service is doing, for those who keep it running: its log, what it has heard of siblings, what waits to be handled again.

Nothing of what facts say is told here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask import Blueprint, Response

from shared.decider import Actor
from shared.delivery.letters import listed, retry
from shared.delivery.postbox import Letter
from shared.delivery.sibling import siblings
from shared.errors import NotAllowed
from shared.identity.roles import OPERATOR, SECRETARIAT, Role
from shared.store.recorded import moment
from shared.web.access import somebody
from shared.web.drawing import away, page, words_of
from shared.web.menu import SERVICES
from shared.web.site import Site

SEE, ACT = frozenset({OPERATOR, SECRETARIAT}), frozenset({OPERATOR})


@dataclass(frozen=True)
class Heard:
    """What this service holds of a sibling: up to which position of its log, and when the last of it came."""

    name: str
    position: int
    last: str
    waiting: int


def health(site: Site, blueprint: Blueprint) -> None:
    """The routes `/kesehatan`, and to have a letter handled again."""

    @blueprint.get("/kesehatan")
    def doing() -> Response:
        actor = _one_of(site, SEE)
        letters = [(one, words_of(site).shown(moment(one.opened_at))) for one in listed(site.runtime.store)]
        return page(
            site,
            "pages/health",
            actor,
            services=SERVICES,
            head=site.runtime.store.head(),
            heard=list(_heard(site, [one for one, _ in letters])),
            letters=letters,
            may_act=bool(actor.roles & ACT),
        )

    @blueprint.post("/kesehatan/surat/<id>/ulang")
    def again(id: str) -> Response:
        _one_of(site, ACT)
        retry(site.runtime, id)
        return away(f"/{site.service.name}/kesehatan")


def _one_of(site: Site, roles: frozenset[Role]) -> Actor:
    """Who asks; raises Problem 401, and NotAllowed for other roles."""
    actor = somebody(site)
    if not actor.roles & roles:
        raise NotAllowed("not-allowed")
    return actor


def _heard(site: Site, letters: Sequence[Letter]) -> Iterator[Heard]:
    """What this service holds of each sibling that it listens to."""
    for one in siblings(site.service, site.settings.province):
        with site.runtime.store.db.reading() as session:
            row = session.one("SELECT position FROM sources WHERE source = :source", source=one.source)
            last = session.one(
                "SELECT kept_at FROM envelopes WHERE source = :source ORDER BY position DESC LIMIT 1", source=one.source
            )
        came = words_of(site).shown(moment(last[0])) if last and last[0] else ""
        waiting = sum(letter.source == one.source for letter in letters)
        yield Heard(one.name, int(row[0]) if row else 0, came, waiting)
