"""What the forum reads of its siblings' facts: only the fields it needs."""

from __future__ import annotations

import datetime
from datetime import date
from uuid import UUID

from shared.facts import INTERAGENCY, PUBLIC, fact, part


@part
class AffairDuty:
    """One affair of a member."""

    affair: str


@fact(visibility=PUBLIC)
class MemberJoined:
    """An organisation took its seat in the working group."""

    member_id: UUID
    name: str
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
    """A member was suspended."""

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
    """A unit of a member became the secretariat."""

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
    """A delegation ran out, or was ended before."""

    on: date


@fact(visibility=PUBLIC)
class AdvocacyRaised:
    """An advocacy was raised with its target."""

    advocacy_id: UUID
    number: str
    title: str
    kind: str


@fact(visibility=PUBLIC)
class AdvocacyCorrected:
    """Something that is known of an advocacy was entered wrongly, and stands there rightly now."""

    advocacy_id: UUID
    field: str
    new: str


@fact(visibility=PUBLIC)
class AdvocacyWithdrawn:
    """A raised advocacy was given up."""

    advocacy_id: UUID


@fact(visibility=INTERAGENCY)
class RecommendationRequested:
    """The lead of an advocacy asks for formal advice of the working group."""

    advocacy_id: UUID
    number: str
    addressees: tuple[UUID, ...]
    question: str
    affairs: tuple[str, ...] = ()
    area_codes: tuple[str, ...] = ()
    wanted_by: date


@fact(visibility=INTERAGENCY)
class ConflictResolved:
    """A conflict was settled; some organisations are advised to act so that it does not come again."""

    case_id: UUID
    number: str
    axis: str
    area_code: str
    scope: str
    advised: tuple[UUID, ...] = ()
    on: date


@fact(visibility=INTERAGENCY)
class MediationFailed:
    """A mediation ended without an agreement; some organisations are advised to act so that the conflict does not come again."""

    case_id: UUID
    number: str
    axis: str
    area_code: str
    advised: tuple[UUID, ...] = ()
    on: date
