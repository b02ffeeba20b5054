"""Whether the parties want to mediate, and what they tell the mediator beforehand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from services.mediation.domain.case import Case
from services.mediation.domain.rules import act_of_party, day_of, require_stage
from services.mediation.domain.terms import UNDER_WAY, Source, Stage
from shared.decider import Given
from shared.errors import BrokenRule
from shared.facts import RESTRICTED, command, fact, personal, text


@fact(visibility=RESTRICTED)
class PartyConsented:
    """A party agreed to mediate."""

    case_id: UUID
    party_id: UUID
    on: date
    on_behalf_of: Source | None = None


@fact(visibility=RESTRICTED)
class PartyRefused:
    """A party does not want to mediate, or no longer."""

    case_id: UUID
    party_id: UUID
    reason: str | None
    on: date
    on_behalf_of: Source | None = None


@fact(visibility=RESTRICTED)
class CaseSummarySubmitted:
    """A party gave the mediator its summary of the case; other parties do not read it."""

    case_id: UUID
    party_id: UUID
    summary: str = personal(of="party_id", least=3, most=20_000)
    late: bool
    on: date
    on_behalf_of: Source | None = None


@command
class RecordConsent:
    """Agree to mediate for one party."""

    party_id: UUID
    on: date | None = None
    on_behalf_of: Source | None = None


@command
class RefuseMediation:
    """Refuse to mediate for one party."""

    party_id: UUID
    reason: str | None = text(3, 1000, multiline=True, default=None)
    on: date | None = None
    on_behalf_of: Source | None = None


@command
class SubmitCaseSummary:
    """Give the mediator one party's summary of the case."""

    party_id: UUID
    summary: str = text(3, 20_000, multiline=True)
    on: date | None = None
    on_behalf_of: Source | None = None


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
