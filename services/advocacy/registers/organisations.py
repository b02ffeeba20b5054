"""The members as advocacy knows them from membership's facts."""

from __future__ import annotations

from dataclasses import dataclass, replace

from services.advocacy.foreign import AffairDuty, AffairsAssigned, MemberJoined, MemberReinstated, MemberSuspended
from shared.registers.register import About, Register


@dataclass(frozen=True)
class Organisation:
    """A member: only an active one may lead; its affairs tell whom a budget advocacy concerns."""

    name: str
    functions: tuple[str, ...]
    affairs: tuple[AffairDuty, ...]
    active: bool = True


def joined(row: Organisation | None, fact: MemberJoined, about: About) -> Organisation:
    """A member is known from the day it joins."""
    return Organisation(fact.name, fact.functions, fact.affairs)


def assigned(row: Organisation | None, fact: AffairsAssigned, about: About) -> Organisation | None:
    """Affairs may be fixed before an organisation joins; then joining brings them along."""
    return row and replace(row, affairs=fact.affairs)


def suspended(row: Organisation | None, fact: MemberSuspended, about: About) -> Organisation | None:
    """It may not lead for now."""
    return row and replace(row, active=False)


def reinstated(row: Organisation | None, fact: MemberReinstated, about: About) -> Organisation | None:
    """It may lead again."""
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
    shown=("name", "functions", "affairs", "active"),
    searched=("name",),
)
