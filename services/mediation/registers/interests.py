"""The interest-clause grid: what each party needs, and the clauses of the present text that meet it or the reason for none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from services.mediation.domain.agreement import AgreementDrafted
from services.mediation.domain.proposing import InterestRecorded
from shared.registers.register import About, Register


@dataclass(frozen=True)
class InterestLine:
    """An interest of one party; `clauses` are numbers of the present text, `answered` is whether that text answers it."""

    case_id: UUID
    interest_id: UUID
    party_id: UUID
    need: str
    demand: str | None = None
    recorded_on: date | None = None
    answered: bool = False
    clauses: tuple[int, ...] = ()
    reason: str | None = None


def the_interest(fact: InterestRecorded, id: UUID) -> Sequence[str]:
    """One interest."""
    return [f"{id}/{fact.interest_id}"]


def all_of_the_text(fact: AgreementDrafted, id: UUID) -> Sequence[str]:
    """All that the text answers, and those that only the former one stated."""
    return [f"{id}/{one}" for one in (*fact.dropped, *(interest.interest_id for interest in fact.interests))]


def recorded(line: InterestLine | None, fact: InterestRecorded, about: About) -> InterestLine:
    """It is known before there is a text."""
    return InterestLine(fact.case_id, fact.interest_id, fact.party_id, fact.need, fact.demand, fact.on)


def drafted(line: InterestLine | None, fact: AgreementDrafted, about: About) -> InterestLine | None:
    """The latest text answers it."""
    for one in fact.interests:
        if about.key.endswith(str(one.interest_id)):
            known = line or InterestLine(fact.case_id, one.interest_id, one.party_id, one.need)
            return replace(known, answered=True, clauses=one.clauses, reason=one.reason)
    return None


interests = Register(
    name="interests",
    row=InterestLine,
    folds={InterestRecorded: recorded, AgreementDrafted: drafted},
    keys={InterestRecorded: the_interest, AgreementDrafted: all_of_the_text},
    shown=("party_id", "need", "demand", "answered", "clauses", "reason"),
    searched=("need",),
)
