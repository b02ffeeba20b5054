"""From a draft to a text that is fixed: consultation, comments and what becomes of them, endorsement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from services.forum.domain.recommendation import (
    BEFORE_ISSUE,
    CommentDisposed,
    ConsultationOpened,
    DraftCommented,
    EndorsementRatified,
    Recommendation,
    RecommendationCorrected,
    RecommendationDrafted,
    RecommendationEndorsed,
    RecommendationWithdrawn,
)
from services.forum.domain.rules import known_organisations, speaks_for
from services.forum.domain.terms import Affair, Basis, BasisKind, Disposition, RecommendationField, Source, Status
from shared.decider import Given
from shared.errors import BrokenRule, UnknownReference, WrongState
from shared.facts import area_code, command, several
from shared.facts import text as words
from shared.rules import Entered, act_of_another, correction, happened, of_the_province, once

COMMENT_WITHIN = 5  # working days
OPEN = (Status.DRAFTED, Status.IN_CONSULTATION)


@command
class DraftRecommendation:
    """Draft a recommendation; addressees and affairs may still be left open."""

    issue: str = words(5, 300)
    basis: tuple[Basis, ...] = several(1, 20)
    text: str = words(10, 20000, multiline=True)
    addressees: tuple[UUID, ...] = several(0, 50, default=())
    affairs: tuple[Affair, ...] = several(0, 5, default=())
    area_codes: tuple[str, ...] = area_code(default=())


@command
class ReviseRecommendation:
    """Write a draft anew and name what was left open."""

    issue: str = words(5, 300)
    basis: tuple[Basis, ...] = several(1, 20)
    text: str = words(10, 20000, multiline=True)
    addressees: tuple[UUID, ...] = several(0, 50, default=())
    affairs: tuple[Affair, ...] = several(0, 5, default=())
    area_codes: tuple[str, ...] = area_code(default=())


@command
class CorrectRecommendation:
    """The secretariat corrects a draft in one place."""

    field: RecommendationField
    value: str = words(1, 20000, multiline=True)
    reason: str = words(3, 2000, multiline=True)


@command
class OpenConsultation:
    """Lay the draft before the members for comment."""

    on: date | None = None


@command
class CommentDraft:
    """Comment on the draft for one member."""

    organisation: UUID
    comment: str = words(3, 4000, multiline=True)
    on: date | None = None
    on_behalf_of: Source | None = None


@command
class DisposeComment:
    """Say what becomes of a comment."""

    comment_id: UUID
    disposition: Disposition
    reason: str | None = words(3, 2000, multiline=True, default=None)


@command
class EndorseRecommendation:
    """The chair endorses the text on a decision of a meeting, or urgently with the steering team's consent."""

    decision: str | None = words(1, 120, default=None)
    quorate: bool = True
    steering_consent: Source | None = None
    on: date | None = None


@command
class RatifyEndorsement:
    """The chair enters the decision by which a meeting ratified an urgent endorsement."""

    decision: str = words(1, 120)
    quorate: bool = True
    on: date | None = None


@command
class WithdrawRecommendation:
    """Give a recommendation up before it is issued."""

    reason: str = words(3, 2000, multiline=True)
    on: date | None = None


def draft(state: Recommendation, wish: DraftRecommendation, given: Given) -> Sequence[Any]:
    """A draft rests on something, and names only what is known."""
    if state.status:
        raise WrongState("recommendation-already-drafted")
    require_content(wish, given)
    return [RecommendationDrafted(recommendation_id=given.new_id(0), drafted_by=given.actor.organisation, **vars(wish))]


def require_content(wish: DraftRecommendation | ReviseRecommendation, given: Given) -> None:
    """`given.known["basis"]` holds what was found of the advocacies and cases that it rests on."""
    once(wish.basis, "/basis")
    for n, basis in enumerate(wish.basis):
        if basis.kind in (BasisKind.ADVOCACY, BasisKind.CASE) and basis not in given.known["basis"]:
            raise UnknownReference("unknown-case" if basis.kind is BasisKind.CASE else "unknown-advocacy", f"/basis/{n}/ref")
    once(wish.addressees, "/addressees")
    known_organisations(wish.addressees, given, "/addressees")
    once(wish.affairs, "/affairs")
    once(wish.area_codes, "/area_codes")
    for n, code in enumerate(wish.area_codes):
        of_the_province(code, given, f"/area_codes/{n}")


def require_open(state: Recommendation) -> RecommendationDrafted:
    """The draft, as long as its text may still change."""
    if state.status is None or state.content is None:
        raise WrongState("recommendation-not-drafted")
    if state.status is Status.WITHDRAWN:
        raise WrongState("recommendation-withdrawn")
    if state.status not in OPEN:
        raise WrongState("text-already-endorsed")
    return state.content


def require_complete(content: RecommendationDrafted | ReviseRecommendation) -> None:
    """Whom it addresses and which affairs it touches cannot be filled in any more."""
    if not content.addressees:
        raise BrokenRule("addressees-missing")
    if not content.affairs:
        raise BrokenRule("affairs-missing")


def revise(state: Recommendation, wish: ReviseRecommendation, given: Given) -> Sequence[Any]:
    """A draft is open until it is endorsed; the same words again are nothing new."""
    content = require_open(state)
    if state.status is Status.IN_CONSULTATION:
        require_complete(wish)
    require_content(wish, given)
    revised = RecommendationDrafted(recommendation_id=state.id, drafted_by=content.drafted_by, **vars(wish))
    return [] if revised == content else [revised]


ENTERED: Entered = {
    RecommendationField.ISSUE: (DraftRecommendation, "issue"),
    RecommendationField.TEXT: (DraftRecommendation, "text"),
}


def correct(state: Recommendation, wish: CorrectRecommendation, given: Given) -> Sequence[Any]:
    """As long as the text may still change; what was endorsed or issued is superseded, never corrected."""
    content = require_open(state)
    return [RecommendationCorrected(recommendation_id=state.id, **correction(content, wish, ENTERED))]


def open_consultation(state: Recommendation, wish: OpenConsultation, given: Given) -> Sequence[Any]:
    """The members see a draft that is complete, and have five working days."""
    content = require_open(state)
    if state.status is Status.IN_CONSULTATION:
        raise WrongState("consultation-already-open")
    require_complete(content)
    on = happened(wish.on, given)
    return [ConsultationOpened(recommendation_id=state.id, on=on, closes_on=given.workdays.after(on, COMMENT_WITHIN))]


def comment(state: Recommendation, wish: CommentDraft, given: Given) -> Sequence[Any]:
    """An active member comments within the days of the consultation."""
    if state.opened_on is None or state.closes_on is None or state.status is not Status.IN_CONSULTATION:
        raise WrongState("consultation-not-open")
    on = happened(wish.on, given)
    if on < state.opened_on:
        raise BrokenRule("commented-before-opened", "/on")
    if on > state.closes_on:
        raise BrokenRule("consultation-over", "/on", closes_on=state.closes_on)
    speaks_for(wish.organisation, given, "/organisation")
    active = given.known["commenter"]
    if active is None:
        raise UnknownReference("unknown-member", "/organisation")
    if not active:
        raise BrokenRule("member-not-active", "/organisation")
    return [
        DraftCommented(
            recommendation_id=state.id,
            comment_id=given.new_id(0),
            organisation=wish.organisation,
            comment=wish.comment,
            on=on,
            on_behalf_of=act_of_another(wish.on_behalf_of, given),
        )
    ]


def dispose(state: Recommendation, wish: DisposeComment, given: Given) -> Sequence[Any]:
    """Whoever commented learns why not all of it was taken; until the endorsement it may be thought over."""
    require_open(state)
    if not state.comments:
        raise WrongState("nothing-was-commented")
    found = state.comments.get(wish.comment_id)
    if found is None:
        raise BrokenRule("unknown-comment", "/comment_id")
    if wish.disposition is not Disposition.TAKEN and not wish.reason:
        raise BrokenRule("reasons-missing", "/reason")
    if found.disposed == (wish.disposition, wish.reason):
        return []
    return [CommentDisposed(recommendation_id=state.id, **vars(wish))]


def endorse(state: Recommendation, wish: EndorseRecommendation, given: Given) -> Sequence[Any]:
    """A text is fixed after the consultation by a quorate meeting, or urgently with consent; comments are answered either way."""
    content = require_open(state)
    if (wish.decision is None) is (wish.steering_consent is None):
        raise BrokenRule("endorsement-needs-one-ground", "/decision")
    require_complete(content)
    if state.undisposed:
        raise BrokenRule("comment-without-disposition", None, count=len(state.undisposed))
    on, consent = happened(wish.on, given), wish.steering_consent
    if consent:
        happened(consent.date, given, "/steering_consent/date")
    else:
        require_quorum(quorate=wish.quorate)
        if state.closes_on is None:
            raise BrokenRule("consultation-not-held", "/decision")
        if on <= state.closes_on:
            raise BrokenRule("consultation-still-open", "/on", closes_on=state.closes_on)
    return [RecommendationEndorsed(recommendation_id=state.id, decision=wish.decision, steering_consent=consent, on=on)]


def require_quorum(*, quorate: bool) -> None:
    """A meeting decides only with a quorum."""
    if not quorate:
        raise BrokenRule("meeting-without-quorum", "/quorate")


def ratify(state: Recommendation, wish: RatifyEndorsement, given: Given) -> Sequence[Any]:
    """What was endorsed urgently goes to the next meeting."""
    if not state.to_ratify or state.status is Status.WITHDRAWN:
        raise WrongState("nothing-to-ratify")
    require_quorum(quorate=wish.quorate)
    on = happened(wish.on, given)
    if on < state.endorsed_on:
        raise BrokenRule("ratified-before-endorsed", "/on")
    return [EndorsementRatified(recommendation_id=state.id, decision=wish.decision, on=on)]


def withdraw(state: Recommendation, wish: WithdrawRecommendation, given: Given) -> Sequence[Any]:
    """What was issued cannot be taken back, only superseded."""
    if state.status is None:
        raise WrongState("recommendation-not-drafted")
    if state.status is Status.WITHDRAWN:
        raise WrongState("recommendation-withdrawn")
    if state.status not in BEFORE_ISSUE:
        raise WrongState("recommendation-already-issued")
    return [RecommendationWithdrawn(recommendation_id=state.id, reason=wish.reason, on=happened(wish.on, given))]
