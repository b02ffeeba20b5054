"""A recommendation: drafted, endorsed, issued, acknowledged in time or not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from services.forum.domain.answering import (
    AcknowledgeRecommendation,
    IssueRecommendation,
    MarkAcknowledgementMissed,
    MarkResponseMissed,
)
from services.forum.domain.deciding import ACKNOWLEDGEMENT_DUE, RESPONSE_DUE, recommendation
from services.forum.domain.drafting import DraftRecommendation, EndorseRecommendation, ReviseRecommendation
from services.forum.domain.recommendation import (
    AcknowledgementMissed,
    ConsultationOpened,
    RecommendationAcknowledged,
    RecommendationDrafted,
    RecommendationEndorsed,
    RecommendationIssued,
)
from services.forum.domain.terms import Affair, Basis, BasisKind, Source, hash_of
from services.forum.examples import DECISION, EXAMPLES, FINANCE, PLANNING, RECEIPT, RECOMMENDATION
from shared.decider import Actor, Ended, Timer
from shared.facts import numbered
from shared.testing import NOON, MondayToFriday, Story

CASE_NUMBER = "MED/32/2025/0001"
LEFT = UUID("00000000-0000-4000-8000-000000000109")
KNOWN = {
    "organisations": {PLANNING: True, FINANCE: True, LEFT: False},
    "basis": frozenset({Basis(kind=BasisKind.CASE, ref=CASE_NUMBER)}),
}

DRAFT: DraftRecommendation = EXAMPLES[DraftRecommendation]
REVISE: ReviseRecommendation = EXAMPLES[ReviseRecommendation]
ENDORSE: EndorseRecommendation = EXAMPLES[EndorseRecommendation]
ISSUE: IssueRecommendation = EXAMPLES[IssueRecommendation]
ACKNOWLEDGE: AcknowledgeRecommendation = EXAMPLES[AcknowledgeRecommendation]
DRAFTED: RecommendationDrafted = EXAMPLES[RecommendationDrafted]
ENDORSED: RecommendationEndorsed = EXAMPLES[RecommendationEndorsed]
ISSUED: RecommendationIssued = EXAMPLES[RecommendationIssued]
ACKNOWLEDGED: RecommendationAcknowledged = EXAMPLES[RecommendationAcknowledged]
MISSED: AcknowledgementMissed = EXAMPLES[AcknowledgementMissed]

NEW = Story(recommendation).knowing(**KNOWN)
OPEN = NEW.given(DRAFTED)
CONSULTED = OPEN.given(EXAMPLES[ConsultationOpened])
READY = CONSULTED.given(ENDORSED)
NEXT_DAY = NOON + timedelta(days=1)
OUT = READY.given(ISSUED).knowing(NEXT_DAY)
LATER = datetime(2025, 6, 14, tzinfo=UTC)  # the morning after the three working days
TWO = (PLANNING, FINANCE)
TO_TWO = (replace(DRAFTED, addressees=TWO), EXAMPLES[ConsultationOpened], ENDORSED, replace(ISSUED, addressees=TWO))


def by_letter(addressee: UUID = PLANNING) -> RecommendationAcknowledged:
    return replace(ACKNOWLEDGED, addressee=addressee)


# --- drafting -----------------------------------------------------------------------------------------------------


def test_a_recommendation_is_drafted():
    NEW.when(DRAFT).then(replace(DRAFTED, recommendation_id=NEW.knows.new_id(0)))


def test_whom_it_addresses_may_still_be_open():
    (drafted,) = NEW.when(replace(DRAFT, addressees=(), affairs=(), area_codes=())).outcome
    assert (drafted.addressees, drafted.affairs, drafted.area_codes) == ((), (), ())


def test_a_recommendation_is_drafted_once():
    OPEN.when(DRAFT).refused("recommendation-already-drafted", 409)


@pytest.mark.parametrize("wish", [DRAFT, REVISE], ids=["draft", "revise"])
def test_what_a_draft_names_must_be_known(wish):
    story = NEW if wish is DRAFT else OPEN
    case = Basis(kind=BasisKind.CASE, ref="MED/32/2025/0009")
    advocacy = Basis(kind=BasisKind.ADVOCACY, ref="ADV/32/2025/0009")
    story.when(replace(wish, basis=(*wish.basis, case))).refused("unknown-case", 422)
    story.when(replace(wish, basis=(*wish.basis, advocacy))).refused("unknown-advocacy", 422)
    story.when(replace(wish, addressees=(RECOMMENDATION,))).refused("unknown-member", 422)
    story.when(replace(wish, addressees=(LEFT,))).refused("member-has-left", 422)


@pytest.mark.parametrize("kind", [BasisKind.DECISION, BasisKind.FINDING, BasisKind.THEME])
def test_decisions_findings_and_themes_are_taken_at_their_word(kind):
    assert NEW.when(replace(DRAFT, basis=(Basis(kind=kind, ref="12"),))).outcome[0].basis[0].kind is kind


@pytest.mark.parametrize("named", ["basis", "addressees", "affairs", "area_codes"])
def test_each_thing_is_named_once(named):
    twice = getattr(DRAFT, named) * 2
    NEW.when(replace(DRAFT, **{named: twice})).refused("named-twice")


def test_a_recommendation_stays_in_the_province():
    NEW.when(replace(DRAFT, area_codes=("32.04", "36.71"))).refused("not-an-area-of-the-province")


def test_a_draft_is_written_anew():
    wish = replace(REVISE, text="Selenggarakan konsultasi publik kedua.", affairs=(Affair.A5,))
    OPEN.when(wish).then(replace(DRAFTED, text=wish.text, affairs=wish.affairs))


def test_the_same_words_again_are_nothing_new():
    OPEN.when(REVISE).then_nothing()


def test_there_is_no_draft_to_write_anew():
    NEW.when(REVISE).refused("recommendation-not-drafted", 409)


# --- endorsing ----------------------------------------------------------------------------------------------------


def test_the_chair_endorses_on_a_decision():
    CONSULTED.when(ENDORSE).then(ENDORSED)


def test_the_chair_endorses_urgently_with_the_steering_teams_consent():
    consent = Source(number="12/TP/2025", date=date(2025, 6, 9), sender="Tim pengarah")
    wish = EndorseRecommendation(steering_consent=consent, on=date(2025, 6, 9))
    OPEN.when(wish).then(replace(ENDORSED, decision=None, steering_consent=consent, on=date(2025, 6, 9)))


def test_an_endorsement_has_exactly_one_ground():
    consent = Source(number="12/TP/2025", date=date(2025, 6, 9), sender="Tim pengarah")
    CONSULTED.when(EndorseRecommendation()).refused("endorsement-needs-one-ground")
    CONSULTED.when(EndorseRecommendation(decision=DECISION, steering_consent=consent)).refused("endorsement-needs-one-ground")


def test_what_is_endorsed_names_its_addressees_and_affairs():
    """Afterwards nothing can be filled in any more."""
    NEW.given(replace(DRAFTED, addressees=())).when(ENDORSE).refused("addressees-missing", 422)
    NEW.given(replace(DRAFTED, affairs=())).when(ENDORSE).refused("affairs-missing", 422)


def test_nothing_is_endorsed_ahead_of_time():
    ahead = Source(number="12/TP/2025", date=date(2025, 6, 11), sender="Tim pengarah")
    CONSULTED.when(replace(ENDORSE, on=date(2025, 6, 11))).refused("happens-in-the-future")
    OPEN.when(EndorseRecommendation(steering_consent=ahead)).refused("happens-in-the-future")


def test_an_endorsed_text_cannot_change():
    READY.when(REVISE).refused("text-already-endorsed", 409)
    READY.when(ENDORSE).refused("text-already-endorsed", 409)
    OUT.when(REVISE).refused("text-already-endorsed", 409)


def test_there_is_nothing_to_endorse():
    NEW.when(ENDORSE).refused("recommendation-not-drafted", 409)


# --- issuing ------------------------------------------------------------------------------------------------------


def test_the_chair_issues_what_was_endorsed():
    READY.when(ISSUE).then(replace(ISSUED, number=numbered("REK", 2025)))


def test_answers_are_due_after_fourteen_working_days():
    """A holiday among them moves the day: from 10 June 2025 it is 30 June, and 1 July when 27 June is a holiday."""

    class WithHoliday(MondayToFriday):
        def after(self, day: date, working_days: int) -> date:
            while working_days:
                day += timedelta(days=1)
                working_days -= day.weekday() < 5 and day != date(2025, 6, 27)
            return day

    assert READY.when(ISSUE).outcome[0].response_due == date(2025, 6, 30)
    holiday = replace(READY, knows=replace(READY.knows, workdays=WithHoliday()))
    assert holiday.when(ISSUE).outcome[0].response_due == date(2025, 7, 1)


def test_it_is_not_issued_before_its_endorsement_nor_ahead_of_time():
    READY.when(replace(ISSUE, on=date(2025, 6, 9))).refused("issued-before-endorsed")
    READY.when(replace(ISSUE, on=date(2025, 6, 11))).refused("happens-in-the-future")


def test_its_days_run_from_the_day_of_the_paper():
    later = READY.knowing(NOON + timedelta(days=9))
    assert later.when(ISSUE).outcome[0].response_due == ISSUED.response_due
    assert later.when(replace(ISSUE, on=None)).outcome[0].on == date(2025, 6, 19)


def test_only_what_was_endorsed_is_issued():
    OPEN.when(ISSUE).refused("recommendation-not-endorsed", 409)
    NEW.when(ISSUE).refused("recommendation-not-endorsed", 409)


def test_a_recommendation_is_issued_once():
    OUT.when(ISSUE).refused("recommendation-already-issued", 409)


def test_the_need_lies_in_the_province():
    criteria = replace(ISSUE.criteria, need=replace(ISSUE.criteria.need, area_code="36.71"))
    READY.when(IssueRecommendation(criteria=criteria)).refused("not-an-area-of-the-province")


def test_the_hash_tells_another_document():
    other = replace(ISSUE.criteria, need=replace(ISSUE.criteria.need, target="Turun sepertiga"))
    assert READY.when(IssueRecommendation(criteria=other)).outcome[0].document_hash != ISSUED.document_hash


def test_the_hash_is_the_one_that_anybody_can_work_out():
    """Printed by `sha256sum` over `{"a":"é","b":1}`: sorted keys, no blanks, UTF-8."""
    assert hash_of({"b": 1, "a": "é"}) == "aa58fba8483623bed37c1b02edfccbdd9a53123837c20bfa4cb4049993a2872e"


# --- acknowledging ------------------------------------------------------------------------------------------------


def test_an_addressee_acknowledges():
    by_itself = OUT.knowing(NEXT_DAY, actor=Actor("bappeda", frozenset({"member"}), PLANNING))
    by_itself.when(replace(ACKNOWLEDGE, on_behalf_of=None)).then(replace(ACKNOWLEDGED, on_behalf_of=None))


def test_nobody_acknowledges_for_another_organisation():
    by_another = NEW.given(*TO_TWO).knowing(NEXT_DAY, actor=Actor("bpkad", frozenset({"member"}), FINANCE))
    by_another.when(replace(ACKNOWLEDGE, on_behalf_of=None)).refused("not-your-organisation", 422)


def test_the_secretariat_enters_an_acknowledgement_from_a_letter_only():
    OUT.when(ACKNOWLEDGE).then(ACKNOWLEDGED)
    OUT.when(replace(ACKNOWLEDGE, on_behalf_of=None)).refused("source-missing")


def test_the_letter_is_not_dated_ahead():
    letter = replace(RECEIPT, date=date(2025, 6, 12))
    OUT.when(replace(ACKNOWLEDGE, on_behalf_of=letter)).refused("happens-in-the-future")


def test_it_may_be_acknowledged_on_the_day_of_its_issue():
    OUT.when(replace(ACKNOWLEDGE, on=date(2025, 6, 10))).then(replace(ACKNOWLEDGED, on=date(2025, 6, 10)))


def test_a_member_does_not_enter_anothers_letter():
    by_a_member = OUT.knowing(NEXT_DAY, actor=Actor("bappeda", frozenset({"member"}), PLANNING))
    by_a_member.when(ACKNOWLEDGE).refused("only-secretariat-enters-for-others")


def test_only_addressees_acknowledge():
    OUT.when(replace(ACKNOWLEDGE, addressee=FINANCE)).refused("not-an-addressee")


def test_acknowledging_twice_is_acknowledging_once():
    NEW.given(*TO_TWO, ACKNOWLEDGED).when(ACKNOWLEDGE).then_nothing()
    OUT.given(ACKNOWLEDGED).when(ACKNOWLEDGE).then_nothing()


def test_when_all_have_acknowledged_nobody_else_can():
    OUT.given(ACKNOWLEDGED).when(replace(ACKNOWLEDGE, addressee=FINANCE)).refused("all-have-acknowledged", 409)


def test_nobody_acknowledges_what_is_not_issued():
    READY.when(ACKNOWLEDGE).refused("recommendation-not-issued", 409)


def test_nobody_acknowledges_ahead_of_time_or_before_the_issue():
    OUT.when(replace(ACKNOWLEDGE, on=date(2025, 6, 12))).refused("happens-in-the-future")
    OUT.when(replace(ACKNOWLEDGE, on=date(2025, 6, 9))).refused("answered-before-issued")


# --- the clock ----------------------------------------------------------------------------------------------------


def test_issuing_starts_the_days_for_acknowledging():
    """Three working days, over at the end of the third in every zone of Indonesia (UTC+7 to UTC+9)."""
    assert list(recommendation.timers(OUT.state, ISSUED, OUT.knows)) == [
        Timer(ACKNOWLEDGEMENT_DUE, datetime(2025, 6, 14, tzinfo=UTC), MarkAcknowledgementMissed()),
        Timer(RESPONSE_DUE, datetime(2025, 7, 1, tzinfo=UTC), MarkResponseMissed()),
    ]
    assert (ISSUED.acknowledge_by, ISSUED.response_due) == (date(2025, 6, 13), date(2025, 6, 30))


def test_what_was_issued_long_ago_is_not_missed_before_its_answers_can_be_entered():
    """Entered in September, the days of June were over: what came in time is entered first, on the same day."""
    entered = OUT.knowing(datetime(2025, 9, 1, 3, tzinfo=UTC))
    assert {timer.due for timer in recommendation.timers(OUT.state, ISSUED, entered.knows)} == {datetime(2025, 9, 2, tzinfo=UTC)}


def test_the_last_acknowledgement_ends_them():
    first, second = NEW.given(*TO_TWO, by_letter()), NEW.given(*TO_TWO, by_letter(), by_letter(FINANCE))
    assert list(recommendation.timers(first.state, by_letter(), NEW.knows)) == []
    assert list(recommendation.timers(second.state, by_letter(FINANCE), NEW.knows)) == [Ended(ACKNOWLEDGEMENT_DUE)]


def test_a_timer_that_has_fired_is_not_ended():
    late = OUT.given(MISSED, ACKNOWLEDGED)
    assert list(recommendation.timers(late.state, ACKNOWLEDGED, NEW.knows)) == []


@pytest.mark.parametrize("fact", [DRAFTED, ENDORSED, MISSED])
def test_nothing_else_starts_or_ends_a_day(fact):
    assert list(recommendation.timers(OUT.state, fact, NEW.knows)) == []


def test_the_command_of_the_timer_can_be_decided_when_it_is_due():
    timer, _ = recommendation.timers(OUT.state, ISSUED, OUT.knows)
    OUT.knowing(timer.due).when(timer.command).then(MISSED)


def test_only_the_silent_have_missed_it():
    NEW.given(*TO_TWO, by_letter()).knowing(LATER).when(MarkAcknowledgementMissed()).then(replace(MISSED, silent=(FINANCE,)))


def test_nobody_has_missed_what_all_have_acknowledged():
    OUT.given(ACKNOWLEDGED).knowing(LATER).when(MarkAcknowledgementMissed()).then_nothing()


def test_a_miss_is_said_once():
    OUT.given(MISSED).knowing(LATER).when(MarkAcknowledgementMissed()).then_nothing()


def test_the_day_must_be_over():
    OUT.knowing(datetime(2025, 6, 13, 16, 59, tzinfo=UTC)).when(MarkAcknowledgementMissed()).refused(
        "acknowledgement-not-yet-due"
    )


def test_nothing_is_missed_before_the_issue():
    READY.when(MarkAcknowledgementMissed()).refused("recommendation-not-issued", 409)


def test_late_is_better_than_never():
    OUT.given(MISSED).when(ACKNOWLEDGE).then(ACKNOWLEDGED)


def test_a_recommendation_knows_only_its_own_commands():
    with pytest.raises(TypeError):
        recommendation.decide(recommendation.initial, object(), NEW.knows)
