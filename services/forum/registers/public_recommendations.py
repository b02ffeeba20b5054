"""What everybody may see: the recommendations that were issued, and where each stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.forum.domain.recommendation import RecommendationIssued
from services.forum.domain.terms import Affair, Criteria, Status
from services.forum.registers.standings import PUBLIC_FOLDS, Said
from shared.registers.register import About, Register


@dataclass(frozen=True)
class PublicLine:
    """An issued recommendation; `sustained` is what the latest review found."""

    number: str
    issue: str
    status: Status
    text: str
    addressees: tuple[UUID, ...]
    affairs: tuple[Affair, ...]
    area_codes: tuple[str, ...]
    issued_on: date
    response_due: date
    criteria: Criteria
    document_hash: str
    acknowledged_by: tuple[UUID, ...] = ()
    said: tuple[Said, ...] = ()
    sustained: bool | None = None
    reviewed_on: date | None = None
    superseded_by: str = ""


def issued(line: PublicLine | None, fact: RecommendationIssued, about: About) -> PublicLine:
    """A recommendation becomes public with its issue."""
    return PublicLine(
        number=fact.number,
        issue=fact.issue,
        status=Status.ISSUED,
        text=fact.text,
        addressees=fact.addressees,
        affairs=fact.affairs,
        area_codes=fact.area_codes,
        issued_on=fact.on,
        response_due=fact.response_due,
        criteria=fact.criteria,
        document_hash=fact.document_hash,
    )


public_recommendations = Register(
    name="public_recommendations",
    row=PublicLine,
    folds={RecommendationIssued: issued, **PUBLIC_FOLDS},
    shown=("number", "issue", "status", "issued_on", "response_due", "sustained"),
    searched=("number", "issue"),
    public=True,
)
