"""Whatever is wished of a recommendation, in whatever order: its rules hold, and its facts tell the same story again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.forum.domain import answering, drafting, following
from services.forum.domain.deciding import recommendation
from services.forum.domain.recommendation import RecommendationAcknowledged, RecommendationIssued
from services.forum.domain.terms import (
    CONCLUDED,
    REVIEWS,
    Answer,
    Disposition,
    PlannedAction,
    Progress,
    RecommendationField,
    Status,
)
from services.forum.examples import EXAMPLES
from services.forum.registers.public_recommendations import public_recommendations
from services.forum.registers.recommendations import recommendations
from services.forum.service import service
from shared.decider import Actor
from shared.errors import Refused
from shared.facts import encode
from shared.testing import folded, given_at
from tests.sequences import corrected_rightly, corrections

MEMBERS = tuple(UUID(int=n) for n in range(1, 5))
KNOWN = {one: one != MEMBERS[-1] for one in MEMBERS}
member = st.sampled_from(MEMBERS)
days_ago = st.integers(-1, 9)
source = st.sampled_from([None, EXAMPLES[RecommendationAcknowledged].on_behalf_of])


class Recommendations(RuleBasedStateMachine):
    """One recommendation, and everybody who may wish something of it."""

    def __init__(self) -> None:
        super().__init__()
        self.now = datetime(2026, 1, 5, 5, tzinfo=UTC)
        self.facts: list[Any] = []
        self.looked_at = -1
        self.state = recommendation.initial
        self.acts = 0

    @property
    def today(self) -> date:
        return self.now.date()

    def wish(self, command: Any, by: UUID | None = None) -> None:
        """Decide as the secretariat, or as the people of a member; a refusal changes nothing."""
        self.acts += 1
        actor = Actor("a", frozenset({"member"}), by) if by else Actor("s", frozenset({"secretariat"}))
        known = {"organisations": KNOWN, "basis": frozenset(command.basis) if hasattr(command, "basis") else frozenset()}
        knows = given_at(self.now, actor=actor, **known, commenter=KNOWN.get(by, True), successor="REK/32/2025/0009")
        knows = replace(knows, new_id=lambda n: UUID(int=1000 * self.acts + n))
        try:
            made = list(recommendation.decide(self.state, command, knows))
        except Refused:
            return
        for fact in made:
            self.state = recommendation.evolve(self.state, fact)
            recommendation.timers(self.state, fact, knows)
        self.facts += made

    def on(self, ago: int) -> date:
        return self.today - timedelta(days=ago)

    @initialize(ways=st.integers(0, 6))
    def it_begins(self, ways):
        """Somewhere on its way, or hardly any history would come to its end."""
        way = [
            lambda: (self.draft([MEMBERS[0], MEMBERS[1]], complete=True), self.consult(0)),
            lambda: self.comment(MEMBERS[2], 0),
            lambda: (self.dispose(0, Disposition.TAKEN, None), self.time_goes_by(10)),
            lambda: self.endorse(urgent=False, quorate=True, ago=0),
            lambda: self.issue(0),
            lambda: [self.respond(one, Answer.ACCEPTED, 0, acts=True) for one in MEMBERS[:2]],
        ]
        for step in way[:ways]:
            step()

    @rule(days=st.sampled_from([1, 3, 10, 100, 200]))
    def time_goes_by(self, days):
        self.now += timedelta(days=days)

    @rule(addressees=st.lists(member, unique=True, max_size=3), complete=st.booleans())
    def draft(self, addressees, complete):
        draft = EXAMPLES[drafting.DraftRecommendation]
        self.wish(replace(draft, addressees=tuple(addressees), affairs=draft.affairs if complete else ()))

    @rule(addressees=st.lists(member, unique=True, max_size=3))
    def revise(self, addressees):
        self.wish(replace(EXAMPLES[drafting.ReviseRecommendation], addressees=tuple(addressees)))

    @rule(wish=corrections(drafting.CorrectRecommendation, RecommendationField))
    def correct(self, wish):
        self.wish(wish)

    @rule(ago=days_ago)
    def consult(self, ago):
        self.wish(drafting.OpenConsultation(on=self.on(ago)))

    @rule(who=member, ago=days_ago)
    def comment(self, who, ago):
        self.wish(drafting.CommentDraft(organisation=who, comment="Perjelas tenggatnya.", on=self.on(ago)), by=who)

    @rule(n=st.integers(0, 3), disposition=st.sampled_from(Disposition), reason=st.sampled_from([None, "Sudah termuat."]))
    def dispose(self, n, disposition, reason):
        ids = [*self.state.comments, MEMBERS[0]]
        self.wish(drafting.DisposeComment(comment_id=ids[min(n, len(ids) - 1)], disposition=disposition, reason=reason))

    @rule(urgent=st.booleans(), quorate=st.booleans(), ago=days_ago)
    def endorse(self, urgent, quorate, ago):
        consent = EXAMPLES[RecommendationAcknowledged].on_behalf_of if urgent else None
        wish = drafting.EndorseRecommendation(decision=None if urgent else "4", quorate=quorate, steering_consent=consent)
        self.wish(replace(wish, on=self.on(ago)))

    @rule(ago=days_ago)
    def ratify(self, ago):
        self.wish(drafting.RatifyEndorsement(decision="5", on=self.on(ago)))

    @rule(ago=days_ago)
    def issue(self, ago):
        self.wish(replace(EXAMPLES[answering.IssueRecommendation], on=self.on(ago)))

    @rule()
    def withdraw(self):
        self.wish(drafting.WithdrawRecommendation(reason="Tidak perlu lagi."))

    @rule(who=member, ago=days_ago, behind=source)
    def acknowledge(self, who, ago, behind):
        wish = answering.AcknowledgeRecommendation(addressee=who, on=self.on(ago), on_behalf_of=behind)
        self.wish(wish, by=None if behind else who)

    @rule(who=member, answer=st.sampled_from(Answer), ago=days_ago, acts=st.booleans())
    def respond(self, who, answer, ago, acts):
        actions = (PlannedAction(act="Mengumumkan metode.", due=self.on(-30)),) if acts else ()
        wish = answering.RespondRecommendation(
            addressee=who, answer=answer, reasons="Anggaran.", actions=actions, on=self.on(ago)
        )
        self.wish(wish, by=who)

    @rule(who=member, progress=st.sampled_from(Progress), ago=days_ago, behind=source)
    def report(self, who, progress, ago, behind):
        told = following.ReportImplementation(
            addressee=who, progress=progress, report="Laporan.", evidence=behind, on=self.on(ago)
        )
        self.wish(told, by=who)

    @rule(months=st.sampled_from([6, 7, 12]), ago=days_ago)
    def review(self, months, ago):
        self.wish(following.ReviewOutcome(months=months, sustained=True, change="Turun.", lesson="Umumkan.", on=self.on(ago)))

    @rule(n=st.integers(0, 5))
    def somebody_does_what_is_waited_for(self, n):
        """So that histories come to their end, too."""
        waits = [one for one in recommendation.waiting(self.state) if one.what is not drafting.CommentDraft]
        if not waits:
            return
        wait = waits[n % len(waits)]
        self.now = max(self.now, datetime.combine(wait.due, self.now.time(), UTC)) if wait.due else self.now
        wish = EXAMPLES[wait.what]
        if hasattr(wish, "on"):
            wish = replace(wish, on=None)
        changes: dict[type, dict[str, Any]] = {
            drafting.DisposeComment: {"comment_id": next(iter(self.state.undisposed), None)},
            answering.RespondRecommendation: {"actions": (PlannedAction(act="Mengumumkan metode.", due=self.today),)},
            following.ReviewOutcome: {"months": next((m for m in REVIEWS if m not in self.state.reviews), 6)},
        }
        if wait.organisation:
            wish = replace(wish, addressee=wait.organisation)
        self.wish(replace(wish, **changes.get(wait.what, {})))

    @rule(months=st.sampled_from(REVIEWS))
    def clocks_strike(self, months):
        for strike in (
            answering.MarkAcknowledgementMissed(),
            answering.MarkResponseMissed(),
            following.MarkReviewDue(months=months),
        ):
            self.wish(strike)

    @rule(who=member, successor=st.one_of(st.none(), member))
    def replace_addressee(self, who, successor):
        self.wish(following.ReplaceAddressee(addressee=who, successor=successor))

    @rule(n=st.integers(0, 9))
    def supersede(self, n):
        if n == 0:  # seldom, or nothing else would ever be reached
            self.wish(following.SupersedeRecommendation(by=MEMBERS[0], reason="Naskah baru."))

    @invariant()
    def all_holds(self):
        """Looked at again only where a wish has made facts: a refusal left everything as it was."""
        if self.looked_at != len(self.facts):
            self.looked_at = len(self.facts)
            self.the_facts_tell_the_same_story_again()
            self.the_registers_say_what_the_state_says()
            self.nothing_is_endorsed_that_is_open()
            self.the_issued_text_is_the_endorsed_one()
            self.only_addressees_have_spoken_and_each_concluded_what_it_promised()
            self.somebody_is_waited_for_unless_it_has_ended()

    def the_facts_tell_the_same_story_again(self):
        types = service.types
        read = [types.decode(types.names[type(one)], encode(one)) for one in self.facts]
        assert recommendation.fold(read) == self.state

    def the_registers_say_what_the_state_says(self):
        for register in service.own_registers:
            rows = folded(register, self.facts, self.state.id)
            if self.facts and register is recommendations:
                assert rows[str(self.state.id)].status is self.state.status
                corrected_rightly(self.facts, RecommendationField, rows[str(self.state.id)], self.state.content)
            if self.state.is_out and register is public_recommendations:
                assert rows[str(self.state.id)].status is self.state.status
                assert rows[str(self.state.id)].addressees == self.state.addressees

    def nothing_is_endorsed_that_is_open(self):
        if self.state.endorsed_on > date.min:
            assert self.state.content.addressees
            assert self.state.content.affairs
            assert not self.state.undisposed

    def the_issued_text_is_the_endorsed_one(self):
        (issued,) = [one for one in self.facts if isinstance(one, RecommendationIssued)] or (None,)
        if issued:
            assert issued.text == self.state.content.text
            assert issued.on >= self.state.endorsed_on

    def only_addressees_have_spoken_and_each_concluded_what_it_promised(self):
        state = self.state
        assert set(state.acknowledged) | set(state.responses) | set(state.reports) <= set(state.addressees)
        assert set(state.responses) <= set(state.acknowledged)
        assert set(state.reports) <= set(state.responses)
        if state.concluded_on:
            assert not state.following
            assert any(one.progress in CONCLUDED for one in state.reports.values())
        assert not state.reviews or state.concluded_on or not state.is_out

    def somebody_is_waited_for_unless_it_has_ended(self):
        waits = recommendation.waiting(self.state)
        if self.state.status in (Status.WITHDRAWN, Status.SUPERSEDED):
            assert waits == ()
        if self.state.status in (Status.DRAFTED, Status.IN_CONSULTATION, Status.ENDORSED):
            assert waits
        assert all(one.organisation in self.state.addressees for one in waits if one.who == "addressee")


Recommendations.TestCase.settings = settings(max_examples=100, stateful_step_count=40, deadline=None, derandomize=True)
TestRecommendations = Recommendations.TestCase
