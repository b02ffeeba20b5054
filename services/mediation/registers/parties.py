"""The parties of all cases, and who of them has signed; who speaks for a party stays ciphertext here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from services.mediation.domain.case import AgreementDrafted, AgreementSigned, ConflictRegistered
from services.mediation.domain.terms import PartyKind
from shared.facts import personal
from shared.registers.register import About, Register


@dataclass(frozen=True)
class PartyLine:
    """A party to one case; `signed_on` is None until it signs the present text."""

    case_id: UUID
    number: str
    party_id: UUID
    kind: PartyKind
    name: str
    organisation_id: UUID | None
    is_complainant: bool
    spokesperson: str | None = personal(of="party_id", default=None)
    contact: str | None = personal(of="party_id", default=None)
    signed_on: date | None = None


def all_registered(fact: ConflictRegistered, id: UUID) -> Sequence[str]:
    """A registration opens a line for each party."""
    return [f"{id}/{party.party_id}" for party in fact.parties]


def all_heard(fact: AgreementDrafted, id: UUID) -> Sequence[str]:
    """A text answers interests of every party, so it names each of them."""
    return [f"{id}/{party_id}" for party_id in dict.fromkeys(interest.party_id for interest in fact.interests)]


def the_signer(fact: AgreementSigned, id: UUID) -> Sequence[str]:
    """A signature is that of one party."""
    return [f"{id}/{fact.party_id}"]


def registered(line: PartyLine | None, fact: ConflictRegistered, about: About) -> PartyLine:
    """The party as it was named."""
    party = next(one for one in fact.parties if about.key.endswith(str(one.party_id)))
    return PartyLine(case_id=fact.case_id, number=fact.number, **vars(party))


def drafted(line: Any, fact: AgreementDrafted, about: About) -> PartyLine:
    """A signature under an earlier text is void."""
    return replace(line, signed_on=None)


def signed(line: Any, fact: AgreementSigned, about: About) -> PartyLine:
    """The party has signed."""
    return replace(line, signed_on=fact.on)


parties = Register(
    name="parties",
    row=PartyLine,
    folds={ConflictRegistered: registered, AgreementDrafted: drafted, AgreementSigned: signed},
    keys={ConflictRegistered: all_registered, AgreementDrafted: all_heard, AgreementSigned: the_signer},
    shown=("number", "name", "kind", "is_complainant", "spokesperson", "contact", "signed_on"),
    searched=("number", "name"),
)
