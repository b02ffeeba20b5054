"""A representative's seat: one person at a time speaks for a member, and another may take the seat over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from services.membership.domain.rules import active_member
from services.membership.domain.terms import ConsentBasis, SeatEnd, SeatKind, Source
from shared.decider import Actor, Decider, Given
from shared.errors import BrokenRule, WrongState
from shared.facts import INTERAGENCY, RESTRICTED, command, fact, personal, text
from shared.rules import Entered, corrected, correction, happened, its_own_organisation, on_behalf

STOP_WITHIN = timedelta(days=3)  # UU 27/2022 art. 40: 3 x 24 hours after consent was withdrawn
NOBODY = UUID(int=0)


class SeatField(StrEnum):
    """What of a seat may be corrected; who sits in it is a person's own, and entered anew with the person."""

    POSITION_TITLE = "position_title"


@fact(visibility=RESTRICTED)
class RepresentativeAppointed:
    """A person was named to speak for a member."""

    seat_id: UUID
    representative_id: UUID
    member_id: UUID
    seat: SeatKind
    position: str
    name: str = personal(of="representative_id")
    contact: str | None = personal(of="representative_id", default=None)
    basis: ConsentBasis
    on: date
    on_behalf_of: Source | None = None


@fact(visibility=INTERAGENCY)
class SeatFilled:
    """A seat of a member is taken, by a person who is known by an opaque id only."""

    seat_id: UUID
    member_id: UUID
    seat: SeatKind
    position: str
    representative_id: UUID
    on: date


@fact(visibility=INTERAGENCY)
class RepresentationEnded:
    """A person no longer speaks for a member."""

    seat_id: UUID
    member_id: UUID
    representative_id: UUID
    reason: SeatEnd
    on: date


@fact(visibility=RESTRICTED)
class ConsentWithdrawn:
    """A person no longer agrees that name and contact are kept; processing stops by the day told."""

    seat_id: UUID
    representative_id: UUID
    on: date
    stop_by: date
    on_behalf_of: Source | None = None


@fact(visibility=INTERAGENCY)
class SeatCorrected:
    """What the position of a member's seat is called was corrected: what stood there, what stands there now, and why."""

    seat_id: UUID
    field: SeatField
    old: str
    new: str
    reason: str


@command
class AppointRepresentative:
    """Name a person who speaks for a member."""

    member_id: UUID
    seat: SeatKind
    position: str = text(2, 200)
    name: str = text(2, 120)
    contact: str | None = text(3, 200, default=None)
    basis: ConsentBasis
    on: date | None = None
    on_behalf_of: Source | None = None


@command
class ReplaceRepresentative:
    """Another person takes the seat; the member and its seat stay as they are."""

    position: str = text(2, 200)
    name: str = text(2, 120)
    contact: str | None = text(3, 200, default=None)
    basis: ConsentBasis
    on: date | None = None
    on_behalf_of: Source | None = None


@command
class EndRepresentation:
    """The person gives the seat up, and nobody takes it yet."""

    reason: SeatEnd
    on: date | None = None
    on_behalf_of: Source | None = None


@command
class WithdrawConsent:
    """The person no longer agrees that name and contact are kept."""

    on: date | None = None
    on_behalf_of: Source | None = None


@command
class CorrectSeat:
    """The secretariat corrects what the position is called."""

    field: SeatField
    value: str = text(1, 200)
    reason: str = text(3, 2000, multiline=True)


@dataclass(frozen=True)
class Seat:
    """What the rules need to know of a seat; `person` is None once it is vacant."""

    id: UUID = NOBODY
    member_id: UUID = NOBODY
    kind: SeatKind = SeatKind.TECHNICAL
    person: UUID | None = None
    basis: ConsentBasis = ConsentBasis.CONSENT
    since: date = date.min
    position_title: str = ""


def decide(seat: Seat, command: Any, given: Given) -> Sequence[object]:
    """The facts that a wish makes in this state."""
    match command:
        case AppointRepresentative():
            return appoint(seat, command, given)
        case ReplaceRepresentative():
            return replace_person(seat, command, given)
        case EndRepresentation():
            return end(seat, command, given)
        case WithdrawConsent():
            return withdraw(seat, command, given)
        case CorrectSeat():
            return correct(seat, command, given)
    raise TypeError(f"a representative's seat knows no {type(command).__name__}")


def appoint(seat: Seat, wish: AppointRepresentative, given: Given) -> Sequence[object]:
    """`given.known["member"]` is the directory's row of the member that the person speaks for."""
    if seat.id != NOBODY:
        raise WrongState("seat-already-filled")
    its_own_organisation(wish.member_id, given)
    active_member(given.known["member"], "/member_id")
    return taken(Seat(given.new_id(0), wish.member_id, wish.seat), wish, given)


def taken(seat: Seat, wish: AppointRepresentative | ReplaceRepresentative, given: Given) -> Sequence[object]:
    """Who the person is stays inside; that the seat is filled is told."""
    on, person = happened(wish.on, given), given.new_id(1)
    return [
        RepresentativeAppointed(
            seat_id=seat.id,
            representative_id=person,
            member_id=seat.member_id,
            seat=seat.kind,
            position=wish.position,
            name=wish.name,
            contact=wish.contact,
            basis=wish.basis,
            on=on,
            on_behalf_of=on_behalf(wish.on_behalf_of, given),
        ),
        SeatFilled(
            seat_id=seat.id,
            member_id=seat.member_id,
            seat=seat.kind,
            position=wish.position,
            representative_id=person,
            on=on,
        ),
    ]


def require_occupied(seat: Seat) -> None:
    """Raises WrongState when nobody has the seat."""
    if seat.person is None:
        raise WrongState("seat-is-vacant")


def occupied(seat: Seat, wish: Any, given: Given) -> date:
    """The day of an act about the person who has the seat; raises WrongState when nobody has it."""
    require_occupied(seat)
    on = happened(wish.on, given)
    if on < seat.since:
        raise BrokenRule("before-the-appointment", "/on", since=seat.since)
    return on


def replace_person(seat: Seat, wish: ReplaceRepresentative, given: Given) -> Sequence[object]:
    """The seat passes from one person to another in one step, so that it is never without a head in between."""
    on = occupied(seat, wish, given)
    return [ended(seat, SeatEnd.REPLACED, on), *taken(seat, wish, given)]


def end(seat: Seat, wish: EndRepresentation, given: Given) -> Sequence[object]:
    """Withdrawn consent has a command of its own, because more follows from it."""
    on = occupied(seat, wish, given)
    if wish.reason in (SeatEnd.CONSENT_WITHDRAWN, SeatEnd.REPLACED):
        raise BrokenRule("reason-has-its-own-command", "/reason")
    on_behalf(wish.on_behalf_of, given)
    return [ended(seat, wish.reason, on)]


def withdraw(seat: Seat, wish: WithdrawConsent, given: Given) -> Sequence[object]:
    """Only what rests on consent ends with it; a duty of office ends with the office."""
    on = occupied(seat, wish, given)
    if seat.basis is not ConsentBasis.CONSENT:
        raise BrokenRule("consent-is-not-the-basis")
    withdrawn = ConsentWithdrawn(
        seat_id=seat.id,
        representative_id=seat.person or NOBODY,
        on=on,
        stop_by=on + STOP_WITHIN,
        on_behalf_of=on_behalf(wish.on_behalf_of, given),
    )
    return [withdrawn, ended(seat, SeatEnd.CONSENT_WITHDRAWN, on)]


ENTERED: Entered = {SeatField.POSITION_TITLE: (AppointRepresentative, "position")}


def correct(seat: Seat, wish: CorrectSeat, given: Given) -> Sequence[object]:
    """The seat and the person stay; only what the position is called was wrong."""
    require_occupied(seat)
    return [SeatCorrected(seat_id=seat.id, **correction(seat, wish, ENTERED))]


def ended(seat: Seat, reason: SeatEnd, on: date) -> RepresentationEnded:
    """The person no longer speaks for the member."""
    person = seat.person or NOBODY
    return RepresentationEnded(seat_id=seat.id, member_id=seat.member_id, representative_id=person, reason=reason, on=on)


def evolve(seat: Seat, fact: Any) -> Seat:
    """The seat after a fact; name and contact are none of its business."""
    match fact:
        case RepresentativeAppointed():
            return Seat(fact.seat_id, fact.member_id, fact.seat, fact.representative_id, fact.basis, fact.on, fact.position)
        case RepresentationEnded():
            return replace(seat, person=None)
        case SeatCorrected():
            return corrected(seat, fact)
    return seat


def holds(seat: Seat) -> frozenset[str]:
    """A member has one head."""
    if seat.person is None or seat.kind is not SeatKind.HEAD:
        return frozenset()
    return frozenset({f"head-seat:{seat.member_id}"})


def relations(seat: Seat, actor: Actor) -> frozenset[str]:
    """`own`: of the member whose seat it is."""
    return frozenset({"own"} if actor.organisation == seat.member_id else ())


representative = Decider("representative", Seat(), decide, evolve, holds, relations=relations)
