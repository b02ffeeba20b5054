"""The advocacy register: every advocacy from its proposal on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from services.advocacy.domain.advocacy import (
    AdvocacyApproved,
    AdvocacyProposed,
    AdvocacyRaised,
    AdvocacyReturned,
    AdvocacyWithdrawn,
    EngagementRecorded,
)
from services.advocacy.domain.terms import Affair, Branch, Kind, OriginKind, Status, TargetKind
from shared.registers.register import About, Register


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
    )


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
    },
    shown=("number", "title", "kind", "status", "target_name"),
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
