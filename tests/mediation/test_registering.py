"""Registering a case: who may stand against whom, along which axis, and what the public learns of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import permutations
from uuid import UUID

import pytest

from services.mediation.domain.clocks import ClockStarted
from services.mediation.domain.deciding import case
from services.mediation.domain.registering import ConflictRegistered, RegisterCase, SpokespersonNamed
from services.mediation.domain.rules import CaseListed
from services.mediation.domain.sides import axis_of
from services.mediation.domain.terms import Axis, Clock, NewParty, PartyKind, Source, Stage
from services.mediation.domain.tracking import tracking_code
from services.mediation.examples import (
    CASE,
    CONTACT,
    EXAMPLES,
    NEW_AGENCY,
    NEW_OWNERS,
    OWNERS,
    PARTIES,
    PLANNING,
    REQUEST,
    SPOKESPERSON,
)
from shared.decider import Actor
from shared.facts import numbered, personal_fields
from shared.privacy.fields import seal, subjects
from shared.testing import Story, given_at
from tests.mediation.telling import said

KNOWN = {"organisations": frozenset({PLANNING})}
STORY = Story(case).knowing(**KNOWN)
WISH: RegisterCase = EXAMPLES[RegisterCase]
BY_A_MEMBER = Actor("someone", frozenset({"member"}), PLANNING)


def party(kind: PartyKind, *, complains: bool) -> NewParty:
    return NewParty(kind=kind, name=f"Kelompok {kind}", is_complainant=complains, spokesperson="Juru bicara")


def test_a_conflict_is_registered_and_listed():
    """The number is the year's next in the series; every party gets an id of its own, which is its subject, too."""
    new_id = STORY.knows.new_id
    registered = replace(
        EXAMPLES[ConflictRegistered],
        case_id=new_id(0),
        number=numbered("MED", 2025),
        parties=tuple(replace(party, party_id=new_id(n)) for n, party in enumerate(PARTIES, 2)),
        tracking_code=tracking_code(new_id(1)),
    )
    listed = replace(EXAMPLES[CaseListed], case_id=new_id(0), number=numbered("MED", 2025))
    named = replace(EXAMPLES[SpokespersonNamed], case_id=new_id(0), party_id=new_id(2))
    screened = ClockStarted(case_id=new_id(0), clock=Clock.SCREENING, about=None, due=date(2025, 5, 28))
    STORY.when(WISH).then(registered, named, listed, screened)


def test_a_case_goes_on_under_the_code_of_its_request():
    wish = replace(WISH, request_id=REQUEST)
    registered = STORY.knowing(**KNOWN, request=("4HXT7PWQ2K", True)).when(wish).outcome[0]
    assert (registered.request_id, registered.tracking_code) == (REQUEST, "4HXT7PWQ2K")
    assert case.holds(case.fold([registered])) == {f"request:{REQUEST}"}
    assert case.holds(case.fold([EXAMPLES[ConflictRegistered]])) == frozenset()


def test_a_request_must_be_known_and_still_wait():
    wish = replace(WISH, request_id=REQUEST)
    STORY.knowing(**KNOWN, request=None).when(wish).refused("unknown-request", 422)
    STORY.knowing(**KNOWN, request=("4HXT7PWQ2K", False)).when(wish).refused("request-already-answered", 422)


def test_who_registers_for_an_organisation_is_remembered():
    story = STORY.knowing(actor=BY_A_MEMBER, **KNOWN)
    assert story.when(replace(WISH, on_behalf_of=None)).outcome[0].registered_by == PLANNING


def test_the_public_sees_the_regency_and_never_the_village():
    registered, _, listed = said(STORY.when(replace(WISH, area_code="32.04.99.2999")))
    assert (registered.area_code, listed.area_code) == ("32.04.99.2999", "32.04")
    assert listed.stage is Stage.REGISTERED


def test_the_public_line_of_a_case_in_the_whole_province_names_the_province():
    assert said(STORY.when(replace(WISH, area_code="32")))[2].area_code == "32"


def test_what_says_who_speaks_for_a_party_is_personal_and_told_apart():
    """So that other parties may read the registration."""
    assert personal_fields(ConflictRegistered) == ()
    assert [(one.path, one.subject) for one in personal_fields(SpokespersonNamed)] == [
        (("spokesperson",), "party_id"),
        (("contact",), "party_id"),
    ]


def test_who_speaks_for_a_party_is_stored_as_ciphertext_only():
    """Under a key of that party in that case; a party of whom nobody is named needs none."""
    named: SpokespersonNamed = EXAMPLES[SpokespersonNamed]
    assert subjects(named) == {str(OWNERS)}
    stored = seal(named, f"32/case/{CASE}", 1, {str(OWNERS): bytes(32)})
    assert SPOKESPERSON not in stored
    assert CONTACT not in stored
    wish = replace(
        WISH, parties=(NEW_AGENCY, replace(NEW_AGENCY, organisation_id=None, spokesperson="Kuasa", is_complainant=True))
    )
    assert [one.spokesperson for one in said(STORY.when(wish)) if isinstance(one, SpokespersonNamed)] == ["Kuasa"]


def test_without_a_day_a_case_is_registered_today():
    assert STORY.when(replace(WISH, on=None)).outcome[0].on == date(2025, 6, 10)


def test_a_case_is_registered_once():
    STORY.given(EXAMPLES[ConflictRegistered]).when(WISH).refused("case-already-registered", 409)


def test_a_conflict_cannot_be_registered_ahead_of_time():
    STORY.when(replace(WISH, on=date(2025, 6, 11))).refused("happens-in-the-future", 422)


def test_a_case_lies_in_the_province():
    STORY.when(replace(WISH, area_code="36.71")).refused("not-an-area-of-the-province")


def test_nobody_is_in_conflict_alone():
    STORY.when(replace(WISH, parties=(NEW_OWNERS,))).refused("too-few-parties")


def test_somebody_complains():
    silent = replace(NEW_OWNERS, is_complainant=False)
    STORY.when(replace(WISH, parties=(silent, NEW_AGENCY))).refused("complainant-missing")


def test_a_group_has_a_spokesperson():
    voiceless = replace(NEW_OWNERS, spokesperson=None)
    STORY.when(replace(WISH, parties=(voiceless, NEW_AGENCY))).refused("group-without-spokesperson")


def test_an_organisation_that_is_not_known_yet_cannot_be_a_party():
    STORY.knowing(organisations=frozenset()).when(WISH).refused("unknown-member", 422)


def test_an_organisation_is_a_party_once():
    STORY.when(replace(WISH, parties=(NEW_OWNERS, NEW_AGENCY, NEW_AGENCY))).refused("named-twice")


def test_several_groups_outside_the_working_group_may_be_parties():
    others = replace(NEW_OWNERS, name="Kelompok penghuni lama")
    assert len(STORY.when(replace(WISH, parties=(NEW_OWNERS, others, NEW_AGENCY))).outcome[0].parties) == 3


def test_only_the_secretariat_enters_what_a_letter_says():
    by_a_member = STORY.knowing(actor=BY_A_MEMBER, **KNOWN)
    by_a_member.when(WISH).refused("only-secretariat-enters-for-others")
    assert by_a_member.when(replace(WISH, on_behalf_of=None)).outcome[0].on_behalf_of is None


def test_a_letter_is_not_dated_ahead():
    letter = Source(number="1", date=date(2025, 6, 11), sender="Kelompok pemilik")
    STORY.when(replace(WISH, on_behalf_of=letter)).refused("happens-in-the-future")


@pytest.mark.parametrize(
    ("complains", "other", "axis"),
    [
        (PartyKind.BENEFICIARY, PartyKind.PROVIDER, Axis.DEVELOPER_BENEFICIARY),
        (PartyKind.PROVIDER, PartyKind.GOVERNMENT, Axis.DEVELOPER_GOVERNMENT),
        (PartyKind.BENEFICIARY, PartyKind.GOVERNMENT, Axis.GOVERNMENT_BENEFICIARY),
        (PartyKind.AFFECTED, PartyKind.GOVERNMENT, Axis.GOVERNMENT_AFFECTED),
        (PartyKind.AFFECTED, PartyKind.PROVIDER, Axis.DEVELOPER_AFFECTED),
        (PartyKind.AFFECTED, PartyKind.BENEFICIARY, Axis.OTHER),
        (PartyKind.GOVERNMENT, PartyKind.GOVERNMENT, Axis.OTHER),
    ],
)
def test_the_axis_follows_from_the_kinds_whoever_complains(complains, other, axis):
    assert axis_of([party(complains, complains=True), party(other, complains=False)]) is axis
    assert axis_of([party(other, complains=True), party(complains, complains=False)]) is axis
    assert axis_of([party(other, complains=True), party(complains, complains=True)]) is axis


def test_the_axis_runs_between_those_who_complain_and_the_others_in_whatever_order_they_are_named():
    """Owners against the agency, its contractor and those who wait for a flat: the two latter are not in conflict."""
    parties = [
        party(PartyKind.AFFECTED, complains=True),
        party(PartyKind.GOVERNMENT, complains=False),
        party(PartyKind.PROVIDER, complains=False),
        party(PartyKind.BENEFICIARY, complains=False),
    ]
    assert {axis_of(order) for order in permutations(parties)} == {Axis.GOVERNMENT_AFFECTED}


def test_a_tracking_code_can_be_read_aloud_and_tells_cases_apart():
    codes = {tracking_code(given_at().new_id(n)) for n in range(500)}
    assert len(codes) == 500
    assert all(len(code) == 10 and not set(code) & set("01ILOU") and code.isalnum() for code in codes)
    assert tracking_code(UUID(int=0)) == "2222222222"
