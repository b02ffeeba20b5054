"""Who hosts the secretariat, and which offices are delegated to whom: rights follow it, without asking membership."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from services.forum.foreign import DelegationEnded, OfficeDelegated, SecretariatDesignated
from shared.registers.register import About, Register


@dataclass(frozen=True)
class Secretariat:
    """The member that the secretariat of a working group belongs to."""

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


def designated(row: Secretariat | None, fact: SecretariatDesignated, about: About) -> Secretariat:
    """There is exactly one secretariat at a time."""
    return Secretariat(fact.member_id, fact.on)


def delegated(row: Delegation | None, fact: OfficeDelegated, about: About) -> Delegation:
    """Plh. or Plt., for a time."""
    return Delegation(fact.kind, fact.office, fact.account, fact.valid_from, fact.valid_until)


def ended(row: Delegation | None, fact: DelegationEnded, about: About) -> Delegation | None:
    """It ends on a last day."""
    return row and replace(row, valid_until=min(row.valid_until, fact.on))


secretariats = Register(
    name="secretariats",
    row=Secretariat,
    folds={SecretariatDesignated: designated},
    source="membership",
    shown=("host", "since"),
)
delegations = Register(
    name="delegations",
    row=Delegation,
    folds={OfficeDelegated: delegated, DelegationEnded: ended},
    source="membership",
    shown=("kind", "office", "valid_from", "valid_until"),
)


def host(registers: Any) -> UUID | None:
    """The organisation that hosts the secretariat; None until membership has told of one."""
    rows = [row for _, row in registers.rows(secretariats)]
    return max(rows, key=lambda row: row.since).host if rows else None


def offices(registers: Any, account: str, today: date) -> list[tuple[str, str]]:
    """The offices that are delegated to an account today, as (kind, office): ("plh", "chair")."""
    rows = (row for _, row in registers.rows(delegations, account=account))
    return [(row.kind, row.office) for row in rows if row.valid_from <= today <= row.valid_until]
