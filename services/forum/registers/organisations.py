"""The organisations that membership has told of: whom a recommendation may address, and who may comment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from services.forum.domain.drafting import CommentDraft, DraftRecommendation, ReviseRecommendation
from services.forum.domain.following import ReplaceAddressee
from services.forum.foreign import (
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
    """A member of the working group and the affairs that it bears; a former one stays known."""

    name: str
    affairs: tuple[AffairDuty, ...]
    active: bool = True
    gone: bool = False
    successor: UUID | None = None


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


def left(row: Organisation | None, fact: MemberLeft, about: About) -> Organisation | None:
    """It is no member any more."""
    return row and replace(row, active=False, gone=True)


def succeeded(row: Organisation | None, fact: MemberSucceeded, about: About) -> Organisation | None:
    """Another member acts in its place."""
    return row and replace(row, active=False, gone=True, successor=fact.successor_id)


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
    shown=("name", "affairs", "active"),
    searched=("name",),
)


def _found(registers: Any, ids: Iterable[UUID]) -> dict[UUID, bool]:
    rows = {id: registers.row(organisations, str(id)) for id in ids}
    return {id: not row.gone for id, row in rows.items() if row}


def named_as_addressees(registers: Any, command: DraftRecommendation | ReviseRecommendation, id: str) -> dict[UUID, bool]:
    """The known ones among the organisations that a draft addresses, and whether they are still members."""
    return _found(registers, command.addressees)


def named_as_successor(registers: Any, command: ReplaceAddressee, id: str) -> dict[UUID, bool]:
    """The organisation that is to answer in another's place, if it is known, and whether it is still a member."""
    return _found(registers, (command.successor,) if command.successor else ())


def commenting(registers: Any, command: CommentDraft, id: str) -> bool | None:
    """Whether the organisation that comments is an active member; None when it is not known."""
    row = registers.row(organisations, str(command.organisation))
    return row.active if row else None


def is_active(registers: Any, organisation: UUID) -> bool:
    """Whether it is a member in good standing; True, too, for one that is not known here."""
    row = registers.row(organisations, str(organisation))
    return row is None or row.active
