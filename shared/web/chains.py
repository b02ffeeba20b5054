"""The page of a chain: everything in this service that one decision led to, with the way on to the siblings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, Response

from shared.errors import NotFound
from shared.facts import aggregate_id
from shared.service import Aggregate
from shared.store.recorded import moment
from shared.web.access import who
from shared.web.drawing import called, page, words_of
from shared.web.history import Line, history
from shared.web.menu import SERVICES
from shared.web.rights import looked_at
from shared.web.sight import may_read, sight
from shared.web.site import Site

MOST = 200  # facts of one chain that are looked at
_CHAIN = re.compile(r"[0-9a-zA-Z-]{16,80}")


@dataclass(frozen=True)
class Link:
    """One fact of a chain, and the thing that it belongs to."""

    title: str
    kind: str
    href: str
    line: Line


def chains(site: Site, blueprint: Blueprint) -> None:
    """The route `/rangkaian/<correlation id>`."""

    @blueprint.get("/rangkaian/<chain>")
    def show(chain: str) -> Response:
        if not _CHAIN.fullmatch(chain):
            raise NotFound("not-found")
        links = links_of(site, chain)
        siblings = [name for name in SERVICES if name != site.service.name]
        return page(site, "pages/chain", who(site), chain=chain, links=links, siblings=siblings)


def links_of(site: Site, chain: str) -> list[Link]:
    """The facts of a chain that this caller may read, oldest first."""
    with site.runtime.store.db.reading() as session:
        rows = session.rows(
            "SELECT stream, position FROM events WHERE correlation_id = :chain ORDER BY position LIMIT :most",
            chain=chain,
            most=MOST,
        )
    positions = {int(row[1]) for row in rows}
    things = dict.fromkeys((str(row[0]).split("/")[1], aggregate_id(row[0])) for row in rows)
    found = [link for name, id in things for link in _of(site, site.service.aggregate(name), id, positions)]
    return sorted(found, key=lambda one: (moment(one.line.recorded_at), one.line.position))


def _of(site: Site, aggregate: Aggregate, id: UUID, positions: set[int]) -> list[Link]:
    """The links of one aggregate, none where its page is closed to this caller."""
    kept = site.runtime.store.registers().shown(aggregate.register, str(id))
    look = sight(site, aggregate.register)
    if kept is None or not may_read(site, aggregate.register) or (look is not None and not look([kept])):
        return []
    texts = words_of(site)
    title, kind = called(aggregate.register, kept, texts), texts.label("aggregate", aggregate.name)
    href = f"/{site.service.name}/{aggregate.path}/{id}"
    lines = history(site, looked_at(site, aggregate, [id])[id])
    return [Link(title, kind, f"{href}#v{line.version}", line) for line in lines if line.position in positions]
