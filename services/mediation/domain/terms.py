"""The words of a case: who its parties are, how far it is, what its days are kept for, what an agreement is made of."""

from __future__ import annotations

import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from shared.facts import amount, matching, part, several, text


class PartyKind(StrEnum):
    """What a party is in the matter of housing."""

    GOVERNMENT = "government"
    PROVIDER = "provider"
    BENEFICIARY = "beneficiary"
    AFFECTED = "affected"


class Axis(StrEnum):
    """Between whom the conflict runs; derived, never entered."""

    DEVELOPER_BENEFICIARY = "developer_beneficiary"
    DEVELOPER_GOVERNMENT = "developer_government"
    GOVERNMENT_BENEFICIARY = "government_beneficiary"
    GOVERNMENT_AFFECTED = "government_affected"
    DEVELOPER_AFFECTED = "developer_affected"
    OTHER = "other"


class Stage(StrEnum):
    """How far a case is."""

    REGISTERED = "registered"
    ACCEPTED = "accepted"
    MEDIATOR_APPOINTED = "mediator_appointed"
    IN_MEDIATION = "in_mediation"
    AGREEMENT_DRAFTED = "agreement_drafted"
    SETTLED = "settled"
    PARTIALLY_SETTLED = "partially_settled"
    FULFILLED = "fulfilled"
    BREACHED = "breached"
    SUSPENDED = "suspended"
    IMPASSE = "impasse"
    DECLINED = "declined"
    REFERRED_OUT = "referred_out"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"
    CLOSED = "closed"


SETTLED = (Stage.SETTLED, Stage.PARTIALLY_SETTLED)
MEDIATED = (Stage.MEDIATOR_APPOINTED, Stage.IN_MEDIATION, Stage.AGREEMENT_DRAFTED)
UNDER_WAY = (Stage.ACCEPTED, *MEDIATED)
BOUND = (*SETTLED, Stage.BREACHED)  # an agreement binds and is not yet fulfilled
ENDED = (Stage.DECLINED, Stage.REFERRED_OUT, Stage.WITHDRAWN, Stage.MERGED, Stage.CLOSED)


class Venue(StrEnum):
    """Where else a conflict may be brought."""

    COURT = "court"
    BPSK = "bpsk"
    INFORMATION_COMMISSION = "information_commission"
    LAND_OFFICE = "land_office"
    SP4N = "sp4n"
    OMBUDSMAN = "ombudsman"
    PEER_PROVINCE = "peer_province"
    OTHER = "other"


class LandStage(StrEnum):
    """The stage of a land acquisition (UU 2/2012)."""

    PLANNING = "planning"
    PREPARATION = "preparation"
    IMPLEMENTATION = "implementation"
    HANDOVER = "handover"


class Compensation(StrEnum):
    """How far the compensation of a land acquisition is."""

    NOT_APPRAISED = "not_appraised"
    APPRAISED = "appraised"
    OFFERED = "offered"
    AGREED = "agreed"
    DISPUTED = "disputed"
    DEPOSITED = "deposited"
    PAID = "paid"


class SessionKind(StrEnum):
    """With all parties, or with one of them alone."""

    JOINT = "joint"
    CAUCUS = "caucus"


class ImpasseReason(StrEnum):
    """Why a mediation ends without an agreement; said of the mediation, never of a party."""

    NO_CONSENT = "no_consent"
    ABSENT_TWICE = "absent_twice"
    NO_AGREEMENT = "no_agreement"
    TIME_OVER = "time_over"
    OTHER = "other"


class Clock(StrEnum):
    """What a day is kept for."""

    SCREENING = "screening"
    SUMMARIES = "summaries"
    OBJECTION_TO_MEDIATOR = "objection_to_mediator"
    MEDIATION = "mediation"
    RESUMPTION = "resumption"
    PUBLIC_CONSULTATION = "public_consultation"
    OBJECTION_TO_COMPENSATION = "objection_to_compensation"
    LOCATION_PERMIT = "location_permit"
    OBLIGATION = "obligation"
    REVIEW_30 = "review_30"
    REVIEW_90 = "review_90"
    REVIEW_180 = "review_180"


REVIEWS = {30: Clock.REVIEW_30, 90: Clock.REVIEW_90, 180: Clock.REVIEW_180}  # calendar days after the settlement


class Scope(StrEnum):
    """Whether an agreement ends the whole conflict."""

    FULL = "full"
    PARTIAL = "partial"


def settled_stage(scope: Scope) -> Stage:
    """A partial agreement settles a case in part."""
    return Stage.SETTLED if scope is Scope.FULL else Stage.PARTIALLY_SETTLED


class RootCause(StrEnum):
    """Why the conflict arose."""

    POLICY_GAP = "policy_gap"
    POLICY_INEFFECTIVE = "policy_ineffective"
    BUDGET = "budget"
    PERMIT = "permit"
    LAND = "land"
    CONSTRUCTION_QUALITY = "construction_quality"
    INFORMATION = "information"


@part
class Source:
    """The letter in which somebody said what the secretariat enters for it; the sender is an office, never a person."""

    number: str = text(1, 80)
    date: datetime.date
    sender: str = text(2, 200)
    file: UUID | None = None


@part
class NewParty:
    """A party as it is named at registration: an organisation, or a group by its role, never a natural person."""

    kind: PartyKind
    name: str = text(2, 200)
    organisation_id: UUID | None = None
    is_complainant: bool
    spokesperson: str | None = text(2, 120, default=None)
    contact: str | None = text(3, 200, default=None)
    account: str | None = text(1, 80, default=None)


@part
class Party:
    """A party to a case: an organisation, or a group by its role; who speaks for it is told apart, for its own eyes only."""

    party_id: UUID
    kind: PartyKind
    name: str = text(2, 200)
    organisation_id: UUID | None = None
    is_complainant: bool


@part
class Findings:
    """What screening found: whether the case is one of housing, and whether a court or an office has it already."""

    in_scope: bool
    under_judgment: bool = False
    criminal: bool = False
    service_complaint: bool = False
    pending_suit: bool = False
    suit_consents: tuple[UUID, ...] = several(0, 60, default=())


@part
class Document:
    """A decree or letter of an office, by its own number."""

    number: str = text(1, 80)
    date: datetime.date
    issuer: str = text(2, 200)
    file: UUID | None = None


@part
class LandAcquisition:
    """The land acquisition that a conflict is about, and the days from which the law counts."""

    project: str = text(3, 200)
    land_stage: LandStage
    location_decree: Document | None = None
    parcels: int = amount(1, 100_000)
    compensation: Compensation
    consultation_on: datetime.date | None = None
    consultation_repeated: bool = False
    deliberation_on: datetime.date | None = None


@part
class Attendance:
    """Whether a party came to a session; absent with a reason is excused."""

    party_id: UUID
    present: bool
    excused: bool = False


@part
class Clause:
    """One clause of an agreement; its number is its place, from 1."""

    heading: str = text(2, 120)
    wording: str = text(3, 4000, multiline=True)


@part
class StatedInterest:
    """An interest, recorded before or stated here, and the clauses that meet it or the reason why none does."""

    interest_id: UUID | None = None
    party_id: UUID | None = None
    need: str | None = text(3, 1000, multiline=True, default=None)
    clauses: tuple[int, ...] = several(0, 60, default=())
    reason: str | None = text(3, 1000, multiline=True, default=None)


@part
class Interest:
    """An interest that the agreement answers, by clauses or by a reason."""

    interest_id: UUID
    party_id: UUID
    need: str = text(3, 1000, multiline=True)
    clauses: tuple[int, ...] = several(0, 60, default=())
    reason: str | None = text(3, 1000, multiline=True, default=None)


@part
class PromisedAct:
    """What a party promises to do, and by when."""

    debtor: UUID
    act: str = text(3, 1000, multiline=True)
    due: datetime.date


@part
class Obligation:
    """An act that a party owes under the agreement."""

    obligation_id: UUID
    debtor: UUID
    act: str = text(3, 1000, multiline=True)
    due: datetime.date


@part
class Checks:
    """What the mediator has made sure of before the text is laid before the parties."""

    lawful: bool
    harmless: bool
    executable: bool


def sha256() -> Any:
    """A field that holds a SHA-256 in hexadecimal."""
    return matching(r"^[0-9a-f]{64}$", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")
