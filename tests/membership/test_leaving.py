"""How a member goes, how it is reached, and what waits for whom meanwhile."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from services.membership.domain.member import (
    AdmitMember,
    AffairsAssigned,
    AssignAffairs,
    ChangeContactChannel,
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
    ReinstateMember,
    RejectMember,
    RemoveMember,
    SucceedMember,
    SuspendMember,
    VerifyMember,
)
from services.membership.domain.seating import member
from services.membership.domain.terms import Affair, AffairDuty, Duty, Handover, LeadKind
from services.membership.examples import DECREE, EXAMPLES, GOODBYE, HOUSING, TASK_FORCE
from services.membership.registers.directory import directory
from services.membership.service import service
from shared.decider import Actor, Waits
from shared.testing import SOME_ID, Story, folded, given_at

ID = given_at().new_id(0)
SEATED = folded(directory, [EXAMPLES[MemberProposed], EXAMPLES[MemberJoined]])[str(SOME_ID)]
RESTING = folded(directory, [EXAMPLES[MemberProposed], EXAMPLES[MemberJoined], EXAMPLES[MemberSuspended]])[str(SOME_ID)]
FORCE = {str(TASK_FORCE): "Perencanaan dan penganggaran"}
KNOWN = {"host": None, "leads": FORCE, "takers": {HOUSING: SEATED}, "successor": SEATED}
STAFF = Actor("staff", frozenset({"member"}), ID)


def past(cls, **changed):
    """The example of a fact, as it happened to the member of these stories."""
    return replace(EXAMPLES[cls], member_id=ID, **changed)


PROPOSED, VERIFIED, JOINED = past(MemberProposed), past(MemberVerified), past(MemberJoined)
SUSPENDED, REINSTATED = past(MemberSuspended), past(MemberReinstated)
LEFT, SUCCEEDED = past(MemberLeft), past(MemberSucceeded)
CHANGED, REACHED = past(ContactChannelChanged, contact_id=given_at().new_id(1)), past(ReachabilityChanged)
LEAVE, REMOVE, SUCCEED = EXAMPLES[LeaveMember], EXAMPLES[RemoveMember], EXAMPLES[SucceedMember]
CHANNEL = EXAMPLES[ChangeContactChannel]

nobody = Story(member).knowing(**KNOWN)
proposed = nobody.given(PROPOSED)
verified = proposed.given(VERIFIED)
active = verified.given(JOINED)
suspended = active.given(SUSPENDED)
rejected = proposed.given(past(MemberRejected))
left, succeeded = active.given(LEFT), active.given(SUCCEEDED)
WITHOUT_SEAT = [nobody, proposed, verified, rejected, left, succeeded]


# --- leave and remove ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("story", [active, suspended])
def test_a_member_leaves_or_is_removed_and_hands_over_what_it_led(story):
    story.when(LEAVE).then(LEFT)
    story.when(REMOVE).then(replace(LEFT, removed=True, reason=REMOVE.reason, on_behalf_of=None))
    story.when(replace(LEAVE, on=None)).then(replace(LEFT, on=date(2025, 6, 10)))


@pytest.mark.parametrize("story", WITHOUT_SEAT)
@pytest.mark.parametrize("wish", [LEAVE, REMOVE])
def test_only_who_has_a_seat_gives_it_up(story, wish):
    story.when(wish).refused("has-no-seat", 409)


def test_a_member_speaks_for_itself_and_the_secretariat_by_its_letter():
    by_staff = active.knowing(actor=STAFF, **KNOWN)
    by_staff.when(replace(LEAVE, on_behalf_of=None)).then(replace(LEFT, on_behalf_of=None))
    by_staff.when(LEAVE).refused("only-secretariat-enters-for-others", 422)
    active.when(replace(LEAVE, on_behalf_of=replace(GOODBYE, date=date(2025, 6, 11)))).refused("happens-in-the-future", 422)


@pytest.mark.parametrize("wish", [LEAVE, REMOVE])
def test_no_task_force_is_left_without_a_word_about_it(wish):
    active.when(replace(wish, handover=())).refused("lead-without-handover", 422)
    other = (Handover(kind=LeadKind.ADVOCACY, ref=str(TASK_FORCE), to=HOUSING),)
    active.when(replace(wish, handover=other)).refused("lead-without-handover", 422)
    open_still = (Handover(kind=LeadKind.TASK_FORCE, ref=str(TASK_FORCE)),)
    assert active.when(replace(wish, handover=open_still)).outcome[0].handover == open_still
    leads_nothing = active.knowing(**{**KNOWN, "leads": {}})
    assert leads_nothing.when(replace(wish, handover=())).outcome


@pytest.mark.parametrize("wish", [LEAVE, REMOVE])
def test_an_active_member_takes_over_and_each_thing_once(wish):
    active.knowing(**{**KNOWN, "takers": {HOUSING: None}}).when(wish).refused("unknown-member", 422)
    active.knowing(**{**KNOWN, "takers": {HOUSING: RESTING}}).when(wish).refused("member-not-active", 422)
    to_itself = (replace(wish.handover[0], to=ID),)
    active.when(replace(wish, handover=to_itself)).refused("handed-over-to-itself", 422)
    active.when(replace(wish, handover=wish.handover * 2)).refused("named-twice", 422)


@pytest.mark.parametrize("wish", [LEAVE, REMOVE, SUCCEED])
def test_the_secretariat_moves_before_its_host_goes(wish):
    hosting = active.knowing(**{**KNOWN, "host": ID})
    hosting.when(wish).refused("hosts-the-secretariat", 422)
    assert active.knowing(**{**KNOWN, "host": HOUSING}).when(wish).outcome


@pytest.mark.parametrize("wish", [LEAVE, REMOVE, SUCCEED])
def test_nobody_goes_tomorrow_or_before_he_came(wish):
    active.when(replace(wish, on=date(2025, 6, 11))).refused("happens-in-the-future", 422)
    active.when(replace(wish, on=date(2025, 2, 2))).refused("before-it-joined", 422)
    assert active.when(replace(wish, on=date(2025, 2, 3))).outcome


# --- succeed ------------------------------------------------------------------------------------------------------


def test_another_member_takes_the_place_and_is_told_the_duties_that_move():
    active.when(SUCCEED).then(SUCCEEDED)
    only = (AffairDuty(affair=Affair.A5, duty=Duty.MAIN),)
    active.given(past(AffairsAssigned, affairs=only)).when(SUCCEED).then(replace(SUCCEEDED, affairs=only))


@pytest.mark.parametrize("story", [*WITHOUT_SEAT, suspended])
def test_only_an_active_member_is_succeeded(story):
    story.when(SUCCEED).refused("not-active", 409)


def test_the_successor_is_another_active_member():
    active.when(replace(SUCCEED, successor_id=ID)).refused("succeeds-itself", 422)
    active.knowing(**{**KNOWN, "successor": None}).when(SUCCEED).refused("unknown-member", 422)
    active.knowing(**{**KNOWN, "successor": RESTING}).when(SUCCEED).refused("member-not-active", 422)


def test_a_decree_of_tomorrow_moves_nothing():
    active.when(replace(SUCCEED, decree=replace(DECREE, date=date(2025, 6, 11)))).refused("happens-in-the-future", 422)


# --- after it has gone --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("story", [left, succeeded])
def test_nothing_happens_any_more_to_who_has_gone(story):
    for cls, slug in {
        ProposeMember: "already-proposed",
        VerifyMember: "not-awaiting-verification",
        AdmitMember: "not-verified",
        RejectMember: "not-awaiting-admission",
        AssignAffairs: "affairs-are-closed",
        SuspendMember: "not-active",
        ReinstateMember: "not-suspended",
        ChangeContactChannel: "channel-not-needed",
    }.items():
        story.when(EXAMPLES[cls]).refused(slug, 409)


@pytest.mark.parametrize("story", [left, succeeded])
def test_the_legal_name_of_who_has_gone_is_free(story):
    assert member.holds(active.state)
    assert member.holds(story.state) == frozenset()


# --- how it is reached --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("story", [proposed, verified, active, suspended])
def test_the_first_channel_makes_an_organisation_reachable(story):
    story.when(CHANNEL).then(CHANGED, REACHED)


def test_another_channel_is_only_kept():
    active.given(CHANGED, REACHED).when(CHANNEL).then(CHANGED)


def test_a_lost_channel_is_told():
    lost = replace(CHANGED, channel=None, contact=None, unreachable=True, on_behalf_of=None)
    reachable = active.given(CHANGED, REACHED)
    reachable.when(ChangeContactChannel()).then(lost, replace(REACHED, unreachable=True))
    active.when(ChangeContactChannel()).then_nothing()


def test_a_channel_comes_with_a_contact():
    active.when(replace(CHANNEL, contact=None)).refused("channel-and-contact-belong-together", 422)
    active.when(replace(CHANNEL, channel=None)).refused("channel-and-contact-belong-together", 422)


@pytest.mark.parametrize("story", [nobody, rejected])
def test_who_has_no_dealings_with_the_group_has_no_channel(story):
    story.when(CHANNEL).refused("channel-not-needed", 409)


def test_only_the_secretariat_enters_the_channel_of_another():
    active.knowing(actor=STAFF, **KNOWN).when(CHANNEL).refused("only-secretariat-enters-for-others", 422)
    assert active.knowing(actor=STAFF, **KNOWN).when(replace(CHANNEL, on_behalf_of=None)).outcome


# --- who waits, and who is who ------------------------------------------------------------------------------------


def test_what_waits_for_whom():
    assert member.waiting(nobody.state) == []
    assert member.waiting(proposed.state) == [Waits("secretariat", VerifyMember)]
    assert member.waiting(verified.state) == [Waits("chair", AdmitMember)]
    assert member.waiting(active.state) == [Waits("secretariat", ChangeContactChannel)]
    assert member.waiting(active.given(CHANGED, REACHED).state) == []
    for story in (suspended, rejected, left, succeeded):
        assert member.waiting(story.state) == []


def test_a_members_own_people_are_known():
    assert member.relations(active.state, STAFF) == {"own"}
    assert member.relations(active.state, Actor("a", organisation=HOUSING)) == frozenset()
    assert member.relations(active.state, Actor("a")) == frozenset()


class Rows:
    """The directory as a dictionary."""

    def __init__(self, kept):
        self.kept = kept

    def row(self, register, key):
        return self.kept.get(key) if register is directory else None


def test_whose_member_is_suspended_or_gone_loses_its_rights():
    def keeps(*facts):
        rows = folded(directory, facts)
        return service.directory.active(Rows(rows), SOME_ID)

    assert keeps()
    assert keeps(PROPOSED)
    assert keeps(PROPOSED, JOINED)
    assert keeps(PROPOSED, JOINED, SUSPENDED, REINSTATED)
    for gone in (SUSPENDED, LEFT, SUCCEEDED):
        assert not keeps(PROPOSED, JOINED, gone)
    assert service.directory.active(Rows({}), UUID(int=9))
