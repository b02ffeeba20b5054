"""What a caller may read of a service: registers row by row, facts one by one; what is confidential is audited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shared.decider import Actor
from shared.errors import Hidden, NotAllowed, NotFound
from shared.facts import INTERAGENCY, LEAVING, PUBLIC, RESTRICTED, SECRET, Visibility, info
from shared.identity import policy
from shared.registers.reading import Page, Registers, Within
from shared.registers.register import Register
from shared.registers.table import Kept
from shared.service import Aggregate
from shared.store import Recorded
from shared.web import audit
from shared.web.access import stranger, who
from shared.web.rights import Seen, host_of, judged_own, looked_at
from shared.web.site import Site

CONFIDENTIAL = frozenset({RESTRICTED, SECRET})
MOST = 100_000  # rows that are counted one by one
CHUNK = 200  # rows that are looked at together, to fill one page of those that may be seen


def may_read(site: Site, register: Register[Any]) -> bool:
    """Whether there may be rows of a register that this caller may read."""
    asked, actor = policy.needed(site.service, register), who(site)
    return not asked or (actor is not None and policy.sometimes(actor, asked, policy.behind(site.service, register)))


def reading(site: Site, register: Register[Any]) -> Actor | None:
    """Who reads a register; raises Problem 401 or NotAllowed, the same whatever is in it."""
    actor = who(site)
    if not may_read(site, register):
        if actor is None:
            raise stranger()
        raise NotAllowed("not-allowed-to-read")
    return actor


@dataclass(frozen=True)
class Sight:
    """What a caller may see of a register: rows of some aggregates, all of theirs (`exact`) or those that it leaves of them."""

    site: Site
    register: Register[Any]
    aggregate: Aggregate | None
    within: Within
    exact: bool

    def __call__(self, rows: Sequence[Kept]) -> list[Kept]:
        """The rows that may be seen, each asked of its own thing as it stands now."""
        if self.aggregate is None:
            return []
        asked, ids = policy.needed(self.site.service, self.register), {row.id: UUID(row.id[:36]) for row in rows}
        found = looked_at(self.site, self.aggregate, list(dict.fromkeys(ids.values())))
        return [row for row in rows if (one := found.get(ids[row.id])) and policy.may_read_row(one.standing, asked, row.row)]


NOTHING = Within(frozenset())


def sight(site: Site, register: Register[Any]) -> Sight | None:
    """What this caller may see of a register; None when that is all of it."""
    asked, actor, aggregate = policy.needed(site.service, register), who(site), policy.behind(site.service, register)
    all_by_role = actor is not None and policy.always(actor, asked)
    if not asked or (all_by_role and not judged_own(site, aggregate)):
        return None
    if actor is None or aggregate is None:
        return Sight(site, register, aggregate, NOTHING, True)
    host = host_of(site) if aggregate.own_house else None

    def seen(state: Any) -> bool:
        return policy.may_read_some(policy.standing(actor, aggregate, state, host), asked)

    if all_by_role:
        hidden = site.states.those(aggregate, ("hidden", register.name, actor, host), lambda state: not seen(state))
        return Sight(site, register, aggregate, Within(hidden, without=True), True)
    within = Within(site.states.those(aggregate, ("seen", register.name, actor, host), seen))
    return Sight(site, register, aggregate, within, not any(one.own for some in asked for one in some))


def page(
    site: Site, register: Register[Any], after: str | None, limit: int, equal: dict[str, Any], past: Registers | None = None
) -> Page:
    """A page of the rows that this caller may see today, as they are or as they stood in the `past`.

    The read is audited where they are confidential.
    """
    look, registers = sight(site, register), past or site.runtime.store.registers()
    within = look.within if look else None
    if look is None or look.exact:
        found = registers.page(register, after=after, limit=limit, within=within, **equal)
    else:
        kept: list[Kept] = []
        while len(kept) <= limit:
            some = registers.page(register, after=after, limit=CHUNK, within=within, **equal)
            kept += look(some.items)
            after = some.next
            if after is None:
                break
        found = Page(kept[:limit], kept[limit - 1].id if len(kept) > limit else after)
    told(site, register, [one.id for one in found.items])
    return found


def row(site: Site, register: Register[Any], key: str) -> Kept:
    """One row that this caller may see. Raises NotFound, the same whether it is missing or hidden."""
    kept = site.runtime.store.registers().shown(register, key) if key.isprintable() else None
    look = sight(site, register)
    if kept is None or (look is not None and not look([kept])):
        raise Hidden("not-found") if look is not None else NotFound("not-found")
    told(site, register, [kept.id])
    return kept


@dataclass(frozen=True)
class SeenRegisters:
    """A service's registers as this caller may see them: for what a page offers or fills in beside the thing that it shows."""

    site: Site

    def row(self, register: Register[Any], key: str) -> Any:
        """One row, or None."""
        kept = self.site.runtime.store.registers().shown(register, key)
        look = sight(self.site, register)
        return kept.row if kept and (look is None or look([kept])) else None

    def rows(self, register: Register[Any], limit: int = 1000, **equal: Any) -> list[tuple[str, Any]]:
        """(key, row) of the rows whose columns equal the given values, by the position of their last fact."""
        look, registers = sight(self.site, register), self.site.runtime.store.registers()
        found = registers.rows(register, limit, look.within if look else None, **equal)
        if look is None or look.exact:
            return found
        left = {one.id for one in look([Kept(key, 0, 0, row) for key, row in found])}
        return [(key, row) for key, row in found if key in left]

    def count(self, register: Register[Any], **equal: Any) -> int:
        """How many rows there are whose columns equal the given values."""
        return len(self.rows(register, MOST, **equal))


def told(site: Site, register: Register[Any], keys: Sequence[str]) -> None:
    """Audit that rows of a register are about to be told, where they are confidential; without the entry nothing is told."""
    if keys and any(info(fact).visibility in CONFIDENTIAL for fact in register.folds):
        audit.read(site, register.name, keys)


def facts_seen(site: Site, found: Seen) -> list[tuple[Recorded, Any]]:
    """The facts of an aggregate that this caller may read, decoded, oldest first; audited where they are confidential."""
    decoded = [(one, site.service.types.decode(one.type, one.data)) for one in found.recorded]
    shown = [(one, fact) for one, fact in decoded if policy.may_read_fact(found.standing, found.aggregate, fact)]
    if any(one.visibility in CONFIDENTIAL for one, _ in shown):
        audit.read(site, found.aggregate.name, [found.recorded[0].stream.rpartition("/")[2]])
    return shown


def readers(site: Site, register: Register[Any]) -> tuple[frozenset[str], frozenset[str]] | None:
    """The roles and the relations that read rows of a register, as documents name them; None for everyone."""
    asked = policy.needed(site.service, register)
    return (policy.roles_of(asked), policy.relations_of(asked)) if asked else None


def visibilities(actor: Actor | None) -> frozenset[Visibility]:
    """The visibilities whose facts leave this service for this caller, whatever they are about."""
    asked = [policy.grants(None, INTERAGENCY)[:1]]
    return frozenset(LEAVING) if actor is not None and policy.always(actor, asked) else frozenset({PUBLIC})
