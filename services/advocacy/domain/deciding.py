"""How an advocacy decides: which function answers which wish, what waits for whom, who is who."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from services.advocacy.domain import concluding, correcting, proposing, pursuing
from services.advocacy.domain.advocacy import Advocacy
from services.advocacy.domain.concluding import ConcludeAdvocacy, ReopenAdvocacy, WithdrawAdvocacy
from services.advocacy.domain.correcting import CorrectAdvocacy
from services.advocacy.domain.evolving import evolve
from services.advocacy.domain.proposing import (
    ApproveAdvocacy,
    DismissProposal,
    ProposeAdvocacy,
    RaiseAdvocacy,
    ResubmitProposal,
    ReturnProposal,
)
from services.advocacy.domain.pursuing import (
    AddSupporter,
    AssessGovernance,
    AssignLead,
    AttachEvidence,
    LinkPolicy,
    PublishPosition,
    RecordEngagement,
    RecordTargetResponse,
    RequestRecommendation,
    VacateLead,
)
from services.advocacy.domain.terms import Status
from shared.decider import Actor, Decider, Given, Waits

WISHES: dict[type, Any] = {
    ProposeAdvocacy: proposing.propose,
    ResubmitProposal: proposing.resubmit,
    ApproveAdvocacy: proposing.approve,
    ReturnProposal: proposing.send_back,
    DismissProposal: proposing.dismiss,
    RaiseAdvocacy: proposing.raise_with_target,
    AssignLead: pursuing.assign_lead,
    VacateLead: pursuing.vacate_lead,
    AddSupporter: pursuing.add_supporter,
    LinkPolicy: pursuing.link_policy,
    AttachEvidence: pursuing.attach,
    PublishPosition: pursuing.publish,
    RecordEngagement: pursuing.record_engagement,
    RecordTargetResponse: pursuing.record_response,
    AssessGovernance: pursuing.assess,
    RequestRecommendation: pursuing.request_recommendation,
    ConcludeAdvocacy: concluding.conclude,
    ReopenAdvocacy: concluding.reopen,
    WithdrawAdvocacy: concluding.withdraw,
    CorrectAdvocacy: correcting.correct,
}


def decide(advocacy: Advocacy, command: Any, given: Given) -> Sequence[object]:
    """The facts that a wish makes in this state."""
    wish = WISHES.get(type(command))
    if wish is None:
        raise TypeError(f"an advocacy knows no {type(command).__name__}")
    facts: Sequence[object] = wish(advocacy, command, given)
    return facts


def waiting(advocacy: Advocacy) -> Sequence[Waits]:
    """A decision, better words, a target, a lead, a position, an answer, a last look, an end."""
    match advocacy.status:
        case Status.PROPOSED:
            return [Waits("chair", ApproveAdvocacy)]
        case Status.RETURNED if advocacy.proposed_by:
            return [Waits("proposer", ResubmitProposal, organisation=advocacy.proposed_by)]
        case Status.RETURNED:
            return [Waits("secretariat", ResubmitProposal)]
        case Status.APPROVED:
            return [Waits("secretariat", RaiseAdvocacy)]
        case Status.RAISED:
            return [*without_lead(advocacy), Waits("secretariat", PublishPosition)]
        case Status.IN_PROGRESS:
            return [*without_lead(advocacy), next_step(advocacy)]
    return []


def without_lead(advocacy: Advocacy) -> list[Waits]:
    """The secretariat finds another lead for one that is gone."""
    return [Waits("secretariat", AssignLead)] if advocacy.lead_vacant else []


def next_step(advocacy: Advocacy) -> Waits:
    """The answer of the target, then the last assessment, then the chair's conclusion."""
    if advocacy.answer is None:
        return Waits("secretariat", RecordTargetResponse, advocacy.respond_by)
    if advocacy.assessed:
        return Waits("chair", ConcludeAdvocacy)
    if advocacy.lead_vacant or advocacy.lead_id is None:
        return Waits("secretariat", AssessGovernance)
    return Waits("lead", AssessGovernance, organisation=advocacy.lead_id)


def relations(advocacy: Advocacy, actor: Actor) -> frozenset[str]:
    """`lead`, `target`, `proposer`, `supporter`: what the actor's organisation is to the advocacy."""
    own = actor.organisation
    if own is None:
        return frozenset()
    is_so = {
        "lead": pursuing.leads(advocacy, own),
        "target": own == advocacy.target_id,
        "proposer": own == advocacy.proposed_by,
        "supporter": own in advocacy.supporters,
    }
    return frozenset(name for name, so in is_so.items() if so)


advocacy = Decider(
    "advocacy",
    Advocacy(),
    decide,
    evolve,
    waiting=waiting,
    relations=relations,
    phases=(proposing, pursuing, concluding, correcting),
)
