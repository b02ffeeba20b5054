"""The settled cases, as far as mediation tells of them: what a recommendation may rest on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.forum.foreign import ConflictResolved
from shared.registers.register import About, Register


@dataclass(frozen=True)
class Case:
    """A settled case without its parties and content."""

    number: str
    axis: str
    area_code: str
    scope: str
    advised: tuple[UUID, ...]
    settled_on: date


def resolved(row: Case | None, fact: ConflictResolved, about: About) -> Case:
    """A case is known here once it is settled."""
    return Case(fact.number, fact.axis, fact.area_code, fact.scope, fact.advised, fact.on)


cases = Register(
    name="cases",
    row=Case,
    folds={ConflictResolved: resolved},
    source="mediation",
    shown=("number", "axis", "area_code", "scope", "settled_on"),
    searched=("number",),
)
