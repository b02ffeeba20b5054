"""The sessions of a mediation: all parties together, or one of them alone with the mediator, whose note is sealed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from services.mediation.domain.case import Case, Session
from services.mediation.domain.rules import (
    act_of_mediator,
    day_under_mediator,
    is_mediator,
    listed,
    require_party_of,
    require_stage,
    within_mediation,
)
from services.mediation.domain.terms import MEDIATED, Attendance, SessionKind, Source, Stage
from shared.decider import Given
from shared.errors import BrokenRule, WrongState
from shared.facts import RESTRICTED, SECRET, command, fact, matching, personal, several, text
from shared.rules import once

NOTICE = 3  # working days


@fact(visibility=RESTRICTED)
class SessionScheduled:
    """The parties, or one of them alone, were called to a session."""

    case_id: UUID
    session_id: UUID
    session_kind: SessionKind
    called: tuple[UUID, ...]
    day: date
    hour: str
    place: str
    on: date
    on_behalf_of: Source | None = None


@fact(visibility=RESTRICTED)
class SessionHeld:
    """A session was held; of a caucus nothing else is told."""

    case_id: UUID
    session_id: UUID
    session_kind: SessionKind
    attendance: tuple[Attendance, ...]
    record: str | None
    on: date
    on_behalf_of: Source | None = None


@fact(visibility=RESTRICTED)
class SessionCancelled:
    """A session that was called does not take place."""

    case_id: UUID
    session_id: UUID
    reason: str
    on: date
    on_behalf_of: Source | None = None


@fact(visibility=SECRET)
class CaucusNoteSealed:
    """The mediator's note of a caucus: for the mediator and that party, never evidence, encrypted under the party's key."""

    case_id: UUID
    note_id: UUID
    session_id: UUID
    party_id: UUID
    note: str = personal(of="party_id", least=3, most=10_000)


@command
class ScheduleSession:
    """Call all parties to a joint session, or one of them to a caucus."""

    session_kind: SessionKind
    caucus_with: UUID | None = None
    day: date
    hour: str = matching(r"^([01]\d|2[0-3])\.[0-5]\d$", "09.30")
    place: str = text(2, 200)
    on: date | None = None
    on_behalf_of: Source | None = None


@command
class RecordSession:
    """Record who came to a session on its day."""

    session_id: UUID
    attendance: tuple[Attendance, ...] = several(1, 60)
    record: str | None = text(3, 10_000, multiline=True, default=None)
    on: date | None = None
    on_behalf_of: Source | None = None


@command
class CancelSession:
    """Call a session off."""

    session_id: UUID
    reason: str = text(3, 1000, multiline=True)
    on: date | None = None
    on_behalf_of: Source | None = None


@command
class WriteCaucusNote:
    """The mediator notes what was said in a caucus, for himself and that party."""

    session_id: UUID
    note: str = text(3, 10_000, multiline=True)


def schedule(state: Case, wish: ScheduleSession, given: Given) -> Sequence[Any]:
    """All parties want to mediate, and are called three working days before; the day lies within the mediation."""
    require_stage(state, MEDIATED)
    require_consent(state)
    on = day_under_mediator(state, wish.on, given)
    if given.workdays.between(on, wish.day) < NOTICE:
        raise BrokenRule("notice-too-short", "/day", days=NOTICE)
    within_mediation(state, wish.day, "/day")
    called = called_to(state, wish)
    return [
        SessionScheduled(
            case_id=state.id,
            session_id=given.new_id(0),
            session_kind=wish.session_kind,
            called=called,
            day=wish.day,
            hour=wish.hour,
            place=wish.place,
            on=on,
            on_behalf_of=act_of_mediator(state, wish.on_behalf_of, given),
        )
    ]


def require_consent(state: Case) -> None:
    """Nobody is called to a mediation that he does not want."""
    if state.refusing:
        raise BrokenRule("party-has-refused", None, count=len(state.refusing))
    if state.undecided:
        raise BrokenRule("consent-missing", None, count=len(state.undecided))


def called_to(state: Case, wish: ScheduleSession) -> tuple[UUID, ...]:
    """Everybody to a joint session, one party to a caucus."""
    if wish.session_kind is SessionKind.JOINT:
        if wish.caucus_with:
            raise BrokenRule("joint-session-is-with-all", "/caucus_with")
        return tuple(state.parties)
    if wish.caucus_with is None:
        raise BrokenRule("caucus-is-with-one-party", "/caucus_with")
    require_party_of(state, wish.caucus_with, "/caucus_with")
    return (wish.caucus_with,)


def to_come(state: Case, session_id: UUID) -> Session:
    """A session that was called and is still to be held."""
    if not any(not one.held and not one.cancelled for one in state.sessions.values()):
        raise WrongState("no-session-called")
    session = state.sessions.get(session_id)
    if session is None:
        raise BrokenRule("unknown-session", "/session_id")
    if session.held or session.cancelled:
        raise BrokenRule("session-is-over", "/session_id")
    return session


def hold(state: Case, wish: RecordSession, given: Given) -> Sequence[Any]:
    """A session was held on the day for which it was called; of a caucus nothing is written down but that."""
    require_stage(state, MEDIATED)
    session = to_come(state, wish.session_id)
    on = day_under_mediator(state, wish.on or session.day, given)
    if on != session.day:
        raise BrokenRule("session-on-another-day", "/on", day=session.day)
    once([one.party_id for one in wish.attendance], "/attendance")
    if {one.party_id for one in wish.attendance} != set(session.called):
        raise BrokenRule("attendance-incomplete", "/attendance")
    if session.kind is SessionKind.CAUCUS and wish.record:
        raise BrokenRule("caucus-has-no-record", "/record")
    told = SessionHeld(
        case_id=state.id,
        session_id=wish.session_id,
        session_kind=session.kind,
        attendance=wish.attendance,
        record=wish.record,
        on=on,
        on_behalf_of=act_of_mediator(state, wish.on_behalf_of, given),
    )
    begins = state.stage is Stage.MEDIATOR_APPOINTED
    return [told, listed(state, Stage.IN_MEDIATION, on)] if begins else [told]


def cancel(state: Case, wish: CancelSession, given: Given) -> Sequence[Any]:
    """What was called may be called off."""
    require_stage(state, MEDIATED)
    to_come(state, wish.session_id)
    on, source = day_under_mediator(state, wish.on, given), act_of_mediator(state, wish.on_behalf_of, given)
    return [SessionCancelled(case_id=state.id, session_id=wish.session_id, reason=wish.reason, on=on, on_behalf_of=source)]


def note(state: Case, wish: WriteCaucusNote, given: Given) -> Sequence[Any]:
    """Only the mediator notes, and only what a party said alone."""
    require_stage(state, MEDIATED)
    caucuses = {id: one for id, one in state.sessions.items() if one.kind is SessionKind.CAUCUS and one.held and one.called}
    if not caucuses:
        raise WrongState("no-caucus-held")
    if not is_mediator(state, given.actor):
        raise BrokenRule("not-the-mediator")
    if wish.session_id not in state.sessions:
        raise BrokenRule("unknown-session", "/session_id")
    if wish.session_id not in caucuses:
        raise BrokenRule("not-a-held-caucus", "/session_id")
    (party,) = caucuses[wish.session_id].called
    return [
        CaucusNoteSealed(case_id=state.id, note_id=given.new_id(0), session_id=wish.session_id, party_id=party, note=wish.note)
    ]


def scheduled(state: Case, fact: SessionScheduled) -> Case:
    """A session is to come."""
    return replace(state, sessions={**state.sessions, fact.session_id: Session(fact.session_kind, fact.called, fact.day)})


def held(state: Case, fact: SessionHeld) -> Case:
    """The first one begins the mediation; who stayed away from a joint one without a reason is counted."""
    session = replace(state.sessions[fact.session_id], held=True)
    parties = dict(state.parties)
    for one in fact.attendance if fact.session_kind is SessionKind.JOINT else ():
        if one.party_id in parties:
            absent = not one.present and not one.excused
            absences = parties[one.party_id].absences + 1 if absent else 0
            parties[one.party_id] = replace(parties[one.party_id], absences=absences)
    stage = Stage.IN_MEDIATION if state.stage is Stage.MEDIATOR_APPOINTED else state.stage
    return replace(state, stage=stage, sessions={**state.sessions, fact.session_id: session}, parties=parties)


def cancelled(state: Case, fact: SessionCancelled) -> Case:
    """It does not take place."""
    session = replace(state.sessions[fact.session_id], cancelled=True)
    return replace(state, sessions={**state.sessions, fact.session_id: session})
