"""The affairs matrix: which implementer bears which of the five affairs, as main or as supporting duty."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

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
)
from services.membership.domain.terms import Affair, AffairDuty, Duty, Function, Status
from shared.registers.register import About, Register, corrected


@dataclass(frozen=True)
class Line:
    """One implementer's line of the matrix; an empty cell is None."""

    name: str
    status: Status
    a1: Duty | None = None
    a2: Duty | None = None
    a3: Duty | None = None
    a4: Duty | None = None
    a5: Duty | None = None


def cells(affairs: Iterable[AffairDuty]) -> dict[str, Any]:
    """All five cells: those not borne are empty."""
    borne = {one.affair: one.duty for one in affairs}
    return {affair.lower(): borne.get(affair) for affair in Affair}


def proposed(line: Line | None, fact: MemberProposed, about: About) -> Line | None:
    """Only implementers have a line."""
    if Function.IMPLEMENTER not in fact.functions:
        return None
    return Line(fact.name, Status.PROPOSED, **cells(fact.affairs))


def assigned(line: Line | None, fact: AffairsAssigned, about: About) -> Line | None:
    """The cells are replaced."""
    return line and replace(line, **cells(fact.affairs))


def verified(line: Line | None, fact: MemberVerified, about: About) -> Line | None:
    """The nomination is in order."""
    return line and replace(line, status=Status.VERIFIED)


def active(line: Line | None, fact: MemberJoined | MemberReinstated, about: About) -> Line | None:
    """The line counts."""
    return line and replace(line, status=Status.ACTIVE)


def suspended(line: Line | None, fact: MemberSuspended, about: About) -> Line | None:
    """The line does not count for now."""
    return line and replace(line, status=Status.SUSPENDED)


def rejected(line: Line | None, fact: MemberRejected, about: About) -> None:
    """Who is not admitted bears nothing."""


def left(line: Line | None, fact: MemberLeft, about: About) -> None:
    """Who has left bears nothing any more."""


def succeeded(line: Line | None, fact: MemberSucceeded, about: About) -> Line | None:
    """The line stays until its affairs are assigned to the successor, but it does not count."""
    return line and replace(line, status=Status.SUCCEEDED)


affairs_matrix = Register(
    name="affairs_matrix",
    row=Line,
    folds={
        MemberProposed: proposed,
        AffairsAssigned: assigned,
        MemberVerified: verified,
        MemberJoined: active,
        MemberReinstated: active,
        MemberSuspended: suspended,
        MemberRejected: rejected,
        MemberLeft: left,
        MemberSucceeded: succeeded,
        MemberProposalCorrected: corrected,
        MemberCorrected: corrected,
    },
    shown=("name", "status", "a1", "a2", "a3", "a4", "a5"),
    searched=("name",),
)
