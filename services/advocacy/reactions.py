"""What advocacy does of itself when its siblings tell it something."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.advocacy.domain.proposing import ProposeAdvocacy
from services.advocacy.domain.pursuing import RecordEngagement, RecordTargetResponse, VacateLead
from services.advocacy.domain.terms import Answer, EngagementKind, Kind, Origin, OriginKind, Vacancy
from services.advocacy.foreign import (
    ConflictResolved,
    MediationFailed,
    MemberLeft,
    MemberSucceeded,
    MemberSuspended,
    OutcomeReviewed,
    RecommendationIssued,
    RecommendationResponded,
)
from services.advocacy.registers.advocacies import Line, advocacies, advocacy_named, led_by
from services.advocacy.registers.recommendations import Recommendation, recommendations
from shared.errors import UnknownReference
from shared.registers.register import About
from shared.service import Wish

CAUSES = {
    Kind.POLICY: {"policy_gap", "policy_ineffective"},
    Kind.BUDGET: {"budget"},
}
# Stored text, so it speaks the language of those who will read the register.
TITLES = {
    Kind.POLICY: "Advokasi kebijakan dari perkara {number}",
    Kind.BUDGET: "Advokasi anggaran dari perkara {number}",
}
ANSWERED = "Jawaban atas rekomendasi {number}"
NOT_SUSTAINED = "Tindak lanjut rekomendasi {number} yang tidak bertahan"
LESSON = "Hasil rekomendasi {number} tidak bertahan menurut tinjauan. Pelajaran: {lesson}"
ANSWERS = {"accepted": Answer.AGREES, "partly": Answer.PARTLY, "rejected": Answer.REFUSES}
ISSUE = {
    ConflictResolved: "Perkara {number} telah diselesaikan. Akar masalahnya memerlukan perubahan di luar kesepakatan para pihak.",
    MediationFailed: "Mediasi perkara {number} berakhir tanpa kesepakatan. Akar masalahnya memerlukan perubahan di luar mediasi.",
}


def propose_advocacy_when_conflict_resolved(fact: ConflictResolved, about: About, registers: Any) -> list[Wish]:
    """A conflict that came of policy or budget calls for an advocacy, one for each; any other cause for none."""
    return called_for(fact)


def propose_advocacy_when_mediation_failed(fact: MediationFailed, about: About, registers: Any) -> list[Wish]:
    """Its cause is there still, whether or not the parties agree."""
    return called_for(fact)


def called_for(fact: ConflictResolved | MediationFailed) -> list[Wish]:
    """One proposal for each kind of advocacy that the root causes of a conflict ask for."""
    return [
        Wish(
            ProposeAdvocacy(
                title=TITLES[kind].format(number=fact.number),
                kind=kind,
                issue=ISSUE[type(fact)].format(number=fact.number),
                origin=Origin(kind=OriginKind.CASE, ref=fact.number),
                area_codes=(fact.area_code,),
            ),
            "advocacy",
        )
        for kind, causes in CAUSES.items()
        if causes & set(fact.root_causes)
    ]


def record_engagement_when_recommendation_issued(fact: RecommendationIssued, about: About, registers: Any) -> list[Wish]:
    """A recommendation that rests on advocacies of ours is a letter for each of them; others are not ours to record."""
    named = (advocacy_named(registers, basis.ref) for basis in fact.basis if basis.kind == "advocacy")
    letter = RecordEngagement(
        kind=EngagementKind.LETTER,
        subject=fact.issue,
        organisation_ids=fact.addressees,
        reference=fact.number,
        on=fact.on,
    )
    return [Wish(letter, "advocacy", id) for id in dict.fromkeys(named) if id]


def vacate_lead_when_member_suspended(fact: MemberSuspended, about: About, registers: Any) -> list[Wish]:
    """Who is suspended leads nothing; the secretariat finds another lead."""
    return vacated(fact.member_id, Vacancy.SUSPENDED, None, registers)


def vacate_lead_when_member_left(fact: MemberLeft, about: About, registers: Any) -> list[Wish]:
    """Who has left leads nothing; the secretariat finds another lead."""
    return vacated(fact.member_id, Vacancy.LEFT, None, registers)


def vacate_lead_when_member_succeeded(fact: MemberSucceeded, about: About, registers: Any) -> list[Wish]:
    """The successor is named, yet the secretariat decides who leads on."""
    return vacated(fact.member_id, Vacancy.SUCCEEDED, fact.successor_id, registers)


def vacated(member_id: UUID, reason: Vacancy, successor_id: UUID | None, registers: Any) -> list[Wish]:
    """One wish for each advocacy at work that the member leads."""
    wish = VacateLead(member_id=member_id, reason=reason, successor_id=successor_id)
    return [Wish(wish, "advocacy", id) for id in led_by(registers, member_id)]


def record_answer_when_recommendation_responded(fact: RecommendationResponded, about: About, registers: Any) -> list[Wish]:
    """What the target of an advocacy answers is its response; what another addressee answers is a letter for the advocacy."""
    row = the_recommendation(fact.recommendation_id, registers)
    answer = ANSWERS.get(fact.answer)
    response = answer and RecordTargetResponse(answer=answer, reason=fact.reasons or "", reference=row.number, on=fact.on)
    letter = RecordEngagement(
        kind=EngagementKind.LETTER,
        subject=ANSWERED.format(number=row.number),
        organisation_ids=(fact.addressee,),
        reference=row.number,
        on=fact.on,
    )
    ours = ours_of(row, registers)
    return [Wish(response if response and line.target_id == fact.addressee else letter, "advocacy", id) for id, line in ours]


def propose_advocacy_when_outcome_not_sustained(fact: OutcomeReviewed, about: About, registers: Any) -> list[Wish]:
    """What a recommendation brought about and did not last is taken up anew, by each advocacy that it rested on."""
    if fact.sustained:
        return []
    row = the_recommendation(fact.recommendation_id, registers)
    return [
        Wish(
            ProposeAdvocacy(
                title=NOT_SUSTAINED.format(number=row.number),
                kind=line.kind,
                issue=LESSON.format(number=row.number, lesson=fact.lesson),
                origin=Origin(kind=OriginKind.FINDING, ref=row.number),
                area_codes=line.area_codes,
            ),
            "advocacy",
        )
        for _, line in ours_of(row, registers)
    ]


def the_recommendation(id: UUID, registers: Any) -> Recommendation:
    """The recommendation as it was issued; raises UnknownReference while that news is missing."""
    row: Recommendation | None = registers.row(recommendations, str(id))
    if row is None:
        raise UnknownReference("unknown-recommendation")
    return row


def ours_of(row: Recommendation, registers: Any) -> list[tuple[UUID, Line]]:
    """(id, line) of the advocacies of ours that a recommendation rests on, each once."""
    named = dict.fromkeys(advocacy_named(registers, ref) for ref in row.advocacies)
    return [(id, registers.row(advocacies, str(id))) for id in named if id]
