"""The words of a case: who its parties are, what it is about, what an agreement is made of."""

from __future__ import annotations

import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from shared.facts import matching, part, personal, several, text


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
    AGREEMENT_DRAFTED = "agreement_drafted"
    SETTLED = "settled"
    PARTIALLY_SETTLED = "partially_settled"


SETTLED = (Stage.SETTLED, Stage.PARTIALLY_SETTLED)


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


@part
class Party:
    """A party to a case: an organisation, or a group by its role; who speaks for it is kept encrypted."""

    party_id: UUID
    kind: PartyKind
    name: str = text(2, 200)
    organisation_id: UUID | None = None
    is_complainant: bool
    spokesperson: str | None = personal(of="party_id", least=2, most=120, default=None)
    contact: str | None = personal(of="party_id", least=3, default=None)


@part
class Clause:
    """One clause of an agreement; its number is its place, from 1."""

    heading: str = text(2, 120)
    wording: str = text(3, 4000, multiline=True)


@part
class StatedInterest:
    """What a party needs, and the clauses that meet it or the reason why none does."""

    party_id: UUID
    need: str = text(3, 1000, multiline=True)
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


# Without 0, 1, I, L, O and U: a code is read aloud over the telephone.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def tracking_code(id: UUID) -> str:
    """Ten unambiguous characters (49 bits) from the random end of an id."""
    rest, code = id.int & (2**62 - 1), ""
    for _ in range(10):
        rest, place = divmod(rest, len(_ALPHABET))
        code += _ALPHABET[place]
    return code
