"""The front door of mediation: conflicts over housing, from a request or a case to an agreement that is kept."""

from __future__ import annotations

from services.mediation.domain import (
    agreeing,
    appointing,
    clocks,
    closing,
    consenting,
    correcting,
    failing,
    joining,
    keeping,
    land,
    mediating,
    proposing,
    registering,
    resting,
    screening,
    succeeding,
)
from services.mediation.domain.deciding import case
from services.mediation.domain.mediation_request import (
    AnswerRequest,
    CorrectRequest,
    MarkRequestOverdue,
    RequestMediation,
    TurnIntoCase,
    mediation_request,
)
from services.mediation.foreign import (
    DelegationEnded,
    MemberCorrected,
    MemberJoined,
    MemberLeft,
    MemberReinstated,
    MemberSucceeded,
    MemberSuspended,
    OfficeDelegated,
    SecretariatDesignated,
    WorkCalendarPublished,
)
from services.mediation.reactions import (
    recuse_mediators_when_member_left,
    recuse_mediators_when_member_succeeded,
    recuse_mediators_when_member_suspended,
    succeed_parties_when_member_succeeded,
)
from services.mediation.registers.cases import case_of_request, cases, request_of_case, target
from services.mediation.registers.deadlines import deadlines
from services.mediation.registers.interests import interests
from services.mediation.registers.obligations import obligations
from services.mediation.registers.organisations import (
    is_active,
    named_as_advised,
    named_as_parties,
    named_as_party,
    named_as_successor,
    organisations,
    sends_mediator,
)
from services.mediation.registers.parties import parties
from services.mediation.registers.proposals import proposals
from services.mediation.registers.public_cases import public_cases
from services.mediation.registers.requests import requests
from services.mediation.registers.sessions import sessions
from shared.facts import RESTRICTED, SECRET
from shared.identity.roles import CHAIR, MEMBER, PARTNER, PARTY, PUBLIC, SECRETARIAT
from shared.registers.offices import Offices
from shared.registers.work_calendar import WorkCalendar
from shared.service import Aggregate, Directory, Does, Listens, Reacts, Reads, Service

STAFF = (SECRETARIAT,)
A_PARTY, THE_MEDIATOR, EITHER = ("party",), ("mediator",), ("mediator", "party")
ADVISED = {"organisations": named_as_advised}
# What one party tells in confidence: its own people read it, the mediator and the staff, other parties do not.
IN_CONFIDENCE = Reads((SECRETARIAT, CHAIR), THE_MEDIATOR, {"party": "party_id"})

of_a_case = Aggregate(
    decider=case,
    path="cases",
    register=cases,
    commands=(
        Does(
            registering.RegisterCase,
            None,
            (SECRETARIAT, MEMBER, PARTNER, PARTY),
            {"organisations": named_as_parties, "request": request_of_case},
        ),
        Does(screening.ScreenCase, "screen", STAFF),
        Does(joining.AddParty, "add-party", STAFF, {"organisations": named_as_party}),
        Does(joining.RemoveParty, "remove-party", STAFF),
        Does(registering.NameSpokesperson, "name-spokesperson", STAFF),
        Does(succeeding.SucceedParty, "succeed-party", STAFF, {"successor": named_as_successor}),
        Does(joining.MergeCases, "merge", STAFF, {"target": target}),
        Does(land.AttachLandAcquisition, "attach-land-acquisition", STAFF, relations=THE_MEDIATOR),
        Does(joining.WithdrawCase, "withdraw", STAFF, relations=A_PARTY),
        Does(consenting.RecordConsent, "consent", STAFF, relations=A_PARTY),
        Does(consenting.RefuseMediation, "refuse", STAFF, relations=A_PARTY),
        Does(consenting.SubmitCaseSummary, "submit-summary", STAFF, relations=A_PARTY),
        Does(appointing.AppointMediator, "appoint-mediator", (CHAIR,), {"mediator": sends_mediator}),
        Does(appointing.ObjectToMediator, "object-to-mediator", STAFF, relations=A_PARTY),
        Does(appointing.RecuseMediator, "recuse-mediator", STAFF, relations=THE_MEDIATOR),
        Does(mediating.ScheduleSession, "schedule-session", STAFF, relations=THE_MEDIATOR),
        Does(mediating.RecordSession, "record-session", STAFF, relations=THE_MEDIATOR),
        Does(mediating.CancelSession, "cancel-session", STAFF, relations=THE_MEDIATOR),
        Does(mediating.WriteCaucusNote, "write-caucus-note", relations=THE_MEDIATOR),
        Does(proposing.RecordInterest, "record-interest", STAFF, relations=THE_MEDIATOR),
        Does(proposing.MakeProposal, "make-proposal", STAFF, relations=EITHER),
        Does(proposing.AnswerProposal, "answer-proposal", STAFF, relations=EITHER),
        Does(resting.ExtendMediation, "extend", STAFF, relations=THE_MEDIATOR),
        Does(resting.SuspendCase, "suspend", STAFF, relations=THE_MEDIATOR),
        Does(resting.ResumeCase, "resume", STAFF, relations=THE_MEDIATOR),
        Does(agreeing.DraftAgreement, "draft-agreement", STAFF, ADVISED, THE_MEDIATOR),
        Does(agreeing.SignAgreement, "sign", STAFF, relations=A_PARTY),
        Does(failing.DeclareImpasse, "declare-impasse", STAFF, ADVISED, THE_MEDIATOR),
        Does(screening.ReferCase, "refer", STAFF),
        Does(keeping.RecordPerformance, "record-performance", STAFF, relations=EITHER),
        Does(keeping.ReportBreach, "report-breach", STAFF, relations=EITHER),
        Does(closing.ReopenMediation, "reopen", STAFF, relations=THE_MEDIATOR),
        Does(closing.ReviewSettlement, "review-settlement", STAFF),
        Does(closing.CloseCase, "close", STAFF),
        Does(correcting.CorrectCase, "correct", STAFF, corrects=True),
        Does(clocks.WarnOfDeadline, inner=True),
        Does(clocks.MarkDeadlineMissed, inner=True),
    ),
    reads={
        RESTRICTED: Reads((SECRETARIAT, CHAIR), EITHER),
        SECRET: Reads((), THE_MEDIATOR, {"party": "party_id"}),
        registering.SpokespersonNamed: IN_CONFIDENCE,
        consenting.CaseSummarySubmitted: IN_CONFIDENCE,
        proposing.InterestRecorded: IN_CONFIDENCE,
    },
    own_house="party",
)

of_a_request = Aggregate(
    decider=mediation_request,
    path="requests",
    register=requests,
    commands=(
        Does(RequestMediation, None, (PUBLIC, SECRETARIAT, MEMBER, PARTNER, PARTY)),
        Does(TurnIntoCase, "turn-into-case", STAFF, {"case": case_of_request}),
        Does(AnswerRequest, "answer", STAFF),
        Does(CorrectRequest, "correct", STAFF, corrects=True),
        Does(MarkRequestOverdue, inner=True),
    ),
    reads={RESTRICTED: Reads(STAFF)},
)
offices = Offices("membership", SecretariatDesignated, OfficeDelegated, DelegationEnded)
calendar = WorkCalendar("membership", WorkCalendarPublished)

service = Service(
    name="mediation",
    aggregates=(of_a_case, of_a_request),
    listens=(
        Listens(
            "membership",
            (
                MemberJoined,
                MemberCorrected,
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
    ),
    reacts=(
        Reacts("membership", MemberSuspended, recuse_mediators_when_member_suspended),
        Reacts("membership", MemberLeft, recuse_mediators_when_member_left),
        Reacts("membership", MemberSucceeded, recuse_mediators_when_member_succeeded),
        Reacts("membership", MemberSucceeded, succeed_parties_when_member_succeeded),
    ),
    registers=(parties, sessions, interests, proposals, obligations, deadlines, public_cases),
    directory=Directory(active=is_active, host=offices.host, offices=offices.held),
    closed=calendar.closed,
)
