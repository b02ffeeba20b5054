"""A line for each addressee of each issued recommendation: what it said, what it promised, how far it has come. Public."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from services.forum.domain.recommendation import (
    AddresseeReplaced,
    ImplementationReported,
    RecommendationAcknowledged,
    RecommendationIssued,
    RecommendationResponded,
)
from services.forum.domain.terms import FOLLOWED, Answer, PlannedAction, Progress
from shared.registers.register import About, Register


@dataclass(frozen=True)
class AnswerLine:
    """One addressee of one recommendation; days and answers are None until they are there."""

    recommendation_id: UUID
    addressee: UUID
    acknowledge_by: date | None = None
    response_due: date | None = None
    number: str = ""
    acknowledged_on: date | None = None
    answer: Answer | None = None
    reasons: str | None = None
    actions: tuple[PlannedAction, ...] = ()
    answered_on: date | None = None
    late: bool = False
    progress: Progress | None = None
    report: str | None = None
    reported_on: date | None = None
    replaced_by: UUID | None = None
    replaced_on: date | None = None


def all_addressed(fact: RecommendationIssued, id: UUID) -> Sequence[str]:
    """The issue opens a line for each addressee."""
    return [f"{id}/{one}" for one in fact.addressees]


def the_addressee(fact: RecommendationAcknowledged | RecommendationResponded | ImplementationReported, id: UUID) -> Sequence[str]:
    """Each addressee speaks for itself."""
    return [f"{id}/{fact.addressee}"]


def both(fact: AddresseeReplaced, id: UUID) -> Sequence[str]:
    """The former addressee and its successor."""
    return [f"{id}/{one}" for one in (fact.addressee, fact.successor) if one]


def _line(line: AnswerLine | None, id: UUID, addressee: UUID) -> AnswerLine:
    return line or AnswerLine(id, addressee)


def issued(line: AnswerLine | None, fact: RecommendationIssued, about: About) -> AnswerLine:
    """What is waited for, and until when."""
    addressee = UUID(about.key.rsplit("/", 1)[1])
    return AnswerLine(fact.recommendation_id, addressee, fact.acknowledge_by, fact.response_due, fact.number)


def acknowledged(line: AnswerLine | None, fact: RecommendationAcknowledged, about: About) -> AnswerLine:
    """It holds the recommendation."""
    return replace(_line(line, fact.recommendation_id, fact.addressee), acknowledged_on=fact.on)


def responded(line: AnswerLine | None, fact: RecommendationResponded, about: About) -> AnswerLine:
    """It has answered."""
    said: dict[str, Any] = {
        "answer": fact.answer,
        "reasons": fact.reasons,
        "actions": fact.actions,
        "answered_on": fact.on,
        "late": fact.late,
    }
    return replace(_line(line, fact.recommendation_id, fact.addressee), **said)


def reported(line: AnswerLine | None, fact: ImplementationReported, about: About) -> AnswerLine:
    """It has come so far."""
    told = _line(line, fact.recommendation_id, fact.addressee)
    return replace(told, progress=fact.progress, report=fact.report, reported_on=fact.on)


def replaced(line: AnswerLine | None, fact: AddresseeReplaced, about: About) -> AnswerLine:
    """The former line says who answers instead; the successor's opens where it has none yet."""
    if about.key.endswith(str(fact.addressee)):
        return replace(_line(line, fact.recommendation_id, fact.addressee), replaced_by=fact.successor, replaced_on=fact.on)
    return _line(line, fact.recommendation_id, UUID(about.key.rsplit("/", 1)[1]))


answers = Register(
    name="answers",
    row=AnswerLine,
    folds={
        RecommendationIssued: issued,
        RecommendationAcknowledged: acknowledged,
        RecommendationResponded: responded,
        ImplementationReported: reported,
        AddresseeReplaced: replaced,
    },
    keys={
        RecommendationIssued: all_addressed,
        RecommendationAcknowledged: the_addressee,
        RecommendationResponded: the_addressee,
        ImplementationReported: the_addressee,
        AddresseeReplaced: both,
    },
    shown=("number", "addressee", "response_due", "answer", "answered_on", "late", "progress"),
    searched=("number",),
    public=True,
)


@dataclass(frozen=True)
class Rates:
    """How many of the addressees asked have acknowledged, answered (in time), promised to act, and done it."""

    asked: int
    acknowledged: int
    answered: int
    in_time: int
    promised: int
    done: int


def rates(lines: Iterable[AnswerLine]) -> Rates:
    """The counts over these lines; those whose successor answers are left out, for the successor has a line of its own."""
    asked = [one for one in lines if one.replaced_on is None]
    answered = [one for one in asked if one.answer]
    return Rates(
        asked=len(asked),
        acknowledged=sum(one.acknowledged_on is not None for one in asked),
        answered=len(answered),
        in_time=sum(not one.late for one in answered),
        promised=sum(one.answer in FOLLOWED for one in answered),
        done=sum(one.progress is Progress.DONE for one in answered),
    )


def rates_of(registers: Any) -> Rates:
    """The rates over the whole register."""
    return rates(line for _, line in registers.rows(answers, limit=100_000))
