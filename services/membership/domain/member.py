"""A member: an organisation with a seat in the working group."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from services.membership.domain.rules import happened, on_behalf, once
from services.membership.domain.terms import (
    AGENCIES,
    AffairDuty,
    AgencyType,
    Body,
    Component,
    Decree,
    Function,
    Source,
    Status,
    Subkind,
)
from shared.decider import Decider, Given
from shared.errors import BrokenRule, WrongState
from shared.facts import INTERAGENCY, PUBLIC, command, fact, several, text


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


@command
class VerifyMember:
    """The secretariat confirms that the organisation nominated itself by letter."""

    nomination: Source


@command
class AdmitMember:
    """The chair gives a verified organisation its seat."""

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


NOBODY = UUID(int=0)


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

    @property
    def implements(self) -> bool:
        """Whether it carries out housing and settlement duties itself."""
        return Function.IMPLEMENTER in self.functions


def decide(member: Member, command: Any, given: Given) -> list[object]:
    """The facts that a wish makes in this state."""
    match command:
        case ProposeMember():
            return propose(member, command, given)
        case VerifyMember():
            return verify(member, command, given)
        case AdmitMember():
            return admit(member, command, given)
        case RejectMember():
            require(member, "not-awaiting-admission", Status.PROPOSED, Status.VERIFIED)
            return [MemberRejected(member_id=member.id, reason=command.reason)]
        case AssignAffairs():
            return assign(member, command)
        case SuspendMember():
            require(member, "not-active", Status.ACTIVE)
            return [MemberSuspended(member_id=member.id, reason=command.reason, on=happened(command.on, given))]
        case ReinstateMember():
            require(member, "not-suspended", Status.SUSPENDED)
            return [MemberReinstated(member_id=member.id, reason=command.reason, on=happened(command.on, given))]
    raise TypeError(f"a member knows no {type(command).__name__}")


def require(member: Member, slug: str, *statuses: Status) -> None:
    """Raises WrongState unless the member stands in one of these statuses."""
    if member.status not in statuses:
        raise WrongState(slug)


def propose(member: Member, wish: ProposeMember, given: Given) -> list[object]:
    """An organisation may be proposed once; only implementers bear affairs, only agencies have a field."""
    if member.status:
        raise WrongState("already-proposed")
    once(wish.functions, "/functions")
    once([one.affair for one in wish.affairs], "/affairs")
    if wish.affairs and Function.IMPLEMENTER not in wish.functions:
        raise BrokenRule("affairs-without-implementer", "/affairs")
    if (wish.agency_type is None) is (wish.subkind in AGENCIES):
        raise BrokenRule("agency-type-does-not-fit", "/agency_type")
    return [
        MemberProposed(
            member_id=given.new_id(0),
            name=wish.name,
            functions=wish.functions,
            subkind=wish.subkind,
            component=wish.component,
            agency_type=wish.agency_type,
            affairs=wish.affairs,
            reason=wish.reason,
            on_behalf_of=on_behalf(wish.on_behalf_of, given),
        )
    ]


def verify(member: Member, wish: VerifyMember, given: Given) -> list[object]:
    """An implementer is verified with at least one affair; participants need none."""
    require(member, "not-awaiting-verification", Status.PROPOSED)
    happened(wish.nomination.date, given, "/nomination/date")
    if member.implements and not member.affairs:
        raise BrokenRule("implementer-without-affairs")
    return [MemberVerified(member_id=member.id, nomination=wish.nomination)]


def admit(member: Member, wish: AdmitMember, given: Given) -> list[object]:
    """`given.known["group"]` is the established working group's row; its term must cover the day of admission."""
    if member.status in (Status.ACTIVE, Status.SUSPENDED):
        raise WrongState("already-a-member")
    require(member, "not-verified", Status.VERIFIED)
    on = happened(wish.on, given)
    group = given.known["group"]
    if group is None:
        raise BrokenRule("no-working-group")
    if not group.term_start <= on <= group.term_end:
        raise BrokenRule("outside-the-term", "/on", start=group.term_start, end=group.term_end)
    once(wish.bodies, "/bodies")
    if wish.decree:
        happened(wish.decree.date, given, "/decree/date")
    elif wish.core_officer:
        raise BrokenRule("core-officer-without-decree", "/decree")
    return [
        MemberJoined(
            member_id=member.id,
            name=member.name,
            functions=member.functions,
            subkind=member.subkind,
            component=member.component,
            agency_type=member.agency_type,
            affairs=member.affairs,
            bodies=wish.bodies,
            core_officer=wish.core_officer,
            decree=wish.decree,
            on=on,
        )
    ]


def assign(member: Member, wish: AssignAffairs) -> list[object]:
    """The affairs given replace those before; the same set again is nothing new."""
    require(member, "affairs-are-closed", Status.PROPOSED, Status.VERIFIED, Status.ACTIVE)
    if not member.implements:
        raise BrokenRule("affairs-without-implementer", "/affairs")
    once([one.affair for one in wish.affairs], "/affairs")
    if set(wish.affairs) == set(member.affairs):
        return []
    return [AffairsAssigned(member_id=member.id, affairs=wish.affairs)]


def evolve(member: Member, fact: Any) -> Member:
    """The member after a fact."""
    match fact:
        case MemberProposed():
            return Member(
                fact.member_id,
                Status.PROPOSED,
                fact.name,
                fact.functions,
                fact.subkind,
                fact.component,
                fact.agency_type,
                fact.affairs,
            )
        case MemberVerified():
            return replace(member, status=Status.VERIFIED)
        case MemberJoined() | MemberReinstated():
            return replace(member, status=Status.ACTIVE)
        case MemberRejected():
            return replace(member, status=Status.REJECTED)
        case MemberSuspended():
            return replace(member, status=Status.SUSPENDED)
        case AffairsAssigned():
            return replace(member, affairs=fact.affairs)
    return member


def holds(member: Member) -> frozenset[str]:
    """One seat per organisation: a legal name is held from the proposal until it is rejected, however it is spelled."""
    if member.status in (None, Status.REJECTED):
        return frozenset()
    return frozenset({f"legal-name:{' '.join(member.name.split()).casefold()}"})


member = Decider("member", Member(), decide, evolve, holds)
