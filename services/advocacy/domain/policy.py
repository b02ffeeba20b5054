"""A policy of the inventory: what it is, how it is judged, what government does with it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from services.advocacy.domain.terms import (
    Branch,
    BranchCause,
    Document,
    Instrument,
    Level,
    MeasureKind,
    PolicyField,
    PolicyStatus,
)
from shared.facts import PUBLIC, area_code, command, fact, text
from shared.rules import corrected

NOBODY = UUID(int=0)


@fact(visibility=PUBLIC)
class PolicyRegistered:
    """A policy, or the lack of one, was entered into the inventory."""

    policy_id: UUID
    title: str
    instrument: Instrument
    level: Level
    area_code: str | None
    number: str
    status: PolicyStatus
    topic: str
    owner_id: UUID | None = None


@fact(visibility=PUBLIC)
class PolicyAssessed:
    """A policy was judged by four questions, from which its branch follows."""

    policy_id: UUID
    assessment_id: UUID
    status: PolicyStatus
    contrary_to_public_interest: bool
    pro_public: bool
    effective: bool
    reasons: str
    branch: Branch
    review_on: date | None = None
    on: date


@fact(visibility=PUBLIC)
class BranchChanged:
    """What to work for with a policy is another thing than before."""

    policy_id: UUID
    before: Branch
    after: Branch
    cause: BranchCause
    reason: str
    review_on: date | None = None
    on: date


@fact(visibility=PUBLIC)
class PolicyTextProposed:
    """A wording was proposed; a draft when government has taken it up."""

    policy_id: UUID
    text_version: int
    document: Document
    summary: str
    is_draft: bool = False
    on: date


@fact(visibility=PUBLIC)
class PolicyEnacted:
    """Government enacted the policy."""

    policy_id: UUID
    number: str
    document: Document | None = None
    on: date


@fact(visibility=PUBLIC)
class PolicyAmended:
    """Government amended the policy."""

    policy_id: UUID
    number: str
    summary: str
    document: Document | None = None
    on: date


@fact(visibility=PUBLIC)
class PolicyRevoked:
    """Government revoked the policy, or withdrew its draft."""

    policy_id: UUID
    number: str
    reason: str
    on: date


@fact(visibility=PUBLIC)
class PolicyReplaced:
    """A better policy stands in the place of a revoked one."""

    policy_id: UUID
    replaced_by: UUID
    on: date


@fact(visibility=PUBLIC)
class EnforcementMeasureRecorded:
    """Something was done to make a policy work that is in force."""

    policy_id: UUID
    measure_id: UUID
    kind: MeasureKind
    description: str
    document: Document | None = None
    on: date


@fact(visibility=PUBLIC)
class EffectivenessReassessed:
    """It was judged again whether a policy in force works."""

    policy_id: UUID
    effective: bool
    reasons: str
    on: date


@fact(visibility=PUBLIC)
class PolicyCorrected:
    """What the inventory says of a policy was corrected: what stood there, what stands there now, and why."""

    policy_id: UUID
    field: PolicyField
    old: str
    new: str
    reason: str


@command
class RegisterPolicy:
    """Enter a policy into the inventory, also one that does not exist yet."""

    title: str = text(5, 300)
    instrument: Instrument
    level: Level
    area_code: str | None = area_code(default=None)
    number: str = text(0, 120, default="")
    status: PolicyStatus
    topic: str = text(3, 500)
    owner_id: UUID | None = None


@command
class AssessPolicy:
    """The secretariat answers the questions about a policy; the branch follows from the answers."""

    contrary_to_public_interest: bool
    pro_public: bool
    effective: bool
    reasons: str = text(10, 4000, multiline=True)
    review_on: date | None = None
    on: date | None = None


@command
class OverrideBranch:
    """The chair sets another branch than the one that follows from the answers."""

    branch: Branch
    reason: str = text(10, 2000, multiline=True)
    on: date | None = None


@command
class ProposePolicyText:
    """Propose a wording."""

    document: Document
    summary: str = text(3, 2000, multiline=True)
    is_draft: bool = False
    on: date | None = None


@command
class RecordEnactment:
    """Record that government enacted the policy."""

    number: str = text(1, 120)
    document: Document | None = None
    on: date | None = None


@command
class RecordAmendment:
    """Record that government amended the policy."""

    number: str = text(1, 120)
    summary: str = text(3, 2000, multiline=True)
    document: Document | None = None
    on: date | None = None


@command
class RecordRevocation:
    """Record that government revoked the policy, or withdrew its draft."""

    number: str = text(1, 120)
    reason: str = text(3, 2000, multiline=True)
    on: date | None = None


@command
class RecordReplacement:
    """Record which policy stands in the place of a revoked one."""

    replaced_by: UUID
    on: date | None = None


@command
class RecordEnforcementMeasure:
    """Record what was done to make the policy work."""

    kind: MeasureKind
    description: str = text(3, 2000, multiline=True)
    document: Document | None = None
    on: date | None = None


@command
class ReassessEffectiveness:
    """The secretariat judges again whether a policy in force works."""

    effective: bool
    reasons: str = text(10, 4000, multiline=True)
    on: date | None = None


@dataclass(frozen=True)
class Policy:
    """What the rules need to know of a policy; `outdated` when government acted on it after it was assessed."""

    id: UUID = NOBODY
    status: PolicyStatus | None = None
    instrument: Instrument = Instrument.GUIDELINE
    title: str = ""
    number: str = ""
    topic: str = ""
    owner_id: UUID | None = None
    contrary_to_public_interest: bool = False
    pro_public: bool = False
    effective: bool = False
    branch: Branch | None = None
    review_on: date | None = None
    outdated: bool = False
    enacted_on: date = date.min
    revoked_on: date = date.min
    text_version: int = 0
    replaced_by: UUID | None = None


def evolve(policy: Policy, fact: Any) -> Policy:
    """The policy after a fact."""
    match fact:
        case PolicyRegistered():
            told = (fact.title, fact.number, fact.topic, fact.owner_id)
            return Policy(fact.policy_id, fact.status, fact.instrument, *told)
        case PolicyAssessed():
            answers = {name: getattr(fact, name) for name in ("contrary_to_public_interest", "pro_public", "effective")}
            return replace(policy, **answers, branch=fact.branch, review_on=fact.review_on, outdated=False)
        case BranchChanged():
            return replace(policy, branch=fact.after, review_on=fact.review_on)
        case EffectivenessReassessed():
            return replace(policy, effective=fact.effective)
        case PolicyTextProposed():
            status = PolicyStatus.DRAFT if fact.is_draft else policy.status
            return replace(policy, text_version=fact.text_version, status=status, outdated=policy.outdated or fact.is_draft)
        case PolicyEnacted():
            return replace(policy, status=PolicyStatus.IN_FORCE, number=fact.number, enacted_on=fact.on, outdated=True)
        case PolicyAmended():
            return replace(policy, outdated=True)
        case PolicyRevoked():
            return replace(policy, status=PolicyStatus.REVOKED, revoked_on=fact.on, outdated=True)
        case PolicyReplaced():
            return replace(policy, replaced_by=fact.replaced_by)
    return corrected(policy, fact) if isinstance(fact, PolicyCorrected) else policy
