"""What mediation does of itself when membership tells it something."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.mediation.domain.appointing import RecuseMediator
from services.mediation.domain.succeeding import SucceedParty
from services.mediation.domain.terms import ENDED, MEDIATED, Stage
from services.mediation.foreign import MemberLeft, MemberSucceeded, MemberSuspended
from services.mediation.registers.cases import cases
from services.mediation.registers.parties import parties
from shared.registers.register import About
from shared.service import Wish

# Stored text, so it speaks the language of those who will read the case.
SUSPENDED = "Lembaga mediator dibekukan keanggotaannya."
LEFT = "Lembaga mediator bukan anggota lagi."
SUCCEEDED = "Lembaga mediator dilebur ke dalam lembaga lain."


def recuse_mediators_when_member_suspended(fact: MemberSuspended, about: About, registers: Any) -> list[Wish]:
    """A suspended organisation sends no mediator: another one is to be appointed, the days of mediation stand still."""
    return _recuse(fact.member_id, SUSPENDED, registers)


def recuse_mediators_when_member_left(fact: MemberLeft, about: About, registers: Any) -> list[Wish]:
    """An organisation that is no member any more sends no mediator."""
    return _recuse(fact.member_id, LEFT, registers)


def recuse_mediators_when_member_succeeded(fact: MemberSucceeded, about: About, registers: Any) -> list[Wish]:
    """Whether the successor's people are impartial is for the chair to say anew."""
    return _recuse(fact.member_id, SUCCEEDED, registers)


def succeed_parties_when_member_succeeded(fact: MemberSucceeded, about: About, registers: Any) -> list[Wish]:
    """What a reorganised agency said and owes as a party is its successor's, in every case that lives."""
    wish = SucceedParty(organisation=fact.member_id, successor=fact.successor_id)
    lines = (line for _, line in registers.rows(parties, limit=100_000, organisation_id=fact.member_id))
    living = (id for id in dict.fromkeys(line.case_id for line in lines) if registers.row(cases, str(id)).stage not in ENDED)
    return [Wish(wish, "case", id) for id in living]


def _recuse(organisation: UUID, reason: str, registers: Any) -> list[Wish]:
    rows = registers.rows(cases, limit=100_000, mediator=organisation)
    at_work = (*MEDIATED, Stage.SUSPENDED)
    return [Wish(RecuseMediator(reason=reason), "case", UUID(key)) for key, line in rows if line.stage in at_work]
