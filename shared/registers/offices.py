"""Who hosts the secretariat and which offices are delegated, as a sibling has told it: rights follow it, nobody is asked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from shared.registers.register import About, Register


@dataclass(frozen=True)
class Secretariat:
    """The organisation that the secretariat of a working group belongs to."""

    host: UUID
    since: date


@dataclass(frozen=True)
class Delegation:
    """An office that another account holds from one day until another, both included."""

    kind: str
    office: str
    account: str
    valid_from: date
    valid_until: date


def _designated(row: Secretariat | None, fact: Any, about: About) -> Secretariat:
    """A working group has exactly one secretariat at a time."""
    return Secretariat(fact.member_id, fact.on)


def _delegated(row: Delegation | None, fact: Any, about: About) -> Delegation:
    """Plh. or Plt., for a time."""
    return Delegation(fact.kind, fact.office, fact.account, fact.valid_from, fact.valid_until)


def _ended(row: Delegation | None, fact: Any, about: About) -> Delegation | None:
    """It ends on a last day."""
    return row and replace(row, valid_until=min(row.valid_until, fact.on))


class Offices:
    """A sibling's offices: their two registers, and what rights ask of them.

    The sibling's facts as this service reads them: `designated` tells `member_id` and `on`; `delegated` tells `office`,
    `account`, `kind`, `valid_from` and `valid_until`; `ended` tells `on`.
    """

    def __init__(self, source: str, designated: type, delegated: type, ended: type) -> None:
        self.secretariats = Register(
            name="secretariats",
            row=Secretariat,
            folds={designated: _designated},
            source=source,
            shown=("host", "since"),
        )
        self.delegations = Register(
            name="delegations",
            row=Delegation,
            folds={delegated: _delegated, ended: _ended},
            source=source,
            shown=("kind", "office", "valid_from", "valid_until"),
        )

    def host(self, registers: Any) -> UUID | None:
        """The organisation that hosts the secretariat; None until the sibling has told of one."""
        rows = [row for _, row in registers.rows(self.secretariats)]
        return max(rows, key=lambda row: row.since).host if rows else None

    def held(self, registers: Any, account: str, today: date) -> list[tuple[str, str]]:
        """The offices that are delegated to an account today, as (kind, office): ("plh", "chair")."""
        rows = (row for _, row in registers.rows(self.delegations, account=account))
        return [(row.kind, row.office) for row in rows if row.valid_from <= today <= row.valid_until]
