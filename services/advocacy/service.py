"""The front door of advocacy: what the working group asks of budgets, policies and people."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.advocacy.domain.advocacy import (
    ApproveAdvocacy,
    ProposeAdvocacy,
    RaiseAdvocacy,
    RecordEngagement,
    ResubmitProposal,
    ReturnProposal,
    WithdrawAdvocacy,
    advocacy,
)
from services.advocacy.foreign import (
    AffairsAssigned,
    ConflictResolved,
    MemberJoined,
    MemberReinstated,
    MemberSuspended,
    RecommendationAcknowledged,
    RecommendationIssued,
)
from services.advocacy.reactions import (
    propose_advocacy_when_conflict_resolved,
    record_engagement_when_recommendation_issued,
)
from services.advocacy.registers.advocacies import advocacies
from services.advocacy.registers.engagements import engagements
from services.advocacy.registers.organisations import Organisation, organisations
from services.advocacy.registers.recommendations import recommendations
from shared.identity.roles import CHAIR, MEMBER, PARTNER, SECRETARIAT
from shared.service import Aggregate, Does, Listens, Reacts, Service


def the_member(registers: Any, member_id: UUID | None) -> Organisation | None:
    """A member's row; None when none is named or it is not known here, or not yet."""
    return registers.row(organisations, str(member_id)) if member_id else None


def the_sender(registers: Any, command: Any, id: str) -> Organisation | None:
    """The member whose letter is entered."""
    return the_member(registers, command.on_behalf_of and command.on_behalf_of.organisation_id)


def the_lead(registers: Any, command: RaiseAdvocacy, id: str) -> Organisation | None:
    """The member that is to lead."""
    return the_member(registers, command.lead_id)


def the_target(registers: Any, command: RaiseAdvocacy, id: str) -> Organisation | None:
    """The member that is to be moved, when the target is one."""
    return the_member(registers, command.target.organisation_id)


def the_organisations(registers: Any, command: RecordEngagement, id: str) -> dict[UUID, Organisation | None]:
    """The members that were met or written to."""
    return {one: the_member(registers, one) for one in command.organisation_ids}


service = Service(
    name="advocacy",
    aggregates=(
        Aggregate(
            decider=advocacy,
            path="advocacies",
            register=advocacies,
            commands=(
                Does(ProposeAdvocacy, None, (SECRETARIAT, MEMBER, PARTNER), known={"sender": the_sender}),
                Does(ApproveAdvocacy, "approve", (CHAIR,)),
                Does(ReturnProposal, "return", (CHAIR,)),
                Does(ResubmitProposal, "resubmit", (SECRETARIAT, MEMBER, PARTNER), known={"sender": the_sender}),
                Does(RaiseAdvocacy, "raise", (SECRETARIAT,), known={"lead": the_lead, "target": the_target}),
                Does(
                    RecordEngagement,
                    "record-engagement",
                    (SECRETARIAT, MEMBER),
                    known={"organisations": the_organisations},
                ),
                Does(WithdrawAdvocacy, "withdraw", (SECRETARIAT, CHAIR)),
            ),
        ),
    ),
    listens=(
        Listens("membership", (MemberJoined, AffairsAssigned, MemberSuspended, MemberReinstated), (organisations,)),
        Listens("mediation", (ConflictResolved,)),
        Listens("forum", (RecommendationIssued, RecommendationAcknowledged), (recommendations,)),
    ),
    reacts=(
        Reacts("mediation", ConflictResolved, propose_advocacy_when_conflict_resolved),
        Reacts("forum", RecommendationIssued, record_engagement_when_recommendation_issued),
    ),
    registers=(engagements,),
)
