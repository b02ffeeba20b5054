"""What a recommendation rests on, found in what the siblings have told."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.forum.domain.drafting import DraftRecommendation, ReviseRecommendation
from services.forum.domain.terms import Basis, BasisKind
from services.forum.registers.advocacies import advocacies
from services.forum.registers.cases import cases
from shared.registers.register import Register

REGISTERS: dict[BasisKind, Register[Any]] = {BasisKind.ADVOCACY: advocacies, BasisKind.CASE: cases}


def named_as_basis(registers: Any, command: DraftRecommendation | ReviseRecommendation, id: str) -> frozenset[Basis]:
    """What is known here of the advocacies and cases that a draft rests on."""
    return frozenset(one for one in command.basis if one.kind in REGISTERS and known(registers, one))


def known(registers: Any, basis: Basis) -> bool:
    """Whether the sibling has told of what is named, by id or by register number."""
    register = REGISTERS[basis.kind]
    try:
        key = str(UUID(basis.ref))
    except ValueError:
        return bool(registers.rows(register, limit=1, number=basis.ref))
    return registers.row(register, key) is not None
