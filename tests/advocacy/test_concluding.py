"""How an advocacy ends: what proves its outcome, what it learnt, and how it goes on after all."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from services.advocacy.domain.concluding import ConcludeAdvocacy, ReopenAdvocacy, WithdrawAdvocacy, supported
from services.advocacy.domain.terms import Branch, Kind, Outcome, Vacancy
from services.advocacy.examples import EXAMPLES
from tests.advocacy.walk import (
    ASSESSED,
    BAPPEDA,
    CONCLUDED,
    INVENTORY,
    KNOWN,
    LINKED,
    RAISED_ON,
    REOPENED,
    VACATED,
    WITHDRAWN,
    approved,
    concluded,
    nothing,
    of_kind,
    proposed,
    raised,
    under_way,
    withdrawn,
)

CONCLUDE, REOPEN = EXAMPLES[ConcludeAdvocacy], EXAMPLES[ReopenAdvocacy]
ACHIEVED, PARTIALLY, NOT_ACHIEVED = Outcome
BEFORE, AFTER = date(2025, 3, 9), date(2025, 5, 5)


@pytest.mark.parametrize("kind", Kind)
def test_what_was_not_achieved_needs_no_proof(kind):
    of_kind(kind, ASSESSED).when(CONCLUDE).then(CONCLUDED)


@pytest.mark.parametrize("kind", Kind)
def test_the_three_principles_are_assessed_before_the_end(kind):
    of_kind(kind).when(CONCLUDE).refused("governance-not-assessed", 422)
    of_kind(kind, replace(ASSESSED, final=False)).when(CONCLUDE).refused("governance-not-assessed", 422)


@pytest.mark.parametrize("story", [nothing, proposed, approved, raised, concluded, withdrawn])
def test_only_what_is_in_progress_is_concluded(story):
    story.when(CONCLUDE).refused("not-in-progress", 409)


def test_nothing_ends_tomorrow_or_before_it_was_raised():
    story = under_way.given(ASSESSED)
    story.when(replace(CONCLUDE, on=date(2025, 6, 11))).refused("happens-in-the-future", 422)
    story.when(replace(CONCLUDE, on=BEFORE)).refused("before-it-was-raised", 422)
    story.when(replace(CONCLUDE, on=None)).then(replace(CONCLUDED, on=date(2025, 6, 10)))


@pytest.mark.parametrize("outcome", [ACHIEVED, PARTIALLY])
def test_kinds_whose_proof_is_not_kept_yet_say_so(outcome):
    of_kind(Kind.BUDGET, ASSESSED).when(replace(CONCLUDE, outcome=outcome)).refused("budget-figures-not-recorded", 422)
    of_kind(Kind.AWARENESS, ASSESSED).when(replace(CONCLUDE, outcome=outcome)).refused("campaign-not-recorded", 422)


@pytest.mark.parametrize("outcome", [ACHIEVED, PARTIALLY])
def test_a_policy_advocacy_is_proven_by_the_inventory(outcome):
    wish = replace(CONCLUDE, outcome=outcome)
    of_kind(Kind.POLICY, ASSESSED).when(wish).refused("policy-not-in-inventory", 422)
    linked = of_kind(Kind.POLICY, LINKED, ASSESSED)
    linked.knowing(**{**KNOWN, "policy": None}).when(wish).refused("policy-not-in-inventory", 422)


PROOFS = {
    Branch.CREATE: (
        "enactment-not-recorded",
        {"text_on": AFTER},
        [{"enacted_on": AFTER}],
    ),
    Branch.IMPROVE: (
        "amendment-not-recorded",
        {"text_on": AFTER},
        [{"amended_on": AFTER}, {"text_on": AFTER, "enacted_on": AFTER}],
    ),
    Branch.ENFORCE: (
        "enforcement-not-proven",
        {"measure_on": AFTER},
        [{"measure_on": AFTER, "reassessed_on": AFTER, "effective": True}],
    ),
    Branch.REVOKE_REPLACE: (
        "revocation-and-replacement-not-recorded",
        {"revoked_on": AFTER},
        [{"revoked_on": AFTER, "replaced_on": AFTER}],
    ),
}


def with_policy(branch, **happened):
    """An assessed policy advocacy along a branch, and what the inventory says of its policy."""
    story = of_kind(Kind.POLICY, replace(LINKED, branch=branch), ASSESSED)
    return story.knowing(**{**KNOWN, "policy": replace(INVENTORY, **{"effective": False, **happened})})


@pytest.mark.parametrize("branch", PROOFS)
def test_each_branch_has_its_own_proof(branch):
    slug, half, wholes = PROOFS[branch]
    for whole in wholes:
        with_policy(branch, **whole).when(replace(CONCLUDE, outcome=ACHIEVED)).then(replace(CONCLUDED, outcome=ACHIEVED))
    with_policy(branch, **half).when(replace(CONCLUDE, outcome=ACHIEVED)).refused(slug, 422)
    with_policy(branch, **half).when(replace(CONCLUDE, outcome=PARTIALLY)).then(replace(CONCLUDED, outcome=PARTIALLY))
    with_policy(branch).when(replace(CONCLUDE, outcome=PARTIALLY)).refused(slug, 422)


@pytest.mark.parametrize("branch", PROOFS)
def test_the_chair_may_say_less_than_is_proven(branch):
    for whole in PROOFS[branch][2]:
        for less in (PARTIALLY, NOT_ACHIEVED):
            with_policy(branch, **whole).when(replace(CONCLUDE, outcome=less)).then(replace(CONCLUDED, outcome=less))


@pytest.mark.parametrize("branch", PROOFS)
def test_what_happened_before_the_advocacy_was_raised_proves_nothing(branch):
    for whole in PROOFS[branch][2]:
        early = {name: BEFORE if isinstance(value, date) else value for name, value in whole.items()}
        assert supported(branch, replace(INVENTORY, **early), RAISED_ON) is NOT_ACHIEVED
        on_the_day = {name: RAISED_ON if isinstance(value, date) else value for name, value in whole.items()}
        assert supported(branch, replace(INVENTORY, **on_the_day), RAISED_ON) is ACHIEVED


def test_a_measure_without_effect_is_half_a_proof():
    worked_once = {"measure_on": AFTER, "reassessed_on": AFTER, "effective": False}
    assert supported(Branch.ENFORCE, replace(INVENTORY, **worked_once), RAISED_ON) is PARTIALLY
    thought_so_before = {"measure_on": AFTER, "reassessed_on": None, "effective": True}
    assert supported(Branch.ENFORCE, replace(INVENTORY, **thought_so_before), RAISED_ON) is PARTIALLY


def test_an_enactment_without_better_words_improves_nothing():
    assert supported(Branch.IMPROVE, replace(INVENTORY, enacted_on=AFTER), RAISED_ON) is NOT_ACHIEVED


def test_a_replacement_without_revocation_proves_nothing():
    assert supported(Branch.REVOKE_REPLACE, replace(INVENTORY, replaced_on=AFTER), RAISED_ON) is NOT_ACHIEVED


# --- withdraw and reopen ------------------------------------------------------------------------------------------


def test_what_is_in_progress_may_be_given_up():
    under_way.when(EXAMPLES[WithdrawAdvocacy]).then(WITHDRAWN)


def test_a_concluded_advocacy_goes_on_under_its_number_and_is_assessed_again():
    story = concluded.knowing(**{**KNOWN, "lead": BAPPEDA})
    story.when(REOPEN).then(REOPENED)
    again = story.given(REOPENED)
    assert again.state.number == "ADV/32/2025/0001"
    again.when(CONCLUDE).refused("governance-not-assessed", 422)
    again.given(ASSESSED).when(CONCLUDE).then(CONCLUDED)


@pytest.mark.parametrize("story", [nothing, proposed, approved, raised, under_way, withdrawn])
def test_only_what_is_concluded_is_reopened(story):
    story.when(REOPEN).refused("not-concluded", 409)


@pytest.mark.parametrize("vacancy", Vacancy)
def test_a_lead_that_is_gone_meanwhile_is_missed_at_once(vacancy):
    gone = replace(BAPPEDA, active=False, vacancy=str(vacancy))
    missed = replace(VACATED, reason=vacancy, successor_id=None)
    concluded.knowing(**{**KNOWN, "lead": gone}).when(REOPEN).then(REOPENED, missed)


def test_a_lead_that_was_missed_before_is_missed_still():
    story = under_way.given(VACATED, ASSESSED, CONCLUDED, REOPENED)
    assert story.state.lead_vacant
    gone = replace(BAPPEDA, active=False, vacancy="left")
    under_way.given(VACATED, ASSESSED, CONCLUDED).knowing(**{**KNOWN, "lead": gone}).when(REOPEN).then(REOPENED)
    concluded.knowing(**{**KNOWN, "lead": None}).when(REOPEN).then(REOPENED)
