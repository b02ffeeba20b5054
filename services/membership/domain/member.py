"""A member: an organisation with a seat in the working group, from its proposal until it leaves or is succeeded."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from services.membership.domain.correcting import MemberCorrected, MemberProposalCorrected
from services.membership.domain.terms import (
    AffairDuty,
    AgencyType,
    Body,
    Channel,
    Component,
    Decree,
    Function,
    Handover,
    Source,
    Status,
    Subkind,
)
from shared.facts import INTERAGENCY, PUBLIC, RESTRICTED, command, fact, personal, several, text
from shared.rules import corrected

NOBODY = UUID(int=0)


@fact(visibility=INTERAGENCY)
class MemberProposed:
    """An organisation was proposed for a seat in the working group."""

    member_id: UUID
    name: str
    functions: tuple[Function, ...]
    subkind: Subkind
    component: Component
    agency_type: AgencyType | None = None
    affairs: tuple[AffairDuty, ...] = ()
    reason: str
    on_behalf_of: Source | None = None
    invitation_id: UUID | None = None


@fact(visibility=INTERAGENCY)
class MemberVerified:
    """The secretariat found the nomination of an organisation in order."""

    member_id: UUID
    nomination: Source


@fact(visibility=PUBLIC)
class MemberJoined:
    """An organisation took its seat in the working group."""

    member_id: UUID
    name: str
    functions: tuple[Function, ...]
    subkind: Subkind
    component: Component
    agency_type: AgencyType | None = None
    affairs: tuple[AffairDuty, ...] = ()
    bodies: tuple[Body, ...]
    core_officer: bool = False
    decree: Decree | None = None
    on: date


@fact(visibility=INTERAGENCY)
class MemberRejected:
    """A proposed organisation was not admitted."""

    member_id: UUID
    reason: str


@fact(visibility=PUBLIC)
class AffairsAssigned:
    """An implementer's affairs were fixed anew, with its duty in each."""

    member_id: UUID
    affairs: tuple[AffairDuty, ...]


@fact(visibility=PUBLIC)
class MemberSuspended:
    """A member may not vote, lead or mediate until it is reinstated."""

    member_id: UUID
    reason: str
    on: date


@fact(visibility=PUBLIC)
class MemberReinstated:
    """A suspended member is a full member again."""

    member_id: UUID
    reason: str
    on: date


@fact(visibility=PUBLIC)
class MemberLeft:
    """A member gave up its seat, or was removed; what it led is handed over as listed."""

    member_id: UUID
    removed: bool
    reason: str
    handover: tuple[Handover, ...]
    on: date
    on_behalf_of: Source | None = None


@fact(visibility=PUBLIC)
class MemberSucceeded:
    """Another member took the place of an agency that was reorganised; its history stays, its open duties move."""

    member_id: UUID
    successor_id: UUID
    affairs: tuple[AffairDuty, ...]
    decree: Decree
    on: date


@fact(visibility=RESTRICTED)
class ContactChannelChanged:
    """It was said anew how an organisation is reached, or that it cannot be reached."""

    member_id: UUID
    contact_id: UUID
    channel: Channel | None
    contact: str | None = personal(of="contact_id", default=None)
    unreachable: bool
    on_behalf_of: Source | None = None


@fact(visibility=INTERAGENCY)
class ReachabilityChanged:
    """An organisation can be reached from now on, or no longer."""

    member_id: UUID
    unreachable: bool


@command
class ProposeMember:
    """Propose an organisation for a seat in the working group."""

    name: str = text(3, 200)
    functions: tuple[Function, ...] = several(1, 3)
    subkind: Subkind
    component: Component
    agency_type: AgencyType | None = None
    affairs: tuple[AffairDuty, ...] = several(0, 5, ())
    reason: str = text(3, 2000, multiline=True)
    on_behalf_of: Source | None = None
    invitation_id: UUID | None = None


@command
class VerifyMember:
    """The secretariat confirms that the organisation nominated itself by letter."""

    nomination: Source


@command
class AdmitMember:
    """The chair gives a verified organisation its seat; the secretariat may enter that a decree does so."""

    bodies: tuple[Body, ...] = several(1, 2)
    core_officer: bool = False
    decree: Decree | None = None
    on: date | None = None


@command
class RejectMember:
    """The chair turns a proposed organisation down."""

    reason: str = text(3, 2000, multiline=True)


@command
class AssignAffairs:
    """The secretariat fixes the affairs of an implementer."""

    affairs: tuple[AffairDuty, ...] = several(1, 5)


@command
class SuspendMember:
    """The chair suspends a member."""

    reason: str = text(3, 2000, multiline=True)
    on: date | None = None


@command
class ReinstateMember:
    """The chair lifts a member's suspension."""

    reason: str = text(3, 2000, multiline=True)
    on: date | None = None


@command
class LeaveMember:
    """A member gives up its seat and lists who leads what it led."""

    reason: str = text(3, 2000, multiline=True)
    handover: tuple[Handover, ...] = several(0, 100, ())
    on: date | None = None
    on_behalf_of: Source | None = None


@command
class RemoveMember:
    """The chair takes a member's seat from it."""

    reason: str = text(3, 2000, multiline=True)
    handover: tuple[Handover, ...] = several(0, 100, ())
    on: date | None = None


@command
class SucceedMember:
    """The secretariat enters that a reorganisation put another member in the place of this one."""

    successor_id: UUID
    decree: Decree
    on: date | None = None


@command
class ChangeContactChannel:
    """Say how the organisation is reached; nothing means that it cannot be reached."""

    channel: Channel | None = None
    contact: str | None = text(3, 200, default=None)
    on_behalf_of: Source | None = None


@dataclass(frozen=True)
class Member:
    """What the rules need to know of a member, and what its seat repeats of its proposal."""

    id: UUID = NOBODY
    status: Status | None = None
    name: str = ""
    functions: tuple[Function, ...] = ()
    subkind: Subkind = Subkind.OTHER
    component: Component = Component.COMMUNITY
    agency_type: AgencyType | None = None
    affairs: tuple[AffairDuty, ...] = ()
    reason: str = ""
    unreachable: bool = True
    joined_on: date = date.min

    @property
    def implements(self) -> bool:
        """Whether it carries out housing and settlement duties itself."""
        return Function.IMPLEMENTER in self.functions


OF_PROPOSAL = ("name", "functions", "subkind", "component", "agency_type", "affairs", "reason")
LEADS_TO: dict[type, Status] = {
    MemberVerified: Status.VERIFIED,
    MemberReinstated: Status.ACTIVE,
    MemberRejected: Status.REJECTED,
    MemberSuspended: Status.SUSPENDED,
    MemberLeft: Status.LEFT,
    MemberSucceeded: Status.SUCCEEDED,
}


def evolve(member: Member, fact: Any) -> Member:
    """The member after a fact."""
    match fact:
        case MemberProposed():
            told = {name: getattr(fact, name) for name in OF_PROPOSAL}
            return replace(member, id=fact.member_id, status=Status.PROPOSED, **told)
        case MemberJoined():
            return replace(member, status=Status.ACTIVE, joined_on=fact.on)
        case AffairsAssigned():
            return replace(member, affairs=fact.affairs)
        case ReachabilityChanged():
            return replace(member, unreachable=fact.unreachable)
        case MemberCorrected() | MemberProposalCorrected():
            return corrected(member, fact)
    return replace(member, status=LEADS_TO.get(type(fact), member.status))
