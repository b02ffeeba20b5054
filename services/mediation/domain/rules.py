"""Rules that more than one wish of mediation must keep, and the public line of a case."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from services.mediation.domain.case import Case
from services.mediation.domain.terms import ENDED, Axis, Source, Stage
from shared.decider import Actor, Given
from shared.errors import BrokenRule, UnknownReference, WrongState
from shared.facts import PUBLIC, area_code, fact
from shared.rules import SECRETARIAT, act_of_another, happened


@fact(visibility=PUBLIC)
class CaseListed:
    """The public register shows how far a case is: its kind and its regency or city, no party and no content."""

    case_id: UUID
    number: str
    axis: Axis
    area_code: str = area_code()
    stage: Stage
    on: date


def known_organisations(ids: Sequence[UUID], given: Given, pointer: str) -> None:
    """Raises UnknownReference for an organisation that is not among those found, `given.known["organisations"]`."""
    known: Collection[UUID] = given.known["organisations"]
    for n, id in enumerate(ids):
        if id not in known:
            raise UnknownReference("unknown-member", f"{pointer}/{n}")


def require_stage(state: Case, stages: Collection[Stage]) -> None:
    """Raises WrongState, which says what stands in the way, unless the case is at one of these stages."""
    if state.stage in stages:
        return
    if state.stage is None:
        raise WrongState("case-not-registered")
    if state.stage is Stage.SUSPENDED:
        raise WrongState("case-suspended", resume_on=state.resume_on)
    if state.stage is Stage.IMPASSE or state.stage in ENDED:
        raise WrongState("case-has-ended", number=state.number)
    if state.settled_on:
        raise WrongState("case-already-settled", number=state.number)
    if state.stage is Stage.REGISTERED:
        raise WrongState("case-not-accepted")
    if state.stage is Stage.ACCEPTED:
        raise WrongState("no-mediator")
    if state.stage is Stage.MEDIATOR_APPOINTED:
        raise WrongState("not-in-mediation")
    raise WrongState("mediation-under-way")


def day_of(state: Case, on: date | None, given: Given) -> date:
    """The day of an act in a case, which is never older than the case."""
    day = happened(on, given)
    if day < state.registered_on:
        raise BrokenRule("before-registration", "/on")
    return day


def day_under_mediator(state: Case, on: date | None, given: Given) -> date:
    """The day of an act in a mediation, which is never older than the appointment of its mediator."""
    day = day_of(state, on, given)
    if state.mediator and day < state.mediator.appointed_on:
        raise BrokenRule("before-appointment", "/on")
    return day


def within_mediation(state: Case, day: date, pointer: str) -> None:
    """Raises BrokenRule for a day after the mediation's last one."""
    if state.mediation_due and day > state.mediation_due:
        raise BrokenRule("after-mediation-period", pointer, due=state.mediation_due)


def listed(state: Case, stage: Stage, on: date) -> CaseListed:
    """The public line of a case names the regency or city, never the village."""
    area = state.area_code[:5]
    return CaseListed(case_id=state.id, number=state.number, axis=state.axis, area_code=area, stage=stage, on=on)


def party_names(state: Case, actor: Actor) -> frozenset[str]:
    """`party` and `party:<id>` for whoever acts for a party, by organisation or by the account named for it."""
    own = {
        id
        for id, one in state.parties.items()
        if (actor.organisation and one.organisation_id == actor.organisation) or (one.account and one.account == actor.account)
    }
    return frozenset({"party", *(f"party:{id}" for id in own)}) if own else frozenset()


def is_mediator(state: Case, actor: Actor) -> bool:
    """Whether the actor is the one who was appointed: the account named, or else a mediator of the organisation."""
    if state.mediator is None:
        return False
    if state.mediator.account:
        return actor.account == state.mediator.account
    return "mediator" in actor.roles and actor.organisation == state.mediator.organisation


def require_party_of(state: Case, party_id: UUID, pointer: str = "/party_id") -> None:
    """Raises BrokenRule for one that is no party to the case."""
    if party_id not in state.parties:
        raise BrokenRule("not-a-party", pointer)


def act_of_party(state: Case, party_id: UUID, source: Source | None, given: Given, pointer: str = "/party_id") -> Source | None:
    """The source of a party's act: none when its own people act, a paper when the secretariat enters it; nobody else may."""
    require_party_of(state, party_id, pointer)
    if SECRETARIAT not in given.actor.roles and f"party:{party_id}" not in party_names(state, given.actor):
        raise BrokenRule("not-your-party", pointer)
    return act_of_another(source, given)


def act_of_mediator(state: Case, source: Source | None, given: Given) -> Source | None:
    """The source of a mediator's act: none when the mediator acts, a paper when the secretariat enters it."""
    if is_mediator(state, given.actor):
        return None
    return act_of_another(source, given)
