"""Whether the parties want to mediate, and with whom: consent, summaries, an impartial mediator, objections in time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from services.mediation.domain.appointing import (
    AppointMediator,
    MediatorObjected,
    MediatorRecused,
    ObjectToMediator,
    RecuseMediator,
)
from services.mediation.domain.consenting import (
    CaseSummarySubmitted,
    PartyRefused,
    RecordConsent,
    RefuseMediation,
    SubmitCaseSummary,
)
from services.mediation.domain.deciding import case
from services.mediation.domain.resting import CaseSuspended, ResumeCase
from services.mediation.domain.terms import Stage
from services.mediation.examples import AGENCY, CASE, EXAMPLES, MINUTES, OWNERS, PLANNING
from shared.decider import Actor
from shared.facts import personal_fields
from shared.privacy.fields import seal
from shared.testing import Story
from tests.mediation.telling import (
    APPOINTED,
    APPOINTED_,
    BOTH_SIGNED,
    CONSENTED,
    MEDIATED,
    NEW,
    OF_THE_AGENCY,
    OPEN,
    OWNERS_SPEAKER,
    SETTLED,
    THE_CHAIR,
    THE_MEDIATOR,
    TO_SIGN,
    WILLING,
    listed,
    said,
    story,
)

CONSENT: RecordConsent = EXAMPLES[RecordConsent]
REFUSE: RefuseMediation = EXAMPLES[RefuseMediation]
REFUSED: PartyRefused = EXAMPLES[PartyRefused]
SUM_UP: SubmitCaseSummary = EXAMPLES[SubmitCaseSummary]
APPOINT: AppointMediator = EXAMPLES[AppointMediator]
OBJECT: ObjectToMediator = EXAMPLES[ObjectToMediator]
OBJECTED: MediatorObjected = EXAMPLES[MediatorObjected]
RECUSE: RecuseMediator = EXAMPLES[RecuseMediator]
RECUSED: MediatorRecused = EXAMPLES[MediatorRecused]
STRANGER = UUID("00000000-0000-4000-8000-0000000003ff")
APPOINTING = story(*WILLING, by=THE_CHAIR, mediator=True)


# --- consent ------------------------------------------------------------------------------------------------------


def test_a_party_agrees_to_mediate_once():
    story(*OPEN).when(CONSENT).then(CONSENTED)
    story(*OPEN, by=OWNERS_SPEAKER).when(replace(CONSENT, on_behalf_of=None)).then(replace(CONSENTED, on_behalf_of=None))
    story(*WILLING).when(CONSENT).then_nothing()


def test_a_party_refuses_once_and_may_think_better_of_it():
    story(*WILLING).when(REFUSE).then(REFUSED)
    story(*WILLING, REFUSED).when(REFUSE).then_nothing()
    story(*WILLING, REFUSED).when(CONSENT).then(CONSENTED)


@pytest.mark.parametrize("wish", [CONSENT, REFUSE, SUM_UP])
def test_each_party_speaks_for_itself(wish):
    own = replace(wish, on_behalf_of=None)
    story(*OPEN, by=OF_THE_AGENCY).when(own).refused("not-your-party", 422)
    story(*OPEN, by=OWNERS_SPEAKER).when(replace(own, party_id=AGENCY)).refused("not-your-party", 422)
    story(*OPEN).when(replace(wish, party_id=STRANGER)).refused("not-a-party")
    story(*OPEN).when(own).refused("source-missing")


@pytest.mark.parametrize("wish", [CONSENT, REFUSE, SUM_UP, APPOINT])
def test_it_begins_with_the_acceptance(wish):
    story(*NEW, mediator=True).when(wish).refused("case-not-accepted", 409)
    story(*OPEN, mediator=True).when(replace(wish, on=date(2025, 5, 22))).refused("before-acceptance", 422)
    story(*OPEN, mediator=True).when(replace(wish, on=date(2025, 5, 20))).refused("before-registration", 422)
    story(*SETTLED, mediator=True).when(wish).refused("case-already-settled", 409)
    Story(case).when(wish).refused("case-not-registered", 409)


def test_a_summary_goes_to_the_mediator_as_ciphertext():
    submitted: CaseSummarySubmitted = EXAMPLES[CaseSummarySubmitted]
    assert said(story(*APPOINTED_).when(SUM_UP)) == [submitted]
    assert [(one.path, one.subject) for one in personal_fields(CaseSummarySubmitted)] == [(("summary",), "party_id")]
    assert submitted.summary not in seal(submitted, f"32/case/{CASE}", 9, {str(OWNERS): bytes(32)})


def test_a_late_summary_counts_and_is_marked():
    assert said(story(*APPOINTED_).when(replace(SUM_UP, on=date(2025, 6, 3))))[0].late is False
    assert said(story(*APPOINTED_).when(replace(SUM_UP, on=date(2025, 6, 4))))[0].late is True
    assert said(story(*OPEN).when(SUM_UP))[0].late is False
    story(*TO_SIGN).when(SUM_UP).refused("mediation-under-way", 409)


# --- the mediator -------------------------------------------------------------------------------------------------


def test_the_chair_appoints_a_mediator_with_the_days_of_the_mediation():
    """Two working days for objections, five for summaries, thirty for the mediation."""
    assert said(APPOINTING.when(APPOINT)) == [APPOINTED, listed(Stage.MEDIATOR_APPOINTED, date(2025, 5, 27))]


def test_a_mediator_comes_from_an_active_member():
    story(*WILLING, by=THE_CHAIR, mediator=None).when(APPOINT).refused("unknown-member", 422)
    story(*WILLING, by=THE_CHAIR, mediator=False).when(APPOINT).refused("mediator-not-active", 422)


def test_a_mediator_has_no_interest_and_is_no_party():
    APPOINTING.when(replace(APPOINT, no_interest=False)).refused("mediator-has-interest", 422)
    APPOINTING.when(replace(APPOINT, organisation=PLANNING)).refused("mediator-is-party", 422)
    APPOINTING.when(replace(APPOINT, account="pihak-1")).refused("mediator-is-party", 422)


def test_a_case_has_one_mediator():
    story(*APPOINTED_, mediator=True).when(APPOINT).refused("mediator-already-appointed", 409)


def test_a_party_objects_within_two_working_days():
    """A weekday later the same objection is too late, whenever it is entered."""
    assert said(story(*APPOINTED_).when(OBJECT)) == [OBJECTED, listed(Stage.ACCEPTED, date(2025, 5, 28))]
    assert said(story(*APPOINTED_).when(replace(OBJECT, on=date(2025, 5, 29))))[0].days_left == 28
    story(*APPOINTED_).when(replace(OBJECT, on=date(2025, 5, 30))).refused("objection-too-late", 422)
    story(*APPOINTED_).when(replace(OBJECT, on=date(2025, 5, 26))).refused("before-appointment", 422)
    story(*APPOINTED_, by=OF_THE_AGENCY).when(replace(OBJECT, on_behalf_of=None)).refused("not-your-party")
    story(*WILLING).when(OBJECT).refused("no-mediator", 409)


def test_the_mediator_steps_back():
    assert said(story(*APPOINTED_, by=THE_MEDIATOR).when(RECUSE)) == [RECUSED, listed(Stage.ACCEPTED, date(2025, 5, 29))]
    story(*APPOINTED_).when(RECUSE).refused("source-missing")
    assert said(story(*APPOINTED_).when(replace(RECUSE, on_behalf_of=MINUTES)))[0].on_behalf_of == MINUTES
    by_itself = story(*APPOINTED_, by=Actor("reaction", frozenset({"machine"})))
    assert said(by_itself.when(replace(RECUSE, on=None)))[0].on == date(2025, 6, 10)
    story(*WILLING).when(RECUSE).refused("no-mediator", 409)


def test_signatures_fall_with_the_mediators_text():
    (recused, _) = said(story(*TO_SIGN, BOTH_SIGNED[0], by=THE_MEDIATOR).when(replace(RECUSE, on=date(2025, 6, 6))))
    assert recused.unsigned == (OWNERS,)
    after = story(*TO_SIGN, BOTH_SIGNED[0], recused).state
    assert (after.draft, after.signatures, after.mediator) == (None, (), None)


def test_the_days_stand_still_until_another_mediator_is_appointed():
    """Thirty working days from 27 May; one has passed on the 28th, twenty-nine are left from whenever it goes on."""
    again = story(*APPOINTED_, OBJECTED, by=THE_CHAIR, mediator=True)
    wish = replace(APPOINT, account="mediator-2", on=date(2025, 6, 10))
    assert said(again.when(wish))[0].mediation_due == date(2025, 7, 21)


def test_who_had_to_go_is_not_appointed_again():
    again = story(*APPOINTED_, RECUSED, by=THE_CHAIR, mediator=True)
    again.when(APPOINT).refused("mediator-had-to-go", 422)
    assert said(again.when(replace(APPOINT, account="mediator-2")))
    unnamed = replace(APPOINTED, account=None)
    nobody = story(*WILLING, unnamed, RECUSED, by=THE_CHAIR, mediator=True)
    nobody.when(replace(APPOINT, account=None)).refused("mediator-had-to-go", 422)


def test_an_appointment_rests_with_the_case():
    """Objected to, suspended, resumed: the days that were left are still those that are left."""
    rests = replace(EXAMPLES[CaseSuspended], days_left=None, on=date(2025, 6, 2))
    now = datetime(2025, 6, 10, 5, tzinfo=UTC)
    back = story(*APPOINTED_, OBJECTED, rests, now=now)
    resumed, shown = said(back.when(ResumeCase(on=date(2025, 6, 9))))
    assert (resumed.mediation_due, shown.stage) == (None, Stage.ACCEPTED)
    again = story(*APPOINTED_, OBJECTED, rests, resumed, by=THE_CHAIR, mediator=True)
    assert again.state.days_left == 29
    assert said(again.when(replace(APPOINT, account="mediator-2", on=date(2025, 6, 10))))[0].mediation_due == date(2025, 7, 21)


def test_sessions_to_come_fall_with_the_mediator():
    state = story(*MEDIATED, replace(RECUSED, on=date(2025, 6, 3))).state
    assert all(one.held or one.cancelled for one in state.sessions.values())
