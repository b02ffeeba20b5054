"""What everybody may see of a case: number, kind, regency or city, and how far it is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from services.mediation.domain.rules import CaseListed
from services.mediation.domain.terms import Axis, Stage
from shared.registers.register import About, Register

OUTCOMES = (
    Stage.SETTLED,
    Stage.PARTIALLY_SETTLED,
    Stage.FULFILLED,
    Stage.BREACHED,
    Stage.IMPASSE,
    Stage.DECLINED,
    Stage.REFERRED_OUT,
    Stage.WITHDRAWN,
    Stage.MERGED,
)


@dataclass(frozen=True)
class PublicLine:
    """A case without parties and content; `reached_on` is the day of its stage, `outcome` stays when it is closed."""

    number: str
    axis: Axis
    area_code: str
    stage: Stage
    reached_on: date
    registered_on: date
    settled_on: date | None = None
    outcome: Stage | None = None


def listed(line: PublicLine | None, fact: CaseListed, about: About) -> PublicLine:
    """The latest stage is the one that counts."""
    before = line or PublicLine(fact.number, fact.axis, fact.area_code, fact.stage, fact.on, fact.on)
    settled = fact.on if fact.stage in (Stage.SETTLED, Stage.PARTIALLY_SETTLED) else None
    outcome = before.outcome if fact.stage is Stage.CLOSED else fact.stage if fact.stage in OUTCOMES else None
    return replace(
        before,
        axis=fact.axis,
        stage=fact.stage,
        reached_on=fact.on,
        settled_on=before.settled_on or settled,
        outcome=outcome,
    )


public_cases = Register(
    name="public_cases",
    row=PublicLine,
    folds={CaseListed: listed},
    shown=("number", "axis", "area_code", "stage", "reached_on", "outcome"),
    searched=("number",),
    public=True,
)
