"""The evidence: the documents that support advocacies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.advocacy.domain.advocacy import EvidenceAttached
from services.advocacy.domain.terms import Classification
from shared.registers.register import About, Register


@dataclass(frozen=True)
class Evidence:
    """One document; its classification says who may open the file."""

    advocacy_id: UUID
    evidence_id: UUID
    title: str
    number: str
    issued_on: date
    issuer: str
    sha256: str
    classification: Classification


def attached(row: Evidence | None, fact: EvidenceAttached, about: About) -> Evidence:
    """A document is a line of its own and never changes."""
    paper = fact.document
    told = (paper.title, paper.number, paper.date, paper.issuer, paper.sha256, paper.classification)
    return Evidence(fact.advocacy_id, fact.evidence_id, *told)


def its_line(fact: EvidenceAttached, id: UUID) -> Sequence[str]:
    """The key of a document's line begins with its advocacy's."""
    return (f"{id}/{fact.evidence_id}",)


evidence = Register(
    name="evidence",
    row=Evidence,
    folds={EvidenceAttached: attached},
    keys={EvidenceAttached: its_line},
    shown=("title", "number", "issued_on", "issuer", "classification"),
    searched=("title", "number", "issuer"),
)
