"""The cases that mediation has brought to an end, as far as it tells of them: what a recommendation may rest on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.forum.foreign import ConflictResolved, MediationFailed
from shared.registers.register import About, Register


@dataclass(frozen=True)
class Case:
    """A case without its parties and content; `scope` is None where no agreement was reached."""

    number: str
    axis: str
    area_code: str
    scope: str | None
    advised: tuple[UUID, ...]
    ended_on: date


def resolved(row: Case | None, fact: ConflictResolved, about: About) -> Case:
    """A case is known here once it is settled."""
    return Case(fact.number, fact.axis, fact.area_code, fact.scope, fact.advised, fact.on)


def failed(row: Case | None, fact: MediationFailed, about: About) -> Case:
    """Or once its mediation has failed."""
    return Case(fact.number, fact.axis, fact.area_code, None, fact.advised, fact.on)


cases = Register(
    name="cases",
    row=Case,
    folds={ConflictResolved: resolved, MediationFailed: failed},
    source="mediation",
    shown=("number", "axis", "area_code", "scope", "ended_on"),
    searched=("number",),
)
