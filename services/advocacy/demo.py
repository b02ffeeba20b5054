"""The demo of advocacy: one advocacy raised with the budget team, one that waits for the chair."""

from __future__ import annotations

from datetime import date

from services.advocacy.domain.proposing import ApproveAdvocacy, ProposeAdvocacy, RaiseAdvocacy
from services.advocacy.domain.terms import Affair, BudgetBlock, Kind, Origin, OriginKind, Source, Target, TargetKind
from shared.ops.steps import PROVINCE, Send, Step, named

AFTER: tuple[str, ...] = ("membership",)

STEPS: tuple[Step, ...] = (
    Send(
        "sekretariat",
        ProposeAdvocacy(
            title="Penambahan anggaran perbaikan rumah tidak layak huni",
            kind=Kind.BUDGET,
            issue="Pagu perbaikan rumah tidak layak huni tidak sebanding dengan jumlah rumah tangga berpenghasilan rendah.",
            origin=Origin(kind=OriginKind.MEETING, ref="Rapat pleno 2025-02"),
            area_codes=(f"{PROVINCE}.03", f"{PROVINCE}.05"),
            on_behalf_of=Source(
                number="005/44/DEMO", date=date(2025, 3, 3), sender="Dinas Kesehatan", organisation_id=named("health")
            ),
        ),
        makes="repairs",
    ),
    Send("ketua", ApproveAdvocacy(), to="repairs"),
    Send(
        "sekretariat",
        RaiseAdvocacy(
            lead_id=named("housing"),
            target=Target(kind=TargetKind.BUDGET_TEAM, name="Tim Anggaran Pemerintah Daerah"),
            legal_basis="UU 1/2011 pasal 54; UU 23/2014",
            affairs=(Affair.A1, Affair.A3),
            budget=BudgetBlock(
                fiscal_year=2027,
                programme="1.04.02",
                beneficiaries=9000,
                baseline=120_000_000_000,
                ask=180_000_000_000,
                mbr_share=100,
            ),
        ),
        to="repairs",
    ),
    Send(
        "sekretariat",
        ProposeAdvocacy(
            title="Pedoman sewa beli rumah bagi pekerja informal",
            kind=Kind.POLICY,
            issue="Pekerja informal tidak dapat memenuhi syarat kredit pemilikan rumah, dan belum ada pedoman sewa beli.",
            origin=Origin(kind=OriginKind.ASPIRATION, ref="Forum aspirasi 2025-04"),
            area_codes=(PROVINCE,),
        ),
        makes="rent-to-own",
    ),
)
