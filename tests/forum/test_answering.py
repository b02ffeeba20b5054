"""What becomes of an issued recommendation: answered, carried out, reviewed, moved on to a successor, superseded."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.forum.domain.answering import MarkResponseMissed, RespondRecommendation
from services.forum.domain.deciding import RESPONSE_DUE, recommendation
from services.forum.domain.following import (
    MarkReviewDue,
    ReplaceAddressee,
    ReportImplementation,
    ReviewOutcome,
    SupersedeRecommendation,
)
from services.forum.domain.recommendation import (
    AddresseeReplaced,
    ConsultationOpened,
    ImplementationReported,
    OutcomeReviewed,
    RecommendationAcknowledged,
    RecommendationDrafted,
    RecommendationEndorsed,
    RecommendationIssued,
    RecommendationResponded,
    RecommendationSuperseded,
    ResponseMissed,
    ReviewDue,
)
from services.forum.domain.terms import Answer, PlannedAction, Progress, Status, months_after
from services.forum.examples import EXAMPLES, FINANCE, HEALTH, PLANNING, RECOMMENDATION
from shared.decider import Actor, Ended, Timer
from shared.testing import Story

ISSUED: RecommendationIssued = EXAMPLES[RecommendationIssued]
ACKNOWLEDGED: RecommendationAcknowledged = EXAMPLES[RecommendationAcknowledged]
RESPONDED: RecommendationResponded = EXAMPLES[RecommendationResponded]
REPORTED: ImplementationReported = EXAMPLES[ImplementationReported]
REVIEWED: OutcomeReviewed = EXAMPLES[OutcomeReviewed]
REPLACED: AddresseeReplaced = EXAMPLES[AddresseeReplaced]
SUPERSEDED: RecommendationSuperseded = EXAMPLES[RecommendationSuperseded]
RESPOND: RespondRecommendation = EXAMPLES[RespondRecommendation]
REPORT: ReportImplementation = EXAMPLES[ReportImplementation]
REVIEW: ReviewOutcome = EXAMPLES[ReviewOutcome]
REPLACE: ReplaceAddressee = EXAMPLES[ReplaceAddressee]
SUPERSEDE: SupersedeRecommendation = EXAMPLES[SupersedeRecommendation]

BEFORE = (EXAMPLES[RecommendationDrafted], EXAMPLES[ConsultationOpened], EXAMPLES[RecommendationEndorsed])
YEARS_LATER = datetime(2027, 1, 4, 5, tzinfo=UTC)
KNOWN: dict[str, Any] = {"organisations": {HEALTH: True, FINANCE: False}, "successor": "REK/32/2025/0002"}
READY = Story(recommendation).given(*BEFORE).knowing(YEARS_LATER, **KNOWN)
OUT = READY.given(ISSUED)
TO_TWO = READY.given(replace(ISSUED, addressees=(PLANNING, FINANCE)))
HELD = OUT.given(ACKNOWLEDGED)
PROMISED = HELD.given(RESPONDED)
DONE = PROMISED.given(REPORTED)
OVER = OUT.given(SUPERSEDED)
REJECTED = replace(RESPONDED, answer=Answer.REJECTED, actions=())
UNDER_WAY = replace(REPORTED, progress=Progress.UNDER_WAY, evidence=None, on=date(2025, 8, 1))


# --- answers ------------------------------------------------------------------------------------------------------


def test_an_addressee_answers():
    HELD.when(RESPOND).then(RESPONDED)
    by_itself = HELD.knowing(YEARS_LATER, actor=Actor("bappeda", frozenset({"member"}), PLANNING))
    by_itself.when(replace(RESPOND, on_behalf_of=None)).then(replace(RESPONDED, on_behalf_of=None))


def test_whoever_answers_holds_the_recommendation():
    held = replace(ACKNOWLEDGED, on=RESPONDED.on, on_behalf_of=RESPONDED.on_behalf_of)
    OUT.when(RESPOND).then(held, RESPONDED)


def test_an_answer_after_the_day_is_late_and_counts():
    assert HELD.when(replace(RESPOND, on=date(2025, 6, 30))).outcome[0].late is False
    late = replace(RESPOND, on=date(2025, 7, 1))
    assert HELD.given(EXAMPLES[ResponseMissed]).when(late).outcome[0].late is True


def test_whoever_does_not_follow_says_why():
    HELD.when(replace(RESPOND, reasons=None)).refused("reasons-missing", 422)
    HELD.when(replace(RESPOND, answer=Answer.REJECTED, actions=(), reasons=None)).refused("reasons-missing")


def test_whoever_follows_says_what_it_will_do_by_when():
    HELD.when(replace(RESPOND, actions=())).refused("actions-missing", 422)
    HELD.when(replace(RESPOND, answer=Answer.ACCEPTED, reasons=None, actions=())).refused("actions-missing")
    early = PlannedAction(act="Mengumumkan metode.", due=date(2025, 6, 25))
    HELD.when(replace(RESPOND, actions=(early,))).refused("action-due-before-answer")
    same_day = replace(RESPOND, actions=(replace(early, due=date(2025, 6, 26)),))
    assert HELD.when(same_day).outcome[0].actions == same_day.actions


def test_whoever_rejects_promises_nothing():
    HELD.when(replace(RESPOND, answer=Answer.REJECTED)).refused("rejected-with-actions")
    HELD.when(replace(RESPOND, answer=Answer.REJECTED, actions=())).then(REJECTED)


def test_an_answer_is_given_once():
    two = TO_TWO.given(ACKNOWLEDGED, RESPONDED)
    two.when(RESPOND).then_nothing()
    two.when(replace(RESPOND, reasons="Lain.")).refused("already-responded", 422)
    PROMISED.when(replace(RESPOND, addressee=FINANCE)).refused("all-have-responded", 409)


def test_answers_come_from_addressees_after_the_issue_and_not_ahead_of_time():
    HELD.when(replace(RESPOND, addressee=HEALTH)).refused("not-an-addressee")
    HELD.when(replace(RESPOND, on=date(2025, 6, 9))).refused("answered-before-issued")
    HELD.when(replace(RESPOND, on=date(2027, 1, 5))).refused("happens-in-the-future")
    READY.when(RESPOND).refused("recommendation-not-issued", 409)
    OVER.when(RESPOND).refused("recommendation-superseded", 409)


def test_the_secretariat_enters_an_answer_from_a_letter_only_and_others_their_own_only():
    HELD.when(replace(RESPOND, on_behalf_of=None)).refused("source-missing")
    stranger = HELD.knowing(YEARS_LATER, actor=Actor("dinkes", frozenset({"member"}), HEALTH))
    stranger.when(replace(RESPOND, on_behalf_of=None)).refused("not-your-organisation")
    member = HELD.knowing(YEARS_LATER, actor=Actor("bappeda", frozenset({"member"}), PLANNING))
    member.when(RESPOND).refused("only-secretariat-enters-for-others")


def test_the_clock_tells_who_has_not_answered():
    """Once, when the day is over, and only as long as an answer is missing."""
    missed = EXAMPLES[ResponseMissed]
    late = datetime(2025, 7, 1, tzinfo=UTC)
    OUT.knowing(late).when(MarkResponseMissed()).then(missed)
    OUT.given(missed).knowing(late).when(MarkResponseMissed()).then_nothing()
    PROMISED.knowing(late).when(MarkResponseMissed()).then_nothing()
    OUT.knowing(datetime(2025, 6, 30, 5, tzinfo=UTC)).when(MarkResponseMissed()).refused("response-not-yet-due", 422)
    READY.knowing(late).when(MarkResponseMissed()).refused("recommendation-not-issued", 409)


def test_the_last_answer_ends_the_days_for_answering():
    first = TO_TWO.given(ACKNOWLEDGED, RESPONDED)
    assert list(recommendation.timers(first.state, RESPONDED, first.knows)) == []
    assert list(recommendation.timers(PROMISED.state, RESPONDED, PROMISED.knows)) == [Ended(RESPONSE_DUE)]
    late = OUT.given(EXAMPLES[ResponseMissed], RESPONDED)
    assert list(recommendation.timers(late.state, RESPONDED, late.knows)) == []


# --- implementation -----------------------------------------------------------------------------------------------


def test_an_addressee_reports_until_it_is_done():
    PROMISED.when(replace(REPORT, progress=Progress.UNDER_WAY, evidence=None, on=date(2025, 8, 1))).then(UNDER_WAY)
    PROMISED.given(UNDER_WAY).when(REPORT).then(REPORTED)
    assert [PROMISED.state.status, PROMISED.given(UNDER_WAY).state.status, DONE.state.status] == [
        Status.RESPONDED,
        Status.IMPLEMENTING,
        Status.IMPLEMENTED,
    ]
    given_up = PROMISED.given(replace(REPORTED, progress=Progress.NOT_DONE))
    assert given_up.state.status is Status.NOT_IMPLEMENTED


def test_it_stands_where_the_slowest_stands():
    other = replace(RESPONDED, addressee=FINANCE)
    two = TO_TWO.given(ACKNOWLEDGED, RESPONDED, REPORTED)
    assert two.state.status is Status.ISSUED
    assert two.given(replace(ACKNOWLEDGED, addressee=FINANCE)).state.status is Status.ACKNOWLEDGED
    both = two.given(replace(ACKNOWLEDGED, addressee=FINANCE), other)
    assert both.state.status is Status.IMPLEMENTING
    assert both.given(replace(REPORTED, addressee=FINANCE)).state.status is Status.IMPLEMENTED
    rejecting = two.given(replace(ACKNOWLEDGED, addressee=FINANCE), replace(REJECTED, addressee=FINANCE))
    assert rejecting.state.status is Status.IMPLEMENTED


def test_what_is_done_is_shown():
    PROMISED.when(replace(REPORT, evidence=None)).refused("evidence-missing", 422)
    ahead = replace(REPORT, evidence=replace(REPORTED.evidence, date=date(2027, 1, 5)))
    PROMISED.when(ahead).refused("happens-in-the-future")


def test_only_what_was_promised_is_reported():
    HELD.when(REPORT).refused("nothing-to-implement", 409)
    HELD.given(REJECTED).when(REPORT).refused("nothing-to-implement", 409)
    two = TO_TWO.given(ACKNOWLEDGED, RESPONDED)
    two.when(replace(REPORT, addressee=FINANCE)).refused("addressee-promised-nothing", 422)


def test_what_is_concluded_is_concluded():
    DONE.when(REPORT).refused("nothing-to-implement", 409)
    two = TO_TWO.given(ACKNOWLEDGED, RESPONDED, replace(RESPONDED, addressee=FINANCE), REPORTED)
    two.when(REPORT).refused("implementation-already-concluded", 422)


def test_reports_follow_the_answer_and_each_other():
    PROMISED.when(replace(REPORT, on=date(2025, 6, 25))).refused("reported-before-answered")
    PROMISED.given(UNDER_WAY).when(replace(REPORT, on=date(2025, 7, 31))).refused("reported-before-answered")
    OVER.when(REPORT).refused("recommendation-superseded", 409)


# --- reviews ------------------------------------------------------------------------------------------------------


def test_the_outcome_is_reviewed_after_six_and_twelve_months():
    DONE.when(REVIEW).then(REVIEWED)
    second = replace(REVIEW, months=12, on=date(2026, 10, 1))
    DONE.given(REVIEWED).when(second).then(replace(REVIEWED, months=12, on=date(2026, 10, 1)))


def test_a_review_comes_in_its_time():
    PROMISED.when(REVIEW).refused("implementation-not-concluded", 409)
    DONE.when(replace(REVIEW, on=date(2026, 3, 31))).refused("review-not-yet-due", 422)
    DONE.when(replace(REVIEW, months=7)).refused("not-a-month-of-review", 422)
    DONE.given(REVIEWED).when(REVIEW).refused("already-reviewed", 422)
    both = DONE.given(REVIEWED, replace(REVIEWED, months=12))
    both.when(REVIEW).refused("outcome-already-reviewed", 409)


def test_the_last_report_starts_the_days_of_the_reviews():
    assert list(recommendation.timers(PROMISED.given(UNDER_WAY).state, UNDER_WAY, DONE.knows)) == []
    assert list(recommendation.timers(DONE.state, REPORTED, DONE.knows)) == [
        Timer("review-6", datetime(2026, 4, 1, tzinfo=UTC), MarkReviewDue(months=6)),
        Timer("review-12", datetime(2026, 10, 1, tzinfo=UTC), MarkReviewDue(months=12)),
    ]
    assert list(recommendation.timers(DONE.given(REVIEWED).state, REVIEWED, DONE.knows)) == [Ended("review-6")]


def test_the_clock_tells_that_a_review_is_due():
    due = EXAMPLES[ReviewDue]
    DONE.knowing(datetime(2026, 4, 1, tzinfo=UTC)).when(MarkReviewDue(months=6)).then(due)
    DONE.knowing(datetime(2026, 3, 31, 5, tzinfo=UTC)).when(MarkReviewDue(months=6)).refused("review-not-yet-due")
    DONE.given(due).when(MarkReviewDue(months=6)).then_nothing()
    DONE.given(REVIEWED).when(MarkReviewDue(months=6)).then_nothing()


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2025, 10, 1), 6, date(2026, 4, 1)),
        (date(2025, 8, 31), 6, date(2026, 2, 28)),
        (date(2025, 6, 30), 6, date(2025, 12, 30)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2025, 12, 31), 12, date(2026, 12, 31)),
    ],
)
def test_months_end_where_a_month_ends(day, months, later):
    assert months_after(day, months) == later


# --- successors ---------------------------------------------------------------------------------------------------


def test_a_successor_answers_in_the_place_of_an_addressee():
    OUT.when(REPLACE).then(REPLACED)
    moved = PROMISED.given(REPLACED).state
    assert (moved.addressees, moved.acknowledged) == ((HEALTH,), {HEALTH})
    assert moved.following == (HEALTH,)
    PROMISED.given(REPLACED).when(replace(REPORT, addressee=HEALTH)).then(replace(REPORTED, addressee=HEALTH))


def test_without_a_successor_nobody_is_waited_for():
    alone = TO_TWO.given(ACKNOWLEDGED, RESPONDED, REPORTED, replace(REPLACED, addressee=FINANCE, successor=None))
    assert (alone.state.addressees, alone.state.status) == ((PLANNING,), Status.IMPLEMENTED)
    (first, _) = recommendation.timers(alone.state, replace(REPLACED, addressee=FINANCE, successor=None), alone.knows)
    assert first.name == "review-6"


def test_a_successor_that_is_addressed_itself_keeps_its_own_answer():
    both = READY.given(replace(ISSUED, addressees=(PLANNING, HEALTH)), ACKNOWLEDGED, RESPONDED)
    own = both.given(replace(ACKNOWLEDGED, addressee=HEALTH), replace(REJECTED, addressee=HEALTH), REPLACED).state
    assert (own.addressees, own.responses[HEALTH].answer) == ((HEALTH,), Answer.REJECTED)


def test_what_is_concluded_or_not_addressed_is_not_moved():
    DONE.when(REPLACE).then_nothing()
    OUT.when(replace(REPLACE, addressee=FINANCE)).then_nothing()
    READY.when(REPLACE).refused("recommendation-not-issued", 409)


def test_a_successor_is_another_known_member():
    OUT.when(replace(REPLACE, successor=PLANNING)).refused("succeeds-itself")
    OUT.when(replace(REPLACE, successor=RECOMMENDATION)).refused("unknown-member", 422)
    OUT.when(replace(REPLACE, successor=FINANCE)).refused("member-has-left", 422)
    OUT.when(replace(REPLACE, on=date(2025, 6, 9))).refused("answered-before-issued")


# --- superseding --------------------------------------------------------------------------------------------------


def test_another_recommendation_takes_its_place():
    PROMISED.when(SUPERSEDE).then(SUPERSEDED)
    assert OVER.state.status is Status.SUPERSEDED


def test_what_takes_its_place_is_another_one_that_is_out():
    OUT.when(replace(SUPERSEDE, by=RECOMMENDATION)).refused("supersedes-itself")
    OUT.knowing(YEARS_LATER, successor=None).when(SUPERSEDE).refused("unknown-recommendation", 422)
    OUT.knowing(YEARS_LATER, successor="").when(SUPERSEDE).refused("successor-not-issued", 422)
    OUT.when(replace(SUPERSEDE, on=date(2025, 6, 9))).refused("answered-before-issued")


def test_it_is_superseded_once_and_only_when_it_is_out():
    OVER.when(SUPERSEDE).refused("recommendation-superseded", 409)
    READY.when(SUPERSEDE).refused("recommendation-not-issued", 409)


def test_nobody_waits_for_answers_any_more():
    ended = {one.name for one in recommendation.timers(OVER.state, SUPERSEDED, OVER.knows)}
    assert ended == {"acknowledgement-due", "response-due", "review-6", "review-12"}
