"""How a recommendation decides: which function answers which wish, what the clock does, what waits for whom."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from services.forum.domain import answering, drafting, following
from services.forum.domain.answering import (
    AcknowledgeRecommendation,
    IssueRecommendation,
    MarkAcknowledgementMissed,
    MarkResponseMissed,
    RespondRecommendation,
)
from services.forum.domain.drafting import (
    CommentDraft,
    CorrectRecommendation,
    DisposeComment,
    DraftRecommendation,
    EndorseRecommendation,
    OpenConsultation,
    RatifyEndorsement,
    ReviseRecommendation,
    WithdrawRecommendation,
)
from services.forum.domain.evolving import evolve
from services.forum.domain.following import (
    MarkReviewDue,
    ReplaceAddressee,
    ReportImplementation,
    ReviewOutcome,
    SupersedeRecommendation,
)
from services.forum.domain.recommendation import (
    AddresseeReplaced,
    ImplementationReported,
    OutcomeReviewed,
    Recommendation,
    RecommendationAcknowledged,
    RecommendationIssued,
    RecommendationResponded,
    RecommendationSuperseded,
)
from services.forum.domain.terms import REVIEWS, Status, months_after
from shared.decider import Actor, Decider, Ended, Given, Timer, Waits
from shared.rules import morning_of, over_after

ACKNOWLEDGEMENT_DUE, RESPONSE_DUE = "acknowledgement-due", "response-due"

WISHES: dict[type, Callable[[Recommendation, Any, Given], Sequence[Any]]] = {
    DraftRecommendation: drafting.draft,
    ReviseRecommendation: drafting.revise,
    CorrectRecommendation: drafting.correct,
    OpenConsultation: drafting.open_consultation,
    CommentDraft: drafting.comment,
    DisposeComment: drafting.dispose,
    EndorseRecommendation: drafting.endorse,
    RatifyEndorsement: drafting.ratify,
    WithdrawRecommendation: drafting.withdraw,
    IssueRecommendation: answering.issue,
    AcknowledgeRecommendation: answering.acknowledge,
    MarkAcknowledgementMissed: answering.mark_missed,
    RespondRecommendation: answering.respond,
    MarkResponseMissed: answering.mark_unanswered,
    ReportImplementation: following.report,
    MarkReviewDue: following.mark_review,
    ReviewOutcome: following.review,
    ReplaceAddressee: following.replace_addressee,
    SupersedeRecommendation: following.supersede,
}


def decide(state: Recommendation, command: Any, given: Given) -> Sequence[Any]:
    """The facts that a wish about a recommendation makes."""
    wish = WISHES.get(type(command))
    if wish is None:
        raise TypeError(f"a recommendation knows no {type(command).__name__}")
    return wish(state, command, given)


def timers(state: Recommendation, fact: Any, given: Given) -> Sequence[Timer | Ended]:
    """Issuing starts the days for acknowledging and answering, the last act of implementation those of the reviews."""
    match fact:
        case RecommendationIssued():
            return [
                Timer(ACKNOWLEDGEMENT_DUE, over_after(fact.acknowledge_by, given.today), MarkAcknowledgementMissed()),
                Timer(RESPONSE_DUE, over_after(fact.response_due, given.today), MarkResponseMissed()),
            ]
        case RecommendationAcknowledged():
            return [] if state.silent or state.missed else [Ended(ACKNOWLEDGEMENT_DUE)]
        case RecommendationResponded():
            return [] if state.unanswered or state.response_missed else [Ended(RESPONSE_DUE)]
        case ImplementationReported() | AddresseeReplaced():
            return list(_reviews(state))
        case OutcomeReviewed():
            return [Ended(f"review-{fact.months}")]
        case RecommendationSuperseded():
            return [Ended(name) for name in (ACKNOWLEDGEMENT_DUE, RESPONSE_DUE, *(f"review-{n}" for n in REVIEWS))]
    return []


def _reviews(state: Recommendation) -> Iterator[Timer]:
    if state.concluded_on is None:
        return
    for months in REVIEWS:
        if months not in state.reviews and months not in state.reviews_marked:
            due = months_after(state.concluded_on, months)
            yield Timer(f"review-{months}", morning_of(due), MarkReviewDue(months=months))


def waiting(state: Recommendation) -> Sequence[Waits]:
    """What waits for whom: a text for its endorsement, an endorsed one for its issue, an issued one for its addressees."""
    return tuple(_waits(state))


def _waits(state: Recommendation) -> Iterator[Waits]:
    match state.status:
        case Status.DRAFTED:
            yield Waits("secretariat", OpenConsultation)
        case Status.IN_CONSULTATION if state.undisposed:
            yield Waits("secretariat", DisposeComment)
        case Status.IN_CONSULTATION:
            yield Waits("chair", EndorseRecommendation)
        case Status.ENDORSED:
            yield Waits("chair", IssueRecommendation)
    if state.status is Status.IN_CONSULTATION:
        yield Waits("member", CommentDraft, state.closes_on)
    if state.to_ratify and state.status not in (Status.WITHDRAWN, Status.SUPERSEDED):
        yield Waits("chair", RatifyEndorsement)
    if state.is_out:
        yield from _wait_for_addressees(state)


def _wait_for_addressees(state: Recommendation) -> Iterator[Waits]:
    for one in state.silent:
        yield Waits("addressee", AcknowledgeRecommendation, state.acknowledge_by, one)
    for one in state.unanswered:
        yield Waits("addressee", RespondRecommendation, state.response_due, one)
    for one in state.following:
        promised = max(action.due for action in state.responses[one].actions)
        yield Waits("addressee", ReportImplementation, promised, one)
    if state.concluded_on:
        for months in REVIEWS:
            if months not in state.reviews:
                yield Waits("secretariat", ReviewOutcome, months_after(state.concluded_on, months))


def relations(state: Recommendation, actor: Actor) -> frozenset[str]:
    """What an organisation's people are to a recommendation: addressee, drafter, commenter."""
    if actor.organisation is None:
        return frozenset()
    held = {
        "addressee": actor.organisation in state.addressees,
        "drafter": state.content is not None and state.content.drafted_by == actor.organisation,
        "commenter": actor.organisation in {one.organisation for one in state.comments.values()},
    }
    return frozenset(name for name, holds in held.items() if holds)


recommendation = Decider(
    "recommendation",
    Recommendation(),
    decide,
    evolve,
    timers=timers,
    waiting=waiting,
    relations=relations,
    phases=(drafting, answering, following),
)
