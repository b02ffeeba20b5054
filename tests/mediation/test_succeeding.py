"""A party that was reorganised lives on in its successor, and a case that rests loses its mediator as any other does."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from services.mediation.domain.appointing import MediatorRecused, RecuseMediator
from services.mediation.domain.closing import CaseClosed
from services.mediation.domain.consenting import RecordConsent
from services.mediation.domain.resting import CaseResumed, CaseSuspended, ResumeCase
from services.mediation.domain.succeeding import NOW_A_PARTY, PartySucceeded, SucceedParty
from services.mediation.domain.terms import Stage
from services.mediation.examples import AGENCY, CASE, EXAMPLES, PLANNING, UNIVERSITY
from services.mediation.foreign import MemberLeft, MemberSucceeded
from services.mediation.reactions import recuse_mediators_when_member_left, succeed_parties_when_member_succeeded
from services.mediation.registers.cases import cases
from services.mediation.registers.organisations import Organisation, named_as_successor
from services.mediation.registers.parties import parties
from shared.decider import Actor
from shared.registers.register import About
from shared.testing import NOON, SOME_ID, folded
from tests.mediation.telling import (
    APPOINTED_,
    BOTH_SIGNED,
    DRAFTED,
    MEDIATED,
    OPEN,
    REGISTERED,
    RESOLVED,
    THE_MEDIATOR,
    TO_SIGN,
    WILLING,
    Known,
    listed,
    said,
    story,
)

SUCCEED: SucceedParty = EXAMPLES[SucceedParty]
SUCCEEDED: PartySucceeded = EXAMPLES[PartySucceeded]
OFFICE = SUCCEEDED.name
RESTS = replace(EXAMPLES[CaseSuspended], on=date(2025, 6, 6))
RESTING = (*MEDIATED, RESTS, listed(Stage.SUSPENDED, date(2025, 6, 6)))
MACHINE = Actor("reaction", frozenset({"machine"}))
ABOUT = About(str(PLANNING), PLANNING, f"32/member/{PLANNING}", 4, 9, NOON)


def test_the_successor_stands_in_the_place_of_a_party():
    assert said(story(*OPEN, successor=OFFICE, by=MACHINE).when(SUCCEED)) == [SUCCEEDED]
    after = story(*WILLING, SUCCEEDED).state
    assert after.parties[AGENCY].organisation_id == UNIVERSITY
    assert after.parties[AGENCY].consented
    consent = replace(EXAMPLES[RecordConsent], party_id=AGENCY, on_behalf_of=None)
    its_people = Actor("penerus-1", frozenset({"member"}), UNIVERSITY)
    assert said(story(*OPEN, SUCCEEDED, by=its_people).when(replace(consent, on=date(2025, 6, 5))))
    story(*OPEN, SUCCEEDED, by=Actor("bappeda-1", frozenset({"member"}), PLANNING)).when(consent).refused("not-your-party")


def test_what_it_owes_stays_owed():
    settled = story(*TO_SIGN, *BOTH_SIGNED, RESOLVED, successor=OFFICE)
    wish = replace(SUCCEED, on=date(2025, 6, 9))
    (succeeded,) = said(settled.when(wish))
    after = story(*TO_SIGN, *BOTH_SIGNED, RESOLVED, succeeded).state
    assert [one.debtor for one in after.owed.values()] == [DRAFTED.obligations[0].debtor] == [AGENCY]


def test_a_mediator_whose_organisation_becomes_a_party_steps_back():
    succeeded, recused, line = said(story(*APPOINTED_, successor=OFFICE).when(SUCCEED))
    assert (succeeded, line) == (SUCCEEDED, listed(Stage.ACCEPTED, SUCCEED.on))
    assert (recused.reason, recused.days_left) == (NOW_A_PARTY, 24)
    assert story(*APPOINTED_, succeeded, recused, line).state.mediator is None
    resting = said(story(*RESTING, successor=OFFICE).when(replace(SUCCEED, on=date(2025, 6, 9))))
    assert [type(one) for one in resting] == [PartySucceeded, MediatorRecused]
    other = replace(SUCCEED, successor=SOME_ID)
    assert [type(one) for one in said(story(*APPOINTED_, successor=OFFICE).when(other))] == [PartySucceeded]


@pytest.mark.parametrize(
    ("past", "wish", "slug"),
    [
        ((), SUCCEED, "case-not-registered"),
        ((*OPEN, SUCCEEDED), SUCCEED, "not-a-party"),
        (OPEN, replace(SUCCEED, successor=PLANNING), "named-twice"),
        (OPEN, replace(SUCCEED, on=date(2025, 5, 20)), "before-registration"),
        ((*OPEN, EXAMPLES[CaseClosed]), SUCCEED, "case-has-ended"),
    ],
)
def test_nobody_else_is_succeeded(past, wish, slug):
    story(*past, successor=OFFICE).when(wish).refused(slug)


def test_a_successor_that_is_not_known_yet_is_waited_for():
    story(*OPEN, successor=None).when(SUCCEED).refused("unknown-member")
    rows = Known(organisations={str(UNIVERSITY): Organisation(OFFICE, active=True)})
    assert named_as_successor(rows, SUCCEED, str(CASE)) == OFFICE
    assert named_as_successor(rows, replace(SUCCEED, successor=SOME_ID), str(CASE)) is None


def test_the_file_goes_by_the_successors_name():
    line = folded(parties, (REGISTERED, SUCCEEDED), CASE)[f"{CASE}/{AGENCY}"]
    assert (line.organisation_id, line.name) == (UNIVERSITY, OFFICE)


def test_membership_s_word_reaches_every_case_that_lives():
    line = folded(cases, OPEN, CASE)[str(CASE)]
    rows = Known(cases={str(CASE): line}, parties=folded(parties, OPEN, CASE))
    fact = MemberSucceeded(member_id=PLANNING, successor_id=UNIVERSITY)
    (wish,) = succeed_parties_when_member_succeeded(fact, ABOUT, rows)
    assert (wish.aggregate, wish.id) == ("case", CASE)
    assert wish.command == replace(SUCCEED, on=None)
    stranger = MemberSucceeded(member_id=SOME_ID, successor_id=UNIVERSITY)
    assert succeed_parties_when_member_succeeded(stranger, ABOUT, rows) == []
    closed = Known(cases={str(CASE): replace(line, stage=Stage.CLOSED)}, parties=folded(parties, OPEN, CASE))
    assert (
        succeed_parties_when_member_succeeded(MemberSucceeded(member_id=PLANNING, successor_id=UNIVERSITY), ABOUT, closed) == []
    )


def test_a_case_that_rests_loses_its_mediator_and_rests_on():
    """Or it would go on with one who may not mediate any more."""
    wish = RecuseMediator(reason="Bukan anggota lagi.", on=date(2025, 6, 9))
    (recused,) = said(story(*RESTING, by=MACHINE).when(wish))
    assert recused.days_left == RESTS.days_left
    after = story(*RESTING, recused).state
    assert (after.stage, after.mediator, after.rests_from, after.days_left) == (
        Stage.SUSPENDED,
        None,
        Stage.ACCEPTED,
        RESTS.days_left,
    )
    back, line = said(story(*RESTING, recused).when(ResumeCase(on=date(2025, 6, 10))))
    assert (back.mediation_due, line.stage) == (None, Stage.ACCEPTED)
    resumed = story(*RESTING, recused, back, line).state
    assert (resumed.stage, resumed.days_left) == (Stage.ACCEPTED, RESTS.days_left)
    story(*RESTING, recused).when(wish).refused("case-suspended", 409)
    story(*RESTING, by=THE_MEDIATOR).when(replace(wish, on=date(2025, 5, 1))).refused("before-registration")


def test_its_line_says_so():
    resting = folded(cases, (*RESTING, EXAMPLES[MediatorRecused]), CASE)[str(CASE)]
    assert (resting.stage, resting.mediator, resting.rests_from) == (Stage.SUSPENDED, None, Stage.ACCEPTED)
    back = replace(EXAMPLES[CaseResumed], mediation_due=None)
    gone_on = (*RESTING, EXAMPLES[MediatorRecused], back, listed(Stage.ACCEPTED, date(2025, 6, 10)))
    assert folded(cases, gone_on, CASE)[str(CASE)].stage is Stage.ACCEPTED


def test_who_left_mediates_no_case_that_rests():
    line = folded(cases, RESTING, CASE)[str(CASE)]
    (wish,) = recuse_mediators_when_member_left(MemberLeft(member_id=UNIVERSITY), ABOUT, Known(cases={str(CASE): line}))
    assert (wish.id, type(wish.command)) == (CASE, RecuseMediator)
