"""Whether the parties want to mediate, and with whom: consent, summaries, the mediator and his impartiality."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from services.mediation.domain.case import (
    AppointMediator,
    Case,
    CaseSummarySubmitted,
    MediatorAppointed,
    MediatorObjected,
    MediatorRecused,
    ObjectToMediator,
    PartyConsented,
    PartyRefused,
    RecordConsent,
    RecuseMediator,
    RefuseMediation,
    SubmitCaseSummary,
)
from services.mediation.domain.rules import (
    act_of_mediator,
    act_of_party,
    day_of,
    day_under_mediator,
    listed,
    require_stage,
)
from services.mediation.domain.terms import MEDIATED, UNDER_WAY, Stage
from shared.decider import Given
from shared.errors import BrokenRule, UnknownReference, WrongState

MEDIATE_WITHIN, SUMMARISE_WITHIN, OBJECT_WITHIN = 30, 5, 2  # working days (PERMA 1/2016 art. 24 is the model)


def consent(state: Case, wish: RecordConsent, given: Given) -> Sequence[Any]:
    """Whoever refused may think better of it."""
    require_stage(state, UNDER_WAY)
    source = act_of_party(state, wish.party_id, wish.on_behalf_of, given)
    on = after_acceptance(state, wish.on, given)
    if state.parties[wish.party_id].consented:
        return []
    return [PartyConsented(case_id=state.id, party_id=wish.party_id, on=on, on_behalf_of=source)]


def refuse(state: Case, wish: RefuseMediation, given: Given) -> Sequence[Any]:
    """Nobody mediates against his will, at any time before the agreement."""
    require_stage(state, UNDER_WAY)
    source = act_of_party(state, wish.party_id, wish.on_behalf_of, given)
    on = after_acceptance(state, wish.on, given)
    if state.parties[wish.party_id].refused:
        return []
    return [PartyRefused(case_id=state.id, party_id=wish.party_id, reason=wish.reason, on=on, on_behalf_of=source)]


def after_acceptance(state: Case, on: date | None, given: Given) -> date:
    """The day of an act that follows the acceptance of the case."""
    day = day_of(state, on, given)
    if day < state.accepted_on:
        raise BrokenRule("before-acceptance", "/on")
    return day


def summarise(state: Case, wish: SubmitCaseSummary, given: Given) -> Sequence[Any]:
    """A summary may come before the mediator does; one that comes late counts, and is marked as late."""
    require_stage(state, (Stage.ACCEPTED, Stage.MEDIATOR_APPOINTED, Stage.IN_MEDIATION))
    source = act_of_party(state, wish.party_id, wish.on_behalf_of, given)
    on = after_acceptance(state, wish.on, given)
    late = state.mediator is not None and on > state.mediator.summaries_due
    return [
        CaseSummarySubmitted(
            case_id=state.id, party_id=wish.party_id, summary=wish.summary, late=late, on=on, on_behalf_of=source
        )
    ]


# --- the mediator -------------------------------------------------------------------------------------------------


def appoint(state: Case, wish: AppointMediator, given: Given) -> Sequence[Any]:
    """A mediator has no part in the case; days that an earlier mediator left over are the days that are left."""
    if state.stage in MEDIATED:
        raise WrongState("mediator-already-appointed")
    require_stage(state, (Stage.ACCEPTED,))
    require_impartial(state, wish, given)
    on = after_acceptance(state, wish.on, given)
    workdays = given.workdays
    appointed = MediatorAppointed(
        case_id=state.id,
        organisation=wish.organisation,
        account=wish.account,
        certificate=wish.certificate,
        objection_until=workdays.after(on, OBJECT_WITHIN),
        summaries_due=workdays.after(on, SUMMARISE_WITHIN),
        mediation_due=workdays.after(on, MEDIATE_WITHIN if state.days_left is None else state.days_left),
        on=on,
    )
    return [appointed, listed(state, Stage.MEDIATOR_APPOINTED, on)]


def require_impartial(state: Case, wish: AppointMediator, given: Given) -> None:
    """From an active member that is no party, without an interest, and not one who had to go before.

    `given.known["mediator"]` is whether the organisation is an active member, None when it is not known.
    """
    active = given.known["mediator"]
    if active is None:
        raise UnknownReference("unknown-member", "/organisation")
    if not active:
        raise BrokenRule("mediator-not-active", "/organisation")
    if not wish.no_interest:
        raise BrokenRule("mediator-has-interest", "/no_interest")
    if wish.organisation in state.organisations:
        raise BrokenRule("mediator-is-party", "/organisation")
    if wish.account and wish.account in {one.account for one in state.parties.values()}:
        raise BrokenRule("mediator-is-party", "/account")
    if (wish.account or str(wish.organisation)) in state.former_mediators:
        raise BrokenRule("mediator-had-to-go", "/account" if wish.account else "/organisation")


def object_to(state: Case, wish: ObjectToMediator, given: Given) -> Sequence[Any]:
    """A party says within the window that it does not trust the mediator; that is enough."""
    mediator = at_work(state)
    source = act_of_party(state, wish.party_id, wish.on_behalf_of, given)
    on = day_under_mediator(state, wish.on, given)
    if on > mediator.objection_until:
        raise BrokenRule("objection-too-late", "/on", until=mediator.objection_until)
    objected = MediatorObjected(
        case_id=state.id,
        party_id=wish.party_id,
        reason=wish.reason,
        days_left=days_left(state, on, given),
        unsigned=tuple(sorted(state.signed)),
        on=on,
        on_behalf_of=source,
    )
    return [objected, listed(state, Stage.ACCEPTED, on)]


def recuse(state: Case, wish: RecuseMediator, given: Given) -> Sequence[Any]:
    """Whoever cannot be impartial any more steps back; so does one whose organisation was suspended or left."""
    at_work(state)
    source = act_of_mediator(state, wish.on_behalf_of, given)
    on = day_under_mediator(state, wish.on, given)
    left = days_left(state, on, given)
    recused = MediatorRecused(
        case_id=state.id,
        reason=wish.reason,
        days_left=left,
        unsigned=tuple(sorted(state.signed)),
        on=on,
        on_behalf_of=source,
    )
    return [recused, listed(state, Stage.ACCEPTED, on)]


def at_work(state: Case) -> MediatorAppointed:
    """The mediator at work."""
    require_stage(state, MEDIATED)
    if state.mediator is None:
        raise WrongState("no-mediator")
    return state.mediator


def days_left(state: Case, on: date, given: Given) -> int:
    """The working days of mediation that are left on a day, 0 when they are over."""
    return max(0, given.workdays.between(on, state.mediation_due)) if state.mediation_due else 0
