"""What was entered wrongly about an advocacy or a policy is corrected, in public or among agencies, as it was told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from services.advocacy.domain.advocacy import AdvocacyCorrected, AdvocacyProposalCorrected
from services.advocacy.domain.correcting import CorrectAdvocacy
from services.advocacy.domain.judging import CorrectPolicy, policy
from services.advocacy.domain.policy import PolicyCorrected, PolicyRegistered, PolicyRevoked
from services.advocacy.domain.terms import AdvocacyField, PolicyField, PolicyStatus
from services.advocacy.examples import EXAMPLES, ISSUE, LAW, POLICY, TITLE
from services.advocacy.foreign import MemberCorrected, MemberJoined
from services.advocacy.registers.advocacies import advocacies
from services.advocacy.registers.organisations import organisations
from services.advocacy.registers.policies import policies
from shared.testing import SOME_ID, Story, folded
from tests.advocacy.walk import (
    APPROVED,
    ID,
    PROPOSED,
    RAISED,
    TARGET,
    approved,
    concluded,
    dismissed,
    nothing,
    proposed,
    raised,
    returned,
    under_way,
    withdrawn,
)

MISTYPED = "Salah ketik saat dicatat."
RIGHT = "Penambahan anggaran perbaikan rumah tahun anggaran 2026"
RENAME = CorrectAdvocacy(field=AdvocacyField.TITLE, value=RIGHT, reason=MISTYPED)
TOLD: dict[str, Any] = {"advocacy_id": ID, "field": AdvocacyField.TITLE, "old": TITLE, "new": RIGHT, "reason": MISTYPED}


@pytest.mark.parametrize("story", [proposed, returned, approved])
def test_a_proposal_is_corrected_among_agencies(story: Story) -> None:
    story.when(RENAME).then(AdvocacyProposalCorrected(**TOLD))


@pytest.mark.parametrize("story", [raised, under_way])
@pytest.mark.parametrize(
    ("field", "old"),
    [(AdvocacyField.TITLE, TITLE), (AdvocacyField.LEGAL_BASIS, LAW), (AdvocacyField.TARGET_NAME, TARGET.name)],
)
def test_what_everybody_was_told_is_corrected_in_public(story: Story, field: AdvocacyField, old: str) -> None:
    story.when(replace(RENAME, field=field)).then(AdvocacyCorrected(**{**TOLD, "field": field, "old": old}))


def test_the_issue_stays_among_agencies_also_after_the_advocacy_was_raised() -> None:
    told = {**TOLD, "field": AdvocacyField.ISSUE, "old": ISSUE}
    raised.when(replace(RENAME, field=AdvocacyField.ISSUE)).then(AdvocacyProposalCorrected(**told))


def test_before_it_is_raised_there_is_no_legal_basis_to_correct() -> None:
    proposed.when(replace(RENAME, field=AdvocacyField.LEGAL_BASIS)).refused("nothing-to-correct", 422)


@pytest.mark.parametrize("story", [nothing, dismissed, withdrawn, concluded])
def test_an_advocacy_that_is_over_is_history(story: Story) -> None:
    story.when(RENAME).refused("advocacy-is-over", 409)


def test_each_text_keeps_its_own_rule() -> None:
    proposed.when(replace(RENAME, value="Pagu")).refused("text-too-short", 422)
    proposed.when(replace(RENAME, value="Pagu\nrumah")).refused("text-has-control-characters", 422)
    lines = replace(RENAME, field=AdvocacyField.ISSUE, value="Pagu kurang.\nRumahnya banyak.")
    assert proposed.when(lines).outcome[0].new == lines.value
    proposed.when(replace(RENAME, value=TITLE)).refused("corrected-to-the-same", 422)


def test_an_advocacy_is_raised_under_its_corrected_title() -> None:
    state = nothing.given(PROPOSED, AdvocacyProposalCorrected(**TOLD), APPROVED).state
    assert state.title == RIGHT


def test_the_register_shows_what_is_right() -> None:
    before = folded(advocacies, [PROPOSED, AdvocacyProposalCorrected(**TOLD)])[str(SOME_ID)]
    named = {**TOLD, "field": AdvocacyField.TARGET_NAME, "old": TARGET.name, "new": "Badan Keuangan Daerah"}
    after = folded(advocacies, [PROPOSED, APPROVED, RAISED, AdvocacyCorrected(**named)])[str(SOME_ID)]
    assert (before.title, after.title, after.target_name) == (RIGHT, TITLE, "Badan Keuangan Daerah")


def test_a_member_is_known_by_its_right_name() -> None:
    joined = MemberJoined(member_id=SOME_ID, name="Bapeda", functions=())
    right = MemberCorrected(member_id=SOME_ID, field="name", new="Bappeda")
    assert folded(organisations, [joined, right])[str(SOME_ID)].name == "Bappeda"
    assert folded(organisations, [right]) == {}


# --- the policy ---------------------------------------------------------------------------------------------------

REGISTERED: PolicyRegistered = EXAMPLES[PolicyRegistered]
of_inventory = Story(policy).given(REGISTERED)
RENUMBER = CorrectPolicy(field=PolicyField.NUMBER, value="21 Tahun 2019", reason=MISTYPED)
RENUMBERED = PolicyCorrected(
    policy_id=POLICY, field=PolicyField.NUMBER, old=REGISTERED.number, new="21 Tahun 2019", reason=MISTYPED
)


@pytest.mark.parametrize("field", PolicyField)
def test_what_the_inventory_says_of_a_policy_is_corrected(field: PolicyField) -> None:
    old = getattr(REGISTERED, field)
    corrected = PolicyCorrected(policy_id=POLICY, field=field, old=old, new="Yang benar", reason=MISTYPED)
    of_inventory.when(CorrectPolicy(field=field, value="Yang benar", reason=MISTYPED)).then(corrected)
    assert getattr(folded(policies, [REGISTERED, corrected])[str(SOME_ID)], field) == "Yang benar"


def test_the_entry_of_a_revoked_policy_can_still_be_wrong() -> None:
    of_inventory.given(past_policy(PolicyRevoked)).when(RENUMBER).then(RENUMBERED)


def test_the_right_number_is_reserved_and_the_wrong_one_is_free() -> None:
    assert policy.holds(of_inventory.given(RENUMBERED).state) == {f"policy-number:{REGISTERED.instrument}:21 tahun 2019"}


def test_a_policy_without_a_number_has_none_to_correct() -> None:
    none = replace(REGISTERED, status=PolicyStatus.NONE, number="")
    Story(policy).given(none).when(RENUMBER).refused("nothing-to-correct", 422)


def test_what_is_not_in_the_inventory_is_not_corrected() -> None:
    Story(policy).when(RENUMBER).refused("not-registered", 409)


def past_policy(cls: type) -> Any:
    """The example of a fact of this policy."""
    return replace(EXAMPLES[cls], policy_id=POLICY)
