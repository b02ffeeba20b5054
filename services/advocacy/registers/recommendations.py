"""The forum's recommendations as advocacy knows them, with who has acknowledged."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from services.advocacy.foreign import (
    OutcomeReviewed,
    RecommendationAcknowledged,
    RecommendationIssued,
    RecommendationResponded,
)
from shared.facts import part
from shared.registers.register import About, Register


@part
class GivenAnswer:
    """What an addressee answered, in the forum's word for it."""

    addressee: UUID
    answer: str


@dataclass(frozen=True)
class Recommendation:
    """A recommendation, whom it addresses, what it rests on of ours (`advocacies`, by id or number), and what came of it."""

    number: str
    issue: str
    addressees: tuple[UUID, ...]
    response_due: date
    acknowledged_by: tuple[UUID, ...] = ()
    advocacies: tuple[str, ...] = ()
    answers: tuple[GivenAnswer, ...] = ()
    sustained: bool | None = None


def issued(row: Recommendation | None, fact: RecommendationIssued, about: About) -> Recommendation:
    """A line opens when it is issued."""
    named = tuple(basis.ref for basis in fact.basis if basis.kind == "advocacy")
    return Recommendation(fact.number, fact.issue, fact.addressees, fact.response_due, advocacies=named)


def acknowledged(row: Recommendation | None, fact: RecommendationAcknowledged, about: About) -> Recommendation | None:
    """An addressee has it in hand."""
    return row and replace(row, acknowledged_by=(*row.acknowledged_by, fact.addressee))


def responded(row: Recommendation | None, fact: RecommendationResponded, about: About) -> Recommendation | None:
    """An addressee has answered; its last answer counts."""
    if row is None:
        return None
    others = tuple(one for one in row.answers if one.addressee != fact.addressee)
    return replace(row, answers=(*others, GivenAnswer(addressee=fact.addressee, answer=fact.answer)))


def reviewed(row: Recommendation | None, fact: OutcomeReviewed, about: About) -> Recommendation | None:
    """Whether what came of it lasts."""
    return row and replace(row, sustained=fact.sustained)


recommendations = Register(
    name="recommendations",
    row=Recommendation,
    folds={
        RecommendationIssued: issued,
        RecommendationAcknowledged: acknowledged,
        RecommendationResponded: responded,
        OutcomeReviewed: reviewed,
    },
    source="forum",
    shown=("number", "issue", "response_due", "answers", "sustained"),
    searched=("number", "issue"),
)
