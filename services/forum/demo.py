"""The demo of the forum: what it drafted of itself after the settled case is endorsed and issued."""

from __future__ import annotations

from datetime import date

from services.forum.domain.recommendation import EndorseRecommendation, IssueRecommendation
from services.forum.domain.terms import Criteria, Need, Sustainability
from shared.ops.steps import PROVINCE, Learn, Send, Step, named

AFTER: tuple[str, ...] = ("mediation",)

STEPS: tuple[Step, ...] = (
    Learn(
        "sekretariat",
        "recommendations",
        {"issue": "Tindak lanjut penyelesaian perkara {case number}"},
        {named("recommendation"): "id"},
    ),
    Send(
        "ketua",
        EndorseRecommendation(decision="Keputusan rapat koordinasi nomor 4 tahun 2025", on=date(2025, 6, 9)),
        to="recommendation",
    ),
    Send(
        "ketua",
        IssueRecommendation(
            criteria=Criteria(
                sustainability=Sustainability(
                    environmental="Lokasi pengganti tidak berada di daerah rawan banjir.",
                    social="Pemilik tanah dan calon penghuni ikut dalam konsultasi.",
                    financial="Biaya konsultasi masuk dalam rencana kerja tahunan.",
                    institutional="Kantor pertanahan dan pemrakarsa memakai pedoman yang sama.",
                ),
                need=Need(
                    indicator="Keberatan atas ganti kerugian", area_code=f"{PROVINCE}.04", target="Turun separuh dalam 12 bulan"
                ),
            )
        ),
        to="recommendation",
    ),
)
