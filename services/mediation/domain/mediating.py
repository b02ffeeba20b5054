"""The mediation itself: sessions, caucuses and their notes, interests, proposals, more days or a rest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.mediation.domain.appointing import days_left
from services.mediation.domain.case import (
    AnswerProposal,
    CancelSession,
    Case,
    CaseResumed,
    CaseSuspended,
    CaucusNoteSealed,
    ExtendMediation,
    InterestRecorded,
    MakeProposal,
    MediationExtended,
    ProposalAnswered,
    ProposalMade,
    RecordInterest,
    RecordSession,
    ResumeCase,
    ScheduleSession,
    Session,
    SessionCancelled,
    SessionHeld,
    SessionScheduled,
    SuspendCase,
    WriteCaucusNote,
)
from services.mediation.domain.rules import (
    act_of_mediator,
    act_of_party,
    day_of,
    day_under_mediator,
    is_mediator,
    listed,
    once,
    require_party_of,
    require_stage,
    within_mediation,
)
from services.mediation.domain.terms import MEDIATED, UNDER_WAY, SessionKind, Source, Stage
from shared.decider import Given
from shared.errors import BrokenRule, WrongState

NOTICE = 3  # working days


# --- sessions -----------------------------------------------------------------------------------------------------


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
    held = SessionHeld(
        case_id=state.id,
        session_id=wish.session_id,
        session_kind=session.kind,
        attendance=wish.attendance,
        record=wish.record,
        on=on,
        on_behalf_of=act_of_mediator(state, wish.on_behalf_of, given),
    )
    begins = state.stage is Stage.MEDIATOR_APPOINTED
    return [held, listed(state, Stage.IN_MEDIATION, on)] if begins else [held]


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


# --- interests and proposals --------------------------------------------------------------------------------------


def record_interest(state: Case, wish: RecordInterest, given: Given) -> Sequence[Any]:
    """An interest that comes up over a text must stand in the next one before anybody signs."""
    require_stage(state, MEDIATED)
    require_party_of(state, wish.party_id)
    on, source = day_under_mediator(state, wish.on, given), act_of_mediator(state, wish.on_behalf_of, given)
    return [
        InterestRecorded(
            case_id=state.id,
            interest_id=given.new_id(0),
            party_id=wish.party_id,
            need=wish.need,
            demand=wish.demand,
            on=on,
            on_behalf_of=source,
        )
    ]


def propose(state: Case, wish: MakeProposal, given: Given) -> Sequence[Any]:
    """Each proposal has the next number; a counter-proposal counters the present one."""
    require_stage(state, (Stage.IN_MEDIATION, Stage.AGREEMENT_DRAFTED))
    source = by_party_or_mediator(state, wish.by_party, wish.on_behalf_of, given)
    on = day_under_mediator(state, wish.on, given)
    within_mediation(state, on, "/on")
    present = state.proposal.number if state.proposal else 0
    if wish.counters is not None and wish.counters != present:
        raise BrokenRule("proposal-superseded", "/counters", present=present)
    return [
        ProposalMade(
            case_id=state.id,
            proposal=present + 1,
            by_party=wish.by_party,
            counters=wish.counters,
            wording=wish.wording,
            on=on,
            on_behalf_of=source,
        )
    ]


def by_party_or_mediator(state: Case, party_id: UUID | None, source: Source | None, given: Given) -> Source | None:
    """A proposal is a party's, or the mediator's, who may also write down what a party says in a session."""
    if party_id is None:
        return act_of_mediator(state, source, given)
    require_party_of(state, party_id, "/by_party")
    if is_mediator(state, given.actor):
        return None
    return act_of_party(state, party_id, source, given, "/by_party")


def answer(state: Case, wish: AnswerProposal, given: Given) -> Sequence[Any]:
    """Each other party answers the present proposal once."""
    require_stage(state, (Stage.IN_MEDIATION, Stage.AGREEMENT_DRAFTED))
    if state.proposal is None:
        raise WrongState("nothing-proposed")
    require_party_of(state, wish.party_id)
    mediated = is_mediator(state, given.actor)
    source = None if mediated else act_of_party(state, wish.party_id, wish.on_behalf_of, given)
    on = day_under_mediator(state, wish.on, given)
    if wish.proposal != state.proposal.number:
        raise BrokenRule("proposal-superseded", "/proposal", present=state.proposal.number)
    if wish.party_id == state.proposal.by:
        raise BrokenRule("own-proposal", "/party_id")
    said = state.proposal.answers.get(wish.party_id)
    if said == (wish.accepted, wish.reason):
        return []
    if said:
        raise BrokenRule("proposal-already-answered", "/party_id")
    told = {**vars(wish), "on": on, "on_behalf_of": source}
    return [ProposalAnswered(case_id=state.id, **told)]


# --- days ---------------------------------------------------------------------------------------------------------


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
