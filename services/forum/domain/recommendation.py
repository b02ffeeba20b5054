"""A recommendation: formal advice to those who can act. Its facts, commands and state; deciding.py holds the rules together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from services.forum.domain.terms import (
    CONCLUDED,
    FOLLOWED,
    Affair,
    Answer,
    Basis,
    Criteria,
    Disposition,
    PlannedAction,
    Progress,
    Source,
    Status,
    standing,
)
from shared.facts import INTERAGENCY, PUBLIC, amount, area_code, command, fact, several
from shared.facts import text as words

NOBODY = UUID(int=0)


# --- facts --------------------------------------------------------------------------------------------------------


@fact(visibility=INTERAGENCY)
class RecommendationDrafted:
    """A recommendation was drafted, or its draft written anew; addressees and affairs may still be open."""

    recommendation_id: UUID
    issue: str
    basis: tuple[Basis, ...]
    text: str
    addressees: tuple[UUID, ...]
    affairs: tuple[Affair, ...]
    area_codes: tuple[str, ...]
    drafted_by: UUID | None = None


@fact(visibility=INTERAGENCY)
class ConsultationOpened:
    """The members may comment on the draft until the day it names."""

    recommendation_id: UUID
    on: date
    closes_on: date


@fact(visibility=INTERAGENCY)
class DraftCommented:
    """A member commented on the draft."""

    recommendation_id: UUID
    comment_id: UUID
    organisation: UUID
    comment: str
    on: date
    on_behalf_of: Source | None = None


@fact(visibility=INTERAGENCY)
class CommentDisposed:
    """It was said what becomes of a comment, and why."""

    recommendation_id: UUID
    comment_id: UUID
    disposition: Disposition
    reason: str | None


@fact(visibility=INTERAGENCY)
class RecommendationEndorsed:
    """The text was endorsed, by a decision or urgently with the steering team's consent, and is fixed from now on."""

    recommendation_id: UUID
    decision: str | None
    steering_consent: Source | None
    on: date


@fact(visibility=INTERAGENCY)
class EndorsementRatified:
    """A meeting ratified what had been endorsed urgently."""

    recommendation_id: UUID
    decision: str
    on: date


@fact(visibility=INTERAGENCY)
class RecommendationWithdrawn:
    """A recommendation was given up before it was issued."""

    recommendation_id: UUID
    reason: str
    on: date


@fact(visibility=PUBLIC)
class RecommendationIssued:
    """A recommendation was issued to its addressees, who answer by the day it names."""

    recommendation_id: UUID
    number: str
    issue: str
    basis: tuple[Basis, ...]
    text: str
    addressees: tuple[UUID, ...]
    affairs: tuple[Affair, ...]
    area_codes: tuple[str, ...]
    criteria: Criteria
    on: date
    acknowledge_by: date
    response_due: date
    document_hash: str


@fact(visibility=PUBLIC)
class RecommendationAcknowledged:
    """An addressee confirmed that it holds the recommendation."""

    recommendation_id: UUID
    addressee: UUID
    on: date
    on_behalf_of: Source | None = None


@fact(visibility=INTERAGENCY)
class AcknowledgementMissed:
    """The days for acknowledging a recommendation went by without a word from these addressees."""

    recommendation_id: UUID
    silent: tuple[UUID, ...]
    due: date


@fact(visibility=PUBLIC)
class RecommendationResponded:
    """An addressee said whether it follows the recommendation, why not, and what it will do by when."""

    recommendation_id: UUID
    addressee: UUID
    answer: Answer
    reasons: str | None
    actions: tuple[PlannedAction, ...]
    late: bool
    on: date
    on_behalf_of: Source | None = None


@fact(visibility=INTERAGENCY)
class ResponseMissed:
    """The days for answering a recommendation went by without an answer from these addressees."""

    recommendation_id: UUID
    silent: tuple[UUID, ...]
    due: date


@fact(visibility=PUBLIC)
class ImplementationReported:
    """An addressee reported how far it has come with what it promised."""

    recommendation_id: UUID
    addressee: UUID
    progress: Progress
    report: str
    evidence: Source | None
    on: date
    on_behalf_of: Source | None = None


@fact(visibility=INTERAGENCY)
class ReviewDue:
    """The outcome of a recommendation is to be reviewed."""

    recommendation_id: UUID
    months: int
    due: date


@fact(visibility=PUBLIC)
class OutcomeReviewed:
    """The outcome of a recommendation was reviewed, months after it was carried out: whether it lasts, and what was learnt."""

    recommendation_id: UUID
    months: int
    sustained: bool
    change: str
    lesson: str
    on: date


@fact(visibility=PUBLIC)
class AddresseeReplaced:
    """An addressee is no member any more: its successor answers in its place, or nobody does."""

    recommendation_id: UUID
    addressee: UUID
    successor: UUID | None
    on: date


@fact(visibility=PUBLIC)
class RecommendationSuperseded:
    """Another recommendation takes the place of this one, whose text stays readable."""

    recommendation_id: UUID
    by: UUID
    by_number: str
    reason: str
    on: date


# --- commands -----------------------------------------------------------------------------------------------------


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


@command
class IssueRecommendation:
    """The chair issues an endorsed recommendation."""

    criteria: Criteria
    on: date | None = None


@command
class AcknowledgeRecommendation:
    """An addressee confirms that it holds the recommendation."""

    addressee: UUID
    on: date | None = None
    on_behalf_of: Source | None = None


@command
class MarkAcknowledgementMissed:
    """The days for acknowledging have passed; only the clock says so."""


@command
class RespondRecommendation:
    """An addressee accepts the recommendation with actions and dates, or gives its reasons against it."""

    addressee: UUID
    answer: Answer
    reasons: str | None = words(3, 4000, multiline=True, default=None)
    actions: tuple[PlannedAction, ...] = several(0, 50, default=())
    on: date | None = None
    on_behalf_of: Source | None = None


@command
class MarkResponseMissed:
    """The days for answering have passed; only the clock says so."""


@command
class ReportImplementation:
    """An addressee reports how far it has come with what it promised."""

    addressee: UUID
    progress: Progress
    report: str = words(3, 4000, multiline=True)
    evidence: Source | None = None
    on: date | None = None
    on_behalf_of: Source | None = None


@command
class MarkReviewDue:
    """The day of a review has come; only the clock says so."""

    months: int = amount(1, 60)


@command
class ReviewOutcome:
    """The secretariat reviews the outcome, 6 and 12 months after it was carried out."""

    months: int = amount(1, 60)
    sustained: bool
    change: str = words(3, 2000, multiline=True)
    lesson: str = words(3, 2000, multiline=True)
    on: date | None = None


@command
class ReplaceAddressee:
    """Let the successor of an addressee that is no member any more answer in its place, or nobody."""

    addressee: UUID
    successor: UUID | None = None
    on: date | None = None


@command
class SupersedeRecommendation:
    """Let another issued recommendation take the place of this one."""

    by: UUID
    reason: str = words(3, 2000, multiline=True)
    on: date | None = None


# --- state --------------------------------------------------------------------------------------------------------

BEFORE_ISSUE = (Status.DRAFTED, Status.IN_CONSULTATION, Status.ENDORSED)
ENDED = (Status.WITHDRAWN, Status.SUPERSEDED)


@dataclass(frozen=True)
class Comment:
    """A comment on the draft, and what became of it."""

    organisation: UUID
    disposed: tuple[Disposition, str | None] | None = None


@dataclass(frozen=True)
class Recommendation:
    """What the rules of a recommendation need to remember."""

    id: UUID = NOBODY
    status: Status | None = None
    content: RecommendationDrafted | None = None
    opened_on: date | None = None
    closes_on: date | None = None
    comments: Mapping[UUID, Comment] = field(default_factory=dict)
    endorsed_on: date = date.min
    to_ratify: bool = False
    addressees: tuple[UUID, ...] = ()
    issued_on: date = date.min
    acknowledge_by: date = date.max
    response_due: date = date.max
    acknowledged: frozenset[UUID] = frozenset()
    missed: bool = False
    responses: Mapping[UUID, RecommendationResponded] = field(default_factory=dict)
    response_missed: bool = False
    reports: Mapping[UUID, ImplementationReported] = field(default_factory=dict)
    reviews_marked: frozenset[int] = frozenset()
    reviews: Mapping[int, OutcomeReviewed] = field(default_factory=dict)

    @property
    def silent(self) -> tuple[UUID, ...]:
        """The addressees that have not acknowledged."""
        return tuple(one for one in self.addressees if one not in self.acknowledged)

    @property
    def unanswered(self) -> tuple[UUID, ...]:
        """The addressees that have not answered."""
        return tuple(one for one in self.addressees if one not in self.responses)

    @property
    def undisposed(self) -> tuple[UUID, ...]:
        """The comments of which nobody has said what becomes of them."""
        return tuple(id for id, comment in self.comments.items() if comment.disposed is None)

    @property
    def following(self) -> tuple[UUID, ...]:
        """The addressees that promised to act and have neither done it nor given it up."""
        promised = (one for one, said in self.responses.items() if said.answer in FOLLOWED)
        return tuple(one for one in promised if one not in self.reports or self.reports[one].progress not in CONCLUDED)

    @property
    def is_out(self) -> bool:
        """Whether it is issued and in force."""
        return self.issued_on > date.min and self.status not in ENDED

    @property
    def concluded_on(self) -> date | None:
        """The day on which the last addressee that promised to act had done it or given it up; None until then."""
        if self.status not in (Status.IMPLEMENTED, Status.NOT_IMPLEMENTED, Status.REVIEWED):
            return None
        return max(report.on for report in self.reports.values())


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
