"""The enforcement measures: what was done to make policies work that are in force."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.advocacy.domain.policy import EnforcementMeasureRecorded
from services.advocacy.domain.terms import MeasureKind
from shared.registers.register import About, Register


@dataclass(frozen=True)
class Measure:
    """One measure for one policy."""

    policy_id: UUID
    taken_on: date
    kind: MeasureKind
    description: str


def recorded(row: Measure | None, fact: EnforcementMeasureRecorded, about: About) -> Measure:
    """A measure is a line of its own and never changes."""
    return Measure(fact.policy_id, fact.on, fact.kind, fact.description)


def its_line(fact: EnforcementMeasureRecorded, id: UUID) -> Sequence[str]:
    """The key of a measure's line begins with its policy's."""
    return (f"{id}/{fact.measure_id}",)


measures = Register(
    name="measures",
    row=Measure,
    folds={EnforcementMeasureRecorded: recorded},
    keys={EnforcementMeasureRecorded: its_line},
    shown=("taken_on", "kind", "description"),
    searched=("description",),
    public=True,
)
