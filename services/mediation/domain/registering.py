"""How a case begins: it is registered with its parties, and it is said who speaks for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from services.mediation.domain.case import Case, PartyState
from services.mediation.domain.rules import listed, require_party_of, require_stage
from services.mediation.domain.sides import axis_of, require_parties
from services.mediation.domain.terms import ENDED, Axis, NewParty, Party, Source, Stage
from services.mediation.domain.tracking import tracking_code
from shared.decider import Given
from shared.errors import BrokenRule, UnknownReference, WrongState
from shared.facts import RESTRICTED, area_code, command, fact, numbered, personal, several, text
from shared.rules import happened, of_the_province, on_behalf

SCREEN_WITHIN = 5  # working days


@fact(visibility=RESTRICTED)
class ConflictRegistered:
    """A conflict was registered with its parties and the right that somebody feels neglected in."""

    case_id: UUID
    number: str
    title: str
    parties: tuple[Party, ...]
    axis: Axis
    area_code: str = area_code()
    claim: str
    on: date
    tracking_code: str
    screening_due: date
    request_id: UUID | None = None
    registered_by: UUID | None = None
    on_behalf_of: Source | None = None


@fact(visibility=RESTRICTED)
class SpokespersonNamed:
    """It was said who speaks for a party and with which account; the party and the mediator read it, other parties do not."""

    case_id: UUID
    party_id: UUID
    spokesperson: str | None = personal(of="party_id", least=2, most=120, default=None)
    contact: str | None = personal(of="party_id", least=3, default=None)
    account: str | None = None


@command
class RegisterCase:
    """Register a conflict between parties."""

    title: str = text(5, 200)
    parties: tuple[NewParty, ...] = several(1, 60)
    area_code: str = area_code()
    claim: str = text(10, 4000, multiline=True)
    request_id: UUID | None = None
    on: date | None = None
    on_behalf_of: Source | None = None


@command
class NameSpokesperson:
    """Say who speaks for a party, and with which account."""

    party_id: UUID
    spokesperson: str | None = text(2, 120, default=None)
    contact: str | None = text(3, 200, default=None)
    account: str | None = text(1, 80, default=None)


def register(state: Case, wish: RegisterCase, given: Given) -> Sequence[Any]:
    """A case gets its number, its tracking code (that of its request, if any) and the axis that follows from its parties."""
    if state.stage:
        raise WrongState("case-already-registered", number=state.number)
    on = happened(wish.on, given)
    of_the_province(wish.area_code, given, "/area_code")
    require_parties(wish.parties, given)
    ids = [given.new_id(n) for n, _ in enumerate(wish.parties, 2)]
    begun = ConflictRegistered(
        case_id=given.new_id(0),
        number=numbered("MED", given.today.year),
        title=wish.title,
        parties=tuple(party_of(id, party) for id, party in zip(ids, wish.parties, strict=True)),
        axis=axis_of(wish.parties),
        area_code=wish.area_code,
        claim=wish.claim,
        on=on,
        tracking_code=code_of_request(wish, given) or tracking_code(given.new_id(1)),
        screening_due=given.workdays.after(on, SCREEN_WITHIN),
        request_id=wish.request_id,
        registered_by=given.actor.organisation,
        on_behalf_of=on_behalf(wish.on_behalf_of, given),
    )
    after = registered(state, begun)
    named = (spokesperson_of(after.id, id, party) for id, party in zip(ids, wish.parties, strict=True))
    return [begun, *(one for one in named if one), listed(after, Stage.REGISTERED, on)]


def code_of_request(wish: RegisterCase, given: Given) -> str | None:
    """The code by which the requester goes on; `given.known["request"]` is (tracking code, whether it still waits) or None."""
    if wish.request_id is None:
        return None
    found: tuple[str, bool] | None = given.known["request"]
    if found is None:
        raise UnknownReference("unknown-request", "/request_id")
    code, waits = found
    if not waits:
        raise BrokenRule("request-already-answered", "/request_id")
    return code


def party_of(id: UUID, new: NewParty) -> Party:
    """The party as everybody in the case knows it."""
    return Party(
        party_id=id, kind=new.kind, name=new.name, organisation_id=new.organisation_id, is_complainant=new.is_complainant
    )


def spokesperson_of(case_id: UUID, id: UUID, new: NewParty) -> SpokespersonNamed | None:
    """Who speaks for it, apart."""
    if new.spokesperson is None and new.contact is None and new.account is None:
        return None
    return SpokespersonNamed(
        case_id=case_id, party_id=id, spokesperson=new.spokesperson, contact=new.contact, account=new.account
    )


def name_spokesperson(state: Case, wish: NameSpokesperson, given: Given) -> Sequence[Any]:
    """Whoever speaks for a party may change as long as the case lives."""
    require_stage(state, [stage for stage in Stage if stage not in ENDED])
    require_party_of(state, wish.party_id)
    if state.parties[wish.party_id].organisation_id is None and wish.spokesperson is None:
        raise BrokenRule("group-without-spokesperson", "/spokesperson", name="")
    return [SpokespersonNamed(case_id=state.id, **vars(wish))]


def party_state(party: Party) -> PartyState:
    """A party as rules remember it."""
    return PartyState(party.kind, party.organisation_id, party.is_complainant)


def registered(state: Case, fact: ConflictRegistered) -> Case:
    """The case begins."""
    return Case(
        id=fact.case_id,
        number=fact.number,
        title=fact.title,
        claim=fact.claim,
        stage=Stage.REGISTERED,
        axis=fact.axis,
        area_code=fact.area_code,
        request_id=fact.request_id,
        registered_by=fact.registered_by,
        registered_on=fact.on,
        screening_due=fact.screening_due,
        parties={party.party_id: party_state(party) for party in fact.parties},
    )
