"""One canonical example of every fact and command of mediation: tests, contract and demo use the same."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from services.mediation.domain.agreement import text_hash
from services.mediation.domain.case import (
    AgreementDrafted,
    AgreementSigned,
    CaseListed,
    ConflictRegistered,
    ConflictResolved,
    DraftAgreement,
    RegisterCase,
    SignAgreement,
)
from services.mediation.domain.terms import (
    Axis,
    Checks,
    Clause,
    Interest,
    NewParty,
    Obligation,
    Party,
    PartyKind,
    PromisedAct,
    RootCause,
    Scope,
    Source,
    Stage,
    StatedInterest,
)

CASE = UUID("00000000-0000-4000-8000-000000000301")
OWNERS = UUID("00000000-0000-4000-8000-000000000311")
AGENCY = UUID("00000000-0000-4000-8000-000000000312")
INTEREST = UUID("00000000-0000-4000-8000-000000000321")
OTHER_INTEREST = UUID("00000000-0000-4000-8000-000000000322")
OBLIGATION = UUID("00000000-0000-4000-8000-000000000331")
PLANNING = UUID("00000000-0000-4000-8000-000000000102")

NUMBER = "MED/32/2025/0001"
TITLE = "Ganti kerugian bidang tanah untuk rumah susun"
CLAIM = "Penilaian ganti kerugian tidak dijelaskan dan jalan masuk ke sisa bidang tanah tertutup."
VILLAGE = "32.04.99.2999"
GROUP_NAME = "Kelompok pemilik 38 bidang tanah"
AGENCY_NAME = "Badan Perencanaan Pembangunan Daerah"
SPOKESPERSON, CONTACT = "Juru bicara kelompok pemilik", "juru.bicara@warga.example"
LETTER = Source(number="003/WARGA/2025", date=date(2025, 5, 20), sender="Kelompok pemilik 38 bidang tanah")

NEW_OWNERS = NewParty(
    kind=PartyKind.AFFECTED,
    name=GROUP_NAME,
    is_complainant=True,
    spokesperson=SPOKESPERSON,
    contact=CONTACT,
)
NEW_AGENCY = NewParty(kind=PartyKind.GOVERNMENT, name=AGENCY_NAME, organisation_id=PLANNING, is_complainant=False)

CLAUSES = (
    Clause(heading="Penilaian ulang", wording="Pemrakarsa menugaskan penilai publik untuk menilai ulang 38 bidang tanah."),
    Clause(heading="Jalan masuk", wording="Pemrakarsa membangun jalan masuk selebar empat meter ke sisa bidang tanah."),
)
NEED, OTHER_NEED = "Nilai ganti kerugian yang dapat dipahami.", "Pembangunan rumah susun dimulai tahun ini."
REASON = "Jadwal pembangunan mengikuti penilaian ulang dan tidak dapat dijanjikan di sini."
PROMISE = PromisedAct(debtor=AGENCY, act="Menyerahkan hasil penilaian ulang kepada para pemilik.", due=date(2025, 8, 29))
CHECKS = Checks(lawful=True, harmless=True, executable=True)
CAUSES = (RootCause.LAND, RootCause.POLICY_GAP)
HASH = text_hash(Scope.FULL, CLAUSES, (PROMISE,))

ALL: tuple[Any, ...] = (
    ConflictRegistered(
        case_id=CASE,
        number=NUMBER,
        title=TITLE,
        parties=(
            Party(party_id=OWNERS, **vars(NEW_OWNERS)),
            Party(party_id=AGENCY, **vars(NEW_AGENCY)),
        ),
        axis=Axis.GOVERNMENT_AFFECTED,
        area_code=VILLAGE,
        claim=CLAIM,
        on=date(2025, 5, 21),
        tracking_code="7KQ2M9XWRP",
        on_behalf_of=LETTER,
    ),
    CaseListed(
        case_id=CASE,
        number=NUMBER,
        axis=Axis.GOVERNMENT_AFFECTED,
        area_code="32.04",
        stage=Stage.REGISTERED,
        on=date(2025, 5, 21),
    ),
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
        on=date(2025, 6, 2),
    ),
    AgreementSigned(case_id=CASE, party_id=OWNERS, text_hash=HASH, on=date(2025, 6, 3)),
    ConflictResolved(
        case_id=CASE,
        number=NUMBER,
        axis=Axis.GOVERNMENT_AFFECTED,
        area_code=VILLAGE,
        scope=Scope.FULL,
        root_causes=CAUSES,
        advised=(PLANNING,),
        on=date(2025, 6, 4),
    ),
    RegisterCase(
        title=TITLE,
        parties=(NEW_OWNERS, NEW_AGENCY),
        area_code=VILLAGE,
        claim=CLAIM,
        on=date(2025, 5, 21),
        on_behalf_of=LETTER,
    ),
    DraftAgreement(
        scope=Scope.FULL,
        clauses=CLAUSES,
        interests=(
            StatedInterest(party_id=OWNERS, need=NEED, clauses=(1, 2)),
            StatedInterest(party_id=AGENCY, need=OTHER_NEED, reason=REASON),
        ),
        obligations=(PROMISE,),
        checks=CHECKS,
        root_causes=CAUSES,
        advised=(PLANNING,),
        on=date(2025, 6, 2),
    ),
    SignAgreement(party_id=OWNERS, text_hash=HASH, on=date(2025, 6, 3)),
)

EXAMPLES: dict[type, Any] = {type(one): one for one in ALL}
