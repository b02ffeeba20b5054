"""One canonical example of every fact and command of advocacy: tests, contract and demo use the same."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from services.advocacy.domain.advocacy import (
    AdvocacyApproved,
    AdvocacyProposed,
    AdvocacyRaised,
    AdvocacyReturned,
    AdvocacyWithdrawn,
    ApproveAdvocacy,
    EngagementRecorded,
    ProposeAdvocacy,
    RaiseAdvocacy,
    RecordEngagement,
    ResubmitProposal,
    ReturnProposal,
    WithdrawAdvocacy,
)
from services.advocacy.domain.terms import (
    Affair,
    BudgetBlock,
    EngagementKind,
    Kind,
    Origin,
    OriginKind,
    Source,
    Target,
    TargetKind,
)

ADVOCACY = UUID("00000000-0000-4000-8000-000000000201")
ENGAGEMENT = UUID("00000000-0000-4000-8000-000000000211")
PLANNING = UUID("00000000-0000-4000-8000-000000000102")
HEALTH = UUID("00000000-0000-4000-8000-000000000106")

TITLE = "Penambahan anggaran perbaikan rumah tidak layak huni tahun 2026"
ISSUE = "Pagu perbaikan rumah tidak layak huni tidak sebanding dengan jumlah rumah tangga berpenghasilan rendah."
AREAS = ("32.03", "32.05")
LETTER = Source(number="005/44/Dinkes", date=date(2025, 3, 3), sender="Dinas Kesehatan", organisation_id=HEALTH)
TARGET = Target(kind=TargetKind.BUDGET_TEAM, name="Tim Anggaran Pemerintah Daerah")
LAW = "UU 1/2011 pasal 54; UU 23/2014"
BUDGET = BudgetBlock(
    fiscal_year=2026,
    programme="1.04.02",
    beneficiaries=9000,
    baseline=120_000_000_000,
    ask=180_000_000_000,
    mbr_share=100,
)
CHANGE = "Jelaskan jumlah rumah tangga penerima di setiap kabupaten."
GIVEN_UP = "Pagu telah ditetapkan sesuai dengan yang diminta sebelum pembahasan."
MEETING = "Audiensi mengenai pagu perbaikan rumah tidak layak huni"

ALL: tuple[Any, ...] = (
    AdvocacyProposed(
        advocacy_id=ADVOCACY,
        title=TITLE,
        kind=Kind.BUDGET,
        issue=ISSUE,
        origin=Origin(kind=OriginKind.MEETING, ref="Rapat pleno 2025-02"),
        area_codes=AREAS,
        proposed_by=HEALTH,
        on_behalf_of=LETTER,
    ),
    AdvocacyApproved(advocacy_id=ADVOCACY),
    AdvocacyReturned(advocacy_id=ADVOCACY, change=CHANGE),
    AdvocacyRaised(
        advocacy_id=ADVOCACY,
        number="ADV/32/2025/0001",
        title=TITLE,
        kind=Kind.BUDGET,
        lead_id=PLANNING,
        target=TARGET,
        legal_basis=LAW,
        affairs=(Affair.A1, Affair.A3),
        area_codes=AREAS,
        budget=BUDGET,
    ),
    AdvocacyWithdrawn(advocacy_id=ADVOCACY, reason=GIVEN_UP),
    EngagementRecorded(
        advocacy_id=ADVOCACY,
        engagement_id=ENGAGEMENT,
        kind=EngagementKind.AUDIENCE,
        subject=MEETING,
        organisation_ids=(PLANNING,),
        counterpart="Komisi IV DPRD",
        reference="170/12/DPRD",
        on=date(2025, 4, 14),
    ),
    ProposeAdvocacy(
        title=TITLE,
        kind=Kind.BUDGET,
        issue=ISSUE,
        origin=Origin(kind=OriginKind.MEETING, ref="Rapat pleno 2025-02"),
        area_codes=AREAS,
        on_behalf_of=LETTER,
    ),
    ResubmitProposal(title=TITLE, issue=ISSUE, area_codes=AREAS, on_behalf_of=LETTER),
    ApproveAdvocacy(),
    ReturnProposal(change=CHANGE),
    RaiseAdvocacy(lead_id=PLANNING, target=TARGET, legal_basis=LAW, affairs=(Affair.A1, Affair.A3), budget=BUDGET),
    WithdrawAdvocacy(reason=GIVEN_UP),
    RecordEngagement(
        kind=EngagementKind.AUDIENCE,
        subject=MEETING,
        organisation_ids=(PLANNING,),
        counterpart="Komisi IV DPRD",
        reference="170/12/DPRD",
        on=date(2025, 4, 14),
    ),
)

EXAMPLES: dict[type, Any] = {type(one): one for one in ALL}
