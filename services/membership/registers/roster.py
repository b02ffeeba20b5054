"""The roster: who speaks for which member; names and contacts stay ciphertext here, and go when consent is withdrawn."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from services.membership.domain.representative import (
    ConsentWithdrawn,
    RepresentationEnded,
    RepresentativeAppointed,
    SeatCorrected,
)
from services.membership.domain.terms import ConsentBasis, SeatEnd, SeatKind
from shared.facts import personal
from shared.registers.register import About, Register, corrected


@dataclass(frozen=True)
class RosterLine:
    """A member's seat and the person in it; `ended_on` once nobody is."""

    member_id: UUID
    seat: SeatKind
    position_title: str
    representative_id: UUID
    basis: ConsentBasis
    appointed_on: date
    name: str | None = personal(of="representative_id", default=None)
    contact: str | None = personal(of="representative_id", default=None)
    ended_on: date | None = None
    end_reason: SeatEnd | None = None
    stop_by: date | None = None


def appointed(line: RosterLine | None, fact: RepresentativeAppointed, about: About) -> RosterLine:
    """The person takes the seat, the first or the next one."""
    return RosterLine(
        member_id=fact.member_id,
        seat=fact.seat,
        position_title=fact.position,
        representative_id=fact.representative_id,
        basis=fact.basis,
        appointed_on=fact.on,
        name=fact.name,
        contact=fact.contact,
    )


def withdrawn(line: Any, fact: ConsentWithdrawn, about: About) -> RosterLine:
    """Name and contact are shown no longer."""
    return replace(line, name=None, contact=None, stop_by=fact.stop_by)


def ended(line: Any, fact: RepresentationEnded, about: About) -> RosterLine:
    """The seat is vacant."""
    return replace(line, ended_on=fact.on, end_reason=fact.reason)


roster = Register(
    name="roster",
    row=RosterLine,
    folds={
        RepresentativeAppointed: appointed,
        SeatCorrected: corrected,
        ConsentWithdrawn: withdrawn,
        RepresentationEnded: ended,
    },
    shown=("member_id", "seat", "position_title", "name", "contact", "appointed_on", "ended_on"),
    searched=("position_title",),
)
