"""What mediation reads of its siblings' facts: only the fields it needs."""

from __future__ import annotations

import datetime
from datetime import date
from uuid import UUID

from shared.facts import INTERAGENCY, PUBLIC, fact, part


@fact(visibility=PUBLIC)
class MemberJoined:
    """An organisation took its seat in the working group."""

    member_id: UUID
    name: str


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
