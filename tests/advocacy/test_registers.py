"""Advocacy's registers show what its own facts and its siblings' say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from services.advocacy import foreign
from services.advocacy.domain.advocacy import (
    AdvocacyApproved,
    AdvocacyConcluded,
    AdvocacyLeadAssigned,
    AdvocacyProposalDismissed,
    AdvocacyProposed,
    AdvocacyRaised,
    AdvocacyReopened,
    AdvocacyReturned,
    AdvocacyWithdrawn,
    EngagementRecorded,
    EvidenceAttached,
    GovernanceAssessed,
    LeadVacated,
    PolicyLinked,
    PositionPublished,
    SupporterAdded,
    TargetResponded,
)
from services.advocacy.domain.policy import EnforcementMeasureRecorded
from services.advocacy.domain.terms import Answer, Branch, Kind, MeasureKind, OriginKind, Outcome, Score, Status, TargetKind
from services.advocacy.examples import (
    ASSESSMENT,
    ENGAGEMENT,
    EVIDENCE,
    EXAMPLES,
    HEALTH,
    HOUSING,
    MEASURE,
    PAPER,
    PLANNING,
    POLICY,
    POSITION,
)
from services.advocacy.registers.advocacies import advocacies
from services.advocacy.registers.engagements import engagements
from services.advocacy.registers.evidence import evidence
from services.advocacy.registers.governance_scorecard import governance_scorecard
from services.advocacy.registers.measures import measures
from services.advocacy.registers.organisations import organisations
from services.advocacy.registers.positions import positions
from services.advocacy.registers.recommendations import recommendations
from shared.testing import SOME_ID, folded

PROPOSED, APPROVED, RETURNED = EXAMPLES[AdvocacyProposed], EXAMPLES[AdvocacyApproved], EXAMPLES[AdvocacyReturned]
RAISED, WITHDRAWN, ENGAGED = EXAMPLES[AdvocacyRaised], EXAMPLES[AdvocacyWithdrawn], EXAMPLES[EngagementRecorded]
MAIN_A2 = (foreign.AffairDuty(affair="A2", duty="main"),)
JOINED = foreign.MemberJoined(member_id=PLANNING, name="Bappeda", functions=("implementer",), affairs=MAIN_A2)

ISSUED = foreign.RecommendationIssued(
    recommendation_id=SOME_ID,
    number="REK/32/2025/0002",
    issue="Pagu perbaikan rumah",
    basis=(),
    addressees=(PLANNING, HEALTH),
    response_due=date(2025, 6, 30),
    on=date(2025, 6, 10),
)


def one(register, *facts):
    """The only row after facts of one aggregate."""
    (row,) = folded(register, facts).values()
    return row


@pytest.mark.parametrize(
    ("way", "status"),
    [
        ((PROPOSED,), Status.PROPOSED),
        ((PROPOSED, RETURNED), Status.RETURNED),
        ((PROPOSED, RETURNED, PROPOSED), Status.PROPOSED),
        ((PROPOSED, APPROVED), Status.APPROVED),
        ((PROPOSED, APPROVED, RAISED), Status.RAISED),
        ((PROPOSED, APPROVED, RAISED, ENGAGED), Status.RAISED),
        ((PROPOSED, APPROVED, RAISED, WITHDRAWN), Status.WITHDRAWN),
    ],
)
def test_the_register_follows_an_advocacy_on_its_way(way, status):
    assert one(advocacies, *way).status == status


def test_the_register_shows_the_proposal():
    line = one(advocacies, PROPOSED)
    assert (line.kind, line.origin_kind, line.origin_ref) == (Kind.BUDGET, OriginKind.MEETING, "Rapat pleno 2025-02")
    assert (line.number, line.lead_id, line.proposed_by) == ("", None, HEALTH)


def test_the_register_says_what_to_change_until_it_is_changed():
    assert one(advocacies, PROPOSED, RETURNED).reason == RETURNED.change
    again = one(advocacies, PROPOSED, RETURNED, replace(PROPOSED, title="Judul yang lebih baik"))
    assert (again.title, again.reason) == ("Judul yang lebih baik", "")


def test_the_register_shows_number_lead_and_target_once_raised():
    line = one(advocacies, PROPOSED, APPROVED, RAISED)
    assert (line.number, line.lead_id) == ("ADV/32/2025/0001", PLANNING)
    assert (line.target_kind, line.target_name) == (TargetKind.BUDGET_TEAM, "Tim Anggaran Pemerintah Daerah")


def example(cls, **changed):
    """The example of a fact."""
    return replace(EXAMPLES[cls], **changed)


WALK = (PROPOSED, APPROVED, RAISED)


def test_the_register_shows_who_leads_and_whether_a_lead_is_missed():
    vacated, assigned = example(LeadVacated), example(AdvocacyLeadAssigned)
    assert not one(advocacies, *WALK).lead_vacant
    missing = one(advocacies, *WALK, vacated)
    assert (missing.lead_vacant, missing.lead_id) == (True, PLANNING)
    found = one(advocacies, *WALK, vacated, assigned)
    assert (found.lead_vacant, found.lead_id) == (False, HOUSING)


def test_the_register_shows_supporters_policy_and_target():
    line = one(advocacies, *WALK, example(SupporterAdded), example(PolicyLinked))
    assert (line.supporters, line.policy_id, line.branch) == ((HEALTH,), POLICY, Branch.IMPROVE)
    aimed = replace(RAISED, target=replace(RAISED.target, organisation_id=HOUSING))
    assert one(advocacies, PROPOSED, APPROVED, aimed).target_id == HOUSING
    assert line.raised_on == date(2025, 3, 10)


def test_the_register_follows_positions_answers_and_the_end():
    published, responded = example(PositionPublished), example(TargetResponded)
    under_way = one(advocacies, *WALK, published)
    assert (under_way.status, under_way.respond_by, under_way.answer) == (Status.IN_PROGRESS, date(2025, 5, 9), None)
    assert one(advocacies, *WALK, published, responded).answer is Answer.PARTLY
    assert one(advocacies, *WALK, published, responded, published).answer is None
    over = one(advocacies, *WALK, published, example(AdvocacyConcluded))
    assert (over.status, over.outcome, over.concluded_on) == (Status.CONCLUDED, Outcome.NOT_ACHIEVED, date(2025, 6, 9))
    again = one(advocacies, *WALK, published, example(AdvocacyConcluded), example(AdvocacyReopened))
    assert (again.status, again.outcome, again.lessons, again.concluded_on) == (Status.IN_PROGRESS, None, "", None)
    aside = one(advocacies, PROPOSED, example(AdvocacyProposalDismissed))
    assert (aside.status, aside.reason) == (Status.DISMISSED, example(AdvocacyProposalDismissed).reason)


def test_evidence_positions_and_scores_have_lines_below_their_advocacy():
    ((key, row),) = folded(evidence, [example(EvidenceAttached)]).items()
    assert (key, row.title, row.issued_on) == (f"{SOME_ID}/{EVIDENCE}", PAPER.title, PAPER.date)
    ((key, row),) = folded(positions, [example(PositionPublished)]).items()
    assert (key, row.sha256, row.published_on) == (f"{SOME_ID}/{POSITION}", PAPER.sha256, date(2025, 4, 7))
    scores = {
        "pro_poor": Score(points=1, evidence_ids=(EVIDENCE,)),
        "openness": Score(points=2),
        "accountability": Score(points=4),
    }
    ((key, row),) = folded(governance_scorecard, [example(GovernanceAssessed, **scores)]).items()
    assert (key, row.final) == (f"{SOME_ID}/{ASSESSMENT}", True)
    assert (row.pro_poor, row.openness, row.accountability, row.evidence) == (1, 2, 4, 1)
    ((key, row),) = folded(measures, [example(EnforcementMeasureRecorded)]).items()
    assert (key, row.kind, row.taken_on) == (f"{SOME_ID}/{MEASURE}", MeasureKind.PUBLISHED_LIST, date(2025, 5, 19))


def test_scores_positions_policies_and_measures_are_open_to_everyone():
    assert all(one.public for one in (governance_scorecard, positions, measures))


def test_a_member_that_left_or_was_succeeded_is_active_no_more():
    left = one(organisations, JOINED, foreign.MemberLeft(member_id=PLANNING))
    assert (left.active, left.vacancy) == (False, "left")
    merged = one(organisations, JOINED, foreign.MemberSucceeded(member_id=PLANNING, successor_id=HOUSING))
    assert (merged.active, merged.vacancy, merged.successor_id) == (False, "succeeded", HOUSING)
    assert folded(organisations, [foreign.MemberLeft(member_id=PLANNING)]) == {}


def test_a_recommendation_shows_what_it_rests_on_of_ours_and_what_came_of_it():
    basis = (foreign.Basis(kind="advocacy", ref="ADV/32/2025/0001"), foreign.Basis(kind="case", ref="MED/32/2025/0001"))
    issued = replace(ISSUED, basis=basis)
    said = foreign.RecommendationResponded(
        recommendation_id=SOME_ID, addressee=HEALTH, answer="partly", reasons="Bertahap.", on=date(2025, 6, 12)
    )
    found = foreign.OutcomeReviewed(recommendation_id=SOME_ID, sustained=False, lesson="", on=date(2025, 12, 12))
    assert one(recommendations, issued).advocacies == ("ADV/32/2025/0001",)
    row = one(recommendations, issued, said, replace(said, answer="accepted"), found)
    assert [(answer.addressee, answer.answer) for answer in row.answers] == [(HEALTH, "accepted")]
    assert row.sustained is False
    assert folded(recommendations, [said, found]) == {}


def test_the_register_counts_engagements():
    assert one(advocacies, PROPOSED, APPROVED, RAISED, ENGAGED, ENGAGED).engagements == 2


def test_every_engagement_has_a_line_below_its_advocacy():
    another = replace(ENGAGED, engagement_id=UUID(int=9), on=date(2025, 5, 2))
    rows = folded(engagements, [PROPOSED, APPROVED, RAISED, ENGAGED, another])
    assert [row.held_on for row in rows.values()] == [date(2025, 4, 14), date(2025, 5, 2)]
    assert next(iter(rows)) == f"{SOME_ID}/{ENGAGEMENT}"


def test_a_member_is_known_from_the_day_it_joins():
    row = one(organisations, JOINED)
    assert (row.name, row.active, row.affairs) == ("Bappeda", True, MAIN_A2)


def test_affairs_assigned_before_joining_make_no_member():
    assert folded(organisations, [foreign.AffairsAssigned(member_id=PLANNING, affairs=MAIN_A2)]) == {}


def test_affairs_of_a_member_are_replaced():
    other = (foreign.AffairDuty(affair="A3", duty="support"),)
    assert one(organisations, JOINED, foreign.AffairsAssigned(member_id=PLANNING, affairs=other)).affairs == other


def test_a_suspended_member_is_not_active_until_it_is_reinstated():
    suspended = foreign.MemberSuspended(member_id=PLANNING)
    assert not one(organisations, JOINED, suspended).active
    assert one(organisations, JOINED, suspended, foreign.MemberReinstated(member_id=PLANNING)).active


def test_a_recommendation_shows_who_has_acknowledged_it():
    acknowledged = foreign.RecommendationAcknowledged(recommendation_id=SOME_ID, addressee=HEALTH, on=date(2025, 6, 11))
    row = one(recommendations, ISSUED, acknowledged)
    assert (row.number, row.addressees, row.acknowledged_by) == ("REK/32/2025/0002", (PLANNING, HEALTH), (HEALTH,))
