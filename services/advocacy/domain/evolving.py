"""What each fact changes in an advocacy."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from services.advocacy.domain.advocacy import (
    Advocacy,
    AdvocacyApproved,
    AdvocacyConcluded,
    AdvocacyCorrected,
    AdvocacyLeadAssigned,
    AdvocacyProposalCorrected,
    AdvocacyProposalDismissed,
    AdvocacyProposed,
    AdvocacyRaised,
    AdvocacyReopened,
    AdvocacyReturned,
    AdvocacyWithdrawn,
    EvidenceAttached,
    GovernanceAssessed,
    LeadVacated,
    PolicyLinked,
    PositionPublished,
    SupporterAdded,
    TargetResponded,
)
from services.advocacy.domain.terms import Status
from shared.rules import corrected

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
            told = (fact.title, fact.kind, fact.issue, fact.origin, fact.area_codes, fact.proposed_by)
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
    is_correction = isinstance(fact, AdvocacyCorrected | AdvocacyProposalCorrected)
    return corrected(advocacy, fact) if is_correction else replace(advocacy, **AFTER.get(type(fact), {}))


def raised(advocacy: Advocacy, fact: AdvocacyRaised) -> Advocacy:
    """It has a number, a lead and a target from now on."""
    return replace(
        advocacy,
        status=Status.RAISED,
        number=fact.number,
        affairs=fact.affairs,
        legal_basis=fact.legal_basis,
        target_name=fact.target.name,
        target_id=fact.target.organisation_id,
        raised_on=fact.on or date.min,
        lead_id=fact.lead_id,
        policy_id=fact.policy_id,
        branch=fact.branch,
    )
