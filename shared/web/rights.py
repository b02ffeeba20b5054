"""What a caller is to a thing and may do there: the policy, asked with the state of things, which is folded once per request."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from uuid import UUID

from flask import g, request

from shared.decider import Actor
from shared.errors import Hidden, NotAllowed, NotFound
from shared.identity import policy
from shared.identity.policy import Standing
from shared.identity.roles import PUBLIC as PUBLIC_ROLE
from shared.identity.roles import STEERING
from shared.identity.throttle import Throttle
from shared.service import Aggregate, Does
from shared.store import Recorded
from shared.web.access import address, stranger, who
from shared.web.problems import Problem
from shared.web.site import Site


@dataclass(frozen=True)
class Seen:
    """One aggregate as this caller meets it: its facts, its state, what the caller is to it."""

    aggregate: Aggregate
    recorded: list[Recorded]
    state: Any
    standing: Standing

    @property
    def version(self) -> int:
        """The version of its stream."""
        return self.recorded[-1].version if self.recorded else 0


def host_of(site: Site) -> UUID | None:
    """The organisation that hosts the secretariat, looked up once per request."""
    if "host" not in g:
        directory = site.service.directory
        g.host = directory.host(site.runtime.store.registers()) if directory else None
    found: UUID | None = g.host
    return found


def looked_at(site: Site, aggregate: Aggregate, ids: Sequence[UUID]) -> dict[UUID, Seen]:
    """Aggregates with what the caller is to them, each folded once per request; those without facts are left out."""
    known: dict[tuple[str, UUID], Seen] = g.setdefault("looked_at", {})
    actor, host = who(site), host_of(site) if aggregate.own_house else None
    missing = {site.runtime.stream(aggregate.name, id): id for id in ids if (aggregate.name, id) not in known}
    for stream, recorded in (site.runtime.store.streams(list(missing)) if missing else {}).items():
        state = site.runtime.fold(aggregate, recorded)
        found = Seen(aggregate, recorded, state, policy.standing(actor, aggregate, state, host))
        known[aggregate.name, missing[stream]] = found
    return {id: known[aggregate.name, id] for id in ids if (aggregate.name, id) in known}


def seen(site: Site, aggregate: Aggregate, id: UUID) -> Seen:
    """One aggregate that the caller may see. Raises NotFound, the same whether it is missing or hidden."""
    found = looked_at(site, aggregate, [id]).get(id)
    if found is None or not _visible(site, found):
        raise _no_such(site, aggregate)
    return found


def seen_among(site: Site, aggregate: Aggregate, ids: Sequence[UUID]) -> set[UUID]:
    """Those of these aggregates that the caller may see."""
    return {id for id, one in looked_at(site, aggregate, ids).items() if _visible(site, one)}


def _no_such(site: Site, aggregate: Aggregate) -> NotFound:
    """The answer for what is missing or hidden, the same in what it says and in what it takes: whoever may not see all
    of these leaves an entry in the audit trail either way."""
    actor, asked = who(site), policy.needed(site.service, aggregate.register)
    sees_all = not asked or (actor is not None and policy.always(actor, asked) and not judged_own(site, aggregate))
    return (NotFound if sees_all else Hidden)(aggregate.missing)


def judged_own(site: Site, aggregate: Aggregate | None) -> bool:
    """Whether some of these may be the own house of the secretariat."""
    return aggregate is not None and bool(aggregate.own_house) and host_of(site) is not None


def _visible(site: Site, found: Seen) -> bool:
    asked = policy.needed(site.service, found.aggregate.register)
    return policy.may_read_row(found.standing, asked, None)


def concerns_own_house(site: Site, aggregate: Aggregate, state: Any) -> bool:
    """Whether the organisation that hosts the secretariat is itself concerned, so that the steering team acts."""
    return policy.own_house(aggregate, state, host_of(site) if aggregate.own_house else None)


# --- doing --------------------------------------------------------------------------------------------------------


def permitted(site: Site, aggregate: Aggregate, row: Does, id: UUID | None) -> tuple[Actor, Callable[[Any], None]]:
    """Who may send this command, with the roles that count there, and the question to be asked again of the state decided on.

    Raises Problem 401, NotAllowed, and NotFound where the caller may not even see the thing.
    """
    actor = _sender(site, row)
    by_role = Standing(actor.roles).has(row)
    judged = judged_own(site, aggregate)
    again = partial(_again, site, aggregate, row, actor, host_of(site) if judged else None)
    if id is None or (by_role and not judged):
        if not by_role:
            raise NotAllowed("not-allowed")
        return actor, again
    if not by_role and not row.relations and not (judged and STEERING in actor.roles):
        raise NotAllowed("not-allowed")  # whatever is there: so nothing is told of it
    found = looked_at(site, aggregate, [id]).get(id)
    if found is not None and found.standing.has(row):
        return replace(actor, roles=found.standing.roles), again
    if found is None or not _visible(site, found):
        raise _no_such(site, aggregate)
    raise NotAllowed("not-allowed")


def _sender(site: Site, row: Does) -> Actor:
    """Who sends a command; a stranger where everybody may, so many times in a while. Raises Problem 401 or 429."""
    actor = who(site)
    if actor is not None:
        return actor
    if PUBLIC_ROLE not in row.roles:
        raise stranger()
    if request.method == "POST":
        throttle = Throttle(site.accounts.database, site.settings.secret_key)
        wait = throttle.begin_public(address(site.settings))
        if wait:
            raise Problem(429, "too-many-tries", headers={"Retry-After": str(wait)}, about={"seconds": wait})
    return policy.STRANGER


def _again(site: Site, aggregate: Aggregate, row: Does, actor: Actor, host: UUID | None, state: Any) -> None:
    if not policy.standing(actor, aggregate, state, host).has(row):
        raise NotAllowed("not-allowed")


def may(site: Site, aggregate: Aggregate, row: Does, id: UUID | None) -> bool:
    """Whether this caller may send a command, as far as rights go."""
    actor = who(site) or policy.STRANGER
    if row.creates != (id is None):
        return False
    if id is None:
        return Standing(actor.roles).has(row)
    found = looked_at(site, aggregate, [id]).get(id)
    return found is not None and found.standing.has(row)


def legal(site: Site, aggregate: Aggregate, id: UUID | None) -> list[Does]:
    """The commands that this caller may send now: those that its rights and the state allow."""
    actor = who(site) or policy.STRANGER
    rows = [row for row in aggregate.commands if may(site, aggregate, row, id)]
    if not rows:
        return []
    if id is None:
        return site.runtime.legal(aggregate.name, aggregate.decider.initial, rows, site.examples, actor)
    found = looked_at(site, aggregate, [id])[id]
    counting = replace(actor, roles=found.standing.roles)
    return site.runtime.legal(aggregate.name, found.state, rows, site.examples, counting)


def stands(site: Site, aggregate: Aggregate, state: Any) -> tuple[Standing, bool]:
    """What this caller is to an aggregate in a state that is at hand, and whether it may see the aggregate's page."""
    host = host_of(site) if aggregate.own_house else None
    standing = policy.standing(who(site), aggregate, state, host)
    return standing, policy.may_read_row(standing, policy.needed(site.service, aggregate.register), None)
