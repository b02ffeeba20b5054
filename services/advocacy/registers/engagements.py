"""The engagements: every audience, hearing, letter and workshop of every advocacy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.advocacy.domain.advocacy import EngagementRecorded
from services.advocacy.domain.terms import EngagementKind
from shared.registers.register import About, Register


@dataclass(frozen=True)
class Engagement:
    """One engagement and with whom it was."""

    advocacy_id: UUID
    held_on: date
    kind: EngagementKind
    subject: str
    organisation_ids: tuple[UUID, ...]
    counterpart: str
    reference: str


def recorded(row: Engagement | None, fact: EngagementRecorded, about: About) -> Engagement:
    """An engagement is a line of its own and never changes."""
    return Engagement(
        advocacy_id=fact.advocacy_id,
        held_on=fact.on,
        kind=fact.kind,
        subject=fact.subject,
        organisation_ids=fact.organisation_ids,
        counterpart=fact.counterpart,
        reference=fact.reference,
    )


def its_line(fact: EngagementRecorded, id: UUID) -> Sequence[str]:
    """The key of an engagement's line begins with its advocacy's."""
    return (f"{id}/{fact.engagement_id}",)


engagements = Register(
    name="engagements",
    row=Engagement,
    folds={EngagementRecorded: recorded},
    keys={EngagementRecorded: its_line},
    shown=("held_on", "kind", "subject", "counterpart", "reference"),
    searched=("subject", "counterpart"),
)
