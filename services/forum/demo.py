"""The demo of the forum: what it drafted of itself after the settled case goes its whole way until it is carried out."""

from __future__ import annotations

from datetime import date

from services.forum.domain.answering import AcknowledgeRecommendation, IssueRecommendation, RespondRecommendation
from services.forum.domain.drafting import CommentDraft, DisposeComment, EndorseRecommendation, OpenConsultation
from services.forum.domain.following import ReportImplementation
from services.forum.domain.terms import (
    Answer,
    Criteria,
    Disposition,
    Need,
    PlannedAction,
    Progress,
    Source,
    Sustainability,
)
from shared.ops.steps import PROVINCE, Learn, Send, Step, named

AFTER: tuple[str, ...] = ("mediation",)
RECOMMENDATION, COMMENT = "recommendation", "comment"
LAND, PLANNING = named("land"), named("planning")


def letter(number: str, day: date, sender: str) -> Source:
    """A letter of the demo."""
    return Source(number=f"{number}/DEMO/2025", date=day, sender=sender)


OF_HEALTH = letter("440/18", date(2025, 6, 25), "Dinas Kesehatan")
OF_LAND = letter("600/41", date(2025, 7, 7), "Kantor Wilayah Pertanahan")
OF_PLANNING = letter("650/88", date(2025, 7, 8), "Badan Perencanaan Pembangunan Daerah")
ANSWER_OF_LAND = letter("600/52", date(2025, 7, 15), "Kantor Wilayah Pertanahan")
ANSWER_OF_PLANNING = letter("650/97", date(2025, 7, 21), "Badan Perencanaan Pembangunan Daerah")
REPORT_OF_LAND = letter("600/90", date(2025, 10, 1), "Kantor Wilayah Pertanahan")

CRITERIA = Criteria(
    sustainability=Sustainability(
        environmental="Lokasi pengganti tidak berada di daerah rawan banjir.",
        social="Pemilik tanah dan calon penghuni ikut dalam konsultasi.",
        financial="Biaya konsultasi masuk dalam rencana kerja tahunan.",
        institutional="Kantor pertanahan dan pemrakarsa memakai pedoman yang sama.",
    ),
    need=Need(indicator="Keberatan atas ganti kerugian", area_code=f"{PROVINCE}.04", target="Turun separuh dalam 12 bulan"),
)

STEPS: tuple[Step, ...] = (
    Learn(
        "sekretariat",
        "recommendations",
        {"issue": "Tindak lanjut penyelesaian perkara {case number}"},
        {named(RECOMMENDATION): "id"},
    ),
    Send("sekretariat", OpenConsultation(on=date(2025, 6, 23)), to=RECOMMENDATION),
    Send(
        "sekretariat",
        CommentDraft(
            organisation=named("health"),
            comment="Sebutkan bahwa lokasi pengganti harus memenuhi syarat kesehatan lingkungan.",
            on=date(2025, 6, 25),
            on_behalf_of=OF_HEALTH,
        ),
        to=RECOMMENDATION,
    ),
    Learn("sekretariat", "comments", {"organisation": named("health")}, {named(COMMENT): "comment_id"}),
    Send(
        "sekretariat",
        DisposeComment(
            comment_id=named(COMMENT),
            disposition=Disposition.PARTLY,
            reason="Masuk dalam ukuran keberhasilan lingkungan, tidak dalam naskah.",
        ),
        to=RECOMMENDATION,
    ),
    Send(
        "ketua",
        EndorseRecommendation(decision="Keputusan rapat koordinasi nomor 4 tahun 2025", on=date(2025, 7, 2)),
        to=RECOMMENDATION,
    ),
    Send("ketua", IssueRecommendation(criteria=CRITERIA, on=date(2025, 7, 3)), to=RECOMMENDATION),
    Send(
        "sekretariat",
        AcknowledgeRecommendation(addressee=LAND, on=date(2025, 7, 7), on_behalf_of=OF_LAND),
        to=RECOMMENDATION,
    ),
    Send(
        "sekretariat",
        AcknowledgeRecommendation(addressee=PLANNING, on=date(2025, 7, 8), on_behalf_of=OF_PLANNING),
        to=RECOMMENDATION,
    ),
    Send(
        "sekretariat",
        RespondRecommendation(
            addressee=LAND,
            answer=Answer.PARTLY,
            reasons="Konsultasi kedua baru dapat dianggarkan tahun depan.",
            actions=(PlannedAction(act="Mengumumkan metode penilaian ganti kerugian.", due=date(2025, 9, 30)),),
            on=date(2025, 7, 15),
            on_behalf_of=ANSWER_OF_LAND,
        ),
        to=RECOMMENDATION,
    ),
    Send(
        "sekretariat",
        RespondRecommendation(
            addressee=PLANNING,
            answer=Answer.ACCEPTED,
            actions=(PlannedAction(act="Memasukkan konsultasi publik kedua ke rencana kerja.", due=date(2026, 3, 31)),),
            on=date(2025, 7, 21),
            on_behalf_of=ANSWER_OF_PLANNING,
        ),
        to=RECOMMENDATION,
    ),
    Send(
        "sekretariat",
        ReportImplementation(
            addressee=LAND,
            progress=Progress.DONE,
            report="Metode penilaian diumumkan di laman dan di kantor desa.",
            evidence=REPORT_OF_LAND,
            on=date(2025, 10, 1),
            on_behalf_of=REPORT_OF_LAND,
        ),
        to=RECOMMENDATION,
    ),
)
