"""What each fact changes in a case."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from services.mediation.domain import (
    agreeing,
    appointing,
    clocks,
    closing,
    joining,
    keeping,
    land,
    mediating,
    proposing,
    registering,
    resting,
    succeeding,
)
from services.mediation.domain.agreeing import AgreementSigned, ConflictResolved
from services.mediation.domain.agreement import AgreementDrafted
from services.mediation.domain.appointing import MediatorAppointed, MediatorObjected, MediatorRecused
from services.mediation.domain.case import Case, Need, Proposal, ended, party_changed
from services.mediation.domain.clocks import ClockStarted, ClockStopped, DeadlineApproaching, DeadlineMissed
from services.mediation.domain.closing import CaseClosed, MediationReopened, SettlementReviewed
from services.mediation.domain.consenting import CaseSummarySubmitted, PartyConsented, PartyRefused
from services.mediation.domain.correcting import CaseCorrected
from services.mediation.domain.failing import MediationFailed
from services.mediation.domain.joining import CasesMerged, CaseWithdrawn, PartyAdded, PartyRemoved
from services.mediation.domain.keeping import AgreementFulfilled, BreachReported, PerformanceRecorded
from services.mediation.domain.land import LandAcquisitionLinked
from services.mediation.domain.mediating import SessionCancelled, SessionHeld, SessionScheduled
from services.mediation.domain.proposing import InterestRecorded, ProposalAnswered, ProposalMade
from services.mediation.domain.registering import ConflictRegistered, SpokespersonNamed
from services.mediation.domain.resting import CaseResumed, CaseSuspended, MediationExtended
from services.mediation.domain.screening import CaseAccepted, CaseDeclined, CaseReferredOut
from services.mediation.domain.succeeding import PartySucceeded
from services.mediation.domain.terms import Stage
from shared.rules import corrected


def evolve(state: Case, fact: Any) -> Case:
    """The case after a fact."""
    change = CHANGES.get(type(fact))
    return change(state, fact) if change else state


CHANGES: dict[type, Callable[[Case, Any], Case]] = {
    ConflictRegistered: registering.registered,
    CaseCorrected: corrected,
    SpokespersonNamed: lambda state, fact: party_changed(state, fact.party_id, account=fact.account),
    CaseAccepted: lambda state, fact: replace(state, stage=Stage.ACCEPTED, accepted_on=fact.on),
    CaseDeclined: ended(Stage.DECLINED),
    CaseReferredOut: ended(Stage.REFERRED_OUT),
    CaseWithdrawn: ended(Stage.WITHDRAWN),
    CasesMerged: ended(Stage.MERGED),
    MediationFailed: ended(Stage.IMPASSE),
    CaseClosed: ended(Stage.CLOSED),
    PartyAdded: joining.joined,
    PartyRemoved: joining.gone,
    PartySucceeded: succeeding.succeeded,
    LandAcquisitionLinked: land.linked,
    PartyConsented: lambda state, fact: party_changed(state, fact.party_id, consented=True, refused=False),
    PartyRefused: lambda state, fact: party_changed(state, fact.party_id, consented=False, refused=True),
    CaseSummarySubmitted: lambda state, fact: party_changed(state, fact.party_id, summarised=True),
    MediatorAppointed: appointing.appointed,
    MediatorObjected: appointing.mediator_gone,
    MediatorRecused: appointing.mediator_gone,
    SessionScheduled: mediating.scheduled,
    SessionHeld: mediating.held,
    SessionCancelled: mediating.cancelled,
    InterestRecorded: lambda state, fact: replace(
        state, interests={**state.interests, fact.interest_id: Need(fact.party_id, fact.need)}
    ),
    ProposalMade: lambda state, fact: replace(state, proposal=Proposal(fact.proposal, fact.by_party)),
    ProposalAnswered: proposing.answered,
    MediationExtended: lambda state, fact: replace(state, mediation_due=fact.mediation_due, extended=True),
    CaseSuspended: resting.suspended,
    CaseResumed: resting.resumed,
    AgreementDrafted: agreeing.drafted,
    AgreementSigned: agreeing.signed,
    ConflictResolved: agreeing.resolved,
    PerformanceRecorded: keeping.performed,
    BreachReported: keeping.breached,
    AgreementFulfilled: lambda state, fact: replace(state, stage=Stage.FULFILLED),
    MediationReopened: closing.reopened,
    SettlementReviewed: lambda state, fact: replace(state, reviews=state.reviews | {fact.days}),
    ClockStarted: clocks.clocks_changed,
    ClockStopped: clocks.clocks_changed,
    DeadlineApproaching: clocks.warned,
    DeadlineMissed: clocks.clocks_changed,
}
