"""Requests for mediation: what came in, and what became of it; what was said stays ciphertext here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from services.mediation.domain.mediation_request import (
    MediationRequested,
    RequestAnswered,
    RequestCorrected,
    RequestOrigin,
    RequestOverdue,
    RequestStage,
    RequestTurnedIntoCase,
)
from services.mediation.domain.terms import Venue
from shared.facts import personal
from shared.registers.register import About, Register, corrected


@dataclass(frozen=True)
class RequestLine:
    """A request; `case_number` and `answer` are empty until there is one or the other."""

    request_id: UUID
    tracking_code: str
    request_stage: RequestStage
    area_code: str
    origin: RequestOrigin
    requested_on: date
    answer_by: date
    what_happened: str = personal(of="request_id")
    against: str = personal(of="request_id")
    contact: str = personal(of="request_id")
    overdue: bool = False
    case_number: str = ""
    answer: str = ""
    venue: Venue | None = None
    answered_on: date | None = None


def requested(line: RequestLine | None, fact: MediationRequested, about: About) -> RequestLine:
    """A line opens with the request."""
    return RequestLine(
        request_id=fact.request_id,
        tracking_code=fact.tracking_code,
        request_stage=RequestStage.RECEIVED,
        area_code=fact.area_code,
        origin=fact.origin,
        requested_on=fact.on,
        answer_by=fact.answer_by,
        what_happened=fact.what_happened,
        against=fact.against,
        contact=fact.contact,
    )


def turned(line: Any, fact: RequestTurnedIntoCase, about: About) -> RequestLine:
    """It goes on as a case."""
    return replace(
        line, request_stage=RequestStage.TURNED_INTO_CASE, case_number=fact.case_number, answered_on=fact.on, overdue=False
    )


def answered(line: Any, fact: RequestAnswered, about: About) -> RequestLine:
    """It was answered."""
    return replace(
        line,
        request_stage=RequestStage.ANSWERED,
        answer=fact.answer,
        venue=fact.venue,
        answered_on=fact.on,
        overdue=False,
    )


def overdue(line: Any, fact: RequestOverdue, about: About) -> RequestLine:
    """Nobody has answered in time."""
    return replace(line, overdue=True)


requests = Register(
    name="requests",
    row=RequestLine,
    folds={
        MediationRequested: requested,
        RequestCorrected: corrected,
        RequestTurnedIntoCase: turned,
        RequestAnswered: answered,
        RequestOverdue: overdue,
    },
    shown=("tracking_code", "request_stage", "area_code", "requested_on", "answer_by", "overdue", "case_number"),
    searched=("tracking_code", "case_number"),
)
