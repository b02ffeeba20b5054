"""An agency that was reorganised is a party still: its successor stands in its place, with all that it said and owes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from services.mediation.domain.appointing import stepped_back
from services.mediation.domain.case import Case, party_changed
from services.mediation.domain.rules import day_of, require_stage
from services.mediation.domain.terms import ENDED, MEDIATED, Stage
from shared.decider import Given
from shared.errors import BrokenRule, UnknownReference
from shared.facts import RESTRICTED, command, fact

# Stored text, so it speaks the language of those who will read the case.
NOW_A_PARTY = "Lembaga mediator menjadi pihak sebagai penerus lembaga yang dilebur."


@fact(visibility=RESTRICTED)
class PartySucceeded:
    """Another organisation stands in the place of a party that was reorganised."""

    case_id: UUID
    party_id: UUID
    former: UUID
    organisation_id: UUID
    name: str
    on: date


@command
class SucceedParty:
    """Let the successor of an organisation that was reorganised stand in its place as a party."""

    organisation: UUID
    successor: UUID
    on: date | None = None


def succeed(state: Case, wish: SucceedParty, given: Given) -> Sequence[Any]:
    """As long as the case lives. A mediator whose own organisation becomes a party by it is impartial no longer.

    `given.known["successor"]` is the name of the successor, None when it is not known here.
    """
    require_stage(state, [stage for stage in Stage if stage not in ENDED])
    parties = [id for id, one in state.parties.items() if one.organisation_id == wish.organisation]
    if not parties:
        raise BrokenRule("not-a-party", "/organisation")
    if wish.successor in state.organisations:
        raise BrokenRule("named-twice", "/successor")
    name: str | None = given.known["successor"]
    if name is None:
        raise UnknownReference("unknown-member", "/successor")
    on = day_of(state, wish.on, given)
    told: dict[str, Any] = {"former": wish.organisation, "organisation_id": wish.successor, "name": name, "on": on}
    facts: list[Any] = [PartySucceeded(case_id=state.id, party_id=party, **told) for party in parties]
    mediates = state.mediator and state.mediator.organisation == wish.successor
    if mediates and state.stage in (*MEDIATED, Stage.SUSPENDED):
        facts += stepped_back(state, NOW_A_PARTY, on, None, given)
    return facts


def succeeded(state: Case, fact: PartySucceeded) -> Case:
    """Consent, signature and debts stay with the party, whoever it is now."""
    return party_changed(state, fact.party_id, organisation_id=fact.organisation_id)
