"""Whether a case is ours: accepted, declined, or referred to where it belongs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from services.mediation.domain.case import Case
from services.mediation.domain.rules import day_of, listed, require_party_of
from services.mediation.domain.terms import Axis, Findings, Stage, Venue
from shared.decider import Given
from shared.errors import BrokenRule, WrongState
from shared.facts import INTERAGENCY, RESTRICTED, area_code, command, fact, text


class ScreeningOutcome(StrEnum):
    """What screening a case comes to."""

    ACCEPT = "accept"
    DECLINE = "decline"
    REFER = "refer"


@fact(visibility=RESTRICTED)
class CaseAccepted:
    """The case was accepted for mediation."""

    case_id: UUID
    findings: Findings
    on: date


@fact(visibility=RESTRICTED)
class CaseDeclined:
    """The case was not accepted."""

    case_id: UUID
    findings: Findings
    reason: str
    on: date


@fact(visibility=INTERAGENCY)
class CaseReferredOut:
    """The case goes on elsewhere; no party and no content."""

    case_id: UUID
    number: str
    axis: Axis
    area_code: str = area_code()
    venue: Venue
    reference: str | None
    on: date


@command
class ScreenCase:
    """Accept a case for mediation, decline it, or refer it to where it belongs."""

    outcome: ScreeningOutcome
    findings: Findings
    reason: str | None = text(3, 2000, multiline=True, default=None)
    venue: Venue | None = None
    reference: str | None = text(1, 120, default=None)
    on: date | None = None


@command
class ReferCase:
    """Refer a case that ended without a lasting agreement to where it may go on."""

    venue: Venue
    reference: str | None = text(1, 120, default=None)
    on: date | None = None


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
