"""A policy's way through the inventory: registered, judged, changed by government, judged again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from services.advocacy.domain.judging import policy
from services.advocacy.domain.policy import (
    AssessPolicy,
    BranchChanged,
    EffectivenessReassessed,
    EnforcementMeasureRecorded,
    OverrideBranch,
    PolicyAmended,
    PolicyAssessed,
    PolicyEnacted,
    PolicyRegistered,
    PolicyReplaced,
    PolicyRevoked,
    PolicyTextProposed,
    ProposePolicyText,
    ReassessEffectiveness,
    RecordAmendment,
    RecordEnactment,
    RecordEnforcementMeasure,
    RecordReplacement,
    RecordRevocation,
    RegisterPolicy,
)
from services.advocacy.domain.terms import Branch, BranchCause, BranchStep, Level, PolicyStatus
from services.advocacy.examples import EXAMPLES, HEALTH, HOUSING, NEW_POLICY, PAPER
from services.advocacy.registers.policies import policies
from shared.decider import Actor, Waits
from shared.testing import Story, folded, given_at
from tests.advocacy.walk import DISPERKIM, INVENTORY

ID, SECOND = given_at().new_id(0), given_at().new_id(1)
TODAY, TOMORROW = date(2025, 6, 10), date(2025, 6, 11)
KNOWN = {"owner": DISPERKIM, "replacement": INVENTORY}


def past(cls, **changed):
    """The example of a fact, as it happened to the policy of these stories."""
    return replace(EXAMPLES[cls], policy_id=ID, **changed)


REGISTERED, ASSESSED = past(PolicyRegistered), past(PolicyAssessed, assessment_id=SECOND)
CHANGED, TEXT, ENACTED = past(BranchChanged), past(PolicyTextProposed), past(PolicyEnacted)
AMENDED, REVOKED, REPLACED = past(PolicyAmended), past(PolicyRevoked), past(PolicyReplaced)
MEASURED, REASSESSED = past(EnforcementMeasureRecorded, measure_id=SECOND), past(EffectivenessReassessed)
REGISTER, ASSESS, OVERRIDE = EXAMPLES[RegisterPolicy], EXAMPLES[AssessPolicy], EXAMPLES[OverrideBranch]
PROPOSE, ENACT, AMEND = EXAMPLES[ProposePolicyText], EXAMPLES[RecordEnactment], EXAMPLES[RecordAmendment]
REVOKE, REPLACE = EXAMPLES[RecordRevocation], EXAMPLES[RecordReplacement]
MEASURE, REASSESS = EXAMPLES[RecordEnforcementMeasure], EXAMPLES[ReassessEffectiveness]

nothing = Story(policy).knowing(**KNOWN)


def with_status(status):
    """A registered policy in that status."""
    return nothing.given(replace(REGISTERED, status=status, number="" if status is PolicyStatus.NONE else "12 Tahun 2019"))


missing, draft = with_status(PolicyStatus.NONE), with_status(PolicyStatus.DRAFT)
in_force, revoked = with_status(PolicyStatus.IN_FORCE), with_status(PolicyStatus.REVOKED)
assessed = in_force.given(ASSESSED)


# --- the inventory ------------------------------------------------------------------------------------------------


def test_a_policy_is_registered_also_one_that_is_missing():
    nothing.when(REGISTER).then(REGISTERED)
    lack = replace(REGISTER, status=PolicyStatus.NONE, number="", owner_id=None)
    nothing.when(lack).then(replace(REGISTERED, status=PolicyStatus.NONE, number="", owner_id=None))


def test_a_policy_is_registered_once():
    in_force.when(REGISTER).refused("already-registered", 409)


@pytest.mark.parametrize("status", [PolicyStatus.IN_FORCE, PolicyStatus.REVOKED])
def test_what_is_or_was_in_force_has_a_number(status):
    nothing.when(replace(REGISTER, status=status, number=" ")).refused("policy-without-number", 422)


def test_a_policy_of_a_regency_says_of_which_one():
    nothing.when(replace(REGISTER, level=Level.REGENCY_CITY, area_code=None)).refused("area-of-the-policy-missing", 422)
    nothing.when(replace(REGISTER, area_code="36")).refused("not-an-area-of-the-province", 422)
    national = replace(REGISTER, level=Level.NATIONAL, area_code=None)
    nothing.when(national).then(replace(REGISTERED, level=Level.NATIONAL, area_code=None))


def test_the_agency_that_answers_for_a_policy_is_known_here():
    nothing.knowing(**{**KNOWN, "owner": None}).when(REGISTER).refused("unknown-member", 422)


def test_a_policy_is_in_the_inventory_once_by_its_number():
    assert policy.holds(in_force.state) == {"policy-number:governor_regulation:12 tahun 2019"}
    assert policy.holds(nothing.state) == policy.holds(missing.state) == frozenset()
    assert policy.holds(missing.given(ENACTED).state) == policy.holds(in_force.state)


@pytest.mark.parametrize("wish", [ASSESS, OVERRIDE, PROPOSE])
def test_what_is_not_registered_is_not_judged(wish):
    nothing.when(wish).refused("not-registered", 409)


# --- four questions, one branch -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("story", "contrary", "pro_public", "effective", "branch"),
    [
        (missing, False, True, True, Branch.CREATE),
        (revoked, True, True, True, Branch.CREATE),
        (in_force, True, True, True, Branch.REVOKE_REPLACE),
        (draft, True, False, False, Branch.REVOKE_REPLACE),
        (in_force, False, False, True, Branch.IMPROVE),
        (draft, False, False, False, Branch.IMPROVE),
        (draft, False, True, True, Branch.CREATE),
        (in_force, False, True, False, Branch.ENFORCE),
        (in_force, False, True, True, Branch.NONE),
    ],
)
def test_the_branch_follows_from_the_answers(story, contrary, pro_public, effective, branch):
    wish = replace(ASSESS, contrary_to_public_interest=contrary, pro_public=pro_public, effective=effective)
    (told,) = story.when(wish).outcome
    assert (told.branch, told.status) == (branch, story.state.status)
    assert story.given(told).state.branch is branch


def test_an_adequate_policy_is_looked_at_again_within_a_year():
    adequate = replace(ASSESS, pro_public=True, effective=True)
    (told,) = in_force.when(adequate).outcome
    assert told.review_on == date(2026, 3, 3)
    (told,) = in_force.when(replace(adequate, review_on=date(2025, 9, 1))).outcome
    assert told.review_on == date(2025, 9, 1)
    in_force.when(replace(adequate, review_on=ASSESS.on)).refused("review-too-early", 422)


def test_what_is_not_adequate_is_reviewed_when_wished():
    in_force.when(ASSESS).then(ASSESSED)
    later = replace(ASSESS, review_on=date(2025, 12, 1))
    in_force.when(later).then(replace(ASSESSED, review_on=date(2025, 12, 1)))


def test_a_branch_that_changes_is_told_with_the_one_before():
    wish = replace(ASSESS, pro_public=True, effective=False)
    answers = {"pro_public": True, "effective": False, "branch": Branch.ENFORCE}
    changed = replace(CHANGED, cause=BranchCause.ASSESSMENT, reason=ASSESS.reasons, on=ASSESS.on)
    assessed.when(wish).then(replace(ASSESSED, **answers), changed)
    assessed.when(ASSESS).then(ASSESSED)


def test_the_chair_sets_another_branch_with_a_reason():
    assessed.when(OVERRIDE).then(CHANGED)
    assessed.given(CHANGED).when(OVERRIDE).then_nothing()
    in_force.when(OVERRIDE).refused("policy-not-assessed", 422)


def test_a_branch_set_aside_is_derived_anew_by_the_next_assessment():
    back = replace(CHANGED, before=Branch.ENFORCE, after=Branch.IMPROVE, cause=BranchCause.ASSESSMENT, reason=ASSESS.reasons)
    assessed.given(CHANGED).when(ASSESS).then(ASSESSED, replace(back, on=ASSESS.on))


def test_what_the_chair_finds_adequate_is_looked_at_again_too():
    (told,) = assessed.when(replace(OVERRIDE, branch=Branch.NONE)).outcome
    assert told.review_on == date(2026, 3, 10)


# --- acts of government -------------------------------------------------------------------------------------------


def test_wordings_are_counted():
    in_force.when(PROPOSE).then(TEXT)
    in_force.given(TEXT).when(PROPOSE).then(replace(TEXT, text_version=2))
    missing.when(PROPOSE).then(TEXT)


def test_a_wording_that_government_takes_up_is_a_draft():
    taken_up = replace(PROPOSE, is_draft=True)
    missing.when(taken_up).then(replace(TEXT, is_draft=True))
    assert missing.given(replace(TEXT, is_draft=True)).state.status is PolicyStatus.DRAFT
    assert missing.given(TEXT).state.status is PolicyStatus.NONE
    in_force.when(taken_up).refused("amendment-is-no-draft", 422)


def test_what_was_revoked_comes_back_as_another_policy_only():
    revoked.when(replace(PROPOSE, is_draft=True)).refused("revoked-is-no-draft", 422)
    revoked.when(PROPOSE).then(TEXT)


@pytest.mark.parametrize("story", [missing, draft])
def test_what_is_not_in_force_is_enacted(story):
    story.when(ENACT).then(ENACTED)
    assert story.given(ENACTED).state.status is PolicyStatus.IN_FORCE


@pytest.mark.parametrize("story", [nothing, in_force, revoked])
def test_what_is_in_force_or_was_revoked_is_not_enacted(story):
    story.when(ENACT).refused("not-to-be-enacted", 409)


def test_what_is_in_force_is_amended_enforced_and_reassessed():
    in_force.when(AMEND).then(AMENDED)
    in_force.when(MEASURE).then(MEASURED)
    assessed.when(replace(REASSESS, effective=True)).then(REASSESSED)


@pytest.mark.parametrize("story", [nothing, missing, draft, revoked])
@pytest.mark.parametrize("wish", [AMEND, MEASURE, REASSESS])
def test_only_what_is_in_force_is_amended_enforced_or_reassessed(story, wish):
    story.when(wish).refused("not-in-force", 409)


def test_what_is_in_force_is_revoked_and_a_draft_withdrawn():
    for story in (in_force, draft):
        story.when(REVOKE).then(REVOKED)
        assert story.given(REVOKED).state.status is PolicyStatus.REVOKED


@pytest.mark.parametrize("story", [nothing, missing, revoked])
def test_what_is_not_there_is_not_revoked(story):
    story.when(REVOKE).refused("nothing-to-revoke", 409)


def test_a_revoked_policy_is_replaced_by_one_in_force():
    revoked.when(REPLACE).then(REPLACED)
    revoked.given(REPLACED).when(REPLACE).then_nothing()
    in_force.when(REPLACE).refused("not-revoked", 409)
    revoked.when(replace(REPLACE, replaced_by=ID)).refused("replaces-itself", 422)
    revoked.knowing(**{**KNOWN, "replacement": None}).when(REPLACE).refused("unknown-policy", 422)
    planned = replace(INVENTORY, status=PolicyStatus.DRAFT)
    revoked.knowing(**{**KNOWN, "replacement": planned}).when(REPLACE).refused("replacement-not-in-force", 422)


@pytest.mark.parametrize(
    ("story", "wish"),
    [
        (in_force, ASSESS),
        (assessed, OVERRIDE),
        (in_force, PROPOSE),
        (draft, ENACT),
        (in_force, AMEND),
        (in_force, REVOKE),
        (revoked, REPLACE),
        (in_force, MEASURE),
        (assessed, REASSESS),
    ],
)
def test_nothing_is_recorded_that_happens_tomorrow(story, wish):
    story.when(replace(wish, on=TOMORROW)).refused("happens-in-the-future", 422)
    assert story.when(replace(wish, on=None)).outcome[0].on == TODAY


def test_a_document_of_tomorrow_is_no_wording():
    in_force.when(replace(PROPOSE, document=replace(PAPER, date=TOMORROW))).refused("happens-in-the-future", 422)


def test_acts_follow_those_that_they_rest_on():
    enacted = draft.given(ENACTED)
    for wish in (AMEND, REVOKE, MEASURE):
        enacted.when(replace(wish, on=date(2025, 5, 4))).refused("before-the-act-it-follows", 422)
        assert enacted.when(replace(wish, on=date(2025, 5, 5))).outcome
    gone = enacted.given(REVOKED)
    gone.when(replace(REPLACE, on=date(2025, 5, 11))).refused("before-the-act-it-follows", 422)


# --- effect -------------------------------------------------------------------------------------------------------


def test_another_effect_leads_to_another_branch():
    weak = in_force.given(replace(ASSESSED, pro_public=True, effective=False, branch=Branch.ENFORCE))
    told, changed = weak.when(REASSESS).outcome
    assert told == REASSESSED
    assert (changed.before, changed.after, changed.cause) == (Branch.ENFORCE, Branch.NONE, BranchCause.REASSESSMENT)
    assert changed.review_on == date(2026, 6, 2)
    weak.when(replace(REASSESS, effective=False)).then(replace(REASSESSED, effective=False))


def test_effect_is_judged_again_after_it_was_judged_once():
    in_force.when(REASSESS).refused("policy-not-assessed", 422)


# --- who waits, and who is who ------------------------------------------------------------------------------------


def test_a_policy_waits_to_be_judged_at_first_after_each_act_and_at_its_review():
    now = [Waits("secretariat", AssessPolicy)]
    assert policy.waiting(nothing.state) == []
    assert policy.waiting(in_force.state) == now
    assert policy.waiting(assessed.state) == []
    for act in (AMENDED, REVOKED):
        assert policy.waiting(assessed.given(act).state) == now
        assert policy.waiting(assessed.given(act, ASSESSED).state) == []
    assert policy.waiting(missing.given(ASSESSED, ENACTED).state) == now
    assert policy.waiting(missing.given(ASSESSED, replace(TEXT, is_draft=True)).state) == now
    assert policy.waiting(missing.given(ASSESSED, TEXT).state) == []
    reviewed = in_force.given(replace(ASSESSED, branch=Branch.NONE, review_on=date(2026, 3, 3)))
    assert policy.waiting(reviewed.state) == [Waits("secretariat", AssessPolicy, date(2026, 3, 3))]


def test_the_agency_that_answers_for_a_policy_is_its_owner():
    def are(story, organisation):
        return policy.relations(story.state, Actor("a", organisation=organisation))

    assert are(in_force, HOUSING) == {"owner"}
    assert are(in_force, HEALTH) == are(in_force, None) == frozenset()
    assert are(nothing.given(replace(REGISTERED, owner_id=None)), None) == frozenset()


def test_a_policy_knows_only_its_own_wishes():
    with pytest.raises(TypeError):
        policy.decide(in_force.state, "AssessPolicy", given_at())


# --- the register -------------------------------------------------------------------------------------------------


def line(*facts):
    """The inventory's line."""
    (row,) = folded(policies, facts).values()
    return row


def test_the_inventory_is_open_to_everyone():
    assert policies.public


def test_the_inventory_shows_the_policy_its_answers_and_the_history_of_its_branch():
    bare = line(REGISTERED)
    assert (bare.title, bare.number, bare.area, bare.owner_id) == (REGISTERED.title, "12 Tahun 2019", "32", HOUSING)
    assert (bare.branch, bare.pro_public, bare.branches) == (None, None, ())
    judged = line(REGISTERED, ASSESSED, CHANGED)
    assert (judged.branch, judged.pro_public, judged.effective) == (Branch.ENFORCE, False, True)
    steps = (
        BranchStep(branch=Branch.IMPROVE, since=date(2025, 3, 3)),
        BranchStep(branch=Branch.ENFORCE, since=date(2025, 3, 10)),
    )
    assert judged.branches == steps
    assert line(REGISTERED, ASSESSED, ASSESSED).branches == steps[:1]


def test_the_inventory_shows_what_government_did_last():
    row = line(replace(REGISTERED, status=PolicyStatus.DRAFT, number=""), TEXT, ENACTED, AMENDED, MEASURED, MEASURED, REASSESSED)
    assert (row.status, row.number, row.texts, row.measures) == (PolicyStatus.IN_FORCE, "12 Tahun 2019", 1, 2)
    assert (row.text_on, row.enacted_on, row.amended_on) == (date(2025, 4, 7), date(2025, 5, 5), date(2025, 5, 5))
    assert (row.measure_on, row.reassessed_on, row.effective) == (date(2025, 5, 19), date(2025, 6, 2), True)
    gone = line(REGISTERED, REVOKED, REPLACED)
    assert (gone.status, gone.revoked_on, gone.replaced_on) == (PolicyStatus.REVOKED, date(2025, 5, 12), date(2025, 5, 12))
    assert gone.replaced_by == NEW_POLICY != UUID(int=0)
    assert line(REGISTERED, replace(TEXT, is_draft=True)).status is PolicyStatus.DRAFT
