"""The front door of advocacy: what the working group asks of budgets, policies and people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.advocacy.domain.concluding import ConcludeAdvocacy, ReopenAdvocacy, WithdrawAdvocacy
from services.advocacy.domain.correcting import CorrectAdvocacy
from services.advocacy.domain.deciding import advocacy
from services.advocacy.domain.judging import CorrectPolicy, policy
from services.advocacy.domain.policy import (
    AssessPolicy,
    OverrideBranch,
    ProposePolicyText,
    ReassessEffectiveness,
    RecordAmendment,
    RecordEnactment,
    RecordEnforcementMeasure,
    RecordReplacement,
    RecordRevocation,
    RegisterPolicy,
)
from services.advocacy.domain.proposing import (
    ApproveAdvocacy,
    DismissProposal,
    ProposeAdvocacy,
    RaiseAdvocacy,
    ResubmitProposal,
    ReturnProposal,
)
from services.advocacy.domain.pursuing import (
    AddSupporter,
    AssessGovernance,
    AssignLead,
    AttachEvidence,
    LinkPolicy,
    PublishPosition,
    RecordEngagement,
    RecordTargetResponse,
    RequestRecommendation,
    VacateLead,
)
from services.advocacy.foreign import (
    AffairsAssigned,
    ConflictResolved,
    DelegationEnded,
    MediationFailed,
    MemberCorrected,
    MemberJoined,
    MemberLeft,
    MemberReinstated,
    MemberSucceeded,
    MemberSuspended,
    OfficeDelegated,
    OutcomeReviewed,
    RecommendationAcknowledged,
    RecommendationIssued,
    RecommendationResponded,
    SecretariatDesignated,
    WorkCalendarPublished,
)
from services.advocacy.reactions import (
    propose_advocacy_when_conflict_resolved,
    propose_advocacy_when_mediation_failed,
    propose_advocacy_when_outcome_not_sustained,
    record_answer_when_recommendation_responded,
    record_engagement_when_recommendation_issued,
    vacate_lead_when_member_left,
    vacate_lead_when_member_succeeded,
    vacate_lead_when_member_suspended,
)
from services.advocacy.registers.advocacies import Line, advocacies
from services.advocacy.registers.engagements import engagements
from services.advocacy.registers.evidence import evidence
from services.advocacy.registers.governance_scorecard import governance_scorecard
from services.advocacy.registers.measures import measures
from services.advocacy.registers.organisations import Organisation, in_good_standing, organisations
from services.advocacy.registers.policies import PolicyLine, policies
from services.advocacy.registers.positions import positions
from services.advocacy.registers.recommendations import recommendations
from shared.identity.roles import CHAIR, MEMBER, PARTNER, SECRETARIAT
from shared.registers.offices import Offices
from shared.registers.work_calendar import WorkCalendar
from shared.service import Aggregate, Directory, Does, Listens, Reacts, Service


def the_member(registers: Any, member_id: UUID | None) -> Organisation | None:
    """A member's row; None when none is named or it is not known here, or not yet."""
    return registers.row(organisations, str(member_id)) if member_id else None


def members(registers: Any, ids: Sequence[UUID]) -> dict[UUID, Organisation | None]:
    """The rows of several members by id."""
    return {one: the_member(registers, one) for one in ids}


def the_sender(registers: Any, command: Any, id: str) -> Organisation | None:
    """The member whose letter is entered."""
    return the_member(registers, command.on_behalf_of and command.on_behalf_of.organisation_id)


def the_lead(registers: Any, command: RaiseAdvocacy | AssignLead, id: str) -> Organisation | None:
    """The member that is to lead."""
    return the_member(registers, command.lead_id)


def the_present_lead(registers: Any, command: ReopenAdvocacy, id: str) -> Organisation | None:
    """The member that has led so far."""
    line: Line | None = registers.row(advocacies, id)
    return the_member(registers, line.lead_id) if line else None


def the_supporter(registers: Any, command: AddSupporter, id: str) -> Organisation | None:
    """The member that is to support."""
    return the_member(registers, command.member_id)


def the_target(registers: Any, command: RaiseAdvocacy, id: str) -> Organisation | None:
    """The member that is to be moved, when the target is one."""
    return the_member(registers, command.target.organisation_id)


def the_organisations(registers: Any, command: RecordEngagement, id: str) -> dict[UUID, Organisation | None]:
    """The members that were met or written to."""
    return members(registers, command.organisation_ids)


def the_addressees(registers: Any, command: RequestRecommendation, id: str) -> dict[UUID, Organisation | None]:
    """The members that a recommendation is to address."""
    return members(registers, command.addressees)


def the_owner(registers: Any, command: RegisterPolicy, id: str) -> Organisation | None:
    """The agency that answers for a policy."""
    return the_member(registers, command.owner_id)


def of_inventory(registers: Any, policy_id: UUID | None) -> PolicyLine | None:
    """A policy's line in the inventory; None when none is named or it is not there."""
    return registers.row(policies, str(policy_id)) if policy_id else None


def the_policy(registers: Any, command: RaiseAdvocacy | LinkPolicy, id: str) -> PolicyLine | None:
    """The policy that the command names."""
    return of_inventory(registers, command.policy_id)


def the_present_policy(registers: Any, command: ConcludeAdvocacy, id: str) -> PolicyLine | None:
    """The policy that the advocacy works on."""
    line: Line | None = registers.row(advocacies, id)
    return of_inventory(registers, line.policy_id) if line else None


def the_replacement(registers: Any, command: RecordReplacement, id: str) -> PolicyLine | None:
    """The policy that stands in the place of another."""
    return of_inventory(registers, command.replaced_by)


ANYBODY = (SECRETARIAT, MEMBER, PARTNER)
SECRETARIAT_ONLY, CHAIR_ONLY = (SECRETARIAT,), (CHAIR,)
ACTS_OF_GOVERNMENT = (SECRETARIAT, CHAIR)
offices = Offices("membership", SecretariatDesignated, OfficeDelegated, DelegationEnded)
calendar = WorkCalendar("membership", WorkCalendarPublished)

service = Service(
    name="advocacy",
    aggregates=(
        Aggregate(
            decider=advocacy,
            path="advocacies",
            register=advocacies,
            commands=(
                Does(ProposeAdvocacy, None, ANYBODY, {"sender": the_sender}),
                Does(ApproveAdvocacy, "approve", CHAIR_ONLY),
                Does(ReturnProposal, "return", CHAIR_ONLY),
                Does(ResubmitProposal, "resubmit", SECRETARIAT_ONLY, {"sender": the_sender}, ("proposer",)),
                Does(DismissProposal, "dismiss", SECRETARIAT_ONLY),
                Does(RaiseAdvocacy, "raise", SECRETARIAT_ONLY, {"lead": the_lead, "target": the_target, "policy": the_policy}),
                Does(AssignLead, "assign-lead", SECRETARIAT_ONLY, {"lead": the_lead}),
                Does(VacateLead, inner=True),
                Does(AddSupporter, "add-supporter", ANYBODY, {"supporter": the_supporter}),
                Does(LinkPolicy, "link-policy", SECRETARIAT_ONLY, {"policy": the_policy}),
                Does(AttachEvidence, "attach-evidence", SECRETARIAT_ONLY, relations=("lead", "proposer", "supporter")),
                Does(PublishPosition, "publish-position", SECRETARIAT_ONLY),
                Does(RecordEngagement, "record-engagement", (SECRETARIAT, MEMBER), {"organisations": the_organisations}),
                Does(RecordTargetResponse, "record-target-response", SECRETARIAT_ONLY, relations=("target",)),
                Does(AssessGovernance, "assess-governance", SECRETARIAT_ONLY, relations=("lead",)),
                Does(
                    RequestRecommendation,
                    "request-recommendation",
                    SECRETARIAT_ONLY,
                    {"organisations": the_addressees},
                    ("lead",),
                ),
                Does(ConcludeAdvocacy, "conclude", CHAIR_ONLY, {"policy": the_present_policy}),
                Does(ReopenAdvocacy, "reopen", CHAIR_ONLY, {"lead": the_present_lead}),
                Does(WithdrawAdvocacy, "withdraw", ACTS_OF_GOVERNMENT),
                Does(CorrectAdvocacy, "correct", SECRETARIAT_ONLY, corrects=True),
            ),
        ),
        Aggregate(
            decider=policy,
            path="policies",
            register=policies,
            commands=(
                Does(RegisterPolicy, None, (SECRETARIAT, MEMBER), {"owner": the_owner}),
                Does(AssessPolicy, "assess", SECRETARIAT_ONLY),
                Does(OverrideBranch, "override-branch", CHAIR_ONLY),
                Does(ProposePolicyText, "propose-text", ACTS_OF_GOVERNMENT, relations=("owner",)),
                Does(RecordEnactment, "record-enactment", ACTS_OF_GOVERNMENT, relations=("owner",)),
                Does(RecordAmendment, "record-amendment", ACTS_OF_GOVERNMENT, relations=("owner",)),
                Does(RecordRevocation, "record-revocation", ACTS_OF_GOVERNMENT, relations=("owner",)),
                Does(RecordReplacement, "record-replacement", ACTS_OF_GOVERNMENT, {"replacement": the_replacement}, ("owner",)),
                Does(RecordEnforcementMeasure, "record-measure", ACTS_OF_GOVERNMENT, relations=("owner",)),
                Does(ReassessEffectiveness, "reassess", SECRETARIAT_ONLY),
                Does(CorrectPolicy, "correct", SECRETARIAT_ONLY, corrects=True),
            ),
        ),
    ),
    listens=(
        Listens(
            "membership",
            (
                MemberJoined,
                MemberCorrected,
                AffairsAssigned,
                MemberSuspended,
                MemberReinstated,
                MemberLeft,
                MemberSucceeded,
                SecretariatDesignated,
                WorkCalendarPublished,
                OfficeDelegated,
                DelegationEnded,
            ),
            (organisations, offices.secretariats, offices.delegations, calendar.register),
        ),
        Listens("mediation", (ConflictResolved, MediationFailed)),
        Listens(
            "forum",
            (RecommendationIssued, RecommendationAcknowledged, RecommendationResponded, OutcomeReviewed),
            (recommendations,),
        ),
    ),
    reacts=(
        Reacts("membership", MemberSuspended, vacate_lead_when_member_suspended),
        Reacts("membership", MemberLeft, vacate_lead_when_member_left),
        Reacts("membership", MemberSucceeded, vacate_lead_when_member_succeeded),
        Reacts("mediation", ConflictResolved, propose_advocacy_when_conflict_resolved),
        Reacts("mediation", MediationFailed, propose_advocacy_when_mediation_failed),
        Reacts("forum", RecommendationIssued, record_engagement_when_recommendation_issued),
        Reacts("forum", RecommendationResponded, record_answer_when_recommendation_responded),
        Reacts("forum", OutcomeReviewed, propose_advocacy_when_outcome_not_sustained),
    ),
    registers=(engagements, evidence, positions, governance_scorecard, measures),
    directory=Directory(active=in_good_standing, host=offices.host, offices=offices.held),
    closed=calendar.closed,
)
