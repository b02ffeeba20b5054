"""What happens to a raised advocacy until it ends: leads, supporters, evidence, positions, answers, scores, requests."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from services.advocacy.domain.advocacy import RecommendationRequested
from services.advocacy.domain.concluding import ConcludeAdvocacy, WithdrawAdvocacy
from services.advocacy.domain.deciding import advocacy
from services.advocacy.domain.proposing import ApproveAdvocacy, RaiseAdvocacy, ResubmitProposal
from services.advocacy.domain.pursuing import (
    AddSupporter,
    AssessGovernance,
    AssignLead,
    AttachEvidence,
    LinkPolicy,
    PublishPosition,
    RecordEngagement,
    RecordTargetResponse,
    RequestRecommendation,
    VacateLead,
)
from services.advocacy.domain.terms import Answer, Branch, Classification, Kind, Score
from services.advocacy.examples import ANSWER_LETTER, EVIDENCE, EXAMPLES, HEALTH, HOUSING, PAPER, PLANNING
from shared.decider import Actor, Waits
from shared.testing import given_at
from tests.advocacy.walk import (
    APPROVED,
    ASSESSED,
    ASSIGNED,
    ATTACHED,
    CONCLUDED,
    DISPERKIM,
    INVENTORY,
    KNOWN,
    LEAD,
    LINKED,
    PROPOSED,
    PUBLISHED,
    RESPONDED,
    SECOND,
    STAFF,
    SUPPORTED,
    TARGET,
    VACATED,
    approved,
    concluded,
    dismissed,
    nothing,
    of_kind,
    past,
    proposed,
    raised,
    returned,
    under_way,
    withdrawn,
)

ASSIGN, VACATE, SUPPORT = EXAMPLES[AssignLead], EXAMPLES[VacateLead], EXAMPLES[AddSupporter]
LINK, ATTACH, PUBLISH = EXAMPLES[LinkPolicy], EXAMPLES[AttachEvidence], EXAMPLES[PublishPosition]
RESPOND, ASK = EXAMPLES[RecordTargetResponse], EXAMPLES[RequestRecommendation]
HAS_EVIDENCE = past(type(ATTACHED), evidence_id=EVIDENCE)
ASSESS, ENGAGE, WITHDRAW = EXAMPLES[AssessGovernance], EXAMPLES[RecordEngagement], EXAMPLES[WithdrawAdvocacy]
FIRST_LOOK = AssessGovernance(pro_poor=Score(points=1), openness=Score(points=0), accountability=Score(points=4))
TOMORROW = date(2025, 6, 11)
AT_WORK, ELSEWHERE = [raised, under_way], [nothing, proposed, returned, dismissed, approved, concluded, withdrawn]


@pytest.mark.parametrize("story", ELSEWHERE)
@pytest.mark.parametrize(
    "wish", [ASSIGN, SUPPORT, LINK, PUBLISH, RESPOND, EXAMPLES[RecordEngagement], EXAMPLES[WithdrawAdvocacy]]
)
def test_only_what_is_raised_and_not_over_is_worked_on(story, wish):
    story.when(wish).refused("not-raised", 409)


# --- the lead -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("story", AT_WORK)
def test_another_member_leads(story):
    story.when(ASSIGN).then(ASSIGNED)
    story.given(ASSIGNED).when(ASSIGN).then_nothing()


def test_the_lead_is_an_active_member_and_not_the_target():
    raised.knowing(**{**KNOWN, "lead": None}).when(ASSIGN).refused("unknown-member", 422)
    raised.knowing(**{**KNOWN, "lead": replace(DISPERKIM, active=False)}).when(ASSIGN).refused("member-not-active", 422)
    raised.when(AssignLead(lead_id=TARGET.organisation_id)).refused("lead-is-target", 422)


@pytest.mark.parametrize("story", AT_WORK)
def test_a_lead_that_is_gone_is_missed(story):
    story.when(VACATE).then(VACATED)
    assert story.given(VACATED).state.lead_vacant
    assert not story.given(VACATED, ASSIGNED).state.lead_vacant


def test_the_lead_that_was_missed_may_be_the_next_one_again():
    """Reinstated, for example."""
    raised.given(VACATED).when(AssignLead(lead_id=PLANNING)).then(replace(ASSIGNED, lead_id=PLANNING))


def test_nobody_misses_who_does_not_lead_or_what_is_over():
    raised.when(replace(VACATE, member_id=HEALTH)).then_nothing()
    raised.given(VACATED).when(VACATE).then_nothing()
    raised.given(ASSIGNED).when(VACATE).then_nothing()
    for story in ELSEWHERE:
        story.when(VACATE).then_nothing()


# --- supporters, evidence, policy ---------------------------------------------------------------------------------


@pytest.mark.parametrize("story", AT_WORK)
def test_members_stand_behind_an_advocacy_once(story):
    story.when(SUPPORT).then(SUPPORTED)
    story.given(SUPPORTED).when(SUPPORT).then_nothing()


def test_a_member_supports_for_itself_only():
    raised.knowing(actor=STAFF, **KNOWN).when(SUPPORT).then(SUPPORTED)
    raised.knowing(actor=LEAD, **KNOWN).when(SUPPORT).refused("not-your-organisation", 403)


def test_a_supporter_is_an_active_member_that_neither_leads_nor_is_moved():
    raised.knowing(**{**KNOWN, "supporter": None}).when(SUPPORT).refused("unknown-member", 422)
    resting = replace(KNOWN["supporter"], active=False)
    raised.knowing(**{**KNOWN, "supporter": resting}).when(SUPPORT).refused("member-not-active", 422)
    for one in (PLANNING, TARGET.organisation_id):
        raised.when(AddSupporter(member_id=one)).refused("supporter-is-lead-or-target", 422)


@pytest.mark.parametrize("story", [proposed, returned, approved, raised, under_way])
def test_evidence_is_attached_from_the_proposal_on(story):
    story.when(ATTACH).then(ATTACHED)


@pytest.mark.parametrize("story", [nothing, dismissed, concluded, withdrawn])
@pytest.mark.parametrize("wish", [ATTACH, FIRST_LOOK])
def test_what_is_over_is_not_added_to(story, wish):
    story.when(wish).refused("advocacy-is-over", 409)


def test_a_document_of_tomorrow_is_no_evidence():
    raised.when(AttachEvidence(document=replace(PAPER, date=TOMORROW))).refused("happens-in-the-future", 422)


def test_evidence_stays_when_a_proposal_is_made_again():
    assert returned.given(ATTACHED, PROPOSED).state.evidence == {SECOND}


def test_a_policy_advocacy_is_linked_to_the_inventory_along_its_branch():
    story = of_kind(Kind.POLICY)
    story.when(LINK).then(LINKED)
    linked = story.given(LINKED)
    linked.when(LINK).then_nothing()
    enforced = linked.knowing(**{**KNOWN, "policy": replace(INVENTORY, branch=Branch.ENFORCE)})
    enforced.when(LINK).then(replace(LINKED, branch=Branch.ENFORCE))


def test_a_linked_policy_is_known_assessed_and_not_adequate():
    story = of_kind(Kind.POLICY)
    story.knowing(**{**KNOWN, "policy": None}).when(LINK).refused("unknown-policy", 422)
    story.knowing(**{**KNOWN, "policy": replace(INVENTORY, branch=None)}).when(LINK).refused("policy-not-assessed", 422)
    story.knowing(**{**KNOWN, "policy": replace(INVENTORY, branch=Branch.NONE)}).when(LINK).refused("policy-is-adequate", 422)


@pytest.mark.parametrize("kind", [Kind.BUDGET, Kind.AWARENESS])
def test_other_kinds_work_on_no_policy(kind):
    of_kind(kind).when(LINK).refused("not-a-policy-advocacy", 422)


# --- positions and answers ----------------------------------------------------------------------------------------


def test_the_first_position_sets_an_advocacy_going():
    raised.when(PUBLISH).then(PUBLISHED)
    raised.when(ASK).refused("not-in-progress", 409)
    assert under_way.when(ASK).outcome
    under_way.when(PUBLISH).then(PUBLISHED)


def test_a_position_is_public_and_asks_for_an_answer_after_it():
    for closed in (Classification.INTERAGENCY, Classification.RESTRICTED):
        paper = replace(PAPER, classification=closed)
        raised.when(replace(PUBLISH, document=paper)).refused("position-is-not-public", 422)
    raised.when(replace(PUBLISH, respond_by=PUBLISH.on)).refused("answer-wanted-too-early", 422)
    raised.when(replace(PUBLISH, respond_by=None)).then(replace(PUBLISHED, respond_by=None))


@pytest.mark.parametrize("wish", [PUBLISH, RESPOND])
def test_nothing_is_published_or_answered_tomorrow_or_before_the_advocacy_was_raised(wish):
    raised.when(replace(wish, on=TOMORROW)).refused("happens-in-the-future", 422)
    raised.when(replace(wish, on=date(2025, 3, 9))).refused("before-it-was-raised", 422)
    assert raised.when(replace(wish, on=date(2025, 3, 10))).outcome


def test_a_position_rests_on_a_document_of_today_or_before():
    raised.when(replace(PUBLISH, document=replace(PAPER, date=TOMORROW))).refused("happens-in-the-future", 422)


@pytest.mark.parametrize("story", AT_WORK)
def test_the_target_answers(story):
    story.when(RESPOND).then(RESPONDED)
    story.when(replace(RESPOND, answer=Answer.AGREES, reason="")).then(replace(RESPONDED, answer=Answer.AGREES, reason=""))


@pytest.mark.parametrize("answer", [Answer.PARTLY, Answer.REFUSES])
def test_who_does_not_simply_agree_says_why(answer):
    under_way.when(replace(RESPOND, answer=answer, reason=" ")).refused("answer-without-reason", 422)


def test_the_secretariat_enters_the_answer_that_came_by_letter():
    under_way.knowing(actor=STAFF, **KNOWN).when(RESPOND).refused("only-secretariat-enters-for-others", 422)
    letter = replace(ANSWER_LETTER, date=TOMORROW)
    under_way.when(replace(RESPOND, on_behalf_of=letter)).refused("happens-in-the-future", 422)


# --- the three principles -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("story", [proposed, returned, approved, raised, under_way])
def test_a_first_look_at_the_three_principles_may_come_at_any_time(story):
    (told,) = story.when(FIRST_LOOK).outcome
    assert (told.final, told.pro_poor.points, told.openness.points, told.accountability.points) == (False, 1, 0, 4)
    assert told.on == date(2025, 6, 10)
    assert not story.given(told).state.assessed


def test_the_final_look_has_evidence_for_each_score():
    story = under_way.given(HAS_EVIDENCE)
    story.when(ASSESS).then(ASSESSED)
    for principle in ("pro_poor", "openness", "accountability"):
        story.when(replace(ASSESS, **{principle: Score(points=2)})).refused("score-without-evidence", 422)


def test_the_final_look_comes_when_the_advocacy_is_in_progress():
    for story in (proposed, returned, approved, raised):
        story.given(HAS_EVIDENCE).when(ASSESS).refused("not-in-progress", 409)


def test_a_score_rests_on_evidence_that_was_attached():
    under_way.when(ASSESS).refused("unknown-evidence", 422)
    under_way.when(replace(FIRST_LOOK, openness=ASSESS.openness)).refused("unknown-evidence", 422)
    under_way.given(HAS_EVIDENCE).when(replace(ASSESS, on=TOMORROW)).refused("happens-in-the-future", 422)


# --- asking for a recommendation ----------------------------------------------------------------------------------


def test_a_recommendation_is_asked_for_with_all_that_the_forum_needs():
    under_way.when(ASK).then(past(RecommendationRequested, request_id=SECOND))


@pytest.mark.parametrize("story", [nothing, proposed, approved, raised, concluded, withdrawn])
def test_a_recommendation_is_asked_for_by_what_is_in_progress(story):
    story.when(ASK).refused("not-in-progress", 409)


def test_the_addressees_are_members_that_are_known_here():
    under_way.when(replace(ASK, addressees=(PLANNING, UUID(int=7)))).refused("unknown-member", 422)
    under_way.when(replace(ASK, addressees=(PLANNING, PLANNING))).refused("named-twice", 422)


def test_the_forum_has_a_day_at_least():
    under_way.when(replace(ASK, wanted_by=date(2025, 6, 10))).refused("wanted-too-early", 422)


# --- who waits, and who is who ------------------------------------------------------------------------------------


def waits(story):
    return list(advocacy.waiting(story.state))


def test_what_waits_for_whom():
    assert waits(proposed) == [Waits("chair", ApproveAdvocacy)]
    assert waits(returned) == [Waits("proposer", ResubmitProposal, organisation=HEALTH)]
    assert waits(approved) == [Waits("secretariat", RaiseAdvocacy)]
    assert waits(raised) == [Waits("secretariat", PublishPosition)]
    assert waits(under_way) == [Waits("secretariat", RecordTargetResponse, PUBLISHED.respond_by)]
    answered = under_way.given(RESPONDED)
    assert waits(answered) == [Waits("lead", AssessGovernance, organisation=PLANNING)]
    assert waits(answered.given(PUBLISHED)) == waits(under_way)
    assert waits(answered.given(ASSESSED)) == [Waits("chair", ConcludeAdvocacy)]
    assert waits(answered.given(ASSESSED, CONCLUDED)) == []
    for story in (nothing, dismissed, withdrawn):
        assert waits(story) == []


def test_a_proposal_of_nobody_is_bettered_by_the_secretariat():
    nobodys = nothing.given(replace(PROPOSED, proposed_by=None), past(type(returned.past[-1])))
    assert waits(nobodys) == [Waits("secretariat", ResubmitProposal)]


def test_a_missing_lead_waits_for_the_secretariat_beside_what_else_waits():
    missing = Waits("secretariat", AssignLead)
    assert waits(raised.given(VACATED)) == [missing, *waits(raised)]
    assert waits(under_way.given(VACATED, RESPONDED)) == [missing, Waits("secretariat", AssessGovernance)]
    assert waits(under_way.given(VACATED, ASSIGNED, RESPONDED)) == [Waits("lead", AssessGovernance, organisation=HOUSING)]


def test_lead_target_proposer_and_supporters_are_known():
    story = raised.given(past(type(SUPPORTED), member_id=HOUSING))

    def are(organisation):
        return advocacy.relations(story.state, Actor("a", organisation=organisation))

    assert are(PLANNING) == {"lead"}
    assert are(TARGET.organisation_id) == {"target"}
    assert are(HEALTH) == {"proposer"}
    assert are(HOUSING) == {"supporter"}
    assert are(UUID(int=7)) == are(None) == frozenset()
    assert advocacy.relations(raised.given(VACATED).state, LEAD) == frozenset()
    assert advocacy.relations(nothing.given(replace(PROPOSED, proposed_by=None), APPROVED).state, Actor("a")) == frozenset()


def test_an_advocacy_knows_only_its_own_wishes():
    with pytest.raises(TypeError):
        advocacy.decide(raised.state, "AssignLead", given_at())
