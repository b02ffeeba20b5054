"""One canonical example of every fact and command of the forum: tests, contract and demo use the same."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from services.forum.domain.answering import (
    AcknowledgeRecommendation,
    IssueRecommendation,
    MarkAcknowledgementMissed,
    MarkResponseMissed,
    RespondRecommendation,
)
from services.forum.domain.drafting import (
    CommentDraft,
    CorrectRecommendation,
    DisposeComment,
    DraftRecommendation,
    EndorseRecommendation,
    OpenConsultation,
    RatifyEndorsement,
    ReviseRecommendation,
    WithdrawRecommendation,
)
from services.forum.domain.following import (
    MarkReviewDue,
    ReplaceAddressee,
    ReportImplementation,
    ReviewOutcome,
    SupersedeRecommendation,
)
from services.forum.domain.recommendation import (
    AcknowledgementMissed,
    AddresseeReplaced,
    CommentDisposed,
    ConsultationOpened,
    DraftCommented,
    EndorsementRatified,
    ImplementationReported,
    OutcomeReviewed,
    RecommendationAcknowledged,
    RecommendationCorrected,
    RecommendationDrafted,
    RecommendationEndorsed,
    RecommendationIssued,
    RecommendationResponded,
    RecommendationSuperseded,
    RecommendationWithdrawn,
    ResponseMissed,
    ReviewDue,
)
from services.forum.domain.terms import (
    Affair,
    Answer,
    Basis,
    BasisKind,
    Criteria,
    Disposition,
    Need,
    PlannedAction,
    Progress,
    RecommendationField,
    Source,
    Sustainability,
    hash_of,
)

RECOMMENDATION = UUID("00000000-0000-4000-8000-000000000401")
PLANNING = UUID("00000000-0000-4000-8000-000000000102")
FINANCE = UUID("00000000-0000-4000-8000-000000000103")
HEALTH = UUID("00000000-0000-4000-8000-000000000104")
COMMENT = UUID("00000000-0000-4000-8000-000000000411")
SUCCESSOR = UUID("00000000-0000-4000-8000-000000000402")

NUMBER = "REK/32/2025/0001"
DECISION = "Keputusan rapat koordinasi nomor 4 tahun 2025"
RECEIPT = Source(number="650/88/Bappeda", date=date(2025, 6, 11), sender="Bappeda Provinsi")

CONTENT: dict[str, Any] = {
    "issue": "Metode penilaian ganti kerugian diumumkan sebelum musyawarah",
    "basis": (Basis(kind=BasisKind.CASE, ref="MED/32/2025/0001"),),
    "text": "Umumkan metode penilaian ganti kerugian dan selenggarakan konsultasi publik kedua sebelum musyawarah.",
    "addressees": (PLANNING,),
    "affairs": (Affair.A2,),
    "area_codes": ("32.04",),
}
CRITERIA = Criteria(
    sustainability=Sustainability(
        environmental="Lokasi pengganti tidak berada di daerah rawan banjir.",
        social="Pemilik tanah dan calon penghuni ikut dalam konsultasi.",
        financial="Biaya konsultasi masuk dalam rencana kerja tahunan.",
        institutional="Kantor pertanahan dan pemrakarsa memakai pedoman yang sama.",
    ),
    need=Need(indicator="Keberatan atas ganti kerugian", area_code="32.04", target="Turun separuh dalam 12 bulan"),
)

ANSWER: dict[str, Any] = {
    "addressee": PLANNING,
    "answer": Answer.PARTLY,
    "reasons": "Konsultasi kedua baru dapat dianggarkan tahun depan.",
    "actions": (PlannedAction(act="Mengumumkan metode penilaian ganti kerugian.", due=date(2025, 9, 30)),),
    "on": date(2025, 6, 26),
    "on_behalf_of": Source(number="650/97/Bappeda", date=date(2025, 6, 26), sender="Bappeda Provinsi"),
}
REPORT: dict[str, Any] = {
    "addressee": PLANNING,
    "progress": Progress.DONE,
    "report": "Metode penilaian diumumkan di laman dan di kantor desa.",
    "evidence": Source(number="650/201/Bappeda", date=date(2025, 9, 30), sender="Bappeda Provinsi"),
    "on": date(2025, 10, 1),
    "on_behalf_of": Source(number="650/201/Bappeda", date=date(2025, 9, 30), sender="Bappeda Provinsi"),
}
REVIEW: dict[str, Any] = {
    "months": 6,
    "sustained": True,
    "change": "Keberatan atas ganti kerugian turun dari 14 menjadi 6 perkara.",
    "lesson": "Pengumuman metode sebelum musyawarah mencegah sebagian besar keberatan.",
    "on": date(2026, 4, 1),
}
COMMENTED: dict[str, Any] = {
    "organisation": FINANCE,
    "comment": "Sebutkan kapan metode diumumkan, supaya biayanya dapat dianggarkan.",
    "on": date(2025, 6, 3),
    "on_behalf_of": Source(number="900/41/BPKAD", date=date(2025, 6, 3), sender="Badan keuangan daerah"),
}
DISPOSED: dict[str, Any] = {
    "comment_id": COMMENT,
    "disposition": Disposition.PARTLY,
    "reason": "Waktu pengumuman diserahkan kepada penerima dalam tanggapannya.",
}
RATIFICATION = "Keputusan rapat koordinasi nomor 5 tahun 2025"
GIVEN_UP = "Persoalannya sudah selesai sebelum naskah disahkan."
MISTYPED, RIGHT_ISSUE = "Salah ketik saat dicatat.", "Keberatan warga atas penilaian ganti kerugian tanah"
REPLACED = "Digantikan naskah yang menyebut tenggat bagi kantor pertanahan."

ALL: tuple[Any, ...] = (
    RecommendationDrafted(recommendation_id=RECOMMENDATION, **CONTENT),
    ConsultationOpened(recommendation_id=RECOMMENDATION, on=date(2025, 6, 2), closes_on=date(2025, 6, 9)),
    DraftCommented(recommendation_id=RECOMMENDATION, comment_id=COMMENT, **COMMENTED),
    CommentDisposed(recommendation_id=RECOMMENDATION, **DISPOSED),
    RecommendationEndorsed(recommendation_id=RECOMMENDATION, decision=DECISION, steering_consent=None, on=date(2025, 6, 10)),
    EndorsementRatified(recommendation_id=RECOMMENDATION, decision=RATIFICATION, on=date(2025, 6, 10)),
    RecommendationWithdrawn(recommendation_id=RECOMMENDATION, reason=GIVEN_UP, on=date(2025, 6, 10)),
    RecommendationIssued(
        recommendation_id=RECOMMENDATION,
        number=NUMBER,
        **CONTENT,
        criteria=CRITERIA,
        on=date(2025, 6, 10),
        acknowledge_by=date(2025, 6, 13),
        response_due=date(2025, 6, 30),
        document_hash=hash_of({"recommendation_id": RECOMMENDATION, **CONTENT, "criteria": CRITERIA, "on": date(2025, 6, 10)}),
    ),
    RecommendationAcknowledged(recommendation_id=RECOMMENDATION, addressee=PLANNING, on=date(2025, 6, 11), on_behalf_of=RECEIPT),
    AcknowledgementMissed(recommendation_id=RECOMMENDATION, silent=(PLANNING,), due=date(2025, 6, 13)),
    RecommendationResponded(recommendation_id=RECOMMENDATION, late=False, **ANSWER),
    ResponseMissed(recommendation_id=RECOMMENDATION, silent=(PLANNING,), due=date(2025, 6, 30)),
    ImplementationReported(recommendation_id=RECOMMENDATION, **REPORT),
    ReviewDue(recommendation_id=RECOMMENDATION, months=6, due=date(2026, 4, 1)),
    OutcomeReviewed(recommendation_id=RECOMMENDATION, **REVIEW),
    AddresseeReplaced(recommendation_id=RECOMMENDATION, addressee=PLANNING, successor=HEALTH, on=date(2025, 6, 12)),
    RecommendationSuperseded(
        recommendation_id=RECOMMENDATION, by=SUCCESSOR, by_number="REK/32/2025/0002", reason=REPLACED, on=date(2025, 6, 12)
    ),
    DraftRecommendation(**CONTENT),
    ReviseRecommendation(**CONTENT),
    OpenConsultation(on=date(2025, 6, 2)),
    CommentDraft(**COMMENTED),
    DisposeComment(**DISPOSED),
    EndorseRecommendation(decision=DECISION, on=date(2025, 6, 10)),
    RatifyEndorsement(decision=RATIFICATION, on=date(2025, 6, 10)),
    WithdrawRecommendation(reason=GIVEN_UP, on=date(2025, 6, 10)),
    IssueRecommendation(criteria=CRITERIA, on=date(2025, 6, 10)),
    AcknowledgeRecommendation(addressee=PLANNING, on=date(2025, 6, 11), on_behalf_of=RECEIPT),
    MarkAcknowledgementMissed(),
    RespondRecommendation(**ANSWER),
    MarkResponseMissed(),
    ReportImplementation(**REPORT),
    MarkReviewDue(months=6),
    ReviewOutcome(**REVIEW),
    ReplaceAddressee(addressee=PLANNING, successor=HEALTH, on=date(2025, 6, 12)),
    SupersedeRecommendation(by=SUCCESSOR, reason=REPLACED, on=date(2025, 6, 12)),
    RecommendationCorrected(
        recommendation_id=RECOMMENDATION, field=RecommendationField.ISSUE, old=CONTENT["issue"], new=RIGHT_ISSUE, reason=MISTYPED
    ),
    CorrectRecommendation(field=RecommendationField.ISSUE, value=RIGHT_ISSUE, reason=MISTYPED),
)

EXAMPLES: dict[type, Any] = {type(one): one for one in ALL}
