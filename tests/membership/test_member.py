"""A member's way: proposed, verified, admitted or turned down, suspended and reinstated."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from services.membership.domain.invitation import StakeholderInvited
from services.membership.domain.member import (
    AdmitMember,
    AffairsAssigned,
    AssignAffairs,
    MemberJoined,
    MemberProposed,
    MemberReinstated,
    MemberRejected,
    MemberSuspended,
    MemberVerified,
    ProposeMember,
    ReinstateMember,
    RejectMember,
    SuspendMember,
    VerifyMember,
)
from services.membership.domain.seating import member
from services.membership.domain.terms import Affair, AffairDuty, AgencyType, Answer, Body, Duty, Function, Span, Subkind
from services.membership.examples import DECREE, EXAMPLES, INVITATION, NOMINATION
from services.membership.registers.invitations import invitations
from services.membership.registers.working_groups import Term
from shared.decider import Actor
from shared.testing import Story, folded, given_at

ID = given_at().new_id(0)
CHAIR = Actor("chair", frozenset({"chair"}))
TERM = Term("000/Kep.DEMO-PKP/2025", date(2025, 1, 2), "Gubernur", "PP 14/2016", date(2025, 1, 2), date(2027, 12, 31))
PROPOSE, VERIFY, ADMIT = EXAMPLES[ProposeMember], EXAMPLES[VerifyMember], EXAMPLES[AdmitMember]
SUSPEND, REINSTATE, REJECT = EXAMPLES[SuspendMember], EXAMPLES[ReinstateMember], EXAMPLES[RejectMember]
ASSIGN = EXAMPLES[AssignAffairs]


def past(cls, **changed):
    """The example of a fact, as it happened to the member of these stories."""
    return replace(EXAMPLES[cls], member_id=ID, **changed)


PROPOSED, VERIFIED, JOINED = past(MemberProposed), past(MemberVerified), past(MemberJoined)
REJECTED, SUSPENDED, REINSTATED = past(MemberRejected), past(MemberSuspended), past(MemberReinstated)

nobody = Story(member).knowing(group=TERM, invitation=None)
proposed = nobody.given(PROPOSED)
verified = proposed.given(VERIFIED)
active = verified.given(JOINED)
suspended = active.given(SUSPENDED)
rejected = proposed.given(REJECTED)
participant = replace(PROPOSED, functions=(Function.PARTICIPATORY,), subkind=Subkind.UNIVERSITY, agency_type=None, affairs=())

UNIVERSITY = {"functions": (Function.PARTICIPATORY,), "subkind": Subkind.UNIVERSITY, "agency_type": None, "affairs": ()}
INVITED = replace(PROPOSE, **UNIVERSITY, invitation_id=INVITATION)
ACCEPTED = replace(
    next(iter(folded(invitations, [EXAMPLES[StakeholderInvited]]).values())),
    answer=Answer.ACCEPTED,
    answered_on=date(2025, 5, 26),
)


# --- propose ------------------------------------------------------------------------------------------------------


def test_an_organisation_is_proposed():
    nobody.when(PROPOSE).then(PROPOSED)


def test_an_organisation_may_propose_itself_without_a_letter_in_between():
    university = replace(PROPOSE, functions=(Function.PARTICIPATORY,), subkind=Subkind.UNIVERSITY, agency_type=None, affairs=())
    by_itself = nobody.knowing(actor=Actor("someone", frozenset({"partner"})))
    by_itself.when(replace(university, on_behalf_of=None)).then(replace(participant, on_behalf_of=None))


def test_what_is_proposed_is_not_proposed_again():
    proposed.when(PROPOSE).refused("already-proposed", 409)


def test_only_the_secretariat_enters_a_letter_for_another():
    stranger = Actor("someone", frozenset({"member"}))
    nobody.knowing(actor=stranger).when(PROPOSE).refused("only-secretariat-enters-for-others", 422)


def test_a_letter_of_tomorrow_is_refused():
    letter = replace(NOMINATION, date=date(2025, 6, 11))
    nobody.when(replace(PROPOSE, on_behalf_of=letter)).refused("happens-in-the-future", 422)


def test_a_function_is_named_once():
    twice = (Function.IMPLEMENTER, Function.IMPLEMENTER)
    nobody.when(replace(PROPOSE, functions=twice)).refused("named-twice", 422)


def test_an_affair_is_main_or_supporting_but_not_both():
    both = (AffairDuty(affair=Affair.A1, duty=Duty.MAIN), AffairDuty(affair=Affair.A1, duty=Duty.SUPPORT))
    nobody.when(replace(PROPOSE, affairs=both)).refused("named-twice", 422)
    proposed.when(replace(ASSIGN, affairs=both)).refused("named-twice", 422)


def test_only_implementers_bear_affairs():
    nobody.when(replace(PROPOSE, functions=(Function.COORDINATOR,))).refused("affairs-without-implementer", 422)


@pytest.mark.parametrize(
    ("subkind", "agency_type"),
    [
        (Subkind.REGIONAL_AGENCY, None),
        (Subkind.VERTICAL_AGENCY, None),
        (Subkind.NGO, AgencyType.LAND),
        (Subkind.AUTONOMOUS_BODY, AgencyType.OTHER),
    ],
)
def test_agencies_and_only_agencies_have_a_field(subkind, agency_type):
    odd = replace(PROPOSE, subkind=subkind, agency_type=agency_type)
    nobody.when(odd).refused("agency-type-does-not-fit", 422)


@pytest.mark.parametrize("functions", [(Function.PARTICIPATORY,), (Function.PARTICIPATORY, Function.COORDINATOR)])
def test_who_accepted_an_invitation_may_be_proposed_with_it(functions):
    answered = nobody.knowing(invitation=ACCEPTED)
    invited = replace(INVITED, functions=functions)
    answered.when(invited).then(replace(participant, functions=functions, invitation_id=INVITATION))


def test_a_proposal_rests_on_an_invitation_that_is_known_and_was_accepted():
    nobody.knowing(invitation=None).when(INVITED).refused("unknown-invitation", 422)
    for answer in (Answer.OPEN, Answer.DECLINED, Answer.EXPIRED):
        nobody.knowing(invitation=replace(ACCEPTED, answer=answer)).when(INVITED).refused("invitation-not-accepted", 422)


def test_an_invitation_is_to_participate():
    alone = replace(INVITED, functions=(Function.COORDINATOR,))
    nobody.knowing(invitation=ACCEPTED).when(alone).refused("invited-to-participate", 422)


# --- verify -------------------------------------------------------------------------------------------------------


def test_a_proposed_organisation_is_verified_by_its_letter():
    proposed.when(VERIFY).then(VERIFIED)


@pytest.mark.parametrize("story", [nobody, verified, active, suspended, rejected])
def test_only_a_proposed_organisation_is_verified(story):
    story.when(VERIFY).refused("not-awaiting-verification", 409)


def test_an_implementer_without_affairs_is_not_verified():
    nobody.given(replace(PROPOSED, affairs=())).when(VERIFY).refused("implementer-without-affairs", 422)


def test_a_participant_needs_no_affairs_to_be_verified():
    nobody.given(participant).when(VERIFY).then(VERIFIED)


def test_a_nomination_of_tomorrow_verifies_nothing():
    letter = replace(NOMINATION, date=date(2025, 6, 11))
    proposed.when(VerifyMember(nomination=letter)).refused("happens-in-the-future", 422)


# --- admit --------------------------------------------------------------------------------------------------------


def test_a_verified_organisation_takes_its_seat():
    verified.when(ADMIT).then(JOINED)


def test_an_admission_without_a_date_happens_today():
    verified.when(replace(ADMIT, on=None)).then(replace(JOINED, on=date(2025, 6, 10)))


def test_a_seat_repeats_the_affairs_that_were_assigned_last():
    affairs = (AffairDuty(affair=Affair.A5, duty=Duty.MAIN),)
    verified.given(past(AffairsAssigned, affairs=affairs)).when(ADMIT).then(replace(JOINED, affairs=affairs))


@pytest.mark.parametrize("story", [active, suspended])
def test_a_seated_member_cannot_join_again(story):
    """One organisation, one seat."""
    story.when(ADMIT).refused("already-a-member", 409)


@pytest.mark.parametrize("story", [nobody, proposed, rejected])
def test_only_a_verified_organisation_is_admitted(story):
    story.when(ADMIT).refused("not-verified", 409)


def test_nobody_is_admitted_before_there_is_a_working_group():
    verified.knowing(group=None).when(ADMIT).refused("no-working-group", 422)


@pytest.mark.parametrize("on", [date(2025, 1, 1), date(2024, 6, 10)])
def test_nobody_is_admitted_outside_the_term(on):
    verified.when(replace(ADMIT, on=on)).refused("outside-the-term", 422)


@pytest.mark.parametrize("on", [date(2025, 1, 2), date(2025, 6, 10)])
def test_the_first_day_of_the_term_and_today_are_within_it(on):
    verified.when(replace(ADMIT, on=on)).then(replace(JOINED, on=on))


def test_nobody_is_admitted_after_the_term():
    over = replace(TERM, term_end=date(2025, 6, 9))
    verified.knowing(group=over).when(replace(ADMIT, on=None)).refused("outside-the-term", 422)


def test_nobody_is_admitted_tomorrow():
    verified.when(replace(ADMIT, on=date(2025, 6, 11))).refused("happens-in-the-future", 422)


def test_the_secretariat_admits_nobody_without_a_decree():
    verified.when(replace(ADMIT, core_officer=False, decree=None)).refused("admitted-by-chair-or-decree", 422)


def test_a_term_before_the_last_one_is_a_term_too():
    renewed = replace(TERM, term_start=date(2025, 6, 1), earlier_terms=(Span(start=date(2022, 1, 1), end=date(2025, 5, 31)),))
    verified.knowing(group=renewed).when(ADMIT).then(JOINED)
    verified.knowing(group=renewed).when(replace(ADMIT, on=date(2021, 12, 31))).refused("outside-the-term", 422)


def test_a_core_officer_needs_a_decree():
    verified.knowing(actor=CHAIR, group=TERM).when(replace(ADMIT, decree=None)).refused("core-officer-without-decree", 422)


def test_others_need_no_decree_when_the_chair_admits_them():
    plain = replace(ADMIT, core_officer=False, decree=None)
    verified.knowing(actor=CHAIR, group=TERM).when(plain).then(replace(JOINED, core_officer=False, decree=None))


def test_a_decree_of_tomorrow_admits_nobody():
    decree = replace(DECREE, date=date(2025, 6, 11))
    verified.when(replace(ADMIT, decree=decree)).refused("happens-in-the-future", 422)


def test_a_body_is_named_once():
    verified.when(replace(ADMIT, bodies=(Body.POKJA, Body.POKJA))).refused("named-twice", 422)


# --- reject -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("story", [proposed, verified])
def test_who_has_no_seat_yet_may_be_turned_down(story):
    story.when(REJECT).then(REJECTED)


@pytest.mark.parametrize("story", [nobody, active, suspended, rejected])
def test_who_has_a_seat_or_was_turned_down_is_not_turned_down(story):
    story.when(REJECT).refused("not-awaiting-admission", 409)


# --- assign affairs -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("story", [proposed, verified, active])
def test_affairs_are_replaced(story):
    affairs = (AffairDuty(affair=Affair.A1, duty=Duty.MAIN),)
    story.when(AssignAffairs(affairs=affairs)).then(past(AffairsAssigned, affairs=affairs))


def test_the_same_affairs_in_another_order_are_nothing_new():
    active.when(replace(ASSIGN, affairs=tuple(reversed(ASSIGN.affairs)))).then_nothing()


def test_another_duty_in_the_same_affair_is_new():
    affairs = (AffairDuty(affair=Affair.A2, duty=Duty.SUPPORT), AffairDuty(affair=Affair.A3, duty=Duty.SUPPORT))
    active.when(AssignAffairs(affairs=affairs)).then(past(AffairsAssigned, affairs=affairs))


@pytest.mark.parametrize("story", [nobody, suspended, rejected])
def test_affairs_of_others_stay(story):
    story.when(ASSIGN).refused("affairs-are-closed", 409)


def test_a_participant_is_given_no_affairs():
    nobody.given(participant).when(ASSIGN).refused("affairs-without-implementer", 422)


# --- suspend and reinstate ----------------------------------------------------------------------------------------


def test_an_active_member_is_suspended():
    active.when(SUSPEND).then(SUSPENDED)


@pytest.mark.parametrize("story", [nobody, proposed, verified, suspended, rejected])
def test_only_an_active_member_is_suspended(story):
    story.when(SUSPEND).refused("not-active", 409)


def test_nobody_is_suspended_or_reinstated_tomorrow():
    tomorrow = date(2025, 6, 11)
    active.when(replace(SUSPEND, on=tomorrow)).refused("happens-in-the-future", 422)
    suspended.when(replace(REINSTATE, on=tomorrow)).refused("happens-in-the-future", 422)


def test_a_suspended_member_is_reinstated_and_may_be_suspended_again():
    suspended.when(REINSTATE).then(REINSTATED)
    suspended.given(REINSTATED).when(replace(SUSPEND, on=None)).then(replace(SUSPENDED, on=date(2025, 6, 10)))


@pytest.mark.parametrize("story", [nobody, proposed, verified, active, rejected])
def test_only_a_suspended_member_is_reinstated(story):
    story.when(REINSTATE).refused("not-suspended", 409)


# --- one seat per organisation ------------------------------------------------------------------------------------


@pytest.mark.parametrize("story", [proposed, verified, active, suspended])
def test_a_legal_name_is_held_from_the_proposal_on(story):
    assert member.holds(story.state) == {"legal-name:badan perencanaan pembangunan daerah"}


@pytest.mark.parametrize("story", [nobody, rejected])
def test_a_legal_name_is_free_before_the_proposal_and_after_the_rejection(story):
    assert member.holds(story.state) == frozenset()


def test_a_legal_name_is_the_same_however_it_is_spelled():
    shouted = replace(PROPOSED, name="  BADAN Perencanaan   Pembangunan Daerah ")
    assert member.holds(nobody.given(shouted).state) == member.holds(proposed.state)


def test_a_member_knows_only_its_own_wishes():
    with pytest.raises(TypeError):
        member.decide(active.state, "AdmitMember", given_at())
