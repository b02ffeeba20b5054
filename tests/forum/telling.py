"""What siblings tell in these tests, and registers that know what they are given."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from services.forum.foreign import ConflictResolved, MediationFailed
from shared.registers.register import About, Register
from shared.testing import NOON

CASE = UUID("00000000-0000-4000-8000-000000000301")
ABOUT = About(str(CASE), CASE, f"32/case/{CASE}", 4, 9, NOON)


def resolved(*advised: UUID) -> ConflictResolved:
    """A settled case that advises these organisations to act."""
    return ConflictResolved(
        case_id=CASE,
        number="MED/32/2025/0001",
        axis="government_affected",
        area_code="32.04",
        scope="full",
        advised=advised,
        on=date(2025, 6, 4),
    )


def failed(*advised: UUID) -> MediationFailed:
    """A mediation without agreement that advises these organisations to act."""
    return MediationFailed(
        case_id=CASE,
        number="MED/32/2025/0001",
        axis="government_affected",
        area_code="32.04",
        advised=advised,
        on=date(2025, 6, 4),
    )


class Known:
    """Registers as look-ups and reactions see them: `Known(organisations={key: row})`."""

    def __init__(self, **registers: Mapping[str, Any]) -> None:
        self.registers = registers

    def row(self, register: Register[Any], key: str) -> Any:
        """The row of a key, or None."""
        return self.registers.get(register.name, {}).get(key)

    def rows(self, register: Register[Any], limit: int = 1000, **equal: Any) -> list[tuple[str, Any]]:
        """(key, row) of the rows whose columns are equal to these."""
        rows = self.registers.get(register.name, {}).items()
        return [(key, row) for key, row in rows if all(getattr(row, k) == v for k, v in equal.items())][:limit]
