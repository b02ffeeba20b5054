"""The front door of membership: who sits in the working group."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.membership.domain.composing import MarkComposition
from services.membership.domain.convening import working_group
from services.membership.domain.correcting import CorrectMember
from services.membership.domain.invitation import (
    AcceptInvitation,
    CorrectInvitation,
    DeclineInvitation,
    InviteStakeholder,
    MarkInvitationExpired,
    invitation,
)
from services.membership.domain.member import (
    AdmitMember,
    AffairsAssigned,
    AssignAffairs,
    ChangeContactChannel,
    LeaveMember,
    MemberJoined,
    MemberLeft,
    MemberReinstated,
    MemberSucceeded,
    MemberSuspended,
    ProposeMember,
    ReinstateMember,
    RejectMember,
    RemoveMember,
    SucceedMember,
    SuspendMember,
    VerifyMember,
)
from services.membership.domain.office import DelegateOffice, EndDelegation, MarkDelegationExpired, office
from services.membership.domain.representative import (
    AppointRepresentative,
    CorrectSeat,
    EndRepresentation,
    ReplaceRepresentative,
    WithdrawConsent,
    representative,
)
from services.membership.domain.seating import member
from services.membership.domain.terms import Gaps, Status
from services.membership.domain.working_group import (
    AmendDecree,
    CorrectWorkingGroup,
    DefineTaskForce,
    DesignateSecretariat,
    DissolveTaskForce,
    DissolveWorkingGroup,
    EstablishWorkingGroup,
    MarkTermEnded,
    MarkTermExpiring,
    PublishWorkCalendar,
    RenewTerm,
)
from services.membership.registers.affairs_matrix import affairs_matrix
from services.membership.registers.composition import gaps_now
from services.membership.registers.contacts import contacts
from services.membership.registers.directory import Seat, directory
from services.membership.registers.invitations import InvitationLine, invitations
from services.membership.registers.offices import offices, offices_of
from services.membership.registers.public_members import public_members
from services.membership.registers.roster import roster
from services.membership.registers.task_forces import task_forces, task_forces_led_by
from services.membership.registers.work_calendar import closed, work_calendar
from services.membership.registers.working_groups import (
    Term,
    id_of_present_group,
    present_group,
    secretariat_host,
    working_groups,
)
from shared.facts import RESTRICTED, Visibility
from shared.identity.roles import CHAIR, MEMBER, PARTNER, SECRETARIAT, STEERING
from shared.service import Aggregate, Directory, Does, Follows, Reads, Service


def the_group(registers: Any, command: AdmitMember, id: str) -> Term | None:
    """The working group, one of whose terms an admission must fall into."""
    return present_group(registers)


def the_gaps(registers: Any, command: MarkComposition, id: str) -> Gaps:
    """What the working group lacks today."""
    return gaps_now(registers)


def the_host(registers: Any, command: Any, id: str) -> UUID | None:
    """The member that the secretariat belongs to."""
    return secretariat_host(registers)


def seat_of(registers: Any, member_id: UUID) -> Seat | None:
    """The directory's line of a member, None when it is not known."""
    return registers.row(directory, str(member_id))


def the_member(registers: Any, command: DesignateSecretariat | AppointRepresentative, id: str) -> Seat | None:
    """The member that the command names."""
    return seat_of(registers, command.member_id)


def the_lead(registers: Any, command: DefineTaskForce, id: str) -> Seat | None:
    """The member that is to lead."""
    return seat_of(registers, command.lead_id)


def the_successor(registers: Any, command: SucceedMember, id: str) -> Seat | None:
    """The member that takes the place."""
    return seat_of(registers, command.successor_id)


def the_leads(registers: Any, command: Any, id: str) -> dict[str, str]:
    """The task forces that the member leads: names by id."""
    return task_forces_led_by(registers, UUID(id))


def the_takers(registers: Any, command: LeaveMember | RemoveMember, id: str) -> dict[UUID, Seat | None]:
    """The members to which something is handed over."""
    return {one.to: seat_of(registers, one.to) for one in command.handover if one.to}


def the_invitation(registers: Any, command: ProposeMember, id: str) -> InvitationLine | None:
    """The invitation that the proposal rests on."""
    return registers.row(invitations, str(command.invitation_id)) if command.invitation_id else None


def in_good_standing(registers: Any, organisation: UUID) -> bool:
    """Whether the people of an organisation keep their rights here: not while it is suspended, nor once it is gone."""
    seat = seat_of(registers, organisation)
    return seat is None or seat.status not in (Status.SUSPENDED, Status.LEFT, Status.SUCCEEDED)


ANYBODY = (MEMBER, PARTNER, SECRETARIAT)
BY_LETTER, ITSELF = (SECRETARIAT,), ("own",)
PERSONAL: dict[Visibility | type, Reads] = {RESTRICTED: Reads((SECRETARIAT, CHAIR), ITSELF)}
COME_AND_GONE = (MemberJoined, AffairsAssigned, MemberSuspended, MemberReinstated, MemberLeft, MemberSucceeded)
GOING = {"host": the_host, "leads": the_leads, "takers": the_takers}

service = Service(
    name="membership",
    aggregates=(
        Aggregate(
            decider=working_group,
            path="working-groups",
            register=working_groups,
            commands=(
                Does(EstablishWorkingGroup, None, (SECRETARIAT,)),
                Does(AmendDecree, "amend-decree", (SECRETARIAT,)),
                Does(RenewTerm, "renew-term", (SECRETARIAT,)),
                Does(DissolveWorkingGroup, "dissolve", (SECRETARIAT,)),
                Does(DesignateSecretariat, "designate-secretariat", (CHAIR,), known={"member": the_member}),
                Does(DefineTaskForce, "define-task-force", (SECRETARIAT,), known={"lead": the_lead}),
                Does(DissolveTaskForce, "dissolve-task-force", (SECRETARIAT,)),
                Does(PublishWorkCalendar, "publish-work-calendar", (SECRETARIAT,)),
                Does(CorrectWorkingGroup, "correct", (SECRETARIAT,), corrects=True),
                Does(MarkTermExpiring, inner=True),
                Does(MarkTermEnded, inner=True),
                Does(MarkComposition, known={"gaps": the_gaps}, inner=True),
            ),
        ),
        Aggregate(
            decider=invitation,
            path="invitations",
            register=invitations,
            commands=(
                Does(InviteStakeholder, None, (SECRETARIAT,)),
                Does(AcceptInvitation, "accept", (SECRETARIAT,)),
                Does(DeclineInvitation, "decline", (SECRETARIAT,)),
                Does(CorrectInvitation, "correct", (SECRETARIAT,), corrects=True),
                Does(MarkInvitationExpired, inner=True),
            ),
        ),
        Aggregate(
            decider=member,
            path="members",
            register=directory,
            commands=(
                Does(ProposeMember, None, ANYBODY, known={"invitation": the_invitation}),
                Does(VerifyMember, "verify", (SECRETARIAT,)),
                Does(AdmitMember, "admit", (CHAIR, SECRETARIAT), known={"group": the_group}),
                Does(RejectMember, "reject", (CHAIR,)),
                Does(AssignAffairs, "assign-affairs", (SECRETARIAT,)),
                Does(SuspendMember, "suspend", (CHAIR,)),
                Does(ReinstateMember, "reinstate", (CHAIR,)),
                Does(LeaveMember, "leave", BY_LETTER, GOING, ITSELF),
                Does(RemoveMember, "remove", (CHAIR,), known=GOING),
                Does(SucceedMember, "succeed", (SECRETARIAT,), known={"successor": the_successor, "host": the_host}),
                Does(ChangeContactChannel, "change-contact-channel", BY_LETTER, relations=ITSELF),
                Does(CorrectMember, "correct", (SECRETARIAT,), corrects=True),
            ),
            reads=PERSONAL,
            follows=(Follows(COME_AND_GONE, MarkComposition(), "working-group", id_of_present_group),),
        ),
        Aggregate(
            decider=representative,
            path="representatives",
            register=roster,
            commands=(
                Does(AppointRepresentative, None, ANYBODY, known={"member": the_member}),
                Does(ReplaceRepresentative, "replace", BY_LETTER, relations=ITSELF),
                Does(EndRepresentation, "end", BY_LETTER, relations=ITSELF),
                Does(WithdrawConsent, "withdraw-consent", BY_LETTER, relations=ITSELF),
                Does(CorrectSeat, "correct", (SECRETARIAT,), corrects=True),
            ),
            reads=PERSONAL,
        ),
        Aggregate(
            decider=office,
            path="offices",
            register=offices,
            commands=(
                Does(DelegateOffice, None, (SECRETARIAT, CHAIR, STEERING)),
                Does(EndDelegation, "end", (SECRETARIAT, CHAIR, STEERING)),
                Does(MarkDelegationExpired, inner=True),
            ),
        ),
    ),
    registers=(public_members, affairs_matrix, contacts, task_forces, work_calendar),
    directory=Directory(active=in_good_standing, host=secretariat_host, offices=offices_of),
    closed=closed,
)
