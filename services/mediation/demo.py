"""The demo of mediation: a case over land for flats, from the letter of the owners to a settlement; all names are made up."""

from __future__ import annotations

from datetime import date

from services.mediation.domain.agreeing import DraftAgreement, SignAgreement
from services.mediation.domain.appointing import AppointMediator
from services.mediation.domain.consenting import RecordConsent, SubmitCaseSummary
from services.mediation.domain.land import AttachLandAcquisition
from services.mediation.domain.mediating import RecordSession, ScheduleSession
from services.mediation.domain.proposing import AnswerProposal, MakeProposal, RecordInterest
from services.mediation.domain.registering import RegisterCase
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

AFTER: tuple[str, ...] = ("membership",)
OWNERS, AGENCY = "Kelompok pemilik 38 bidang tanah", "Kantor Wilayah Pertanahan"
PLACE = "Ruang rapat Dinas Perumahan dan Permukiman"
CASE, TEXT = "flats", hashed("agreement")
BOTH = ("owners", "agency")
CAME = tuple(Attendance(party_id=named(party), present=True) for party in BOTH)


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
            ),
            area_code=f"{PROVINCE}.04.99.2999",
            claim="Penilaian ganti kerugian tidak dijelaskan dan jalan masuk ke sisa bidang tanah tertutup.",
            on=date(2025, 5, 21),
            on_behalf_of=COMPLAINT,
        ),
        makes=CASE,
    ),
    Learn("sekretariat", "parties", {"case_id": named(CASE), "name": OWNERS}, {named("owners"): "party_id"}),
    Learn("sekretariat", "parties", {"case_id": named(CASE), "name": AGENCY}, {named("agency"): "party_id"}),
    Send(
        "sekretariat",
        ScreenCase(outcome=ScreeningOutcome.ACCEPT, findings=Findings(in_scope=True), on=date(2025, 5, 23)),
        to=CASE,
    ),
    *(
        Send("sekretariat", RecordConsent(party_id=named(party), on=date(2025, 5, 26), on_behalf_of=CONSENTS), to=CASE)
        for party in BOTH
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


def session(kind: SessionKind, day: date, called: date, note: str | None) -> tuple[Step, ...]:
    """A session, called and held."""
    alone = named("owners") if kind is SessionKind.CAUCUS else None
    call = ScheduleSession(session_kind=kind, caucus_with=alone, day=day, hour="09.30", place=PLACE, on=called)
    this = f"session-{day}"
    came = CAME if alone is None else CAME[:1]
    return (
        Send("mediator", call, to=CASE),
        Learn("sekretariat", "sessions", {"case_id": named(CASE), "day": day}, {named(this): "session_id"}),
        Send("mediator", RecordSession(session_id=named(this), attendance=came, record=note, on=day), to=CASE),
    )


MEDIATION: tuple[Step, ...] = (
    *session(SessionKind.JOINT, date(2025, 6, 4), date(2025, 5, 28), "Para pihak menjelaskan kedudukan masing-masing."),
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
    *session(SessionKind.CAUCUS, date(2025, 6, 12), date(2025, 6, 5), None),
    *session(SessionKind.JOINT, date(2025, 6, 17), date(2025, 6, 11), "Penilaian ulang disepakati sebagai jalan tengah."),
    Send(
        "mediator",
        MakeProposal(
            by_party=named("agency"), wording="Penilaian ulang dengan jalan masuk sementara sejak awal.", on=date(2025, 6, 17)
        ),
        to=CASE,
    ),
    Send("mediator", AnswerProposal(proposal=1, party_id=named("owners"), accepted=True, on=date(2025, 6, 17)), to=CASE),
)

AGREEMENT: tuple[Step, ...] = (
    Send(
        "mediator",
        DraftAgreement(
            scope=Scope.FULL,
            clauses=(
                Clause(
                    heading="Penilaian ulang", wording="Pemrakarsa menugaskan penilai publik untuk menilai ulang 38 bidang tanah."
                ),
                Clause(
                    heading="Jalan masuk", wording="Pemrakarsa membangun jalan masuk selebar empat meter ke sisa bidang tanah."
                ),
            ),
            interests=(
                StatedInterest(interest_id=named("value"), clauses=(1, 2)),
                StatedInterest(
                    party_id=named("agency"),
                    need="Pembangunan rumah susun dimulai tahun ini.",
                    reason="Jadwal pembangunan mengikuti penilaian ulang dan tidak dapat dijanjikan di sini.",
                ),
            ),
            obligations=(
                PromisedAct(
                    debtor=named("agency"),
                    act="Menyerahkan hasil penilaian ulang kepada para pemilik.",
                    due=date(2025, 8, 29),
                ),
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
        for party in BOTH
    ),
)

STEPS: tuple[Step, ...] = (*BEGINNING, *MEDIATION, *AGREEMENT)
