"""A draft is corrected in one place, as long as its text may change; what siblings corrected is known by its right name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.forum.domain.deciding import recommendation
from services.forum.domain.drafting import CorrectRecommendation
from services.forum.domain.recommendation import (
    ConsultationOpened,
    RecommendationCorrected,
    RecommendationDrafted,
    RecommendationEndorsed,
    RecommendationIssued,
    RecommendationWithdrawn,
)
from services.forum.domain.terms import RecommendationField
from services.forum.examples import EXAMPLES
from services.forum.foreign import AdvocacyCorrected, AdvocacyRaised, MemberCorrected, MemberJoined
from services.forum.registers.advocacies import advocacies
from services.forum.registers.organisations import organisations
from services.forum.registers.recommendations import recommendations
from shared.testing import SOME_ID, Story, folded

DRAFTED: RecommendationDrafted = EXAMPLES[RecommendationDrafted]
OPENED: ConsultationOpened = EXAMPLES[ConsultationOpened]
ENDORSED: RecommendationEndorsed = EXAMPLES[RecommendationEndorsed]
WISH: CorrectRecommendation = EXAMPLES[CorrectRecommendation]
CORRECTED: RecommendationCorrected = EXAMPLES[RecommendationCorrected]
new = Story(recommendation)
drafted = new.given(DRAFTED)


@pytest.mark.parametrize("story", [drafted, drafted.given(OPENED)])
def test_a_draft_is_corrected_until_it_is_endorsed(story: Story) -> None:
    story.when(WISH).then(CORRECTED)


@pytest.mark.parametrize("field", RecommendationField)
def test_its_issue_and_its_text_are_corrected(field: RecommendationField) -> None:
    value = "Metode penilaian diumumkan dua minggu sebelumnya."
    corrected = replace(CORRECTED, field=field, old=getattr(DRAFTED, field), new=value)
    drafted.when(replace(WISH, field=field, value=value)).then(corrected)
    assert getattr(drafted.given(corrected).state.content, field) == value
    assert getattr(folded(recommendations, [DRAFTED, corrected])[str(SOME_ID)], field) == value


@pytest.mark.parametrize(
    ("story", "slug"),
    [
        (new, "recommendation-not-drafted"),
        (drafted.given(EXAMPLES[RecommendationWithdrawn]), "recommendation-withdrawn"),
        (drafted.given(OPENED, ENDORSED), "text-already-endorsed"),
        (drafted.given(OPENED, ENDORSED, EXAMPLES[RecommendationIssued]), "text-already-endorsed"),
    ],
)
def test_what_was_endorsed_or_issued_is_superseded_and_never_corrected(story: Story, slug: str) -> None:
    story.when(WISH).refused(slug, 409)


def test_a_corrected_issue_keeps_its_rule() -> None:
    drafted.when(replace(WISH, value="Tata")).refused("text-too-short", 422)
    drafted.when(replace(WISH, value="Tata\ncara")).refused("text-has-control-characters", 422)
    drafted.when(replace(WISH, value=DRAFTED.issue)).refused("corrected-to-the-same", 422)


def test_a_member_and_an_advocacy_are_known_by_their_right_names() -> None:
    joined = MemberJoined(member_id=SOME_ID, name="Bapeda")
    right = MemberCorrected(member_id=SOME_ID, field="name", new="Bappeda")
    assert folded(organisations, [joined, right])[str(SOME_ID)].name == "Bappeda"
    raised = AdvocacyRaised(advocacy_id=SOME_ID, number="ADV/32/2025/0001", title="Pagu rumh", kind="budget")
    spelled = AdvocacyCorrected(advocacy_id=SOME_ID, field="title", new="Pagu rumah")
    basis = replace(spelled, field="legal_basis", new="UU 1/2011")
    (row,) = folded(advocacies, [raised, spelled, basis]).values()
    assert (row.title, row.number) == ("Pagu rumah", "ADV/32/2025/0001")
