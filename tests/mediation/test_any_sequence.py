"""Whatever is wished of a case or of a request, in whatever order: the rules hold, and the facts tell the same story again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.mediation.domain.agreeing import DraftAgreement, SignAgreement
from services.mediation.domain.appointing import AppointMediator, ObjectToMediator, RecuseMediator
from services.mediation.domain.clocks import MarkDeadlineMissed, WarnOfDeadline, running
from services.mediation.domain.closing import CloseCase, ReopenMediation, ReviewSettlement
from services.mediation.domain.consenting import RecordConsent, RefuseMediation, SubmitCaseSummary
from services.mediation.domain.correcting import CaseField, CorrectCase
from services.mediation.domain.deciding import case
from services.mediation.domain.failing import DeclareImpasse
from services.mediation.domain.joining import AddParty, MergeCases, RemoveParty, WithdrawCase
from services.mediation.domain.keeping import RecordPerformance, ReportBreach
from services.mediation.domain.land import AttachLandAcquisition
from services.mediation.domain.mediating import CancelSession, RecordSession, ScheduleSession, WriteCaucusNote
from services.mediation.domain.mediation_request import (
    AnswerRequest,
    CorrectRequest,
    MarkRequestOverdue,
    MediationRequested,
    RequestAnswered,
    RequestField,
    RequestMediation,
    RequestOverdue,
    RequestStage,
    RequestTurnedIntoCase,
    TurnIntoCase,
    mediation_request,
)
from services.mediation.domain.proposing import AnswerProposal, MakeProposal, RecordInterest
from services.mediation.domain.registering import NameSpokesperson, RegisterCase
from services.mediation.domain.resting import ExtendMediation, ResumeCase, SuspendCase
from services.mediation.domain.screening import ReferCase, ScreenCase, ScreeningOutcome
from services.mediation.domain.succeeding import SucceedParty
from services.mediation.domain.terms import (
    ENDED,
    MEDIATED,
    SETTLED,
    Attendance,
    Findings,
    ImpasseReason,
    PromisedAct,
    RootCause,
    SessionKind,
    Stage,
    StatedInterest,
    Venue,
)
from services.mediation.examples import EXAMPLES, LETTER, NUMBER, PLANNING, REQUEST, UNIVERSITY
from services.mediation.registers.cases import cases
from services.mediation.registers.deadlines import Running, deadlines
from services.mediation.registers.obligations import Standing, obligations
from services.mediation.registers.parties import parties
from services.mediation.registers.public_cases import public_cases
from services.mediation.registers.requests import requests
from services.mediation.service import service
from shared.decider import Actor
from shared.errors import Refused
from shared.facts import encode
from shared.testing import folded, given_at
from tests.sequences import corrected_rightly, corrections

SECRETARIAT, CHAIR = Actor("s", frozenset({"secretariat"})), Actor("k", frozenset({"chair"}))
days_ago = st.integers(-1, 3)
nth = st.integers(0, 3)
KNOWN = {
    "organisations": frozenset({PLANNING, UNIVERSITY}),
    "mediator": True,
    "successor": "Penerus",
    "target": ("MED/32/2025/0009", Stage.ACCEPTED),
}
Outcome = st.sampled_from(ScreeningOutcome)


class Cases(RuleBasedStateMachine):
    """One case, and everybody who may wish something of it."""

    def __init__(self) -> None:
        super().__init__()
        self.now = datetime(2025, 5, 21, 5, tzinfo=UTC)
        self.facts: list[Any] = []
        self.looked_at = -1
        self.state = case.initial
        self.acts = 0

    @property
    def today(self) -> date:
        return self.now.date()

    def on(self, ago: int) -> date:
        return self.today - timedelta(days=ago)

    def wish(self, command: Any, by: Actor = SECRETARIAT) -> bool:
        """Decide; a refusal changes nothing. The secretariat enters from a letter where it acts for others."""
        self.acts += 1
        if by is SECRETARIAT and getattr(command, "on_behalf_of", "") is None:
            command = replace(command, on_behalf_of=LETTER)
        knows = replace(given_at(self.now, actor=by, **KNOWN), new_id=lambda n: UUID(int=1000 * self.acts + n))
        try:
            made = list(case.decide(self.state, command, knows))
        except Refused:
            return False
        for fact in made:
            self.state = case.evolve(self.state, fact)
            case.timers(self.state, fact, knows)
        self.facts += made
        return bool(made)

    def party(self, n: int) -> UUID:
        ids = list(self.state.parties) or [UUID(int=7)]
        return ids[n % len(ids)]

    @property
    def mediator(self) -> Actor:
        account = self.state.mediator.account if self.state.mediator else "nobody"
        return Actor(account or "m", frozenset({"mediator"}), UNIVERSITY)

    # --- the way of a case ----------------------------------------------------------------------------------------

    @initialize(ways=st.integers(0, 13))
    def it_begins(self, ways):
        """Somewhere on its way, or hardly any history would come to its end."""
        way = [
            lambda: self.register(0),
            lambda: self.screen(ScreeningOutcome.ACCEPT, True, 0),
            lambda: [self.consent(n, 0) for n in range(2)],
            lambda: self.appoint(0, 0),
            lambda: self.call(SessionKind.JOINT, 0, 7, 0),
            lambda: (self.time_goes_by(7), self.hold(True, True)),
            lambda: (self.call(SessionKind.CAUCUS, 0, 7, 0), self.time_goes_by(7), self.hold(True, True), self.note(1)),
            lambda: self.interest(0, 0),
            lambda: self.draft(True, 5),
            lambda: [self.sign(n, 0) for n in range(2)],
            self.breach_in_time,
            self.reopen,
            lambda: (self.draft(True, 5), [self.sign(n, 0) for n in range(2)]),
        ]
        for step in way[:ways]:
            step()

    @rule(days=st.sampled_from([1, 3, 7, 40]))
    def time_goes_by(self, days):
        self.now += timedelta(days=days)

    @rule(ago=days_ago)
    def register(self, ago):
        self.wish(replace(EXAMPLES[RegisterCase], on=self.on(ago)))

    @rule(outcome=Outcome, in_scope=st.booleans(), ago=days_ago)
    def screen(self, outcome, in_scope, ago):
        found = Findings(in_scope=in_scope)
        wish = ScreenCase(outcome=outcome, findings=found, reason="Di luar lingkup.", venue=Venue.BPSK, on=self.on(ago))
        self.wish(wish)

    @rule(wish=corrections(CorrectCase, CaseField))
    def correct(self, wish):
        self.wish(wish)

    @rule(known=st.booleans())
    def add_party(self, known):
        party = EXAMPLES[AddParty].party
        self.wish(AddParty(party=replace(party, organisation_id=UNIVERSITY if known else None)))

    @rule(n=nth, harmless=st.booleans())
    def remove_party(self, n, harmless):
        self.wish(RemoveParty(party_id=self.party(n), reason="Tidak terkait.", harmless=harmless))

    @rule(successor=st.sampled_from([UNIVERSITY, UUID(int=9)]), ago=days_ago)
    def succeed(self, successor, ago):
        self.wish(SucceedParty(organisation=PLANNING, successor=successor, on=self.on(ago)))

    @rule(n=nth, account=st.sampled_from(["a", "b"]))
    def name_spokesperson(self, n, account):
        self.wish(NameSpokesperson(party_id=self.party(n), spokesperson="Juru bicara", account=account))

    @rule(ago=days_ago)
    def attach_land(self, ago):
        land = replace(EXAMPLES[AttachLandAcquisition].land, deliberation_on=self.on(ago))
        self.wish(AttachLandAcquisition(land=land))

    @rule(n=nth, ago=days_ago)
    def consent(self, n, ago):
        self.wish(RecordConsent(party_id=self.party(n), on=self.on(ago)))

    @rule(n=nth)
    def refuse(self, n):
        self.wish(RefuseMediation(party_id=self.party(n)))

    @rule(n=nth, ago=days_ago)
    def summarise(self, n, ago):
        self.wish(SubmitCaseSummary(party_id=self.party(n), summary="Resume.", on=self.on(ago)))

    @rule(n=st.integers(0, 2), ago=days_ago)
    def appoint(self, n, ago):
        account = ("m-1", "m-2", None)[n]
        self.wish(AppointMediator(organisation=UNIVERSITY, account=account, no_interest=True, on=self.on(ago)), CHAIR)

    @rule(n=nth, ago=days_ago)
    def object_to(self, n, ago):
        self.wish(ObjectToMediator(party_id=self.party(n), reason="Tidak netral.", on=self.on(ago)))

    @rule(ago=days_ago)
    def recuse(self, ago):
        self.wish(RecuseMediator(reason="Berhalangan.", on=self.on(ago)), self.mediator)

    # --- the mediation --------------------------------------------------------------------------------------------

    @rule(kind=st.sampled_from(SessionKind), n=nth, ahead=st.integers(1, 9), ago=days_ago)
    def call(self, kind, n, ahead, ago):
        alone = self.party(n) if kind is SessionKind.CAUCUS else None
        day = self.today + timedelta(days=ahead)
        wish = ScheduleSession(session_kind=kind, caucus_with=alone, day=day, hour="09.00", place="Aula")
        self.wish(replace(wish, on=self.on(ago)), self.mediator)

    @rule(come=st.booleans(), excused=st.booleans())
    def hold(self, come, excused):
        for id, session in self.state.sessions.items():
            if not session.held and not session.cancelled:
                came = tuple(Attendance(party_id=one, present=come, excused=excused) for one in session.called)
                self.wish(RecordSession(session_id=id, attendance=came), self.mediator)

    @rule(n=nth)
    def cancel(self, n):
        ids = [*self.state.sessions, UUID(int=9)]
        self.wish(CancelSession(session_id=ids[n % len(ids)], reason="Hujan."), self.mediator)

    @rule(n=nth)
    def note(self, n):
        ids = [*self.state.sessions, UUID(int=9)]
        self.wish(WriteCaucusNote(session_id=ids[n % len(ids)], note="Catatan."), self.mediator)

    @rule(n=nth, ago=days_ago)
    def interest(self, n, ago):
        self.wish(RecordInterest(party_id=self.party(n), need="Jalan masuk.", on=self.on(ago)), self.mediator)

    @rule(n=nth, own=st.booleans())
    def propose(self, n, own):
        self.wish(MakeProposal(by_party=None if own else self.party(n), wording="Usul."), self.mediator)

    @rule(n=nth, accepted=st.booleans())
    def answer(self, n, accepted):
        present = self.state.proposal.number if self.state.proposal else 1
        self.wish(AnswerProposal(proposal=present, party_id=self.party(n), accepted=accepted), self.mediator)

    @rule(complete=st.booleans())
    def extend(self, complete):
        everybody = tuple(self.state.parties) or (UUID(int=7),)
        self.wish(ExtendMediation(working_days=30, consents=everybody if complete else everybody[:1]), self.mediator)

    @rule(days=st.integers(0, 30))
    def suspend(self, days):
        self.wish(SuspendCase(reason="Menunggu.", resume_on=self.today + timedelta(days=days)))

    @rule()
    def resume(self):
        self.wish(ResumeCase())

    # --- its ends -------------------------------------------------------------------------------------------------

    @rule(complete=st.booleans(), days=st.integers(0, 20))
    def draft(self, complete, days):
        recorded = tuple(StatedInterest(interest_id=id, clauses=(1,)) for id in self.state.interests)
        heard = {one.party_id for one in self.state.interests.values()}
        stated = (StatedInterest(party_id=id, need="Damai.", clauses=(2,)) for id in self.state.parties if id not in heard)
        all_interests = (*recorded, *stated)
        promise = PromisedAct(debtor=self.party(days), act="Membangun jalan.", due=self.today + timedelta(days=days))
        wish = replace(EXAMPLES[DraftAgreement], interests=all_interests if complete else all_interests[:1], on=None)
        self.wish(replace(wish, obligations=(promise,) if days else (), advised=()), self.mediator)

    @rule(n=nth, ago=days_ago)
    def sign(self, n, ago):
        text = self.state.draft.text_hash if self.state.draft else "0" * 64
        self.wish(SignAgreement(party_id=self.party(n), text_hash=text, on=self.on(ago)))

    @rule(reason=st.sampled_from(ImpasseReason), often=st.integers(0, 4))
    def fail(self, reason, often):
        if often == 0:
            self.wish(DeclareImpasse(reason=reason))

    @rule(often=st.integers(0, 9))
    def give_up(self, often):
        match often:
            case 0:
                self.wish(WithdrawCase(party_id=self.party(0), reason="Sudah selesai."))
            case 1:
                self.wish(MergeCases(into=UUID(int=5), reason="Sama."))
            case 2:
                self.wish(ReferCase(venue=Venue.COURT))

    @rule(n=nth, shown=st.booleans())
    def perform(self, n, shown):
        ids = [*self.state.owed, UUID(int=9)]
        evidence = LETTER if shown else None
        self.wish(RecordPerformance(obligation_id=ids[n % len(ids)], confirmed_by=self.party(n), evidence=evidence))

    @rule(n=nth)
    def breach(self, n):
        ids = [*self.state.owed, UUID(int=9)]
        self.wish(ReportBreach(obligation_id=ids[n % len(ids)], reason="Belum dilaksanakan."))

    @rule()
    def reopen(self):
        self.wish(ReopenMediation())

    @rule(days=st.sampled_from([30, 31, 90, 180]))
    def review(self, days):
        self.wish(ReviewSettlement(days=days, finding="Berjalan."))

    @rule(often=st.integers(0, 2))
    def close(self, often):
        if often == 0:
            self.wish(CloseCase(root_causes=(RootCause.LAND,)))

    @rule(n=st.integers(0, 5))
    def somebody_does_what_is_waited_for(self, n):
        """So that histories come to their end, too."""
        waits = case.waiting(self.state)
        if not waits:
            return
        wait = waits[n % len(waits)]
        everybody = range(len(self.state.parties))
        ways: dict[type, Any] = {
            ScreenCase: lambda: self.screen(ScreeningOutcome.ACCEPT, True, 0),
            RecordConsent: lambda: [self.consent(n, 0) for n in everybody],
            DeclareImpasse: lambda: self.fail(ImpasseReason.NO_CONSENT, 0),
            AppointMediator: lambda: self.appoint(n % 3, 0),
            ScheduleSession: lambda: self.call(SessionKind.CAUCUS if n % 2 else SessionKind.JOINT, n, 7, 0),
            RecordSession: lambda: (self.until(wait.due), self.hold(n % 2 == 0, False)),
            SubmitCaseSummary: lambda: [self.summarise(n, 0) for n in everybody],
            AnswerProposal: lambda: [self.answer(n, True) for n in everybody],
            DraftAgreement: lambda: self.draft(True, 10 + n),
            SignAgreement: lambda: [self.sign(n, 0) for n in everybody],
            ResumeCase: self.resume,
            RecordPerformance: lambda: self.breach_in_time() if n % 2 else [self.perform(n, True) for n in everybody],
            ReopenMediation: self.reopen,
            ReferCase: lambda: self.give_up(2),
            ReviewSettlement: lambda: (self.until(wait.due), [self.review(days) for days in (30, 90, 180)]),
            CloseCase: lambda: self.close(0),
        }
        ways[wait.what]()

    def until(self, day: date) -> None:
        """The clock goes on to that day, unless it is over."""
        self.now = max(self.now, datetime.combine(day, self.now.time(), UTC))

    def breach_in_time(self) -> None:
        for id in self.state.outstanding:
            self.until(self.state.owed[id].due + timedelta(days=1))
            self.wish(ReportBreach(obligation_id=id, reason="Belum dilaksanakan."))

    @rule(n=st.integers(0, 5))
    def and_again(self, n):
        self.somebody_does_what_is_waited_for(n)

    @rule(n=st.integers(0, 5))
    def and_once_more(self, n):
        self.somebody_does_what_is_waited_for(n)

    @rule()
    def clocks_strike(self):
        for (clock, about), due in dict(self.state.clocks).items():
            self.wish(WarnOfDeadline(clock=clock, about=about, due=due, days_left=5))
            self.wish(MarkDeadlineMissed(clock=clock, about=about, due=due))

    # --- what always holds ----------------------------------------------------------------------------------------

    @invariant()
    def all_holds(self):
        """Looked at again only where a wish has made facts: a refusal left everything as it was."""
        if self.looked_at != len(self.facts):
            self.looked_at = len(self.facts)
            self.the_facts_tell_the_same_story_again()
            self.the_days_told_of_are_those_that_run()
            self.the_registers_say_what_the_state_says()
            self.what_binds_is_on_the_board()
            self.a_case_has_two_sides()
            self.nobody_mediates_in_his_own_matter()
            self.a_settlement_is_signed_by_all_under_a_text_that_answers_every_interest()
            self.fulfilled_is_what_owes_nothing()
            self.an_ended_case_waits_for_nobody()

    def the_facts_tell_the_same_story_again(self):
        types = service.types
        assert case.fold(types.decode(types.names[type(one)], encode(one)) for one in self.facts) == self.state

    def the_days_told_of_are_those_that_run(self):
        assert self.state.clocks == running(self.state)
        rows = folded(deadlines, self.facts, self.state.id).values()
        assert {(one.clock, one.about): one.due for one in rows if one.running is Running.RUNS} == self.state.clocks

    def the_registers_say_what_the_state_says(self):
        if self.state.stage is None:
            return
        line = folded(cases, self.facts, self.state.id)[str(self.state.id)]
        assert (line.stage, line.axis, line.mediation_due) == (self.state.stage, self.state.axis, self.state.mediation_due)
        assert (line.parties, line.settled_on) == (len(self.state.parties), self.state.settled_on)
        assert line.text_hash == (self.state.draft.text_hash if self.state.draft else "")
        corrected_rightly(self.facts, CaseField, line, self.state)
        shown = folded(public_cases, self.facts, self.state.id)[str(self.state.id)]
        assert shown.stage in (self.state.stage, Stage.IN_MEDIATION)
        rows = {one.party_id: one for one in folded(parties, self.facts, self.state.id).values()}
        assert rows.keys() == self.state.parties.keys()
        assert {id for id, one in rows.items() if one.consented_on} == {
            id for id, one in self.state.parties.items() if one.consented
        }

    def what_binds_is_on_the_board(self):
        rows = folded(obligations, self.facts, self.state.id).values()
        bound = [one for one in rows if one.standing in (Standing.BINDING, Standing.BREACHED, Standing.PERFORMED)]
        assert len([one for one in bound if one.standing is not Standing.PERFORMED]) == len(self.state.outstanding)

    def a_case_has_two_sides(self):
        if self.state.stage:
            assert len(self.state.parties) >= 2
            assert any(one.is_complainant for one in self.state.parties.values())

    def nobody_mediates_in_his_own_matter(self):
        if self.state.stage in MEDIATED:
            assert self.state.mediator is not None
            assert self.state.mediator.organisation not in self.state.organisations

    def a_settlement_is_signed_by_all_under_a_text_that_answers_every_interest(self):
        if self.state.stage in SETTLED:
            assert self.state.draft is not None
            assert self.state.signed == set(self.state.parties)
            answered = self.state.draft.interests
            assert set(self.state.interests) <= {one.interest_id for one in answered}
            assert all(one.clauses or one.reason for one in answered)
            assert {one.party_id for one in answered} == set(self.state.parties)

    def fulfilled_is_what_owes_nothing(self):
        if self.state.stage is Stage.FULFILLED:
            assert not self.state.outstanding
        if self.state.stage is Stage.BREACHED:
            assert any(one.breached for one in self.state.owed.values())

    def an_ended_case_waits_for_nobody(self):
        waits = case.waiting(self.state)
        if self.state.stage in ENDED:
            assert waits == ()
        elif self.state.stage:
            assert waits


class Requests(RuleBasedStateMachine):
    """One request for mediation."""

    def __init__(self) -> None:
        super().__init__()
        self.now = datetime(2025, 6, 2, 5, tzinfo=UTC)
        self.facts: list[Any] = []
        self.looked_at = -1
        self.state = mediation_request.initial

    def wish(self, command: Any) -> None:
        knows = replace(given_at(self.now, case=(NUMBER, REQUEST)), new_id=lambda n: REQUEST)
        try:
            made: Sequence[Any] = list(mediation_request.decide(self.state, command, knows))
        except Refused:
            return
        for fact in made:
            self.state = mediation_request.evolve(self.state, fact)
            mediation_request.timers(self.state, fact, knows)
        self.facts += made

    @rule(days=st.sampled_from([1, 5, 9]))
    def time_goes_by(self, days):
        self.now += timedelta(days=days)

    @rule(ago=days_ago)
    def ask(self, ago):
        self.wish(replace(EXAMPLES[RequestMediation], on=self.now.date() - timedelta(days=ago)))

    @rule(ago=days_ago)
    def turn(self, ago):
        self.wish(replace(EXAMPLES[TurnIntoCase], on=self.now.date() - timedelta(days=ago)))

    @rule(ago=days_ago)
    def answer(self, ago):
        self.wish(replace(EXAMPLES[AnswerRequest], on=self.now.date() - timedelta(days=ago)))

    @rule()
    def clock_strikes(self):
        self.wish(MarkRequestOverdue())

    @rule(wish=corrections(CorrectRequest, RequestField))
    def correct(self, wish):
        self.wish(wish)

    @invariant()
    def all_holds(self):
        """Looked at again only where a wish has made facts: a refusal left everything as it was."""
        if self.looked_at != len(self.facts):
            self.looked_at = len(self.facts)
            self.the_facts_tell_the_same_story_again()
            self.it_is_received_and_dealt_with_once()

    def the_facts_tell_the_same_story_again(self):
        types = service.types
        assert mediation_request.fold(types.decode(types.names[type(one)], encode(one)) for one in self.facts) == self.state

    def it_is_received_and_dealt_with_once(self):
        kinds = [type(one) for one in self.facts]
        assert kinds.count(MediationRequested) <= 1
        assert kinds.count(RequestTurnedIntoCase) + kinds.count(RequestAnswered) <= 1
        assert kinds.count(RequestOverdue) <= 1
        assert bool(mediation_request.waiting(self.state)) is (self.state.stage is RequestStage.RECEIVED)
        if self.facts:
            corrected_rightly(self.facts, RequestField, folded(requests, self.facts, REQUEST)[str(REQUEST)], self.state)


Cases.TestCase.settings = settings(max_examples=150, stateful_step_count=40, deadline=None, derandomize=True)
Requests.TestCase.settings = settings(max_examples=60, stateful_step_count=12, deadline=None, derandomize=True)
TestCases = Cases.TestCase
TestRequests = Requests.TestCase
