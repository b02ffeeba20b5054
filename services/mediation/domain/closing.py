"""The end of a case: another mediation after a breach, reviews of the settlement, the close."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from services.mediation.domain.appointing import MEDIATE_WITHIN, stepped_back
from services.mediation.domain.case import Case
from services.mediation.domain.rules import day_of, listed, require_stage
from services.mediation.domain.succeeding import NOW_A_PARTY
from services.mediation.domain.terms import BOUND, REVIEWS, SETTLED, RootCause, Stage
from shared.decider import Given
from shared.errors import BrokenRule, WrongState
from shared.facts import RESTRICTED, amount, command, fact, several, text
from shared.rules import once


@fact(visibility=RESTRICTED)
class MediationReopened:
    """After a breach the parties mediate once more; what was not done is agreed anew."""

    case_id: UUID
    mediation_due: date
    unperformed: tuple[UUID, ...]
    on: date


@fact(visibility=RESTRICTED)
class SettlementReviewed:
    """It was looked at how the settlement does, 30, 90 or 180 days after it."""

    case_id: UUID
    days: int
    finding: str
    on: date


@fact(visibility=RESTRICTED)
class CaseClosed:
    """The case was closed, its root causes confirmed or corrected."""

    case_id: UUID
    root_causes: tuple[RootCause, ...]
    on: date


@command
class ReopenMediation:
    """Mediate once more after a breach."""

    on: date | None = None


@command
class ReviewSettlement:
    """Look at how the settlement does, 30, 90 and 180 days after it."""

    days: int = amount(1, 1000)
    finding: str = text(3, 2000, multiline=True)
    on: date | None = None


@command
class CloseCase:
    """Close a case that has come to its end, and confirm or correct its root causes."""

    root_causes: tuple[RootCause, ...] = several(1, 7)
    on: date | None = None


def reopen(state: Case, wish: ReopenMediation, given: Given) -> Sequence[Any]:
    """After a breach there is one more mediation, with the same mediator (unless it is a party by now) and days of its own."""
    if state.stage is None:
        raise WrongState("case-not-registered")
    if state.stage is not Stage.BREACHED:
        raise WrongState("nothing-was-breached")
    if state.reopened:
        raise WrongState("mediation-already-reopened")
    on = day_of(state, wish.on, given)
    due = given.workdays.after(on, MEDIATE_WITHIN)
    again = MediationReopened(case_id=state.id, mediation_due=due, unperformed=state.outstanding, on=on)
    if state.mediator and state.mediator.organisation in state.organisations:
        return [again, *stepped_back(reopened(state, again), NOW_A_PARTY, on, None, given)]
    return [again, listed(state, Stage.IN_MEDIATION, on)]


def review(state: Case, wish: ReviewSettlement, given: Given) -> Sequence[Any]:
    """A settlement is looked at when its day has come."""
    if state.stage is None:
        raise WrongState("case-not-registered")
    if state.settled_on is None or state.stage not in (*BOUND, Stage.FULFILLED):
        raise WrongState("nothing-to-review")
    if wish.days not in REVIEWS:
        raise BrokenRule("not-a-day-of-review", "/days")
    if wish.days in state.reviews:
        raise BrokenRule("already-reviewed", "/days")
    due, on = state.settled_on + timedelta(days=wish.days), day_of(state, wish.on, given)
    if on < due:
        raise BrokenRule("review-not-yet-due", "/on", due=due)
    return [SettlementReviewed(case_id=state.id, days=wish.days, finding=wish.finding, on=on)]


def close(state: Case, wish: CloseCase, given: Given) -> Sequence[Any]:
    """Closed is what was fulfilled, owes nothing, or came to no agreement."""
    if state.stage in SETTLED and state.outstanding:
        raise WrongState("obligations-are-open", count=len(state.outstanding))
    if state.stage is Stage.BREACHED:
        raise WrongState("breach-is-open")
    if state.stage not in (*SETTLED, Stage.IMPASSE):
        require_stage(state, (Stage.FULFILLED,))
    once(wish.root_causes, "/root_causes")
    on = day_of(state, wish.on, given)
    return [CaseClosed(case_id=state.id, root_causes=wish.root_causes, on=on), listed(state, Stage.CLOSED, on)]


def reopened(state: Case, fact: MediationReopened) -> Case:
    """What was not done is agreed anew."""
    kept = {key: one for key, one in state.owed.items() if key not in fact.unperformed}
    return replace(
        state,
        stage=Stage.IN_MEDIATION,
        mediation_due=fact.mediation_due,
        reopened=True,
        continues=True,
        owed=kept,
        draft=None,
        signatures=(),
        settled_on=None,
        scope=None,
    )
