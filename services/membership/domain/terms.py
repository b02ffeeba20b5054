"""The words of membership: what an organisation is, does and holds, and the papers that say so."""

from __future__ import annotations

import datetime
from enum import StrEnum
from uuid import UUID

from shared.facts import part, text


class Status(StrEnum):
    """Where an organisation stands on its way into the working group."""

    PROPOSED = "proposed"
    VERIFIED = "verified"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    REJECTED = "rejected"


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
