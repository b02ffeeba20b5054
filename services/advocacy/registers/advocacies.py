"""The advocacy register: every advocacy from its proposal on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from services.advocacy.domain.advocacy import (
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
    LeadVacated,
    PolicyLinked,
    PositionPublished,
    SupporterAdded,
    TargetResponded,
)
from services.advocacy.domain.terms import (
    AT_WORK,
    Affair,
    Answer,
    Branch,
    Kind,
    OriginKind,
    Outcome,
    Status,
    TargetKind,
)
from shared.registers.register import About, Register, corrected

EVERY = 10_000


@dataclass(frozen=True)
class Line:
    """An advocacy as the register shows it; number, lead and target are empty until it is raised."""

    title: str
    kind: Kind
    status: Status
    issue: str
    origin_kind: OriginKind
    origin_ref: str
    area_codes: tuple[str, ...]
    proposed_by: UUID | None
    number: str = ""
    lead_id: UUID | None = None
    target_kind: TargetKind | None = None
    target_name: str = ""
    legal_basis: str = ""
    affairs: tuple[Affair, ...] = ()
    branch: Branch | None = None
    engagements: int = 0
    reason: str = ""
    target_id: UUID | None = None
    raised_on: date | None = None
    lead_vacant: bool = False
    supporters: tuple[UUID, ...] = ()
    policy_id: UUID | None = None
    respond_by: date | None = None
    answer: Answer | None = None
    outcome: Outcome | None = None
    lessons: str = ""
    concluded_on: date | None = None


def proposed(line: Line | None, fact: AdvocacyProposed, about: About) -> Line:
    """A line opens with the proposal; a proposal made again replaces it."""
    return Line(
        title=fact.title,
        kind=fact.kind,
        status=Status.PROPOSED,
        issue=fact.issue,
        origin_kind=fact.origin.kind,
        origin_ref=fact.origin.ref,
        area_codes=fact.area_codes,
        proposed_by=fact.proposed_by,
    )


def approved(line: Any, fact: AdvocacyApproved, about: About) -> Line:
    """It may be raised."""
    return replace(line, status=Status.APPROVED)


def returned(line: Any, fact: AdvocacyReturned, about: About) -> Line:
    """It waits for its proposer; the reason says what to change."""
    return replace(line, status=Status.RETURNED, reason=fact.change)


def raised(line: Any, fact: AdvocacyRaised, about: About) -> Line:
    """It has a number, a lead and a target."""
    return replace(
        line,
        status=Status.RAISED,
        number=fact.number,
        lead_id=fact.lead_id,
        target_kind=fact.target.kind,
        target_name=fact.target.name,
        legal_basis=fact.legal_basis,
        affairs=fact.affairs,
        branch=fact.branch,
        target_id=fact.target.organisation_id,
        raised_on=fact.on,
        policy_id=fact.policy_id,
    )


def dismissed(line: Any, fact: AdvocacyProposalDismissed, about: About) -> Line:
    """It stays in the register, with the reason."""
    return replace(line, status=Status.DISMISSED, reason=fact.reason)


def led(line: Any, fact: AdvocacyLeadAssigned, about: About) -> Line:
    """Another member leads."""
    return replace(line, lead_id=fact.lead_id, lead_vacant=False)


def vacated(line: Any, fact: LeadVacated, about: About) -> Line:
    """It waits for another lead; the line still names the one that is gone."""
    return replace(line, lead_vacant=True)


def supported(line: Any, fact: SupporterAdded, about: About) -> Line:
    """One more member stands behind it."""
    return replace(line, supporters=(*line.supporters, fact.member_id))


def linked(line: Any, fact: PolicyLinked, about: About) -> Line:
    """It works on a policy of the inventory."""
    return replace(line, policy_id=fact.policy_id, branch=fact.branch)


def published(line: Any, fact: PositionPublished, about: About) -> Line:
    """It is in progress, and waits for an answer to what was published last."""
    return replace(line, status=Status.IN_PROGRESS, respond_by=fact.respond_by, answer=None)


def answered(line: Any, fact: TargetResponded, about: About) -> Line:
    """The target's last word."""
    return replace(line, answer=fact.answer)


def concluded(line: Any, fact: AdvocacyConcluded, about: About) -> Line:
    """It ended with an outcome."""
    return replace(line, status=Status.CONCLUDED, outcome=fact.outcome, lessons=fact.lessons, concluded_on=fact.on)


def reopened(line: Any, fact: AdvocacyReopened, about: About) -> Line:
    """It goes on under its number; the outcome is open again."""
    return replace(line, status=Status.IN_PROGRESS, outcome=None, lessons="", concluded_on=None, reason=fact.reason)


def withdrawn(line: Any, fact: AdvocacyWithdrawn, about: About) -> Line:
    """It stays in the register, with the reason."""
    return replace(line, status=Status.WITHDRAWN, reason=fact.reason)


def engaged(line: Any, fact: EngagementRecorded, about: About) -> Line:
    """One more meeting or letter."""
    return replace(line, engagements=line.engagements + 1)


advocacies = Register(
    name="advocacies",
    row=Line,
    folds={
        AdvocacyProposed: proposed,
        AdvocacyApproved: approved,
        AdvocacyReturned: returned,
        AdvocacyRaised: raised,
        AdvocacyWithdrawn: withdrawn,
        EngagementRecorded: engaged,
        AdvocacyProposalDismissed: dismissed,
        AdvocacyLeadAssigned: led,
        LeadVacated: vacated,
        SupporterAdded: supported,
        PolicyLinked: linked,
        PositionPublished: published,
        TargetResponded: answered,
        AdvocacyConcluded: concluded,
        AdvocacyReopened: reopened,
        AdvocacyProposalCorrected: corrected,
        AdvocacyCorrected: corrected,
    },
    shown=("number", "title", "kind", "status", "target_name", "respond_by", "outcome"),
    searched=("number", "title"),
)


def advocacy_named(registers: Any, ref: str) -> UUID | None:
    """The id of the advocacy that `ref` names by id or by register number; None when it is not ours."""
    try:
        named = UUID(ref)
    except ValueError:
        rows = registers.rows(advocacies, number=ref) if ref else []
        return UUID(rows[0][0]) if rows else None
    return named if registers.row(advocacies, str(named)) else None


def led_by(registers: Any, member_id: UUID) -> list[UUID]:
    """The ids of the advocacies at work that a member leads."""
    rows = registers.rows(advocacies, limit=EVERY, lead_id=member_id)
    return [UUID(key) for key, row in rows if row.status in AT_WORK and not row.lead_vacant]
