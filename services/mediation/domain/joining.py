"""Who takes part: parties come and go before there is an agreement, cases are merged, and one is given up."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from services.mediation.domain.case import Case
from services.mediation.domain.registering import party_of, party_state, spokesperson_of
from services.mediation.domain.rules import act_of_party, day_of, listed, require_party_of, require_stage
from services.mediation.domain.sides import axis_of, require_party, require_sides
from services.mediation.domain.terms import UNDER_WAY, Axis, NewParty, Party, Source, Stage
from shared.decider import Given
from shared.errors import BrokenRule, UnknownReference
from shared.facts import RESTRICTED, command, fact, text

BEFORE_AGREEMENT = (Stage.REGISTERED, Stage.ACCEPTED, Stage.MEDIATOR_APPOINTED, Stage.IN_MEDIATION)


@fact(visibility=RESTRICTED)
class PartyAdded:
    """One party more takes part."""

    case_id: UUID
    party: Party
    axis: Axis
    on: date


@fact(visibility=RESTRICTED)
class PartyRemoved:
    """A party takes no part any more, and loses nothing by it."""

    case_id: UUID
    party_id: UUID
    axis: Axis
    reason: str
    on: date


@fact(visibility=RESTRICTED)
class CasesMerged:
    """The conflict is treated in another case."""

    case_id: UUID
    into: UUID
    into_number: str
    reason: str
    on: date


@fact(visibility=RESTRICTED)
class CaseWithdrawn:
    """The last of those who complained gave the case up."""

    case_id: UUID
    party_id: UUID
    reason: str
    on: date
    on_behalf_of: Source | None = None


@command
class AddParty:
    """Let one party more take part."""

    party: NewParty
    on: date | None = None


@command
class RemoveParty:
    """Let a party take no part any more."""

    party_id: UUID
    reason: str = text(3, 1000, multiline=True)
    harmless: bool
    on: date | None = None


@command
class MergeCases:
    """Treat this conflict in another case."""

    into: UUID
    reason: str = text(3, 1000, multiline=True)
    on: date | None = None


@command
class WithdrawCase:
    """Give the case up for the last of those who complained."""

    party_id: UUID
    reason: str = text(3, 1000, multiline=True)
    on: date | None = None
    on_behalf_of: Source | None = None


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
    return [added, *([named] if named else []), *listed_anew(joined(state, added), state.axis, on)]


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
    return [removed, *listed_anew(gone(state, removed), state.axis, on)]


def listed_anew(after: Case, before: Axis, on: date) -> Sequence[Any]:
    """Other parties may mean another axis, which the public register shows."""
    return [] if after.axis is before or after.stage is None else [listed(after, after.stage, on)]


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
    given_up = CaseWithdrawn(case_id=state.id, party_id=wish.party_id, reason=wish.reason, on=on, on_behalf_of=source)
    return [given_up, listed(state, Stage.WITHDRAWN, on)]


def joined(state: Case, fact: PartyAdded) -> Case:
    """One party more."""
    return replace(state, parties={**state.parties, fact.party.party_id: party_state(fact.party)}, axis=fact.axis)


def gone(state: Case, fact: PartyRemoved) -> Case:
    """Without a party: what it said and was called to goes with it."""

    def kept(things: Mapping[UUID, Any], of: Callable[[Any], UUID]) -> dict[UUID, Any]:
        return {key: one for key, one in things.items() if of(one) != fact.party_id}

    sessions = {
        key: replace(one, called=tuple(party for party in one.called if party != fact.party_id))
        for key, one in state.sessions.items()
    }
    return replace(
        state,
        parties={key: one for key, one in state.parties.items() if key != fact.party_id},
        interests=kept(state.interests, lambda one: one.party_id),
        sessions=sessions,
        axis=fact.axis,
    )
