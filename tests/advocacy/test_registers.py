"""Advocacy's registers show what its own facts and its siblings' say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from services.advocacy import foreign
from services.advocacy.domain.advocacy import (
    AdvocacyApproved,
    AdvocacyProposed,
    AdvocacyRaised,
    AdvocacyReturned,
    AdvocacyWithdrawn,
    EngagementRecorded,
)
from services.advocacy.domain.terms import Kind, OriginKind, Status, TargetKind
from services.advocacy.examples import ENGAGEMENT, EXAMPLES, HEALTH, PLANNING
from services.advocacy.registers.advocacies import advocacies
from services.advocacy.registers.engagements import engagements
from services.advocacy.registers.organisations import organisations
from services.advocacy.registers.recommendations import recommendations
from shared.testing import SOME_ID, folded

PROPOSED, APPROVED, RETURNED = EXAMPLES[AdvocacyProposed], EXAMPLES[AdvocacyApproved], EXAMPLES[AdvocacyReturned]
RAISED, WITHDRAWN, ENGAGED = EXAMPLES[AdvocacyRaised], EXAMPLES[AdvocacyWithdrawn], EXAMPLES[EngagementRecorded]
MAIN_A2 = (foreign.AffairDuty(affair="A2", duty="main"),)
JOINED = foreign.MemberJoined(member_id=PLANNING, name="Bappeda", functions=("implementer",), affairs=MAIN_A2)


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


ISSUED = foreign.RecommendationIssued(
    recommendation_id=SOME_ID,
    number="REK/32/2025/0002",
    issue="Pagu perbaikan rumah",
    basis=(),
    addressees=(PLANNING, HEALTH),
    response_due=date(2025, 6, 30),
    on=date(2025, 6, 10),
)


def test_a_recommendation_shows_who_has_acknowledged_it():
    acknowledged = foreign.RecommendationAcknowledged(recommendation_id=SOME_ID, addressee=HEALTH, on=date(2025, 6, 11))
    row = one(recommendations, ISSUED, acknowledged)
    assert (row.number, row.addressees, row.acknowledged_by) == ("REK/32/2025/0002", (PLANNING, HEALTH), (HEALTH,))
