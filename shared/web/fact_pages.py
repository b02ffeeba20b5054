"""From a fact to the page of its thing; who may read the fact alone gets it alone."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, request

from shared.errors import NotFound
from shared.facts import aggregate_id
from shared.web.access import who
from shared.web.body import query
from shared.web.drawing import away, page
from shared.web.history import NEWEST, history
from shared.web.rights import looked_at, stands
from shared.web.site import Site


def facts(site: Site, blueprint: Blueprint) -> None:
    """The route `/fakta/<id>`: a sibling needs to know no other path of ours to tell why something happened.

    With `?sendiri=1` the fact stands alone also for who may see its thing.
    """

    @blueprint.get("/fakta/<uuid:id>")
    def fact(id: UUID) -> Response:
        with site.runtime.store.db.reading() as session:
            row = session.one("SELECT stream, version FROM events WHERE id = :id", id=str(id))
        if row is None:
            raise NotFound("not-found")
        aggregate, thing = site.service.aggregate(str(row[0]).split("/")[1]), aggregate_id(row[0])
        found = looked_at(site, aggregate, [thing])[thing]
        alone, older = query(request, {"sendiri"}), found.version - row[1] >= NEWEST
        if not alone and stands(site, aggregate, found.state)[1]:
            whole = "?riwayat=semua" if older else ""
            return away(f"/{site.service.name}/{aggregate.path}/{thing}{whole}#v{row[1]}")
        line = next((one for one in history(site, found) if one.version == row[1]), None)
        if line is None:
            raise NotFound("not-found")
        return page(site, "pages/fact", who(site), line=line, aggregate=aggregate)
