"""Who hosts the secretariat and which offices are delegated, as membership tells it: rights here follow it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from services.advocacy.foreign import DelegationEnded, OfficeDelegated, SecretariatDesignated
from shared.registers.register import About, Register


@dataclass(frozen=True)
class Secretariat:
    """The member that a working group's secretariat belongs to."""

    host_id: UUID
    since: date


@dataclass(frozen=True)
class Delegation:
    """An office whose acts an account does, from its first to its last day."""

    office: str
    account: str
    kind: str
    valid_from: date
    valid_until: date


def designated(row: Secretariat | None, fact: SecretariatDesignated, about: About) -> Secretariat:
    """There is one at a time."""
    return Secretariat(fact.member_id, fact.on)


def delegated(row: Delegation | None, fact: OfficeDelegated, about: About) -> Delegation:
    """Plh. or Plt., for a time."""
    return Delegation(fact.office, fact.account, fact.kind, fact.valid_from, fact.valid_until)


def ended(row: Delegation | None, fact: DelegationEnded, about: About) -> Delegation | None:
    """Its last day is told."""
    return row and replace(row, valid_until=fact.on)


secretariats = Register(
    name="secretariats",
    row=Secretariat,
    folds={SecretariatDesignated: designated},
    source="membership",
    shown=("host_id", "since"),
)
delegations = Register(
    name="delegations",
    row=Delegation,
    folds={OfficeDelegated: delegated, DelegationEnded: ended},
    source="membership",
    shown=("office", "kind", "account", "valid_from", "valid_until"),
)


def secretariat_host(registers: Any) -> UUID | None:
    """The member that the secretariat belongs to; None until membership has told of one."""
    rows = registers.rows(secretariats)
    return rows[-1][1].host_id if rows else None


def offices_of(registers: Any, account: str, day: date) -> list[tuple[str, str]]:
    """The offices whose acts an account does on a day, as (kind, office)."""
    rows = (row for _, row in registers.rows(delegations, account=account))
    return [(row.kind, row.office) for row in rows if row.valid_from <= day <= row.valid_until]
