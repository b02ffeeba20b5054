"""The words of membership: what an organisation is, does and holds, and the papers that say so."""

from __future__ import annotations

import datetime
from enum import StrEnum
from uuid import UUID

from shared.facts import part, text


class Status(StrEnum):
    """Where an organisation stands on its way into the working group, and out of it."""

    PROPOSED = "proposed"
    VERIFIED = "verified"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    REJECTED = "rejected"
    LEFT = "left"
    SUCCEEDED = "succeeded"


class GroupStatus(StrEnum):
    """Where a working group stands."""

    ESTABLISHED = "established"
    EXPIRED = "expired"
    DISSOLVED = "dissolved"


class Function(StrEnum):
    """What a member is in the working group for; the three overlap."""

    IMPLEMENTER = "implementer"
    COORDINATOR = "coordinator"
    PARTICIPATORY = "participatory"


class Subkind(StrEnum):
    """What kind of organisation it is."""

    REGIONAL_AGENCY = "regional_agency"
    VERTICAL_AGENCY = "vertical_agency"
    AUTONOMOUS_BODY = "autonomous_body"
    PRIVATE_ASSOCIATION = "private_association"
    DEVELOPER = "developer"
    UNIVERSITY = "university"
    NGO = "ngo"
    FINANCIAL_INSTITUTION = "financial_institution"
    MEDIA = "media"
    OTHER = "other"


AGENCIES = (Subkind.REGIONAL_AGENCY, Subkind.VERTICAL_AGENCY)


class Component(StrEnum):
    """Whether it regulates, operates, or is the community that lives with the result."""

    REGULATOR = "regulator"
    OPERATOR = "operator"
    COMMUNITY = "community"


class AgencyType(StrEnum):
    """The field of a government agency; the required seats are told by it."""

    HOUSING = "housing"
    PLANNING = "planning"
    PUBLIC_WORKS_CIPTA_KARYA = "public_works_cipta_karya"
    PUBLIC_WORKS_BINA_MARGA = "public_works_bina_marga"
    HEALTH = "health"
    ENVIRONMENT = "environment"
    LAND = "land"
    FINANCE = "finance"
    OTHER = "other"


class Affair(StrEnum):
    """The five ways of being involved in housing and settlement areas."""

    A1 = "A1"
    A2 = "A2"
    A3 = "A3"
    A4 = "A4"
    A5 = "A5"


class Duty(StrEnum):
    """Whether an affair is the agency's main duty or a supporting one."""

    MAIN = "main"
    SUPPORT = "support"


class Body(StrEnum):
    """The bodies in which a member may sit."""

    POKJA = "pokja"
    FORUM_PKP = "forum_pkp"


class Channel(StrEnum):
    """By what a member is reached."""

    EMAIL = "email"
    PHONE = "phone"
    MESSENGER = "messenger"
    POST = "post"


class Answer(StrEnum):
    """What became of an invitation."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"


class LeadKind(StrEnum):
    """What a member may lead, and hands over when it goes."""

    TASK_FORCE = "task_force"
    ADVOCACY = "advocacy"
    ACTIVITY = "activity"
    OTHER = "other"


class SeatKind(StrEnum):
    """What a representative is for its organisation: its head, who stands in for the head, or its expert."""

    HEAD = "head"
    ALTERNATE = "alternate"
    TECHNICAL = "technical"


class ConsentBasis(StrEnum):
    """Why a person's name and contact may be kept (UU 27/2022 art. 20): agreed by the person, or a duty of office."""

    CONSENT = "consent"
    OFFICIAL_DUTY = "official_duty"


class SeatEnd(StrEnum):
    """Why a person no longer holds a seat."""

    REPLACED = "replaced"
    TRANSFERRED = "transferred"
    RESIGNED = "resigned"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    OTHER = "other"


class OfficeName(StrEnum):
    """The offices whose acts another person may have to do for a while."""

    CHAIR = "chair"
    STEERING = "steering"
    SECRETARY = "secretary"


class DelegationKind(StrEnum):
    """Plh. (pelaksana harian) while the holder is away, Plt. (pelaksana tugas) while there is none."""

    PLH = "plh"
    PLT = "plt"


class DelegationEnd(StrEnum):
    """Whether a delegation ran out or was ended before."""

    EXPIRED = "expired"
    ENDED_EARLY = "ended_early"


@part
class Gaps:
    """What nobody fills: affairs that are no active member's main duty, agencies and kinds of partner without an active seat."""

    affairs: tuple[Affair, ...] = ()
    agencies: tuple[AgencyType, ...] = ()
    partners: tuple[Subkind, ...] = ()


NO_GAPS = Gaps()


@part
class AffairDuty:
    """One affair of an implementer, and how it bears it."""

    affair: Affair
    duty: Duty


@part
class Decree:
    """A legal act that names structure, members or term."""

    number: str = text(3, 80)
    date: datetime.date
    issuer: str = text(3, 120)
    legal_basis: str = text(3, 500)


@part
class Source:
    """The letter by which an office spoke and which the secretariat enters for it; its sender is never a person."""

    number: str = text(1, 80)
    date: datetime.date
    sender: str = text(2, 200)
    file: UUID | None = None


@part
class Span:
    """A term, both days included."""

    start: datetime.date
    end: datetime.date


@part
class Holiday:
    """A day on which the offices of the province are closed."""

    date: datetime.date
    name: str = text(3, 120)


@part
class Handover:
    """Something that a member led, and the member that leads it from now on; None while nobody does."""

    kind: LeadKind
    ref: str = text(1, 120)
    to: UUID | None = None
