"""What advocacy reads of its siblings' facts: only the fields that it needs."""

from __future__ import annotations

import datetime
from datetime import date
from uuid import UUID

from shared.facts import INTERAGENCY, PUBLIC, fact, part


@part
class AffairDuty:
    """One affair of a member, and whether it is its main or a supporting duty."""

    affair: str
    duty: str


@fact(visibility=PUBLIC)
class MemberJoined:
    """An organisation took its seat in the working group."""

    member_id: UUID
    name: str
    functions: tuple[str, ...]
    affairs: tuple[AffairDuty, ...] = ()


@fact(visibility=PUBLIC)
class AffairsAssigned:
    """A member's affairs were fixed anew."""

    member_id: UUID
    affairs: tuple[AffairDuty, ...]


@fact(visibility=PUBLIC)
class MemberCorrected:
    """Something that is known of a member was entered wrongly, and stands there rightly now."""

    member_id: UUID
    field: str
    new: str


@fact(visibility=PUBLIC)
class MemberSuspended:
    """A member may not lead for now."""

    member_id: UUID


@fact(visibility=PUBLIC)
class MemberReinstated:
    """A suspended member is a full member again."""

    member_id: UUID


@fact(visibility=PUBLIC)
class MemberLeft:
    """A member gave up its seat, or was removed."""

    member_id: UUID


@fact(visibility=PUBLIC)
class MemberSucceeded:
    """Another member took the place of an agency that was reorganised."""

    member_id: UUID
    successor_id: UUID


@part
class Holiday:
    """A day on which the offices of the province are closed."""

    date: datetime.date


@fact(visibility=PUBLIC)
class WorkCalendarPublished:
    """The closed days of a year were fixed, or fixed anew."""

    year: int
    holidays: tuple[Holiday, ...]


@fact(visibility=PUBLIC)
class SecretariatDesignated:
    """The secretariat belongs to a member."""

    member_id: UUID
    on: date


@fact(visibility=INTERAGENCY)
class OfficeDelegated:
    """Another account may do the acts of an office for a time."""

    office: str
    account: str
    kind: str
    valid_from: date
    valid_until: date


@fact(visibility=INTERAGENCY)
class DelegationEnded:
    """A delegation ended on its last day or before."""

    on: date


@fact(visibility=INTERAGENCY)
class ConflictResolved:
    """A conflict was settled, and what had caused it."""

    case_id: UUID
    number: str
    area_code: str
    root_causes: tuple[str, ...] = ()


@fact(visibility=INTERAGENCY)
class MediationFailed:
    """A mediation ended without an agreement, and what had caused the conflict."""

    case_id: UUID
    number: str
    area_code: str
    root_causes: tuple[str, ...] = ()


@part
class Basis:
    """What a recommendation rests on."""

    kind: str
    ref: str


@fact(visibility=PUBLIC)
class RecommendationIssued:
    """The working group recommended something to its addressees."""

    recommendation_id: UUID
    number: str
    issue: str
    basis: tuple[Basis, ...]
    addressees: tuple[UUID, ...]
    response_due: date
    on: date


@fact(visibility=PUBLIC)
class RecommendationAcknowledged:
    """An addressee acknowledged a recommendation."""

    recommendation_id: UUID
    addressee: UUID
    on: date


@fact(visibility=PUBLIC)
class RecommendationResponded:
    """An addressee said whether it follows a recommendation, and why not."""

    recommendation_id: UUID
    addressee: UUID
    answer: str
    reasons: str | None
    on: date


@fact(visibility=PUBLIC)
class OutcomeReviewed:
    """It was looked at whether what came of a recommendation lasts."""

    recommendation_id: UUID
    sustained: bool
    lesson: str
    on: date
