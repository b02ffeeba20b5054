"""A delegated office: from when until when somebody else does its acts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from services.membership.domain.office import (
    DelegateOffice,
    DelegationEnded,
    EndDelegation,
    MarkDelegationExpired,
    OfficeDelegated,
    office,
)
from services.membership.domain.terms import DelegationEnd, OfficeName
from services.membership.examples import AWAY, EXAMPLES
from shared.decider import Actor, Ended, Timer
from shared.identity.policy import OFFICES
from shared.testing import Story, given_at

ID = given_at().new_id(0)
DELEGATED = replace(EXAMPLES[OfficeDelegated], delegation_id=ID)
ENDED = replace(EXAMPLES[DelegationEnded], delegation_id=ID)
EXPIRED = replace(ENDED, end=DelegationEnd.EXPIRED, on=date(2025, 6, 20))
DELEGATE, END = EXAMPLES[DelegateOffice], EXAMPLES[EndDelegation]
CHAIR, STEERING = Actor("chair", frozenset({"chair"})), Actor("steering", frozenset({"steering"}))

nothing = Story(office)
delegated = nothing.given(DELEGATED)
ended = delegated.given(ENDED)


def test_an_office_is_delegated_by_letter():
    nothing.when(DELEGATE).then(DELEGATED)


@pytest.mark.parametrize(
    ("actor", "own", "other"),
    [(CHAIR, OfficeName.CHAIR, OfficeName.STEERING), (STEERING, OfficeName.STEERING, OfficeName.SECRETARY)],
)
def test_who_holds_an_office_delegates_his_own(actor, own, other):
    assert nothing.knowing(actor=actor).when(replace(DELEGATE, office=own)).outcome
    nothing.knowing(actor=actor).when(replace(DELEGATE, office=other)).refused("not-your-office", 403)
    theirs = nothing.given(replace(DELEGATED, office=other)).knowing(actor=actor)
    theirs.when(END).refused("not-your-office", 403)


def test_every_office_that_is_delegated_lends_rights():
    assert {str(one) for one in OfficeName} == set(OFFICES)


def test_an_office_may_be_delegated_for_days_to_come():
    later = replace(DELEGATE, valid_from=date(2025, 7, 1), valid_until=date(2025, 7, 1))
    nothing.when(later).then(replace(DELEGATED, valid_from=date(2025, 7, 1), valid_until=date(2025, 7, 1)))


def test_a_delegation_has_days_in_order_that_are_not_over():
    nothing.when(replace(DELEGATE, valid_until=date(2025, 6, 8))).refused("ends-before-it-starts", 422)
    over = replace(DELEGATE, valid_from=date(2025, 6, 1), valid_until=date(2025, 6, 9))
    nothing.when(over).refused("delegation-is-over", 422)
    assert nothing.when(replace(over, valid_until=date(2025, 6, 10))).outcome


def test_a_letter_of_tomorrow_delegates_nothing():
    nothing.when(replace(DELEGATE, letter=replace(AWAY, date=date(2025, 6, 11)))).refused("happens-in-the-future", 422)


def test_nobody_delegates_to_himself():
    oneself = Actor(DELEGATE.account, frozenset({"chair"}))
    nothing.knowing(actor=oneself).when(DELEGATE).refused("delegated-to-oneself", 422)


@pytest.mark.parametrize("story", [delegated, ended])
def test_a_delegation_is_made_once(story):
    story.when(DELEGATE).refused("already-delegated", 409)


def test_a_delegation_ends_when_the_holder_is_back():
    delegated.when(END).then(ENDED)
    delegated.when(EndDelegation()).then(ENDED)


def test_a_delegation_ends_within_its_days():
    delegated.when(EndDelegation(on=date(2025, 6, 11))).refused("happens-in-the-future", 422)
    delegated.when(EndDelegation(on=date(2025, 6, 8))).refused("ends-before-it-started", 422)
    later = delegated.knowing(datetime(2025, 6, 25, 5, tzinfo=UTC))
    later.when(EndDelegation(on=date(2025, 6, 21))).refused("ends-after-its-last-day", 422)
    later.when(EndDelegation(on=date(2025, 6, 20))).then(replace(ENDED, on=date(2025, 6, 20)))


def test_what_has_not_begun_is_taken_back():
    ahead = nothing.given(replace(DELEGATED, valid_from=date(2025, 6, 16)))
    ahead.when(EndDelegation()).then(ENDED)


def test_a_delegation_runs_out_when_its_last_day_is_over():
    delegated.knowing(datetime(2025, 6, 20, 5, tzinfo=UTC)).when(MarkDelegationExpired()).refused("delegation-not-over", 422)
    delegated.knowing(datetime(2025, 6, 21, 0, tzinfo=UTC)).when(MarkDelegationExpired()).then(EXPIRED)


@pytest.mark.parametrize("story", [nothing, ended])
@pytest.mark.parametrize("wish", [END, MarkDelegationExpired()])
def test_what_is_not_delegated_does_not_end(story, wish):
    story.when(wish).refused("delegation-has-ended", 409)


def test_an_office_is_delegated_to_one_account_at_a_time():
    assert office.holds(delegated.state) == {"delegated-office:chair"}
    assert office.holds(nothing.state) == office.holds(ended.state) == frozenset()


def test_the_clock_ends_a_delegation_unless_somebody_does():
    assert list(office.timers(delegated.state, DELEGATED, given_at())) == [
        Timer("delegation-expires", datetime(2025, 6, 21, tzinfo=UTC), MarkDelegationExpired())
    ]
    assert list(office.timers(ended.state, ENDED, given_at())) == [Ended("delegation-expires")]


def test_the_deputy_is_known_while_the_delegation_is_open():
    deputy = Actor(DELEGATE.account)
    assert office.relations(delegated.state, deputy) == {"deputy"}
    assert office.relations(ended.state, deputy) == office.relations(delegated.state, CHAIR) == frozenset()


def test_an_office_knows_only_its_own_wishes():
    with pytest.raises(TypeError):
        office.decide(delegated.state, "EndDelegation", given_at())
