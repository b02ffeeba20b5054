"""Whatever is wished of an advocacy or a policy, in whatever order: the rules hold, and a replay gives the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from hypothesis.strategies import booleans, builds, fixed_dictionaries, just, none, one_of, sampled_from

from services.advocacy.domain import concluding, correcting, judging, proposing, pursuing
from services.advocacy.domain import policy as inventory
from services.advocacy.domain.advocacy import (
    Advocacy,
    AdvocacyApproved,
    AdvocacyConcluded,
    AdvocacyCorrected,
    AdvocacyLeadAssigned,
    AdvocacyProposalCorrected,
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
    RecommendationRequested,
    SupporterAdded,
    TargetResponded,
)
from services.advocacy.domain.deciding import advocacy
from services.advocacy.domain.judging import policy
from services.advocacy.domain.rules import branch_of
from services.advocacy.domain.terms import (
    AdvocacyField,
    Answer,
    Branch,
    BranchCause,
    Kind,
    Outcome,
    PolicyField,
    PolicyStatus,
    Score,
    Status,
    Vacancy,
)
from services.advocacy.examples import EVIDENCE, EXAMPLES, HEALTH, HOUSING, NEW_POLICY, PLANNING, POLICY
from services.advocacy.registers.advocacies import advocacies
from services.advocacy.registers.policies import policies
from services.advocacy.service import service
from shared.decider import Actor
from shared.testing import SOME_ID, folded
from tests.advocacy.walk import APPROVED, BAPPEDA, INVENTORY, LINKED, PROPOSED, PUBLISHED, RAISED, past
from tests.sequences import any_sequence, corrected_rightly, corrections, told

ACTORS = sampled_from(
    [
        Actor("a", frozenset({"secretariat"})),
        Actor("b", frozenset({"chair"})),
        Actor("c", frozenset({"member"}), PLANNING),
        Actor("d", frozenset({"machine"})),
    ]
)
DAYS = one_of(none(), sampled_from([date(2025, 2, 1) + timedelta(days=30 * n) for n in range(14)]))
WHY = just("Alasan yang cukup jelas.")
MEMBERS = sampled_from([PLANNING, HEALTH, HOUSING])
ROWS = sampled_from([None, BAPPEDA, BAPPEDA, replace(BAPPEDA, active=False, vacancy="left")])
LATE = date(2026, 1, 1)
PROOF = fixed_dictionaries(
    {
        name: sampled_from([None, LATE])
        for name in ("enacted_on", "amended_on", "text_on", "measure_on", "revoked_on", "replaced_on")
    }
)
LINES = one_of(
    none(),
    builds(
        lambda days, branch, effective: replace(INVENTORY, branch=branch, effective=effective, reassessed_on=LATE, **days),
        PROOF,
        sampled_from([None, *Branch]),
        booleans(),
    ),
)
SCORES = builds(Score, points=sampled_from(range(5)), evidence_ids=sampled_from([(), (EVIDENCE,)]))


def line(register, facts):
    """The register's row of the aggregate."""
    return folded(register, facts).get(str(SOME_ID))


# --- the advocacy -------------------------------------------------------------------------------------------------

AT_WORK = {Status.RAISED, Status.IN_PROGRESS}
BEFORE = {
    AdvocacyProposed: {None, Status.RETURNED},
    AdvocacyApproved: {Status.PROPOSED},
    AdvocacyReturned: {Status.PROPOSED},
    AdvocacyProposalDismissed: {Status.PROPOSED, Status.RETURNED},
    AdvocacyRaised: {Status.APPROVED},
    AdvocacyLeadAssigned: AT_WORK,
    LeadVacated: AT_WORK,
    SupporterAdded: AT_WORK,
    PolicyLinked: AT_WORK,
    PositionPublished: AT_WORK,
    EngagementRecorded: AT_WORK,
    TargetResponded: AT_WORK,
    RecommendationRequested: {Status.IN_PROGRESS},
    AdvocacyConcluded: {Status.IN_PROGRESS},
    AdvocacyReopened: {Status.CONCLUDED},
    AdvocacyWithdrawn: AT_WORK,
    AdvocacyCorrected: AT_WORK,
    AdvocacyProposalCorrected: {Status.PROPOSED, Status.RETURNED, Status.APPROVED, *AT_WORK},
}


def advocacy_holds(facts, state):
    """Every fact follows from a status that allows it; one number; nobody leads against itself; no end without a last look."""
    now = Advocacy()
    for fact in facts:
        assert now.status in BEFORE.get(type(fact), {*Status})
        if isinstance(fact, AdvocacyConcluded):
            assert now.assessed
            assert fact.outcome is Outcome.NOT_ACHIEVED or (now.kind is Kind.POLICY and now.policy_id)
        if isinstance(fact, LeadVacated):
            assert not now.lead_vacant
        now = advocacy.evolve(now, fact)
    assert len(told(facts, AdvocacyRaised)) <= 1
    if state.lead_id:
        assert state.lead_id != state.target_id
    assert state.target_id is None or state.target_id not in state.supporters
    for one in told(facts, GovernanceAssessed):
        scores = (one.pro_poor, one.openness, one.accountability)
        assert {id for score in scores for id in score.evidence_ids} <= state.evidence
        assert not one.final or all(score.evidence_ids for score in scores)
    if facts:
        row = line(advocacies, facts)
        assert (row.status, row.lead_vacant, row.answer) == (state.status, state.lead_vacant, state.answer)
        assert (row.lead_id, row.policy_id, set(row.supporters)) == (state.lead_id, state.policy_id, set(state.supporters))
        assert (row.outcome is not None) is (state.status is Status.CONCLUDED)
        corrected_rightly(facts, AdvocacyField, row, state)


OF_POLICY = (replace(PROPOSED, kind=Kind.POLICY), APPROVED, replace(RAISED, kind=Kind.POLICY, budget=None))
ASSESSED = past(GovernanceAssessed)
TestAdvocacy = any_sequence(
    service,
    advocacy,
    wishes=one_of(
        builds(replace, just(EXAMPLES[proposing.ProposeAdvocacy]), kind=sampled_from(Kind), on_behalf_of=none()),
        just(EXAMPLES[proposing.ResubmitProposal]),
        just(proposing.ApproveAdvocacy()),
        builds(proposing.ReturnProposal, change=WHY),
        builds(proposing.DismissProposal, reason=WHY),
        builds(
            replace,
            just(EXAMPLES[proposing.RaiseAdvocacy]),
            lead_id=MEMBERS,
            budget=sampled_from([None, EXAMPLES[proposing.RaiseAdvocacy].budget]),
            policy_id=sampled_from([None, POLICY]),
        ),
        just(EXAMPLES[proposing.RaiseAdvocacy]),
        builds(pursuing.AssignLead, lead_id=MEMBERS),
        builds(pursuing.VacateLead, member_id=just(PLANNING), reason=sampled_from(Vacancy)),
        builds(pursuing.AddSupporter, member_id=MEMBERS),
        just(EXAMPLES[pursuing.LinkPolicy]),
        just(EXAMPLES[pursuing.AttachEvidence]),
        builds(replace, just(EXAMPLES[pursuing.PublishPosition]), on=DAYS),
        builds(pursuing.RecordTargetResponse, answer=sampled_from(Answer), reason=sampled_from(["", "Alasan."]), on=DAYS),
        builds(pursuing.AssessGovernance, final=booleans(), pro_poor=SCORES, openness=SCORES, accountability=SCORES, on=DAYS),
        builds(replace, just(EXAMPLES[pursuing.RequestRecommendation]), wanted_by=sampled_from([date(2025, 7, 1), LATE])),
        builds(concluding.ConcludeAdvocacy, outcome=sampled_from(Outcome), lessons=WHY, on=one_of(none(), DAYS)),
        builds(concluding.ConcludeAdvocacy, outcome=sampled_from(Outcome), lessons=WHY),
        builds(concluding.ReopenAdvocacy, reason=WHY),
        corrections(correcting.CorrectAdvocacy, AdvocacyField),
        sampled_from([*9 * [EXAMPLES[pursuing.RecordEngagement]], EXAMPLES[concluding.WithdrawAdvocacy]]),
    ),
    actors=ACTORS,
    known={
        "sender": ROWS,
        "lead": ROWS,
        "supporter": ROWS,
        "target": ROWS,
        "organisations": just({PLANNING: BAPPEDA}),
        "policy": LINES,
    },
    check=advocacy_holds,
    starts=(
        (),
        (PROPOSED,),
        (PROPOSED, APPROVED),
        (PROPOSED, APPROVED, RAISED, PUBLISHED),
        (*OF_POLICY, PUBLISHED, past(EvidenceAttached)),
        *3 * ((*OF_POLICY, LINKED, past(EvidenceAttached), PUBLISHED, ASSESSED),),
    ),
)


# --- the policy ---------------------------------------------------------------------------------------------------


def policy_holds(facts, state):
    """The branch is the one that the answers give, unless the chair set it; its history has no gap; acts follow each other."""
    branches = told(facts, inventory.PolicyAssessed, inventory.BranchChanged)
    current = None
    for fact in branches:
        if isinstance(fact, inventory.BranchChanged):
            assert fact.before is current
            assert fact.before is not fact.after
            current = fact.after
        elif current is None:
            current = fact.branch
    assert current is state.branch
    judged = told(facts, inventory.PolicyAssessed, inventory.BranchChanged, inventory.EffectivenessReassessed)
    by_chair = judged and isinstance(judged[-1], inventory.BranchChanged) and judged[-1].cause is BranchCause.OVERRIDE
    if state.branch and not by_chair and not state.outdated:
        assert state.branch is branch_of(state)
    if state.branch is Branch.NONE:
        assert state.review_on
    versions = [one.text_version for one in told(facts, inventory.PolicyTextProposed)]
    assert versions == list(range(1, len(versions) + 1))
    assert len(told(facts, inventory.PolicyRegistered)) <= 1
    for enacted in told(facts, inventory.PolicyEnacted):
        later = told(facts, inventory.PolicyAmended, inventory.PolicyRevoked, inventory.EnforcementMeasureRecorded)
        assert all(one.on >= enacted.on for one in later if facts.index(one) > facts.index(enacted))
    assert state.replaced_by is None or state.status is PolicyStatus.REVOKED
    if facts:
        row = line(policies, facts)
        assert (row.status, row.branch, row.review_on) == (state.status, state.branch, state.review_on)
        assert (row.number, row.replaced_by, row.texts) == (state.number, state.replaced_by, state.text_version)
        assert not row.branches or row.branches[-1].branch is state.branch
        corrected_rightly(facts, PolicyField, row, state)


REGISTERED = EXAMPLES[inventory.PolicyRegistered]
GIVEN = just(EXAMPLES[inventory.AssessPolicy])
TestPolicy = any_sequence(
    service,
    policy,
    wishes=one_of(
        builds(replace, just(EXAMPLES[inventory.RegisterPolicy]), status=sampled_from(PolicyStatus)),
        builds(
            replace,
            GIVEN,
            contrary_to_public_interest=booleans(),
            pro_public=booleans(),
            effective=booleans(),
            review_on=DAYS,
            on=DAYS,
        ),
        builds(replace, GIVEN, pro_public=booleans(), effective=booleans(), on=none()),
        builds(inventory.OverrideBranch, branch=sampled_from(Branch), reason=WHY, on=DAYS),
        builds(replace, just(EXAMPLES[inventory.ProposePolicyText]), is_draft=booleans(), on=DAYS),
        builds(replace, just(EXAMPLES[inventory.RecordEnactment]), on=DAYS),
        builds(replace, just(EXAMPLES[inventory.RecordAmendment]), on=DAYS),
        builds(replace, just(EXAMPLES[inventory.RecordRevocation]), on=DAYS),
        builds(inventory.RecordReplacement, replaced_by=sampled_from([NEW_POLICY, UUID(int=9)]), on=DAYS),
        builds(replace, just(EXAMPLES[inventory.RecordEnforcementMeasure]), on=DAYS),
        builds(inventory.ReassessEffectiveness, effective=booleans(), reasons=WHY, on=DAYS),
        corrections(judging.CorrectPolicy, PolicyField),
    ),
    actors=ACTORS,
    known={"owner": ROWS, "replacement": LINES},
    check=policy_holds,
    starts=(
        (),
        (replace(REGISTERED, status=PolicyStatus.NONE, number=""),),
        (replace(REGISTERED, status=PolicyStatus.DRAFT),),
        (REGISTERED, EXAMPLES[inventory.PolicyAssessed]),
    ),
)
