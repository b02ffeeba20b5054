"""What reviews found: whether what a recommendation achieved lasts. Public."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.forum.domain.recommendation import OutcomeReviewed
from shared.registers.register import About, Register


@dataclass(frozen=True)
class ReviewLine:
    """One review of one recommendation."""

    recommendation_id: UUID
    months: int
    sustained: bool
    change: str
    lesson: str
    reviewed_on: date


def the_review(fact: OutcomeReviewed, id: UUID) -> Sequence[str]:
    """A recommendation is reviewed more than once."""
    return [f"{id}/{fact.months}"]


def reviewed(line: ReviewLine | None, fact: OutcomeReviewed, about: About) -> ReviewLine:
    """A review is made once."""
    return ReviewLine(fact.recommendation_id, fact.months, fact.sustained, fact.change, fact.lesson, fact.on)


reviews = Register(
    name="reviews",
    row=ReviewLine,
    folds={OutcomeReviewed: reviewed},
    keys={OutcomeReviewed: the_review},
    shown=("recommendation_id", "months", "sustained", "change", "reviewed_on"),
    searched=("change", "lesson"),
    public=True,
)
