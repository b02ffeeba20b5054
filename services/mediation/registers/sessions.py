"""The calendar of sessions, joint and caucus: called, held with whom, or called off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from services.mediation.domain.mediating import SessionCancelled, SessionHeld, SessionScheduled
from services.mediation.domain.terms import Attendance, SessionKind
from shared.registers.register import About, Register


@dataclass(frozen=True)
class SessionLine:
    """A session; `held_on` is None until it was held, `cancelled` says why it was not."""

    case_id: UUID
    session_id: UUID
    session_kind: SessionKind
    called: tuple[UUID, ...]
    day: date
    hour: str
    place: str
    held_on: date | None = None
    attendance: tuple[Attendance, ...] = ()
    record: str | None = None
    cancelled: str = ""


def the_session(fact: SessionScheduled | SessionHeld | SessionCancelled, id: UUID) -> Sequence[str]:
    """One session."""
    return [f"{id}/{fact.session_id}"]


def scheduled(line: SessionLine | None, fact: SessionScheduled, about: About) -> SessionLine:
    """A line opens with the call."""
    return SessionLine(fact.case_id, fact.session_id, fact.session_kind, fact.called, fact.day, fact.hour, fact.place)


def held(line: Any, fact: SessionHeld, about: About) -> SessionLine:
    """Who came; of a caucus, nothing else."""
    return replace(line, held_on=fact.on, attendance=fact.attendance, record=fact.record)


def cancelled(line: Any, fact: SessionCancelled, about: About) -> SessionLine:
    """It does not take place."""
    return replace(line, cancelled=fact.reason)


sessions = Register(
    name="sessions",
    row=SessionLine,
    folds={SessionScheduled: scheduled, SessionHeld: held, SessionCancelled: cancelled},
    keys={SessionScheduled: the_session, SessionHeld: the_session, SessionCancelled: the_session},
    shown=("day", "hour", "session_kind", "place", "held_on", "cancelled"),
    searched=("place",),
)
