"""An advocacy: one thing that the working group wants of a budget, a policy or people."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from services.advocacy.domain.rules import (
    able_to_lead,
    areas_within,
    block_of,
    branch,
    happened,
    met_somebody,
    on_behalf,
    once,
    sound_budget,
)
from services.advocacy.domain.terms import (
    Affair,
    AwarenessBlock,
    Branch,
    BudgetBlock,
    EngagementKind,
    Kind,
    Origin,
    OriginKind,
    PolicyBlock,
    Source,
    Status,
    Target,
)
from shared.decider import Decider, Given
from shared.errors import BrokenRule, UnknownReference, WrongState
from shared.facts import INTERAGENCY, PUBLIC, area_code, command, fact, numbered, several, text


@fact(visibility=INTERAGENCY)
class AdvocacyProposed:
    """An advocacy was proposed, or proposed again after it had been returned."""

    advocacy_id: UUID
    title: str
    kind: Kind
    issue: str
    origin: Origin
    area_codes: tuple[str, ...]
    proposed_by: UUID | None = None
    on_behalf_of: Source | None = None


@fact(visibility=INTERAGENCY)
class AdvocacyApproved:
    """The chair approved a proposed advocacy."""

    advocacy_id: UUID


@fact(visibility=INTERAGENCY)
class AdvocacyReturned:
    """The chair sent a proposal back and said what to change."""

    advocacy_id: UUID
    change: str


@fact(visibility=PUBLIC)
class AdvocacyRaised:
    """An advocacy was raised with its target, under a register number; it holds the block of its kind and no other."""

    advocacy_id: UUID
    number: str
    title: str
    kind: Kind
    lead_id: UUID
    target: Target
    legal_basis: str
    affairs: tuple[Affair, ...]
    area_codes: tuple[str, ...]
    budget: BudgetBlock | None = None
    policy: PolicyBlock | None = None
    awareness: AwarenessBlock | None = None
    branch: Branch | None = None


@fact(visibility=PUBLIC)
class AdvocacyWithdrawn:
    """A raised advocacy was given up."""

    advocacy_id: UUID
    reason: str


@fact(visibility=INTERAGENCY)
class EngagementRecorded:
    """The working group met or wrote to somebody for an advocacy."""

    advocacy_id: UUID
    engagement_id: UUID
    kind: EngagementKind
    subject: str
    organisation_ids: tuple[UUID, ...] = ()
    counterpart: str = ""
    reference: str = ""
    on: date


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


@command
class WithdrawAdvocacy:
    """Give a raised advocacy up."""

    reason: str = text(5, 2000, multiline=True)


@command
class RecordEngagement:
    """Record an audience, a hearing, a letter or a workshop for an advocacy."""

    kind: EngagementKind
    subject: str = text(3, 500)
    organisation_ids: tuple[UUID, ...] = several(0, 100, ())
    counterpart: str = text(0, 200, default="")
    reference: str = text(0, 120, default="")
    on: date | None = None


NOBODY = UUID(int=0)
OWN = Origin(kind=OriginKind.OWN)


@dataclass(frozen=True)
class Advocacy:
    """What the rules need to know of an advocacy, and what raising it repeats of its proposal."""

    id: UUID = NOBODY
    status: Status | None = None
    title: str = ""
    kind: Kind = Kind.AWARENESS
    origin: Origin = OWN
    area_codes: tuple[str, ...] = ()
    proposed_by: UUID | None = None


def decide(advocacy: Advocacy, command: Any, given: Given) -> list[object]:
    """The facts that a wish makes in this state."""
    match command:
        case ProposeAdvocacy():
            return propose(advocacy, command, given)
        case ResubmitProposal():
            return resubmit(advocacy, command, given)
        case ApproveAdvocacy():
            require(advocacy, "not-awaiting-approval", Status.PROPOSED)
            return [AdvocacyApproved(advocacy_id=advocacy.id)]
        case ReturnProposal():
            require(advocacy, "not-awaiting-approval", Status.PROPOSED)
            return [AdvocacyReturned(advocacy_id=advocacy.id, change=command.change)]
        case RaiseAdvocacy():
            return raise_with_target(advocacy, command, given)
        case WithdrawAdvocacy():
            require(advocacy, "not-raised", Status.RAISED)
            return [AdvocacyWithdrawn(advocacy_id=advocacy.id, reason=command.reason)]
        case RecordEngagement():
            return record_engagement(advocacy, command, given)
    raise TypeError(f"an advocacy knows no {type(command).__name__}")


def require(advocacy: Advocacy, slug: str, status: Status) -> None:
    """Raises WrongState unless the advocacy stands there."""
    if advocacy.status is not status:
        raise WrongState(slug)


def propose(advocacy: Advocacy, wish: ProposeAdvocacy, given: Given) -> list[object]:
    """What did not spring from the working group itself names its origin."""
    if advocacy.status:
        raise WrongState("already-proposed")
    if wish.origin.kind is not OriginKind.OWN and not wish.origin.ref.strip():
        raise BrokenRule("origin-without-reference", "/origin/ref")
    return [proposal(given.new_id(0), wish, wish.kind, wish.origin, sender(wish, given))]


def resubmit(advocacy: Advocacy, wish: ResubmitProposal, given: Given) -> list[object]:
    """The wording may change; kind, origin and proposer stay."""
    require(advocacy, "not-returned", Status.RETURNED)
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
    areas_within(wish.area_codes, given.province)
    source = on_behalf(wish.on_behalf_of, given)
    if source is None:
        return given.actor.organisation
    if source.organisation_id and given.known["sender"] is None:
        raise UnknownReference("unknown-member", "/on_behalf_of/organisation_id")
    return source.organisation_id


def raise_with_target(advocacy: Advocacy, wish: RaiseAdvocacy, given: Given) -> list[object]:
    """`given.known` holds the rows of the `lead` and, when it is a member, of the `target`."""
    require(advocacy, "not-approved", Status.APPROVED)
    able_to_lead(wish.lead_id, wish.target, given)
    once(wish.affairs, "/affairs")
    block_of(advocacy.kind, {Kind.BUDGET: wish.budget, Kind.POLICY: wish.policy, Kind.AWARENESS: wish.awareness})
    if wish.budget:
        sound_budget(wish.budget, given)
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
            policy=wish.policy,
            awareness=wish.awareness,
            branch=branch(wish.policy) if wish.policy else None,
        )
    ]


def record_engagement(advocacy: Advocacy, wish: RecordEngagement, given: Given) -> list[object]:
    """Somebody was met or written to; `given.known["organisations"]` maps each member named to its row."""
    require(advocacy, "not-raised", Status.RAISED)
    met_somebody(wish.organisation_ids, wish.counterpart, given)
    return [
        EngagementRecorded(
            advocacy_id=advocacy.id,
            engagement_id=given.new_id(1),
            kind=wish.kind,
            subject=wish.subject,
            organisation_ids=wish.organisation_ids,
            counterpart=wish.counterpart,
            reference=wish.reference,
            on=happened(wish.on, given),
        )
    ]


def evolve(advocacy: Advocacy, fact: Any) -> Advocacy:
    """The advocacy after a fact."""
    match fact:
        case AdvocacyProposed():
            at, by = fact.area_codes, fact.proposed_by
            return Advocacy(fact.advocacy_id, Status.PROPOSED, fact.title, fact.kind, fact.origin, at, by)
        case AdvocacyApproved():
            return replace(advocacy, status=Status.APPROVED)
        case AdvocacyReturned():
            return replace(advocacy, status=Status.RETURNED)
        case AdvocacyRaised():
            return replace(advocacy, status=Status.RAISED)
        case AdvocacyWithdrawn():
            return replace(advocacy, status=Status.WITHDRAWN)
    return advocacy


advocacy = Decider("advocacy", Advocacy(), decide, evolve)
