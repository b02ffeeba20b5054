"""How a case decides: which function answers which wish, what waits for whom, who is what to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any

from services.mediation.domain import agreeing, appointing, clocks, keeping, mediating, screening
from services.mediation.domain import case as words
from services.mediation.domain.case import Case
from services.mediation.domain.evolving import evolve
from services.mediation.domain.rules import is_mediator, party_names
from services.mediation.domain.terms import BOUND, REVIEWS, Stage
from shared.decider import Actor, Decider, Given, Waits

WISHES: dict[type, Callable[[Case, Any, Given], Sequence[Any]]] = {
    words.RegisterCase: screening.register,
    words.ScreenCase: screening.screen,
    words.AddParty: screening.add_party,
    words.RemoveParty: screening.remove_party,
    words.NameSpokesperson: screening.name_spokesperson,
    words.MergeCases: screening.merge,
    words.AttachLandAcquisition: screening.attach_land,
    words.WithdrawCase: screening.withdraw,
    words.ReferCase: screening.refer,
    words.RecordConsent: appointing.consent,
    words.RefuseMediation: appointing.refuse,
    words.SubmitCaseSummary: appointing.summarise,
    words.AppointMediator: appointing.appoint,
    words.ObjectToMediator: appointing.object_to,
    words.RecuseMediator: appointing.recuse,
    words.ScheduleSession: mediating.schedule,
    words.RecordSession: mediating.hold,
    words.CancelSession: mediating.cancel,
    words.WriteCaucusNote: mediating.note,
    words.RecordInterest: mediating.record_interest,
    words.MakeProposal: mediating.propose,
    words.AnswerProposal: mediating.answer,
    words.ExtendMediation: mediating.extend,
    words.SuspendCase: mediating.suspend,
    words.ResumeCase: mediating.resume,
    words.DraftAgreement: agreeing.draft,
    words.SignAgreement: agreeing.sign,
    words.DeclareImpasse: agreeing.declare_impasse,
    words.RecordPerformance: keeping.perform,
    words.ReportBreach: keeping.breach,
    words.ReopenMediation: keeping.reopen,
    words.ReviewSettlement: keeping.review,
    words.CloseCase: keeping.close,
    words.WarnOfDeadline: clocks.warn,
    words.MarkDeadlineMissed: clocks.mark_missed,
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
            yield Waits("secretariat", words.ScreenCase, state.screening_due)
        case Stage.ACCEPTED:
            yield from _for_consent(state)
            if not state.refusing:
                yield Waits("chair", words.AppointMediator)
        case Stage.MEDIATOR_APPOINTED | Stage.IN_MEDIATION | Stage.AGREEMENT_DRAFTED:
            yield from _for_consent(state)
            yield from _in_mediation(state)
        case Stage.SUSPENDED:
            yield Waits("secretariat", words.ResumeCase, state.resume_on)
        case Stage.FULFILLED | Stage.IMPASSE:
            yield Waits("secretariat", words.CloseCase)
    if state.stage in BOUND:
        yield from _under_agreement(state)
    yield from _for_review(state)


def _for_consent(state: Case) -> Iterator[Waits]:
    for id in state.undecided:
        yield Waits(f"party:{id}", words.RecordConsent)
    if state.refusing:
        yield Waits("secretariat", words.DeclareImpasse)


def _in_mediation(state: Case) -> Iterator[Waits]:
    called = [one for one in state.sessions.values() if not one.held and not one.cancelled]
    for one in called:
        yield Waits("mediator", words.RecordSession, one.day)
    if state.stage is Stage.AGREEMENT_DRAFTED:
        yield from (Waits(f"party:{id}", words.SignAgreement) for id in state.parties if id not in state.signed)
        return
    yield from _for_papers(state)
    if state.stage is Stage.IN_MEDIATION:
        yield Waits("mediator", words.DraftAgreement, state.mediation_due)
    elif not called:
        yield Waits("mediator", words.ScheduleSession, state.mediation_due)


def _for_papers(state: Case) -> Iterator[Waits]:
    if state.mediator and not state.continues:
        due = state.mediator.summaries_due
        silent = (id for id, party in state.parties.items() if not party.summarised)
        yield from (Waits(f"party:{id}", words.SubmitCaseSummary, due) for id in silent)
    if state.proposal:
        heard = {*state.proposal.answers, state.proposal.by}
        yield from (Waits(f"party:{id}", words.AnswerProposal) for id in state.parties if id not in heard)


def _under_agreement(state: Case) -> Iterator[Waits]:
    for one in state.owed.values():
        if not one.performed:
            yield Waits(f"party:{one.debtor}", words.RecordPerformance, one.due)
    if state.stage is Stage.BREACHED:
        yield Waits("secretariat", words.ReferCase if state.reopened else words.ReopenMediation)
    elif not state.outstanding:
        yield Waits("secretariat", words.CloseCase)


def _for_review(state: Case) -> Iterator[Waits]:
    if state.settled_on is None or state.stage not in (*BOUND, Stage.FULFILLED):
        return
    for days in REVIEWS:
        if days not in state.reviews:
            yield Waits("secretariat", words.ReviewSettlement, state.settled_on + timedelta(days=days))
            return


def relations(state: Case, actor: Actor) -> frozenset[str]:
    """What an actor is to a case: `party` and `party:<id>` of its own party, `mediator`, `registrant`."""
    found = set(party_names(state, actor))
    if is_mediator(state, actor):
        found.add("mediator")
    if actor.organisation and actor.organisation == state.registered_by:
        found.add("registrant")
    return frozenset(found)


case = Decider("case", Case(), decide, evolve, holds=holds, timers=clocks.timers, waiting=waiting, relations=relations)
