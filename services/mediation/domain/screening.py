"""How a case begins: registered, screened, its parties put together; and how it goes elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from services.mediation.domain.case import (
    AddParty,
    AttachLandAcquisition,
    Case,
    CaseAccepted,
    CaseDeclined,
    CaseReferredOut,
    CasesMerged,
    CaseWithdrawn,
    ConflictRegistered,
    LandAcquisitionLinked,
    MergeCases,
    NameSpokesperson,
    PartyAdded,
    PartyRemoved,
    ReferCase,
    RegisterCase,
    RemoveParty,
    ScreenCase,
    SpokespersonNamed,
    WithdrawCase,
)
from services.mediation.domain.evolving import evolve
from services.mediation.domain.parties import axis_of, require_parties, require_party, require_sides
from services.mediation.domain.rules import (
    act_of_party,
    day_of,
    happened,
    listed,
    of_the_province,
    on_behalf,
    require_party_of,
    require_stage,
)
from services.mediation.domain.terms import (
    ENDED,
    UNDER_WAY,
    Findings,
    NewParty,
    Party,
    ScreeningOutcome,
    Stage,
    Venue,
    tracking_code,
)
from shared.decider import Given
from shared.errors import BrokenRule, UnknownReference, WrongState
from shared.facts import numbered

SCREEN_WITHIN = 5  # working days
CONSULT_WITHIN, CONSULT_AGAIN_WITHIN, OBJECT_WITHIN = 60, 30, 14  # working days (UU 2/2012)
PERMIT_YEARS = 2
BEFORE_AGREEMENT = (Stage.REGISTERED, Stage.ACCEPTED, Stage.MEDIATOR_APPOINTED, Stage.IN_MEDIATION)


def register(state: Case, wish: RegisterCase, given: Given) -> Sequence[Any]:
    """A case gets its number, its tracking code (that of its request, if any) and the axis that follows from its parties."""
    if state.stage:
        raise WrongState("case-already-registered", number=state.number)
    on = happened(wish.on, given)
    of_the_province(wish.area_code, given, "/area_code")
    require_parties(wish.parties, given)
    ids = [given.new_id(n) for n, _ in enumerate(wish.parties, 2)]
    registered = ConflictRegistered(
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
    after = evolve(state, registered)
    named = (spokesperson_of(after.id, id, party) for id, party in zip(ids, wish.parties, strict=True))
    return [registered, *(one for one in named if one), listed(after, Stage.REGISTERED, on)]


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


# --- screening ----------------------------------------------------------------------------------------------------


def screen(state: Case, wish: ScreenCase, given: Given) -> Sequence[Any]:
    """What is not ours to mediate is declined with a reason, or referred to where it belongs."""
    if state.stage is None:
        raise WrongState("case-not-registered")
    if state.stage is not Stage.REGISTERED:
        raise WrongState("case-already-screened")
    on = day_of(state, wish.on, given)
    for n, one in enumerate(wish.findings.suit_consents):
        require_party_of(state, one, f"/findings/suit_consents/{n}")
    match wish.outcome:
        case ScreeningOutcome.ACCEPT:
            require_acceptable(state, wish.findings)
            return [CaseAccepted(case_id=state.id, findings=wish.findings, on=on), listed(state, Stage.ACCEPTED, on)]
        case ScreeningOutcome.DECLINE:
            if not wish.reason:
                raise BrokenRule("reason-missing", "/reason")
            declined = CaseDeclined(case_id=state.id, findings=wish.findings, reason=wish.reason, on=on)
            return [declined, listed(state, Stage.DECLINED, on)]
        case ScreeningOutcome.REFER:
            return refer_out(state, wish.venue, wish.reference, on)


def require_acceptable(state: Case, found: Findings) -> None:
    """A court, the police or a complaint channel comes first; a pending suit is mediated only if all parties want it."""
    if not found.in_scope:
        raise BrokenRule("not-a-housing-matter", "/findings/in_scope")
    if found.under_judgment:
        raise BrokenRule("already-judged", "/findings/under_judgment")
    if found.criminal:
        raise BrokenRule("criminal-matter", "/findings/criminal")
    if found.service_complaint:
        raise BrokenRule("complaint-about-a-service", "/findings/service_complaint")
    if found.pending_suit and set(found.suit_consents) != set(state.parties):
        raise BrokenRule("suit-pending-without-consent", "/findings/suit_consents")


def refer_out(state: Case, venue: Venue | None, reference: str | None, on: date) -> Sequence[Any]:
    """Whoever is referred is told where to, and a complaint is handed on under its number there."""
    if venue is None:
        raise BrokenRule("venue-missing", "/venue")
    if venue is Venue.SP4N and not reference:
        raise BrokenRule("reference-missing", "/reference")
    referred = CaseReferredOut(
        case_id=state.id,
        number=state.number,
        axis=state.axis,
        area_code=state.area_code[:5],
        venue=venue,
        reference=reference,
        on=on,
    )
    return [referred, listed(state, Stage.REFERRED_OUT, on)]


def refer(state: Case, wish: ReferCase, given: Given) -> Sequence[Any]:
    """After a failed mediation or a breach, the conflict may go on elsewhere."""
    if state.stage is None:
        raise WrongState("case-not-registered")
    if state.stage not in (Stage.IMPASSE, Stage.BREACHED):
        raise WrongState("nothing-to-refer")
    return refer_out(state, wish.venue, wish.reference, day_of(state, wish.on, given))


# --- parties ------------------------------------------------------------------------------------------------------


def add_party(state: Case, wish: AddParty, given: Given) -> Sequence[Any]:
    """Before there is an agreement, whoever is concerned may take part; it consents like all others."""
    require_stage(state, BEFORE_AGREEMENT)
    on, new = day_of(state, wish.on, given), wish.party
    require_party(new, given, "/party")
    if new.organisation_id in state.organisations:
        raise BrokenRule("named-twice", "/party/organisation_id")
    if state.mediator and new.organisation_id == state.mediator.organisation:
        raise BrokenRule("mediator-is-party", "/party/organisation_id")
    party = party_of(given.new_id(0), new)
    added = PartyAdded(case_id=state.id, party=party, axis=axis_of([*state.parties.values(), new]), on=on)
    named = spokesperson_of(state.id, party.party_id, new)
    return [added, *([named] if named else []), *listed_anew(state, added, on)]


def remove_party(state: Case, wish: RemoveParty, given: Given) -> Sequence[Any]:
    """Who is left out loses nothing by it, and two sides remain."""
    require_stage(state, BEFORE_AGREEMENT)
    require_party_of(state, wish.party_id)
    on = day_of(state, wish.on, given)
    if not wish.harmless:
        raise BrokenRule("removal-harms-party", "/harmless")
    rest = [one for id, one in state.parties.items() if id != wish.party_id]
    require_sides(rest, "/party_id")
    removed = PartyRemoved(case_id=state.id, party_id=wish.party_id, axis=axis_of(rest), reason=wish.reason, on=on)
    return [removed, *listed_anew(state, removed, on)]


def listed_anew(state: Case, fact: Any, on: date) -> Sequence[Any]:
    """Other parties may mean another axis, which the public register shows."""
    after = evolve(state, fact)
    return [] if after.axis is state.axis or after.stage is None else [listed(after, after.stage, on)]


def name_spokesperson(state: Case, wish: NameSpokesperson, given: Given) -> Sequence[Any]:
    """Whoever speaks for a party may change as long as the case lives."""
    require_stage(state, [stage for stage in Stage if stage not in ENDED])
    require_party_of(state, wish.party_id)
    if state.parties[wish.party_id].organisation_id is None and wish.spokesperson is None:
        raise BrokenRule("group-without-spokesperson", "/spokesperson", name="")
    return [SpokespersonNamed(case_id=state.id, **vars(wish))]


def merge(state: Case, wish: MergeCases, given: Given) -> Sequence[Any]:
    """Two cases about one conflict become one; `given.known["target"]` is (number, stage) of the other, None when unknown."""
    require_stage(state, BEFORE_AGREEMENT)
    if wish.into == state.id:
        raise BrokenRule("merged-into-itself", "/into")
    target: tuple[str, Stage] | None = given.known["target"]
    if target is None:
        raise UnknownReference("unknown-case", "/into")
    number, stage = target
    if stage not in BEFORE_AGREEMENT:
        raise BrokenRule("other-case-too-far", "/into", number=number)
    on = day_of(state, wish.on, given)
    merged = CasesMerged(case_id=state.id, into=wish.into, into_number=number, reason=wish.reason, on=on)
    return [merged, listed(state, Stage.MERGED, on)]


def withdraw(state: Case, wish: WithdrawCase, given: Given) -> Sequence[Any]:
    """A case ends when the last of those who complained gives it up; with others left, a party is removed instead."""
    require_stage(state, (Stage.REGISTERED, *UNDER_WAY, Stage.SUSPENDED))
    source = act_of_party(state, wish.party_id, wish.on_behalf_of, given)
    complaining = {id for id, one in state.parties.items() if one.is_complainant}
    if wish.party_id not in complaining:
        raise BrokenRule("not-a-complainant", "/party_id")
    if len(complaining) > 1:
        raise BrokenRule("others-still-complain", "/party_id")
    on = day_of(state, wish.on, given)
    gone = CaseWithdrawn(case_id=state.id, party_id=wish.party_id, reason=wish.reason, on=on, on_behalf_of=source)
    return [gone, listed(state, Stage.WITHDRAWN, on)]


# --- land ---------------------------------------------------------------------------------------------------------


def attach_land(state: Case, wish: AttachLandAcquisition, given: Given) -> Sequence[Any]:
    """The law counts from its own days; told anew, the new days count."""
    require_stage(state, (Stage.REGISTERED, *UNDER_WAY, Stage.SUSPENDED))
    on, land = day_of(state, wish.on, given), wish.land
    for pointer, day in (("consultation_on", land.consultation_on), ("deliberation_on", land.deliberation_on)):
        if day:
            happened(day, given, f"/land/{pointer}")
    decree = land.location_decree
    if decree:
        happened(decree.date, given, "/land/location_decree/date")
    consult = CONSULT_WITHIN + (CONSULT_AGAIN_WITHIN if land.consultation_repeated else 0)
    linked = LandAcquisitionLinked(
        case_id=state.id,
        land=land,
        consultation_due=given.workdays.after(land.consultation_on, consult) if land.consultation_on else None,
        objection_due=given.workdays.after(land.deliberation_on, OBJECT_WITHIN) if land.deliberation_on else None,
        permit_until=years_after(decree.date, PERMIT_YEARS) if decree else None,
        on=on,
    )
    return [] if state.land and state.land.land == land else [linked]


def years_after(day: date, years: int) -> date:
    """The same day that many years later; 28 February for the 29th where there is none."""
    last = 28 if (day.month, day.day) == (2, 29) else day.day
    return day.replace(year=day.year + years, day=last)
