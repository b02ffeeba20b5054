"""The register of recommendations: every one from its draft on, with where it stands."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from services.forum.domain.following import SupersedeRecommendation
from services.forum.domain.recommendation import (
    AcknowledgementMissed,
    AddresseeReplaced,
    ConsultationOpened,
    DraftCommented,
    EndorsementRatified,
    RecommendationAcknowledged,
    RecommendationCorrected,
    RecommendationDrafted,
    RecommendationEndorsed,
    RecommendationIssued,
    RecommendationResponded,
    RecommendationWithdrawn,
    ResponseMissed,
    ReviewDue,
)
from services.forum.domain.terms import Affair, Basis, Criteria, Status
from services.forum.registers.standings import PUBLIC_FOLDS, Said
from shared.registers.register import About, Register, corrected


@dataclass(frozen=True)
class Line:
    """A recommendation; number, days and hash are empty until it is issued, `overdue` says that a day was missed."""

    issue: str
    status: Status
    basis: tuple[Basis, ...]
    text: str
    addressees: tuple[UUID, ...]
    affairs: tuple[Affair, ...]
    area_codes: tuple[str, ...]
    drafted_by: UUID | None = None
    closes_on: date | None = None
    comments: int = 0
    number: str = ""
    decision: str = ""
    to_ratify: bool = False
    endorsed_on: date | None = None
    issued_on: date | None = None
    acknowledge_by: date | None = None
    response_due: date | None = None
    acknowledged_by: tuple[UUID, ...] = ()
    said: tuple[Said, ...] = ()
    overdue: bool = False
    response_missed: bool = False
    review_due: date | None = None
    sustained: bool | None = None
    reviewed_on: date | None = None
    superseded_by: str = ""
    criteria: Criteria | None = None
    document_hash: str = ""


def drafted(line: Line | None, fact: RecommendationDrafted, about: About) -> Line:
    """A line opens with the draft; a draft written anew changes its content only."""
    content = {name: value for name, value in vars(fact).items() if name != "recommendation_id"}
    return replace(line, **content) if line else Line(status=Status.DRAFTED, **content)


def opened(line: Any, fact: ConsultationOpened, about: About) -> Line:
    """The members may comment."""
    return replace(line, status=Status.IN_CONSULTATION, closes_on=fact.closes_on)


def commented(line: Any, fact: DraftCommented, about: About) -> Line:
    """One comment more waits for its disposition."""
    return replace(line, comments=line.comments + 1)


def endorsed(line: Any, fact: RecommendationEndorsed, about: About) -> Line:
    """The text is fixed; an urgent one has no decision yet."""
    urgent = fact.decision is None
    return replace(line, status=Status.ENDORSED, decision=fact.decision or "", to_ratify=urgent, endorsed_on=fact.on)


def ratified(line: Any, fact: EndorsementRatified, about: About) -> Line:
    """Now it has its decision."""
    return replace(line, decision=fact.decision, to_ratify=False)


def withdrawn(line: Any, fact: RecommendationWithdrawn, about: About) -> Line:
    """It was given up."""
    return replace(line, status=Status.WITHDRAWN)


def issued(line: Any, fact: RecommendationIssued, about: About) -> Line:
    """It has its number and its days."""
    return replace(
        line,
        status=Status.ISSUED,
        number=fact.number,
        issued_on=fact.on,
        acknowledge_by=fact.acknowledge_by,
        response_due=fact.response_due,
        criteria=fact.criteria,
        document_hash=fact.document_hash,
    )


def missed(line: Any, fact: AcknowledgementMissed, about: About) -> Line:
    """Somebody has kept silent for too long."""
    return replace(line, overdue=True)


def unanswered(line: Any, fact: ResponseMissed, about: About) -> Line:
    """Somebody has not answered in time."""
    return replace(line, overdue=True, response_missed=True)


def spoken(line: Any, fact: Any, about: About) -> Any:
    """Somebody has said something; with the last word that was waited for, nothing is overdue any more."""
    now: Any = PUBLIC_FOLDS[type(fact)](line, fact, about)
    waited_for = (Status.ISSUED, Status.ACKNOWLEDGED) if now.response_missed else (Status.ISSUED,)
    return now if now.status in waited_for else replace(now, overdue=False, response_missed=False)


def review_due(line: Any, fact: ReviewDue, about: About) -> Line:
    """The day of a review has come."""
    return replace(line, review_due=fact.due)


recommendations = Register(
    name="recommendations",
    row=Line,
    folds={
        **PUBLIC_FOLDS,
        RecommendationDrafted: drafted,
        RecommendationCorrected: corrected,
        ConsultationOpened: opened,
        DraftCommented: commented,
        RecommendationEndorsed: endorsed,
        EndorsementRatified: ratified,
        RecommendationWithdrawn: withdrawn,
        RecommendationIssued: issued,
        RecommendationAcknowledged: spoken,
        AcknowledgementMissed: missed,
        RecommendationResponded: spoken,
        AddresseeReplaced: spoken,
        ResponseMissed: unanswered,
        ReviewDue: review_due,
    },
    shown=("number", "issue", "status", "issued_on", "response_due", "overdue"),
    searched=("number", "issue"),
)


def number_of_successor(registers: Any, command: SupersedeRecommendation, id: str) -> str | None:
    """The number of the recommendation that takes the place of another: "" before its issue, None when there is none."""
    line = registers.row(recommendations, str(command.by))
    return line.number if line else None
