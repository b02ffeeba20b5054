"""The demo of advocacy: one for a budget, one along each branch of policy, one for care, and proposals that wait."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

from services.advocacy.domain.policy import AssessPolicy, ProposePolicyText, RecordEnforcementMeasure, RegisterPolicy
from services.advocacy.domain.proposing import ApproveAdvocacy, ProposeAdvocacy, RaiseAdvocacy, ReturnProposal
from services.advocacy.domain.pursuing import (
    AddSupporter,
    AssessGovernance,
    AttachEvidence,
    PublishPosition,
    RecordEngagement,
    RecordTargetResponse,
)
from services.advocacy.domain.terms import (
    Affair,
    Answer,
    AwarenessBlock,
    BudgetBlock,
    Classification,
    Document,
    EngagementKind,
    Instrument,
    Kind,
    Level,
    MeasureKind,
    Origin,
    OriginKind,
    PolicyStatus,
    PositionKind,
    Score,
    Source,
    Target,
    TargetKind,
)
from shared.ops.steps import PROVINCE, Learn, Send, Step, ago, ahead, named

AFTER: tuple[str, ...] = ("membership",)

STORY: tuple[Step, ...] = (
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


def document(title: str, issuer: str, day: date) -> Document:
    """A public paper of the demo; its hash is that of its title, since there is no file."""
    made_of = hashlib.sha256(title.encode()).hexdigest()
    return Document(title=title, date=day, issuer=issuer, sha256=made_of, classification=Classification.PUBLIC)


def proposed(name: str, title: str, kind: Kind, issue: str, areas: tuple[str, ...], by: str = "sekretariat") -> Step:
    """A proposal that grew from the work of the group itself."""
    origin = Origin(kind=OriginKind.OWN)
    return Send(by, ProposeAdvocacy(title=title, kind=kind, issue=issue, origin=origin, area_codes=areas), makes=name)


def raised(name: str, lead: str, target: Target, basis: str, affairs: tuple[Affair, ...], **block: Any) -> tuple[Step, ...]:
    """What the chair approves and the secretariat raises with its target."""
    wish = RaiseAdvocacy(lead_id=named(lead), target=target, legal_basis=basis, affairs=affairs, **block)
    return Send("ketua", ApproveAdvocacy(), to=name), Send("sekretariat", wish, to=name)


# --- a budget: it is answered in part, and its proof grows --------------------------------------------------------

BACKLOG = "Daftar rumah tidak layak huni menurut kabupaten"
PAPER = "Kertas posisi anggaran perbaikan rumah tidak layak huni"

FOR_A_BUDGET: tuple[Step, ...] = (
    Send("sekretariat", AttachEvidence(document=document(BACKLOG, "Dinas Perumahan dan Permukiman", ago(40))), to="repairs"),
    Learn("sekretariat", "evidence", {"title": BACKLOG}, {named("evidence"): "evidence_id"}),
    Send("mitra", AddSupporter(member_id=named("housing-rights")), to="repairs"),
    Send(
        "sekretariat",
        PublishPosition(
            kind=PositionKind.BUDGET_POSITION_PAPER,
            title=PAPER,
            document=document(PAPER, "Pokja PKP", ago(2)),
            respond_by=ahead(14),
        ),
        to="repairs",
    ),
    Send(
        "sekretariat",
        RecordEngagement(
            kind=EngagementKind.AUDIENCE,
            subject="Audiensi tentang pagu perbaikan rumah",
            organisation_ids=(named("finance"), named("planning")),
            counterpart="Tim Anggaran Pemerintah Daerah",
        ),
        to="repairs",
    ),
    Send(
        "sekretariat",
        AssessGovernance(
            pro_poor=Score(
                points=3, note="Seluruh usulan untuk rumah tangga berpenghasilan rendah.", evidence_ids=(named("evidence"),)
            ),
            openness=Score(points=2, note="Kertas posisi terbit; rincian pagu belum.", evidence_ids=()),
            accountability=Score(points=3, note="", evidence_ids=()),
        ),
        to="repairs",
    ),
)

# --- policies: the four answers lead to four branches -------------------------------------------------------------

PROVINCE_LAW, GOVERNOR = "UU 1/2011; Permen PUPR 12/2020", Target(kind=TargetKind.GOVERNOR, name="Gubernur")
COUNCIL = Target(kind=TargetKind.COUNCIL, name="Dewan Perwakilan Rakyat Daerah Provinsi")


def policy(name: str, title: str, instrument: Instrument, status: PolicyStatus, topic: str, **more: Any) -> Step:
    """An entry of the inventory."""
    told: dict[str, Any] = {"title": title, "instrument": instrument, "level": Level.PROVINCE, "status": status, "topic": topic}
    return Send("sekretariat", RegisterPolicy(**told, **more), makes=name)


def assessed(name: str, reasons: str, **answers: bool) -> Step:
    """The answers about a policy; what is not said is answered with no."""
    given: dict[str, Any] = {"contrary_to_public_interest": False, "pro_public": False, "effective": False, **answers}
    return Send("sekretariat", AssessPolicy(**given, reasons=reasons), to=name)


CREATE: tuple[Step, ...] = (
    policy("no-guideline", "Pedoman sewa beli rumah", Instrument.GUIDELINE, PolicyStatus.NONE, "Sewa beli bagi pekerja informal"),
    assessed("no-guideline", "Belum ada pedoman; pekerja informal tidak memenuhi syarat kredit pemilikan rumah."),
    *raised("rent-to-own", "housing-rights", GOVERNOR, PROVINCE_LAW, (Affair.A1, Affair.A2), policy_id=named("no-guideline")),
)
IMPROVE: tuple[Step, ...] = (
    policy(
        "handover-draft",
        "Rancangan peraturan penyerahan prasarana, sarana, dan utilitas",
        Instrument.REGIONAL_REGULATION,
        PolicyStatus.DRAFT,
        "Penyerahan prasarana perumahan kepada pemerintah daerah",
        owner_id=named("housing"),
    ),
    assessed("handover-draft", "Rancangan belum memberi penghuni suara dalam penyerahan prasarana."),
    proposed(
        "handover",
        "Suara penghuni dalam penyerahan prasarana",
        Kind.POLICY,
        "Rancangan peraturan mengatur penyerahan antara pengembang dan pemerintah tanpa penghuni.",
        (PROVINCE,),
    ),
    *raised("handover", "university", COUNCIL, PROVINCE_LAW, (Affair.A1, Affair.A4), policy_id=named("handover-draft")),
    Send(
        "sekretariat",
        ProposePolicyText(
            document=document("Usulan pasal tentang suara penghuni", "Pokja PKP", ago(1)),
            summary="Penghuni ikut memeriksa prasarana sebelum diserahkan.",
        ),
        to="handover-draft",
    ),
)
ENFORCE: tuple[Step, ...] = (
    policy(
        "balanced",
        "Peraturan daerah tentang hunian berimbang",
        Instrument.REGIONAL_REGULATION,
        PolicyStatus.IN_FORCE,
        "Hunian berimbang",
        number="Perda Contoh 7/2019",
        owner_id=named("housing"),
    ),
    assessed("balanced", "Aturannya berpihak, tetapi sebagian besar pengembang belum memenuhinya.", pro_public=True),
    proposed(
        "balanced-housing",
        "Penegakan hunian berimbang",
        Kind.POLICY,
        "Aturan hunian berimbang berlaku enam tahun, namun pelaksanaannya tidak diawasi.",
        (PROVINCE,),
    ),
    *raised("balanced-housing", "housing", GOVERNOR, PROVINCE_LAW, (Affair.A1,), policy_id=named("balanced")),
    *(
        Send("sekretariat", RecordEnforcementMeasure(kind=kind, description=told), to="balanced")
        for kind, told in (
            (MeasureKind.CIRCULAR, "Surat edaran kepada seluruh kabupaten dan kota."),
            (MeasureKind.INSPECTION, "Pemeriksaan bersama di dua belas lokasi."),
            (MeasureKind.PUBLISHED_LIST, "Daftar triwulanan pemenuhan hunian berimbang diumumkan."),
        )
    ),
)
REVOKE_REPLACE: tuple[Step, ...] = (
    policy(
        "hydrant",
        "Keputusan tentang iuran perbaikan hidran warga",
        Instrument.DECREE,
        PolicyStatus.IN_FORCE,
        "Iuran hidran",
        number="000/Kep.DEMO-HIDRAN/2023",
    ),
    assessed("hydrant", "Membebankan kewajiban pemerintah kepada warga.", contrary_to_public_interest=True),
    proposed(
        "hydrant-fee",
        "Pencabutan iuran hidran warga",
        Kind.POLICY,
        "Warga menanggung perbaikan hidran yang menjadi kewajiban pemerintah.",
        (f"{PROVINCE}.73",),
    ),
    *raised("hydrant-fee", "housing-rights", GOVERNOR, PROVINCE_LAW, (Affair.A5,), policy_id=named("hydrant")),
)

# --- care, and what waits for somebody ----------------------------------------------------------------------------

RIVER = AwarenessBlock(
    theme="Sungai bukan tempat sampah", target_groups="Warga bantaran dan sekolah", channels="Pertemuan warga, mural, radio"
)
AWARENESS: tuple[Step, ...] = (
    proposed(
        "river",
        "Sungai bukan tempat sampah",
        Kind.AWARENESS,
        "Sampah rumah tangga masuk ke sungai dan menggenangi permukiman di bantarannya.",
        (f"{PROVINCE}.77", f"{PROVINCE}.73"),
    ),
    *raised(
        "river",
        "environment",
        Target(kind=TargetKind.COMMUNITY, name="Warga bantaran sungai"),
        PROVINCE_LAW,
        (Affair.A5,),
        awareness=RIVER,
    ),
)
WAITING: tuple[Step, ...] = (
    proposed(
        "clean-water",
        "Air bersih bagi penghuni rumah susun",
        Kind.BUDGET,
        "Penghuni rumah susun membayar air lebih mahal daripada pelanggan rumah tapak.",
        (f"{PROVINCE}.73",),
        by="anggota",
    ),
    proposed(
        "wage-saving",
        "Tabungan perumahan pekerja harian",
        Kind.POLICY,
        "Pekerja harian tidak tercakup dalam tabungan perumahan yang ada.",
        (PROVINCE,),
        by="mitra",
    ),
    Send("ketua", ReturnProposal(change="Sebutkan berapa pekerja yang dimaksud, dan dari data siapa."), to="wage-saving"),
    Send(
        "sekretariat",
        PublishPosition(
            kind=PositionKind.POLICY_BRIEF,
            title="Ringkasan kebijakan sewa beli",
            document=document("Ringkasan kebijakan sewa beli", "Pokja PKP", ago(1)),
        ),
        to="rent-to-own",
    ),
    Send(
        "sekretariat",
        RecordTargetResponse(
            answer=Answer.PARTLY,
            reason="Pedoman disiapkan untuk tiga kota lebih dahulu.",
            on_behalf_of=Source(number="650/12/DEMO", date=ago(0), sender="Gubernur"),
        ),
        to="rent-to-own",
    ),
)

STEPS: tuple[Step, ...] = (
    *STORY,
    *FOR_A_BUDGET,
    *CREATE,
    *IMPROVE,
    *ENFORCE,
    *REVOKE_REPLACE,
    *AWARENESS,
    *WAITING,
)
