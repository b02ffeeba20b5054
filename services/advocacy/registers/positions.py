"""The positions: what the working group published for its advocacies, and when. It is the log of its openness."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.advocacy.domain.advocacy import PositionPublished
from services.advocacy.domain.terms import PositionKind
from shared.registers.register import About, Register


@dataclass(frozen=True)
class Position:
    """One published position, with the hash of its document."""

    advocacy_id: UUID
    published_on: date
    kind: PositionKind
    title: str
    document_number: str
    sha256: str
    respond_by: date | None


def published(row: Position | None, fact: PositionPublished, about: About) -> Position:
    """What is published stays published."""
    paper = fact.document
    return Position(fact.advocacy_id, fact.on, fact.kind, fact.title, paper.number, paper.sha256, fact.respond_by)


def its_line(fact: PositionPublished, id: UUID) -> Sequence[str]:
    """The key of a position's line begins with its advocacy's."""
    return (f"{id}/{fact.position_id}",)


positions = Register(
    name="positions",
    row=Position,
    folds={PositionPublished: published},
    keys={PositionPublished: its_line},
    shown=("published_on", "kind", "title", "document_number", "respond_by"),
    searched=("title", "document_number"),
    public=True,
)
