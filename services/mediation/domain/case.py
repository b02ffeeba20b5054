"""A case: parties in conflict over housing. Its facts, commands and state; deciding.py holds the rules together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from services.mediation.domain.terms import (
    SETTLED,
    Attendance,
    Axis,
    Checks,
    Clause,
    Clock,
    Findings,
    ImpasseReason,
    Interest,
    LandAcquisition,
    NewParty,
    Obligation,
    Party,
    PartyKind,
    PromisedAct,
    RootCause,
    Scope,
    ScreeningOutcome,
    SessionKind,
    Source,
    Stage,
    StatedInterest,
    Venue,
    sha256,
)
from shared.facts import (
    INTERAGENCY,
    PUBLIC,
    RESTRICTED,
    SECRET,
    amount,
    area_code,
    command,
    fact,
    matching,
    personal,
    several,
    text,
)

NOBODY = UUID(int=0)


# --- facts: registering and screening -----------------------------------------------------------------------------


@fact(visibility=RESTRICTED)
class ConflictRegistered:
    """A conflict was registered with its parties and the right that somebody feels neglected in."""

    case_id: UUID
    number: str
    title: str
    parties: tuple[Party, ...]
    axis: Axis
    area_code: str = area_code()
    claim: str
    on: date
    tracking_code: str
    screening_due: date
    request_id: UUID | None = None
    registered_by: UUID | None = None
    on_behalf_of: Source | None = None


@fact(visibility=RESTRICTED)
class SpokespersonNamed:
    """It was said who speaks for a party and with which account; the party and the mediator read it, other parties do not."""

    case_id: UUID
    party_id: UUID
    spokesperson: str | None = personal(of="party_id", least=2, most=120, default=None)
    contact: str | None = personal(of="party_id", least=3, default=None)
    account: str | None = None


@fact(visibility=PUBLIC)
class CaseListed:
    """The public register shows how far a case is: its kind and its regency or city, no party and no content."""

    case_id: UUID
    number: str
    axis: Axis
    area_code: str = area_code()
    stage: Stage
    on: date


@fact(visibility=RESTRICTED)
class CaseAccepted:
    """The case was accepted for mediation."""

    case_id: UUID
    findings: Findings
    on: date


@fact(visibility=RESTRICTED)
class CaseDeclined:
    """The case was not accepted."""

    case_id: UUID
    findings: Findings
    reason: str
    on: date


@fact(visibility=INTERAGENCY)
class CaseReferredOut:
    """The case goes on elsewhere; no party and no content."""

    case_id: UUID
    number: str
    axis: Axis
    area_code: str = area_code()
    venue: Venue
    reference: str | None
    on: date


@fact(visibility=RESTRICTED)
class PartyAdded:
    """One party more takes part."""

    case_id: UUID
    party: Party
    axis: Axis
    on: date


@fact(visibility=RESTRICTED)
class PartyRemoved:
    """A party takes no part any more, and loses nothing by it."""

    case_id: UUID
    party_id: UUID
    axis: Axis
    reason: str
    on: date


@fact(visibility=RESTRICTED)
class CasesMerged:
    """The conflict is treated in another case."""

    case_id: UUID
    into: UUID
    into_number: str
    reason: str
    on: date


@fact(visibility=RESTRICTED)
class LandAcquisitionLinked:
    """The conflict is about a land acquisition, whose statutory days run whatever the mediation does (UU 2/2012)."""

    case_id: UUID
    land: LandAcquisition
    consultation_due: date | None
    objection_due: date | None
    permit_until: date | None
    on: date


# --- facts: consent and mediator ----------------------------------------------------------------------------------


@fact(visibility=RESTRICTED)
class PartyConsented:
    """A party agreed to mediate."""

    case_id: UUID
    party_id: UUID
    on: date
    on_behalf_of: Source | None = None


@fact(visibility=RESTRICTED)
class PartyRefused:
    """A party does not want to mediate, or no longer."""

    case_id: UUID
    party_id: UUID
    reason: str | None
    on: date
    on_behalf_of: Source | None = None


@fact(visibility=RESTRICTED)
class CaseSummarySubmitted:
    """A party gave the mediator its summary of the case; other parties do not read it."""

    case_id: UUID
    party_id: UUID
    summary: str = personal(of="party_id", least=3, most=20_000)
    late: bool
    on: date
    on_behalf_of: Source | None = None


@fact(visibility=RESTRICTED)
class MediatorAppointed:
    """A mediator without an interest of his own was appointed; parties may object within the window."""

    case_id: UUID
    organisation: UUID
    account: str | None
    certificate: str | None
    objection_until: date
    summaries_due: date
    mediation_due: date
    on: date


@fact(visibility=RESTRICTED)
class MediatorObjected:
    """A party objected to the mediator in time: another one is to be appointed, the days of mediation stand still."""

    case_id: UUID
    party_id: UUID
    reason: str
    days_left: int
    unsigned: tuple[UUID, ...] = ()
    on: date
    on_behalf_of: Source | None = None


@fact(visibility=RESTRICTED)
class MediatorRecused:
    """The mediator stepped back: another one is to be appointed, the days of mediation stand still."""

    case_id: UUID
    reason: str
    days_left: int
    unsigned: tuple[UUID, ...] = ()
    on: date
    on_behalf_of: Source | None = None


# --- facts: mediating ---------------------------------------------------------------------------------------------


@fact(visibility=RESTRICTED)
class SessionScheduled:
    """The parties, or one of them alone, were called to a session."""

    case_id: UUID
    session_id: UUID
    session_kind: SessionKind
    called: tuple[UUID, ...]
    day: date
    hour: str
    place: str
    on: date
    on_behalf_of: Source | None = None


@fact(visibility=RESTRICTED)
class SessionHeld:
    """A session was held; of a caucus nothing else is told."""

    case_id: UUID
    session_id: UUID
    session_kind: SessionKind
    attendance: tuple[Attendance, ...]
    record: str | None
    on: date
    on_behalf_of: Source | None = None


@fact(visibility=RESTRICTED)
class SessionCancelled:
    """A session that was called does not take place."""

    case_id: UUID
    session_id: UUID
    reason: str
    on: date
    on_behalf_of: Source | None = None


@fact(visibility=SECRET)
class CaucusNoteSealed:
    """The mediator's note of a caucus: for the mediator and that party, never evidence, encrypted under the party's key."""

    case_id: UUID
    note_id: UUID
    session_id: UUID
    party_id: UUID
    note: str = personal(of="party_id", least=3, most=10_000)


@fact(visibility=RESTRICTED)
class InterestRecorded:
    """What a party needs was recorded, as against what it demands; other parties read it with the agreement that answers it."""

    case_id: UUID
    interest_id: UUID
    party_id: UUID
    need: str
    demand: str | None
    on: date
    on_behalf_of: Source | None = None


@fact(visibility=RESTRICTED)
class ProposalMade:
    """A party, or the mediator, made a proposal; it takes the place of the former one."""

    case_id: UUID
    proposal: int
    by_party: UUID | None
    counters: int | None
    wording: str
    on: date
    on_behalf_of: Source | None = None


@fact(visibility=RESTRICTED)
class ProposalAnswered:
    """A party answered the present proposal."""

    case_id: UUID
    proposal: int
    party_id: UUID
    accepted: bool
    reason: str | None
    on: date
    on_behalf_of: Source | None = None


@fact(visibility=RESTRICTED)
class MediationExtended:
    """All parties consented to more days of mediation, once."""

    case_id: UUID
    working_days: int
    mediation_due: date
    on: date
    on_behalf_of: Source | None = None


@fact(visibility=RESTRICTED)
class CaseSuspended:
    """The mediation rests for a reason and until a day; statutory days keep running."""

    case_id: UUID
    reason: str
    resume_on: date
    days_left: int | None
    on: date


@fact(visibility=RESTRICTED)
class CaseResumed:
    """The mediation goes on where it was."""

    case_id: UUID
    mediation_due: date | None
    on: date


# --- facts: agreement and ends ------------------------------------------------------------------------------------


@fact(visibility=RESTRICTED)
class AgreementDrafted:
    """The mediator laid a text before the parties; signatures under an earlier text are void."""

    case_id: UUID
    scope: Scope
    clauses: tuple[Clause, ...]
    interests: tuple[Interest, ...]
    obligations: tuple[Obligation, ...]
    voided: tuple[UUID, ...]
    dropped: tuple[UUID, ...] = ()
    checks: Checks
    root_causes: tuple[RootCause, ...]
    advised: tuple[UUID, ...]
    text_hash: str
    on: date
    on_behalf_of: Source | None = None


@fact(visibility=RESTRICTED)
class AgreementSigned:
    """A party signed the agreement."""

    case_id: UUID
    party_id: UUID
    text_hash: str
    on: date
    on_behalf_of: Source | None = None


@fact(visibility=INTERAGENCY)
class ConflictResolved:
    """All parties signed: the conflict is settled, in whole or in part."""

    case_id: UUID
    number: str
    axis: Axis
    area_code: str = area_code()
    scope: Scope
    root_causes: tuple[RootCause, ...]
    advised: tuple[UUID, ...]
    on: date


@fact(visibility=INTERAGENCY)
class MediationFailed:
    """The mediation ended without an agreement; what had caused the conflict, and who should act; no party and no content."""

    case_id: UUID
    number: str
    axis: Axis
    area_code: str = area_code()
    reason: ImpasseReason
    root_causes: tuple[RootCause, ...]
    advised: tuple[UUID, ...]
    next_venue: Venue | None
    on: date


@fact(visibility=RESTRICTED)
class CaseWithdrawn:
    """The last of those who complained gave the case up."""

    case_id: UUID
    party_id: UUID
    reason: str
    on: date
    on_behalf_of: Source | None = None


# --- facts: what was agreed is kept or not ------------------------------------------------------------------------


@fact(visibility=RESTRICTED)
class PerformanceRecorded:
    """A party did what it owed, as the other side confirms or a paper shows."""

    case_id: UUID
    obligation_id: UUID
    confirmed_by: UUID | None
    evidence: Source | None
    late: bool
    on: date
    on_behalf_of: Source | None = None


@fact(visibility=INTERAGENCY)
class ObligationPerformed:
    """A member of the working group did what it owed under a settlement; no content."""

    case_id: UUID
    number: str
    organisation: UUID
    due: date
    late: bool
    on: date


@fact(visibility=RESTRICTED)
class BreachReported:
    """A party did not do in time what it owed."""

    case_id: UUID
    obligation_id: UUID
    reason: str
    on: date
    on_behalf_of: Source | None = None


@fact(visibility=INTERAGENCY)
class ObligationBreached:
    """A member of the working group did not do in time what it owed under a settlement; no content."""

    case_id: UUID
    number: str
    organisation: UUID
    due: date
    on: date


@fact(visibility=INTERAGENCY)
class AgreementFulfilled:
    """Everything that was agreed has been done."""

    case_id: UUID
    number: str
    on: date


@fact(visibility=RESTRICTED)
class MediationReopened:
    """After a breach the parties mediate once more; what was not done is agreed anew."""

    case_id: UUID
    mediation_due: date
    unperformed: tuple[UUID, ...]
    on: date


@fact(visibility=RESTRICTED)
class SettlementReviewed:
    """It was looked at how the settlement does, 30, 90 or 180 days after it."""

    case_id: UUID
    days: int
    finding: str
    on: date


@fact(visibility=RESTRICTED)
class CaseClosed:
    """The case was closed, its root causes confirmed or corrected."""

    case_id: UUID
    root_causes: tuple[RootCause, ...]
    on: date


# --- facts: days --------------------------------------------------------------------------------------------------


@fact(visibility=RESTRICTED)
class ClockStarted:
    """A day is kept for something in this case, or was moved."""

    case_id: UUID
    clock: Clock
    about: UUID | None
    due: date


@fact(visibility=RESTRICTED)
class ClockStopped:
    """A day need not be kept any more."""

    case_id: UUID
    clock: Clock
    about: UUID | None


@fact(visibility=RESTRICTED)
class DeadlineApproaching:
    """A day comes near."""

    case_id: UUID
    clock: Clock
    about: UUID | None
    due: date
    days_left: int


@fact(visibility=RESTRICTED)
class DeadlineMissed:
    """A day has gone by."""

    case_id: UUID
    clock: Clock
    about: UUID | None
    due: date


# --- commands: registering and screening --------------------------------------------------------------------------


@command
class RegisterCase:
    """Register a conflict between parties."""

    title: str = text(5, 200)
    parties: tuple[NewParty, ...] = several(1, 60)
    area_code: str = area_code()
    claim: str = text(10, 4000, multiline=True)
    request_id: UUID | None = None
    on: date | None = None
    on_behalf_of: Source | None = None


@command
class ScreenCase:
    """Accept a case for mediation, decline it, or refer it to where it belongs."""

    outcome: ScreeningOutcome
    findings: Findings
    reason: str | None = text(3, 2000, multiline=True, default=None)
    venue: Venue | None = None
    reference: str | None = text(1, 120, default=None)
    on: date | None = None


@command
class AddParty:
    """Let one party more take part."""

    party: NewParty
    on: date | None = None


@command
class RemoveParty:
    """Let a party take no part any more."""

    party_id: UUID
    reason: str = text(3, 1000, multiline=True)
    harmless: bool
    on: date | None = None


@command
class NameSpokesperson:
    """Say who speaks for a party, and with which account."""

    party_id: UUID
    spokesperson: str | None = text(2, 120, default=None)
    contact: str | None = text(3, 200, default=None)
    account: str | None = text(1, 80, default=None)


@command
class MergeCases:
    """Treat this conflict in another case."""

    into: UUID
    reason: str = text(3, 1000, multiline=True)
    on: date | None = None


@command
class AttachLandAcquisition:
    """Say which land acquisition the conflict is about, and from when the law counts its days."""

    land: LandAcquisition
    on: date | None = None


@command
class WithdrawCase:
    """Give the case up for the last of those who complained."""

    party_id: UUID
    reason: str = text(3, 1000, multiline=True)
    on: date | None = None
    on_behalf_of: Source | None = None


# --- commands: consent and mediator -------------------------------------------------------------------------------


@command
class RecordConsent:
    """Agree to mediate for one party."""

    party_id: UUID
    on: date | None = None
    on_behalf_of: Source | None = None


@command
class RefuseMediation:
    """Refuse to mediate for one party."""

    party_id: UUID
    reason: str | None = text(3, 1000, multiline=True, default=None)
    on: date | None = None
    on_behalf_of: Source | None = None


@command
class SubmitCaseSummary:
    """Give the mediator one party's summary of the case."""

    party_id: UUID
    summary: str = text(3, 20_000, multiline=True)
    on: date | None = None
    on_behalf_of: Source | None = None


@command
class AppointMediator:
    """The chair appoints a mediator from a member organisation that has no part in the case."""

    organisation: UUID
    account: str | None = text(1, 80, default=None)
    certificate: str | None = text(1, 120, default=None)
    no_interest: bool
    on: date | None = None


@command
class ObjectToMediator:
    """Object to the mediator for one party."""

    party_id: UUID
    reason: str = text(3, 1000, multiline=True)
    on: date | None = None
    on_behalf_of: Source | None = None


@command
class RecuseMediator:
    """The mediator steps back."""

    reason: str = text(3, 1000, multiline=True)
    on: date | None = None
    on_behalf_of: Source | None = None


# --- commands: mediating ------------------------------------------------------------------------------------------


@command
class ScheduleSession:
    """Call all parties to a joint session, or one of them to a caucus."""

    session_kind: SessionKind
    caucus_with: UUID | None = None
    day: date
    hour: str = matching(r"^([01]\d|2[0-3])\.[0-5]\d$", "09.30")
    place: str = text(2, 200)
    on: date | None = None
    on_behalf_of: Source | None = None


@command
class RecordSession:
    """Record who came to a session on its day."""

    session_id: UUID
    attendance: tuple[Attendance, ...] = several(1, 60)
    record: str | None = text(3, 10_000, multiline=True, default=None)
    on: date | None = None
    on_behalf_of: Source | None = None


@command
class CancelSession:
    """Call a session off."""

    session_id: UUID
    reason: str = text(3, 1000, multiline=True)
    on: date | None = None
    on_behalf_of: Source | None = None


@command
class WriteCaucusNote:
    """The mediator notes what was said in a caucus, for himself and that party."""

    session_id: UUID
    note: str = text(3, 10_000, multiline=True)


@command
class RecordInterest:
    """Record what a party needs, as against what it demands."""

    party_id: UUID
    need: str = text(3, 1000, multiline=True)
    demand: str | None = text(3, 1000, multiline=True, default=None)
    on: date | None = None
    on_behalf_of: Source | None = None


@command
class MakeProposal:
    """Make a proposal for one party, or as the mediator."""

    by_party: UUID | None = None
    counters: int | None = amount(1, 1000, default=None)
    wording: str = text(3, 10_000, multiline=True)
    on: date | None = None
    on_behalf_of: Source | None = None


@command
class AnswerProposal:
    """Answer the present proposal for one party."""

    proposal: int = amount(1, 1000)
    party_id: UUID
    accepted: bool
    reason: str | None = text(3, 2000, multiline=True, default=None)
    on: date | None = None
    on_behalf_of: Source | None = None


@command
class ExtendMediation:
    """Extend the mediation once, with the consent of all parties."""

    working_days: int = amount(1, 30)
    consents: tuple[UUID, ...] = several(1, 60)
    on: date | None = None
    on_behalf_of: Source | None = None


@command
class SuspendCase:
    """Let the mediation rest until a day."""

    reason: str = text(3, 1000, multiline=True)
    resume_on: date
    on: date | None = None


@command
class ResumeCase:
    """Go on with the mediation."""

    on: date | None = None


# --- commands: agreement and ends ---------------------------------------------------------------------------------


@command
class DraftAgreement:
    """Lay the text of an agreement before the parties."""

    scope: Scope
    clauses: tuple[Clause, ...] = several(1, 60)
    interests: tuple[StatedInterest, ...] = several(1, 200)
    obligations: tuple[PromisedAct, ...] = several(0, 200, default=())
    checks: Checks
    root_causes: tuple[RootCause, ...] = several(0, 7, default=())
    advised: tuple[UUID, ...] = several(0, 20, default=())
    on: date | None = None
    on_behalf_of: Source | None = None


@command
class SignAgreement:
    """Sign the agreement for one party."""

    party_id: UUID
    text_hash: str = sha256()
    on: date | None = None
    on_behalf_of: Source | None = None


@command
class DeclareImpasse:
    """End the mediation without an agreement, and advise where to go next."""

    reason: ImpasseReason
    root_causes: tuple[RootCause, ...] = several(0, 7, default=())
    advised: tuple[UUID, ...] = several(0, 20, default=())
    next_venue: Venue | None = None
    on: date | None = None


@command
class ReferCase:
    """Refer a case that ended without a lasting agreement to where it may go on."""

    venue: Venue
    reference: str | None = text(1, 120, default=None)
    on: date | None = None


# --- commands: what was agreed is kept or not ---------------------------------------------------------------------


@command
class RecordPerformance:
    """Record that an obligation was performed, confirmed by the other side or shown by a paper."""

    obligation_id: UUID
    confirmed_by: UUID | None = None
    evidence: Source | None = None
    on: date | None = None
    on_behalf_of: Source | None = None


@command
class ReportBreach:
    """Report that an obligation was not performed in time."""

    obligation_id: UUID
    reason: str = text(3, 2000, multiline=True)
    on: date | None = None
    on_behalf_of: Source | None = None


@command
class ReopenMediation:
    """Mediate once more after a breach."""

    on: date | None = None


@command
class ReviewSettlement:
    """Look at how the settlement does, 30, 90 and 180 days after it."""

    days: int = amount(1, 1000)
    finding: str = text(3, 2000, multiline=True)
    on: date | None = None


@command
class CloseCase:
    """Close a case that has come to its end, and confirm or correct its root causes."""

    root_causes: tuple[RootCause, ...] = several(1, 7)
    on: date | None = None


@command
class WarnOfDeadline:
    """A day comes near; only the clock says so."""

    clock: Clock
    about: UUID | None = None
    due: date
    days_left: int = amount(0, 1000)


@command
class MarkDeadlineMissed:
    """A day has gone by; only the clock says so."""

    clock: Clock
    about: UUID | None = None
    due: date


# --- state --------------------------------------------------------------------------------------------------------

Kept = tuple[Clock, UUID | None]  # what a day is kept for


@dataclass(frozen=True)
class PartyState:
    """What rules need of a party."""

    kind: PartyKind
    organisation_id: UUID | None
    is_complainant: bool
    account: str | None = None
    consented: bool = False
    refused: bool = False
    summarised: bool = False
    absences: int = 0


@dataclass(frozen=True)
class Session:
    """A session that was called; afterwards it was held or cancelled."""

    kind: SessionKind
    called: tuple[UUID, ...]
    day: date
    held: bool = False
    cancelled: bool = False


@dataclass(frozen=True)
class Proposal:
    """The present proposal and its answers."""

    number: int
    by: UUID | None
    answers: Mapping[UUID, tuple[bool, str | None]] = field(default_factory=dict)


@dataclass(frozen=True)
class Owed:
    """An obligation that binds."""

    debtor: UUID
    due: date
    performed: bool = False
    breached: bool = False


@dataclass(frozen=True)
class Case:
    """What the rules of a case need to remember."""

    id: UUID = NOBODY
    number: str = ""
    stage: Stage | None = None
    axis: Axis = Axis.OTHER
    area_code: str = ""
    request_id: UUID | None = None
    registered_by: UUID | None = None
    registered_on: date = date.min
    screening_due: date = date.max
    accepted_on: date = date.min
    parties: Mapping[UUID, PartyState] = field(default_factory=dict)
    land: LandAcquisitionLinked | None = None
    mediator: MediatorAppointed | None = None
    former_mediators: frozenset[str] = frozenset()
    mediation_due: date | None = None
    days_left: int | None = None
    extended: bool = False
    sessions: Mapping[UUID, Session] = field(default_factory=dict)
    interests: Mapping[UUID, InterestRecorded] = field(default_factory=dict)
    proposal: Proposal | None = None
    rests_from: Stage | None = None
    resume_on: date | None = None
    draft: AgreementDrafted | None = None
    laid: AgreementDrafted | None = None
    signatures: tuple[tuple[UUID, date], ...] = ()
    scope: Scope | None = None
    settled_on: date | None = None
    owed: Mapping[UUID, Owed] = field(default_factory=dict)
    reopened: bool = False
    continues: bool = False
    reviews: frozenset[int] = frozenset()
    clocks: Mapping[Kept, date] = field(default_factory=dict)
    warned: frozenset[tuple[Kept, date, int]] = frozenset()
    missed: frozenset[tuple[Kept, date]] = frozenset()

    @property
    def signed(self) -> frozenset[UUID]:
        """The parties that have signed the present text."""
        return frozenset(party for party, _ in self.signatures)

    @property
    def organisations(self) -> frozenset[UUID]:
        """The organisations that are parties."""
        return frozenset(one.organisation_id for one in self.parties.values() if one.organisation_id)

    @property
    def refusing(self) -> tuple[UUID, ...]:
        """The parties that do not want to mediate."""
        return tuple(id for id, one in self.parties.items() if one.refused)

    @property
    def undecided(self) -> tuple[UUID, ...]:
        """The parties that have neither agreed to mediate nor refused it."""
        return tuple(id for id, one in self.parties.items() if not one.consented and not one.refused)

    @property
    def outstanding(self) -> tuple[UUID, ...]:
        """The obligations that have not been performed."""
        return tuple(id for id, one in self.owed.items() if not one.performed)

    @property
    def is_settled(self) -> bool:
        """Whether all signed and nothing has happened since."""
        return self.stage in SETTLED
