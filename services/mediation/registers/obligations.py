"""What parties owe: proposed by the text that lies before them, binding once all have signed, then performed or breached."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from services.mediation.domain.agreement import AgreementDrafted
from services.mediation.domain.clocks import ClockStarted
from services.mediation.domain.closing import MediationReopened
from services.mediation.domain.keeping import BreachReported, PerformanceRecorded
from services.mediation.domain.terms import Clock
from shared.registers.register import About, Register


class Standing(StrEnum):
    """How far an obligation is."""

    PROPOSED = "proposed"
    BINDING = "binding"
    PERFORMED = "performed"
    BREACHED = "breached"
    AGREED_ANEW = "agreed_anew"


@dataclass(frozen=True)
class ObligationLine:
    """An act that a party owes, the day by which it is due, and the day on which it was done or found undone."""

    case_id: UUID
    debtor: UUID
    act: str
    due: date
    standing: Standing = Standing.PROPOSED
    since: date | None = None
    late: bool = False


def old_and_new(fact: AgreementDrafted, id: UUID) -> Sequence[str]:
    """A new text brings its own obligations and lets those of the former text fall."""
    return [f"{id}/{one}" for one in (*fact.voided, *(obligation.obligation_id for obligation in fact.obligations))]


def the_obligation(fact: PerformanceRecorded | BreachReported, id: UUID) -> Sequence[str]:
    """One obligation."""
    return [f"{id}/{fact.obligation_id}"]


def the_day(fact: ClockStarted, id: UUID) -> Sequence[str]:
    """The day of an obligation is kept from the last signature on; other days are kept for other things."""
    return [f"{id}/{fact.about}"] if fact.clock is Clock.OBLIGATION else []


def all_unperformed(fact: MediationReopened, id: UUID) -> Sequence[str]:
    """What the parties agree on anew."""
    return [f"{id}/{one}" for one in fact.unperformed]


def drafted(line: ObligationLine | None, fact: AgreementDrafted, about: About) -> ObligationLine | None:
    """What the text does not hold any more falls away."""
    for owed in fact.obligations:
        if about.key.endswith(str(owed.obligation_id)):
            return ObligationLine(fact.case_id, owed.debtor, owed.act, owed.due)
    return None


def binding(line: ObligationLine | None, fact: ClockStarted, about: About) -> ObligationLine | None:
    """All have signed."""
    return line and replace(line, standing=Standing.BINDING)


def performed(line: Any, fact: PerformanceRecorded, about: About) -> ObligationLine:
    """It is done."""
    return replace(line, standing=Standing.PERFORMED, since=fact.on, late=fact.late)


def breached(line: Any, fact: BreachReported, about: About) -> ObligationLine:
    """It was not done in time."""
    return replace(line, standing=Standing.BREACHED, since=fact.on, late=True)


def anew(line: Any, fact: MediationReopened, about: About) -> ObligationLine:
    """Another text will say what is owed."""
    return replace(line, standing=Standing.AGREED_ANEW, since=fact.on)


obligations = Register(
    name="obligations",
    row=ObligationLine,
    folds={
        AgreementDrafted: drafted,
        ClockStarted: binding,
        PerformanceRecorded: performed,
        BreachReported: breached,
        MediationReopened: anew,
    },
    keys={
        AgreementDrafted: old_and_new,
        ClockStarted: the_day,
        PerformanceRecorded: the_obligation,
        BreachReported: the_obligation,
        MediationReopened: all_unperformed,
    },
    shown=("act", "due", "standing", "since", "late"),
    searched=("act",),
)
