"""The days that a case keeps: which run follows from its state, and each start and stop is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from services.mediation.domain.case import Case, Kept
from services.mediation.domain.terms import BOUND, ENDED, MEDIATED, REVIEWS, Clock, Stage
from shared.decider import Ended, Given, Timer
from shared.errors import BrokenRule, WrongState
from shared.facts import RESTRICTED, amount, command, fact
from shared.rules import morning_of, over_after


@fact(visibility=RESTRICTED)
class ClockStarted:
    """A day is kept for something in this case, or was moved."""

    case_id: UUID
    clock: Clock
    about: UUID | None
    due: date


@fact(visibility=RESTRICTED)
class ClockStopped:
    """A day need not be kept any more."""

    case_id: UUID
    clock: Clock
    about: UUID | None


@fact(visibility=RESTRICTED)
class DeadlineApproaching:
    """A day comes near."""

    case_id: UUID
    clock: Clock
    about: UUID | None
    due: date
    days_left: int


@fact(visibility=RESTRICTED)
class DeadlineMissed:
    """A day has gone by."""

    case_id: UUID
    clock: Clock
    about: UUID | None
    due: date


@command
class WarnOfDeadline:
    """A day comes near; only the clock says so."""

    clock: Clock
    about: UUID | None = None
    due: date
    days_left: int = amount(0, 1000)


@command
class MarkDeadlineMissed:
    """A day has gone by; only the clock says so."""

    clock: Clock
    about: UUID | None = None
    due: date


ONE = timedelta(days=1)


# Working days before the day itself, on which it is said that it comes near.
WARNINGS: Mapping[Clock, tuple[int, ...]] = {
    Clock.OBJECTION_TO_COMPENSATION: (10, 5, 2),
    Clock.PUBLIC_CONSULTATION: (10,),
    Clock.LOCATION_PERMIT: (10,),
    Clock.MEDIATION: (5,),
    Clock.OBLIGATION: (5,),
}


def running(state: Case) -> dict[Kept, date]:
    """The days that are kept in this state; one that has gone by is over."""
    return {key: due for key, due in _kept(state) if (key, due) not in state.missed}


def _kept(state: Case) -> Iterator[tuple[Kept, date]]:
    if state.stage is Stage.REGISTERED:
        yield (Clock.SCREENING, None), state.screening_due
    if state.stage in MEDIATED:
        yield from _of_mediation(state)
    if state.stage is Stage.SUSPENDED and state.resume_on:
        yield (Clock.RESUMPTION, None), state.resume_on
    if state.stage and state.stage not in ENDED and state.land:
        land = state.land
        yield from _dated(Clock.PUBLIC_CONSULTATION, land.consultation_due)
        yield from _dated(Clock.OBJECTION_TO_COMPENSATION, land.objection_due)
        yield from _dated(Clock.LOCATION_PERMIT, land.permit_until)
    if state.settled_on and state.stage in (*BOUND, Stage.FULFILLED):
        yield from _of_settlement(state, state.settled_on)


def _dated(clock: Clock, due: date | None) -> Iterator[tuple[Kept, date]]:
    if due:
        yield (clock, None), due


def _of_mediation(state: Case) -> Iterator[tuple[Kept, date]]:
    yield from _dated(Clock.MEDIATION, state.mediation_due)
    if state.mediator is None or state.continues:
        return
    yield (Clock.OBJECTION_TO_MEDIATOR, None), state.mediator.objection_until
    if state.stage is not Stage.AGREEMENT_DRAFTED and not all(one.summarised for one in state.parties.values()):
        yield (Clock.SUMMARIES, None), state.mediator.summaries_due


def _of_settlement(state: Case, settled_on: date) -> Iterator[tuple[Kept, date]]:
    for id, one in state.owed.items():
        if not one.performed and not one.breached:
            yield (Clock.OBLIGATION, id), one.due
    for days, clock in REVIEWS.items():
        if days not in state.reviews:
            yield (clock, None), settled_on + timedelta(days=days)


def changes(state: Case) -> Sequence[ClockStarted | ClockStopped]:
    """What is to be told so that the days told of are those that run."""
    wanted = running(state)
    stopped = [ClockStopped(case_id=state.id, clock=clock, about=about) for clock, about in state.clocks.keys() - wanted.keys()]
    started = [
        ClockStarted(case_id=state.id, clock=clock, about=about, due=due)
        for (clock, about), due in wanted.items()
        if state.clocks.get((clock, about)) != due
    ]
    return [*sorted(stopped, key=lambda one: (one.clock, str(one.about))), *started]


def warn(state: Case, wish: WarnOfDeadline, given: Given) -> Sequence[Any]:
    """Said once, and only of a day that is still kept."""
    key = (wish.clock, wish.about)
    if state.stage is None:
        raise WrongState("case-not-registered")
    if state.clocks.get(key) != wish.due or (key, wish.due, wish.days_left) in state.warned:
        return []
    if given.workdays.between(given.today, wish.due) > wish.days_left:
        raise BrokenRule("deadline-not-near", "/due", due=wish.due)
    return [DeadlineApproaching(case_id=state.id, **vars(wish))]


def mark_missed(state: Case, wish: MarkDeadlineMissed, given: Given) -> Sequence[Any]:
    """Said once, when the day is over, and only of a day that is still kept."""
    if state.stage is None:
        raise WrongState("case-not-registered")
    if state.clocks.get((wish.clock, wish.about)) != wish.due:
        return []
    if given.today <= wish.due:
        raise BrokenRule("deadline-not-over", "/due", due=wish.due)
    return [DeadlineMissed(case_id=state.id, **vars(wish))]


def timers(state: Case, fact: Any, given: Given) -> Sequence[Timer | Ended]:
    """Every start of a day starts its timers, every stop ends them."""
    match fact:
        case ClockStarted():
            return [_over(fact, given), *_warnings(fact, given)]
        case ClockStopped():
            name = _name(fact.clock, fact.about)
            return [Ended(name), *(Ended(f"{name}-{left}") for left in WARNINGS.get(fact.clock, ()))]
    return []


def _name(clock: Clock, about: UUID | None) -> str:
    return f"{clock}/{about}" if about else str(clock)


def _over(fact: ClockStarted, given: Given) -> Timer:
    wish = MarkDeadlineMissed(clock=fact.clock, about=fact.about, due=fact.due)
    return Timer(_name(fact.clock, fact.about), over_after(fact.due, given.today), wish)


def _warnings(fact: ClockStarted, given: Given) -> Iterator[Timer]:
    for left in WARNINGS.get(fact.clock, ()):
        day = fact.due
        while given.workdays.between(day - ONE, fact.due) <= left:
            day -= ONE
        if day >= given.today:
            wish = WarnOfDeadline(clock=fact.clock, about=fact.about, due=fact.due, days_left=left)
            yield Timer(f"{_name(fact.clock, fact.about)}-{left}", morning_of(day), wish)


def clocks_changed(state: Case, fact: ClockStarted | ClockStopped | DeadlineMissed) -> Case:
    """The days that are told of: one that was missed is told of no more."""
    kept = {key: due for key, due in state.clocks.items() if key != (fact.clock, fact.about)}
    if isinstance(fact, ClockStarted):
        kept[fact.clock, fact.about] = fact.due
    missed = {((fact.clock, fact.about), fact.due)} if isinstance(fact, DeadlineMissed) else set()
    return replace(state, clocks=kept, missed=state.missed | missed)


def warned(state: Case, fact: DeadlineApproaching) -> Case:
    """Said once."""
    return replace(state, warned=state.warned | {((fact.clock, fact.about), fact.due, fact.days_left)})
