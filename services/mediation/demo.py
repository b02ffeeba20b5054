"""The demo of mediation: a case over land for flats, registered and settled; firm, village and project are made up."""

from __future__ import annotations

from datetime import date

from services.mediation.domain.case import DraftAgreement, RegisterCase, SignAgreement
from services.mediation.domain.terms import (
    Checks,
    Clause,
    NewParty,
    PartyKind,
    PromisedAct,
    RootCause,
    Scope,
    Source,
    StatedInterest,
)
from shared.ops.steps import PROVINCE, Learn, Send, Step, hashed, named

AFTER: tuple[str, ...] = ("membership",)
OWNERS, AGENCY = "Kelompok pemilik 38 bidang tanah", "Kantor Wilayah Pertanahan"
LETTER = Source(number="003/DEMO/2025", date=date(2025, 5, 20), sender=OWNERS)
RECORD = Source(number="BA-07/DEMO/2025", date=date(2025, 6, 4), sender="Sekretariat mediasi")
CASE, TEXT = "flats", hashed("agreement")

STEPS: tuple[Step, ...] = (
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
                ),
                NewParty(kind=PartyKind.GOVERNMENT, name=AGENCY, organisation_id=named("land"), is_complainant=False),
            ),
            area_code=f"{PROVINCE}.04.99.2999",
            claim="Penilaian ganti kerugian tidak dijelaskan dan jalan masuk ke sisa bidang tanah tertutup.",
            on=date(2025, 5, 21),
            on_behalf_of=LETTER,
        ),
        makes=CASE,
    ),
    Learn("sekretariat", "parties", {"case_id": named(CASE), "name": OWNERS}, {named("owners"): "party_id"}),
    Learn("sekretariat", "parties", {"case_id": named(CASE), "name": AGENCY}, {named("agency"): "party_id"}),
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
                StatedInterest(party_id=named("owners"), need="Nilai ganti kerugian yang dapat dipahami.", clauses=(1, 2)),
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
            on=date(2025, 6, 2),
        ),
        to=CASE,
    ),
    Learn(
        "mediator",
        "cases",
        {"title": "Ganti kerugian bidang tanah untuk rumah susun"},
        {TEXT: "text_hash", "{case number}": "number"},
    ),
    *(
        Send(
            "sekretariat", SignAgreement(party_id=named(party), text_hash=TEXT, on=date(2025, 6, 4), on_behalf_of=RECORD), to=CASE
        )
        for party in ("owners", "agency")
    ),
)
