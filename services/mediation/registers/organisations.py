"""The organisations that membership has told of: who may be named as a party or be advised."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from services.mediation.domain.case import DraftAgreement, RegisterCase
from services.mediation.foreign import MemberJoined, MemberReinstated, MemberSuspended
from shared.registers.register import About, Register


@dataclass(frozen=True)
class Organisation:
    """A member of the working group, as far as a case needs it."""

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


organisations = Register(
    name="organisations",
    row=Organisation,
    folds={MemberJoined: joined, MemberSuspended: suspended, MemberReinstated: reinstated},
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


def named_as_advised(registers: Any, command: DraftAgreement, id: str) -> frozenset[UUID]:
    """The known ones among the organisations that an agreement advises to act."""
    return found(registers, command.advised)
