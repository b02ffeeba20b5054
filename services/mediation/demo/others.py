"""Cases beside the one that is followed: kept, failed, at work, waiting for a mediator, and one that concerns the secretariat."""

from __future__ import annotations

from datetime import date
from typing import Any

from services.mediation.domain.agreeing import DraftAgreement, SignAgreement
from services.mediation.domain.appointing import AppointMediator
from services.mediation.domain.consenting import RecordConsent
from services.mediation.domain.failing import DeclareImpasse
from services.mediation.domain.keeping import RecordPerformance
from services.mediation.domain.mediating import RecordSession, ScheduleSession
from services.mediation.domain.mediation_request import AnswerRequest, RequestMediation, TurnIntoCase
from services.mediation.domain.proposing import MakeProposal, RecordInterest
from services.mediation.domain.registering import RegisterCase
from services.mediation.domain.screening import ScreenCase, ScreeningOutcome
from services.mediation.domain.terms import (
    Attendance,
    Checks,
    Clause,
    Findings,
    ImpasseReason,
    NewParty,
    PartyKind,
    PromisedAct,
    RootCause,
    Scope,
    SessionKind,
    Source,
    StatedInterest,
    Venue,
)
from shared.ops.steps import PROVINCE, Learn, Send, Step, ago, hashed, named

SECRETARIAT, OF_THE_STAFF = "sekretariat", "Sekretariat mediasi"
DEVELOPER = NewParty(kind=PartyKind.PROVIDER, name="PT Pengembang Contoh", is_complainant=False, spokesperson="Direksi")


def group(kind: PartyKind, name: str, spokesperson: str, **more: Any) -> NewParty:
    """A group that complains."""
    return NewParty(kind=kind, name=name, is_complainant=True, spokesperson=spokesperson, **more)


def record(number: str, day: date, sender: str = OF_THE_STAFF) -> Source:
    """A paper of the demo."""
    return Source(number=f"{number}/DEMO", date=day, sender=sender)


def accepted(case: str, command: RegisterCase, screened: date, agreed: date | None, by: str = SECRETARIAT) -> tuple[Step, ...]:
    """A case, registered and accepted by `by`; its parties are called `<case>-<n>`, and have agreed to mediate by a day."""
    names = [(f"{case}-{n}", party.name) for n, party in enumerate(command.parties)]
    found = Findings(in_scope=True)
    return (
        Send(SECRETARIAT, command, makes=case),
        *(Learn(by, "parties", {"case_id": named(case), "name": name}, {named(party): "party_id"}) for party, name in names),
        Send(by, ScreenCase(outcome=ScreeningOutcome.ACCEPT, findings=found, on=screened), to=case),
        *(agrees(case, party, agreed, by) for party, _ in names if agreed),
    )


def agrees(case: str, party: str, on: date, by: str = SECRETARIAT) -> Step:
    """A party agrees to mediate, by a record that is entered for it."""
    return Send(by, RecordConsent(party_id=named(party), on=on, on_behalf_of=record("BA-01", on)), to=case)


def appointed(case: str, on: date) -> Step:
    """The chair appoints the mediator of the university."""
    mediator: dict[str, Any] = {
        "organisation": named("university"),
        "account": str(named("account:mediator")),
        "no_interest": True,
    }
    return Send("ketua", AppointMediator(**mediator, certificate="MED-DEMO-042", on=on), to=case)


def session(case: str, day: date, called: date, note: str, absent: int | None = None) -> tuple[Step, ...]:
    """A joint session of two parties; one may have stayed away without a word."""
    this = f"{case}-session-{day}"
    came = tuple(Attendance(party_id=named(f"{case}-{n}"), present=n != absent) for n in range(2))
    call = ScheduleSession(session_kind=SessionKind.JOINT, day=day, hour="09.30", place="Ruang mediasi", on=called)
    return (
        Send("mediator", call, to=case),
        Learn(SECRETARIAT, "sessions", {"case_id": named(case), "day": day}, {named(this): "session_id"}),
        Send("mediator", RecordSession(session_id=named(this), attendance=came, record=note, on=day), to=case),
    )


# --- settled and kept ---------------------------------------------------------------------------------------------

BUYERS = group(PartyKind.BENEFICIARY, "Paguyuban pembeli 64 rumah", "Pengurus paguyuban")
HANDOVER, KEYS, KEYS_TEXT = "handover", "Menyerahkan kunci 64 rumah beserta jalan dan saluran airnya.", hashed("handover")

KEPT: tuple[Step, ...] = (
    *accepted(
        HANDOVER,
        RegisterCase(
            title="Serah terima rumah terlambat, jalan dan saluran belum ada",
            parties=(BUYERS, DEVELOPER),
            area_code=f"{PROVINCE}.16",
            claim="Rumah yang dicicil belum diserahkan sesudah dua tahun, dan jalan lingkungannya belum dibangun.",
            on=date(2025, 8, 4),
            on_behalf_of=record("011", date(2025, 8, 1), BUYERS.name),
        ),
        date(2025, 8, 6),
        date(2025, 8, 7),
    ),
    appointed(HANDOVER, date(2025, 8, 8)),
    *session(HANDOVER, date(2025, 8, 20), date(2025, 8, 11), "Pengembang menyebut tanggal serah terima; pembeli minta jaminan."),
    Send(
        "mediator",
        DraftAgreement(
            scope=Scope.FULL,
            clauses=(
                Clause(heading="Serah terima", wording="Pengembang menyerahkan kunci beserta jalan dan saluran air."),
                Clause(heading="Denda", wording="Setiap minggu terlambat dibayar denda kepada pembeli."),
            ),
            interests=(
                StatedInterest(party_id=named(f"{HANDOVER}-0"), need="Rumah dapat dihuni tahun ini.", clauses=(1, 2)),
                StatedInterest(party_id=named(f"{HANDOVER}-1"), need="Waktu untuk menyelesaikan jalan.", clauses=(1,)),
            ),
            obligations=(PromisedAct(debtor=named(f"{HANDOVER}-1"), act=KEYS, due=date(2025, 11, 28)),),
            checks=Checks(lawful=True, harmless=True, executable=True),
            root_causes=(RootCause.PERMIT,),
            on=date(2025, 9, 10),
        ),
        to=HANDOVER,
    ),
    Learn(SECRETARIAT, "cases", {"title": "Serah terima rumah terlambat, jalan dan saluran belum ada"}, {KEYS_TEXT: "text_hash"}),
    *(
        Send(
            SECRETARIAT,
            SignAgreement(
                party_id=named(f"{HANDOVER}-{n}"),
                text_hash=KEYS_TEXT,
                on=date(2025, 9, 11),
                on_behalf_of=record("BA-12", date(2025, 9, 11)),
            ),
            to=HANDOVER,
        )
        for n in range(2)
    ),
    Learn(SECRETARIAT, "obligations", {"case_id": named(HANDOVER), "act": KEYS}, {named("keys"): "id"}),
    Send(
        SECRETARIAT,
        RecordPerformance(
            obligation_id=named("keys"), evidence=record("BAST-64", date(2025, 11, 20), DEVELOPER.name), on=date(2025, 11, 20)
        ),
        to=HANDOVER,
    ),
)

# --- without an agreement -----------------------------------------------------------------------------------------

WALL = "wall"
FAILED: tuple[Step, ...] = (
    *accepted(
        WALL,
        RegisterCase(
            title="Tembok pembatas menutup jalan warga",
            parties=(group(PartyKind.AFFECTED, "Warga dua rukun tetangga", "Ketua rukun tetangga"), DEVELOPER),
            area_code=f"{PROVINCE}.76",
            claim="Jalan yang dipakai puluhan tahun tertutup tembok perumahan baru.",
            on=date(2025, 9, 15),
            on_behalf_of=record("021", date(2025, 9, 12), "Warga dua rukun tetangga"),
        ),
        date(2025, 9, 17),
        date(2025, 9, 19),
    ),
    appointed(WALL, date(2025, 9, 22)),
    *session(WALL, date(2025, 10, 1), date(2025, 9, 24), "Salah satu pihak tidak hadir tanpa keterangan.", absent=1),
    *session(WALL, date(2025, 10, 10), date(2025, 10, 2), "Salah satu pihak kembali tidak hadir.", absent=1),
    Send(
        "mediator",
        DeclareImpasse(
            reason=ImpasseReason.ABSENT_TWICE, root_causes=(RootCause.PERMIT,), next_venue=Venue.COURT, on=date(2025, 10, 13)
        ),
        to=WALL,
    ),
)

# --- at work: something waits for each who takes part -------------------------------------------------------------

ROAD, KIOSKS, TENANTS = "road", "kiosks", "tenants"
RESIDENTS = group(
    PartyKind.BENEFICIARY,
    "Kelompok penghuni perumahan contoh",
    "Juru bicara penghuni",
    contact="penghuni@warga.example",
    account=str(named("account:pihak")),
)

AT_WORK: tuple[Step, ...] = (
    Send(
        "pihak",
        RequestMediation(
            what_happened="Jalan lingkungan dan saluran air yang dijanjikan belum dibangun; bila hujan air masuk rumah.",
            against="PT Pengembang Contoh",
            contact="penghuni@warga.example",
            area_code=f"{PROVINCE}.05",
            on=ago(26),
        ),
        makes="asked",
    ),
    *accepted(
        ROAD,
        RegisterCase(
            title="Jalan lingkungan dan saluran air belum dibangun",
            parties=(RESIDENTS, DEVELOPER),
            area_code=f"{PROVINCE}.05",
            claim="Jalan lingkungan dan saluran air yang dijanjikan dalam brosur belum dibangun.",
            request_id=named("asked"),
            on=ago(24),
            on_behalf_of=record("031", ago(25), RESIDENTS.name),
        ),
        ago(22),
        ago(21),
    ),
    Send(SECRETARIAT, TurnIntoCase(case_id=named(ROAD), on=ago(24)), to="asked"),
    appointed(ROAD, ago(20)),
    *session(ROAD, ago(8), ago(19), "Pengembang mengakui janjinya; waktunya belum disepakati."),
    *(
        Send("mediator", RecordInterest(party_id=named(f"{ROAD}-{n}"), need=need, on=ago(8)), to=ROAD)
        for n, need in enumerate(("Rumah tidak tergenang sebelum musim hujan.", "Pembangunan dapat dibiayai bertahap."))
    ),
    Send(
        "mediator",
        MakeProposal(
            by_party=named(f"{ROAD}-1"),
            wording="Saluran air dibangun dalam tiga bulan; jalan lingkungan menyusul dalam enam bulan.",
            on=ago(3),
        ),
        to=ROAD,
    ),
    *accepted(
        KIOSKS,
        RegisterCase(
            title="Kios warga di jalur pelebaran jalan perumahan",
            parties=(
                group(PartyKind.AFFECTED, "Kelompok pemilik 14 kios", "Juru bicara pemilik", account=str(named("account:pihak"))),
                NewParty(
                    kind=PartyKind.GOVERNMENT,
                    name="Dinas Pekerjaan Umum Bidang Bina Marga",
                    organisation_id=named("roads"),
                    is_complainant=False,
                ),
            ),
            area_code=f"{PROVINCE}.73",
            claim="Kios harus dibongkar tanpa tempat pengganti.",
            on=ago(7),
            on_behalf_of=record("041", ago(8), "Kelompok pemilik 14 kios"),
        ),
        ago(5),
        None,
    ),
    agrees(KIOSKS, f"{KIOSKS}-1", ago(4)),
    *accepted(
        TENANTS,
        RegisterCase(
            title="Tarif sewa rumah susun milik provinsi",
            parties=(
                group(PartyKind.BENEFICIARY, "Paguyuban penghuni rumah susun contoh", "Pengurus paguyuban"),
                NewParty(
                    kind=PartyKind.GOVERNMENT,
                    name="Dinas Perumahan dan Permukiman",
                    organisation_id=named("housing"),
                    is_complainant=False,
                ),
            ),
            area_code=f"{PROVINCE}.77",
            claim="Tarif naik tanpa pemberitahuan; pengelolanya adalah dinas yang juga menjadi sekretariat.",
            on=ago(9),
            on_behalf_of=record("051", ago(10), "Paguyuban penghuni rumah susun contoh"),
        ),
        ago(7),
        ago(6),
        by="pengarah",
    ),
    Send(
        SECRETARIAT,
        RegisterCase(
            title="Sumur resapan dan banjir di perumahan contoh",
            parties=(group(PartyKind.AFFECTED, "Warga hilir perumahan contoh", "Juru bicara warga"), DEVELOPER),
            area_code=f"{PROVINCE}.78",
            claim="Air hujan dari perumahan baru menggenangi rumah warga di hilir.",
            on=ago(1),
            on_behalf_of=record("061", ago(2), "Warga hilir perumahan contoh"),
        ),
    ),
    Send(
        "pihak",
        RequestMediation(
            what_happened="Pengelola rumah susun menutup pintu air bersih setiap malam.",
            against="Pengelola rumah susun contoh",
            contact="warga@warga.example",
            area_code=f"{PROVINCE}.73",
            on=ago(2),
        ),
    ),
    Send(
        "pihak",
        RequestMediation(
            what_happened="Permohonan sambungan air tidak dijawab selama sebulan.",
            against="Loket pelayanan air contoh",
            contact="warga@warga.example",
            area_code=f"{PROVINCE}.04",
            on=ago(12),
        ),
        makes="about-a-service",
    ),
    Send(
        SECRETARIAT,
        AnswerRequest(
            answer="Keluhan atas pelayanan disampaikan melalui SP4N-LAPOR!; di sana jawabannya diawasi.",
            venue=Venue.SP4N,
            on=ago(10),
        ),
        to="about-a-service",
    ),
)

OTHERS: tuple[Step, ...] = (*KEPT, *FAILED, *AT_WORK)
