"""An advocacy's walk: its examples as facts of one advocacy, and the stories along its way."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from services.advocacy.domain.advocacy import (
    AdvocacyApproved,
    AdvocacyConcluded,
    AdvocacyLeadAssigned,
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
from services.advocacy.domain.deciding import advocacy
from services.advocacy.domain.policy import PolicyAssessed, PolicyRegistered
from services.advocacy.domain.terms import Kind, Target, TargetKind
from services.advocacy.examples import EXAMPLES, HEALTH, PLANNING
from services.advocacy.registers.organisations import Organisation
from services.advocacy.registers.policies import policies
from shared.decider import Actor
from shared.testing import Story, folded, given_at

ID, SECOND = given_at().new_id(0), given_at().new_id(1)
RAISED_ON = date(2025, 3, 10)


def member(name: str) -> Organisation:
    """An active member."""
    return Organisation(name, ("implementer",), ())


BAPPEDA, DINKES, DISPERKIM = member("Bappeda"), member("Dinas Kesehatan"), member("Dinas Perumahan")
(INVENTORY,) = folded(policies, [EXAMPLES[PolicyRegistered], EXAMPLES[PolicyAssessed]]).values()
KNOWN: dict[str, Any] = {
    "lead": DISPERKIM,
    "supporter": DINKES,
    "policy": INVENTORY,
    "organisations": {PLANNING: BAPPEDA, HEALTH: DINKES},
}
LEAD = Actor("lead", frozenset({"member"}), PLANNING)
STAFF = Actor("staff", frozenset({"member"}), HEALTH)


def past(cls: type, **changed: Any) -> Any:
    """The example of a fact, as it happened to the advocacy of these stories."""
    return replace(EXAMPLES[cls], advocacy_id=ID, **changed)


PROPOSED, APPROVED, RETURNED = past(AdvocacyProposed), past(AdvocacyApproved), past(AdvocacyReturned)
# Aimed at a member, so that the target has people of its own.
TARGET = Target(kind=TargetKind.AGENCY, name="Badan Keuangan", organisation_id=given_at().new_id(9))
RAISED = past(AdvocacyRaised, target=TARGET)
ASSIGNED, VACATED, SUPPORTED = past(AdvocacyLeadAssigned), past(LeadVacated), past(SupporterAdded)
ATTACHED, PUBLISHED = past(EvidenceAttached, evidence_id=SECOND), past(PositionPublished, position_id=SECOND)
RESPONDED, ASSESSED = past(TargetResponded), past(GovernanceAssessed, assessment_id=SECOND)
CONCLUDED, REOPENED, WITHDRAWN = past(AdvocacyConcluded), past(AdvocacyReopened), past(AdvocacyWithdrawn)
LINKED, DISMISSED = past(PolicyLinked), past(AdvocacyProposalDismissed)

nothing = Story(advocacy).knowing(**KNOWN)
proposed = nothing.given(PROPOSED)
returned = proposed.given(RETURNED)
dismissed = proposed.given(DISMISSED)
approved = proposed.given(APPROVED)
raised = approved.given(RAISED)
under_way = raised.given(PUBLISHED)
concluded = under_way.given(ASSESSED, CONCLUDED)
withdrawn = raised.given(WITHDRAWN)


def of_kind(kind: Kind, *more: Any) -> Story:
    """An advocacy under way of that kind."""
    facts = (replace(PROPOSED, kind=kind), APPROVED, replace(RAISED, kind=kind, budget=None), *more, PUBLISHED)
    return nothing.given(*facts)
