"""What advocacy does of itself, and what its commands look up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from services.advocacy.domain.advocacy import AdvocacyApproved, AdvocacyProposed, AdvocacyRaised, EngagementRecorded
from services.advocacy.domain.concluding import ConcludeAdvocacy, ReopenAdvocacy
from services.advocacy.domain.deciding import advocacy
from services.advocacy.domain.policy import PolicyRegistered, RecordReplacement, RegisterPolicy
from services.advocacy.domain.proposing import ProposeAdvocacy, RaiseAdvocacy, ResubmitProposal
from services.advocacy.domain.pursuing import (
    AddSupporter,
    AssignLead,
    LinkPolicy,
    RecordEngagement,
    RecordTargetResponse,
    RequestRecommendation,
    VacateLead,
)
from services.advocacy.domain.terms import Answer, EngagementKind, Kind, Origin, OriginKind, Status, Target, TargetKind, Vacancy
from services.advocacy.examples import EXAMPLES, HEALTH, PLANNING, POLICY
from services.advocacy.foreign import (
    Basis,
    ConflictResolved,
    MediationFailed,
    MemberLeft,
    MemberSucceeded,
    MemberSuspended,
    OutcomeReviewed,
    RecommendationIssued,
    RecommendationResponded,
)
from services.advocacy.reactions import (
    propose_advocacy_when_conflict_resolved,
    propose_advocacy_when_mediation_failed,
    propose_advocacy_when_outcome_not_sustained,
    record_answer_when_recommendation_responded,
    record_engagement_when_recommendation_issued,
    vacate_lead_when_member_left,
    vacate_lead_when_member_succeeded,
    vacate_lead_when_member_suspended,
)
from services.advocacy.registers.advocacies import advocacies
from services.advocacy.registers.organisations import Organisation, organisations
from services.advocacy.registers.policies import policies
from services.advocacy.registers.recommendations import recommendations
from services.advocacy.service import service
from shared.decider import Actor
from shared.errors import UnknownReference
from shared.registers.register import About
from shared.testing import NOON, SOME_ID, Story, folded

ABOUT = About(str(SOME_ID), SOME_ID, f"32/case/{SOME_ID}", 3, 3, NOON)
BAPPEDA = Organisation("Bappeda", ("implementer",), ())
OURS = folded(advocacies, [EXAMPLES[AdvocacyProposed], EXAMPLES[AdvocacyApproved], EXAMPLES[AdvocacyRaised]])
RESOLVED = ConflictResolved(case_id=SOME_ID, number="MED/32/2025/0001", area_code="32.04")
FAILED = MediationFailed(**vars(RESOLVED))
ISSUED = RecommendationIssued(
    recommendation_id=UUID(int=5),
    number="REK/32/2025/0002",
    issue="Pagu perbaikan rumah",
    basis=(Basis(kind="advocacy", ref=str(SOME_ID)),),
    addressees=(PLANNING,),
    response_due=date(2025, 6, 30),
    on=date(2025, 6, 10),
)


RESPONDED = RecommendationResponded(
    recommendation_id=SOME_ID, addressee=PLANNING, answer="partly", reasons="Ruang fiskal terbatas.", on=date(2025, 6, 9)
)
REVIEWED = OutcomeReviewed(recommendation_id=SOME_ID, sustained=False, lesson="Pagu turun kembali.", on=date(2025, 6, 10))


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
    """The kinds of advocacy that a conflict with these root causes calls for, settled or not."""
    settled = propose_advocacy_when_conflict_resolved(replace(RESOLVED, root_causes=causes), ABOUT, REGISTERS)
    failed = propose_advocacy_when_mediation_failed(replace(FAILED, root_causes=causes), ABOUT, REGISTERS)
    found = [wish.command.kind for wish in settled]
    assert found == [wish.command.kind for wish in failed]
    return found


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


@pytest.mark.parametrize(
    ("react", "fact", "said"),
    [
        (propose_advocacy_when_conflict_resolved, RESOLVED, "telah diselesaikan"),
        (propose_advocacy_when_mediation_failed, FAILED, "tanpa kesepakatan"),
    ],
)
def test_what_a_conflict_calls_for_is_a_proposal_that_the_rules_accept(react, fact, said):
    (wish,) = react(replace(fact, root_causes=("policy_gap",)), ABOUT, REGISTERS)
    assert said in wish.command.issue
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


def kept(*basis):
    """Registers that know our one advocacy and the recommendation that rests on it."""
    issued = replace(ISSUED, basis=tuple(Basis(kind="advocacy", ref=ref) for ref in basis or (str(SOME_ID),)))
    return Rows(advocacies=OURS, organisations={str(PLANNING): BAPPEDA}, recommendations=folded(recommendations, [issued]))


def aimed_at(target_id):
    """The same, with an advocacy whose target is this member."""
    rows = kept()
    rows.kept["advocacies"] = {key: replace(line, target_id=target_id) for key, line in OURS.items()}
    return rows


@pytest.mark.parametrize(
    ("word", "answer"), [("accepted", Answer.AGREES), ("partly", Answer.PARTLY), ("rejected", Answer.REFUSES)]
)
def test_what_the_target_answers_to_a_recommendation_is_its_response(word, answer):
    (wish,) = record_answer_when_recommendation_responded(replace(RESPONDED, answer=word), ABOUT, aimed_at(PLANNING))
    assert (wish.aggregate, wish.id) == ("advocacy", SOME_ID)
    assert wish.command == RecordTargetResponse(
        answer=answer, reason="Ruang fiskal terbatas.", reference="REK/32/2025/0002", on=date(2025, 6, 9)
    )
    raised = Story(advocacy).given(EXAMPLES[AdvocacyProposed], EXAMPLES[AdvocacyApproved], EXAMPLES[AdvocacyRaised])
    (recorded,) = raised.knowing(actor=Actor("reaction")).when(wish.command).outcome
    assert recorded.answer is answer


def test_what_another_addressee_answers_is_a_letter_for_the_advocacy():
    for rows, fact in (
        (kept(), RESPONDED),
        (aimed_at(HEALTH), RESPONDED),
        (aimed_at(PLANNING), replace(RESPONDED, answer="something_new")),
    ):
        (wish,) = record_answer_when_recommendation_responded(fact, ABOUT, rows)
        assert (wish.command.kind, wish.command.organisation_ids) == (EngagementKind.LETTER, (PLANNING,))
        assert (wish.command.reference, wish.command.on) == ("REK/32/2025/0002", date(2025, 6, 9))


def test_an_outcome_that_did_not_last_is_taken_up_anew():
    (wish,) = propose_advocacy_when_outcome_not_sustained(REVIEWED, ABOUT, kept(str(SOME_ID), "ADV/32/2025/0001"))
    assert (wish.aggregate, wish.id) == ("advocacy", None)
    (proposed,) = Story(advocacy).knowing(actor=Actor("reaction"), sender=None).when(wish.command).outcome
    assert (proposed.kind, proposed.area_codes) == (Kind.BUDGET, ("32.03", "32.05"))
    assert proposed.origin == Origin(kind=OriginKind.FINDING, ref="REK/32/2025/0002")
    assert "Pagu turun kembali." in proposed.issue
    assert propose_advocacy_when_outcome_not_sustained(replace(REVIEWED, sustained=True), ABOUT, kept()) == []


def test_what_rests_on_nothing_of_ours_is_none_of_our_business():
    rows = kept("ADV/32/2024/0009", "")
    assert record_answer_when_recommendation_responded(RESPONDED, ABOUT, rows) == []
    assert propose_advocacy_when_outcome_not_sustained(REVIEWED, ABOUT, rows) == []


@pytest.mark.parametrize(
    ("react", "fact"),
    [
        (record_answer_when_recommendation_responded, RESPONDED),
        (propose_advocacy_when_outcome_not_sustained, REVIEWED),
    ],
)
def test_a_recommendation_that_is_not_known_yet_is_waited_for(react, fact):
    with pytest.raises(UnknownReference, match="unknown-recommendation"):
        react(fact, ABOUT, Rows(advocacies=OURS))


@pytest.mark.parametrize(
    ("react", "fact", "reason", "successor"),
    [
        (vacate_lead_when_member_suspended, MemberSuspended(member_id=PLANNING), Vacancy.SUSPENDED, None),
        (vacate_lead_when_member_left, MemberLeft(member_id=PLANNING), Vacancy.LEFT, None),
        (vacate_lead_when_member_succeeded, MemberSucceeded(member_id=PLANNING, successor_id=HEALTH), Vacancy.SUCCEEDED, HEALTH),
    ],
)
def test_who_is_suspended_or_gone_leads_no_longer(react, fact, reason, successor):
    (wish,) = react(fact, ABOUT, REGISTERS)
    assert (wish.aggregate, wish.id) == ("advocacy", SOME_ID)
    assert wish.command == VacateLead(member_id=PLANNING, reason=reason, successor_id=successor)
    raised = Story(advocacy).given(EXAMPLES[AdvocacyProposed], EXAMPLES[AdvocacyApproved], EXAMPLES[AdvocacyRaised])
    assert raised.when(wish.command).outcome[0].reason is reason
    assert react(replace(fact, member_id=HEALTH), ABOUT, REGISTERS) == []


def test_who_led_what_is_over_or_was_missed_before_is_not_missed():
    def led(**changed):
        rows = Rows(advocacies={key: replace(line, **changed) for key, line in OURS.items()})
        return vacate_lead_when_member_left(MemberLeft(member_id=PLANNING), ABOUT, rows)

    assert led()
    assert led(status=Status.IN_PROGRESS)
    assert led(lead_vacant=True) == led(status=Status.CONCLUDED) == led(status=Status.WITHDRAWN) == []


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


def test_lead_supporter_and_addressees_are_looked_up_among_the_members():
    assert look_up(AssignLead(lead_id=PLANNING), "lead") == BAPPEDA
    assert look_up(AddSupporter(member_id=HEALTH), "supporter") is None
    wish = replace(EXAMPLES[RequestRecommendation], addressees=(PLANNING, HEALTH))
    assert look_up(wish, "organisations") == {PLANNING: BAPPEDA, HEALTH: None}
    assert look_up(EXAMPLES[ReopenAdvocacy], "lead") == BAPPEDA
    assert service.row(ReopenAdvocacy)[1].known["lead"](Rows(), EXAMPLES[ReopenAdvocacy], str(SOME_ID)) is None
    assert look_up(replace(EXAMPLES[RegisterPolicy], owner_id=PLANNING), "owner") == BAPPEDA
    assert look_up(replace(EXAMPLES[RegisterPolicy], owner_id=None), "owner") is None


def test_policies_are_looked_up_in_the_inventory():
    (line,) = folded(policies, [EXAMPLES[PolicyRegistered]]).values()
    linked = {key: replace(row, policy_id=POLICY) for key, row in OURS.items()}
    rows = Rows(policies={str(POLICY): line}, advocacies=linked)

    def found(wish, name):
        return service.row(type(wish))[1].known[name](rows, wish, str(SOME_ID))

    assert found(replace(EXAMPLES[RaiseAdvocacy], policy_id=POLICY), "policy") == line
    assert found(EXAMPLES[RaiseAdvocacy], "policy") is None
    assert found(EXAMPLES[LinkPolicy], "policy") == line
    assert found(EXAMPLES[ConcludeAdvocacy], "policy") == line
    assert found(replace(EXAMPLES[RecordReplacement], replaced_by=POLICY), "replacement") == line
    rows.kept["advocacies"] = OURS
    assert found(EXAMPLES[ConcludeAdvocacy], "policy") is None
    rows.kept["advocacies"] = {}
    assert found(EXAMPLES[ConcludeAdvocacy], "policy") is None


def test_rights_follow_what_membership_tells():
    rows = Rows(organisations={str(PLANNING): BAPPEDA})
    assert service.directory.active(rows, PLANNING)
    assert service.directory.active(rows, HEALTH)
    assert not service.directory.active(Rows(organisations={str(PLANNING): replace(BAPPEDA, active=False)}), PLANNING)


def test_every_register_that_a_look_up_reads_is_folded_by_the_service():
    folded_here = {one.name for one in (*service.own_registers, *service.foreign_registers)}
    assert {organisations.name, advocacies.name} <= folded_here
