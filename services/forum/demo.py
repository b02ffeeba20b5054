"""The demo of the forum: what it drafted of itself after the settled case goes its whole way until it is reviewed.

Beside it stand recommendations at every step, so that something waits for everybody who has a part in them.
"""

from __future__ import annotations

from datetime import date

from services.forum.domain.answering import AcknowledgeRecommendation, IssueRecommendation, RespondRecommendation
from services.forum.domain.drafting import (
    CommentDraft,
    DisposeComment,
    DraftRecommendation,
    EndorseRecommendation,
    OpenConsultation,
)
from services.forum.domain.following import ReportImplementation, ReviewOutcome
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
    Source,
    Sustainability,
)
from shared.ops.steps import PROVINCE, Learn, Send, Step, ago, named

AFTER: tuple[str, ...] = ("mediation", "advocacy")
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

STORY: tuple[Step, ...] = (
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

REPORT_OF_PLANNING = letter("650/120", date(2025, 10, 6), "Badan Perencanaan Pembangunan Daerah")
AFTERWARDS: tuple[Step, ...] = (
    Send(
        "anggota",
        ReportImplementation(
            addressee=PLANNING,
            progress=Progress.DONE,
            report="Konsultasi publik kedua masuk rencana kerja dan telah diadakan.",
            evidence=REPORT_OF_PLANNING,
            on=date(2025, 10, 6),
        ),
        to=RECOMMENDATION,
    ),
    Send(
        "sekretariat",
        ReviewOutcome(
            months=6,
            sustained=True,
            change="Keberatan atas ganti kerugian turun dari 38 menjadi 7.",
            lesson="Metode penilaian diumumkan sebelum musyawarah, bukan sesudahnya.",
            on=date(2026, 4, 8),
        ),
        to=RECOMMENDATION,
    ),
)

# --- others, each at another step ---------------------------------------------------------------------------------


def criteria(indicator: str, target: str, area: str = "") -> Criteria:
    """What the outcome of another recommendation is reviewed against."""
    need = Need(indicator=indicator, area_code=f"{PROVINCE}{area}", target=target)
    return Criteria(sustainability=CRITERIA.sustainability, need=need)


def drafted(name: str, issue: str, text: str, addressees: tuple[str, ...], affairs: tuple[Affair, ...], basis: Basis) -> Step:
    """A draft of the secretariat."""
    to = tuple(named(one) for one in addressees)
    wish = DraftRecommendation(issue=issue, text=text, addressees=to, affairs=affairs, area_codes=(PROVINCE,), basis=(basis,))
    return Send("sekretariat", wish, makes=name)


def issued(name: str, opened: date, endorsed: date, on: date, aim: Criteria | None) -> tuple[Step, ...]:
    """Consulted, endorsed by a meeting and, with an `aim`, issued."""
    return (
        Send("sekretariat", OpenConsultation(on=opened), to=name),
        Send("ketua", EndorseRecommendation(decision="Keputusan rapat koordinasi", on=endorsed), to=name),
        *([Send("ketua", IssueRecommendation(criteria=aim, on=on), to=name)] if aim else []),
    )


REPAIRS, DRAINAGE, WATER, PERMITS = "rek-repairs", "rek-drainage", "rek-water", "rek-permits"
OF_A_MEETING = Basis(kind=BasisKind.DECISION, ref="Rapat koordinasi")

OTHERS: tuple[Step, ...] = (
    drafted(
        DRAINAGE,
        "Saluran air mendahului pelebaran jalan",
        "Pekerjaan saluran air dan pelebaran jalan di ruas yang sama diurutkan, saluran lebih dahulu.",
        ("roads", "buildings"),
        (Affair.A4,),
        OF_A_MEETING,
    ),
    *issued(
        DRAINAGE,
        date(2025, 8, 4),
        date(2025, 8, 14),
        date(2025, 8, 15),
        criteria("Ruas yang digali dua kali", "Tidak ada", ".73"),
    ),
    Send(
        "sekretariat",
        AcknowledgeRecommendation(
            addressee=named("roads"),
            on=date(2025, 8, 20),
            on_behalf_of=letter("620/11", date(2025, 8, 20), "Dinas Pekerjaan Umum Bidang Bina Marga"),
        ),
        to=DRAINAGE,
    ),
    drafted(
        REPAIRS,
        "Pertahankan pagu perbaikan rumah tidak layak huni",
        "Pagu perbaikan rumah tidak layak huni tidak dikurangi pada tahap pembahasan anggaran berikutnya.",
        ("planning", "finance"),
        (Affair.A2, Affair.A3),
        Basis(kind=BasisKind.ADVOCACY, ref=str(named("repairs"))),
    ),
    *issued(REPAIRS, ago(30), ago(4), ago(1), criteria("Rumah yang diperbaiki", "9.000 rumah dalam 12 bulan")),
    drafted(
        WATER,
        "Tarif air rumah susun disamakan",
        "Tarif air bersih penghuni rumah susun disamakan dengan pelanggan rumah tapak.",
        ("water", "housing"),
        (Affair.A5,),
        OF_A_MEETING,
    ),
    *issued(WATER, ago(30), ago(3), ago(3), None),
    drafted(
        PERMITS,
        "Satu meja untuk izin perumahan sederhana",
        "Izin perumahan sederhana dilayani di satu meja, dengan batas waktu yang diumumkan.",
        ("planning",),
        (Affair.A1, Affair.A2),
        OF_A_MEETING,
    ),
    Send("sekretariat", OpenConsultation(on=ago(1)), to=PERMITS),
    Send("mitra", CommentDraft(organisation=named("housing-rights"), comment="Umumkan juga biaya setiap izin."), to=PERMITS),
)

STEPS: tuple[Step, ...] = (*STORY, *AFTERWARDS, *OTHERS)
