"""The front door of the forum: recommendations, from a draft to the day on which all addressees hold it."""

from __future__ import annotations

from services.forum.domain.recommendation import (
    AcknowledgeRecommendation,
    DraftRecommendation,
    EndorseRecommendation,
    IssueRecommendation,
    MarkAcknowledgementMissed,
    ReviseRecommendation,
    recommendation,
)
from services.forum.foreign import (
    AdvocacyRaised,
    AdvocacyWithdrawn,
    AffairsAssigned,
    ConflictResolved,
    MemberJoined,
    MemberReinstated,
    MemberSuspended,
)
from services.forum.reactions import draft_recommendation_when_conflict_resolved
from services.forum.registers.advocacies import advocacies
from services.forum.registers.cases import cases
from services.forum.registers.organisations import named_as_addressees, organisations
from services.forum.registers.recommendations import recommendations
from services.forum.registers.references import named_as_basis
from shared.identity.roles import CHAIR, MEDIATOR, MEMBER, PARTNER, SECRETARIAT
from shared.service import Aggregate, Does, Listens, Reacts, Service

NAMED = {"organisations": named_as_addressees, "basis": named_as_basis}

service = Service(
    name="forum",
    aggregates=(
        Aggregate(
            decider=recommendation,
            path="recommendations",
            register=recommendations,
            commands=(
                Does(DraftRecommendation, None, (SECRETARIAT, MEMBER, PARTNER, MEDIATOR), NAMED),
                Does(ReviseRecommendation, "revise", (SECRETARIAT,), NAMED),
                Does(EndorseRecommendation, "endorse", (CHAIR,)),
                Does(IssueRecommendation, "issue", (CHAIR,)),
                Does(AcknowledgeRecommendation, "acknowledge", (MEMBER, PARTNER, SECRETARIAT)),
                Does(MarkAcknowledgementMissed, "mark-acknowledgement-missed", ()),
            ),
        ),
    ),
    listens=(
        Listens("membership", (MemberJoined, AffairsAssigned, MemberSuspended, MemberReinstated), (organisations,)),
        Listens("advocacy", (AdvocacyRaised, AdvocacyWithdrawn), (advocacies,)),
        Listens("mediation", (ConflictResolved,), (cases,)),
    ),
    reacts=(Reacts("mediation", ConflictResolved, draft_recommendation_when_conflict_resolved),),
)
