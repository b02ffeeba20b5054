"""How an advocacy is pursued: who leads and supports it, what is published, who is met, what the target says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from services.advocacy.domain.advocacy import (
    Advocacy,
    AdvocacyLeadAssigned,
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
from services.advocacy.domain.rules import active_member, known_members, met_somebody, of_inventory, require, worth_raising
from services.advocacy.domain.terms import (
    AT_WORK,
    BEFORE_RAISING,
    Answer,
    Classification,
    Document,
    EngagementKind,
    Kind,
    PositionKind,
    Score,
    Source,
    Status,
    Vacancy,
)
from shared.decider import Given
from shared.errors import BrokenRule, UnknownReference
from shared.facts import command, several, text
from shared.rules import happened, its_own_organisation, on_behalf


@command
class AssignLead:
    """The secretariat gives the advocacy another lead."""

    lead_id: UUID


@command
class VacateLead:
    """The lead was suspended or is gone; only membership's news says so."""

    member_id: UUID
    reason: Vacancy
    successor_id: UUID | None = None


@command
class AddSupporter:
    """A member joins those who stand behind the advocacy."""

    member_id: UUID


@command
class LinkPolicy:
    """The secretariat says which policy of the inventory the advocacy works on, or follows a branch that has changed."""

    policy_id: UUID


@command
class AttachEvidence:
    """Attach a document that supports the advocacy."""

    document: Document


@command
class PublishPosition:
    """The secretariat publishes a policy brief, a budget position paper or a statement."""

    kind: PositionKind
    title: str = text(5, 300)
    document: Document
    respond_by: date | None = None
    on: date | None = None


@command
class RecordTargetResponse:
    """Record what the target says."""

    answer: Answer
    reason: str = text(0, 4000, multiline=True, default="")
    reference: str = text(0, 120, default="")
    on: date | None = None
    on_behalf_of: Source | None = None


@command
class AssessGovernance:
    """Score the three principles; the final assessment has evidence for each score."""

    final: bool = False
    pro_poor: Score
    openness: Score
    accountability: Score
    on: date | None = None


@command
class RequestRecommendation:
    """The lead asks the working group for a recommendation to those who can act."""

    addressees: tuple[UUID, ...] = several(1, 50)
    question: str = text(10, 4000, multiline=True)
    wanted_by: date


@command
class RecordEngagement:
    """Record an audience, a hearing, a letter or a workshop for an advocacy."""

    kind: EngagementKind
    subject: str = text(3, 500)
    organisation_ids: tuple[UUID, ...] = several(0, 100, ())
    counterpart: str = text(0, 200, default="")
    reference: str = text(0, 120, default="")
    on: date | None = None


def since_raising(advocacy: Advocacy, on: date | None, given: Given) -> date:
    """The day of an act for a raised advocacy, which is not before it was raised."""
    day = happened(on, given)
    if day < advocacy.raised_on:
        raise BrokenRule("before-it-was-raised", "/on", raised=advocacy.raised_on)
    return day


def assign_lead(advocacy: Advocacy, wish: AssignLead, given: Given) -> Sequence[object]:
    """An active member that is not the target; `given.known["lead"]` is its row."""
    require(advocacy.status, "not-raised", *AT_WORK)
    if wish.lead_id == advocacy.lead_id and not advocacy.lead_vacant:
        return []
    active_member(given.known["lead"], "/lead_id")
    if wish.lead_id == advocacy.target_id:
        raise BrokenRule("lead-is-target", "/lead_id")
    return [AdvocacyLeadAssigned(advocacy_id=advocacy.id, lead_id=wish.lead_id, previous_lead_id=advocacy.lead_id)]


def vacate_lead(advocacy: Advocacy, wish: VacateLead, given: Given) -> Sequence[object]:
    """What another member leads meanwhile, or what is over, is left alone."""
    if advocacy.status not in AT_WORK or advocacy.lead_vacant or advocacy.lead_id != wish.member_id:
        return []
    told: dict[str, Any] = {"lead_id": wish.member_id, "reason": wish.reason, "successor_id": wish.successor_id}
    return [LeadVacated(advocacy_id=advocacy.id, **told)]


def add_supporter(advocacy: Advocacy, wish: AddSupporter, given: Given) -> Sequence[object]:
    """Any other active member; `given.known["supporter"]` is its row."""
    require(advocacy.status, "not-raised", *AT_WORK)
    its_own_organisation(wish.member_id, given)
    if wish.member_id in advocacy.supporters:
        return []
    active_member(given.known["supporter"], "/member_id")
    if wish.member_id in (advocacy.lead_id, advocacy.target_id):
        raise BrokenRule("supporter-is-lead-or-target", "/member_id")
    return [SupporterAdded(advocacy_id=advocacy.id, member_id=wish.member_id)]


def link_policy(advocacy: Advocacy, wish: LinkPolicy, given: Given) -> Sequence[object]:
    """`given.known["policy"]` is the inventory's row; its branch of today is the one to work along."""
    require(advocacy.status, "not-raised", *AT_WORK)
    if advocacy.kind is not Kind.POLICY:
        raise BrokenRule("not-a-policy-advocacy")
    row = of_inventory(wish.policy_id, given)
    branch = worth_raising(row.branch, "/policy_id")
    if (advocacy.policy_id, advocacy.branch) == (wish.policy_id, branch):
        return []
    return [PolicyLinked(advocacy_id=advocacy.id, policy_id=wish.policy_id, branch=branch)]


def attach(advocacy: Advocacy, wish: AttachEvidence, given: Given) -> Sequence[object]:
    """From the proposal on, as long as the advocacy is not over."""
    require(advocacy.status, "advocacy-is-over", *BEFORE_RAISING, *AT_WORK)
    happened(wish.document.date, given, "/document/date")
    return [EvidenceAttached(advocacy_id=advocacy.id, evidence_id=given.new_id(1), document=wish.document)]


def publish(advocacy: Advocacy, wish: PublishPosition, given: Given) -> Sequence[object]:
    """A position is public, and may ask for an answer by a day that comes after."""
    require(advocacy.status, "not-raised", *AT_WORK)
    if wish.document.classification is not Classification.PUBLIC:
        raise BrokenRule("position-is-not-public", "/document/classification")
    happened(wish.document.date, given, "/document/date")
    on = since_raising(advocacy, wish.on, given)
    if wish.respond_by and wish.respond_by <= on:
        raise BrokenRule("answer-wanted-too-early", "/respond_by", on=on)
    told: dict[str, Any] = {"kind": wish.kind, "title": wish.title, "document": wish.document, "respond_by": wish.respond_by}
    return [PositionPublished(advocacy_id=advocacy.id, position_id=given.new_id(1), on=on, **told)]


def record_engagement(advocacy: Advocacy, wish: RecordEngagement, given: Given) -> Sequence[object]:
    """Somebody was met or written to; `given.known["organisations"]` maps each member named to its row."""
    require(advocacy.status, "not-raised", *AT_WORK)
    met_somebody(wish.organisation_ids, wish.counterpart, given)
    return [
        EngagementRecorded(
            advocacy_id=advocacy.id,
            engagement_id=given.new_id(1),
            kind=wish.kind,
            subject=wish.subject,
            organisation_ids=wish.organisation_ids,
            counterpart=wish.counterpart,
            reference=wish.reference,
            on=happened(wish.on, given),
        )
    ]


def record_response(advocacy: Advocacy, wish: RecordTargetResponse, given: Given) -> Sequence[object]:
    """Whoever does not simply agree says why; the waiting for an answer is over."""
    require(advocacy.status, "not-raised", *AT_WORK)
    if wish.answer is not Answer.AGREES and not wish.reason.strip():
        raise BrokenRule("answer-without-reason", "/reason")
    on = since_raising(advocacy, wish.on, given)
    source = on_behalf(wish.on_behalf_of, given)
    told: dict[str, Any] = {"answer": wish.answer, "reason": wish.reason, "reference": wish.reference}
    return [TargetResponded(advocacy_id=advocacy.id, on=on, on_behalf_of=source, **told)]


def assess(advocacy: Advocacy, wish: AssessGovernance, given: Given) -> Sequence[object]:
    """A first look may come at any time; the final one when the advocacy is in progress, with evidence for each score."""
    require(advocacy.status, "advocacy-is-over", *BEFORE_RAISING, *AT_WORK)
    if wish.final:
        require(advocacy.status, "not-in-progress", Status.IN_PROGRESS)
    for principle in ("pro_poor", "openness", "accountability"):
        sound_score(advocacy, getattr(wish, principle), f"/{principle}/evidence_ids", wish.final)
    on = happened(wish.on, given)
    return [GovernanceAssessed(advocacy_id=advocacy.id, assessment_id=given.new_id(1), **{**vars(wish), "on": on})]


def sound_score(advocacy: Advocacy, score: Score, pointer: str, final: bool) -> None:
    """Evidence is attached before a score rests on it; raises UnknownReference or BrokenRule."""
    for n, id in enumerate(score.evidence_ids):
        if id not in advocacy.evidence:
            raise UnknownReference("unknown-evidence", f"{pointer}/{n}")
    if final and not score.evidence_ids:
        raise BrokenRule("score-without-evidence", pointer)


def request_recommendation(advocacy: Advocacy, wish: RequestRecommendation, given: Given) -> Sequence[object]:
    """`given.known["organisations"]` maps each addressee to its row; the forum drafts what is asked for."""
    require(advocacy.status, "not-in-progress", Status.IN_PROGRESS)
    known_members(wish.addressees, given, "/addressees")
    if wish.wanted_by <= given.today:
        raise BrokenRule("wanted-too-early", "/wanted_by")
    return [
        RecommendationRequested(
            advocacy_id=advocacy.id,
            request_id=given.new_id(1),
            number=advocacy.number,
            addressees=wish.addressees,
            question=wish.question,
            affairs=advocacy.affairs,
            area_codes=advocacy.area_codes,
            wanted_by=wish.wanted_by,
        )
    ]


def leads(advocacy: Advocacy, organisation: UUID | None) -> bool:
    """Whether an organisation leads the advocacy today."""
    return organisation is not None and organisation == advocacy.lead_id and not advocacy.lead_vacant
