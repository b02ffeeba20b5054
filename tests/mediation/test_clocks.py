"""The days that a case keeps: told as they start and stop, warned of, missed; judged by the day of the act."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from services.mediation.domain.appointing import MediatorRecused
from services.mediation.domain.clocks import (
    ClockStarted,
    ClockStopped,
    DeadlineApproaching,
    DeadlineMissed,
    MarkDeadlineMissed,
    WarnOfDeadline,
    running,
)
from services.mediation.domain.closing import SettlementReviewed
from services.mediation.domain.deciding import case
from services.mediation.domain.keeping import PerformanceRecorded
from services.mediation.domain.land import LandAcquisitionLinked
from services.mediation.domain.resting import CaseResumed, CaseSuspended, MediationExtended
from services.mediation.domain.screening import ScreenCase
from services.mediation.domain.terms import Clock
from services.mediation.examples import EXAMPLES, OBLIGATION
from shared.decider import Ended, Timer
from shared.testing import NOON, Story, given_at
from tests.mediation.telling import APPOINTED_, MEDIATED, NEW, OPEN, SETTLED, TO_SIGN, story

LINKED: LandAcquisitionLinked = EXAMPLES[LandAcquisitionLinked]
STARTED: ClockStarted = EXAMPLES[ClockStarted]
STOPPED: ClockStopped = EXAMPLES[ClockStopped]
MISSED: DeadlineMissed = EXAMPLES[DeadlineMissed]
MISS: MarkDeadlineMissed = EXAMPLES[MarkDeadlineMissed]
WARN: WarnOfDeadline = EXAMPLES[WarnOfDeadline]
REVIEWS = {Clock.REVIEW_30: date(2025, 7, 6), Clock.REVIEW_90: date(2025, 9, 4), Clock.REVIEW_180: date(2025, 12, 3)}
MEDIATING = {
    Clock.MEDIATION: date(2025, 7, 8),
    Clock.OBJECTION_TO_MEDIATOR: date(2025, 5, 29),
    Clock.SUMMARIES: date(2025, 6, 3),
}


def at(day: date, hour: int = 0) -> datetime:
    return datetime.combine(day, time(hour), UTC)


@pytest.mark.parametrize(
    ("past", "kept"),
    [
        ((), {}),
        (NEW, {Clock.SCREENING: date(2025, 5, 28)}),
        (OPEN, {}),
        (APPOINTED_, MEDIATING),
        ((*APPOINTED_, EXAMPLES[MediatorRecused]), {}),
        ((*MEDIATED, EXAMPLES[MediationExtended]), {**MEDIATING, Clock.MEDIATION: date(2025, 8, 19)}),
        (TO_SIGN, {Clock.MEDIATION: date(2025, 7, 8), Clock.OBJECTION_TO_MEDIATOR: date(2025, 5, 29)}),
        ((*MEDIATED, EXAMPLES[CaseSuspended]), {Clock.RESUMPTION: date(2025, 6, 20)}),
        ((*MEDIATED, EXAMPLES[CaseSuspended], EXAMPLES[CaseResumed]), {**MEDIATING, Clock.MEDIATION: date(2025, 7, 10)}),
        (SETTLED, {Clock.OBLIGATION: date(2025, 8, 29), **REVIEWS}),
        ((*SETTLED, EXAMPLES[PerformanceRecorded]), REVIEWS),
        (
            (*SETTLED, EXAMPLES[PerformanceRecorded], EXAMPLES[SettlementReviewed]),
            {clock: due for clock, due in REVIEWS.items() if clock is not Clock.REVIEW_30},
        ),
    ],
)
def test_which_days_are_kept(past, kept):
    assert {clock: due for (clock, _), due in running(story(*past).state).items()} == kept


def test_the_days_of_the_law_run_whatever_the_mediation_does():
    law = {
        Clock.PUBLIC_CONSULTATION: date(2025, 4, 28),
        Clock.OBJECTION_TO_COMPENSATION: date(2025, 6, 23),
        Clock.LOCATION_PERMIT: date(2026, 11, 4),
    }
    for past in ((*OPEN, LINKED), (*MEDIATED, LINKED, EXAMPLES[CaseSuspended]), (*SETTLED, LINKED)):
        kept = {clock: due for (clock, _), due in running(story(*past).state).items()}
        assert law.items() <= kept.items()


def test_every_start_and_stop_is_told_with_the_decision():
    outcome = story(*NEW).when(EXAMPLES[ScreenCase]).outcome
    assert outcome[-1] == STOPPED
    assert case.fold(outcome, story(*NEW).state).clocks == {}


def test_a_day_that_moves_is_told_anew():
    moved = story(*MEDIATED, EXAMPLES[MediationExtended])
    told = [one for one in moved.past if isinstance(one, ClockStarted) and one.clock is Clock.MEDIATION]
    assert [one.due for one in told] == [date(2025, 7, 8), date(2025, 8, 19)]


# --- timers -------------------------------------------------------------------------------------------------------


def test_a_day_is_missed_when_it_is_over_in_every_zone():
    (timer,) = case.timers(story(*NEW).state, STARTED, given_at(at(date(2025, 5, 21), 5)))
    assert timer == Timer("screening", at(date(2025, 5, 29)), MISS)


def test_what_is_entered_after_its_day_gets_the_rest_of_the_day_of_entry():
    """So that what took place in time can be entered, too."""
    (timer,) = case.timers(story(*NEW).state, STARTED, given_at(NOON))
    assert timer.due == at(date(2025, 6, 11))


def test_the_objection_to_compensation_is_warned_of_ten_five_and_two_working_days_before():
    started = replace(STARTED, clock=Clock.OBJECTION_TO_COMPENSATION, due=date(2025, 6, 23))
    over, *warnings = case.timers(story(*OPEN, LINKED).state, started, given_at(at(date(2025, 6, 4), 5)))
    assert over.due == at(date(2025, 6, 24))
    assert [(one.name, one.due.date(), one.command.days_left) for one in warnings] == [
        ("objection_to_compensation-10", date(2025, 6, 9), 10),
        ("objection_to_compensation-5", date(2025, 6, 16), 5),
        ("objection_to_compensation-2", date(2025, 6, 19), 2),
    ]


def test_warnings_whose_day_has_gone_by_are_not_given():
    started = replace(STARTED, clock=Clock.OBJECTION_TO_COMPENSATION, due=date(2025, 6, 23))
    _, *warnings = case.timers(story(*OPEN, LINKED).state, started, given_at(at(date(2025, 6, 16), 5)))
    assert [one.command.days_left for one in warnings] == [5, 2]


def test_each_obligation_has_a_timer_of_its_own():
    started = replace(STARTED, clock=Clock.OBLIGATION, about=OBLIGATION, due=date(2025, 8, 29))
    over, warning = case.timers(story(*SETTLED).state, started, given_at(NOON))
    assert (over.name, warning.name) == (f"obligation/{OBLIGATION}", f"obligation/{OBLIGATION}-5")
    assert warning.due == at(date(2025, 8, 22))


def test_a_stop_ends_the_day_and_its_warnings():
    stopped = replace(STOPPED, clock=Clock.OBJECTION_TO_COMPENSATION)
    assert list(case.timers(story(*OPEN).state, stopped, given_at(NOON))) == [
        Ended("objection_to_compensation"),
        *(Ended(f"objection_to_compensation-{left}") for left in (10, 5, 2)),
    ]
    assert list(case.timers(story(*OPEN).state, MISSED, given_at(NOON))) == []


def test_the_commands_of_the_timers_can_be_decided_when_they_are_due():
    for timer in case.timers(
        story(*OPEN, LINKED).state, replace(STARTED, clock=WARN.clock, due=WARN.due), given_at(at(date(2025, 6, 4)))
    ):
        outcome = story(*OPEN, LINKED, now=timer.due).when(timer.command).outcome
        assert [type(one) for one in outcome] in ([DeadlineApproaching], [DeadlineMissed])


# --- what the clock says ------------------------------------------------------------------------------------------


def test_a_missed_day_is_said_once():
    late = story(*NEW, now=NOON)
    late.when(MISS).then(MISSED)
    story(*NEW, MISSED, now=NOON).when(MISS).then_nothing()
    assert running(story(*NEW, MISSED).state) == {}


def test_a_day_is_missed_when_it_is_over():
    story(*NEW, now=at(date(2025, 5, 28), 5)).when(MISS).refused("deadline-not-over", 422)
    Story(case).when(MISS).refused("case-not-registered", 409)


def test_a_day_that_is_not_kept_any_more_is_not_missed():
    story(*OPEN).when(MISS).then_nothing()
    story(*NEW).when(replace(MISS, due=date(2025, 5, 27))).then_nothing()


def test_a_warning_is_given_once_and_in_its_time():
    near = story(*OPEN, LINKED, now=at(date(2025, 6, 9)))
    near.when(WARN).then(EXAMPLES[DeadlineApproaching])
    story(*OPEN, LINKED, EXAMPLES[DeadlineApproaching]).when(WARN).then_nothing()
    story(*OPEN, LINKED, now=at(date(2025, 6, 5))).when(WARN).refused("deadline-not-near", 422)
    story(*OPEN).when(WARN).then_nothing()
    Story(case).when(WARN).refused("case-not-registered", 409)


def test_another_mediators_window_is_another_day():
    again = replace(EXAMPLES[MediatorRecused], days_left=28)
    past = (*APPOINTED_, again, replace(APPOINTED_[-1], objection_until=date(2025, 6, 12), account="mediator-2"))
    assert running(story(*past).state)[Clock.OBJECTION_TO_MEDIATOR, None] == date(2025, 6, 12)
