"""How a mediation ends without an agreement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from services.mediation.domain.case import Case
from services.mediation.domain.rules import day_of, known_organisations, listed, require_stage
from services.mediation.domain.terms import UNDER_WAY, Axis, ImpasseReason, RootCause, Stage, Venue
from shared.decider import Given
from shared.errors import BrokenRule
from shared.facts import INTERAGENCY, area_code, command, fact, several
from shared.rules import once

ABSENT = 2  # consecutive joint sessions without a reason


@fact(visibility=INTERAGENCY)
class MediationFailed:
    """The mediation ended without an agreement; what had caused the conflict, and who should act; no party and no content."""

    case_id: UUID
    number: str
    axis: Axis
    area_code: str = area_code()
    reason: ImpasseReason
    root_causes: tuple[RootCause, ...]
    advised: tuple[UUID, ...]
    next_venue: Venue | None
    on: date


@command
class DeclareImpasse:
    """End the mediation without an agreement, and advise where to go next."""

    reason: ImpasseReason
    root_causes: tuple[RootCause, ...] = several(0, 7, default=())
    advised: tuple[UUID, ...] = several(0, 20, default=())
    next_venue: Venue | None = None
    on: date | None = None


def declare_impasse(state: Case, wish: DeclareImpasse, given: Given) -> Sequence[Any]:
    """The mediation ends; what is said of its reason is true, and blames nobody."""
    require_stage(state, UNDER_WAY)
    on = day_of(state, wish.on, given)
    require_reason(state, wish.reason, on)
    once(wish.root_causes, "/root_causes")
    once(wish.advised, "/advised")
    known_organisations(wish.advised, given, "/advised")
    failed = MediationFailed(
        case_id=state.id,
        number=state.number,
        axis=state.axis,
        area_code=state.area_code[:5],
        reason=wish.reason,
        root_causes=wish.root_causes,
        advised=wish.advised,
        next_venue=wish.next_venue,
        on=on,
    )
    return [failed, listed(state, Stage.IMPASSE, on)]


def require_reason(state: Case, reason: ImpasseReason, on: date) -> None:
    """Each reason is what the case itself shows."""
    if reason is ImpasseReason.NO_CONSENT and not state.refusing:
        raise BrokenRule("nobody-has-refused", "/reason")
    if reason is ImpasseReason.ABSENT_TWICE and not any(one.absences >= ABSENT for one in state.parties.values()):
        raise BrokenRule("nobody-was-absent-twice", "/reason")
    if reason is ImpasseReason.TIME_OVER and (state.mediation_due is None or on <= state.mediation_due):
        raise BrokenRule("days-are-not-over", "/reason")
