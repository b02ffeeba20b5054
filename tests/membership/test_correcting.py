"""What was entered wrongly in membership is corrected: the log keeps what stood there, all that show it show the right one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from services.membership.domain.convening import working_group
from services.membership.domain.correcting import CorrectMember, MemberCorrected, MemberField, MemberProposalCorrected
from services.membership.domain.invitation import (
    CorrectInvitation,
    InvitationAccepted,
    InvitationCorrected,
    InvitationField,
    StakeholderInvited,
    invitation,
)
from services.membership.domain.member import (
    MemberJoined,
    MemberLeft,
    MemberProposed,
    MemberRejected,
    MemberSucceeded,
    MemberSuspended,
    MemberVerified,
)
from services.membership.domain.representative import (
    CorrectSeat,
    RepresentationEnded,
    RepresentativeAppointed,
    SeatCorrected,
    SeatFilled,
    representative,
)
from services.membership.domain.seating import member
from services.membership.domain.working_group import (
    CorrectWorkingGroup,
    DecreeAmended,
    SecretariatDesignated,
    WorkingGroupCorrected,
    WorkingGroupDissolved,
    WorkingGroupEstablished,
    WorkingGroupField,
)
from services.membership.examples import EXAMPLES, NAME, WHY
from services.membership.registers.affairs_matrix import affairs_matrix
from services.membership.registers.directory import directory
from services.membership.registers.invitations import invitations
from services.membership.registers.public_members import public_members
from services.membership.registers.roster import roster
from services.membership.registers.working_groups import working_groups
from shared.testing import SOME_ID, Story, folded, given_at

ID = given_at().new_id(0)
MISTYPED = "Salah ketik saat dicatat."


def past(cls: type, **changed: Any) -> Any:
    """The example of a fact, as it happened to the thing of these stories."""
    example = EXAMPLES[cls]
    own = next(name for name in ("working_group_id", "seat_id", "member_id", "invitation_id") if hasattr(example, name))
    return replace(example, **{own: ID}, **changed)


def row(register: Any, *facts: Any) -> Any:
    """The register's only row."""
    return folded(register, facts)[str(SOME_ID)]


# --- the member ---------------------------------------------------------------------------------------------------

RIGHT = "Badan Perencanaan Pembangunan Provinsi"
PROPOSED, VERIFIED, JOINED = past(MemberProposed), past(MemberVerified), past(MemberJoined)
proposed = Story(member).given(PROPOSED)
active = proposed.given(VERIFIED, JOINED)
suspended = active.given(past(MemberSuspended))
RENAME = CorrectMember(field=MemberField.NAME, value=RIGHT, reason=MISTYPED)
RENAMED = MemberCorrected(member_id=ID, field=MemberField.NAME, old=NAME, new=RIGHT, reason=MISTYPED)
RENAMED_BEFORE = MemberProposalCorrected(member_id=ID, field=MemberField.NAME, old=NAME, new=RIGHT, reason=MISTYPED)


@pytest.mark.parametrize("story", [active, suspended])
def test_the_name_of_a_member_is_corrected_in_public(story):
    story.when(RENAME).then(RENAMED)


@pytest.mark.parametrize("story", [proposed, proposed.given(VERIFIED)])
def test_who_only_asks_for_a_seat_is_corrected_among_agencies(story):
    story.when(RENAME).then(RENAMED_BEFORE)


def test_why_an_organisation_was_proposed_is_corrected_until_it_has_joined():
    wish = CorrectMember(field=MemberField.REASON, value="Memegang urusan perencanaan.", reason=MISTYPED)
    told = {"field": MemberField.REASON, "old": WHY, "new": "Memegang urusan perencanaan.", "reason": MISTYPED}
    proposed.when(wish).then(MemberProposalCorrected(member_id=ID, **told))
    active.when(wish).refused("proposal-was-decided", 422)


def test_a_seat_that_is_closed_is_history():
    for closing in (MemberLeft, MemberSucceeded):
        active.given(past(closing)).when(RENAME).refused("seat-is-closed", 409)
    proposed.given(past(MemberRejected)).when(RENAME).refused("seat-is-closed", 409)


def test_a_corrected_name_keeps_the_rule_of_names():
    for value, slug in (("BP", "text-too-short"), ("B" * 201, "text-too-long"), ("Badan\nbaru", "text-has-control-characters")):
        active.when(replace(RENAME, value=value)).refused(slug, 422)


def test_a_name_that_is_right_is_not_corrected():
    active.when(replace(RENAME, value=f" {NAME} ")).refused("corrected-to-the-same", 422)
    active.given(RENAMED).when(RENAME).refused("corrected-to-the-same", 422)


def test_the_right_name_is_reserved_and_the_wrong_one_is_free():
    before, after = active.state, active.given(RENAMED).state
    assert member.holds(after) - member.holds(before) == {f"legal-name:{RIGHT.casefold()}"}
    assert member.holds(before) - member.holds(after) == {f"legal-name:{NAME.casefold()}"}


def test_a_seat_is_taken_under_the_corrected_name():
    assert proposed.given(RENAMED_BEFORE).state.name == RIGHT


@pytest.mark.parametrize("register", [directory, affairs_matrix])
def test_every_register_of_members_shows_the_right_name(register):
    assert row(register, PROPOSED, RENAMED_BEFORE).name == RIGHT
    assert row(register, PROPOSED, VERIFIED, JOINED, RENAMED).name == RIGHT


def test_everybody_sees_the_right_name():
    assert row(public_members, JOINED, RENAMED).name == RIGHT


# --- the working group --------------------------------------------------------------------------------------------

ESTABLISHED, AMENDED, DESIGNATED = past(WorkingGroupEstablished), past(DecreeAmended), past(SecretariatDesignated)
established = Story(working_group).given(ESTABLISHED)
designated = established.given(DESIGNATED)
RENUMBER = CorrectWorkingGroup(field=WorkingGroupField.DECREE_NUMBER, value="001/Kep.DEMO-PKP/2025", reason=MISTYPED)


@pytest.mark.parametrize(
    ("field", "old", "new"),
    [
        (WorkingGroupField.DECREE_NUMBER, ESTABLISHED.decree.number, "001/Kep.DEMO-PKP/2025"),
        (WorkingGroupField.ISSUER, ESTABLISHED.decree.issuer, "Gubernur Provinsi Jawa Barat"),
        (WorkingGroupField.LEGAL_BASIS, ESTABLISHED.decree.legal_basis, "PP 14/2016 pasal 54"),
        (WorkingGroupField.SECRETARIAT, DESIGNATED.unit, "Bidang Perumahan"),
    ],
)
def test_how_a_decree_is_cited_and_the_secretariat_called_is_corrected(field, old, new):
    corrected = WorkingGroupCorrected(working_group_id=ID, field=field, old=old, new=new, reason=MISTYPED)
    designated.when(CorrectWorkingGroup(field=field, value=new, reason=MISTYPED)).then(corrected)
    assert getattr(row(working_groups, ESTABLISHED, DESIGNATED, corrected), field) == new


def test_what_nobody_has_named_yet_is_not_corrected():
    wish = CorrectWorkingGroup(field=WorkingGroupField.SECRETARIAT, value="Bidang Perumahan", reason=MISTYPED)
    established.when(wish).refused("nothing-to-correct", 422)


def test_a_corrected_number_is_that_of_no_other_decree():
    amended = established.given(AMENDED)
    amended.when(replace(RENUMBER, value=AMENDED.decree.number.upper())).refused("decree-already-cited", 422)


def test_a_decree_is_known_by_its_right_number_only():
    told = {"old": ESTABLISHED.decree.number, "new": RENUMBER.value, "reason": MISTYPED}
    corrected = WorkingGroupCorrected(working_group_id=ID, field=RENUMBER.field, **told)
    assert established.given(corrected).state.decrees == {RENUMBER.value.casefold()}


def test_a_number_is_corrected_in_its_capitals_only():
    wish = replace(RENUMBER, value=ESTABLISHED.decree.number.upper())
    (told,) = established.when(wish).outcome
    assert established.given(told).state.decrees == established.state.decrees


def test_a_dissolved_working_group_is_history():
    established.given(past(WorkingGroupDissolved)).when(RENUMBER).refused("already-dissolved", 409)
    Story(working_group).when(RENUMBER).refused("not-established", 409)


# --- an invitation ------------------------------------------------------------------------------------------------

INVITED = past(StakeholderInvited)
invited = Story(invitation).given(INVITED)
READDRESS = CorrectInvitation(field=InvitationField.NAME, value="Pusat Studi Perumahan", reason=MISTYPED)
READDRESSED = InvitationCorrected(
    invitation_id=ID, field=InvitationField.NAME, old=INVITED.name, new="Pusat Studi Perumahan", reason=MISTYPED
)


def test_whom_an_invitation_names_is_corrected():
    invited.when(READDRESS).then(READDRESSED)
    assert row(invitations, INVITED, READDRESSED).name == "Pusat Studi Perumahan"
    assert invitation.holds(invited.given(READDRESSED).state) == {"invited-name:pusat studi perumahan"}


def test_why_an_organisation_is_invited_is_corrected():
    wish = CorrectInvitation(field=InvitationField.REASON, value="Meneliti permukiman kumuh.", reason=MISTYPED)
    told = {"field": InvitationField.REASON, "old": INVITED.reason, "new": "Meneliti permukiman kumuh.", "reason": MISTYPED}
    invited.when(wish).then(InvitationCorrected(invitation_id=ID, **told))


def test_an_answered_invitation_is_history():
    invited.given(past(InvitationAccepted)).when(READDRESS).refused("invitation-is-not-open", 409)


# --- a seat -------------------------------------------------------------------------------------------------------

APPOINTED = past(RepresentativeAppointed, member_id=UUID(int=7))
filled = Story(representative).given(APPOINTED, past(SeatFilled, member_id=UUID(int=7)))
RETITLE = EXAMPLES[CorrectSeat]
RETITLED = past(SeatCorrected)


def test_what_a_position_is_called_is_corrected_and_the_person_stays():
    filled.when(RETITLE).then(RETITLED)
    line = row(roster, APPOINTED, RETITLED)
    assert (line.position_title, line.name) == (RETITLED.new, APPOINTED.name)


def test_nothing_of_a_vacant_seat_is_corrected():
    filled.given(past(RepresentationEnded)).when(RETITLE).refused("seat-is-vacant", 409)
