"""The decrees that established the working group, with their terms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from services.membership.domain.working_group import WorkingGroupEstablished
from shared.registers.register import About, Register


@dataclass(frozen=True)
class Term:
    """A working group's decree and term."""

    decree_number: str
    decree_date: date
    issuer: str
    legal_basis: str
    term_start: date
    term_end: date


def established(row: Term | None, fact: WorkingGroupEstablished, about: About) -> Term:
    """The decree opens the term."""
    decree = fact.decree
    return Term(decree.number, decree.date, decree.issuer, decree.legal_basis, fact.term_start, fact.term_end)


working_groups = Register(
    name="working_groups",
    row=Term,
    folds={WorkingGroupEstablished: established},
    shown=("decree_number", "issuer", "term_start", "term_end"),
    searched=("decree_number",),
    public=True,
)


def established_group(registers: Any) -> Term | None:
    """The working group that is established, None before the first decree."""
    rows = registers.rows(working_groups)
    return rows[-1][1] if rows else None
