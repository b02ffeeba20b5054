"""What both registers of recommendations make of the public facts after the issue: who said what, and where all stand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from services.forum.domain.recommendation import (
    AddresseeReplaced,
    ImplementationReported,
    OutcomeReviewed,
    RecommendationAcknowledged,
    RecommendationResponded,
    RecommendationSuperseded,
)
from services.forum.domain.terms import Answer, Progress, Status, standing
from shared.registers.register import About, Fold


@dataclass(frozen=True)
class Said:
    """What one addressee has said so far."""

    addressee: UUID
    answer: Answer | None = None
    progress: Progress | None = None


def _stands(line: Any, **changes: Any) -> Any:
    changed = replace(line, **changes)
    answers = {one.addressee: one.answer for one in changed.said if one.answer}
    progress = {one.addressee: one.progress for one in changed.said if one.progress}
    reviewed = changed.sustained is not None
    return replace(changed, status=standing(changed.addressees, changed.acknowledged_by, answers, progress, reviewed))


def _with(said: Iterable[Said], addressee: UUID, **changes: Any) -> tuple[Said, ...]:
    by_addressee = {one.addressee: one for one in said}
    by_addressee[addressee] = replace(by_addressee.get(addressee, Said(addressee)), **changes)
    return tuple(by_addressee.values())


def acknowledged(line: Any, fact: RecommendationAcknowledged, about: About) -> Any:
    """An addressee holds it."""
    return _stands(line, acknowledged_by=(*line.acknowledged_by, fact.addressee))


def responded(line: Any, fact: RecommendationResponded, about: About) -> Any:
    """An addressee has answered."""
    return _stands(line, said=_with(line.said, fact.addressee, answer=fact.answer))


def reported(line: Any, fact: ImplementationReported, about: About) -> Any:
    """An addressee has come so far."""
    return _stands(line, said=_with(line.said, fact.addressee, progress=fact.progress))


def reviewed(line: Any, fact: OutcomeReviewed, about: About) -> Any:
    """The latest review counts."""
    return _stands(line, sustained=fact.sustained, reviewed_on=fact.on)


def replaced(line: Any, fact: AddresseeReplaced, about: About) -> Any:
    """What the former addressee said counts for its successor, unless that has spoken itself; without one it falls."""
    old, new = fact.addressee, fact.successor
    addressees = tuple(dict.fromkeys(one for one in (new if one == old else one for one in line.addressees) if one))
    by = tuple(dict.fromkeys(one for one in (new if one == old else one for one in line.acknowledged_by) if one))
    said = {one.addressee: one for one in line.said}
    before = said.pop(old, None)
    if before and new:
        own = said.get(new, Said(new))
        said[new] = Said(new, own.answer or before.answer, own.progress or before.progress)
    return _stands(line, addressees=addressees, acknowledged_by=by, said=tuple(said.values()))


def superseded(line: Any, fact: RecommendationSuperseded, about: About) -> Any:
    """Another one takes its place; what it says stays."""
    return replace(line, status=Status.SUPERSEDED, superseded_by=fact.by_number)


PUBLIC_FOLDS: dict[type, Fold[Any]] = {
    RecommendationAcknowledged: acknowledged,
    RecommendationResponded: responded,
    ImplementationReported: reported,
    OutcomeReviewed: reviewed,
    AddresseeReplaced: replaced,
    RecommendationSuperseded: superseded,
}
