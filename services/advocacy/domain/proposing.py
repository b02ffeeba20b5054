"""How an advocacy comes to be raised: proposed, returned or dismissed, approved, and given a lead and a target."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.advocacy.domain.advocacy import (
    Advocacy,
    AdvocacyApproved,
    AdvocacyProposalDismissed,
    AdvocacyProposed,
    AdvocacyRaised,
    AdvocacyReturned,
)
from services.advocacy.domain.rules import (
    able_to_lead,
    areas_within,
    block_of,
    branch_of,
    of_inventory,
    require,
    sound_budget,
    worth_raising,
)
from services.advocacy.domain.terms import (
    Affair,
    AwarenessBlock,
    BudgetBlock,
    Kind,
    Origin,
    OriginKind,
    PolicyBlock,
    Source,
    Status,
    Target,
)
from shared.decider import Given
from shared.errors import BrokenRule, UnknownReference, WrongState
from shared.facts import area_code, command, numbered, several, text
from shared.rules import on_behalf, once


@command
class ProposeAdvocacy:
    """Propose an advocacy to the chair."""

    title: str = text(5, 200)
    kind: Kind
    issue: str = text(10, 4000, multiline=True)
    origin: Origin
    area_codes: tuple[str, ...] = area_code()
    on_behalf_of: Source | None = None


@command
class ResubmitProposal:
    """Propose a returned advocacy again, with what had to change."""

    title: str = text(5, 200)
    issue: str = text(10, 4000, multiline=True)
    area_codes: tuple[str, ...] = area_code()
    on_behalf_of: Source | None = None


@command
class ApproveAdvocacy:
    """The chair approves the proposal."""


@command
class ReturnProposal:
    """The chair sends the proposal back."""

    change: str = text(5, 2000, multiline=True)


@command
class RaiseAdvocacy:
    """The secretariat raises an approved advocacy with its target."""

    lead_id: UUID
    target: Target
    legal_basis: str = text(3, 1000, multiline=True)
    affairs: tuple[Affair, ...] = several(1, 5)
    budget: BudgetBlock | None = None
    policy: PolicyBlock | None = None
    awareness: AwarenessBlock | None = None
    policy_id: UUID | None = None


@command
class DismissProposal:
    """The secretariat puts a proposal aside and tells why."""

    reason: str = text(5, 2000, multiline=True)


def propose(advocacy: Advocacy, wish: ProposeAdvocacy, given: Given) -> Sequence[object]:
    """What did not spring from the working group itself names its origin."""
    if advocacy.status:
        raise WrongState("already-proposed")
    if wish.origin.kind is not OriginKind.OWN and not wish.origin.ref.strip():
        raise BrokenRule("origin-without-reference", "/origin/ref")
    return [proposal(given.new_id(0), wish, wish.kind, wish.origin, sender(wish, given))]


def resubmit(advocacy: Advocacy, wish: ResubmitProposal, given: Given) -> Sequence[object]:
    """The wording may change; kind, origin and proposer stay."""
    require(advocacy.status, "not-returned", Status.RETURNED)
    sender(wish, given)
    return [proposal(advocacy.id, wish, advocacy.kind, advocacy.origin, advocacy.proposed_by)]


def proposal(id: UUID, wish: ProposeAdvocacy | ResubmitProposal, kind: Kind, origin: Origin, by: UUID | None) -> AdvocacyProposed:
    """What is proposed, the first time or again."""
    return AdvocacyProposed(
        advocacy_id=id,
        title=wish.title,
        kind=kind,
        issue=wish.issue,
        origin=origin,
        area_codes=wish.area_codes,
        proposed_by=by,
        on_behalf_of=wish.on_behalf_of,
    )


def sender(wish: ProposeAdvocacy | ResubmitProposal, given: Given) -> UUID | None:
    """The organisation that proposes: the actor's, or the one whose letter is entered; `given.known` has its row."""
    areas_within(wish.area_codes, given)
    source = on_behalf(wish.on_behalf_of, given)
    if source is None:
        return given.actor.organisation
    if source.organisation_id and given.known["sender"] is None:
        raise UnknownReference("unknown-member", "/on_behalf_of/organisation_id")
    return source.organisation_id


def approve(advocacy: Advocacy, wish: ApproveAdvocacy, given: Given) -> Sequence[object]:
    """The chair decides what is proposed."""
    require(advocacy.status, "not-awaiting-approval", Status.PROPOSED)
    return [AdvocacyApproved(advocacy_id=advocacy.id)]


def send_back(advocacy: Advocacy, wish: ReturnProposal, given: Given) -> Sequence[object]:
    """The chair says what to change."""
    require(advocacy.status, "not-awaiting-approval", Status.PROPOSED)
    return [AdvocacyReturned(advocacy_id=advocacy.id, change=wish.change)]


def dismiss(advocacy: Advocacy, wish: DismissProposal, given: Given) -> Sequence[object]:
    """Only what the chair has not approved is put aside."""
    require(advocacy.status, "not-a-proposal-any-more", Status.PROPOSED, Status.RETURNED)
    return [AdvocacyProposalDismissed(advocacy_id=advocacy.id, reason=wish.reason)]


def raise_with_target(advocacy: Advocacy, wish: RaiseAdvocacy, given: Given) -> Sequence[object]:
    """`given.known` holds the rows of the `lead`, of the `target` when it is a member, and of the `policy` that is named."""
    require(advocacy.status, "not-approved", Status.APPROVED)
    able_to_lead(wish.lead_id, wish.target, given)
    once(wish.affairs, "/affairs")
    policy = policy_block(wish, given)
    block_of(advocacy.kind, {Kind.BUDGET: wish.budget, Kind.POLICY: policy, Kind.AWARENESS: wish.awareness})
    if wish.budget:
        sound_budget(wish.budget, given)
    row = given.known["policy"] if wish.policy_id else None
    branch = worth_raising(row.branch if row else branch_of(policy), "/policy") if policy else None
    return [
        AdvocacyRaised(
            advocacy_id=advocacy.id,
            number=numbered("ADV", given.today.year),
            title=advocacy.title,
            kind=advocacy.kind,
            lead_id=wish.lead_id,
            target=wish.target,
            legal_basis=wish.legal_basis,
            affairs=wish.affairs,
            area_codes=advocacy.area_codes,
            budget=wish.budget,
            policy=policy,
            awareness=wish.awareness,
            branch=branch,
            policy_id=wish.policy_id,
            on=given.today,
        )
    ]


def policy_block(wish: RaiseAdvocacy, given: Given) -> PolicyBlock | None:
    """What is said about the policy: as the inventory has it when one is named, else as the wish says."""
    row: Any = of_inventory(wish.policy_id, given)
    if row is None:
        return wish.policy
    if wish.policy:
        raise BrokenRule("policy-told-twice", "/policy")
    return PolicyBlock(
        instrument=row.instrument,
        title=row.title,
        status=row.status,
        contrary_to_public_interest=bool(row.contrary_to_public_interest),
        pro_public=bool(row.pro_public),
        effective=bool(row.effective),
    )
