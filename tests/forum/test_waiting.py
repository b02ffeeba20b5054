"""What waits for whom, and what an actor is to a recommendation."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from services.forum.domain.answering import AcknowledgeRecommendation, IssueRecommendation, RespondRecommendation
from services.forum.domain.deciding import recommendation
from services.forum.domain.drafting import (
    CommentDraft,
    DisposeComment,
    EndorseRecommendation,
    OpenConsultation,
    RatifyEndorsement,
)
from services.forum.domain.following import ReportImplementation, ReviewOutcome
from services.forum.domain.recommendation import (
    CommentDisposed,
    ConsultationOpened,
    DraftCommented,
    EndorsementRatified,
    ImplementationReported,
    OutcomeReviewed,
    RecommendationAcknowledged,
    RecommendationDrafted,
    RecommendationEndorsed,
    RecommendationIssued,
    RecommendationResponded,
    RecommendationSuperseded,
    RecommendationWithdrawn,
)
from services.forum.domain.terms import Answer
from services.forum.examples import EXAMPLES, FINANCE, HEALTH, PLANNING
from shared.decider import Actor, Waits

DRAFTED = replace(EXAMPLES[RecommendationDrafted], drafted_by=HEALTH)
OPENED = EXAMPLES[ConsultationOpened]
COMMENTED = EXAMPLES[DraftCommented]
ENDORSED = EXAMPLES[RecommendationEndorsed]
ISSUED = EXAMPLES[RecommendationIssued]
HELD = EXAMPLES[RecommendationAcknowledged]
ANSWERED = EXAMPLES[RecommendationResponded]
REPORTED = EXAMPLES[ImplementationReported]
REVIEWED = EXAMPLES[OutcomeReviewed]
URGENT = replace(ENDORSED, decision=None)
OUT = (DRAFTED, OPENED, ENDORSED, ISSUED)
TO_TWO = (*OUT[:3], replace(ISSUED, addressees=(PLANNING, FINANCE)))

ANSWER = Waits("addressee", RespondRecommendation, date(2025, 6, 30), PLANNING)
COMMENT = Waits("member", CommentDraft, date(2025, 6, 9))
REVIEWS = [Waits("secretariat", ReviewOutcome, date(2026, 4, 1)), Waits("secretariat", ReviewOutcome, date(2026, 10, 1))]


@pytest.mark.parametrize(
    ("facts", "waits"),
    [
        ((), []),
        ((DRAFTED,), [Waits("secretariat", OpenConsultation)]),
        ((DRAFTED, OPENED), [Waits("chair", EndorseRecommendation), COMMENT]),
        ((DRAFTED, OPENED, COMMENTED), [Waits("secretariat", DisposeComment), COMMENT]),
        ((DRAFTED, OPENED, COMMENTED, EXAMPLES[CommentDisposed]), [Waits("chair", EndorseRecommendation), COMMENT]),
        ((DRAFTED, OPENED, ENDORSED), [Waits("chair", IssueRecommendation)]),
        ((DRAFTED, URGENT), [Waits("chair", IssueRecommendation), Waits("chair", RatifyEndorsement)]),
        ((DRAFTED, URGENT, EXAMPLES[EndorsementRatified]), [Waits("chair", IssueRecommendation)]),
        ((DRAFTED, URGENT, EXAMPLES[RecommendationWithdrawn]), []),
        (OUT, [Waits("addressee", AcknowledgeRecommendation, date(2025, 6, 13), PLANNING), ANSWER]),
        ((*OUT, HELD), [ANSWER]),
        ((*OUT, HELD, ANSWERED), [Waits("addressee", ReportImplementation, date(2025, 9, 30), PLANNING)]),
        ((*OUT, HELD, replace(ANSWERED, answer=Answer.REJECTED, actions=())), []),
        ((*OUT, HELD, ANSWERED, REPORTED), REVIEWS),
        ((*OUT, HELD, ANSWERED, REPORTED, REVIEWED), REVIEWS[1:]),
        ((*OUT, HELD, ANSWERED, EXAMPLES[RecommendationSuperseded]), []),
        ((DRAFTED, URGENT, ISSUED, HELD), [Waits("chair", RatifyEndorsement), ANSWER]),
    ],
)
def test_what_waits_for_whom(facts, waits):
    assert list(recommendation.waiting(recommendation.fold(facts))) == waits


def test_each_addressee_is_waited_for_by_its_own_people():
    waits = recommendation.waiting(recommendation.fold((*TO_TWO, HELD)))
    assert [(one.what, one.organisation) for one in waits] == [
        (AcknowledgeRecommendation, FINANCE),
        (RespondRecommendation, PLANNING),
        (RespondRecommendation, FINANCE),
    ]


@pytest.mark.parametrize(
    ("organisation", "relations"),
    [(PLANNING, {"addressee"}), (HEALTH, {"drafter"}), (FINANCE, {"commenter"}), (None, set())],
)
def test_what_an_actor_is_to_it(organisation, relations):
    state = recommendation.fold((DRAFTED, OPENED, COMMENTED))
    assert recommendation.relations(state, Actor("someone", frozenset({"member"}), organisation)) == relations


def test_one_may_be_several_things():
    state = recommendation.fold((replace(DRAFTED, drafted_by=PLANNING), OPENED, replace(COMMENTED, organisation=PLANNING)))
    held = recommendation.relations(state, Actor("someone", frozenset({"member"}), PLANNING))
    assert held == {"addressee", "drafter", "commenter"}


def test_nobody_is_anything_to_what_does_not_exist():
    assert recommendation.relations(recommendation.initial, Actor("someone", frozenset(), PLANNING)) == set()
