"""A request for mediation: received under a code, turned into a case or answered, and overdue otherwise."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from services.mediation.domain.mediation_request import (
    ANSWER_DUE,
    AnswerRequest,
    MarkRequestOverdue,
    MediationRequested,
    RequestAnswered,
    RequestMediation,
    RequestOrigin,
    RequestOverdue,
    RequestTurnedIntoCase,
    TurnIntoCase,
    mediation_request,
)
from services.mediation.domain.tracking import tracking_code
from services.mediation.examples import CASE, EXAMPLES, LETTER, NUMBER, REQUEST
from shared.decider import Actor, Ended, Timer, Waits
from shared.facts import personal_fields
from shared.privacy.fields import seal
from shared.testing import NOON, Story, given_at

ASK: RequestMediation = EXAMPLES[RequestMediation]
ASKED: MediationRequested = EXAMPLES[MediationRequested]
TURN: TurnIntoCase = EXAMPLES[TurnIntoCase]
ANSWER: AnswerRequest = EXAMPLES[AnswerRequest]
TURNED: RequestTurnedIntoCase = EXAMPLES[RequestTurnedIntoCase]
ANSWERED: RequestAnswered = EXAMPLES[RequestAnswered]
OVERDUE: RequestOverdue = EXAMPLES[RequestOverdue]
ANYBODY = Actor("public", frozenset({"public"}))
NEW = Story(mediation_request).knowing(actor=ANYBODY)
WAITING = Story(mediation_request).given(ASKED).knowing(case=(NUMBER, REQUEST))


def test_anybody_asks_and_gets_a_code():
    """Five working days for the answer."""
    new_id = NEW.knows.new_id
    NEW.when(ASK).then(replace(ASKED, request_id=new_id(0), tracking_code=tracking_code(new_id(1))))


def test_what_is_asked_and_by_whom_is_ciphertext():
    assert {one.path for one in personal_fields(MediationRequested)} == {("what_happened",), ("against",), ("contact",)}
    stored = seal(ASKED, f"32/mediation_request/{REQUEST}", 1, {str(REQUEST): bytes(32)})
    assert all(said not in stored for said in (ASKED.what_happened, ASKED.against, ASKED.contact))


def test_a_request_is_received_once():
    WAITING.when(ASK).refused("request-already-received", 409)


def test_a_request_lies_in_the_province_and_has_happened():
    NEW.when(replace(ASK, area_code="36.71")).refused("not-an-area-of-the-province")
    NEW.when(replace(ASK, on=date(2025, 6, 11))).refused("happens-in-the-future")


def test_what_is_handed_on_says_from_where():
    NEW.when(replace(ASK, origin=RequestOrigin.PEER_PROVINCE)).refused("origin-without-reference", 422)
    handed = replace(ASK, origin=RequestOrigin.ASPIRATION, origin_ref="ASP/32/2025/0007")
    assert NEW.when(handed).outcome[0].origin_ref == "ASP/32/2025/0007"


def test_only_the_secretariat_enters_what_a_letter_says():
    NEW.when(replace(ASK, on_behalf_of=LETTER)).refused("only-secretariat-enters-for-others")
    entered = Story(mediation_request).when(replace(ASK, on_behalf_of=LETTER))
    assert entered.outcome[0].on_behalf_of == LETTER
    ahead = replace(LETTER, date=date(2025, 6, 11))
    Story(mediation_request).when(replace(ASK, on_behalf_of=ahead)).refused("happens-in-the-future")


def test_a_request_becomes_the_case_that_was_registered_for_it():
    WAITING.when(TURN).then(TURNED)
    WAITING.knowing(case=None).when(TURN).refused("unknown-case", 422)
    WAITING.knowing(case=(NUMBER, None)).when(TURN).refused("case-of-another-request", 422)
    WAITING.knowing(case=(NUMBER, CASE)).when(TURN).refused("case-of-another-request", 422)


def test_a_request_is_answered():
    WAITING.when(ANSWER).then(ANSWERED)


@pytest.mark.parametrize("wish", [TURN, ANSWER])
def test_a_request_is_dealt_with_once_and_not_before_it_came(wish):
    for done in (TURNED, ANSWERED):
        WAITING.given(done).when(wish).refused("request-already-answered", 409)
    NEW.when(wish).refused("request-not-received", 409)
    WAITING.when(replace(wish, on=date(2025, 6, 1))).refused("before-the-request", 422)
    WAITING.when(replace(wish, on=date(2025, 6, 11))).refused("happens-in-the-future")


def test_the_clock_says_once_that_nobody_has_answered():
    mark = MarkRequestOverdue()
    WAITING.when(mark).then(OVERDUE)
    WAITING.given(OVERDUE).when(mark).then_nothing()
    WAITING.knowing(datetime(2025, 6, 9, 5, tzinfo=UTC)).when(mark).refused("answer-not-yet-due", 422)
    WAITING.given(ANSWERED).when(mark).refused("request-already-answered", 409)


def test_a_request_starts_its_days_and_the_answer_ends_them():
    state = WAITING.state
    (timer,) = mediation_request.timers(state, ASKED, given_at(datetime(2025, 6, 2, 5, tzinfo=UTC)))
    assert timer == Timer(ANSWER_DUE, datetime(2025, 6, 10, tzinfo=UTC), MarkRequestOverdue())
    (late,) = mediation_request.timers(state, ASKED, given_at(NOON))
    assert late.due == datetime(2025, 6, 11, tzinfo=UTC)
    for done in (TURNED, ANSWERED):
        assert list(mediation_request.timers(state, done, given_at())) == [Ended(ANSWER_DUE)]
    assert list(mediation_request.timers(state, OVERDUE, given_at())) == []


def test_a_request_waits_for_the_secretariat():
    assert list(mediation_request.waiting(WAITING.state)) == [Waits("secretariat", AnswerRequest, date(2025, 6, 9))]
    assert list(mediation_request.waiting(WAITING.given(ANSWERED).state)) == []
    assert list(mediation_request.waiting(mediation_request.initial)) == []


def test_nobodys_account_is_tied_to_a_request():
    assert mediation_request.relations(WAITING.state, ANYBODY) == frozenset()


def test_a_request_knows_only_its_own_commands():
    with pytest.raises(TypeError):
        mediation_request.decide(mediation_request.initial, object(), NEW.knows)
