"""What advocacy does of itself when its siblings tell it something."""

from __future__ import annotations

from typing import Any

from services.advocacy.domain.advocacy import ProposeAdvocacy, RecordEngagement
from services.advocacy.domain.terms import EngagementKind, Kind, Origin, OriginKind
from services.advocacy.foreign import ConflictResolved, RecommendationIssued
from services.advocacy.registers.advocacies import advocacy_named
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
ISSUE = "Perkara {number} telah diselesaikan. Akar masalahnya memerlukan perubahan di luar kesepakatan para pihak."


def propose_advocacy_when_conflict_resolved(fact: ConflictResolved, about: About, registers: Any) -> list[Wish]:
    """A conflict that came of policy or budget calls for an advocacy, one for each; any other cause for none."""
    return [
        Wish(
            ProposeAdvocacy(
                title=TITLES[kind].format(number=fact.number),
                kind=kind,
                issue=ISSUE.format(number=fact.number),
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
