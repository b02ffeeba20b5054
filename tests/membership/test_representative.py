"""A representative's seat: a person takes it, another takes it over, and it is given up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from services.membership.domain.member import MemberJoined, MemberProposed, MemberSuspended
from services.membership.domain.representative import (
    AppointRepresentative,
    ConsentWithdrawn,
    EndRepresentation,
    ReplaceRepresentative,
    RepresentationEnded,
    RepresentativeAppointed,
    SeatFilled,
    WithdrawConsent,
    representative,
)
from services.membership.domain.terms import ConsentBasis, SeatEnd, SeatKind
from services.membership.examples import EXAMPLES, HOUSING, NOMINATION, PLANNING
from services.membership.registers.directory import directory
from services.membership.service import service
from shared.decider import Actor
from shared.facts import LEAVING, info, personal_fields
from shared.testing import SOME_ID, Story, folded, given_at

SEAT, PERSON = given_at().new_id(0), given_at().new_id(1)
MEMBER = folded(directory, [EXAMPLES[MemberProposed], EXAMPLES[MemberJoined]])[str(SOME_ID)]
RESTING = folded(directory, [EXAMPLES[MemberProposed], EXAMPLES[MemberJoined], EXAMPLES[MemberSuspended]])[str(SOME_ID)]
STAFF = Actor("staff", frozenset({"member"}), PLANNING)
STRANGER = Actor("stranger", frozenset({"member"}), HOUSING)


def past(cls, **changed):
    """The example of a fact, as it happened to the seat of these stories."""
    return replace(EXAMPLES[cls], seat_id=SEAT, representative_id=PERSON, **changed)


APPOINTED, FILLED = past(RepresentativeAppointed), past(SeatFilled)
TRANSFERRED, WITHDRAWN = past(RepresentationEnded), past(ConsentWithdrawn)
APPOINT, REPLACE = EXAMPLES[AppointRepresentative], EXAMPLES[ReplaceRepresentative]
END, WITHDRAW = EXAMPLES[EndRepresentation], EXAMPLES[WithdrawConsent]

nothing = Story(representative).knowing(member=MEMBER)
filled = nothing.given(APPOINTED, FILLED)
vacant = filled.given(TRANSFERRED)


def test_a_person_takes_a_seat():
    nothing.when(APPOINT).then(APPOINTED, FILLED)


def test_a_member_names_its_own_people_only():
    by_staff = nothing.knowing(actor=STAFF, member=MEMBER)
    own = replace(APPOINT, on_behalf_of=None)
    by_staff.when(own).then(replace(APPOINTED, on_behalf_of=None), FILLED)
    nothing.knowing(actor=STRANGER, member=MEMBER).when(own).refused("not-your-organisation", 403)
    by_staff.when(APPOINT).refused("only-secretariat-enters-for-others", 422)


def test_a_seat_is_filled_anew_by_replacing_not_by_appointing():
    filled.when(APPOINT).refused("seat-already-filled", 409)
    vacant.when(APPOINT).refused("seat-already-filled", 409)


def test_only_active_members_have_representatives():
    nothing.knowing(member=None).when(APPOINT).refused("unknown-member", 422)
    nothing.knowing(member=RESTING).when(APPOINT).refused("member-not-active", 422)


@pytest.mark.parametrize(("story", "wish"), [(nothing, APPOINT), (filled, REPLACE), (filled, END), (filled, WITHDRAW)])
def test_nothing_happens_to_a_seat_tomorrow(story, wish):
    story.when(replace(wish, on=date(2025, 6, 11))).refused("happens-in-the-future", 422)


def test_another_person_takes_the_seat_over_and_the_member_keeps_it():
    replaced = replace(TRANSFERRED, reason=SeatEnd.REPLACED)
    next_one = replace(
        APPOINTED, name=REPLACE.name, contact=REPLACE.contact, basis=ConsentBasis.OFFICIAL_DUTY, on=date(2025, 5, 30)
    )
    filled.when(REPLACE).then(replaced, next_one, replace(FILLED, on=date(2025, 5, 30)))
    after = filled.given(replaced, next_one).state
    assert (after.member_id, after.kind, after.basis) == (PLANNING, SeatKind.HEAD, ConsentBasis.OFFICIAL_DUTY)


def test_each_person_is_a_subject_of_its_own():
    """The ids of two commands differ, so that erasing one person leaves the next alone."""
    told = filled.when(REPLACE).outcome[1]
    assert told.representative_id == given_at().new_id(1) != given_at().new_id(0)


def test_a_person_gives_the_seat_up():
    filled.when(END).then(TRANSFERRED)


@pytest.mark.parametrize("wish", [REPLACE, END, WITHDRAW])
def test_a_vacant_seat_has_nobody_to_go(wish):
    vacant.when(wish).refused("seat-is-vacant", 409)


@pytest.mark.parametrize("wish", [REPLACE, END, WITHDRAW])
def test_nobody_goes_before_he_came(wish):
    filled.when(replace(wish, on=date(2025, 2, 9))).refused("before-the-appointment", 422)
    assert filled.when(replace(wish, on=date(2025, 2, 10))).outcome


@pytest.mark.parametrize("reason", [SeatEnd.REPLACED, SeatEnd.CONSENT_WITHDRAWN])
def test_a_reason_from_which_more_follows_has_its_own_command(reason):
    filled.when(replace(END, reason=reason)).refused("reason-has-its-own-command", 422)


def test_withdrawn_consent_empties_the_seat_and_says_by_when_processing_stops():
    filled.when(WITHDRAW).then(WITHDRAWN, replace(TRANSFERRED, reason=SeatEnd.CONSENT_WITHDRAWN))
    assert WITHDRAWN.stop_by == date(2025, 6, 2)


def test_a_duty_of_office_needs_no_consent_and_loses_none():
    nothing.given(replace(APPOINTED, basis=ConsentBasis.OFFICIAL_DUTY)).when(WITHDRAW).refused("consent-is-not-the-basis", 422)


@pytest.mark.parametrize(("story", "wish"), [(filled, REPLACE), (filled, END), (filled, WITHDRAW)])
def test_only_the_secretariat_enters_letters_of_others(story, wish):
    story.knowing(actor=STAFF, member=MEMBER).when(wish).refused("only-secretariat-enters-for-others", 422)
    letter = replace(NOMINATION, date=date(2025, 6, 11))
    story.when(replace(wish, on_behalf_of=letter)).refused("happens-in-the-future", 422)


def test_a_member_has_one_head():
    assert representative.holds(filled.state) == {f"head-seat:{PLANNING}"}
    assert representative.holds(nothing.state) == representative.holds(vacant.state) == frozenset()


@pytest.mark.parametrize("kind", [SeatKind.ALTERNATE, SeatKind.TECHNICAL])
def test_a_member_may_have_several_of_the_others(kind):
    assert representative.holds(nothing.given(replace(APPOINTED, seat=kind)).state) == frozenset()


def test_a_seat_is_its_members_own():
    def are(organisation):
        return representative.relations(filled.state, Actor("a", organisation=organisation))

    assert are(PLANNING) == {"own"}
    assert are(HOUSING) == are(None) == frozenset()


def test_no_person_leaves_the_service():
    (held,) = (one for one in service.aggregates if one.decider is representative)
    named = {fact.__name__ for fact in held.decider.facts if personal_fields(fact)}
    assert named == {"RepresentativeAppointed"}
    assert info(RepresentativeAppointed).visibility not in LEAVING


def test_a_look_up_of_the_state_holds_no_person():
    assert APPOINTED.name not in str(filled.state)
    assert UUID(str(filled.state.person)) == PERSON


def test_a_seat_knows_only_its_own_wishes():
    with pytest.raises(TypeError):
        representative.decide(filled.state, "EndRepresentation", given_at())
