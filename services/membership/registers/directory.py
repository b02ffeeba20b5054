"""The directory: every organisation that has or asks for a seat; no persons."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from services.membership.domain.correcting import MemberCorrected, MemberProposalCorrected
from services.membership.domain.member import (
    AffairsAssigned,
    MemberJoined,
    MemberLeft,
    MemberProposed,
    MemberReinstated,
    MemberRejected,
    MemberSucceeded,
    MemberSuspended,
    MemberVerified,
    ReachabilityChanged,
)
from services.membership.domain.terms import AffairDuty, AgencyType, Body, Component, Function, Status, Subkind
from shared.registers.register import About, Register, corrected


@dataclass(frozen=True)
class Seat:
    """An organisation as the directory shows it; `reason` is that of the last step that needed one."""

    name: str
    status: Status
    functions: tuple[Function, ...]
    subkind: Subkind
    component: Component
    agency_type: AgencyType | None
    affairs: tuple[AffairDuty, ...]
    reason: str
    bodies: tuple[Body, ...] = ()
    core_officer: bool = False
    joined_on: date | None = None
    left_on: date | None = None
    successor_id: UUID | None = None
    reachable: bool = False


def proposed(seat: Seat | None, fact: MemberProposed, about: About) -> Seat:
    """A line opens with the proposal."""
    return Seat(
        name=fact.name,
        status=Status.PROPOSED,
        functions=fact.functions,
        subkind=fact.subkind,
        component=fact.component,
        agency_type=fact.agency_type,
        affairs=fact.affairs,
        reason=fact.reason,
    )


def verified(seat: Any, fact: MemberVerified, about: About) -> Seat:
    """The nomination is in order."""
    return replace(seat, status=Status.VERIFIED)


def joined(seat: Any, fact: MemberJoined, about: About) -> Seat:
    """The organisation has its seat."""
    return replace(
        seat,
        status=Status.ACTIVE,
        affairs=fact.affairs,
        bodies=fact.bodies,
        core_officer=fact.core_officer,
        joined_on=fact.on,
    )


def rejected(seat: Any, fact: MemberRejected, about: About) -> Seat:
    """The line stays, with the reason."""
    return replace(seat, status=Status.REJECTED, reason=fact.reason)


def assigned(seat: Any, fact: AffairsAssigned, about: About) -> Seat:
    """The affairs are replaced."""
    return replace(seat, affairs=fact.affairs)


def suspended(seat: Any, fact: MemberSuspended, about: About) -> Seat:
    """The seat rests."""
    return replace(seat, status=Status.SUSPENDED, reason=fact.reason)


def reinstated(seat: Any, fact: MemberReinstated, about: About) -> Seat:
    """The seat counts again."""
    return replace(seat, status=Status.ACTIVE, reason=fact.reason)


def left(seat: Any, fact: MemberLeft, about: About) -> Seat:
    """The line stays, with the reason."""
    return replace(seat, status=Status.LEFT, reason=fact.reason, left_on=fact.on)


def succeeded(seat: Any, fact: MemberSucceeded, about: About) -> Seat:
    """The history stays here; the line says who took over."""
    return replace(seat, status=Status.SUCCEEDED, successor_id=fact.successor_id, left_on=fact.on)


def reached(seat: Any, fact: ReachabilityChanged, about: About) -> Seat:
    """Whether there is a channel that works."""
    return replace(seat, reachable=not fact.unreachable)


directory = Register(
    name="directory",
    row=Seat,
    folds={
        MemberProposed: proposed,
        MemberVerified: verified,
        MemberJoined: joined,
        MemberRejected: rejected,
        AffairsAssigned: assigned,
        MemberSuspended: suspended,
        MemberReinstated: reinstated,
        MemberLeft: left,
        MemberSucceeded: succeeded,
        ReachabilityChanged: reached,
        MemberProposalCorrected: corrected,
        MemberCorrected: corrected,
    },
    shown=("name", "status", "functions", "subkind", "joined_on"),
    searched=("name",),
)
