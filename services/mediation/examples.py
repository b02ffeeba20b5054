"""One canonical example of every fact and command of mediation: tests, contract and demo use the same."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from services.mediation.domain.agreeing import AgreementSigned, ConflictResolved, DraftAgreement, SignAgreement
from services.mediation.domain.agreement import AgreementDrafted, text_hash
from services.mediation.domain.appointing import (
    AppointMediator,
    MediatorAppointed,
    MediatorObjected,
    MediatorRecused,
    ObjectToMediator,
    RecuseMediator,
)
from services.mediation.domain.clocks import (
    ClockStarted,
    ClockStopped,
    DeadlineApproaching,
    DeadlineMissed,
    MarkDeadlineMissed,
    WarnOfDeadline,
)
from services.mediation.domain.closing import (
    CaseClosed,
    CloseCase,
    MediationReopened,
    ReopenMediation,
    ReviewSettlement,
    SettlementReviewed,
)
from services.mediation.domain.consenting import (
    CaseSummarySubmitted,
    PartyConsented,
    PartyRefused,
    RecordConsent,
    RefuseMediation,
    SubmitCaseSummary,
)
from services.mediation.domain.correcting import CaseCorrected, CaseField, CorrectCase
from services.mediation.domain.failing import DeclareImpasse, MediationFailed
from services.mediation.domain.joining import (
    AddParty,
    CasesMerged,
    CaseWithdrawn,
    MergeCases,
    PartyAdded,
    PartyRemoved,
    RemoveParty,
    WithdrawCase,
)
from services.mediation.domain.keeping import (
    AgreementFulfilled,
    BreachReported,
    ObligationBreached,
    ObligationPerformed,
    PerformanceRecorded,
    RecordPerformance,
    ReportBreach,
)
from services.mediation.domain.land import AttachLandAcquisition, LandAcquisitionLinked
from services.mediation.domain.mediating import (
    CancelSession,
    CaucusNoteSealed,
    RecordSession,
    ScheduleSession,
    SessionCancelled,
    SessionHeld,
    SessionScheduled,
    WriteCaucusNote,
)
from services.mediation.domain.mediation_request import (
    AnswerRequest,
    CorrectRequest,
    MarkRequestOverdue,
    MediationRequested,
    RequestAnswered,
    RequestCorrected,
    RequestField,
    RequestMediation,
    RequestOrigin,
    RequestOverdue,
    RequestTurnedIntoCase,
    TurnIntoCase,
)
from services.mediation.domain.proposing import (
    AnswerProposal,
    InterestRecorded,
    MakeProposal,
    ProposalAnswered,
    ProposalMade,
    RecordInterest,
)
from services.mediation.domain.registering import ConflictRegistered, NameSpokesperson, RegisterCase, SpokespersonNamed
from services.mediation.domain.resting import (
    CaseResumed,
    CaseSuspended,
    ExtendMediation,
    MediationExtended,
    ResumeCase,
    SuspendCase,
)
from services.mediation.domain.rules import CaseListed
from services.mediation.domain.screening import (
    CaseAccepted,
    CaseDeclined,
    CaseReferredOut,
    ReferCase,
    ScreenCase,
    ScreeningOutcome,
)
from services.mediation.domain.succeeding import PartySucceeded, SucceedParty
from services.mediation.domain.terms import (
    Attendance,
    Axis,
    Checks,
    Clause,
    Clock,
    Compensation,
    Document,
    Findings,
    ImpasseReason,
    Interest,
    LandAcquisition,
    LandStage,
    NewParty,
    Obligation,
    Party,
    PartyKind,
    PromisedAct,
    RootCause,
    Scope,
    SessionKind,
    Source,
    Stage,
    StatedInterest,
    Venue,
)

CASE = UUID("00000000-0000-4000-8000-000000000301")
OTHER_CASE = UUID("00000000-0000-4000-8000-000000000302")
REQUEST = UUID("00000000-0000-4000-8000-000000000309")
OWNERS = UUID("00000000-0000-4000-8000-000000000311")
AGENCY = UUID("00000000-0000-4000-8000-000000000312")
BUILDER = UUID("00000000-0000-4000-8000-000000000313")
INTEREST = UUID("00000000-0000-4000-8000-000000000321")
OTHER_INTEREST = UUID("00000000-0000-4000-8000-000000000322")
OBLIGATION = UUID("00000000-0000-4000-8000-000000000331")
SESSION = UUID("00000000-0000-4000-8000-000000000341")
CAUCUS = UUID("00000000-0000-4000-8000-000000000342")
NOTE = UUID("00000000-0000-4000-8000-000000000351")
PLANNING = UUID("00000000-0000-4000-8000-000000000102")
UNIVERSITY = UUID("00000000-0000-4000-8000-000000000110")
MEDIATOR = "mediator-1"  # an account: opaque here

NUMBER = "MED/32/2025/0001"
TITLE = "Ganti kerugian bidang tanah untuk rumah susun"
CLAIM = "Penilaian ganti kerugian tidak dijelaskan dan jalan masuk ke sisa bidang tanah tertutup."
VILLAGE = "32.04.99.2999"
GROUP_NAME = "Kelompok pemilik 38 bidang tanah"
AGENCY_NAME = "Badan Perencanaan Pembangunan Daerah"
BUILDER_NAME = "PT Pengembang Contoh"
SPOKESPERSON, CONTACT = "Juru bicara kelompok pemilik", "juru.bicara@warga.example"
LETTER = Source(number="003/WARGA/2025", date=date(2025, 5, 20), sender=GROUP_NAME)
MINUTES = Source(number="BA-02/MED/2025", date=date(2025, 6, 5), sender="Sekretariat mediasi")
RECEIPT = Source(number="BA-09/MED/2025", date=date(2025, 8, 28), sender=GROUP_NAME)

NEW_OWNERS = NewParty(
    kind=PartyKind.AFFECTED,
    name=GROUP_NAME,
    is_complainant=True,
    spokesperson=SPOKESPERSON,
    contact=CONTACT,
    account="pihak-1",
)
NEW_AGENCY = NewParty(kind=PartyKind.GOVERNMENT, name=AGENCY_NAME, organisation_id=PLANNING, is_complainant=False)
NEW_BUILDER = NewParty(
    kind=PartyKind.PROVIDER, name=BUILDER_NAME, is_complainant=False, spokesperson="Kuasa direksi", contact="kuasa@contoh.example"
)
PARTIES = (
    Party(party_id=OWNERS, kind=PartyKind.AFFECTED, name=GROUP_NAME, is_complainant=True),
    Party(party_id=AGENCY, kind=PartyKind.GOVERNMENT, name=AGENCY_NAME, organisation_id=PLANNING, is_complainant=False),
)

CLAUSES = (
    Clause(heading="Penilaian ulang", wording="Pemrakarsa menugaskan penilai publik untuk menilai ulang 38 bidang tanah."),
    Clause(heading="Jalan masuk", wording="Pemrakarsa membangun jalan masuk selebar empat meter ke sisa bidang tanah."),
)
NEED, OTHER_NEED = "Nilai ganti kerugian yang dapat dipahami.", "Pembangunan rumah susun dimulai tahun ini."
POSITION = "Ganti kerugian dua kali lipat dari nilai penilai."
REASON = "Jadwal pembangunan mengikuti penilaian ulang dan tidak dapat dijanjikan di sini."
PROMISE = PromisedAct(debtor=AGENCY, act="Menyerahkan hasil penilaian ulang kepada para pemilik.", due=date(2025, 8, 29))
CHECKS = Checks(lawful=True, harmless=True, executable=True)
CAUSES = (RootCause.LAND, RootCause.POLICY_GAP)
HASH = text_hash(Scope.FULL, CLAUSES, (PROMISE,))
LAND = LandAcquisition(
    project="Rumah susun sewa",
    land_stage=LandStage.IMPLEMENTATION,
    location_decree=Document(number="000/Kep.DEMO-LOK/2024", date=date(2024, 11, 4), issuer="Gubernur"),
    parcels=38,
    compensation=Compensation.DISPUTED,
    consultation_on=date(2025, 2, 3),
    deliberation_on=date(2025, 6, 3),
)
MISTYPED, RIGHT_TITLE = "Salah ketik saat dicatat.", "Ganti kerugian tanah untuk rumah susun di Desa Contoh"
IN_SCOPE = Findings(in_scope=True)
COMPLAINT = Findings(in_scope=False, service_complaint=True)
ATTENDANCE = (Attendance(party_id=OWNERS, present=True), Attendance(party_id=AGENCY, present=True))
HEARD: dict[str, Any] = {"party_id": OWNERS, "on": date(2025, 5, 26), "on_behalf_of": LETTER}
SAID = "Kami tidak pernah melihat cara penilai menghitung."
CAUCUS_NOTE = "Pemilik bersedia menerima nilai yang lebih rendah bila jalan masuk dibangun lebih dahulu."
OFFER = "Penilaian ulang oleh penilai publik, dengan jalan masuk sementara sejak awal."
UNSUITED = "Pernah menjadi penasihat pemrakarsa."
RESTS = "Menunggu hasil pengukuran ulang."
STEPS_BACK = "Universitas mendapat pekerjaan dari pemrakarsa."
THIN: dict[str, Any] = {"case_id": CASE, "number": NUMBER, "axis": Axis.GOVERNMENT_AFFECTED}
ASKED: dict[str, Any] = {
    "what_happened": "Pengembang belum menyerahkan jalan lingkungan yang dijanjikan dalam brosur.",
    "against": "Pengembang perumahan di desa kami",
    "contact": "0812-0000-0000",
    "area_code": "32.04.99",
    "origin": RequestOrigin.PUBLIC,
    "origin_ref": None,
    "on": date(2025, 6, 2),
    "on_behalf_of": None,
}
ANSWER: dict[str, Any] = {
    "answer": "Sengketa konsumen perumahan dapat diajukan tanpa biaya kepada badan penyelesaian sengketa konsumen.",
    "venue": Venue.BPSK,
    "on": date(2025, 6, 5),
}

FACTS: tuple[Any, ...] = (
    ConflictRegistered(
        case_id=CASE,
        number=NUMBER,
        title=TITLE,
        parties=PARTIES,
        axis=Axis.GOVERNMENT_AFFECTED,
        area_code=VILLAGE,
        claim=CLAIM,
        on=date(2025, 5, 21),
        tracking_code="7KQ2M9XWRP",
        screening_due=date(2025, 5, 28),
        on_behalf_of=LETTER,
    ),
    SpokespersonNamed(case_id=CASE, party_id=OWNERS, spokesperson=SPOKESPERSON, contact=CONTACT, account="pihak-1"),
    CaseListed(**THIN, area_code="32.04", stage=Stage.REGISTERED, on=date(2025, 5, 21)),
    CaseAccepted(case_id=CASE, findings=IN_SCOPE, on=date(2025, 5, 23)),
    CaseDeclined(case_id=CASE, findings=COMPLAINT, reason="Bukan sengketa perumahan.", on=date(2025, 5, 23)),
    CaseReferredOut(**THIN, area_code="32.04", venue=Venue.SP4N, reference="9182736", on=date(2025, 5, 23)),
    PartyAdded(
        case_id=CASE,
        party=Party(party_id=BUILDER, kind=PartyKind.PROVIDER, name=BUILDER_NAME, is_complainant=False),
        axis=Axis.GOVERNMENT_AFFECTED,
        on=date(2025, 5, 26),
    ),
    PartyRemoved(
        case_id=CASE,
        party_id=BUILDER,
        axis=Axis.GOVERNMENT_AFFECTED,
        reason="Hanya kontraktor, tidak menentukan ganti kerugian.",
        on=date(2025, 5, 26),
    ),
    PartySucceeded(
        case_id=CASE,
        party_id=AGENCY,
        former=PLANNING,
        organisation_id=UNIVERSITY,
        name="Badan Perencanaan dan Riset Daerah",
        on=date(2025, 6, 4),
    ),
    CasesMerged(
        case_id=CASE,
        into=OTHER_CASE,
        into_number="MED/32/2025/0002",
        reason="Bidang tanah dan proyeknya sama.",
        on=date(2025, 5, 26),
    ),
    LandAcquisitionLinked(
        case_id=CASE,
        land=LAND,
        consultation_due=date(2025, 4, 28),
        objection_due=date(2025, 6, 23),
        permit_until=date(2026, 11, 4),
        on=date(2025, 6, 4),
    ),
    PartyConsented(case_id=CASE, **HEARD),
    PartyRefused(case_id=CASE, reason="Sudah diputuskan gubernur.", **HEARD),
    CaseSummarySubmitted(case_id=CASE, summary=SAID, late=False, **{**HEARD, "on": date(2025, 5, 28)}),
    MediatorAppointed(
        case_id=CASE,
        organisation=UNIVERSITY,
        account=MEDIATOR,
        certificate="MED-0042",
        objection_until=date(2025, 5, 29),
        summaries_due=date(2025, 6, 3),
        mediation_due=date(2025, 7, 8),
        on=date(2025, 5, 27),
    ),
    MediatorObjected(case_id=CASE, reason=UNSUITED, days_left=29, **{**HEARD, "on": date(2025, 5, 28)}),
    MediatorRecused(case_id=CASE, reason=STEPS_BACK, days_left=28, on=date(2025, 5, 29)),
    SessionScheduled(
        case_id=CASE,
        session_id=SESSION,
        session_kind=SessionKind.JOINT,
        called=(OWNERS, AGENCY),
        day=date(2025, 6, 2),
        hour="09.30",
        place="Ruang rapat Dinas Perumahan",
        on=date(2025, 5, 28),
        on_behalf_of=None,
    ),
    SessionHeld(
        case_id=CASE,
        session_id=SESSION,
        session_kind=SessionKind.JOINT,
        attendance=ATTENDANCE,
        record="Para pihak menjelaskan kedudukan masing-masing.",
        on=date(2025, 6, 2),
    ),
    SessionCancelled(case_id=CASE, session_id=SESSION, reason="Ruang rapat terpakai.", on=date(2025, 5, 30)),
    CaucusNoteSealed(case_id=CASE, note_id=NOTE, session_id=CAUCUS, party_id=OWNERS, note=CAUCUS_NOTE),
    InterestRecorded(case_id=CASE, interest_id=INTEREST, party_id=OWNERS, need=NEED, demand=POSITION, on=date(2025, 6, 2)),
    ProposalMade(case_id=CASE, proposal=1, by_party=AGENCY, counters=None, wording=OFFER, on=date(2025, 6, 3), on_behalf_of=None),
    ProposalAnswered(case_id=CASE, proposal=1, party_id=OWNERS, accepted=True, reason=None, on=date(2025, 6, 3)),
    MediationExtended(case_id=CASE, working_days=30, mediation_due=date(2025, 8, 19), on=date(2025, 6, 5)),
    CaseSuspended(case_id=CASE, reason=RESTS, resume_on=date(2025, 6, 20), days_left=22, on=date(2025, 6, 6)),
    CaseResumed(case_id=CASE, mediation_due=date(2025, 7, 10), on=date(2025, 6, 10)),
    AgreementDrafted(
        case_id=CASE,
        scope=Scope.FULL,
        clauses=CLAUSES,
        interests=(
            Interest(interest_id=INTEREST, party_id=OWNERS, need=NEED, clauses=(1, 2)),
            Interest(interest_id=OTHER_INTEREST, party_id=AGENCY, need=OTHER_NEED, reason=REASON),
        ),
        obligations=(Obligation(obligation_id=OBLIGATION, **vars(PROMISE)),),
        voided=(),
        checks=CHECKS,
        root_causes=CAUSES,
        advised=(PLANNING,),
        text_hash=HASH,
        on=date(2025, 6, 4),
    ),
    AgreementSigned(case_id=CASE, party_id=OWNERS, text_hash=HASH, on=date(2025, 6, 5)),
    ConflictResolved(**THIN, area_code=VILLAGE, scope=Scope.FULL, root_causes=CAUSES, advised=(PLANNING,), on=date(2025, 6, 6)),
    MediationFailed(
        **THIN,
        area_code="32.04",
        reason=ImpasseReason.NO_AGREEMENT,
        root_causes=CAUSES,
        advised=(PLANNING,),
        next_venue=Venue.COURT,
        on=date(2025, 6, 6),
    ),
    CaseWithdrawn(case_id=CASE, reason="Sudah dibayar.", **{**HEARD, "on": date(2025, 6, 6)}),
    PerformanceRecorded(
        case_id=CASE,
        obligation_id=OBLIGATION,
        confirmed_by=OWNERS,
        evidence=None,
        late=False,
        on=date(2025, 8, 28),
        on_behalf_of=RECEIPT,
    ),
    ObligationPerformed(
        case_id=CASE, number=NUMBER, organisation=PLANNING, due=date(2025, 8, 29), late=False, on=date(2025, 8, 28)
    ),
    BreachReported(case_id=CASE, obligation_id=OBLIGATION, reason="Hasil penilaian ulang belum diserahkan.", on=date(2025, 9, 1)),
    ObligationBreached(case_id=CASE, number=NUMBER, organisation=PLANNING, due=date(2025, 8, 29), on=date(2025, 9, 1)),
    AgreementFulfilled(case_id=CASE, number=NUMBER, on=date(2025, 8, 28)),
    MediationReopened(case_id=CASE, mediation_due=date(2025, 10, 15), unperformed=(OBLIGATION,), on=date(2025, 9, 3)),
    SettlementReviewed(case_id=CASE, days=30, finding="Penilai publik sudah ditugaskan.", on=date(2025, 7, 7)),
    CaseClosed(case_id=CASE, root_causes=CAUSES, on=date(2025, 9, 8)),
    ClockStarted(case_id=CASE, clock=Clock.SCREENING, about=None, due=date(2025, 5, 28)),
    ClockStopped(case_id=CASE, clock=Clock.SCREENING, about=None),
    DeadlineApproaching(case_id=CASE, clock=Clock.OBJECTION_TO_COMPENSATION, about=None, due=date(2025, 6, 23), days_left=10),
    DeadlineMissed(case_id=CASE, clock=Clock.SCREENING, about=None, due=date(2025, 5, 28)),
    MediationRequested(request_id=REQUEST, tracking_code="4HXT7PWQ2K", answer_by=date(2025, 6, 9), **ASKED),
    RequestTurnedIntoCase(request_id=REQUEST, case_id=CASE, case_number=NUMBER, on=date(2025, 6, 5)),
    RequestAnswered(request_id=REQUEST, **ANSWER),
    RequestOverdue(request_id=REQUEST, due=date(2025, 6, 9)),
    CaseCorrected(case_id=CASE, field=CaseField.TITLE, old=TITLE, new=RIGHT_TITLE, reason=MISTYPED),
    RequestCorrected(
        request_id=REQUEST,
        field=RequestField.AREA_CODE,
        old=ASKED["area_code"],
        new="32.04.05",
        reason="Salah memilih kecamatan.",
    ),
)

COMMANDS: tuple[Any, ...] = (
    RegisterCase(
        title=TITLE,
        parties=(NEW_OWNERS, NEW_AGENCY),
        area_code=VILLAGE,
        claim=CLAIM,
        on=date(2025, 5, 21),
        on_behalf_of=LETTER,
    ),
    ScreenCase(outcome=ScreeningOutcome.ACCEPT, findings=IN_SCOPE, on=date(2025, 5, 23)),
    AddParty(party=NEW_BUILDER, on=date(2025, 5, 26)),
    RemoveParty(
        party_id=BUILDER,
        reason="Hanya kontraktor, tidak menentukan ganti kerugian.",
        harmless=True,
        on=date(2025, 5, 26),
    ),
    SucceedParty(organisation=PLANNING, successor=UNIVERSITY, on=date(2025, 6, 4)),
    NameSpokesperson(party_id=OWNERS, spokesperson=SPOKESPERSON, contact=CONTACT, account="pihak-1"),
    MergeCases(into=OTHER_CASE, reason="Bidang tanah dan proyeknya sama.", on=date(2025, 5, 26)),
    AttachLandAcquisition(land=LAND, on=date(2025, 6, 4)),
    WithdrawCase(reason="Sudah dibayar.", **{**HEARD, "on": date(2025, 6, 6)}),
    RecordConsent(**HEARD),
    RefuseMediation(reason="Sudah diputuskan gubernur.", **HEARD),
    SubmitCaseSummary(summary=SAID, **{**HEARD, "on": date(2025, 5, 28)}),
    AppointMediator(organisation=UNIVERSITY, account=MEDIATOR, certificate="MED-0042", no_interest=True, on=date(2025, 5, 27)),
    ObjectToMediator(reason=UNSUITED, **{**HEARD, "on": date(2025, 5, 28)}),
    RecuseMediator(reason=STEPS_BACK, on=date(2025, 5, 29)),
    ScheduleSession(
        session_kind=SessionKind.JOINT,
        day=date(2025, 6, 2),
        hour="09.30",
        place="Ruang rapat Dinas Perumahan",
        on=date(2025, 5, 28),
    ),
    RecordSession(
        session_id=SESSION,
        attendance=ATTENDANCE,
        record="Para pihak menjelaskan kedudukan masing-masing.",
        on=date(2025, 6, 2),
    ),
    CancelSession(session_id=SESSION, reason="Ruang rapat terpakai.", on=date(2025, 5, 30)),
    WriteCaucusNote(session_id=CAUCUS, note=CAUCUS_NOTE),
    RecordInterest(party_id=OWNERS, need=NEED, demand=POSITION, on=date(2025, 6, 2)),
    MakeProposal(by_party=AGENCY, wording=OFFER, on=date(2025, 6, 3)),
    AnswerProposal(proposal=1, party_id=OWNERS, accepted=True, on=date(2025, 6, 3)),
    ExtendMediation(working_days=30, consents=(OWNERS, AGENCY), on=date(2025, 6, 5)),
    SuspendCase(reason=RESTS, resume_on=date(2025, 6, 20), on=date(2025, 6, 6)),
    ResumeCase(on=date(2025, 6, 10)),
    DraftAgreement(
        scope=Scope.FULL,
        clauses=CLAUSES,
        interests=(
            StatedInterest(interest_id=INTEREST, clauses=(1, 2)),
            StatedInterest(party_id=AGENCY, need=OTHER_NEED, reason=REASON),
        ),
        obligations=(PROMISE,),
        checks=CHECKS,
        root_causes=CAUSES,
        advised=(PLANNING,),
        on=date(2025, 6, 4),
    ),
    SignAgreement(party_id=OWNERS, text_hash=HASH, on=date(2025, 6, 5)),
    DeclareImpasse(
        reason=ImpasseReason.NO_AGREEMENT,
        root_causes=CAUSES,
        advised=(PLANNING,),
        next_venue=Venue.COURT,
        on=date(2025, 6, 6),
    ),
    ReferCase(venue=Venue.SP4N, reference="9182736", on=date(2025, 6, 9)),
    RecordPerformance(obligation_id=OBLIGATION, confirmed_by=OWNERS, on=date(2025, 8, 28), on_behalf_of=RECEIPT),
    ReportBreach(obligation_id=OBLIGATION, reason="Hasil penilaian ulang belum diserahkan.", on=date(2025, 9, 1)),
    ReopenMediation(on=date(2025, 9, 3)),
    ReviewSettlement(days=30, finding="Penilai publik sudah ditugaskan.", on=date(2025, 7, 7)),
    CloseCase(root_causes=CAUSES, on=date(2025, 9, 8)),
    WarnOfDeadline(clock=Clock.OBJECTION_TO_COMPENSATION, due=date(2025, 6, 23), days_left=10),
    MarkDeadlineMissed(clock=Clock.SCREENING, due=date(2025, 5, 28)),
    RequestMediation(**ASKED),
    TurnIntoCase(case_id=CASE, on=date(2025, 6, 5)),
    AnswerRequest(**ANSWER),
    MarkRequestOverdue(),
    CorrectCase(field=CaseField.TITLE, value=RIGHT_TITLE, reason=MISTYPED),
    CorrectRequest(field=RequestField.AREA_CODE, value="32.04.05", reason="Salah memilih kecamatan."),
)

EXAMPLES: dict[type, Any] = {type(one): one for one in (*FACTS, *COMMANDS)}
