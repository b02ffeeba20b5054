"""An advocacy: one thing that the working group wants of a budget, a policy or people."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from services.advocacy.domain.terms import (
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
from shared.facts import INTERAGENCY, PUBLIC, area_code, command, fact, several, text


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


@command
class ProposeAdvocacy:
    """Propose an advocacy to the chair."""

    title: str = text(5, 200)
    kind: Kind
    issue: str = text(10, 4000, multiline=True)
    origin: Origin
    area_codes: tuple[str, ...] = area_code()
    on_behalf_of: Source | None = None


@command
class ResubmitProposal:
    """Propose a returned advocacy again, with what had to change."""

    title: str = text(5, 200)
    issue: str = text(10, 4000, multiline=True)
    area_codes: tuple[str, ...] = area_code()
    on_behalf_of: Source | None = None


@command
class ApproveAdvocacy:
    """The chair approves the proposal."""


@command
class ReturnProposal:
    """The chair sends the proposal back."""

    change: str = text(5, 2000, multiline=True)


@command
class RaiseAdvocacy:
    """The secretariat raises an approved advocacy with its target."""

    lead_id: UUID
    target: Target
    legal_basis: str = text(3, 1000, multiline=True)
    affairs: tuple[Affair, ...] = several(1, 5)
    budget: BudgetBlock | None = None
    policy: PolicyBlock | None = None
    awareness: AwarenessBlock | None = None
    policy_id: UUID | None = None


@command
class DismissProposal:
    """The secretariat puts a proposal aside and tells why."""

    reason: str = text(5, 2000, multiline=True)


@command
class AssignLead:
    """The secretariat gives the advocacy another lead."""

    lead_id: UUID


@command
class VacateLead:
    """The lead was suspended or is gone; only membership's news says so."""

    member_id: UUID
    reason: Vacancy
    successor_id: UUID | None = None


@command
class AddSupporter:
    """A member joins those who stand behind the advocacy."""

    member_id: UUID


@command
class LinkPolicy:
    """The secretariat says which policy of the inventory the advocacy works on, or follows a branch that has changed."""

    policy_id: UUID


@command
class AttachEvidence:
    """Attach a document that supports the advocacy."""

    document: Document


@command
class PublishPosition:
    """The secretariat publishes a policy brief, a budget position paper or a statement."""

    kind: PositionKind
    title: str = text(5, 300)
    document: Document
    respond_by: date | None = None
    on: date | None = None


@command
class RecordTargetResponse:
    """Record what the target says."""

    answer: Answer
    reason: str = text(0, 4000, multiline=True, default="")
    reference: str = text(0, 120, default="")
    on: date | None = None
    on_behalf_of: Source | None = None


@command
class AssessGovernance:
    """Score the three principles; the final assessment has evidence for each score."""

    final: bool = False
    pro_poor: Score
    openness: Score
    accountability: Score
    on: date | None = None


@command
class RequestRecommendation:
    """The lead asks the working group for a recommendation to those who can act."""

    addressees: tuple[UUID, ...] = several(1, 50)
    question: str = text(10, 4000, multiline=True)
    wanted_by: date


@command
class ConcludeAdvocacy:
    """The chair concludes the advocacy with an outcome that can be proven."""

    outcome: Outcome
    lessons: str = text(10, 4000, multiline=True)
    on: date | None = None


@command
class ReopenAdvocacy:
    """The chair reopens a concluded advocacy."""

    reason: str = text(5, 2000, multiline=True)


@command
class WithdrawAdvocacy:
    """Give an advocacy up that was raised."""

    reason: str = text(5, 2000, multiline=True)


@command
class RecordEngagement:
    """Record an audience, a hearing, a letter or a workshop for an advocacy."""

    kind: EngagementKind
    subject: str = text(3, 500)
    organisation_ids: tuple[UUID, ...] = several(0, 100, ())
    counterpart: str = text(0, 200, default="")
    reference: str = text(0, 120, default="")
    on: date | None = None


NOBODY = UUID(int=0)
OWN = Origin(kind=OriginKind.OWN)


@dataclass(frozen=True)
class Advocacy:
    """What the rules need to know of an advocacy, and what later facts repeat of earlier ones."""

    id: UUID = NOBODY
    status: Status | None = None
    title: str = ""
    kind: Kind = Kind.AWARENESS
    origin: Origin = OWN
    area_codes: tuple[str, ...] = ()
    proposed_by: UUID | None = None
    number: str = ""
    affairs: tuple[Affair, ...] = ()
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


AFTER: dict[type, dict[str, Any]] = {
    AdvocacyApproved: {"status": Status.APPROVED},
    AdvocacyReturned: {"status": Status.RETURNED},
    AdvocacyProposalDismissed: {"status": Status.DISMISSED},
    LeadVacated: {"lead_vacant": True},
    AdvocacyConcluded: {"status": Status.CONCLUDED},
    AdvocacyReopened: {"status": Status.IN_PROGRESS, "assessed": False},
    AdvocacyWithdrawn: {"status": Status.WITHDRAWN},
}


def evolve(advocacy: Advocacy, fact: Any) -> Advocacy:
    """The advocacy after a fact."""
    match fact:
        case AdvocacyProposed():
            told = (fact.title, fact.kind, fact.origin, fact.area_codes, fact.proposed_by)
            # What was attached to the proposal stays when it is proposed again.
            return Advocacy(fact.advocacy_id, Status.PROPOSED, *told, evidence=advocacy.evidence)
        case AdvocacyRaised():
            return raised(advocacy, fact)
        case AdvocacyLeadAssigned():
            return replace(advocacy, lead_id=fact.lead_id, lead_vacant=False)
        case SupporterAdded():
            return replace(advocacy, supporters=advocacy.supporters | {fact.member_id})
        case PolicyLinked():
            return replace(advocacy, policy_id=fact.policy_id, branch=fact.branch)
        case EvidenceAttached():
            return replace(advocacy, evidence=advocacy.evidence | {fact.evidence_id})
        case PositionPublished():
            now: dict[str, Any] = {
                "status": Status.IN_PROGRESS,
                "asked_on": fact.on,
                "respond_by": fact.respond_by,
                "answer": None,
            }
            return replace(advocacy, **now)
        case TargetResponded():
            return replace(advocacy, answer=fact.answer)
        case GovernanceAssessed():
            return replace(advocacy, assessed=advocacy.assessed or fact.final)
    return replace(advocacy, **AFTER.get(type(fact), {}))


def raised(advocacy: Advocacy, fact: AdvocacyRaised) -> Advocacy:
    """It has a number, a lead and a target from now on."""
    return replace(
        advocacy,
        status=Status.RAISED,
        number=fact.number,
        affairs=fact.affairs,
        target_id=fact.target.organisation_id,
        raised_on=fact.on or date.min,
        lead_id=fact.lead_id,
        policy_id=fact.policy_id,
        branch=fact.branch,
    )
