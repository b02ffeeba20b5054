"""The offices that are or were delegated: whose acts are done by whom, from when until when, as Plh. or Plt."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from services.membership.domain.office import DelegationEnded, OfficeDelegated
from services.membership.domain.terms import DelegationEnd, DelegationKind, OfficeName
from shared.registers.register import About, Register


@dataclass(frozen=True)
class DelegationLine:
    """One delegation; `ended_on` is the last day on which it held."""

    office: OfficeName
    account: str
    kind: DelegationKind
    valid_from: date
    valid_until: date
    letter_number: str
    letter_date: date
    ended_on: date | None = None
    end_reason: DelegationEnd | None = None

    def holds_on(self, day: date) -> bool:
        """Whether the account does the acts of the office on that day."""
        return self.valid_from <= day <= (self.ended_on or self.valid_until)


def delegated(row: DelegationLine | None, fact: OfficeDelegated, about: About) -> DelegationLine:
    """From its first day on, the account acts."""
    letter = fact.letter
    return DelegationLine(fact.office, fact.account, fact.kind, fact.valid_from, fact.valid_until, letter.number, letter.date)


def ended(row: Any, fact: DelegationEnded, about: About) -> DelegationLine:
    """The line stays: acts of that time were done under it."""
    return replace(row, ended_on=fact.on, end_reason=fact.end)


offices = Register(
    name="offices",
    row=DelegationLine,
    folds={OfficeDelegated: delegated, DelegationEnded: ended},
    shown=("office", "kind", "account", "valid_from", "valid_until", "letter_number", "ended_on"),
    searched=("letter_number",),
)


def deputy_of(registers: Any, office: OfficeName, day: date) -> DelegationLine | None:
    """Who does the acts of an office on a day, None when its holder does."""
    found = [row for _, row in registers.rows(offices, office=office) if row.holds_on(day)]
    return found[-1] if found else None


def offices_of(registers: Any, account: str, day: date) -> list[tuple[str, str]]:
    """The offices whose acts an account does on a day, as (kind, office)."""
    return [(row.kind, row.office) for _, row in registers.rows(offices, account=account) if row.holds_on(day)]
