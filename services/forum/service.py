"""The front door of the forum: recommendations, from a draft to the review of what came of them."""

from __future__ import annotations

from services.forum.domain.answering import (
    AcknowledgeRecommendation,
    IssueRecommendation,
    MarkAcknowledgementMissed,
    MarkResponseMissed,
    RespondRecommendation,
)
from services.forum.domain.deciding import recommendation
from services.forum.domain.drafting import (
    CommentDraft,
    CorrectRecommendation,
    DisposeComment,
    DraftRecommendation,
    EndorseRecommendation,
    OpenConsultation,
    RatifyEndorsement,
    ReviseRecommendation,
    WithdrawRecommendation,
)
from services.forum.domain.following import (
    MarkReviewDue,
    ReplaceAddressee,
    ReportImplementation,
    ReviewOutcome,
    SupersedeRecommendation,
)
from services.forum.foreign import (
    AdvocacyCorrected,
    AdvocacyRaised,
    AdvocacyWithdrawn,
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
    RecommendationRequested,
    SecretariatDesignated,
    WorkCalendarPublished,
)
from services.forum.reactions import (
    draft_recommendation_when_conflict_resolved,
    draft_recommendation_when_mediation_failed,
    draft_recommendation_when_requested,
    release_addressee_when_member_left,
    replace_addressee_when_member_succeeded,
)
from services.forum.registers.advocacies import advocacies
from services.forum.registers.answers import answers
from services.forum.registers.cases import cases
from services.forum.registers.comments import comments
from services.forum.registers.organisations import (
    commenting,
    is_active,
    named_as_addressees,
    named_as_successor,
    organisations,
)
from services.forum.registers.public_recommendations import public_recommendations
from services.forum.registers.recommendations import number_of_successor, recommendations
from services.forum.registers.references import named_as_basis
from services.forum.registers.reviews import reviews
from shared.identity.roles import CHAIR, MEDIATOR, MEMBER, PARTNER, SECRETARIAT
from shared.registers.offices import Offices
from shared.registers.work_calendar import WorkCalendar
from shared.service import Aggregate, Directory, Does, Listens, Reacts, Service

NAMED = {"organisations": named_as_addressees, "basis": named_as_basis}
ADDRESSEE, DRAFTER = ("addressee",), ("drafter",)
OF_MEMBERSHIP = (
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
)
offices = Offices("membership", SecretariatDesignated, OfficeDelegated, DelegationEnded)
calendar = WorkCalendar("membership", WorkCalendarPublished)

service = Service(
    name="forum",
    aggregates=(
        Aggregate(
            decider=recommendation,
            path="recommendations",
            register=recommendations,
            commands=(
                Does(DraftRecommendation, None, (SECRETARIAT, MEMBER, PARTNER, MEDIATOR), NAMED),
                Does(ReviseRecommendation, "revise", (SECRETARIAT,), NAMED, DRAFTER),
                Does(CorrectRecommendation, "correct", (SECRETARIAT,), corrects=True),
                Does(OpenConsultation, "open-consultation", (SECRETARIAT,)),
                Does(CommentDraft, "comment", (SECRETARIAT, MEMBER, PARTNER), {"commenter": commenting}),
                Does(DisposeComment, "dispose-comment", (SECRETARIAT,)),
                Does(EndorseRecommendation, "endorse", (CHAIR,)),
                Does(RatifyEndorsement, "ratify", (CHAIR,)),
                Does(WithdrawRecommendation, "withdraw", (SECRETARIAT, CHAIR), relations=DRAFTER),
                Does(IssueRecommendation, "issue", (CHAIR,)),
                Does(AcknowledgeRecommendation, "acknowledge", (SECRETARIAT,), relations=ADDRESSEE),
                Does(MarkAcknowledgementMissed, inner=True),
                Does(RespondRecommendation, "respond", (SECRETARIAT,), relations=ADDRESSEE),
                Does(MarkResponseMissed, inner=True),
                Does(ReportImplementation, "report-implementation", (SECRETARIAT,), relations=ADDRESSEE),
                Does(MarkReviewDue, inner=True),
                Does(ReviewOutcome, "review-outcome", (SECRETARIAT,)),
                Does(ReplaceAddressee, "replace-addressee", (SECRETARIAT,), {"organisations": named_as_successor}),
                Does(SupersedeRecommendation, "supersede", (CHAIR,), {"successor": number_of_successor}),
            ),
        ),
    ),
    listens=(
        Listens("membership", OF_MEMBERSHIP, (organisations, offices.secretariats, offices.delegations, calendar.register)),
        Listens("advocacy", (AdvocacyRaised, AdvocacyCorrected, AdvocacyWithdrawn, RecommendationRequested), (advocacies,)),
        Listens("mediation", (ConflictResolved, MediationFailed), (cases,)),
    ),
    reacts=(
        Reacts("mediation", ConflictResolved, draft_recommendation_when_conflict_resolved),
        Reacts("mediation", MediationFailed, draft_recommendation_when_mediation_failed),
        Reacts("advocacy", RecommendationRequested, draft_recommendation_when_requested),
        Reacts("membership", MemberLeft, release_addressee_when_member_left),
        Reacts("membership", MemberSucceeded, replace_addressee_when_member_succeeded),
    ),
    registers=(public_recommendations, comments, answers, reviews),
    directory=Directory(active=is_active, host=offices.host, offices=offices.held),
    closed=calendar.closed,
)
