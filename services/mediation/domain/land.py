"""The land acquisition that a conflict may be about: its statutory days run whatever the mediation does (UU 2/2012)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from services.mediation.domain.case import Case, Land
from services.mediation.domain.rules import day_of, require_stage
from services.mediation.domain.terms import UNDER_WAY, LandAcquisition, Stage
from shared.decider import Given
from shared.facts import RESTRICTED, command, fact
from shared.rules import happened

CONSULT_WITHIN, CONSULT_AGAIN_WITHIN, OBJECT_WITHIN = 60, 30, 14  # working days (UU 2/2012)
PERMIT_YEARS = 2


@fact(visibility=RESTRICTED)
class LandAcquisitionLinked:
    """The conflict is about a land acquisition, whose statutory days run whatever the mediation does (UU 2/2012)."""

    case_id: UUID
    land: LandAcquisition
    consultation_due: date | None
    objection_due: date | None
    permit_until: date | None
    on: date


@command
class AttachLandAcquisition:
    """Say which land acquisition the conflict is about, and from when the law counts its days."""

    land: LandAcquisition
    on: date | None = None


def attach_land(state: Case, wish: AttachLandAcquisition, given: Given) -> Sequence[Any]:
    """The law counts from its own days; told anew, the new days count."""
    require_stage(state, (Stage.REGISTERED, *UNDER_WAY, Stage.SUSPENDED))
    on, land = day_of(state, wish.on, given), wish.land
    for pointer, day in (("consultation_on", land.consultation_on), ("deliberation_on", land.deliberation_on)):
        if day:
            happened(day, given, f"/land/{pointer}")
    decree = land.location_decree
    if decree:
        happened(decree.date, given, "/land/location_decree/date")
    consult = CONSULT_WITHIN + (CONSULT_AGAIN_WITHIN if land.consultation_repeated else 0)
    told = LandAcquisitionLinked(
        case_id=state.id,
        land=land,
        consultation_due=given.workdays.after(land.consultation_on, consult) if land.consultation_on else None,
        objection_due=given.workdays.after(land.deliberation_on, OBJECT_WITHIN) if land.deliberation_on else None,
        permit_until=years_after(decree.date, PERMIT_YEARS) if decree else None,
        on=on,
    )
    return [] if state.land and state.land.told == land else [told]


def years_after(day: date, years: int) -> date:
    """The same day that many years later; 28 February for the 29th where there is none."""
    last = 28 if (day.month, day.day) == (2, 29) else day.day
    return day.replace(year=day.year + years, day=last)


def linked(state: Case, fact: LandAcquisitionLinked) -> Case:
    """Told anew, the new days count."""
    return replace(state, land=Land(fact.land, fact.consultation_due, fact.objection_due, fact.permit_until))
