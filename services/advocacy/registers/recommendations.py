"""The forum's recommendations as advocacy knows them, with who has acknowledged."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from services.advocacy.foreign import RecommendationAcknowledged, RecommendationIssued
from shared.registers.register import About, Register


@dataclass(frozen=True)
class Recommendation:
    """A recommendation, whom it addresses, and by when they shall respond."""

    number: str
    issue: str
    addressees: tuple[UUID, ...]
    response_due: date
    acknowledged_by: tuple[UUID, ...] = ()


def issued(row: Recommendation | None, fact: RecommendationIssued, about: About) -> Recommendation:
    """A line opens when it is issued."""
    return Recommendation(fact.number, fact.issue, fact.addressees, fact.response_due)


def acknowledged(row: Recommendation | None, fact: RecommendationAcknowledged, about: About) -> Recommendation | None:
    """An addressee has it in hand."""
    return row and replace(row, acknowledged_by=(*row.acknowledged_by, fact.addressee))


recommendations = Register(
    name="recommendations",
    row=Recommendation,
    folds={RecommendationIssued: issued, RecommendationAcknowledged: acknowledged},
    source="forum",
    shown=("number", "issue", "response_due"),
    searched=("number", "issue"),
)
