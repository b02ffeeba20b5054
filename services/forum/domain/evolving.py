"""What each fact changes in a recommendation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from services.forum.domain.recommendation import (
    AcknowledgementMissed,
    AddresseeReplaced,
    Comment,
    CommentDisposed,
    ConsultationOpened,
    DraftCommented,
    EndorsementRatified,
    ImplementationReported,
    OutcomeReviewed,
    Recommendation,
    RecommendationAcknowledged,
    RecommendationCorrected,
    RecommendationDrafted,
    RecommendationEndorsed,
    RecommendationIssued,
    RecommendationResponded,
    RecommendationSuperseded,
    RecommendationWithdrawn,
    ResponseMissed,
    ReviewDue,
)
from services.forum.domain.terms import Status, standing
from shared.rules import corrected


def evolve(state: Recommendation, fact: Any) -> Recommendation:
    """The recommendation after a fact."""
    if isinstance(fact, RecommendationIssued):
        return replace(
            state,
            status=Status.ISSUED,
            addressees=fact.addressees,
            issued_on=fact.on,
            acknowledge_by=fact.acknowledge_by,
            response_due=fact.response_due,
        )
    if isinstance(fact, EndorsementRatified):
        return replace(state, to_ratify=False)
    return _answered(state, fact) if state.issued_on > date.min else _prepared(state, fact)


def _prepared(state: Recommendation, fact: Any) -> Recommendation:
    match fact:
        case RecommendationDrafted():
            status = Status.DRAFTED if state.status is None else state.status
            return replace(state, id=fact.recommendation_id, status=status, content=fact, addressees=fact.addressees)
        case RecommendationCorrected():
            return replace(state, content=corrected(state.content, fact))
        case ConsultationOpened():
            return replace(state, status=Status.IN_CONSULTATION, opened_on=fact.on, closes_on=fact.closes_on)
        case DraftCommented():
            return replace(state, comments={**state.comments, fact.comment_id: Comment(fact.organisation)})
        case CommentDisposed():
            disposed = replace(state.comments[fact.comment_id], disposed=(fact.disposition, fact.reason))
            return replace(state, comments={**state.comments, fact.comment_id: disposed})
        case RecommendationEndorsed():
            return replace(state, status=Status.ENDORSED, endorsed_on=fact.on, to_ratify=fact.decision is None)
        case RecommendationWithdrawn():
            return replace(state, status=Status.WITHDRAWN)
    return state


def _answered(state: Recommendation, fact: Any) -> Recommendation:
    match fact:
        case RecommendationAcknowledged():
            return _standing(replace(state, acknowledged=state.acknowledged | {fact.addressee}))
        case AcknowledgementMissed():
            return replace(state, missed=True)
        case RecommendationResponded():
            return _standing(replace(state, responses={**state.responses, fact.addressee: fact}))
        case ResponseMissed():
            return replace(state, response_missed=True)
        case ImplementationReported():
            return _standing(replace(state, reports={**state.reports, fact.addressee: fact}))
        case ReviewDue():
            return replace(state, reviews_marked=state.reviews_marked | {fact.months})
        case OutcomeReviewed():
            return _standing(replace(state, reviews={**state.reviews, fact.months: fact}))
        case AddresseeReplaced():
            return _standing(_replaced(state, fact.addressee, fact.successor))
        case RecommendationSuperseded():
            return replace(state, status=Status.SUPERSEDED)
    return state


def _standing(state: Recommendation) -> Recommendation:
    answers = {one: said.answer for one, said in state.responses.items()}
    progress = {one: said.progress for one, said in state.reports.items()}
    return replace(state, status=standing(state.addressees, state.acknowledged, answers, progress, bool(state.reviews)))


def _replaced(state: Recommendation, addressee: UUID, successor: UUID | None) -> Recommendation:
    """What the former addressee said counts for its successor; without one it falls."""
    kept = [successor if one == addressee else one for one in state.addressees]

    def moved(said: Mapping[UUID, Any]) -> dict[UUID, Any]:
        here = dict(said)
        if addressee in here and successor and successor not in here:
            here[successor] = here[addressee]
        here.pop(addressee, None)
        return here

    return replace(
        state,
        addressees=tuple(dict.fromkeys(one for one in kept if one)),
        acknowledged=frozenset(moved(dict.fromkeys(state.acknowledged))),
        responses=moved(state.responses),
        reports=moved(state.reports),
    )
