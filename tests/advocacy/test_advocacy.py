"""An advocacy's way: proposed, returned or approved, raised with its target, withdrawn."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from services.advocacy.domain.advocacy import (
    AdvocacyApproved,
    AdvocacyProposalDismissed,
    AdvocacyProposed,
    AdvocacyRaised,
    AdvocacyReturned,
    AdvocacyWithdrawn,
    EngagementRecorded,
)
from services.advocacy.domain.concluding import WithdrawAdvocacy
from services.advocacy.domain.deciding import advocacy
from services.advocacy.domain.policy import PolicyAssessed, PolicyRegistered
from services.advocacy.domain.proposing import (
    ApproveAdvocacy,
    DismissProposal,
    ProposeAdvocacy,
    RaiseAdvocacy,
    ResubmitProposal,
    ReturnProposal,
)
from services.advocacy.domain.pursuing import RecordEngagement
from services.advocacy.domain.terms import (
    Affair,
    AwarenessBlock,
    Branch,
    Instrument,
    Kind,
    Origin,
    OriginKind,
    PolicyBlock,
    PolicyStatus,
    Target,
    TargetKind,
)
from services.advocacy.examples import EXAMPLES, HEALTH, LETTER, PLANNING, POLICY
from services.advocacy.registers.organisations import Organisation
from services.advocacy.registers.policies import policies
from shared.decider import Actor
from shared.facts import numbered
from shared.testing import Story, folded, given_at

ID = given_at().new_id(0)
BAPPEDA = Organisation("Bappeda", ("implementer",), ())
DINKES = Organisation("Dinas Kesehatan", ("implementer",), ())
KNOWN = {"sender": DINKES, "lead": BAPPEDA, "target": None, "organisations": {PLANNING: BAPPEDA}}
STAFF = Actor("staff", frozenset({"member"}), HEALTH)

PROPOSE, RESUBMIT, RETURN = EXAMPLES[ProposeAdvocacy], EXAMPLES[ResubmitProposal], EXAMPLES[ReturnProposal]
RAISE, WITHDRAW, ENGAGE = EXAMPLES[RaiseAdvocacy], EXAMPLES[WithdrawAdvocacy], EXAMPLES[RecordEngagement]


def one_line(register, *facts):
    """The only row after facts of one aggregate."""
    (row,) = folded(register, facts).values()
    return row


def past(cls, **changed):
    """The example of a fact, as it happened to the advocacy of these stories."""
    return replace(EXAMPLES[cls], advocacy_id=ID, **changed)


PROPOSED, APPROVED, RETURNED = past(AdvocacyProposed), past(AdvocacyApproved), past(AdvocacyReturned)
RAISED, WITHDRAWN = past(AdvocacyRaised, number=numbered("ADV", 2025), on=date(2025, 6, 10)), past(AdvocacyWithdrawn)
ENGAGED = past(EngagementRecorded, engagement_id=given_at().new_id(1))

nothing = Story(advocacy).knowing(**KNOWN)
proposed = nothing.given(PROPOSED)
returned = proposed.given(RETURNED)
approved = proposed.given(APPROVED)
raised = approved.given(RAISED)
withdrawn = raised.given(WITHDRAWN)

INVENTORY = one_line(policies, EXAMPLES[PolicyRegistered], EXAMPLES[PolicyAssessed])
NO_POLICY = PolicyBlock(instrument=Instrument.GUIDELINE, title="Pedoman sewa-beli", status=PolicyStatus.NONE)
CARE = AwarenessBlock(theme="Sungai bukan tempat sampah", target_groups="Warga bantaran", channels="Radio warga")


def of_kind(kind):
    """An approved advocacy of another kind than the example's, budget."""
    return nothing.given(replace(PROPOSED, kind=kind), APPROVED)


# --- propose ------------------------------------------------------------------------------------------------------


def test_the_secretariat_enters_a_proposal_that_came_by_letter():
    nothing.when(PROPOSE).then(PROPOSED)


def test_who_proposes_himself_proposes_for_his_organisation():
    by_staff = nothing.knowing(actor=STAFF, **KNOWN)
    by_staff.when(replace(PROPOSE, on_behalf_of=None)).then(replace(PROPOSED, on_behalf_of=None))


def test_a_reaction_proposes_for_nobody():
    nothing.when(replace(PROPOSE, on_behalf_of=None)).then(replace(PROPOSED, proposed_by=None, on_behalf_of=None))


def test_a_letter_of_somebody_outside_needs_no_member():
    outside = replace(LETTER, organisation_id=None)
    told = nothing.knowing(sender=None).when(replace(PROPOSE, on_behalf_of=outside))
    told.then(replace(PROPOSED, proposed_by=None, on_behalf_of=outside))


def test_what_is_proposed_is_not_proposed_anew():
    proposed.when(PROPOSE).refused("already-proposed", 409)


@pytest.mark.parametrize("kind", [kind for kind in OriginKind if kind is not OriginKind.OWN])
def test_what_grew_from_something_says_from_what(kind):
    nothing.when(replace(PROPOSE, origin=Origin(kind=kind, ref=" "))).refused("origin-without-reference", 422)


def test_what_is_the_groups_own_needs_no_reference():
    own = Origin(kind=OriginKind.OWN)
    nothing.when(replace(PROPOSE, origin=own)).then(replace(PROPOSED, origin=own))


def test_the_whole_province_is_an_area():
    nothing.when(replace(PROPOSE, area_codes=("32",))).then(replace(PROPOSED, area_codes=("32",)))


def test_an_advocacy_is_for_some_area():
    nothing.when(replace(PROPOSE, area_codes=())).refused("no-area-named", 422)


def test_an_area_of_another_province_is_refused():
    nothing.when(replace(PROPOSE, area_codes=("32.05", "36.01"))).refused("not-an-area-of-the-province", 422)


def test_an_area_is_named_once():
    nothing.when(replace(PROPOSE, area_codes=("32.05", "32.05"))).refused("named-twice", 422)


def test_only_the_secretariat_enters_letters_of_others():
    by_staff = nothing.knowing(actor=STAFF, **KNOWN)
    by_staff.when(PROPOSE).refused("only-secretariat-enters-for-others", 422)


def test_a_letter_of_tomorrow_is_refused():
    letter = replace(LETTER, date=date(2025, 6, 11))
    nothing.when(replace(PROPOSE, on_behalf_of=letter)).refused("happens-in-the-future", 422)


def test_the_sender_of_a_letter_is_a_member_that_is_known_here():
    unheard = nothing.knowing(**{**KNOWN, "sender": None})
    unheard.when(PROPOSE).refused("unknown-member", 422)


# --- approve, return, propose again -------------------------------------------------------------------------------


def test_the_chair_approves_a_proposal():
    proposed.when(ApproveAdvocacy()).then(APPROVED)


def test_the_chair_returns_a_proposal_and_says_what_to_change():
    proposed.when(RETURN).then(RETURNED)


@pytest.mark.parametrize("story", [nothing, returned, approved, raised, withdrawn])
@pytest.mark.parametrize("wish", [ApproveAdvocacy(), RETURN])
def test_only_what_waits_for_the_chair_is_decided(story, wish):
    story.when(wish).refused("not-awaiting-approval", 409)


def test_a_returned_proposal_is_proposed_again_in_other_words():
    better = replace(RESUBMIT, title="Perbaikan rumah di dua kabupaten", area_codes=("32.03",))
    again = replace(PROPOSED, title=better.title, area_codes=better.area_codes)
    returned.when(better).then(again)
    returned.given(again).when(ApproveAdvocacy()).then(APPROVED)


def test_the_proposer_stays_whoever_types_the_words():
    another = Actor("other", frozenset({"secretariat"}), PLANNING)
    again = returned.knowing(actor=another, **KNOWN).when(replace(RESUBMIT, on_behalf_of=None))
    again.then(replace(PROPOSED, on_behalf_of=None))


def test_new_words_keep_the_rules_of_the_first():
    returned.when(replace(RESUBMIT, area_codes=("36",))).refused("not-an-area-of-the-province", 422)
    returned.knowing(actor=STAFF, **KNOWN).when(RESUBMIT).refused("only-secretariat-enters-for-others", 422)


@pytest.mark.parametrize("story", [nothing, proposed, approved, raised, withdrawn])
def test_only_a_returned_proposal_is_proposed_again(story):
    story.when(RESUBMIT).refused("not-returned", 409)


# --- raise --------------------------------------------------------------------------------------------------------


def test_an_approved_advocacy_is_raised_under_a_number():
    approved.when(RAISE).then(RAISED)


@pytest.mark.parametrize("story", [nothing, proposed, returned, raised, withdrawn])
def test_only_an_approved_advocacy_is_raised(story):
    story.when(RAISE).refused("not-approved", 409)


def test_an_unknown_organisation_cannot_lead():
    approved.knowing(**{**KNOWN, "lead": None}).when(RAISE).refused("unknown-member", 422)


def test_a_suspended_member_cannot_lead():
    resting = replace(BAPPEDA, active=False)
    approved.knowing(**{**KNOWN, "lead": resting}).when(RAISE).refused("member-not-active", 422)


def test_nobody_leads_an_advocacy_aimed_at_itself():
    itself = Target(kind=TargetKind.AGENCY, name="Bappeda", organisation_id=PLANNING)
    approved.when(replace(RAISE, target=itself)).refused("lead-is-target", 422)


def test_a_target_that_is_a_member_is_known_here():
    target = Target(kind=TargetKind.AGENCY, name="Dinas Kesehatan", organisation_id=HEALTH)
    aimed = replace(RAISE, target=target)
    approved.when(aimed).refused("unknown-member", 422)
    approved.knowing(**{**KNOWN, "target": DINKES}).when(aimed).then(replace(RAISED, target=target))


def test_a_suspended_member_may_be_the_target():
    target = Target(kind=TargetKind.AGENCY, name="Dinas Kesehatan", organisation_id=HEALTH)
    resting = replace(DINKES, active=False)
    story = approved.knowing(**{**KNOWN, "target": resting}).when(replace(RAISE, target=target))
    story.then(replace(RAISED, target=target))


def test_an_affair_is_named_once():
    approved.when(replace(RAISE, affairs=(Affair.A1, Affair.A1))).refused("named-twice", 422)


@pytest.mark.parametrize("kind", Kind)
def test_each_kind_says_what_it_asks_for(kind):
    bare = replace(RAISE, budget=None)
    of_kind(kind).when(bare).refused("block-of-its-kind-missing", 422)


@pytest.mark.parametrize("more", [{"policy": NO_POLICY}, {"awareness": CARE}])
def test_each_kind_says_nothing_of_another_kind(more):
    approved.when(replace(RAISE, **more)).refused("block-of-another-kind", 422)


def test_a_closed_fiscal_year_is_not_advocated():
    closed = replace(RAISE.budget, fiscal_year=2023)
    approved.when(replace(RAISE, budget=closed)).refused("fiscal-year-is-closed", 422)


def test_last_years_budget_is_still_accounted_for_this_year():
    last = replace(RAISE.budget, fiscal_year=2024)
    approved.when(replace(RAISE, budget=last)).then(replace(RAISED, budget=last))


def test_a_budget_advocacy_asks_for_no_less_than_there_is():
    same = replace(RAISE.budget, ask=RAISE.budget.baseline)
    approved.when(replace(RAISE, budget=same)).then(replace(RAISED, budget=same))
    less = replace(same, ask=same.baseline - 1)
    approved.when(replace(RAISE, budget=less)).refused("asks-for-less-than-there-is", 422)


def test_an_awareness_advocacy_is_raised():
    wish = replace(RAISE, budget=None, awareness=CARE)
    of_kind(Kind.AWARENESS).when(wish).then(replace(RAISED, kind=Kind.AWARENESS, budget=None, awareness=CARE))


@pytest.mark.parametrize(
    ("status", "contrary", "pro_public", "effective", "branch"),
    [
        (PolicyStatus.NONE, False, False, False, Branch.CREATE),
        (PolicyStatus.REVOKED, True, True, True, Branch.CREATE),
        (PolicyStatus.IN_FORCE, True, True, True, Branch.REVOKE_REPLACE),
        (PolicyStatus.DRAFT, True, False, False, Branch.REVOKE_REPLACE),
        (PolicyStatus.IN_FORCE, False, False, True, Branch.IMPROVE),
        (PolicyStatus.DRAFT, False, False, False, Branch.IMPROVE),
        (PolicyStatus.DRAFT, False, True, True, Branch.CREATE),
        (PolicyStatus.IN_FORCE, False, True, False, Branch.ENFORCE),
    ],
)
def test_the_branch_follows_from_the_answers_about_the_policy(status, contrary, pro_public, effective, branch):
    policy = replace(
        NO_POLICY,
        status=status,
        contrary_to_public_interest=contrary,
        pro_public=pro_public,
        effective=effective,
    )
    wish = replace(RAISE, budget=None, policy=policy)
    of_kind(Kind.POLICY).when(wish).then(replace(RAISED, kind=Kind.POLICY, budget=None, policy=policy, branch=branch))


def test_an_adequate_policy_is_left_alone():
    adequate = replace(NO_POLICY, status=PolicyStatus.IN_FORCE, pro_public=True, effective=True)
    of_kind(Kind.POLICY).when(replace(RAISE, budget=None, policy=adequate)).refused("policy-is-adequate", 422)


def test_a_policy_of_the_inventory_is_told_as_it_stands_there():
    wish = replace(RAISE, budget=None, policy_id=POLICY)
    knows = of_kind(Kind.POLICY).knowing(**{**KNOWN, "policy": INVENTORY})
    block = PolicyBlock(
        instrument=Instrument.GOVERNOR_REGULATION, title=INVENTORY.title, status=PolicyStatus.IN_FORCE, effective=True
    )
    told = {"kind": Kind.POLICY, "budget": None, "policy": block, "branch": Branch.IMPROVE, "policy_id": POLICY}
    knows.when(wish).then(replace(RAISED, **told))


def test_the_branch_is_that_of_the_inventory_also_when_the_chair_set_it():
    enforced = replace(INVENTORY, branch=Branch.ENFORCE)
    knows = of_kind(Kind.POLICY).knowing(**{**KNOWN, "policy": enforced})
    assert knows.when(replace(RAISE, budget=None, policy_id=POLICY)).outcome[0].branch is Branch.ENFORCE


def test_a_policy_of_the_inventory_is_known_assessed_and_not_adequate():
    wish, story = replace(RAISE, budget=None, policy_id=POLICY), of_kind(Kind.POLICY)
    story.knowing(**{**KNOWN, "policy": None}).when(wish).refused("unknown-policy", 422)
    story.knowing(**{**KNOWN, "policy": replace(INVENTORY, branch=None)}).when(wish).refused("policy-not-assessed", 422)
    adequate = replace(INVENTORY, branch=Branch.NONE)
    story.knowing(**{**KNOWN, "policy": adequate}).when(wish).refused("policy-is-adequate", 422)


def test_a_policy_is_told_once():
    twice = replace(RAISE, budget=None, policy=NO_POLICY, policy_id=POLICY)
    of_kind(Kind.POLICY).knowing(**{**KNOWN, "policy": INVENTORY}).when(twice).refused("policy-told-twice", 422)


def test_a_policy_is_named_in_policy_advocacies_only():
    approved.knowing(**{**KNOWN, "policy": INVENTORY}).when(replace(RAISE, policy_id=POLICY)).refused(
        "block-of-another-kind", 422
    )


# --- dismiss ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("story", [proposed, returned])
def test_the_secretariat_puts_a_proposal_aside(story):
    story.when(EXAMPLES[DismissProposal]).then(past(AdvocacyProposalDismissed))
    dismissed = story.given(past(AdvocacyProposalDismissed))
    dismissed.when(ApproveAdvocacy()).refused("not-awaiting-approval", 409)
    dismissed.when(RESUBMIT).refused("not-returned", 409)


@pytest.mark.parametrize("story", [nothing, approved, raised, withdrawn])
def test_what_is_no_proposal_any_more_is_not_put_aside(story):
    story.when(EXAMPLES[DismissProposal]).refused("not-a-proposal-any-more", 409)


# --- engage and withdraw ------------------------------------------------------------------------------------------


def test_an_engagement_is_recorded():
    raised.when(ENGAGE).then(ENGAGED)


def test_an_engagement_without_a_date_was_today():
    raised.when(replace(ENGAGE, on=None)).then(replace(ENGAGED, on=date(2025, 6, 10)))


def test_an_engagement_with_somebody_outside_names_no_member():
    outside = replace(ENGAGE, organisation_ids=())
    raised.when(outside).then(replace(ENGAGED, organisation_ids=()))


def test_an_engagement_is_with_somebody():
    raised.when(replace(ENGAGE, organisation_ids=(), counterpart=" ")).refused("engagement-with-nobody", 422)


def test_an_engagement_with_an_unknown_member_is_refused():
    stranger = UUID(int=7)
    raised.when(replace(ENGAGE, organisation_ids=(PLANNING, stranger))).refused("unknown-member", 422)
    unheard = raised.knowing(**{**KNOWN, "organisations": {PLANNING: None}})
    unheard.when(ENGAGE).refused("unknown-member", 422)


def test_a_member_is_met_once_in_one_engagement():
    raised.when(replace(ENGAGE, organisation_ids=(PLANNING, PLANNING))).refused("named-twice", 422)


def test_an_engagement_of_tomorrow_is_refused():
    raised.when(replace(ENGAGE, on=date(2025, 6, 11))).refused("happens-in-the-future", 422)


def test_a_raised_advocacy_is_withdrawn():
    raised.when(WITHDRAW).then(WITHDRAWN)


def test_an_engagement_changes_nothing_of_where_an_advocacy_stands():
    raised.given(ENGAGED).when(WITHDRAW).then(WITHDRAWN)


@pytest.mark.parametrize("story", [nothing, proposed, returned, approved, withdrawn])
@pytest.mark.parametrize("wish", [ENGAGE, WITHDRAW])
def test_only_a_raised_advocacy_is_worked_on(story, wish):
    story.when(wish).refused("not-raised", 409)


def test_an_advocacy_knows_only_its_own_wishes():
    with pytest.raises(TypeError):
        advocacy.decide(raised.state, "WithdrawAdvocacy", given_at())
