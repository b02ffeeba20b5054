"""How a member decides: which wish may be granted in which state, what waits for whom, who is who."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from services.membership.domain import correcting
from services.membership.domain.correcting import CorrectMember, MemberCorrected, MemberField, MemberProposalCorrected
from services.membership.domain.leaving import able_to_succeed, handed_over
from services.membership.domain.member import (
    AdmitMember,
    AffairsAssigned,
    AssignAffairs,
    ChangeContactChannel,
    ContactChannelChanged,
    LeaveMember,
    Member,
    MemberJoined,
    MemberLeft,
    MemberProposed,
    MemberReinstated,
    MemberRejected,
    MemberSucceeded,
    MemberSuspended,
    MemberVerified,
    ProposeMember,
    ReachabilityChanged,
    ReinstateMember,
    RejectMember,
    RemoveMember,
    SucceedMember,
    SuspendMember,
    VerifyMember,
    evolve,
)
from services.membership.domain.terms import AGENCIES, Function, Source, Status
from shared.decider import Actor, Decider, Given, Waits
from shared.errors import BrokenRule, UnknownReference, WrongState
from shared.rules import Entered, correction, happened, on_behalf, once


def decide(member: Member, command: Any, given: Given) -> Sequence[object]:
    """The facts that a wish makes in this state."""
    wish = WISHES.get(type(command))
    if wish is None:
        raise TypeError(f"a member knows no {type(command).__name__}")
    return wish(member, command, given)


def require(member: Member, slug: str, *statuses: Status) -> None:
    """Raises WrongState unless the member stands in one of these statuses."""
    if member.status not in statuses:
        raise WrongState(slug)


def propose(member: Member, wish: ProposeMember, given: Given) -> Sequence[object]:
    """An organisation may be proposed once; only implementers bear affairs, only agencies have a field."""
    if member.status:
        raise WrongState("already-proposed")
    once(wish.functions, "/functions")
    once([one.affair for one in wish.affairs], "/affairs")
    if wish.affairs and Function.IMPLEMENTER not in wish.functions:
        raise BrokenRule("affairs-without-implementer", "/affairs")
    if (wish.agency_type is None) is (wish.subkind in AGENCIES):
        raise BrokenRule("agency-type-does-not-fit", "/agency_type")
    follows_invitation(wish, given)
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
            invitation_id=wish.invitation_id,
        )
    ]


def follows_invitation(wish: ProposeMember, given: Given) -> None:
    """`given.known["invitation"]` is the row of the invitation that the proposal names; it must have been accepted."""
    if wish.invitation_id is None:
        return
    row = given.known["invitation"]
    if row is None:
        raise UnknownReference("unknown-invitation", "/invitation_id")
    if not row.accepted:
        raise BrokenRule("invitation-not-accepted", "/invitation_id")
    if Function.PARTICIPATORY not in wish.functions:
        raise BrokenRule("invited-to-participate", "/functions")


def verify(member: Member, wish: VerifyMember, given: Given) -> Sequence[object]:
    """An implementer is verified with at least one affair; participants need none."""
    require(member, "not-awaiting-verification", Status.PROPOSED)
    happened(wish.nomination.date, given, "/nomination/date")
    if member.implements and not member.affairs:
        raise BrokenRule("implementer-without-affairs")
    return [MemberVerified(member_id=member.id, nomination=wish.nomination)]


def admit(member: Member, wish: AdmitMember, given: Given) -> Sequence[object]:
    """`given.known["group"]` is the working group's row; one of its terms must cover the day of admission."""
    if member.status in (Status.ACTIVE, Status.SUSPENDED):
        raise WrongState("already-a-member")
    require(member, "not-verified", Status.VERIFIED)
    on = happened(wish.on, given)
    if wish.decree is None and "chair" not in given.actor.roles:
        raise BrokenRule("admitted-by-chair-or-decree", "/decree")
    group = given.known["group"]
    if group is None:
        raise BrokenRule("no-working-group")
    if not group.covers(on):
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


def reject(member: Member, wish: RejectMember, given: Given) -> Sequence[object]:
    """Who has no seat yet may be turned down."""
    require(member, "not-awaiting-admission", Status.PROPOSED, Status.VERIFIED)
    return [MemberRejected(member_id=member.id, reason=wish.reason)]


def assign(member: Member, wish: AssignAffairs, given: Given) -> Sequence[object]:
    """The affairs given replace those before; the same set again is nothing new."""
    require(member, "affairs-are-closed", Status.PROPOSED, Status.VERIFIED, Status.ACTIVE)
    if not member.implements:
        raise BrokenRule("affairs-without-implementer", "/affairs")
    once([one.affair for one in wish.affairs], "/affairs")
    if set(wish.affairs) == set(member.affairs):
        return []
    return [AffairsAssigned(member_id=member.id, affairs=wish.affairs)]


def suspend(member: Member, wish: SuspendMember, given: Given) -> Sequence[object]:
    """An active member's seat rests."""
    require(member, "not-active", Status.ACTIVE)
    return [MemberSuspended(member_id=member.id, reason=wish.reason, on=happened(wish.on, given))]


def reinstate(member: Member, wish: ReinstateMember, given: Given) -> Sequence[object]:
    """A resting seat counts again."""
    require(member, "not-suspended", Status.SUSPENDED)
    return [MemberReinstated(member_id=member.id, reason=wish.reason, on=happened(wish.on, given))]


def leave(member: Member, wish: LeaveMember, given: Given) -> Sequence[object]:
    """A member leaves by its own word."""
    require(member, "has-no-seat", Status.ACTIVE, Status.SUSPENDED)
    source = on_behalf(wish.on_behalf_of, given)
    return [gone(member, wish, given, removed=False, source=source)]


def remove(member: Member, wish: RemoveMember, given: Given) -> Sequence[object]:
    """A member is removed by the chair's."""
    require(member, "has-no-seat", Status.ACTIVE, Status.SUSPENDED)
    return [gone(member, wish, given, removed=True, source=None)]


def gone(member: Member, wish: LeaveMember | RemoveMember, given: Given, removed: bool, source: Source | None) -> MemberLeft:
    """Nothing that it led is left without a word about who leads it now."""
    on = since_joining(member, wish.on, given)
    handed_over(member.id, wish.handover, given)
    return MemberLeft(
        member_id=member.id, removed=removed, reason=wish.reason, handover=wish.handover, on=on, on_behalf_of=source
    )


def since_joining(member: Member, on: date | None, given: Given) -> date:
    """The day on which a seat ends, which is not before it began."""
    day = happened(on, given)
    if day < member.joined_on:
        raise BrokenRule("before-it-joined", "/on", joined=member.joined_on)
    return day


def succeed(member: Member, wish: SucceedMember, given: Given) -> Sequence[object]:
    """`given.known["successor"]` is the directory's row of the member that takes its place."""
    require(member, "not-active", Status.ACTIVE)
    able_to_succeed(member.id, wish.successor_id, given)
    happened(wish.decree.date, given, "/decree/date")
    on = since_joining(member, wish.on, given)
    return [
        MemberSucceeded(member_id=member.id, successor_id=wish.successor_id, affairs=member.affairs, decree=wish.decree, on=on)
    ]


def change_channel(member: Member, wish: ChangeContactChannel, given: Given) -> Sequence[object]:
    """The contact may be a person's; that somebody can be reached is told to all who work with the organisation."""
    require(member, "channel-not-needed", Status.PROPOSED, Status.VERIFIED, Status.ACTIVE, Status.SUSPENDED)
    if (wish.channel is None) is not (wish.contact is None):
        raise BrokenRule("channel-and-contact-belong-together", "/contact")
    unreachable = wish.contact is None
    changed = ContactChannelChanged(
        member_id=member.id,
        contact_id=given.new_id(1),
        channel=wish.channel,
        contact=wish.contact,
        unreachable=unreachable,
        on_behalf_of=on_behalf(wish.on_behalf_of, given),
    )
    if unreachable is member.unreachable:
        return [] if unreachable else [changed]
    return [changed, ReachabilityChanged(member_id=member.id, unreachable=unreachable)]


ENTERED: Entered = {MemberField.NAME: (ProposeMember, "name"), MemberField.REASON: (ProposeMember, "reason")}


def correct(member: Member, wish: CorrectMember, given: Given) -> Sequence[object]:
    """As long as it has or asks for a seat; why it was proposed is history once it has joined."""
    require(member, "seat-is-closed", Status.PROPOSED, Status.VERIFIED, Status.ACTIVE, Status.SUSPENDED)
    told = correction(member, wish, ENTERED)
    if member.status in (Status.PROPOSED, Status.VERIFIED):
        return [MemberProposalCorrected(member_id=member.id, **told)]
    if wish.field is MemberField.REASON:
        raise BrokenRule("proposal-was-decided", "/field")
    return [MemberCorrected(member_id=member.id, **told)]


WISHES: dict[type, Any] = {
    ProposeMember: propose,
    VerifyMember: verify,
    AdmitMember: admit,
    RejectMember: reject,
    AssignAffairs: assign,
    SuspendMember: suspend,
    ReinstateMember: reinstate,
    LeaveMember: leave,
    RemoveMember: remove,
    SucceedMember: succeed,
    ChangeContactChannel: change_channel,
    CorrectMember: correct,
}


def holds(member: Member) -> frozenset[str]:
    """One seat per organisation: a legal name is held until the organisation is out of the way, however it is spelled."""
    if member.status in (None, Status.REJECTED, Status.LEFT, Status.SUCCEEDED):
        return frozenset()
    return frozenset({f"legal-name:{' '.join(member.name.split()).casefold()}"})


def waiting(member: Member) -> Sequence[Waits]:
    """A check of the nomination, a decision, or a channel that works."""
    match member.status:
        case Status.PROPOSED:
            return [Waits("secretariat", VerifyMember)]
        case Status.VERIFIED:
            return [Waits("chair", AdmitMember)]
        case Status.ACTIVE if member.unreachable:
            return [Waits("secretariat", ChangeContactChannel)]
    return []


def relations(member: Member, actor: Actor) -> frozenset[str]:
    """`own`: of the organisation itself."""
    return frozenset({"own"} if actor.organisation == member.id else ())


member = Decider("member", Member(), decide, evolve, holds, waiting=waiting, relations=relations, phases=(correcting,))
