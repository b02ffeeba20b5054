"""The parties of all cases, and how far each is; who speaks for a party stays ciphertext, for its own and the staff's eyes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from services.mediation.domain.agreeing import AgreementSigned
from services.mediation.domain.agreement import AgreementDrafted
from services.mediation.domain.appointing import MediatorObjected, MediatorRecused
from services.mediation.domain.consenting import CaseSummarySubmitted, PartyConsented, PartyRefused
from services.mediation.domain.joining import PartyAdded, PartyRemoved
from services.mediation.domain.registering import ConflictRegistered, SpokespersonNamed
from services.mediation.domain.succeeding import PartySucceeded
from services.mediation.domain.terms import Party, PartyKind
from shared.facts import personal
from shared.registers.register import About, Register


@dataclass(frozen=True)
class PartyLine:
    """A party to one case; its days are None until it consents, sums up, signs the present text."""

    case_id: UUID
    party_id: UUID
    kind: PartyKind
    name: str
    organisation_id: UUID | None
    is_complainant: bool
    number: str = ""
    spokesperson: str | None = personal(of="party_id", default=None)
    contact: str | None = personal(of="party_id", default=None)
    consented_on: date | None = None
    refused_on: date | None = None
    summarised_on: date | None = None
    signed_on: date | None = None


def all_registered(fact: ConflictRegistered, id: UUID) -> Sequence[str]:
    """A registration opens a line for each party."""
    return [f"{id}/{party.party_id}" for party in fact.parties]


def the_added(fact: PartyAdded, id: UUID) -> Sequence[str]:
    """One party more."""
    return [f"{id}/{fact.party.party_id}"]


def all_heard(fact: AgreementDrafted, id: UUID) -> Sequence[str]:
    """A text answers interests of every party, so it names each of them."""
    return [f"{id}/{party_id}" for party_id in dict.fromkeys(interest.party_id for interest in fact.interests)]


def who_had_signed(fact: MediatorObjected | MediatorRecused, id: UUID) -> Sequence[str]:
    """Those whose signatures fall with the mediator's text."""
    return [f"{id}/{party_id}" for party_id in fact.unsigned]


def the_party(fact: Any, id: UUID) -> Sequence[str]:
    """An act of one party."""
    return [f"{id}/{fact.party_id}"]


def _line(case_id: UUID, party: Party) -> PartyLine:
    return PartyLine(case_id=case_id, **vars(party))


def registered(line: PartyLine | None, fact: ConflictRegistered, about: About) -> PartyLine:
    """The party as it was named."""
    party = next(one for one in fact.parties if about.key.endswith(str(one.party_id)))
    return replace(_line(fact.case_id, party), number=fact.number)


def added(line: PartyLine | None, fact: PartyAdded, about: About) -> PartyLine:
    """A party that came later."""
    return _line(fact.case_id, fact.party)


def succeeded(line: Any, fact: PartySucceeded, about: About) -> PartyLine:
    """The party goes by its successor's name."""
    return replace(line, organisation_id=fact.organisation_id, name=fact.name)


def removed(line: PartyLine | None, fact: PartyRemoved, about: About) -> None:
    """It takes no part any more."""


def named(line: Any, fact: SpokespersonNamed, about: About) -> PartyLine:
    """The latest spokesperson counts."""
    return replace(line, spokesperson=fact.spokesperson, contact=fact.contact)


def consented(line: Any, fact: PartyConsented, about: About) -> PartyLine:
    """It wants to mediate."""
    return replace(line, consented_on=fact.on, refused_on=None)


def refused(line: Any, fact: PartyRefused, about: About) -> PartyLine:
    """It does not want to."""
    return replace(line, consented_on=None, refused_on=fact.on)


def summarised(line: Any, fact: CaseSummarySubmitted, about: About) -> PartyLine:
    """The mediator has its summary."""
    return replace(line, summarised_on=fact.on)


def unsigned(line: Any, fact: AgreementDrafted | MediatorObjected | MediatorRecused, about: About) -> PartyLine:
    """A signature under an earlier text is void."""
    return replace(line, signed_on=None)


def signed(line: Any, fact: AgreementSigned, about: About) -> PartyLine:
    """The party has signed."""
    return replace(line, signed_on=fact.on)


parties = Register(
    name="parties",
    row=PartyLine,
    folds={
        ConflictRegistered: registered,
        PartyAdded: added,
        PartyRemoved: removed,
        PartySucceeded: succeeded,
        SpokespersonNamed: named,
        PartyConsented: consented,
        PartyRefused: refused,
        CaseSummarySubmitted: summarised,
        AgreementDrafted: unsigned,
        MediatorObjected: unsigned,
        MediatorRecused: unsigned,
        AgreementSigned: signed,
    },
    keys={
        ConflictRegistered: all_registered,
        PartyAdded: the_added,
        PartyRemoved: the_party,
        PartySucceeded: the_party,
        SpokespersonNamed: the_party,
        PartyConsented: the_party,
        PartyRefused: the_party,
        CaseSummarySubmitted: the_party,
        AgreementDrafted: all_heard,
        MediatorObjected: who_had_signed,
        MediatorRecused: who_had_signed,
        AgreementSigned: the_party,
    },
    shown=("number", "name", "kind", "is_complainant", "spokesperson", "contact", "consented_on", "signed_on"),
    searched=("number", "name"),
)
