"""One canonical example of every fact and command of the forum: tests, contract and demo use the same."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from services.forum.domain.recommendation import (
    AcknowledgementMissed,
    AcknowledgeRecommendation,
    DraftRecommendation,
    EndorseRecommendation,
    IssueRecommendation,
    MarkAcknowledgementMissed,
    OutcomeReviewed,
    RecommendationAcknowledged,
    RecommendationDrafted,
    RecommendationEndorsed,
    RecommendationIssued,
    RecommendationResponded,
    ReviseRecommendation,
)
from services.forum.domain.terms import (
    Affair,
    Answer,
    Basis,
    BasisKind,
    Criteria,
    Need,
    PlannedAction,
    Source,
    Sustainability,
    hash_of,
)

RECOMMENDATION = UUID("00000000-0000-4000-8000-000000000401")
PLANNING = UUID("00000000-0000-4000-8000-000000000102")

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
REVIEW: dict[str, Any] = {
    "months": 6,
    "sustained": True,
    "change": "Keberatan atas ganti kerugian turun dari 14 menjadi 6 perkara.",
    "lesson": "Pengumuman metode sebelum musyawarah mencegah sebagian besar keberatan.",
    "on": date(2026, 4, 1),
}

ALL: tuple[Any, ...] = (
    RecommendationDrafted(recommendation_id=RECOMMENDATION, **CONTENT),
    RecommendationEndorsed(recommendation_id=RECOMMENDATION, decision=DECISION, steering_consent=None, on=date(2025, 6, 9)),
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
    RecommendationResponded(recommendation_id=RECOMMENDATION, late=False, **ANSWER),
    OutcomeReviewed(recommendation_id=RECOMMENDATION, **REVIEW),
    AcknowledgementMissed(recommendation_id=RECOMMENDATION, silent=(PLANNING,), due=date(2025, 6, 13)),
    DraftRecommendation(**CONTENT),
    ReviseRecommendation(**CONTENT),
    EndorseRecommendation(decision=DECISION, on=date(2025, 6, 9)),
    IssueRecommendation(criteria=CRITERIA),
    AcknowledgeRecommendation(addressee=PLANNING, on=date(2025, 6, 11), on_behalf_of=RECEIPT),
    MarkAcknowledgementMissed(),
)

EXAMPLES: dict[type, Any] = {type(one): one for one in ALL}
