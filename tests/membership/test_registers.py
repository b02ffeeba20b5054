"""Membership's registers show what its facts say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from services.membership.domain.invitation import (
    InvitationAccepted,
    InvitationDeclined,
    InvitationExpired,
    StakeholderInvited,
)
from services.membership.domain.member import (
    AdmitMember,
    AffairsAssigned,
    ContactChannelChanged,
    LeaveMember,
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
    RemoveMember,
    SucceedMember,
)
from services.membership.domain.office import DelegationEnded, OfficeDelegated
from services.membership.domain.representative import (
    AppointRepresentative,
    ConsentWithdrawn,
    RepresentationEnded,
    RepresentativeAppointed,
)
from services.membership.domain.terms import (
    Affair,
    AffairDuty,
    Answer,
    Body,
    Channel,
    Duty,
    Function,
    GroupStatus,
    Holiday,
    OfficeName,
    SeatEnd,
    SeatKind,
    Status,
    Subkind,
)
from services.membership.domain.working_group import (
    DefineTaskForce,
    DesignateSecretariat,
    SecretariatDesignated,
    TaskForceDefined,
    TaskForceDissolved,
    WorkCalendarPublished,
    WorkingGroupEstablished,
)
from services.membership.examples import EXAMPLES, HOUSING, INVITATION, PLANNING, TASK_FORCE
from services.membership.registers.affairs_matrix import affairs_matrix
from services.membership.registers.composition import (
    REQUIRED_AGENCIES,
    REQUIRED_PARTNERS,
    composition_gaps,
    coordinators,
    required_seats,
    unreachable_members,
)
from services.membership.registers.contacts import Contact, contacts
from services.membership.registers.directory import directory
from services.membership.registers.invitations import invitations
from services.membership.registers.offices import deputy_of, offices
from services.membership.registers.public_members import public_members
from services.membership.registers.roster import roster
from services.membership.registers.task_forces import task_forces
from services.membership.registers.work_calendar import closed, work_calendar
from services.membership.registers.working_groups import working_groups
from services.membership.service import service
from shared.facts import RESTRICTED, info
from shared.testing import SOME_ID, folded

LEFT, SUCCEEDED = EXAMPLES[MemberLeft], EXAMPLES[MemberSucceeded]
PROPOSED, VERIFIED, JOINED = EXAMPLES[MemberProposed], EXAMPLES[MemberVerified], EXAMPLES[MemberJoined]
SUSPENDED, REINSTATED, REJECTED = EXAMPLES[MemberSuspended], EXAMPLES[MemberReinstated], EXAMPLES[MemberRejected]
ONLY_A5 = (AffairDuty(affair=Affair.A5, duty=Duty.MAIN),)


def one(register, *facts):
    """The only row after facts of one aggregate."""
    (row,) = folded(register, facts).values()
    return row


def seat(*facts):
    """The directory's line of one organisation."""
    return folded(directory, facts)[str(SOME_ID)]


def line(*facts):
    """The matrix line of one organisation, None when it has none."""
    return folded(affairs_matrix, facts).get(str(SOME_ID))


WAYS = [
    ((PROPOSED,), Status.PROPOSED, PROPOSED.reason),
    ((PROPOSED, VERIFIED), Status.VERIFIED, PROPOSED.reason),
    ((PROPOSED, VERIFIED, JOINED), Status.ACTIVE, PROPOSED.reason),
    ((PROPOSED, VERIFIED, JOINED, SUSPENDED), Status.SUSPENDED, SUSPENDED.reason),
    ((PROPOSED, VERIFIED, JOINED, SUSPENDED, REINSTATED), Status.ACTIVE, REINSTATED.reason),
]


@pytest.mark.parametrize(("way", "status", "reason"), WAYS)
def test_the_directory_follows_an_organisation_on_its_way(way, status, reason):
    assert (seat(*way).status, seat(*way).reason) == (status, reason)


@pytest.mark.parametrize(("way", "status", "reason"), WAYS)
def test_the_matrix_follows_too(way, status, reason):
    assert line(*way).status == status


@pytest.mark.parametrize(
    ("way", "status"),
    [
        ((JOINED,), Status.ACTIVE),
        ((JOINED, SUSPENDED), Status.SUSPENDED),
        ((JOINED, SUSPENDED, REINSTATED), Status.ACTIVE),
        ((JOINED, EXAMPLES[MemberLeft]), Status.LEFT),
        ((JOINED, EXAMPLES[MemberSucceeded]), Status.SUCCEEDED),
    ],
)
def test_everybody_sees_who_sits_and_who_sat(way, status):
    assert one(public_members, *way).status == status


def test_nobody_outside_sees_who_only_asks_for_a_seat():
    """Affairs are public, but open no line."""
    assert folded(public_members, [PROPOSED, VERIFIED, EXAMPLES[AffairsAssigned]]) == {}
    assert one(public_members, JOINED, EXAMPLES[AffairsAssigned]).affairs == EXAMPLES[AffairsAssigned].affairs
    assert one(public_members, JOINED, EXAMPLES[MemberSucceeded]).successor_id == EXAMPLES[MemberSucceeded].successor_id


def test_the_directory_keeps_who_was_turned_down_and_why():
    assert (seat(PROPOSED, REJECTED).status, seat(PROPOSED, REJECTED).reason) == (Status.REJECTED, REJECTED.reason)


def test_the_directory_shows_the_seat():
    shown = seat(PROPOSED, VERIFIED, JOINED)
    assert shown.name == "Badan Perencanaan Pembangunan Daerah"
    assert shown.functions == (Function.IMPLEMENTER,)
    assert shown.bodies == (Body.POKJA,)
    assert shown.core_officer
    assert shown.joined_on == date(2025, 2, 3)


def test_assigned_affairs_replace_those_of_the_proposal():
    assert seat(PROPOSED, replace(EXAMPLES[AffairsAssigned], affairs=ONLY_A5)).affairs == ONLY_A5


def test_the_matrix_has_a_cell_for_each_affair():
    shown = line(PROPOSED)
    assert (shown.a1, shown.a2, shown.a3, shown.a4, shown.a5) == (None, Duty.MAIN, Duty.SUPPORT, None, None)


def test_affairs_given_up_leave_the_matrix():
    shown = line(PROPOSED, replace(EXAMPLES[AffairsAssigned], affairs=ONLY_A5))
    assert (shown.a1, shown.a2, shown.a3, shown.a4, shown.a5) == (None, None, None, None, Duty.MAIN)


def test_who_was_turned_down_leaves_the_matrix():
    assert line(PROPOSED, REJECTED) is None


def test_a_participant_has_no_line_in_the_matrix():
    participant = replace(PROPOSED, functions=(Function.PARTICIPATORY,), affairs=())
    assert line(participant, VERIFIED, JOINED, SUSPENDED, REINSTATED) is None


def test_who_has_left_stays_in_the_directory_but_bears_nothing():
    gone = seat(PROPOSED, VERIFIED, JOINED, LEFT)
    assert (gone.status, gone.reason, gone.left_on) == (Status.LEFT, LEFT.reason, date(2025, 6, 9))
    assert line(PROPOSED, VERIFIED, JOINED, LEFT) is None


def test_who_was_succeeded_says_by_whom_and_counts_no_more():
    merged = seat(PROPOSED, VERIFIED, JOINED, SUCCEEDED)
    assert (merged.status, merged.successor_id, merged.left_on) == (Status.SUCCEEDED, HOUSING, date(2025, 6, 9))
    assert line(PROPOSED, VERIFIED, JOINED, SUCCEEDED).status is Status.SUCCEEDED


def test_the_directory_says_whether_somebody_can_be_reached_but_not_how():
    reached = EXAMPLES[ReachabilityChanged]
    assert not seat(PROPOSED, VERIFIED, JOINED).reachable
    assert seat(PROPOSED, VERIFIED, JOINED, reached).reachable
    assert not seat(PROPOSED, VERIFIED, JOINED, reached, replace(reached, unreachable=True)).reachable
    assert EXAMPLES[ContactChannelChanged].contact not in str(seat(PROPOSED, EXAMPLES[ContactChannelChanged], reached))


def test_the_contacts_keep_the_last_word_as_it_was_stored():
    said = replace(EXAMPLES[ContactChannelChanged], contact="pkp1:cipher")
    lost = replace(said, channel=None, contact=None, unreachable=True)
    assert one(contacts, said) == Contact(said.contact_id, Channel.EMAIL, False, "pkp1:cipher")
    assert one(contacts, said, lost) == Contact(said.contact_id, None, True, None)


def test_contacts_and_roster_rest_on_a_restricted_fact_and_the_directory_on_none():
    """A register is as closed as the most closed fact that it folds."""
    for register in (contacts, roster):
        assert RESTRICTED in {info(fact).visibility for fact in register.folds}
    assert RESTRICTED not in {info(fact).visibility for fact in directory.folds}


def test_the_roster_keeps_who_has_the_seat_as_it_was_stored():
    sealed = replace(EXAMPLES[RepresentativeAppointed], name="pkp1:name", contact="pkp1:contact")
    row = one(roster, sealed)
    assert (row.member_id, row.seat, row.position_title) == (sealed.member_id, SeatKind.HEAD, sealed.position)
    assert (row.name, row.contact, row.ended_on) == ("pkp1:name", "pkp1:contact", None)


def test_the_roster_forgets_name_and_contact_when_consent_is_withdrawn():
    sealed = replace(EXAMPLES[RepresentativeAppointed], name="pkp1:name", contact="pkp1:contact")
    row = one(roster, sealed, EXAMPLES[ConsentWithdrawn], EXAMPLES[RepresentationEnded])
    assert (row.name, row.contact, row.stop_by) == (None, None, date(2025, 6, 2))
    assert (row.ended_on, row.end_reason) == (date(2025, 5, 30), SeatEnd.TRANSFERRED)


def test_the_next_person_opens_the_line_anew():
    following = replace(EXAMPLES[RepresentativeAppointed], representative_id=UUID(int=9), name="pkp1:other")
    row = one(roster, EXAMPLES[RepresentativeAppointed], EXAMPLES[RepresentationEnded], following)
    assert (row.representative_id, row.name, row.ended_on, row.end_reason) == (UUID(int=9), "pkp1:other", None, None)


def test_the_invitations_show_what_became_of_them():
    invited = EXAMPLES[StakeholderInvited]
    assert one(invitations, invited).answer is Answer.OPEN
    assert one(invitations, invited).expires_on == date(2025, 6, 11)
    for fact, answer, on in (
        (InvitationAccepted, Answer.ACCEPTED, date(2025, 5, 26)),
        (InvitationDeclined, Answer.DECLINED, date(2025, 5, 26)),
        (InvitationExpired, Answer.EXPIRED, None),
    ):
        row = one(invitations, invited, EXAMPLES[fact])
        assert (row.answer, row.answered_on, row.accepted) == (answer, on, answer is Answer.ACCEPTED)


def test_the_offices_tell_who_acted_on_a_day():
    delegated, ended = EXAMPLES[OfficeDelegated], EXAMPLES[DelegationEnded]
    row = one(offices, delegated)
    assert [row.holds_on(date(2025, 6, day)) for day in (8, 9, 20, 21)] == [False, True, True, False]
    row = one(offices, delegated, ended)
    assert [row.holds_on(date(2025, 6, day)) for day in (9, 10, 11)] == [True, True, False]
    rows = Rows(offices=folded(offices, [delegated]))
    assert deputy_of(rows, OfficeName.CHAIR, date(2025, 6, 10)).account == "acc-7f6f2a"
    assert deputy_of(rows, OfficeName.CHAIR, date(2025, 6, 21)) is None
    assert deputy_of(rows, OfficeName.SECRETARY, date(2025, 6, 10)) is None


def test_a_task_force_has_a_line_below_its_working_group():
    defined, dissolved = EXAMPLES[TaskForceDefined], EXAMPLES[TaskForceDissolved]
    ((key, row),) = folded(task_forces, [defined]).items()
    assert key == f"{SOME_ID}/{TASK_FORCE}"
    assert (row.name, row.lead_id, row.at_work) == (defined.name, PLANNING, True)
    assert one(task_forces, defined, dissolved).reason == dissolved.reason
    assert not one(task_forces, defined, dissolved).at_work


def test_the_calendar_has_a_line_per_year_with_the_last_publication():
    first = EXAMPLES[WorkCalendarPublished]
    other = replace(first, year=2026, holidays=(Holiday(date=date(2026, 1, 1), name="Tahun Baru"),))
    rows = folded(work_calendar, [first, other, replace(first, holidays=first.holidays[:1])])
    assert list(rows) == [f"{SOME_ID}/2025", f"{SOME_ID}/2026"]
    assert closed(Rows(work_calendar=rows)) == {2025: {date(2025, 1, 1)}, 2026: {date(2026, 1, 1)}}


class Rows:
    """Registers as dictionaries, read as the store's registers are."""

    def __init__(self, **kept):
        self.kept = kept

    def row(self, register, key):
        return self.kept.get(register.name, {}).get(key)

    def rows(self, register, limit=1000, **equal):
        found = self.kept.get(register.name, {}).items()
        return [(key, row) for key, row in found if all(getattr(row, name) == one for name, one in equal.items())][:limit]


def look_up(wish, name, rows, id=SOME_ID):
    """What the command's row in the table looks up under this name."""
    return service.row(type(wish))[1].known[name](rows, wish, str(id))


GROUP_1 = one(working_groups, EXAMPLES[WorkingGroupEstablished], EXAMPLES[SecretariatDesignated])
DISSOLVED = replace(GROUP_1, status=GroupStatus.DISSOLVED)


def test_an_admission_looks_up_the_working_group_that_is_not_dissolved():
    admit = EXAMPLES[AdmitMember]
    assert look_up(admit, "group", Rows(working_groups={"1": DISSOLVED, "2": GROUP_1})) == GROUP_1
    assert look_up(admit, "group", Rows(working_groups={"1": replace(GROUP_1, status=GroupStatus.EXPIRED)})) is not None
    assert look_up(admit, "group", Rows(working_groups={"1": DISSOLVED})) is None
    assert look_up(admit, "group", Rows()) is None


def test_members_are_looked_up_in_the_directory():
    rows = Rows(directory={str(HOUSING): JOINED, str(PLANNING): PROPOSED})
    assert look_up(EXAMPLES[DesignateSecretariat], "member", rows) is JOINED
    assert look_up(EXAMPLES[AppointRepresentative], "member", rows) is PROPOSED
    assert look_up(EXAMPLES[DefineTaskForce], "lead", rows) is PROPOSED
    assert look_up(EXAMPLES[SucceedMember], "successor", rows) is JOINED
    assert look_up(EXAMPLES[SucceedMember], "successor", Rows()) is None


@pytest.mark.parametrize("cls", [LeaveMember, RemoveMember])
def test_who_goes_is_looked_up_with_all_that_it_leads(cls):
    forces = folded(task_forces, [EXAMPLES[TaskForceDefined]])
    rows = Rows(directory={str(HOUSING): JOINED}, task_forces=forces, working_groups={"1": GROUP_1})
    wish = EXAMPLES[cls]
    assert look_up(wish, "host", rows) == HOUSING
    assert look_up(wish, "leads", rows, PLANNING) == {str(TASK_FORCE): EXAMPLES[TaskForceDefined].name}
    assert look_up(wish, "leads", rows, HOUSING) == {}
    assert look_up(wish, "takers", rows) == {HOUSING: JOINED}
    assert look_up(replace(wish, handover=()), "takers", rows) == {}
    assert look_up(wish, "host", Rows()) is None
    ended = folded(task_forces, [EXAMPLES[TaskForceDefined], EXAMPLES[TaskForceDissolved]])
    assert look_up(wish, "leads", Rows(task_forces=ended), PLANNING) == {}


def test_a_proposal_looks_up_its_invitation():
    kept = one(invitations, EXAMPLES[StakeholderInvited])
    rows = Rows(invitations={str(INVITATION): kept})
    assert look_up(replace(EXAMPLES[ProposeMember], invitation_id=INVITATION), "invitation", rows) == kept
    assert look_up(EXAMPLES[ProposeMember], "invitation", rows) is None


# --- the composition rule -----------------------------------------------------------------------------------------


def of(subkind, *affairs, agency_type=None, status=Status.ACTIVE, functions=(Function.IMPLEMENTER,), name="Lembaga"):
    """A directory line."""
    borne = tuple(AffairDuty(affair=affair, duty=duty) for affair, duty in affairs)
    line = seat(PROPOSED)
    return replace(line, name=name, subkind=subkind, agency_type=agency_type, status=status, functions=functions, affairs=borne)


MAIN, SUPPORT, AGENCY = Duty.MAIN, Duty.SUPPORT, Subkind.REGIONAL_AGENCY
COMPLETE = {
    str(UUID(int=n)): line
    for n, line in enumerate(
        [
            *(of(AGENCY, (affair, MAIN), name=str(affair)) for affair in Affair),
            *(of(AGENCY, agency_type=kind) for kind in REQUIRED_AGENCIES),
            *(of(kind, functions=(Function.PARTICIPATORY,)) for kind in REQUIRED_PARTNERS),
        ],
        1,
    )
}


def gaps(lines):
    return [gap.asked for gap in composition_gaps(Rows(directory=lines))]


def test_a_complete_working_group_has_no_gap():
    assert gaps(COMPLETE) == []
    assert len(required_seats(Rows(directory=COMPLETE))) == 5 + 7 + 5


def test_an_empty_working_group_lacks_everything():
    assert gaps({}) == [*Affair, *REQUIRED_AGENCIES, *REQUIRED_PARTNERS]


def test_an_affair_without_a_main_duty_is_a_gap():
    (key,) = (key for key, line in COMPLETE.items() if line.name == "A5")
    for changed in (
        of(AGENCY, (Affair.A5, SUPPORT)),
        of(AGENCY, (Affair.A5, MAIN), status=Status.SUSPENDED),
        of(AGENCY, (Affair.A5, MAIN), functions=(Function.COORDINATOR,)),
    ):
        assert gaps({**COMPLETE, key: changed}) == [Affair.A5]


@pytest.mark.parametrize("status", [one for one in Status if one is not Status.ACTIVE])
def test_a_seat_counts_only_while_its_member_is_active(status):
    (key,) = (key for key, line in COMPLETE.items() if line.subkind is Subkind.NGO)
    assert gaps({**COMPLETE, key: replace(COMPLETE[key], status=status)}) == [Subkind.NGO]


def test_the_checklist_names_who_fills_a_seat():
    (line,) = (one for one in required_seats(Rows(directory=COMPLETE)) if one.asked is Affair.A1)
    assert line.filled_by == ("A1",)


def test_who_hosts_the_secretariat_coordinates_too():
    by_function = of(AGENCY, functions=(Function.COORDINATOR,))
    lines = {str(PLANNING): by_function, str(HOUSING): of(AGENCY), str(UUID(int=3)): of(AGENCY)}
    assert coordinators(Rows(directory=lines, working_groups={"1": GROUP_1})) == {PLANNING, HOUSING}
    assert coordinators(Rows(directory=lines)) == {PLANNING}


def test_an_active_member_without_a_channel_is_found():
    lines = {"a": of(AGENCY), "b": replace(of(AGENCY), reachable=True), "c": of(AGENCY, status=Status.SUSPENDED)}
    assert [key for key, _ in unreachable_members(Rows(directory=lines))] == ["a"]
