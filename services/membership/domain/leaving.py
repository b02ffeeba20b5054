"""What must hold before a member goes: nothing that it led is lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from services.membership.domain.rules import active_member
from services.membership.domain.terms import Handover, LeadKind
from shared.decider import Given
from shared.errors import BrokenRule
from shared.rules import once


def handed_over(member_id: UUID, handover: Sequence[Handover], given: Given) -> None:
    """`given.known` holds `host` (of the secretariat), `leads` (task forces led, by id) and `takers` (rows by member id)."""
    if given.known["host"] == member_id:
        raise BrokenRule("hosts-the-secretariat")
    once([(one.kind, one.ref) for one in handover], "/handover")
    takers: Mapping[UUID, Any] = given.known["takers"]
    for n, one in enumerate(handover):
        if one.to == member_id:
            raise BrokenRule("handed-over-to-itself", f"/handover/{n}/to")
        if one.to:
            active_member(takers.get(one.to), f"/handover/{n}/to")
    listed = {one.ref for one in handover if one.kind is LeadKind.TASK_FORCE}
    for ref, name in given.known["leads"].items():
        if ref not in listed:
            raise BrokenRule("lead-without-handover", "/handover", name=name)


def able_to_succeed(member_id: UUID, successor_id: UUID, given: Given) -> None:
    """Another active member takes the place, and the secretariat does not vanish with the old one."""
    if successor_id == member_id:
        raise BrokenRule("succeeds-itself", "/successor_id")
    active_member(given.known["successor"], "/successor_id")
    if given.known["host"] == member_id:
        raise BrokenRule("hosts-the-secretariat")
