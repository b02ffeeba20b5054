"""The clock board: every day that a case keeps, or has kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from services.mediation.domain.clocks import ClockStarted, ClockStopped, DeadlineApproaching, DeadlineMissed
from services.mediation.domain.terms import Clock
from shared.registers.register import About, Register


class Running(StrEnum):
    """Whether a day is still kept."""

    RUNS = "runs"
    STOPPED = "stopped"
    MISSED = "missed"


@dataclass(frozen=True)
class DeadlineLine:
    """A day of one case; `about` is the obligation it is kept for, `days_left` what the latest warning said."""

    case_id: UUID
    clock: Clock
    about: UUID | None
    due: date
    running: Running
    days_left: int | None = None


def the_clock(fact: ClockStarted | ClockStopped | DeadlineApproaching | DeadlineMissed, id: UUID) -> Sequence[str]:
    """One day for each thing that it is kept for."""
    return [f"{id}/{fact.clock}/{fact.about}" if fact.about else f"{id}/{fact.clock}"]


def started(line: DeadlineLine | None, fact: ClockStarted, about: About) -> DeadlineLine:
    """It runs, or was moved."""
    return DeadlineLine(fact.case_id, fact.clock, fact.about, fact.due, Running.RUNS)


def stopped(line: Any, fact: ClockStopped, about: About) -> DeadlineLine:
    """It need not be kept any more."""
    return replace(line, running=Running.STOPPED)


def approaching(line: Any, fact: DeadlineApproaching, about: About) -> DeadlineLine:
    """It comes near."""
    return replace(line, days_left=fact.days_left)


def missed(line: Any, fact: DeadlineMissed, about: About) -> DeadlineLine:
    """It has gone by."""
    return replace(line, running=Running.MISSED)


deadlines = Register(
    name="deadlines",
    row=DeadlineLine,
    folds={ClockStarted: started, ClockStopped: stopped, DeadlineApproaching: approaching, DeadlineMissed: missed},
    keys=dict.fromkeys((ClockStarted, ClockStopped, DeadlineApproaching, DeadlineMissed), the_clock),
    shown=("clock", "due", "running", "days_left", "case_id"),
    searched=("clock",),
)
