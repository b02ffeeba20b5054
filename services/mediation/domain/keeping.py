"""What comes after the signatures: each obligation is performed, or it is a breach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from services.mediation.domain.case import Case, Owed
from services.mediation.domain.rules import day_of, listed, party_names, require_party_of
from services.mediation.domain.terms import BOUND, Source, Stage, settled_stage
from shared.decider import Given
from shared.errors import BrokenRule, WrongState
from shared.facts import INTERAGENCY, RESTRICTED, command, fact, text
from shared.rules import SECRETARIAT, act_of_another, happened, on_behalf


@fact(visibility=RESTRICTED)
class PerformanceRecorded:
    """A party did what it owed, as the other side confirms or a paper shows."""

    case_id: UUID
    obligation_id: UUID
    confirmed_by: UUID | None
    evidence: Source | None
    late: bool
    on: date
    on_behalf_of: Source | None = None


@fact(visibility=INTERAGENCY)
class ObligationPerformed:
    """A member of the working group did what it owed under a settlement; no content."""

    case_id: UUID
    number: str
    organisation: UUID
    due: date
    late: bool
    on: date


@fact(visibility=RESTRICTED)
class BreachReported:
    """A party did not do in time what it owed."""

    case_id: UUID
    obligation_id: UUID
    reason: str
    on: date
    on_behalf_of: Source | None = None


@fact(visibility=INTERAGENCY)
class ObligationBreached:
    """A member of the working group did not do in time what it owed under a settlement; no content."""

    case_id: UUID
    number: str
    organisation: UUID
    due: date
    on: date


@fact(visibility=INTERAGENCY)
class AgreementFulfilled:
    """Everything that was agreed has been done."""

    case_id: UUID
    number: str
    on: date


@command
class RecordPerformance:
    """Record that an obligation was performed, confirmed by the other side or shown by a paper."""

    obligation_id: UUID
    confirmed_by: UUID | None = None
    evidence: Source | None = None
    on: date | None = None
    on_behalf_of: Source | None = None


@command
class ReportBreach:
    """Report that an obligation was not performed in time."""

    obligation_id: UUID
    reason: str = text(3, 2000, multiline=True)
    on: date | None = None
    on_behalf_of: Source | None = None


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
    done = PerformanceRecorded(case_id=state.id, late=late, on=on, on_behalf_of=source, **told)
    after = performed(state, done)
    facts: list[Any] = [done]
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


def performed(state: Case, fact: PerformanceRecorded) -> Case:
    """What is done late heals the breach; the case stands as settled when nothing else is broken."""
    owed = {**state.owed, fact.obligation_id: replace(state.owed[fact.obligation_id], performed=True, breached=False)}
    broken = any(one.breached for one in owed.values())
    stage = state.stage if broken or state.scope is None else settled_stage(state.scope)
    return replace(state, owed=owed, stage=stage)


def breached(state: Case, fact: BreachReported) -> Case:
    """One breach breaks the agreement."""
    owed = {**state.owed, fact.obligation_id: replace(state.owed[fact.obligation_id], breached=True)}
    return replace(state, owed=owed, stage=Stage.BREACHED)
