"""The working group's decrees and terms, and the secretariat that serves it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from services.membership.domain.composing import CompositionGapCleared, CompositionGapFlagged, after
from services.membership.domain.terms import NO_GAPS, Decree, Gaps, GroupStatus, Span
from services.membership.domain.working_group import (
    DecreeAmended,
    SecretariatDesignated,
    TermEnded,
    TermRenewed,
    WorkingGroupCorrected,
    WorkingGroupDissolved,
    WorkingGroupEstablished,
)
from shared.registers.register import About, Register, corrected


@dataclass(frozen=True)
class Term:
    """A working group with the decree and days of its last term, the terms before it, and its secretariat."""

    decree_number: str
    decree_date: date
    issuer: str
    legal_basis: str
    term_start: date
    term_end: date
    status: GroupStatus = GroupStatus.ESTABLISHED
    earlier_terms: tuple[Span, ...] = ()
    amended_by: tuple[str, ...] = ()
    secretariat: str = ""
    host_id: UUID | None = None
    reason: str = ""
    gaps: Gaps = NO_GAPS

    def covers(self, day: date) -> bool:
        """Whether one of the terms holds the day."""
        return self.term_start <= day <= self.term_end or any(one.start <= day <= one.end for one in self.earlier_terms)


def cited(decree: Decree) -> dict[str, Any]:
    """The columns of a decree."""
    return {
        "decree_number": decree.number,
        "decree_date": decree.date,
        "issuer": decree.issuer,
        "legal_basis": decree.legal_basis,
    }


def established(row: Term | None, fact: WorkingGroupEstablished, about: About) -> Term:
    """The decree opens the term."""
    return Term(**cited(fact.decree), term_start=fact.term_start, term_end=fact.term_end)


def amended(row: Any, fact: DecreeAmended, about: About) -> Term:
    """The decree stays, with those that changed it."""
    return replace(row, amended_by=(*row.amended_by, fact.decree.number))


def renewed(row: Any, fact: TermRenewed, about: About) -> Term:
    """The next term opens; the one before stays known."""
    earlier = (*row.earlier_terms, Span(start=row.term_start, end=row.term_end))
    now = {"term_start": fact.term_start, "term_end": fact.term_end, "status": GroupStatus.ESTABLISHED}
    return replace(row, **cited(fact.decree), **now, earlier_terms=earlier, amended_by=())


def ended(row: Any, fact: TermEnded, about: About) -> Term:
    """It waits for another term."""
    return replace(row, status=GroupStatus.EXPIRED)


def dissolved(row: Any, fact: WorkingGroupDissolved, about: About) -> Term:
    """The line stays, with the reason."""
    return replace(row, status=GroupStatus.DISSOLVED, reason=fact.reason)


def designated(row: Any, fact: SecretariatDesignated, about: About) -> Term:
    """There is one secretariat at a time."""
    return replace(row, secretariat=fact.unit, host_id=fact.member_id)


def composed(row: Any, fact: CompositionGapFlagged | CompositionGapCleared, about: About) -> Term:
    """What nobody fills, as it was told last."""
    return replace(row, gaps=after(row.gaps, fact))


working_groups = Register(
    name="working_groups",
    row=Term,
    folds={
        WorkingGroupEstablished: established,
        DecreeAmended: amended,
        TermRenewed: renewed,
        TermEnded: ended,
        WorkingGroupDissolved: dissolved,
        SecretariatDesignated: designated,
        WorkingGroupCorrected: corrected,
        CompositionGapFlagged: composed,
        CompositionGapCleared: composed,
    },
    shown=("decree_number", "issuer", "term_start", "term_end", "status", "secretariat"),
    searched=("decree_number",),
    public=True,
)


def standing(registers: Any) -> list[tuple[str, Term]]:
    """(key, row) of the working group that is not dissolved, whether or not its term runs; none before the first decree."""
    return [(key, row) for key, row in registers.rows(working_groups) if row.status is not GroupStatus.DISSOLVED][-1:]


def present_group(registers: Any) -> Term | None:
    """The working group that is not dissolved."""
    return next((row for _, row in standing(registers)), None)


def id_of_present_group(registers: Any) -> UUID | None:
    """Its id."""
    return next((UUID(key) for key, _ in standing(registers)), None)


def secretariat_host(registers: Any) -> UUID | None:
    """The member that the secretariat belongs to, and that coordinates therefore."""
    group = present_group(registers)
    return group.host_id if group else None
