"""An advocacy: one thing that the working group wants of a budget, a policy or people. Its facts, and what rules remember."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.advocacy.domain.terms import (
    AdvocacyField,
    Affair,
    Answer,
    AwarenessBlock,
    Branch,
    BudgetBlock,
    Document,
    EngagementKind,
    Kind,
    Origin,
    OriginKind,
    Outcome,
    PolicyBlock,
    PositionKind,
    Score,
    Source,
    Status,
    Target,
    Vacancy,
)
from shared.facts import INTERAGENCY, PUBLIC, fact


@fact(visibility=INTERAGENCY)
class AdvocacyProposed:
    """An advocacy was proposed, or proposed again after it had been returned."""

    advocacy_id: UUID
    title: str
    kind: Kind
    issue: str
    origin: Origin
    area_codes: tuple[str, ...]
    proposed_by: UUID | None = None
    on_behalf_of: Source | None = None


@fact(visibility=INTERAGENCY)
class AdvocacyApproved:
    """The chair approved a proposed advocacy."""

    advocacy_id: UUID


@fact(visibility=INTERAGENCY)
class AdvocacyReturned:
    """The chair sent a proposal back and said what to change."""

    advocacy_id: UUID
    change: str


@fact(visibility=PUBLIC)
class AdvocacyRaised:
    """An advocacy was raised with its target, under a register number; it holds the block of its kind and no other."""

    advocacy_id: UUID
    number: str
    title: str
    kind: Kind
    lead_id: UUID
    target: Target
    legal_basis: str
    affairs: tuple[Affair, ...]
    area_codes: tuple[str, ...]
    budget: BudgetBlock | None = None
    policy: PolicyBlock | None = None
    awareness: AwarenessBlock | None = None
    branch: Branch | None = None
    policy_id: UUID | None = None
    on: date | None = None


@fact(visibility=INTERAGENCY)
class AdvocacyProposalDismissed:
    """A proposal was put aside, with a reason for its proposer."""

    advocacy_id: UUID
    reason: str


@fact(visibility=PUBLIC)
class AdvocacyLeadAssigned:
    """Another member leads the advocacy."""

    advocacy_id: UUID
    lead_id: UUID
    previous_lead_id: UUID | None = None


@fact(visibility=INTERAGENCY)
class LeadVacated:
    """The lead can lead no longer; the advocacy waits for another one."""

    advocacy_id: UUID
    lead_id: UUID
    reason: Vacancy
    successor_id: UUID | None = None


@fact(visibility=PUBLIC)
class SupporterAdded:
    """A member stands behind the advocacy."""

    advocacy_id: UUID
    member_id: UUID


@fact(visibility=PUBLIC)
class PolicyLinked:
    """The advocacy works on a policy of the inventory, along the branch that it has there."""

    advocacy_id: UUID
    policy_id: UUID
    branch: Branch


@fact(visibility=INTERAGENCY)
class EvidenceAttached:
    """A document was attached that supports the advocacy."""

    advocacy_id: UUID
    evidence_id: UUID
    document: Document


@fact(visibility=PUBLIC)
class PositionPublished:
    """The working group published what it asks for; the first position sets the advocacy going."""

    advocacy_id: UUID
    position_id: UUID
    kind: PositionKind
    title: str
    document: Document
    respond_by: date | None = None
    on: date


@fact(visibility=INTERAGENCY)
class TargetResponded:
    """The target agreed, agreed in part, or refused."""

    advocacy_id: UUID
    answer: Answer
    reason: str
    reference: str = ""
    on: date
    on_behalf_of: Source | None = None


@fact(visibility=PUBLIC)
class GovernanceAssessed:
    """The matter was held against the three principles: for the poor, open, accountable."""

    advocacy_id: UUID
    assessment_id: UUID
    final: bool
    pro_poor: Score
    openness: Score
    accountability: Score
    on: date


@fact(visibility=INTERAGENCY)
class RecommendationRequested:
    """The lead asks for formal advice of the working group."""

    advocacy_id: UUID
    request_id: UUID
    number: str
    addressees: tuple[UUID, ...]
    question: str
    affairs: tuple[Affair, ...]
    area_codes: tuple[str, ...]
    wanted_by: date


@fact(visibility=PUBLIC)
class AdvocacyConcluded:
    """An advocacy ended with an outcome that is proven, and with what was learnt."""

    advocacy_id: UUID
    outcome: Outcome
    lessons: str
    on: date


@fact(visibility=PUBLIC)
class AdvocacyReopened:
    """A concluded advocacy goes on under its number."""

    advocacy_id: UUID
    reason: str


@fact(visibility=PUBLIC)
class AdvocacyWithdrawn:
    """An advocacy that was raised was given up."""

    advocacy_id: UUID
    reason: str


@fact(visibility=INTERAGENCY)
class EngagementRecorded:
    """The working group met or wrote to somebody for an advocacy."""

    advocacy_id: UUID
    engagement_id: UUID
    kind: EngagementKind
    subject: str
    organisation_ids: tuple[UUID, ...] = ()
    counterpart: str = ""
    reference: str = ""
    on: date


@fact(visibility=PUBLIC)
class AdvocacyCorrected:
    """What is publicly known of an advocacy was corrected: what stood there, what stands there now, and why."""

    advocacy_id: UUID
    field: AdvocacyField
    old: str
    new: str
    reason: str


@fact(visibility=INTERAGENCY)
class AdvocacyProposalCorrected:
    """What was proposed was corrected: what stood there, what stands there now, and why."""

    advocacy_id: UUID
    field: AdvocacyField
    old: str
    new: str
    reason: str


NOBODY = UUID(int=0)
OWN = Origin(kind=OriginKind.OWN)


@dataclass(frozen=True)
class Advocacy:
    """What the rules need to know of an advocacy, and what later facts repeat of earlier ones."""

    id: UUID = NOBODY
    status: Status | None = None
    title: str = ""
    kind: Kind = Kind.AWARENESS
    issue: str = ""
    origin: Origin = OWN
    area_codes: tuple[str, ...] = ()
    proposed_by: UUID | None = None
    number: str = ""
    affairs: tuple[Affair, ...] = ()
    legal_basis: str = ""
    target_name: str = ""
    target_id: UUID | None = None
    raised_on: date = date.min
    lead_id: UUID | None = None
    lead_vacant: bool = False
    supporters: frozenset[UUID] = frozenset()
    evidence: frozenset[UUID] = frozenset()
    policy_id: UUID | None = None
    branch: Branch | None = None
    asked_on: date = date.min
    respond_by: date | None = None
    answer: Answer | None = None
    assessed: bool = False
