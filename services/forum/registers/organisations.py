"""The organisations that membership has told of: whom a recommendation may address."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from services.forum.domain.recommendation import DraftRecommendation, ReviseRecommendation
from services.forum.foreign import AffairDuty, AffairsAssigned, MemberJoined, MemberReinstated, MemberSuspended
from shared.registers.register import About, Register


@dataclass(frozen=True)
class Organisation:
    """A member of the working group and the affairs that it bears."""

    name: str
    affairs: tuple[AffairDuty, ...]
    active: bool = True


def joined(row: Organisation | None, fact: MemberJoined, about: About) -> Organisation:
    """It is known from now on."""
    return Organisation(fact.name, fact.affairs)


def assigned(row: Organisation | None, fact: AffairsAssigned, about: About) -> Organisation | None:
    """Affairs may be fixed before an organisation joins; then joining brings them along."""
    return row and replace(row, affairs=fact.affairs)


def suspended(row: Organisation | None, fact: MemberSuspended, about: About) -> Organisation | None:
    """It stays known: a suspended organisation can still be advised."""
    return row and replace(row, active=False)


def reinstated(row: Organisation | None, fact: MemberReinstated, about: About) -> Organisation | None:
    """It counts again."""
    return row and replace(row, active=True)


organisations = Register(
    name="organisations",
    row=Organisation,
    folds={
        MemberJoined: joined,
        AffairsAssigned: assigned,
        MemberSuspended: suspended,
        MemberReinstated: reinstated,
    },
    source="membership",
    shown=("name", "affairs", "active"),
    searched=("name",),
)


def named_as_addressees(registers: Any, command: DraftRecommendation | ReviseRecommendation, id: str) -> frozenset[UUID]:
    """The known ones among the organisations that a draft addresses."""
    return frozenset(one for one in command.addressees if registers.row(organisations, str(one)))
