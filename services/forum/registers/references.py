"""What a recommendation rests on, found in what the siblings have told."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.forum.domain.recommendation import DraftRecommendation, ReviseRecommendation
from services.forum.domain.terms import BasisKind
from services.forum.registers.advocacies import advocacies
from services.forum.registers.cases import cases
from shared.registers.register import Register

REGISTERS: dict[BasisKind, Register[Any]] = {BasisKind.ADVOCACY: advocacies, BasisKind.CASE: cases}


def named_as_basis(registers: Any, command: DraftRecommendation | ReviseRecommendation, id: str) -> frozenset[str]:
    """Those references to an advocacy or a case that are known here, as they were written."""
    named = ((REGISTERS[basis.kind], basis.ref) for basis in command.basis if basis.kind in REGISTERS)
    return frozenset(ref for register, ref in named if known(registers, register, ref))


def known(registers: Any, register: Register[Any], ref: str) -> bool:
    """Whether a register holds what `ref` names by id or by register number."""
    try:
        key = str(UUID(ref))
    except ValueError:
        return bool(registers.rows(register, limit=1, number=ref))
    return registers.row(register, key) is not None
