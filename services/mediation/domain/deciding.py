"""How a case decides: which function answers which wish, what waits for whom, who is what to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any

from services.mediation.domain import (
    agreeing,
    agreement,
    appointing,
    clocks,
    closing,
    consenting,
    correcting,
    failing,
    joining,
    keeping,
    land,
    mediating,
    proposing,
    registering,
    resting,
    rules,
    screening,
    succeeding,
)
from services.mediation.domain.case import Case
from services.mediation.domain.evolving import evolve
from services.mediation.domain.rules import is_mediator, party_names
from services.mediation.domain.terms import BOUND, REVIEWS, Stage
from shared.decider import Actor, Decider, Given, Waits

PHASES = (
    rules,
    registering,
    correcting,
    screening,
    joining,
    land,
    consenting,
    appointing,
    succeeding,
    mediating,
    proposing,
    resting,
    agreement,
    agreeing,
    failing,
    keeping,
    closing,
    clocks,
)

WISHES: dict[type, Callable[[Case, Any, Given], Sequence[Any]]] = {
    registering.RegisterCase: registering.register,
    screening.ScreenCase: screening.screen,
    correcting.CorrectCase: correcting.correct,
    joining.AddParty: joining.add_party,
    joining.RemoveParty: joining.remove_party,
    registering.NameSpokesperson: registering.name_spokesperson,
    succeeding.SucceedParty: succeeding.succeed,
    joining.MergeCases: joining.merge,
    land.AttachLandAcquisition: land.attach_land,
    joining.WithdrawCase: joining.withdraw,
    screening.ReferCase: screening.refer,
    consenting.RecordConsent: consenting.consent,
    consenting.RefuseMediation: consenting.refuse,
    consenting.SubmitCaseSummary: consenting.summarise,
    appointing.AppointMediator: appointing.appoint,
    appointing.ObjectToMediator: appointing.object_to,
    appointing.RecuseMediator: appointing.recuse,
    mediating.ScheduleSession: mediating.schedule,
    mediating.RecordSession: mediating.hold,
    mediating.CancelSession: mediating.cancel,
    mediating.WriteCaucusNote: mediating.note,
    proposing.RecordInterest: proposing.record_interest,
    proposing.MakeProposal: proposing.propose,
    proposing.AnswerProposal: proposing.answer,
    resting.ExtendMediation: resting.extend,
    resting.SuspendCase: resting.suspend,
    resting.ResumeCase: resting.resume,
    agreeing.DraftAgreement: agreeing.draft,
    agreeing.SignAgreement: agreeing.sign,
    failing.DeclareImpasse: failing.declare_impasse,
    keeping.RecordPerformance: keeping.perform,
    keeping.ReportBreach: keeping.breach,
    closing.ReopenMediation: closing.reopen,
    closing.ReviewSettlement: closing.review,
    closing.CloseCase: closing.close,
    clocks.WarnOfDeadline: clocks.warn,
    clocks.MarkDeadlineMissed: clocks.mark_missed,
}


def decide(state: Case, command: Any, given: Given) -> Sequence[Any]:
    """The facts that a wish about a case makes, and which days start or stop with them."""
    wish = WISHES.get(type(command))
    if wish is None:
        raise TypeError(f"a case knows no {type(command).__name__}")
    facts, after = wish(state, command, given), state
    for fact in facts:
        after = evolve(after, fact)
    return [*facts, *clocks.changes(after)] if facts else []


def holds(state: Case) -> frozenset[str]:
    """A request becomes one case only."""
    return frozenset({f"request:{state.request_id}"}) if state.request_id else frozenset()


# --- what waits for whom ------------------------------------------------------------------------------------------


def waiting(state: Case) -> Sequence[Waits]:
    """What waits for whom; `party:<id>` is the party's own people."""
    return tuple(_waits(state))


def _waits(state: Case) -> Iterator[Waits]:
    match state.stage:
        case Stage.REGISTERED:
            yield Waits("secretariat", screening.ScreenCase, state.screening_due)
        case Stage.ACCEPTED:
            yield from _for_consent(state)
            if not state.refusing:
                yield Waits("chair", appointing.AppointMediator)
        case Stage.MEDIATOR_APPOINTED | Stage.IN_MEDIATION | Stage.AGREEMENT_DRAFTED:
            yield from _for_consent(state)
            yield from _in_mediation(state)
        case Stage.SUSPENDED:
            yield Waits("secretariat", resting.ResumeCase, state.resume_on)
        case Stage.FULFILLED | Stage.IMPASSE:
            yield Waits("secretariat", closing.CloseCase)
    if state.stage in BOUND:
        yield from _under_agreement(state)
    yield from _for_review(state)


def _for_consent(state: Case) -> Iterator[Waits]:
    for id in state.undecided:
        yield Waits(f"party:{id}", consenting.RecordConsent)
    if state.refusing:
        yield Waits("secretariat", failing.DeclareImpasse)


def _in_mediation(state: Case) -> Iterator[Waits]:
    called = [one for one in state.sessions.values() if not one.held and not one.cancelled]
    for one in called:
        yield Waits("mediator", mediating.RecordSession, one.day)
    if state.stage is Stage.AGREEMENT_DRAFTED:
        yield from (Waits(f"party:{id}", agreeing.SignAgreement) for id in state.parties if id not in state.signed)
        return
    yield from _for_papers(state)
    if state.stage is Stage.IN_MEDIATION:
        yield Waits("mediator", agreeing.DraftAgreement, state.mediation_due)
    elif not called:
        yield Waits("mediator", mediating.ScheduleSession, state.mediation_due)


def _for_papers(state: Case) -> Iterator[Waits]:
    if state.mediator and not state.continues:
        due = state.mediator.summaries_due
        silent = (id for id, party in state.parties.items() if not party.summarised)
        yield from (Waits(f"party:{id}", consenting.SubmitCaseSummary, due) for id in silent)
    if state.proposal:
        heard = {*state.proposal.answers, state.proposal.by}
        yield from (Waits(f"party:{id}", proposing.AnswerProposal) for id in state.parties if id not in heard)


def _under_agreement(state: Case) -> Iterator[Waits]:
    for one in state.owed.values():
        if not one.performed:
            yield Waits(f"party:{one.debtor}", keeping.RecordPerformance, one.due)
    if state.stage is Stage.BREACHED:
        yield Waits("secretariat", screening.ReferCase if state.reopened else closing.ReopenMediation)
    elif not state.outstanding:
        yield Waits("secretariat", closing.CloseCase)


def _for_review(state: Case) -> Iterator[Waits]:
    if state.settled_on is None or state.stage not in (*BOUND, Stage.FULFILLED):
        return
    for days in REVIEWS:
        if days not in state.reviews:
            yield Waits("secretariat", closing.ReviewSettlement, state.settled_on + timedelta(days=days))
            return


def relations(state: Case, actor: Actor) -> frozenset[str]:
    """What an actor is to a case: `party` and `party:<id>` of its own party, `mediator`, `registrant`."""
    found = set(party_names(state, actor))
    if is_mediator(state, actor):
        found.add("mediator")
    if actor.organisation and actor.organisation == state.registered_by:
        found.add("registrant")
    return frozenset(found)


case = Decider(
    "case", Case(), decide, evolve, holds=holds, timers=clocks.timers, waiting=waiting, relations=relations, phases=PHASES
)
