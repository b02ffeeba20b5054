"""A case over land for flats, from the letter of the owners to a settlement in part that is kept late; all names are made up."""

from __future__ import annotations

from datetime import date

from services.mediation.domain.agreeing import DraftAgreement, SignAgreement
from services.mediation.domain.appointing import AppointMediator
from services.mediation.domain.closing import ReviewSettlement
from services.mediation.domain.consenting import RecordConsent, SubmitCaseSummary
from services.mediation.domain.keeping import RecordPerformance, ReportBreach
from services.mediation.domain.land import AttachLandAcquisition
from services.mediation.domain.mediating import RecordSession, ScheduleSession
from services.mediation.domain.proposing import AnswerProposal, MakeProposal, RecordInterest
from services.mediation.domain.registering import RegisterCase
from services.mediation.domain.resting import ExtendMediation
from services.mediation.domain.screening import ScreenCase, ScreeningOutcome
from services.mediation.domain.terms import (
    Attendance,
    Checks,
    Clause,
    Compensation,
    Document,
    Findings,
    LandAcquisition,
    LandStage,
    NewParty,
    PartyKind,
    PromisedAct,
    RootCause,
    Scope,
    SessionKind,
    Source,
    StatedInterest,
)
from shared.ops.steps import PROVINCE, Learn, Send, Step, hashed, named

OWNERS, AGENCY = "Kelompok pemilik 38 bidang tanah", "Kantor Wilayah Pertanahan"
DEVELOPER, QUEUE = "PT Pengembang Contoh", "Antrean 120 calon penghuni"
PLACE = "Ruang rapat Dinas Perumahan dan Permukiman"
CASE, TEXT = "flats", hashed("agreement")
REAPPRAISAL = "Menyerahkan hasil penilaian ulang dan membayar ganti kerugian."
DRAINAGE = "Membangun saluran air di sepanjang jalan masuk."
PARTIES = {"owners": OWNERS, "agency": AGENCY, "developer": DEVELOPER, "queue": QUEUE}


def letter(number: str, day: date, sender: str) -> Source:
    """A letter or record of the demo."""
    return Source(number=f"{number}/DEMO/2025", date=day, sender=sender)


COMPLAINT = letter("003", date(2025, 5, 20), OWNERS)
CONSENTS = letter("BA-01", date(2025, 5, 26), "Sekretariat mediasi")
RECORD = letter("BA-07", date(2025, 6, 20), "Sekretariat mediasi")

LAND = LandAcquisition(
    project="Rumah susun sewa di desa contoh",
    land_stage=LandStage.IMPLEMENTATION,
    location_decree=Document(number="000/Kep.DEMO-LOK/2024", date=date(2024, 11, 4), issuer="Gubernur"),
    parcels=38,
    compensation=Compensation.DISPUTED,
    consultation_on=date(2025, 2, 3),
    deliberation_on=date(2025, 6, 10),
)

BEGINNING: tuple[Step, ...] = (
    Send(
        "sekretariat",
        RegisterCase(
            title="Ganti kerugian bidang tanah untuk rumah susun",
            parties=(
                NewParty(
                    kind=PartyKind.AFFECTED,
                    name=OWNERS,
                    is_complainant=True,
                    spokesperson="Juru bicara kelompok pemilik",
                    contact="juru.bicara@warga.example",
                    account=str(named("account:pihak")),
                ),
                NewParty(kind=PartyKind.GOVERNMENT, name=AGENCY, organisation_id=named("land"), is_complainant=False),
                NewParty(kind=PartyKind.PROVIDER, name=DEVELOPER, is_complainant=False, spokesperson="Direksi"),
                NewParty(kind=PartyKind.BENEFICIARY, name=QUEUE, is_complainant=False, spokesperson="Ketua antrean"),
            ),
            area_code=f"{PROVINCE}.04.99.2999",
            claim="Penilaian ganti kerugian tidak dijelaskan dan jalan masuk ke sisa bidang tanah tertutup.",
            on=date(2025, 5, 21),
            on_behalf_of=COMPLAINT,
        ),
        makes=CASE,
    ),
    *(
        Learn("sekretariat", "parties", {"case_id": named(CASE), "name": name}, {named(party): "party_id"})
        for party, name in PARTIES.items()
    ),
    Send(
        "sekretariat",
        ScreenCase(outcome=ScreeningOutcome.ACCEPT, findings=Findings(in_scope=True), on=date(2025, 5, 23)),
        to=CASE,
    ),
    *(
        Send("sekretariat", RecordConsent(party_id=named(party), on=date(2025, 5, 26), on_behalf_of=CONSENTS), to=CASE)
        for party in PARTIES
    ),
    Send(
        "ketua",
        AppointMediator(
            organisation=named("university"),
            account=str(named("account:mediator")),
            certificate="MED-DEMO-042",
            no_interest=True,
            on=date(2025, 5, 27),
        ),
        to=CASE,
    ),
    Send(
        "sekretariat",
        SubmitCaseSummary(
            party_id=named("owners"),
            summary="Penilai menghitung tanpa menjelaskan caranya; jalan masuk ke sisa bidang tertutup pagar proyek.",
            on=date(2025, 5, 28),
            on_behalf_of=COMPLAINT,
        ),
        to=CASE,
    ),
)


def session(day: date, called: date, note: str | None = None, alone: str | None = None) -> tuple[Step, ...]:
    """A session, called and held with all parties, or a caucus with one of them `alone`."""
    kind = SessionKind.CAUCUS if alone else SessionKind.JOINT
    with_one = named(alone) if alone else None
    call = ScheduleSession(session_kind=kind, caucus_with=with_one, day=day, hour="09.30", place=PLACE, on=called)
    this = f"session-{day}"
    came = tuple(Attendance(party_id=named(party), present=True) for party in ([alone] if alone else PARTIES))
    return (
        Send("mediator", call, to=CASE),
        Learn("sekretariat", "sessions", {"case_id": named(CASE), "day": day}, {named(this): "session_id"}),
        Send("mediator", RecordSession(session_id=named(this), attendance=came, record=note, on=day), to=CASE),
    )


MEDIATION: tuple[Step, ...] = (
    *session(date(2025, 6, 4), date(2025, 5, 28), "Para pihak menjelaskan kedudukan masing-masing."),
    Send(
        "mediator",
        RecordInterest(
            party_id=named("owners"),
            need="Nilai ganti kerugian yang dapat dipahami.",
            demand="Ganti kerugian dua kali lipat dari nilai penilai.",
            on=date(2025, 6, 4),
        ),
        to=CASE,
    ),
    Learn(
        "sekretariat",
        "interests",
        {"case_id": named(CASE), "party_id": named("owners")},
        {named("value"): "interest_id"},
    ),
    Send("mediator", AttachLandAcquisition(land=LAND, on=date(2025, 6, 11)), to=CASE),
    *session(date(2025, 6, 12), date(2025, 6, 5), alone="owners"),
    *session(date(2025, 6, 13), date(2025, 6, 5), alone="agency"),
    *session(date(2025, 6, 17), date(2025, 6, 11), "Penilaian ulang disepakati sebagai jalan tengah."),
    Send(
        "mediator",
        ExtendMediation(working_days=30, consents=tuple(named(party) for party in PARTIES), on=date(2025, 6, 17)),
        to=CASE,
    ),
    Send(
        "mediator",
        MakeProposal(
            by_party=named("agency"), wording="Penilaian ulang dengan jalan masuk sementara sejak awal.", on=date(2025, 6, 17)
        ),
        to=CASE,
    ),
    Send("mediator", AnswerProposal(proposal=1, party_id=named("owners"), accepted=True, on=date(2025, 6, 17)), to=CASE),
    *session(date(2025, 6, 18), date(2025, 6, 12), "Tiga puluh satu pemilik menerima; tujuh memilih jalan pengadilan."),
)

AGREEMENT: tuple[Step, ...] = (
    Send(
        "mediator",
        DraftAgreement(
            scope=Scope.PARTIAL,
            clauses=(
                Clause(
                    heading="Penilaian ulang", wording="Pemrakarsa menugaskan penilai publik untuk menilai ulang 31 bidang tanah."
                ),
                Clause(
                    heading="Jalan masuk", wording="Pemrakarsa membangun jalan masuk selebar empat meter ke sisa bidang tanah."
                ),
                Clause(heading="Saluran air", wording="Pengembang membangun saluran air di sepanjang jalan masuk."),
                Clause(heading="Tujuh pemilik", wording="Tujuh pemilik yang tidak sepakat bebas menempuh jalan pengadilan."),
            ),
            interests=(
                StatedInterest(interest_id=named("value"), clauses=(1, 2)),
                StatedInterest(
                    party_id=named("agency"),
                    need="Pembangunan rumah susun dimulai tahun ini.",
                    reason="Jadwal pembangunan mengikuti penilaian ulang dan tidak dapat dijanjikan di sini.",
                ),
                StatedInterest(party_id=named("developer"), need="Jalan kerja yang tidak terhalang.", clauses=(2, 3)),
                StatedInterest(party_id=named("queue"), need="Kepastian bahwa rumah susun tetap dibangun.", clauses=(1, 4)),
            ),
            obligations=(
                PromisedAct(
                    debtor=named("agency"),
                    act=REAPPRAISAL,
                    due=date(2025, 8, 29),
                ),
                PromisedAct(debtor=named("developer"), act=DRAINAGE, due=date(2025, 10, 31)),
            ),
            checks=Checks(lawful=True, harmless=True, executable=True),
            root_causes=(RootCause.LAND, RootCause.INFORMATION),
            advised=(named("land"), named("planning")),
            on=date(2025, 6, 18),
        ),
        to=CASE,
    ),
    Learn(
        "sekretariat",
        "cases",
        {"title": "Ganti kerugian bidang tanah untuk rumah susun"},
        {TEXT: "text_hash", "{case number}": "number"},
    ),
    *(
        Send(
            "sekretariat",
            SignAgreement(party_id=named(party), text_hash=TEXT, on=date(2025, 6, 20), on_behalf_of=RECORD),
            to=CASE,
        )
        for party in PARTIES
    ),
)

STORY: tuple[Step, ...] = (*BEGINNING, *MEDIATION, *AGREEMENT)


def kept(act: str, name: str, day: date, sender: str) -> tuple[Step, ...]:
    """An obligation, performed as a paper shows."""
    paper = letter(f"BA-{name}", day, sender)
    return (
        Learn("sekretariat", "obligations", {"case_id": named(CASE), "act": act}, {named(name): "id"}),
        Send("sekretariat", RecordPerformance(obligation_id=named(name), evidence=paper, on=day, on_behalf_of=paper), to=CASE),
    )


AFTERWARDS: tuple[Step, ...] = (
    Learn("sekretariat", "obligations", {"case_id": named(CASE), "act": REAPPRAISAL}, {named("reappraisal"): "id"}),
    Send(
        "sekretariat",
        ReportBreach(
            obligation_id=named("reappraisal"),
            reason="Sampai batas waktunya hasil penilaian ulang belum diserahkan.",
            on=date(2025, 9, 2),
            on_behalf_of=letter("004", date(2025, 9, 1), OWNERS),
        ),
        to=CASE,
    ),
    *kept(REAPPRAISAL, "reappraisal", date(2025, 9, 12), AGENCY),
    *kept(DRAINAGE, "drainage", date(2025, 10, 20), DEVELOPER),
    *(
        Send("sekretariat", ReviewSettlement(days=days, finding=finding, on=on), to=CASE)
        for days, on, finding in (
            (30, date(2025, 7, 21), "Penilaian ulang berjalan; belum ada keluhan."),
            (90, date(2025, 9, 18), "Hasil penilaian ulang terlambat dua minggu, lalu diserahkan."),
            (180, date(2025, 12, 17), "Jalan masuk dan saluran air dipakai warga."),
        )
    ),
)
