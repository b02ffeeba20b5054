"""One canonical example of every fact and command of advocacy: tests, contract and demo use the same."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from services.advocacy.domain.advocacy import (
    AdvocacyApproved,
    AdvocacyConcluded,
    AdvocacyCorrected,
    AdvocacyLeadAssigned,
    AdvocacyProposalCorrected,
    AdvocacyProposalDismissed,
    AdvocacyProposed,
    AdvocacyRaised,
    AdvocacyReopened,
    AdvocacyReturned,
    AdvocacyWithdrawn,
    EngagementRecorded,
    EvidenceAttached,
    GovernanceAssessed,
    LeadVacated,
    PolicyLinked,
    PositionPublished,
    RecommendationRequested,
    SupporterAdded,
    TargetResponded,
)
from services.advocacy.domain.concluding import ConcludeAdvocacy, ReopenAdvocacy, WithdrawAdvocacy
from services.advocacy.domain.correcting import CorrectAdvocacy
from services.advocacy.domain.judging import CorrectPolicy
from services.advocacy.domain.policy import (
    AssessPolicy,
    BranchChanged,
    EffectivenessReassessed,
    EnforcementMeasureRecorded,
    OverrideBranch,
    PolicyAmended,
    PolicyAssessed,
    PolicyCorrected,
    PolicyEnacted,
    PolicyRegistered,
    PolicyReplaced,
    PolicyRevoked,
    PolicyTextProposed,
    ProposePolicyText,
    ReassessEffectiveness,
    RecordAmendment,
    RecordEnactment,
    RecordEnforcementMeasure,
    RecordReplacement,
    RecordRevocation,
    RegisterPolicy,
)
from services.advocacy.domain.proposing import (
    ApproveAdvocacy,
    DismissProposal,
    ProposeAdvocacy,
    RaiseAdvocacy,
    ResubmitProposal,
    ReturnProposal,
)
from services.advocacy.domain.pursuing import (
    AddSupporter,
    AssessGovernance,
    AssignLead,
    AttachEvidence,
    LinkPolicy,
    PublishPosition,
    RecordEngagement,
    RecordTargetResponse,
    RequestRecommendation,
    VacateLead,
)
from services.advocacy.domain.terms import (
    AdvocacyField,
    Affair,
    Answer,
    Branch,
    BranchCause,
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
    Outcome,
    PolicyField,
    PolicyStatus,
    PositionKind,
    Score,
    Source,
    Target,
    TargetKind,
    Vacancy,
)

ADVOCACY = UUID("00000000-0000-4000-8000-000000000201")
ENGAGEMENT = UUID("00000000-0000-4000-8000-000000000211")
PLANNING = UUID("00000000-0000-4000-8000-000000000102")
HEALTH = UUID("00000000-0000-4000-8000-000000000106")
HOUSING = UUID("00000000-0000-4000-8000-000000000101")
EVIDENCE = UUID("00000000-0000-4000-8000-000000000212")
POSITION = UUID("00000000-0000-4000-8000-000000000213")
ASSESSMENT = UUID("00000000-0000-4000-8000-000000000214")
REQUEST = UUID("00000000-0000-4000-8000-000000000215")
POLICY = UUID("00000000-0000-4000-8000-000000000221")
NEW_POLICY = UUID("00000000-0000-4000-8000-000000000222")
MEASURE = UUID("00000000-0000-4000-8000-000000000223")

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
PAPER = Document(
    title="Kertas posisi pagu perbaikan rumah tidak layak huni",
    number="050/KP/2025",
    date=date(2025, 4, 1),
    issuer="Pokja PKP Provinsi",
    sha256="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    classification=Classification.PUBLIC,
)
SCORE = Score(points=3, note="Data rumah tangga menurut nama dan alamat sudah dipakai.", evidence_ids=(EVIDENCE,))
ANSWER_LETTER = Source(number="900/88/TAPD", date=date(2025, 5, 5), sender="Tim Anggaran Pemerintah Daerah")
NOT_NOW = "Masalah ini sudah dibahas dalam advokasi lain yang berjalan."
ONLY_HALF = "Ruang fiskal hanya cukup untuk separuh kenaikan yang diminta."
QUESTION = "Bagaimana pagu perbaikan rumah dijaga agar tidak berkurang dalam pembahasan berikutnya?"
LEARNT = "Data rumah tangga yang rapi mempercepat kesepakatan pagu."
RULE = "Peraturan penyerahan prasarana, sarana, dan utilitas perumahan"
ABOUT_RULE = "Penyerahan prasarana, sarana, dan utilitas dari pengembang kepada pemerintah daerah"
JUDGED = "Warga tidak dilibatkan dalam penilaian prasarana yang diserahkan."
WORKS = "Daftar pengembang yang belum menyerahkan prasarana berkurang setiap triwulan."
LISTED = "Daftar pengembang yang belum menyerahkan prasarana diumumkan setiap triwulan."

MISTYPED = "Salah ketik saat dicatat; naskahnya berbunyi lain."
RIGHT_TITLE = "Penambahan anggaran perbaikan rumah tidak layak huni tahun anggaran 2026"
RIGHT_RULE = "Peraturan penyerahan prasarana, sarana, dan utilitas perumahan dan permukiman"

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
        on=date(2025, 3, 10),
    ),
    AdvocacyProposalDismissed(advocacy_id=ADVOCACY, reason=NOT_NOW),
    AdvocacyLeadAssigned(advocacy_id=ADVOCACY, lead_id=HOUSING, previous_lead_id=PLANNING),
    LeadVacated(advocacy_id=ADVOCACY, lead_id=PLANNING, reason=Vacancy.SUCCEEDED, successor_id=HOUSING),
    SupporterAdded(advocacy_id=ADVOCACY, member_id=HEALTH),
    PolicyLinked(advocacy_id=ADVOCACY, policy_id=POLICY, branch=Branch.IMPROVE),
    EvidenceAttached(advocacy_id=ADVOCACY, evidence_id=EVIDENCE, document=PAPER),
    PositionPublished(
        advocacy_id=ADVOCACY,
        position_id=POSITION,
        kind=PositionKind.BUDGET_POSITION_PAPER,
        title=PAPER.title,
        document=PAPER,
        respond_by=date(2025, 5, 9),
        on=date(2025, 4, 7),
    ),
    TargetResponded(
        advocacy_id=ADVOCACY,
        answer=Answer.PARTLY,
        reason=ONLY_HALF,
        reference="900/88/TAPD",
        on=date(2025, 5, 5),
        on_behalf_of=ANSWER_LETTER,
    ),
    GovernanceAssessed(
        advocacy_id=ADVOCACY,
        assessment_id=ASSESSMENT,
        final=True,
        pro_poor=SCORE,
        openness=SCORE,
        accountability=SCORE,
        on=date(2025, 6, 2),
    ),
    RecommendationRequested(
        advocacy_id=ADVOCACY,
        request_id=REQUEST,
        number="ADV/32/2025/0001",
        addressees=(PLANNING,),
        question=QUESTION,
        affairs=(Affair.A1, Affair.A3),
        area_codes=AREAS,
        wanted_by=date(2025, 7, 1),
    ),
    AdvocacyConcluded(advocacy_id=ADVOCACY, outcome=Outcome.NOT_ACHIEVED, lessons=LEARNT, on=date(2025, 6, 9)),
    AdvocacyReopened(advocacy_id=ADVOCACY, reason="Anggaran perubahan membuka peluang baru."),
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
    DismissProposal(reason=NOT_NOW),
    AssignLead(lead_id=HOUSING),
    VacateLead(member_id=PLANNING, reason=Vacancy.SUCCEEDED, successor_id=HOUSING),
    AddSupporter(member_id=HEALTH),
    LinkPolicy(policy_id=POLICY),
    AttachEvidence(document=PAPER),
    PublishPosition(
        kind=PositionKind.BUDGET_POSITION_PAPER,
        title=PAPER.title,
        document=PAPER,
        respond_by=date(2025, 5, 9),
        on=date(2025, 4, 7),
    ),
    RecordTargetResponse(
        answer=Answer.PARTLY, reason=ONLY_HALF, reference="900/88/TAPD", on=date(2025, 5, 5), on_behalf_of=ANSWER_LETTER
    ),
    AssessGovernance(final=True, pro_poor=SCORE, openness=SCORE, accountability=SCORE, on=date(2025, 6, 2)),
    RequestRecommendation(addressees=(PLANNING,), question=QUESTION, wanted_by=date(2025, 7, 1)),
    ConcludeAdvocacy(outcome=Outcome.NOT_ACHIEVED, lessons=LEARNT, on=date(2025, 6, 9)),
    ReopenAdvocacy(reason="Anggaran perubahan membuka peluang baru."),
    WithdrawAdvocacy(reason=GIVEN_UP),
    RecordEngagement(
        kind=EngagementKind.AUDIENCE,
        subject=MEETING,
        organisation_ids=(PLANNING,),
        counterpart="Komisi IV DPRD",
        reference="170/12/DPRD",
        on=date(2025, 4, 14),
    ),
    PolicyRegistered(
        policy_id=POLICY,
        title=RULE,
        instrument=Instrument.GOVERNOR_REGULATION,
        level=Level.PROVINCE,
        area_code="32",
        number="12 Tahun 2019",
        status=PolicyStatus.IN_FORCE,
        topic=ABOUT_RULE,
        owner_id=HOUSING,
    ),
    PolicyAssessed(
        policy_id=POLICY,
        assessment_id=ASSESSMENT,
        status=PolicyStatus.IN_FORCE,
        contrary_to_public_interest=False,
        pro_public=False,
        effective=True,
        reasons=JUDGED,
        branch=Branch.IMPROVE,
        on=date(2025, 3, 3),
    ),
    BranchChanged(
        policy_id=POLICY,
        before=Branch.IMPROVE,
        after=Branch.ENFORCE,
        cause=BranchCause.OVERRIDE,
        reason="Perubahan aturan sudah direncanakan; yang mendesak adalah penegakannya.",
        on=date(2025, 3, 10),
    ),
    PolicyTextProposed(
        policy_id=POLICY, text_version=1, document=PAPER, summary="Warga ikut menilai prasarana.", on=date(2025, 4, 7)
    ),
    PolicyEnacted(policy_id=POLICY, number="12 Tahun 2019", document=PAPER, on=date(2025, 5, 5)),
    PolicyAmended(policy_id=POLICY, number="7 Tahun 2025", summary="Warga ikut menilai prasarana.", on=date(2025, 5, 5)),
    PolicyRevoked(policy_id=POLICY, number="8 Tahun 2025", reason="Membebani warga.", on=date(2025, 5, 12)),
    PolicyReplaced(policy_id=POLICY, replaced_by=NEW_POLICY, on=date(2025, 5, 12)),
    EnforcementMeasureRecorded(
        policy_id=POLICY, measure_id=MEASURE, kind=MeasureKind.PUBLISHED_LIST, description=LISTED, on=date(2025, 5, 19)
    ),
    EffectivenessReassessed(policy_id=POLICY, effective=True, reasons=WORKS, on=date(2025, 6, 2)),
    RegisterPolicy(
        title=RULE,
        instrument=Instrument.GOVERNOR_REGULATION,
        level=Level.PROVINCE,
        area_code="32",
        number="12 Tahun 2019",
        status=PolicyStatus.IN_FORCE,
        topic=ABOUT_RULE,
        owner_id=HOUSING,
    ),
    AssessPolicy(contrary_to_public_interest=False, pro_public=False, effective=True, reasons=JUDGED, on=date(2025, 3, 3)),
    OverrideBranch(
        branch=Branch.ENFORCE,
        reason="Perubahan aturan sudah direncanakan; yang mendesak adalah penegakannya.",
        on=date(2025, 3, 10),
    ),
    ProposePolicyText(document=PAPER, summary="Warga ikut menilai prasarana.", on=date(2025, 4, 7)),
    RecordEnactment(number="12 Tahun 2019", document=PAPER, on=date(2025, 5, 5)),
    RecordAmendment(number="7 Tahun 2025", summary="Warga ikut menilai prasarana.", on=date(2025, 5, 5)),
    RecordRevocation(number="8 Tahun 2025", reason="Membebani warga.", on=date(2025, 5, 12)),
    RecordReplacement(replaced_by=NEW_POLICY, on=date(2025, 5, 12)),
    RecordEnforcementMeasure(kind=MeasureKind.PUBLISHED_LIST, description=LISTED, on=date(2025, 5, 19)),
    ReassessEffectiveness(effective=True, reasons=WORKS, on=date(2025, 6, 2)),
    AdvocacyProposalCorrected(advocacy_id=ADVOCACY, field=AdvocacyField.TITLE, old=TITLE, new=RIGHT_TITLE, reason=MISTYPED),
    AdvocacyCorrected(advocacy_id=ADVOCACY, field=AdvocacyField.TITLE, old=TITLE, new=RIGHT_TITLE, reason=MISTYPED),
    CorrectAdvocacy(field=AdvocacyField.TITLE, value=RIGHT_TITLE, reason=MISTYPED),
    PolicyCorrected(policy_id=POLICY, field=PolicyField.TITLE, old=RULE, new=RIGHT_RULE, reason=MISTYPED),
    CorrectPolicy(field=PolicyField.TITLE, value=RIGHT_RULE, reason=MISTYPED),
)

EXAMPLES: dict[type, Any] = {type(one): one for one in ALL}
