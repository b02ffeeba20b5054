"""The page of one row of a register that lists no aggregate: what stands in it, and the way to the thing it belongs to."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from flask import Response

from shared.registers.register import Register
from shared.service import Aggregate
from shared.web.access import who
from shared.web.described import described
from shared.web.drawing import called, page, words_of
from shared.web.rights import seen_among
from shared.web.sight import reading
from shared.web.sight import row as row_seen
from shared.web.site import Site

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def row_page(site: Site, path: str, register: Register[Any]) -> Any:
    """The view of one row."""

    def view(key: str) -> Response:
        reading(site, register)
        kept, texts = row_seen(site, register, key), words_of(site)
        return page(
            site,
            "pages/row",
            who(site),
            title=called(register, kept, texts),
            start=f"/{site.service.name}/{path}/",
            register_title=texts.label("register", register.name),
            state=described(kept.row, register.name, texts),
            thing=_thing(site, register, kept.id),
            api=site.api(f"{path}/{key}"),
        )

    return view


def _thing(site: Site, register: Register[Any], key: str) -> tuple[str, str] | None:
    """(label, address) of the aggregate whose id begins the key, for those who may see it."""
    found = _ID.match(key)
    if register.source != "own" or found is None:
        return None
    for aggregate in site.service.aggregates:
        if _folds_facts_of(register, aggregate) and seen_among(site, aggregate, [UUID(found[0])]):
            return words_of(site).label("aggregate", aggregate.name), f"/{site.service.name}/{aggregate.path}/{found[0]}"
    return None


def _folds_facts_of(register: Register[Any], aggregate: Aggregate) -> bool:
    return any(fact in register.folds for fact in aggregate.decider.facts)
