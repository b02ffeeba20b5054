"""The governance scorecard: how far each advocacy's matter keeps the three principles, at its start and at its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.advocacy.domain.advocacy import GovernanceAssessed
from shared.registers.register import About, Register


@dataclass(frozen=True)
class Scorecard:
    """One assessment: points from 0 to 4, and how many pieces of evidence carry them."""

    advocacy_id: UUID
    assessed_on: date
    final: bool
    pro_poor: int
    openness: int
    accountability: int
    evidence: int


def assessed(row: Scorecard | None, fact: GovernanceAssessed, about: About) -> Scorecard:
    """An assessment is a line of its own and never changes."""
    scores = (fact.pro_poor, fact.openness, fact.accountability)
    evidence = {id for one in scores for id in one.evidence_ids}
    pro_poor, openness, accountability = (one.points for one in scores)
    return Scorecard(fact.advocacy_id, fact.on, fact.final, pro_poor, openness, accountability, len(evidence))


def its_line(fact: GovernanceAssessed, id: UUID) -> Sequence[str]:
    """The key of an assessment's line begins with its advocacy's."""
    return (f"{id}/{fact.assessment_id}",)


governance_scorecard = Register(
    name="governance_scorecard",
    row=Scorecard,
    folds={GovernanceAssessed: assessed},
    keys={GovernanceAssessed: its_line},
    shown=("assessed_on", "final", "pro_poor", "openness", "accountability", "evidence"),
    public=True,
)
