"""One dispute from a citizen's request to an agency's answer: who does what, in words that a page and an API can both be told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

GROUP, AGENCY = "Kelompok penghuni rumah susun uji", "Dinas Pekerjaan Umum Bidang Bina Marga"
ADVISED, UNIVERSITY = "Badan Perencanaan Pembangunan Daerah", "Pusat Studi Permukiman Universitas Contoh"
OFFICIAL = "petugas.jalan"  # the agency's own account, which comes in by an invitation
NEED_OF_GROUP, NEED_OF_AGENCY = "Jalan masuk yang tidak tergenang.", "Pekerjaan dimulai sesudah anggaran berubah."
TODAY = datetime.now(ZoneInfo("Asia/Jakarta")).date()


@dataclass(frozen=True)
class Named:
    """Something that is chosen by its name: people see it so, and the API is asked for its id in `register`.

    `column` holds the name, `key` the id; `of_case` narrows the register to the case.
    """

    name: str
    register: str
    column: str = "name"
    key: str = "id"
    of_case: bool = True


@dataclass(frozen=True)
class Act:
    """Somebody sends a command about a thing: `request`, `case` or `recommendation`; `makes` it where it is not there yet."""

    by: str
    service: str
    thing: str
    command: str
    data: dict[str, Any]
    makes: bool = False


def ago(days: int) -> str:
    """A day so long ago, as a form and the API take it."""
    return (TODAY - timedelta(days=days)).isoformat()


def member(name: str) -> Named:
    """A member organisation."""
    return Named(name, "organisations", of_case=False)


def party(name: str) -> Named:
    """A party of the case."""
    return Named(name, "parties", key="party_id")


def interest(need: str) -> Named:
    """An interest that was recorded in the case."""
    return Named(need, "interests", "need", "interest_id")


def account(name: str) -> Named:
    """Somebody's account."""
    return Named(name, "account", of_case=False)


def acts(title: str) -> list[Act]:
    """The whole dispute under a title; a name of `account`s and `title`d things is resolved by whoever performs."""
    case = Named(title, "cases", "title", of_case=False)
    session_day, hour = ago(12), "09.30"
    request = Named(title, "request", of_case=False)
    return [
        Act(
            "stranger",
            "mediation",
            "request",
            "RequestMediation",
            {
                "what_happened": f"{title}: bila hujan penghuni tidak dapat keluar.",
                "against": AGENCY,
                "contact": "penghuni@warga.example",
                "area_code": "32.73",
                "on": ago(30),
            },
            makes=True,
        ),
        Act(
            "sekretariat",
            "mediation",
            "case",
            "RegisterCase",
            {
                "title": title,
                "parties": [
                    {
                        "kind": "affected",
                        "name": GROUP,
                        "is_complainant": True,
                        "spokesperson": "Juru bicara penghuni",
                        "account": account("pihak"),
                    },
                    {
                        "kind": "government",
                        "name": AGENCY,
                        "organisation_id": member(AGENCY),
                        "is_complainant": False,
                        "account": account(OFFICIAL),
                    },
                ],
                "area_code": "32.73",
                "claim": "Jalan masuk ke rumah susun tergenang setiap hujan.",
                "request_id": request,
                "on": ago(28),
            },
            makes=True,
        ),
        Act("sekretariat", "mediation", "request", "TurnIntoCase", {"case_id": case, "on": ago(28)}),
        Act(
            "sekretariat",
            "mediation",
            "case",
            "ScreenCase",
            {"outcome": "accept", "findings": {"in_scope": True}, "on": ago(26)},
        ),
        Act("pihak", "mediation", "case", "RecordConsent", {"party_id": party(GROUP), "on": ago(25)}),
        Act(OFFICIAL, "mediation", "case", "RecordConsent", {"party_id": party(AGENCY), "on": ago(25)}),
        Act(
            "ketua",
            "mediation",
            "case",
            "AppointMediator",
            {
                "organisation": member(UNIVERSITY),
                "account": account("mediator"),
                "certificate": "MED-UJI-1",
                "no_interest": True,
                "on": ago(24),
            },
        ),
        Act(
            "mediator",
            "mediation",
            "case",
            "ScheduleSession",
            {"session_kind": "joint", "day": session_day, "hour": hour, "place": "Ruang mediasi", "on": ago(23)},
        ),
        Act(
            "mediator",
            "mediation",
            "case",
            "RecordSession",
            {
                "session_id": Named(session_day, "sessions", "day", "session_id"),
                "attendance": [{"party_id": party(GROUP), "present": True}, {"party_id": party(AGENCY), "present": True}],
                "record": "Para pihak menjelaskan kedudukan masing-masing.",
                "on": session_day,
            },
        ),
        Act(
            "mediator",
            "mediation",
            "case",
            "RecordInterest",
            {"party_id": party(GROUP), "need": NEED_OF_GROUP, "on": session_day},
        ),
        Act(
            "mediator",
            "mediation",
            "case",
            "RecordInterest",
            {"party_id": party(AGENCY), "need": NEED_OF_AGENCY, "on": session_day},
        ),
        Act(
            "mediator",
            "mediation",
            "case",
            "MakeProposal",
            {"wording": "Jalan masuk ditinggikan, saluran menyusul.", "on": session_day},
        ),
        *(
            Act(
                by,
                "mediation",
                "case",
                "AnswerProposal",
                {"proposal": 1, "party_id": party(name), "accepted": True, "on": ago(11)},
            )
            for by, name in (("pihak", GROUP), (OFFICIAL, AGENCY))
        ),
        Act(
            "mediator",
            "mediation",
            "case",
            "DraftAgreement",
            {
                "scope": "full",
                "clauses": [
                    {"heading": "Jalan masuk", "wording": "Jalan masuk ditinggikan setengah meter."},
                    {"heading": "Anggaran", "wording": "Pekerjaan dimulai sesudah perubahan anggaran ditetapkan."},
                ],
                "interests": [
                    {"interest_id": interest(NEED_OF_GROUP), "clauses": [1]},
                    {"interest_id": interest(NEED_OF_AGENCY), "clauses": [2], "reason": "Jadwalnya mengikuti anggaran."},
                ],
                "checks": {"lawful": True, "harmless": True, "executable": True},
                "root_causes": ["information"],
                "advised": [member(ADVISED)],
                "on": ago(10),
            },
        ),
        *(
            Act(
                by,
                "mediation",
                "case",
                "SignAgreement",
                {"party_id": party(name), "text_hash": Named(title, "cases", "title", "text_hash", of_case=False), "on": ago(9)},
            )
            for by, name in (("pihak", GROUP), (OFFICIAL, AGENCY))
        ),
        Act("sekretariat", "forum", "recommendation", "OpenConsultation", {"on": ago(13)}),
        Act(
            "anggota",
            "forum",
            "recommendation",
            "CommentDraft",
            {"organisation": member(ADVISED), "comment": "Sebutkan tahun anggarannya.", "on": ago(12)},
        ),
        Act(
            "sekretariat",
            "forum",
            "recommendation",
            "DisposeComment",
            {"comment_id": Named("Sebutkan tahun anggarannya.", "comments", "comment", "comment_id"), "disposition": "taken"},
        ),
        Act(
            "ketua", "forum", "recommendation", "EndorseRecommendation", {"decision": "Rapat koordinasi nomor 9", "quorate": True}
        ),
        Act(
            "ketua",
            "forum",
            "recommendation",
            "IssueRecommendation",
            {
                "criteria": {
                    "sustainability": {
                        "environmental": "Air hujan mengalir ke saluran.",
                        "social": "Penghuni ikut mengawasi.",
                        "financial": "Masuk perubahan anggaran.",
                        "institutional": "Dipelihara dinas.",
                    },
                    "need": {"indicator": "Hari jalan tergenang", "area_code": "32.73", "target": "Nol"},
                }
            },
        ),
        Act("anggota", "forum", "recommendation", "AcknowledgeRecommendation", {"addressee": member(ADVISED)}),
        Act(
            "anggota",
            "forum",
            "recommendation",
            "RespondRecommendation",
            {
                "addressee": member(ADVISED),
                "answer": "accepted",
                "actions": [
                    {"act": "Memasukkan pekerjaan ke perubahan anggaran.", "due": (TODAY + timedelta(days=60)).isoformat()}
                ],
            },
        ),
    ]
