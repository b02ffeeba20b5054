"""Who mediates: a mediator without a part in the case, to whom parties may object, and who may step back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from services.mediation.domain.case import Case, Mediator
from services.mediation.domain.consenting import after_acceptance
from services.mediation.domain.rules import act_of_mediator, act_of_party, day_under_mediator, listed, require_stage
from services.mediation.domain.terms import MEDIATED, Source, Stage
from shared.decider import Given
from shared.errors import BrokenRule, UnknownReference, WrongState
from shared.facts import RESTRICTED, command, fact, text

MEDIATE_WITHIN, SUMMARISE_WITHIN, OBJECT_WITHIN = 30, 5, 2  # working days (PERMA 1/2016 art. 24 is the model)


@fact(visibility=RESTRICTED)
class MediatorAppointed:
    """A mediator without an interest of his own was appointed; parties may object within the window."""

    case_id: UUID
    organisation: UUID
    account: str | None
    certificate: str | None
    objection_until: date
    summaries_due: date
    mediation_due: date
    on: date


@fact(visibility=RESTRICTED)
class MediatorObjected:
    """A party objected to the mediator in time: another one is to be appointed, the days of mediation stand still."""

    case_id: UUID
    party_id: UUID
    reason: str
    days_left: int
    unsigned: tuple[UUID, ...] = ()
    on: date
    on_behalf_of: Source | None = None


@fact(visibility=RESTRICTED)
class MediatorRecused:
    """The mediator stepped back: another one is to be appointed, the days of mediation stand still."""

    case_id: UUID
    reason: str
    days_left: int
    unsigned: tuple[UUID, ...] = ()
    on: date
    on_behalf_of: Source | None = None


@command
class AppointMediator:
    """The chair appoints a mediator from a member organisation that has no part in the case."""

    organisation: UUID
    account: str | None = text(1, 80, default=None)
    certificate: str | None = text(1, 120, default=None)
    no_interest: bool
    on: date | None = None


@command
class ObjectToMediator:
    """Object to the mediator for one party."""

    party_id: UUID
    reason: str = text(3, 1000, multiline=True)
    on: date | None = None
    on_behalf_of: Source | None = None


@command
class RecuseMediator:
    """The mediator steps back."""

    reason: str = text(3, 1000, multiline=True)
    on: date | None = None
    on_behalf_of: Source | None = None


def appoint(state: Case, wish: AppointMediator, given: Given) -> Sequence[Any]:
    """A mediator has no part in the case; days that an earlier mediator left over are the days that are left."""
    if state.stage in MEDIATED:
        raise WrongState("mediator-already-appointed")
    require_stage(state, (Stage.ACCEPTED,))
    require_impartial(state, wish, given)
    on = after_acceptance(state, wish.on, given)
    workdays = given.workdays
    chosen = MediatorAppointed(
        case_id=state.id,
        organisation=wish.organisation,
        account=wish.account,
        certificate=wish.certificate,
        objection_until=workdays.after(on, OBJECT_WITHIN),
        summaries_due=workdays.after(on, SUMMARISE_WITHIN),
        mediation_due=workdays.after(on, MEDIATE_WITHIN if state.days_left is None else state.days_left),
        on=on,
    )
    return [chosen, listed(state, Stage.MEDIATOR_APPOINTED, on)]


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
    if state.stage is not Stage.SUSPENDED or state.mediator is None:
        at_work(state)
    source = act_of_mediator(state, wish.on_behalf_of, given)
    return stepped_back(state, wish.reason, day_under_mediator(state, wish.on, given), source, given)


def stepped_back(state: Case, reason: str, on: date, source: Source | None, given: Given) -> list[Any]:
    """Another mediator is to be appointed: at once, or when a case that rests goes on."""
    rests = state.stage is Stage.SUSPENDED
    recused = MediatorRecused(
        case_id=state.id,
        reason=reason,
        days_left=(state.days_left or 0) if rests else days_left(state, on, given),
        unsigned=tuple(sorted(state.signed)),
        on=on,
        on_behalf_of=source,
    )
    return [recused] if rests else [recused, listed(state, Stage.ACCEPTED, on)]


def at_work(state: Case) -> Mediator:
    """The mediator at work."""
    require_stage(state, MEDIATED)
    if state.mediator is None:
        raise WrongState("no-mediator")
    return state.mediator


def days_left(state: Case, on: date, given: Given) -> int:
    """The working days of mediation that are left on a day, 0 when they are over."""
    return max(0, given.workdays.between(on, state.mediation_due)) if state.mediation_due else 0


def appointed(state: Case, fact: MediatorAppointed) -> Case:
    """The days of mediation run."""
    mediator = Mediator(fact.organisation, fact.account, fact.on, fact.objection_until, fact.summaries_due)
    due = fact.mediation_due
    return replace(state, stage=Stage.MEDIATOR_APPOINTED, mediator=mediator, mediation_due=due, days_left=None, continues=False)


def mediator_gone(state: Case, fact: MediatorObjected | MediatorRecused) -> Case:
    """Back to the appointment: the days stand still, sessions to come fall, the text of the former mediator with them.
    A case that rests goes on resting, and goes on from there."""
    rests = state.stage is Stage.SUSPENDED
    former = state.former_mediators | ({state.mediator.key} if state.mediator else frozenset())
    sessions = {key: one if one.held else replace(one, cancelled=True) for key, one in state.sessions.items()}
    return replace(
        state,
        stage=Stage.SUSPENDED if rests else Stage.ACCEPTED,
        rests_from=Stage.ACCEPTED if rests else None,
        mediator=None,
        former_mediators=former,
        mediation_due=None,
        days_left=fact.days_left,
        sessions=sessions,
        draft=None,
        signatures=(),
    )
