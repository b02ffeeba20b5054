"""Going on by tracking code: what somebody who asked for mediation may learn without an account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from services.mediation.domain.mediation_request import RequestStage
from services.mediation.domain.terms import Stage, Venue
from services.mediation.registers.cases import cases
from services.mediation.registers.public_cases import public_cases
from services.mediation.registers.requests import requests


@dataclass(frozen=True)
class Tracked:
    """How far a request or its case is; no party and no content."""

    request_stage: RequestStage | None
    requested_on: date | None
    answer: str = ""
    venue: Venue | None = None
    number: str = ""
    stage: Stage | None = None
    reached_on: date | None = None


def tracked(registers: Any, code: str) -> Tracked | None:
    """What lies under a tracking code, in whatever case it is typed; None when there is nothing."""
    wanted = code.strip().upper()
    asked = next((row for _, row in registers.rows(requests, limit=1, tracking_code=wanted)), None)
    key = next((key for key, _ in registers.rows(cases, limit=1, tracking_code=wanted)), None)
    public = registers.row(public_cases, key) if key else None
    if asked is None and public is None:
        return None
    return Tracked(
        request_stage=asked.request_stage if asked else None,
        requested_on=asked.requested_on if asked else None,
        answer=asked.answer if asked else "",
        venue=asked.venue if asked else None,
        number=public.number if public else "",
        stage=public.stage if public else None,
        reached_on=public.reached_on if public else None,
    )
