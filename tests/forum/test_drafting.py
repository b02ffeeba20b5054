"""A draft: laid before the members, commented on, every comment answered, then endorsed, or given up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from services.forum.domain.deciding import recommendation
from services.forum.domain.drafting import (
    CommentDraft,
    DisposeComment,
    DraftRecommendation,
    EndorseRecommendation,
    OpenConsultation,
    RatifyEndorsement,
    ReviseRecommendation,
    WithdrawRecommendation,
)
from services.forum.domain.recommendation import (
    CommentDisposed,
    ConsultationOpened,
    DraftCommented,
    EndorsementRatified,
    RecommendationDrafted,
    RecommendationEndorsed,
    RecommendationIssued,
    RecommendationWithdrawn,
)
from services.forum.domain.terms import Basis, BasisKind, Disposition, Source
from services.forum.examples import COMMENT, EXAMPLES, FINANCE, PLANNING
from shared.decider import Actor
from shared.testing import Story

DRAFTED: RecommendationDrafted = EXAMPLES[RecommendationDrafted]
OPENED: ConsultationOpened = EXAMPLES[ConsultationOpened]
COMMENTED: DraftCommented = EXAMPLES[DraftCommented]
DISPOSED: CommentDisposed = EXAMPLES[CommentDisposed]
ENDORSED: RecommendationEndorsed = EXAMPLES[RecommendationEndorsed]
OPEN_IT: OpenConsultation = EXAMPLES[OpenConsultation]
SAY: CommentDraft = EXAMPLES[CommentDraft]
DISPOSE: DisposeComment = EXAMPLES[DisposeComment]
ENDORSE: EndorseRecommendation = EXAMPLES[EndorseRecommendation]
RATIFY: RatifyEndorsement = EXAMPLES[RatifyEndorsement]
WITHDRAW: WithdrawRecommendation = EXAMPLES[WithdrawRecommendation]
CONSENT = Source(number="12/TP/2025", date=date(2025, 6, 3), sender="Tim pengarah")
URGENT = replace(ENDORSED, decision=None, steering_consent=CONSENT, on=date(2025, 6, 3))

BY_FINANCE = Actor("bpkad", frozenset({"member"}), FINANCE)
NEW = Story(recommendation).knowing(commenter=True)
DRAFT = NEW.given(DRAFTED)
CONSULTED = DRAFT.given(OPENED)
SAID = CONSULTED.given(COMMENTED)
GIVEN_UP = DRAFT.given(EXAMPLES[RecommendationWithdrawn])


def test_whoever_drafts_is_remembered():
    known = {"organisations": {PLANNING: True}, "basis": frozenset({Basis(kind=BasisKind.CASE, ref="MED/32/2025/0001")})}
    drafting = Story(recommendation).knowing(actor=BY_FINANCE, **known)
    (drafted,) = drafting.when(EXAMPLES[DraftRecommendation]).outcome
    assert drafted.drafted_by == FINANCE
    anew = drafting.given(drafted).knowing(**known).when(replace(EXAMPLES[ReviseRecommendation], area_codes=()))
    assert anew.outcome[0].drafted_by == FINANCE


# --- consultation -------------------------------------------------------------------------------------------------


def test_the_members_have_five_working_days():
    DRAFT.when(OPEN_IT).then(OPENED)
    assert OPENED.closes_on == date(2025, 6, 9)


def test_only_a_complete_draft_is_laid_before_the_members():
    NEW.given(replace(DRAFTED, addressees=())).when(OPEN_IT).refused("addressees-missing", 422)
    NEW.given(replace(DRAFTED, affairs=())).when(OPEN_IT).refused("affairs-missing", 422)


def test_a_consultation_is_opened_once_and_not_ahead_of_time():
    CONSULTED.when(OPEN_IT).refused("consultation-already-open", 409)
    DRAFT.when(replace(OPEN_IT, on=date(2025, 6, 11))).refused("happens-in-the-future")
    NEW.when(OPEN_IT).refused("recommendation-not-drafted", 409)


def test_a_draft_in_consultation_may_change_but_not_lose_what_it_names():
    revise: ReviseRecommendation = EXAMPLES[ReviseRecommendation]
    CONSULTED.when(replace(revise, addressees=())).refused("addressees-missing")
    CONSULTED.when(replace(revise, affairs=())).refused("affairs-missing")
    knows = {"organisations": {PLANNING: True}, "basis": frozenset(revise.basis)}
    anew = CONSULTED.knowing(**knows).when(replace(revise, text="Selenggarakan konsultasi publik kedua."))
    assert anew.outcome == [replace(DRAFTED, text="Selenggarakan konsultasi publik kedua.")]


def test_a_member_comments():
    by_itself = CONSULTED.knowing(actor=BY_FINANCE, commenter=True)
    new = replace(COMMENTED, comment_id=by_itself.knows.new_id(0))
    by_itself.when(replace(SAY, on_behalf_of=None)).then(replace(new, on_behalf_of=None))
    CONSULTED.when(SAY).then(new)


def test_the_secretariat_enters_a_comment_from_a_letter_only():
    CONSULTED.when(replace(SAY, on_behalf_of=None)).refused("source-missing")


def test_nobody_comments_for_another_member():
    by_another = CONSULTED.knowing(actor=Actor("bappeda", frozenset({"member"}), PLANNING), commenter=True)
    by_another.when(replace(SAY, on_behalf_of=None)).refused("not-your-organisation", 422)


def test_only_active_members_comment():
    CONSULTED.knowing(commenter=None).when(SAY).refused("unknown-member", 422)
    CONSULTED.knowing(commenter=False).when(SAY).refused("member-not-active", 422)


@pytest.mark.parametrize("story", [NEW, DRAFT, CONSULTED.given(ENDORSED), GIVEN_UP])
def test_there_is_nothing_to_comment_on_outside_a_consultation(story):
    story.when(SAY).refused("consultation-not-open", 409)


def test_a_comment_comes_within_the_days_of_the_consultation_whenever_it_is_entered():
    CONSULTED.when(replace(SAY, on=date(2025, 6, 1))).refused("commented-before-opened")
    CONSULTED.when(replace(SAY, on=date(2025, 6, 10))).refused("consultation-over")
    assert CONSULTED.when(replace(SAY, on=OPENED.closes_on)).outcome[0].on == OPENED.closes_on
    assert CONSULTED.when(replace(SAY, on=OPENED.on)).outcome[0].on == OPENED.on


# --- dispositions -------------------------------------------------------------------------------------------------


def test_it_is_said_what_becomes_of_a_comment():
    SAID.when(DISPOSE).then(DISPOSED)
    SAID.given(DISPOSED).when(DISPOSE).then_nothing()


def test_a_disposition_may_be_thought_over():
    taken = DisposeComment(comment_id=COMMENT, disposition=Disposition.TAKEN)
    SAID.given(DISPOSED).when(taken).then(replace(DISPOSED, disposition=Disposition.TAKEN, reason=None))


def test_what_is_not_taken_has_a_reason():
    for disposition in (Disposition.PARTLY, Disposition.NOT_TAKEN):
        SAID.when(DisposeComment(comment_id=COMMENT, disposition=disposition)).refused("reasons-missing")


def test_only_what_was_commented_is_disposed():
    SAID.when(replace(DISPOSE, comment_id=PLANNING)).refused("unknown-comment", 422)
    CONSULTED.when(DISPOSE).refused("nothing-was-commented", 409)
    SAID.given(DISPOSED, ENDORSED).when(DISPOSE).refused("text-already-endorsed", 409)
    NEW.when(DISPOSE).refused("recommendation-not-drafted", 409)


# --- endorsement --------------------------------------------------------------------------------------------------


def test_a_comment_without_disposition_holds_the_endorsement_up():
    SAID.when(ENDORSE).refused("comment-without-disposition", 422)
    SAID.when(EndorseRecommendation(steering_consent=CONSENT)).refused("comment-without-disposition", 422)
    SAID.given(DISPOSED).when(ENDORSE).then(ENDORSED)


def test_a_meeting_endorses_after_the_consultation_only():
    DRAFT.when(ENDORSE).refused("consultation-not-held", 422)
    CONSULTED.when(replace(ENDORSE, on=OPENED.closes_on)).refused("consultation-still-open", 422)


def test_a_meeting_without_quorum_decides_nothing():
    CONSULTED.when(replace(ENDORSE, quorate=False)).refused("meeting-without-quorum", 422)
    CONSULTED.given(URGENT).when(replace(RATIFY, quorate=False)).refused("meeting-without-quorum", 422)


def test_the_urgent_way_waits_for_no_consultation_but_for_its_ratification():
    urgent = EndorseRecommendation(steering_consent=CONSENT, on=date(2025, 6, 3))
    DRAFT.when(urgent).then(URGENT)
    CONSULTED.when(urgent).then(URGENT)
    ratified: EndorsementRatified = EXAMPLES[EndorsementRatified]
    DRAFT.given(URGENT).when(RATIFY).then(ratified)
    issued: RecommendationIssued = EXAMPLES[RecommendationIssued]
    DRAFT.given(URGENT, issued).when(RATIFY).then(ratified)
    DRAFT.given(URGENT, issued, ratified).when(RATIFY).refused("nothing-to-ratify", 409)


def test_nothing_else_is_ratified():
    CONSULTED.given(ENDORSED).when(RATIFY).refused("nothing-to-ratify", 409)
    DRAFT.when(RATIFY).refused("nothing-to-ratify", 409)
    DRAFT.given(URGENT, EXAMPLES[RecommendationWithdrawn]).when(RATIFY).refused("nothing-to-ratify", 409)


def test_a_ratification_follows_what_it_ratifies():
    DRAFT.given(URGENT).when(replace(RATIFY, on=date(2025, 6, 2))).refused("ratified-before-endorsed")
    DRAFT.given(URGENT).when(replace(RATIFY, on=date(2025, 6, 11))).refused("happens-in-the-future")


# --- withdrawal ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("story", [DRAFT, CONSULTED, CONSULTED.given(ENDORSED)])
def test_until_its_issue_a_recommendation_may_be_given_up(story):
    story.when(WITHDRAW).then(EXAMPLES[RecommendationWithdrawn])


def test_what_was_given_up_is_over():
    for wish in (WITHDRAW, OPEN_IT, ENDORSE, DISPOSE, EXAMPLES[ReviseRecommendation]):
        GIVEN_UP.when(wish).refused("recommendation-withdrawn", 409)


def test_what_was_issued_cannot_be_given_up():
    out = CONSULTED.given(ENDORSED, EXAMPLES[RecommendationIssued])
    out.when(WITHDRAW).refused("recommendation-already-issued", 409)
    NEW.when(WITHDRAW).refused("recommendation-not-drafted", 409)
    DRAFT.when(replace(WITHDRAW, on=date(2025, 6, 11))).refused("happens-in-the-future")
