"""Cases at work: something waits for each who takes part, and one concerns the organisation that hosts the secretariat."""

from __future__ import annotations

from services.mediation.demo.others import (
    DEVELOPER,
    OF_THE_STAFF,
    SECRETARIAT,
    accepted,
    agrees,
    appointed,
    group,
    record,
    session,
)
from services.mediation.domain.consenting import SubmitCaseSummary
from services.mediation.domain.mediation_request import AnswerRequest, RequestMediation, TurnIntoCase
from services.mediation.domain.proposing import MakeProposal, RecordInterest
from services.mediation.domain.registering import RegisterCase
from services.mediation.domain.terms import (
    NewParty,
    PartyKind,
    Venue,
)
from shared.ops.steps import PROVINCE, Send, Step, ago, named

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
    *(
        Send(
            SECRETARIAT,
            SubmitCaseSummary(
                party_id=named(f"{ROAD}-{n}"), summary=summary, on=ago(18), on_behalf_of=record(f"RP-{n}", ago(18), OF_THE_STAFF)
            ),
            to=ROAD,
        )
        for n, summary in enumerate(
            ("Brosur menjanjikan jalan dan saluran dalam satu tahun.", "Izin saluran terlambat; biayanya naik dua kali lipat.")
        )
    ),
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
