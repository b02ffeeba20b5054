"""A recommendation: formal advice to those who can act. Its facts, and what the rules remember of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
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
    RecommendationField,
    Source,
    Status,
)
from shared.facts import INTERAGENCY, PUBLIC, fact

NOBODY = UUID(int=0)


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
class RecommendationCorrected:
    """A draft was corrected: what stood there, what stands there now, and why."""

    recommendation_id: UUID
    field: RecommendationField
    old: str
    new: str
    reason: str


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
