"""An invitation's way: sent by letter, then accepted, declined, or over after thirty days."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from services.membership.domain.invitation import (
    AcceptInvitation,
    DeclineInvitation,
    InvitationAccepted,
    InvitationDeclined,
    InvitationExpired,
    InviteStakeholder,
    MarkInvitationExpired,
    StakeholderInvited,
    invitation,
)
from services.membership.domain.terms import Subkind
from services.membership.examples import ANSWER, EXAMPLES, INVITING
from shared.decider import Actor, Ended, Timer, Waits
from shared.testing import Story, given_at

ID = given_at().new_id(0)


def past(cls, **changed):
    """The example of a fact, as it happened to the invitation of these stories."""
    return replace(EXAMPLES[cls], invitation_id=ID, **changed)


INVITED, ACCEPTED = past(StakeholderInvited), past(InvitationAccepted)
DECLINED, EXPIRED = past(InvitationDeclined), past(InvitationExpired)
INVITE, ACCEPT, DECLINE = EXAMPLES[InviteStakeholder], EXAMPLES[AcceptInvitation], EXAMPLES[DeclineInvitation]
ENTERED_LATE = datetime(2025, 7, 20, 5, tzinfo=UTC)

nothing = Story(invitation)
invited = nothing.given(INVITED)
accepted, declined, expired = invited.given(ACCEPTED), invited.given(DECLINED), invited.given(EXPIRED)


def test_an_organisation_is_invited_for_thirty_days_from_the_letter():
    nothing.when(INVITE).then(INVITED)
    assert (INVITED.on, INVITED.expires_on) == (INVITING.date, date(2025, 6, 11))


def test_an_invitation_is_sent_once():
    invited.when(INVITE).refused("already-invited", 409)


@pytest.mark.parametrize("subkind", [Subkind.REGIONAL_AGENCY, Subkind.VERTICAL_AGENCY])
def test_agencies_are_not_invited(subkind):
    nothing.when(replace(INVITE, subkind=subkind)).refused("agencies-are-not-invited", 422)


def test_a_letter_of_tomorrow_invites_nobody():
    nothing.when(replace(INVITE, letter=replace(INVITING, date=date(2025, 6, 11)))).refused("happens-in-the-future", 422)


def test_an_invitation_is_accepted_or_declined():
    invited.when(ACCEPT).then(ACCEPTED)
    invited.when(DECLINE).then(DECLINED)
    invited.when(AcceptInvitation()).then(replace(ACCEPTED, on=date(2025, 6, 10), on_behalf_of=None))


@pytest.mark.parametrize("story", [nothing, accepted, declined, expired])
@pytest.mark.parametrize("wish", [ACCEPT, DECLINE, MarkInvitationExpired()])
def test_only_an_open_invitation_is_answered_or_expires(story, wish):
    story.when(wish).refused("invitation-is-not-open", 409)


@pytest.mark.parametrize("wish", [ACCEPT, DECLINE])
def test_the_day_of_the_answer_counts_not_that_of_entry(wish):
    late = invited.knowing(ENTERED_LATE)
    assert late.when(replace(wish, on=date(2025, 6, 11))).outcome
    late.when(replace(wish, on=date(2025, 6, 12))).refused("answered-too-late", 422)
    late.when(replace(wish, on=None)).refused("answered-too-late", 422)
    invited.when(replace(wish, on=date(2025, 5, 11))).refused("answered-before-the-invitation", 422)
    invited.when(replace(wish, on=date(2025, 6, 11))).refused("happens-in-the-future", 422)


def test_only_the_secretariat_enters_the_letter_of_another():
    invited.knowing(actor=Actor("a", frozenset({"partner"}))).when(ACCEPT).refused("only-secretariat-enters-for-others", 422)
    tomorrow = replace(ANSWER, date=date(2025, 6, 11))
    invited.when(replace(ACCEPT, on_behalf_of=tomorrow)).refused("happens-in-the-future", 422)


def test_an_invitation_expires_when_its_last_day_is_over():
    invited.knowing(datetime(2025, 6, 11, 5, tzinfo=UTC)).when(MarkInvitationExpired()).refused("invitation-not-yet-expired", 422)
    invited.knowing(datetime(2025, 6, 12, 0, tzinfo=UTC)).when(MarkInvitationExpired()).then(EXPIRED)


def test_an_organisation_is_invited_once_at_a_time():
    assert invitation.holds(invited.state) == {"invited-name:pusat studi permukiman universitas contoh"}
    for story in (nothing, accepted, declined, expired):
        assert invitation.holds(story.state) == frozenset()


def test_the_clock_runs_until_there_is_an_answer():
    def clocks(fact):
        return list(invitation.timers(invited.state, fact, given_at()))

    due = datetime(2025, 6, 12, tzinfo=UTC)
    assert clocks(INVITED) == [Timer("invitation-expires", due, MarkInvitationExpired())]
    assert clocks(ACCEPTED) == clocks(DECLINED) == [Ended("invitation-expires")]
    assert clocks(EXPIRED) == []


def test_an_open_invitation_waits_for_the_secretariat_to_enter_its_answer():
    assert invitation.waiting(invited.state) == [Waits("secretariat", AcceptInvitation, date(2025, 6, 11))]
    for story in (nothing, accepted, declined, expired):
        assert invitation.waiting(story.state) == []


def test_an_invitation_knows_only_its_own_wishes():
    with pytest.raises(TypeError):
        invitation.decide(invited.state, "AcceptInvitation", given_at())
