"""The members as advocacy knows them from membership's facts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from services.advocacy.foreign import (
    AffairDuty,
    AffairsAssigned,
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
    """A member: only an active one may lead, `vacancy` says why one may not; its affairs tell whom a budget advocacy concerns."""

    name: str
    functions: tuple[str, ...]
    affairs: tuple[AffairDuty, ...]
    active: bool = True
    vacancy: str = ""
    successor_id: UUID | None = None


def joined(row: Organisation | None, fact: MemberJoined, about: About) -> Organisation:
    """A member is known from the day it joins."""
    return Organisation(fact.name, fact.functions, fact.affairs)


def assigned(row: Organisation | None, fact: AffairsAssigned, about: About) -> Organisation | None:
    """Affairs may be fixed before an organisation joins; then joining brings them along."""
    return row and replace(row, affairs=fact.affairs)


def suspended(row: Organisation | None, fact: MemberSuspended, about: About) -> Organisation | None:
    """It may not lead for now."""
    return row and replace(row, active=False, vacancy="suspended")


def reinstated(row: Organisation | None, fact: MemberReinstated, about: About) -> Organisation | None:
    """It may lead again."""
    return row and replace(row, active=True, vacancy="")


def left(row: Organisation | None, fact: MemberLeft, about: About) -> Organisation | None:
    """It is no member any more; what it did stays."""
    return row and replace(row, active=False, vacancy="left")


def succeeded(row: Organisation | None, fact: MemberSucceeded, about: About) -> Organisation | None:
    """Another member stands in its place."""
    return row and replace(row, active=False, vacancy="succeeded", successor_id=fact.successor_id)


organisations = Register(
    name="organisations",
    row=Organisation,
    folds={
        MemberJoined: joined,
        MemberCorrected: corrected,
        AffairsAssigned: assigned,
        MemberSuspended: suspended,
        MemberReinstated: reinstated,
        MemberLeft: left,
        MemberSucceeded: succeeded,
    },
    source="membership",
    shown=("name", "functions", "affairs", "active"),
    searched=("name",),
)


def in_good_standing(registers: Any, organisation: UUID) -> bool:
    """Whether the people of an organisation keep their rights here; True for one that is not known here."""
    row = registers.row(organisations, str(organisation))
    return row is None or row.active
