"""The days of a mediation: more of them once, or a rest during which they stand still."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from services.mediation.domain.appointing import days_left
from services.mediation.domain.case import Case
from services.mediation.domain.rules import act_of_mediator, day_of, day_under_mediator, listed, require_stage, within_mediation
from services.mediation.domain.terms import MEDIATED, UNDER_WAY, Source, Stage
from shared.decider import Given
from shared.errors import BrokenRule, WrongState
from shared.facts import RESTRICTED, amount, command, fact, several, text
from shared.rules import once


@fact(visibility=RESTRICTED)
class MediationExtended:
    """All parties consented to more days of mediation, once."""

    case_id: UUID
    working_days: int
    mediation_due: date
    on: date
    on_behalf_of: Source | None = None


@fact(visibility=RESTRICTED)
class CaseSuspended:
    """The mediation rests for a reason and until a day; statutory days keep running."""

    case_id: UUID
    reason: str
    resume_on: date
    days_left: int | None
    on: date


@fact(visibility=RESTRICTED)
class CaseResumed:
    """The mediation goes on where it was."""

    case_id: UUID
    mediation_due: date | None
    on: date


@command
class ExtendMediation:
    """Extend the mediation once, with the consent of all parties."""

    working_days: int = amount(1, 30)
    consents: tuple[UUID, ...] = several(1, 60)
    on: date | None = None
    on_behalf_of: Source | None = None


@command
class SuspendCase:
    """Let the mediation rest until a day."""

    reason: str = text(3, 1000, multiline=True)
    resume_on: date
    on: date | None = None


@command
class ResumeCase:
    """Go on with the mediation."""

    on: date | None = None


def extend(state: Case, wish: ExtendMediation, given: Given) -> Sequence[Any]:
    """More days, once, when all parties want them and before the days are over."""
    require_stage(state, MEDIATED)
    if state.extended:
        raise WrongState("mediation-already-extended")
    once(wish.consents, "/consents")
    if set(wish.consents) != set(state.parties):
        raise BrokenRule("extension-needs-all-parties", "/consents")
    on = day_under_mediator(state, wish.on, given)
    within_mediation(state, on, "/on")
    return [
        MediationExtended(
            case_id=state.id,
            working_days=wish.working_days,
            mediation_due=given.workdays.after(state.mediation_due or on, wish.working_days),
            on=on,
            on_behalf_of=act_of_mediator(state, wish.on_behalf_of, given),
        )
    ]


def suspend(state: Case, wish: SuspendCase, given: Given) -> Sequence[Any]:
    """A rest has a reason and an end; the days of mediation stand still, those of the law do not."""
    require_stage(state, UNDER_WAY)
    on = day_of(state, wish.on, given)
    if wish.resume_on <= on:
        raise BrokenRule("rest-without-length", "/resume_on")
    left = days_left(state, on, given) if state.mediation_due else None
    rests = CaseSuspended(case_id=state.id, reason=wish.reason, resume_on=wish.resume_on, days_left=left, on=on)
    return [rests, listed(state, Stage.SUSPENDED, on)]


def resume(state: Case, wish: ResumeCase, given: Given) -> Sequence[Any]:
    """It goes on where it rested, with the days that were left."""
    if state.stage is not Stage.SUSPENDED or state.rests_from is None:
        raise WrongState("case-not-suspended")
    on = day_of(state, wish.on, given)
    due = None
    if state.mediator and state.days_left is not None:
        due = given.workdays.after(on, state.days_left)
    shown = Stage.IN_MEDIATION if state.rests_from is Stage.AGREEMENT_DRAFTED else state.rests_from
    return [CaseResumed(case_id=state.id, mediation_due=due, on=on), listed(state, shown, on)]


def suspended(state: Case, fact: CaseSuspended) -> Case:
    """The days that are left are kept for later."""
    return replace(
        state,
        stage=Stage.SUSPENDED,
        rests_from=state.stage,
        resume_on=fact.resume_on,
        mediation_due=None,
        days_left=state.days_left if fact.days_left is None else fact.days_left,
    )


def resumed(state: Case, fact: CaseResumed) -> Case:
    """It goes on where it rested."""
    left = None if fact.mediation_due else state.days_left
    return replace(
        state, stage=state.rests_from, rests_from=None, resume_on=None, mediation_due=fact.mediation_due, days_left=left
    )
