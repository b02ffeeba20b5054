"""What everybody may see: the organisations that have or had a seat; no persons, and nobody who only asks for one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from services.membership.domain.correcting import MemberCorrected
from services.membership.domain.member import (
    AffairsAssigned,
    MemberJoined,
    MemberLeft,
    MemberReinstated,
    MemberSucceeded,
    MemberSuspended,
)
from services.membership.domain.terms import AffairDuty, Body, Component, Function, Status, Subkind
from shared.registers.register import About, Register, corrected


@dataclass(frozen=True)
class PublicSeat:
    """An organisation with a seat."""

    name: str
    status: Status
    functions: tuple[Function, ...]
    subkind: Subkind
    component: Component
    affairs: tuple[AffairDuty, ...]
    bodies: tuple[Body, ...]
    joined_on: date
    successor_id: UUID | None = None


def joined(seat: PublicSeat | None, fact: MemberJoined, about: About) -> PublicSeat:
    """A line opens with the seat."""
    return PublicSeat(
        name=fact.name,
        status=Status.ACTIVE,
        functions=fact.functions,
        subkind=fact.subkind,
        component=fact.component,
        affairs=fact.affairs,
        bodies=fact.bodies,
        joined_on=fact.on,
    )


def assigned(seat: PublicSeat | None, fact: AffairsAssigned, about: About) -> PublicSeat | None:
    """Affairs that are fixed before an organisation joins come with its seat."""
    return seat and replace(seat, affairs=fact.affairs)


def suspended(seat: Any, fact: MemberSuspended, about: About) -> PublicSeat:
    """The seat rests; why is for the working group's people."""
    return replace(seat, status=Status.SUSPENDED)


def reinstated(seat: Any, fact: MemberReinstated, about: About) -> PublicSeat:
    """The seat counts again."""
    return replace(seat, status=Status.ACTIVE)


def left(seat: Any, fact: MemberLeft, about: About) -> PublicSeat:
    """The line stays."""
    return replace(seat, status=Status.LEFT)


def succeeded(seat: Any, fact: MemberSucceeded, about: About) -> PublicSeat:
    """The line says who took over."""
    return replace(seat, status=Status.SUCCEEDED, successor_id=fact.successor_id)


public_members = Register(
    name="public_members",
    row=PublicSeat,
    folds={
        MemberJoined: joined,
        AffairsAssigned: assigned,
        MemberSuspended: suspended,
        MemberReinstated: reinstated,
        MemberLeft: left,
        MemberSucceeded: succeeded,
        MemberCorrected: corrected,
    },
    shown=("name", "status", "functions", "subkind", "joined_on"),
    searched=("name",),
    public=True,
)
