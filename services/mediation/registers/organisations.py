"""The organisations that membership has told of: who may be a party, be advised, or send a mediator."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from services.mediation.domain.agreeing import DraftAgreement
from services.mediation.domain.appointing import AppointMediator
from services.mediation.domain.failing import DeclareImpasse
from services.mediation.domain.joining import AddParty
from services.mediation.domain.registering import RegisterCase
from services.mediation.domain.succeeding import SucceedParty
from services.mediation.foreign import (
    MemberCorrected,
    MemberJoined,
    MemberLeft,
    MemberReinstated,
    MemberSucceeded,
    MemberSuspended,
)
from shared.registers.register import About, Register, corrected


@dataclass(frozen=True)
class Organisation:
    """A member of the working group, as far as a case needs it; a former one stays known."""

    name: str
    active: bool


def joined(row: Organisation | None, fact: MemberJoined, about: About) -> Organisation:
    """It is known from now on."""
    return Organisation(fact.name, active=True)


def suspended(row: Organisation | None, fact: MemberSuspended, about: About) -> Organisation | None:
    """It stays known: a suspended organisation can still be a party."""
    return row and replace(row, active=False)


def reinstated(row: Organisation | None, fact: MemberReinstated, about: About) -> Organisation | None:
    """It counts again."""
    return row and replace(row, active=True)


def gone(row: Organisation | None, fact: MemberLeft | MemberSucceeded, about: About) -> Organisation | None:
    """It can still be a party, but sends no mediator."""
    return row and replace(row, active=False)


organisations = Register(
    name="organisations",
    row=Organisation,
    folds={
        MemberJoined: joined,
        MemberCorrected: corrected,
        MemberSuspended: suspended,
        MemberReinstated: reinstated,
        MemberLeft: gone,
        MemberSucceeded: gone,
    },
    source="membership",
    shown=("name", "active"),
    searched=("name",),
)


def found(registers: Any, ids: Iterable[UUID]) -> frozenset[UUID]:
    """Those of the organisations that are known here."""
    return frozenset(id for id in ids if registers.row(organisations, str(id)))


def named_as_parties(registers: Any, command: RegisterCase, id: str) -> frozenset[UUID]:
    """The known ones among the organisations that a registration names."""
    return found(registers, (party.organisation_id for party in command.parties if party.organisation_id))


def named_as_party(registers: Any, command: AddParty, id: str) -> frozenset[UUID]:
    """The organisation that is to take part, if it is known."""
    return found(registers, [command.party.organisation_id] if command.party.organisation_id else [])


def named_as_advised(registers: Any, command: DraftAgreement | DeclareImpasse, id: str) -> frozenset[UUID]:
    """The known ones among the organisations that are advised to act."""
    return found(registers, command.advised)


def named_as_successor(registers: Any, command: SucceedParty, id: str) -> str | None:
    """The name of an organisation that takes the place of another, None when it is not known."""
    row = registers.row(organisations, str(command.successor))
    return row.name if row else None


def sends_mediator(registers: Any, command: AppointMediator, id: str) -> bool | None:
    """Whether the organisation of a mediator is an active member; None when it is not known."""
    row = registers.row(organisations, str(command.organisation))
    return row.active if row else None


def is_active(registers: Any, organisation: UUID) -> bool:
    """Whether it is a member in good standing; True, too, for one that is not known here."""
    row = registers.row(organisations, str(organisation))
    return row is None or row.active
