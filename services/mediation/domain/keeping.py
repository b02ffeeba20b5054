"""What comes after the signatures: obligations kept or broken, reviews, another mediation, the close."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from services.mediation.domain.appointing import MEDIATE_WITHIN
from services.mediation.domain.case import (
    AgreementFulfilled,
    BreachReported,
    Case,
    CaseClosed,
    CloseCase,
    MediationReopened,
    ObligationBreached,
    ObligationPerformed,
    Owed,
    PerformanceRecorded,
    RecordPerformance,
    ReopenMediation,
    ReportBreach,
    ReviewSettlement,
    SettlementReviewed,
)
from services.mediation.domain.evolving import evolve
from services.mediation.domain.rules import (
    SECRETARIAT,
    act_of_another,
    day_of,
    happened,
    listed,
    on_behalf,
    once,
    party_names,
    require_party_of,
    require_stage,
)
from services.mediation.domain.terms import BOUND, REVIEWS, SETTLED, Stage
from shared.decider import Given
from shared.errors import BrokenRule, WrongState


def owed(state: Case, obligation_id: UUID) -> Owed:
    """An obligation of the agreement that binds."""
    if state.stage is None:
        raise WrongState("case-not-registered")
    if state.stage not in BOUND or not state.owed:
        raise WrongState("nothing-is-owed")
    found = state.owed.get(obligation_id)
    if found is None:
        raise BrokenRule("unknown-obligation", "/obligation_id")
    return found


def perform(state: Case, wish: RecordPerformance, given: Given) -> Sequence[Any]:
    """It is the other side or a paper that says so, never the debtor alone; with the last one the agreement is fulfilled."""
    one = owed(state, wish.obligation_id)
    if one.performed:
        return []
    require_proof(state, wish, one, given)
    on = day_of(state, wish.on, given)
    late = on > one.due
    source = on_behalf(wish.on_behalf_of, given) if wish.evidence else act_of_another(wish.on_behalf_of, given)
    told: dict[str, Any] = {"obligation_id": wish.obligation_id, "confirmed_by": wish.confirmed_by, "evidence": wish.evidence}
    performed = PerformanceRecorded(case_id=state.id, late=late, on=on, on_behalf_of=source, **told)
    after = evolve(state, performed)
    facts: list[Any] = [performed]
    organisation = state.parties[one.debtor].organisation_id
    if organisation:
        thin: dict[str, Any] = {"case_id": state.id, "number": state.number, "organisation": organisation}
        facts.append(ObligationPerformed(**thin, due=one.due, late=late, on=on))
    if not after.outstanding:
        return [*facts, AgreementFulfilled(case_id=state.id, number=state.number, on=on), listed(state, Stage.FULFILLED, on)]
    return [*facts, listed(after, after.stage, on)] if after.stage and after.stage is not state.stage else facts


def require_proof(state: Case, wish: RecordPerformance, one: Owed, given: Given) -> None:
    """Confirmed by a party that does not owe it, which speaks for itself; or shown by a paper."""
    if wish.confirmed_by is None and wish.evidence is None:
        raise BrokenRule("performance-unproven", "/evidence")
    if wish.evidence:
        happened(wish.evidence.date, given, "/evidence/date")
    if wish.confirmed_by:
        require_party_of(state, wish.confirmed_by, "/confirmed_by")
        if wish.confirmed_by == one.debtor:
            raise BrokenRule("debtor-confirms-itself", "/confirmed_by")
        if SECRETARIAT not in given.actor.roles and f"party:{wish.confirmed_by}" not in party_names(state, given.actor):
            raise BrokenRule("not-your-party", "/confirmed_by")


def breach(state: Case, wish: ReportBreach, given: Given) -> Sequence[Any]:
    """What was due and is not done is a breach; members of the working group are told of, without content."""
    one = owed(state, wish.obligation_id)
    if one.breached:
        return []
    if one.performed:
        raise BrokenRule("obligation-already-performed", "/obligation_id")
    on = day_of(state, wish.on, given)
    if on <= one.due:
        raise BrokenRule("obligation-not-yet-due", "/on", due=one.due)
    source = on_behalf(wish.on_behalf_of, given)
    facts: list[Any] = [
        BreachReported(case_id=state.id, obligation_id=wish.obligation_id, reason=wish.reason, on=on, on_behalf_of=source)
    ]
    organisation = state.parties[one.debtor].organisation_id
    if organisation:
        thin: dict[str, Any] = {"case_id": state.id, "number": state.number, "organisation": organisation}
        facts.append(ObligationBreached(**thin, due=one.due, on=on))
    return facts if state.stage is Stage.BREACHED else [*facts, listed(state, Stage.BREACHED, on)]


def reopen(state: Case, wish: ReopenMediation, given: Given) -> Sequence[Any]:
    """After a breach there is one more mediation, with the same mediator and days of its own."""
    if state.stage is None:
        raise WrongState("case-not-registered")
    if state.stage is not Stage.BREACHED:
        raise WrongState("nothing-was-breached")
    if state.reopened:
        raise WrongState("mediation-already-reopened")
    on = day_of(state, wish.on, given)
    due = given.workdays.after(on, MEDIATE_WITHIN)
    again = MediationReopened(case_id=state.id, mediation_due=due, unperformed=state.outstanding, on=on)
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
