"""What each fact changes in a case."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from services.mediation.domain.case import (
    AgreementDrafted,
    AgreementFulfilled,
    AgreementSigned,
    BreachReported,
    Case,
    CaseAccepted,
    CaseClosed,
    CaseDeclined,
    CaseReferredOut,
    CaseResumed,
    CasesMerged,
    CaseSummarySubmitted,
    CaseSuspended,
    CaseWithdrawn,
    ClockStarted,
    ClockStopped,
    ConflictRegistered,
    ConflictResolved,
    DeadlineApproaching,
    DeadlineMissed,
    InterestRecorded,
    LandAcquisitionLinked,
    MediationExtended,
    MediationFailed,
    MediationReopened,
    MediatorAppointed,
    MediatorObjected,
    MediatorRecused,
    Owed,
    PartyAdded,
    PartyConsented,
    PartyRefused,
    PartyRemoved,
    PartyState,
    PerformanceRecorded,
    Proposal,
    ProposalAnswered,
    ProposalMade,
    Session,
    SessionCancelled,
    SessionHeld,
    SessionScheduled,
    SettlementReviewed,
    SpokespersonNamed,
)
from services.mediation.domain.terms import Party, SessionKind, Stage, settled_stage


def evolve(state: Case, fact: Any) -> Case:
    """The case after a fact."""
    change = CHANGES.get(type(fact))
    return change(state, fact) if change else state


def mediator_key(fact: MediatorAppointed) -> str:
    """By what a mediator is known again: the account, or the organisation where no account was named."""
    return fact.account or str(fact.organisation)


def _state(party: Party) -> PartyState:
    return PartyState(party.kind, party.organisation_id, party.is_complainant)


def _registered(state: Case, fact: ConflictRegistered) -> Case:
    return Case(
        id=fact.case_id,
        number=fact.number,
        stage=Stage.REGISTERED,
        axis=fact.axis,
        area_code=fact.area_code,
        request_id=fact.request_id,
        registered_by=fact.registered_by,
        registered_on=fact.on,
        screening_due=fact.screening_due,
        parties={party.party_id: _state(party) for party in fact.parties},
    )


def _party(state: Case, id: UUID, **changes: Any) -> Case:
    return replace(state, parties={**state.parties, id: replace(state.parties[id], **changes)})


def _without(state: Case, id: UUID) -> Case:
    """Without a party: what it said and was called to goes with it."""

    def kept(things: Mapping[UUID, Any], of: Callable[[Any], UUID]) -> dict[UUID, Any]:
        return {key: one for key, one in things.items() if of(one) != id}

    sessions = {
        key: replace(one, called=tuple(party for party in one.called if party != id)) for key, one in state.sessions.items()
    }
    return replace(
        state,
        parties={key: one for key, one in state.parties.items() if key != id},
        interests=kept(state.interests, lambda one: one.party_id),
        sessions=sessions,
    )


def _appointed(state: Case, fact: MediatorAppointed) -> Case:
    return replace(
        state, stage=Stage.MEDIATOR_APPOINTED, mediator=fact, mediation_due=fact.mediation_due, days_left=None, continues=False
    )


def _mediator_gone(state: Case, fact: MediatorObjected | MediatorRecused) -> Case:
    """Back to the appointment: the days stand still, sessions to come fall, the text of the former mediator with them."""
    former = state.former_mediators | ({mediator_key(state.mediator)} if state.mediator else frozenset())
    sessions = {key: one if one.held else replace(one, cancelled=True) for key, one in state.sessions.items()}
    return replace(
        state,
        stage=Stage.ACCEPTED,
        mediator=None,
        former_mediators=former,
        mediation_due=None,
        days_left=fact.days_left,
        sessions=sessions,
        draft=None,
        signatures=(),
    )


def _scheduled(state: Case, fact: SessionScheduled) -> Case:
    return replace(state, sessions={**state.sessions, fact.session_id: Session(fact.session_kind, fact.called, fact.day)})


def _held(state: Case, fact: SessionHeld) -> Case:
    session = replace(state.sessions[fact.session_id], held=True)
    parties = dict(state.parties)
    for one in fact.attendance if fact.session_kind is SessionKind.JOINT else ():
        if one.party_id in parties:
            absent = not one.present and not one.excused
            absences = parties[one.party_id].absences + 1 if absent else 0
            parties[one.party_id] = replace(parties[one.party_id], absences=absences)
    stage = Stage.IN_MEDIATION if state.stage is Stage.MEDIATOR_APPOINTED else state.stage
    return replace(state, stage=stage, sessions={**state.sessions, fact.session_id: session}, parties=parties)


def _cancelled(state: Case, fact: SessionCancelled) -> Case:
    session = replace(state.sessions[fact.session_id], cancelled=True)
    return replace(state, sessions={**state.sessions, fact.session_id: session})


def _answered(state: Case, fact: ProposalAnswered) -> Case:
    if state.proposal is None:
        return state
    answers = {**state.proposal.answers, fact.party_id: (fact.accepted, fact.reason)}
    return replace(state, proposal=replace(state.proposal, answers=answers))


def _suspended(state: Case, fact: CaseSuspended) -> Case:
    return replace(
        state,
        stage=Stage.SUSPENDED,
        rests_from=state.stage,
        resume_on=fact.resume_on,
        mediation_due=None,
        days_left=state.days_left if fact.days_left is None else fact.days_left,
    )


def _resumed(state: Case, fact: CaseResumed) -> Case:
    left = None if fact.mediation_due else state.days_left
    return replace(
        state, stage=state.rests_from, rests_from=None, resume_on=None, mediation_due=fact.mediation_due, days_left=left
    )


def _resolved(state: Case, fact: ConflictResolved) -> Case:
    done = {key: one for key, one in state.owed.items() if one.performed}
    new = {one.obligation_id: Owed(one.debtor, one.due) for one in (state.draft.obligations if state.draft else ())}
    return replace(
        state,
        stage=settled_stage(fact.scope),
        scope=fact.scope,
        settled_on=fact.on,
        owed={**done, **new},
        laid=None,
        mediation_due=None,
        reviews=frozenset(),
    )


def _performed(state: Case, fact: PerformanceRecorded) -> Case:
    owed = {**state.owed, fact.obligation_id: replace(state.owed[fact.obligation_id], performed=True, breached=False)}
    broken = any(one.breached for one in owed.values())
    stage = state.stage if broken or state.scope is None else settled_stage(state.scope)
    return replace(state, owed=owed, stage=stage)


def _breached(state: Case, fact: BreachReported) -> Case:
    owed = {**state.owed, fact.obligation_id: replace(state.owed[fact.obligation_id], breached=True)}
    return replace(state, owed=owed, stage=Stage.BREACHED)


def _reopened(state: Case, fact: MediationReopened) -> Case:
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


def _ended(stage: Stage) -> Callable[[Case, Any], Case]:
    return lambda state, fact: replace(state, stage=stage, mediation_due=None, days_left=None, resume_on=None)


def _clocks(state: Case, fact: ClockStarted | ClockStopped | DeadlineMissed, missed: Iterable[Any] = ()) -> Case:
    kept = {key: due for key, due in state.clocks.items() if key != (fact.clock, fact.about)}
    if isinstance(fact, ClockStarted):
        kept[fact.clock, fact.about] = fact.due
    return replace(state, clocks=kept, missed=state.missed | frozenset(missed))


CHANGES: dict[type, Callable[[Case, Any], Case]] = {
    ConflictRegistered: _registered,
    SpokespersonNamed: lambda state, fact: _party(state, fact.party_id, account=fact.account),
    CaseAccepted: lambda state, fact: replace(state, stage=Stage.ACCEPTED, accepted_on=fact.on),
    CaseDeclined: _ended(Stage.DECLINED),
    CaseReferredOut: _ended(Stage.REFERRED_OUT),
    CaseWithdrawn: _ended(Stage.WITHDRAWN),
    CasesMerged: _ended(Stage.MERGED),
    MediationFailed: _ended(Stage.IMPASSE),
    CaseClosed: _ended(Stage.CLOSED),
    PartyAdded: lambda state, fact: replace(
        state, parties={**state.parties, fact.party.party_id: _state(fact.party)}, axis=fact.axis
    ),
    PartyRemoved: lambda state, fact: replace(_without(state, fact.party_id), axis=fact.axis),
    LandAcquisitionLinked: lambda state, fact: replace(state, land=fact),
    PartyConsented: lambda state, fact: _party(state, fact.party_id, consented=True, refused=False),
    PartyRefused: lambda state, fact: _party(state, fact.party_id, consented=False, refused=True),
    CaseSummarySubmitted: lambda state, fact: _party(state, fact.party_id, summarised=True),
    MediatorAppointed: _appointed,
    MediatorObjected: _mediator_gone,
    MediatorRecused: _mediator_gone,
    SessionScheduled: _scheduled,
    SessionHeld: _held,
    SessionCancelled: _cancelled,
    InterestRecorded: lambda state, fact: replace(state, interests={**state.interests, fact.interest_id: fact}),
    ProposalMade: lambda state, fact: replace(state, proposal=Proposal(fact.proposal, fact.by_party)),
    ProposalAnswered: _answered,
    MediationExtended: lambda state, fact: replace(state, mediation_due=fact.mediation_due, extended=True),
    CaseSuspended: _suspended,
    CaseResumed: _resumed,
    AgreementDrafted: lambda state, fact: replace(state, stage=Stage.AGREEMENT_DRAFTED, draft=fact, laid=fact, signatures=()),
    AgreementSigned: lambda state, fact: replace(state, signatures=(*state.signatures, (fact.party_id, fact.on))),
    ConflictResolved: _resolved,
    PerformanceRecorded: _performed,
    BreachReported: _breached,
    AgreementFulfilled: lambda state, fact: replace(state, stage=Stage.FULFILLED),
    MediationReopened: _reopened,
    SettlementReviewed: lambda state, fact: replace(state, reviews=state.reviews | {fact.days}),
    ClockStarted: _clocks,
    ClockStopped: _clocks,
    DeadlineApproaching: lambda state, fact: replace(
        state, warned=state.warned | {((fact.clock, fact.about), fact.due, fact.days_left)}
    ),
    DeadlineMissed: lambda state, fact: _clocks(state, fact, [((fact.clock, fact.about), fact.due)]),
}
