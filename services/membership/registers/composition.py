"""The composition rule, read off the directory: what the working group still lacks. It advises, it refuses nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.membership.domain.terms import Affair, AgencyType, Duty, Function, Gaps, Status, Subkind
from services.membership.registers.directory import Seat, directory
from services.membership.registers.working_groups import secretariat_host

# Permen PUPR 12/2020: the agencies that carry housing duties have a seat, and so has each kind of partner.
REQUIRED_AGENCIES = (
    AgencyType.HOUSING,
    AgencyType.PLANNING,
    AgencyType.PUBLIC_WORKS_CIPTA_KARYA,
    AgencyType.PUBLIC_WORKS_BINA_MARGA,
    AgencyType.HEALTH,
    AgencyType.ENVIRONMENT,
    AgencyType.LAND,
)
REQUIRED_PARTNERS = (
    Subkind.AUTONOMOUS_BODY,
    Subkind.PRIVATE_ASSOCIATION,
    Subkind.UNIVERSITY,
    Subkind.NGO,
    Subkind.FINANCIAL_INSTITUTION,
)
EVERYBODY = 10_000


@dataclass(frozen=True)
class RequiredSeat:
    """A line of the checklist: what is asked for, and the active members that fill it."""

    asked: Affair | AgencyType | Subkind
    filled_by: tuple[str, ...]

    @property
    def is_gap(self) -> bool:
        """Whether nobody fills it."""
        return not self.filled_by


def active_seats(registers: Any) -> list[tuple[str, Seat]]:
    """(member id, seat) of the active members."""
    return registers.rows(directory, limit=EVERYBODY, status=Status.ACTIVE)


def required_seats(registers: Any) -> tuple[RequiredSeat, ...]:
    """The whole checklist: a main-duty implementer per affair, the agencies, and each kind of partner."""
    return tuple(checklist([seat for _, seat in active_seats(registers)]))


def checklist(seats: list[Seat]) -> Iterator[RequiredSeat]:
    """One line for each thing asked for."""
    for affair in Affair:
        bearers = (one for one in seats if Function.IMPLEMENTER in one.functions and bears(one, affair))
        yield RequiredSeat(affair, tuple(one.name for one in bearers))
    for kind in REQUIRED_AGENCIES:
        yield RequiredSeat(kind, tuple(one.name for one in seats if one.agency_type is kind))
    for subkind in REQUIRED_PARTNERS:
        yield RequiredSeat(subkind, tuple(one.name for one in seats if one.subkind is subkind))


def bears(seat: Seat, affair: Affair) -> bool:
    """Whether the affair is a main duty of the seat."""
    return any(one.affair is affair and one.duty is Duty.MAIN for one in seat.affairs)


def composition_gaps(registers: Any) -> tuple[RequiredSeat, ...]:
    """What nobody fills today."""
    return tuple(one for one in required_seats(registers) if one.is_gap)


def gaps_now(registers: Any) -> Gaps:
    """What nobody fills today, by kind."""
    asked = [one.asked for one in composition_gaps(registers)]
    return Gaps(
        affairs=tuple(one for one in asked if isinstance(one, Affair)),
        agencies=tuple(one for one in asked if isinstance(one, AgencyType)),
        partners=tuple(one for one in asked if isinstance(one, Subkind)),
    )


def coordinators(registers: Any) -> frozenset[UUID]:
    """The active members that coordinate: by their functions, or because the secretariat belongs to them."""
    host = secretariat_host(registers)
    return frozenset(
        UUID(key) for key, seat in active_seats(registers) if Function.COORDINATOR in seat.functions or UUID(key) == host
    )


def unreachable_members(registers: Any) -> list[tuple[str, Seat]]:
    """(member id, seat) of the active members that nobody can reach."""
    return registers.rows(directory, limit=EVERYBODY, status=Status.ACTIVE, reachable=False)
