"""What advocacy does of itself, and what its commands look up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from services.advocacy.domain.advocacy import (
    AdvocacyApproved,
    AdvocacyProposed,
    AdvocacyRaised,
    EngagementRecorded,
    ProposeAdvocacy,
    RaiseAdvocacy,
    RecordEngagement,
    ResubmitProposal,
    advocacy,
)
from services.advocacy.domain.terms import EngagementKind, Kind, Origin, OriginKind, Target, TargetKind
from services.advocacy.examples import EXAMPLES, HEALTH, PLANNING
from services.advocacy.foreign import Basis, ConflictResolved, RecommendationIssued
from services.advocacy.reactions import (
    propose_advocacy_when_conflict_resolved,
    record_engagement_when_recommendation_issued,
)
from services.advocacy.registers.advocacies import advocacies
from services.advocacy.registers.organisations import Organisation, organisations
from services.advocacy.service import service
from shared.decider import Actor
from shared.registers.register import About
from shared.testing import NOON, SOME_ID, Story, folded

ABOUT = About(str(SOME_ID), SOME_ID, f"32/case/{SOME_ID}", 3, 3, NOON)
BAPPEDA = Organisation("Bappeda", ("implementer",), ())
OURS = folded(advocacies, [EXAMPLES[AdvocacyProposed], EXAMPLES[AdvocacyApproved], EXAMPLES[AdvocacyRaised]])
RESOLVED = ConflictResolved(case_id=SOME_ID, number="MED/32/2025/0001", area_code="32.04")
ISSUED = RecommendationIssued(
    recommendation_id=UUID(int=5),
    number="REK/32/2025/0002",
    issue="Pagu perbaikan rumah",
    basis=(Basis(kind="advocacy", ref=str(SOME_ID)),),
    addressees=(PLANNING,),
    response_due=date(2025, 6, 30),
    on=date(2025, 6, 10),
)


class Rows:
    """Registers as dictionaries, read as the store's registers are."""

    def __init__(self, **kept):
        self.kept = kept

    def row(self, register, key):
        return self.kept.get(register.name, {}).get(key)

    def rows(self, register, limit=1000, **equal):
        found = self.kept.get(register.name, {}).items()
        return [(key, row) for key, row in found if all(getattr(row, name) == one for name, one in equal.items())][:limit]


REGISTERS = Rows(advocacies=OURS, organisations={str(PLANNING): BAPPEDA})


def kinds(*causes):
    """The kinds of advocacy that a conflict with these root causes calls for."""
    wishes = propose_advocacy_when_conflict_resolved(replace(RESOLVED, root_causes=causes), ABOUT, REGISTERS)
    return [wish.command.kind for wish in wishes]


@pytest.mark.parametrize(
    ("causes", "called_for"),
    [
        (("policy_gap",), [Kind.POLICY]),
        (("policy_ineffective",), [Kind.POLICY]),
        (("policy_gap", "policy_ineffective"), [Kind.POLICY]),
        (("budget",), [Kind.BUDGET]),
        (("budget", "policy_gap"), [Kind.POLICY, Kind.BUDGET]),
        (("permit", "land", "construction_quality", "information"), []),
        ((), []),
        (("something_new",), []),
    ],
)
def test_a_conflict_calls_for_an_advocacy_where_policy_or_budget_was_its_cause(causes, called_for):
    assert kinds(*causes) == called_for


def test_what_a_conflict_calls_for_is_a_proposal_that_the_rules_accept():
    fact = replace(RESOLVED, root_causes=("policy_gap",))
    (wish,) = propose_advocacy_when_conflict_resolved(fact, ABOUT, REGISTERS)
    assert (wish.aggregate, wish.id) == ("advocacy", None)
    assert wish.command.origin == Origin(kind=OriginKind.CASE, ref="MED/32/2025/0001")
    (proposed,) = Story(advocacy).knowing(actor=Actor("reaction"), sender=None).when(wish.command).outcome
    assert (proposed.kind, proposed.area_codes, proposed.proposed_by) == (Kind.POLICY, ("32.04",), None)


def test_a_recommendation_that_rests_on_an_advocacy_is_recorded_with_it():
    (wish,) = record_engagement_when_recommendation_issued(ISSUED, ABOUT, REGISTERS)
    assert (wish.aggregate, wish.id) == ("advocacy", SOME_ID)
    raised = Story(advocacy).given(EXAMPLES[AdvocacyProposed], EXAMPLES[AdvocacyApproved], EXAMPLES[AdvocacyRaised])
    (recorded,) = raised.knowing(organisations={PLANNING: BAPPEDA}).when(wish.command).outcome
    assert isinstance(recorded, EngagementRecorded)
    assert (recorded.kind, recorded.reference) == (EngagementKind.LETTER, "REK/32/2025/0002")
    assert (recorded.organisation_ids, recorded.on) == ((PLANNING,), date(2025, 6, 10))


def test_an_advocacy_may_be_named_by_its_number():
    by_number = replace(ISSUED, basis=(Basis(kind="advocacy", ref="ADV/32/2025/0001"),))
    assert [wish.id for wish in record_engagement_when_recommendation_issued(by_number, ABOUT, REGISTERS)] == [SOME_ID]


def test_an_advocacy_named_twice_is_written_to_once():
    twice = replace(ISSUED, basis=(Basis(kind="advocacy", ref=str(SOME_ID)), Basis(kind="advocacy", ref="ADV/32/2025/0001")))
    assert len(record_engagement_when_recommendation_issued(twice, ABOUT, REGISTERS)) == 1


@pytest.mark.parametrize(
    "basis",
    [
        Basis(kind="case", ref=str(SOME_ID)),
        Basis(kind="advocacy", ref="00000000-0000-4000-8000-00000000ffff"),
        Basis(kind="advocacy", ref="ADV/32/2024/0009"),
        Basis(kind="advocacy", ref=""),
    ],
)
def test_a_recommendation_that_rests_on_nothing_of_ours_is_none_of_our_business(basis):
    assert record_engagement_when_recommendation_issued(replace(ISSUED, basis=(basis,)), ABOUT, REGISTERS) == []


def look_up(command, name):
    """What the command's row in the table looks up under this name."""
    return service.row(type(command))[1].known[name](REGISTERS, command, str(SOME_ID))


def test_raising_looks_up_lead_and_target():
    wish = EXAMPLES[RaiseAdvocacy]
    assert look_up(wish, "lead") == BAPPEDA
    assert look_up(replace(wish, lead_id=HEALTH), "lead") is None
    assert look_up(wish, "target") is None
    target = Target(kind=TargetKind.AGENCY, name="Bappeda", organisation_id=PLANNING)
    assert look_up(replace(wish, target=target), "target") == BAPPEDA


@pytest.mark.parametrize("cls", [ProposeAdvocacy, ResubmitProposal])
def test_proposing_looks_up_the_sender_of_the_letter(cls):
    wish = EXAMPLES[cls]
    assert look_up(wish, "sender") is None
    from_bappeda = replace(wish.on_behalf_of, organisation_id=PLANNING)
    assert look_up(replace(wish, on_behalf_of=from_bappeda), "sender") == BAPPEDA
    assert look_up(replace(wish, on_behalf_of=None), "sender") is None


def test_recording_looks_up_every_member_met():
    wish = replace(EXAMPLES[RecordEngagement], organisation_ids=(PLANNING, HEALTH))
    assert look_up(wish, "organisations") == {PLANNING: BAPPEDA, HEALTH: None}


def test_every_register_that_a_look_up_reads_is_folded_by_the_service():
    folded_here = {one.name for one in (*service.own_registers, *service.foreign_registers)}
    assert {organisations.name, advocacies.name} <= folded_here
