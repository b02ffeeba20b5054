"""The register of recommendations: every one from its draft on, with who has acknowledged it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from services.forum.domain.recommendation import (
    AcknowledgementMissed,
    RecommendationAcknowledged,
    RecommendationDrafted,
    RecommendationEndorsed,
    RecommendationIssued,
)
from services.forum.domain.terms import Affair, Basis, Criteria, Status
from shared.registers.register import About, Register


@dataclass(frozen=True)
class Line:
    """A recommendation; number, days and hash are empty until it is issued, `overdue` says that a day was missed."""

    issue: str
    status: Status
    basis: tuple[Basis, ...]
    text: str
    addressees: tuple[UUID, ...]
    affairs: tuple[Affair, ...]
    area_codes: tuple[str, ...]
    number: str = ""
    decision: str = ""
    endorsed_on: date | None = None
    issued_on: date | None = None
    acknowledge_by: date | None = None
    response_due: date | None = None
    acknowledged_by: tuple[UUID, ...] = ()
    overdue: bool = False
    criteria: Criteria | None = None
    document_hash: str = ""


def drafted(line: Line | None, fact: RecommendationDrafted, about: About) -> Line:
    """A line opens with the draft; a draft written anew replaces it."""
    return Line(
        issue=fact.issue,
        status=Status.DRAFTED,
        basis=fact.basis,
        text=fact.text,
        addressees=fact.addressees,
        affairs=fact.affairs,
        area_codes=fact.area_codes,
    )


def endorsed(line: Any, fact: RecommendationEndorsed, about: About) -> Line:
    """The text is fixed; an urgent one has no decision yet."""
    return replace(line, status=Status.ENDORSED, decision=fact.decision or "", endorsed_on=fact.on)


def issued(line: Any, fact: RecommendationIssued, about: About) -> Line:
    """It has its number and its days."""
    return replace(
        line,
        status=Status.ISSUED,
        number=fact.number,
        issued_on=fact.on,
        acknowledge_by=fact.acknowledge_by,
        response_due=fact.response_due,
        criteria=fact.criteria,
        document_hash=fact.document_hash,
    )


def acknowledged(line: Any, fact: RecommendationAcknowledged, about: About) -> Line:
    """An addressee holds it; with the last one all do, and nothing is overdue."""
    by = (*line.acknowledged_by, fact.addressee)
    if set(by) < set(line.addressees):
        return replace(line, acknowledged_by=by)
    return replace(line, acknowledged_by=by, status=Status.ACKNOWLEDGED, overdue=False)


def missed(line: Any, fact: AcknowledgementMissed, about: About) -> Line:
    """Somebody has kept silent for too long."""
    return replace(line, overdue=True)


recommendations = Register(
    name="recommendations",
    row=Line,
    folds={
        RecommendationDrafted: drafted,
        RecommendationEndorsed: endorsed,
        RecommendationIssued: issued,
        RecommendationAcknowledged: acknowledged,
        AcknowledgementMissed: missed,
    },
    shown=("number", "issue", "status", "issued_on", "response_due", "overdue"),
    searched=("number", "issue"),
)
