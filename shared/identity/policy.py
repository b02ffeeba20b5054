"""Who may what: roles and relations against the tables of a service's front door; what nobody is granted, nobody may."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from shared.decider import Actor
from shared.facts import INTERAGENCY, PUBLIC, RESTRICTED, SECRET, Visibility, info
from shared.identity.roles import CHAIR, MACHINE, MEDIATOR, MEMBER, PARTNER, SECRETARIAT, STEERING
from shared.identity.roles import PUBLIC as PUBLIC_ROLE
from shared.registers.register import Register
from shared.service import Aggregate, Directory, Does, Reads, Service

# The rule of the house, where an aggregate says nothing else.
HOUSE: dict[Visibility, Reads] = {
    INTERAGENCY: Reads((SECRETARIAT, CHAIR, STEERING, MEMBER, PARTNER, MEDIATOR, MACHINE)),
    RESTRICTED: Reads((SECRETARIAT, CHAIR, MEDIATOR)),
    SECRET: Reads(),
}
ORDER = (PUBLIC, INTERAGENCY, RESTRICTED, SECRET)
OF_MEMBERS = frozenset({MEMBER, PARTNER, MEDIATOR})  # what a suspended organisation's people lose
OF_THE_HOUSE = frozenset({SECRETARIAT, CHAIR})  # what its people lose where their own house is concerned
STEPS_IN = frozenset({STEERING})  # who acts for them there
OWN_CASE = frozenset({"party"})  # what nobody loses
OFFICES = {"chair": CHAIR, "steering": STEERING, "secretary": SECRETARIAT}


def acting(actor: Actor, directory: Directory | None, registers: Any, today: date) -> Actor:
    """The actor with the rights that a service's own directory leaves and lends it today."""
    if directory is None or MACHINE in actor.roles:
        return actor
    if actor.organisation is not None and not directory.active(registers, actor.organisation):
        return replace(actor, roles=actor.roles - OF_MEMBERS, resting=True)
    lent = [(kind, office) for kind, office in directory.offices(registers, actor.account, today) if office in OFFICES]
    if not lent:
        return actor
    roles = actor.roles | {str(OFFICES[office]) for _, office in lent}
    return replace(actor, roles=roles, office="-".join(lent[0]))


@dataclass(frozen=True)
class Standing:
    """What an actor is to one aggregate: the roles that count there, and its relations to it."""

    roles: frozenset[str]
    relations: frozenset[str] = frozenset()

    def has(self, granted: Does | Reads) -> bool:
        """Whether a row of a table is for it."""
        return PUBLIC_ROLE in granted.roles or bool(self.roles & set(granted.roles) or self.relations & set(granted.relations))

    def owns(self, granted: Reads, fact: Any) -> bool:
        """Whether it is a relation to the very part that a fact names."""
        return any(f"{name}:{getattr(fact, part, None)}" in self.relations for name, part in granted.own.items())


NOBODY = Standing(frozenset())
STRANGER = Actor("public", frozenset({str(PUBLIC_ROLE)}))  # whoever sends what everybody may send


def standing(actor: Actor | None, aggregate: Aggregate, state: Any, host: UUID | None) -> Standing:
    """What an actor is to an aggregate in this state. Nobody judges his own house: where the organisation that hosts the
    secretariat is itself concerned, its people lose the aggregate, and the steering team acts for secretariat and chair."""
    if actor is None:
        return NOBODY
    relations = aggregate.decider.relations(state, actor)
    if actor.resting:
        relations = frozenset(one for one in relations if one.partition(":")[0] in OWN_CASE)
    if not own_house(aggregate, state, host):
        return Standing(actor.roles, relations)
    if actor.roles & OF_THE_HOUSE and actor.organisation in (None, host):
        relations = frozenset()
    roles = actor.roles - OF_THE_HOUSE
    return Standing(roles | OF_THE_HOUSE if STEERING in roles else roles, relations)


def own_house(aggregate: Aggregate, state: Any, host: UUID | None) -> bool:
    """Whether the organisation that hosts the secretariat is itself concerned."""
    if not aggregate.own_house or host is None:
        return False
    return aggregate.own_house in aggregate.decider.relations(state, Actor("", organisation=host))


# --- reading ------------------------------------------------------------------------------------------------------


def grants(aggregate: Aggregate | None, visibility: Visibility, fact: type | None = None) -> tuple[Reads, ...]:
    """Who reads facts of a visibility, or this fact, of an aggregate (None: of a sibling): any of these grants is enough."""
    given = aggregate.reads if aggregate else {}
    if fact is not None and fact in given:
        return (given[fact],)
    wider = (RESTRICTED,) if visibility == INTERAGENCY else ()  # whoever knows the file knows what the province is told of it
    return tuple(given.get(one) or HOUSE[one] for one in (visibility, *wider))


def may_read_fact(found: Standing, aggregate: Aggregate, fact: Any) -> bool:
    """Whether a fact of this aggregate may be shown to whoever is that to it."""
    visibility = info(type(fact)).visibility
    return visibility == PUBLIC or any(
        found.has(one) or found.owns(one, fact) for one in grants(aggregate, visibility, type(fact))
    )


def behind(service: Service, register: Register[Any]) -> Aggregate | None:
    """The one aggregate whose facts a register folds; None for siblings' facts and for those of several aggregates."""
    owners = {service.aggregate_of[fact].name for fact in register.folds if fact in service.aggregate_of}
    return service.aggregate(owners.pop()) if register.source == "own" and len(owners) == 1 else None


def needed(service: Service, register: Register[Any]) -> list[tuple[Reads, ...]]:
    """What one needs to read a row of a register: a grant of each of these; nothing for a public one.

    A register that is not public is at least for the province's working group.
    """
    if register.public:
        return []
    found: dict[tuple[str, Visibility | type], tuple[Reads, ...]] = {}
    for fact in register.folds:
        owner = service.aggregate_of.get(fact) if register.source == "own" else None
        visibility = max(info(fact).visibility, INTERAGENCY, key=ORDER.index)
        apart = owner is not None and fact in owner.reads
        found[owner.name if owner else "", fact if apart else visibility] = grants(owner, visibility, fact)
    return list(found.values())


def always(actor: Actor, asked: Iterable[tuple[Reads, ...]]) -> bool:
    """Whether the roles alone grant each of what is asked."""
    return all(any(actor.roles & set(one.roles) for one in some) for some in asked)


def sometimes(actor: Actor, asked: Iterable[tuple[Reads, ...]], aggregate: Aggregate | None) -> bool:
    """Whether there may be rows that the actor may read: for each of what is asked, a role or some relation would do."""
    steps_in = STEPS_IN if aggregate and aggregate.own_house else frozenset[str]()
    return all(any(actor.roles & {*one.roles, *steps_in} or one.relations or one.own for one in some) for some in asked)


def may_read_row(found: Standing, asked: Iterable[tuple[Reads, ...]], row: Any) -> bool:
    """Whether a row may be shown to whoever is that to its aggregate."""
    return all(any(found.has(one) or found.owns(one, row) for one in some) for some in asked)


def may_read_some(found: Standing, asked: Iterable[tuple[Reads, ...]]) -> bool:
    """Whether there may be rows of an aggregate that whoever is that to it may read."""
    named = {one.partition(":")[0] for one in found.relations}
    return all(any(found.has(one) or named & set(one.own) for one in some) for some in asked)


def roles_of(asked: list[tuple[Reads, ...]]) -> frozenset[str]:
    """The roles that read every row of what is asked, as documents name them."""
    each = [frozenset(str(role) for one in some for role in one.roles) for some in asked]
    return frozenset.intersection(*each) if each else frozenset()


def relations_of(asked: list[tuple[Reads, ...]]) -> frozenset[str]:
    """The relations by which one reads rows of what is asked, as documents name them."""
    return frozenset(name for some in asked for one in some for name in (*one.relations, *one.own))
