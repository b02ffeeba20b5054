"""What everybody may see of a case: number, kind, regency or city, and how far it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from services.mediation.domain.case import CaseListed
from services.mediation.domain.terms import Axis, Stage
from shared.registers.register import About, Register


@dataclass(frozen=True)
class PublicLine:
    """A case without parties and content; `reached_on` is the day on which it reached its stage."""

    number: str
    axis: Axis
    area_code: str
    stage: Stage
    reached_on: date


def listed(line: PublicLine | None, fact: CaseListed, about: About) -> PublicLine:
    """The latest stage is the one that counts."""
    return PublicLine(fact.number, fact.axis, fact.area_code, fact.stage, fact.on)


public_cases = Register(
    name="public_cases",
    row=PublicLine,
    folds={CaseListed: listed},
    shown=("number", "axis", "area_code", "stage", "reached_on"),
    searched=("number",),
    public=True,
)
