"""Proposals by their number, and what each party answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from services.mediation.domain.proposing import ProposalAnswered, ProposalMade
from shared.registers.register import About, Register


@dataclass(frozen=True)
class Answered:
    """One party's answer."""

    party_id: UUID
    accepted: bool
    reason: str | None = None


@dataclass(frozen=True)
class ProposalLine:
    """A proposal of one party (None: of the mediator); the one with the highest number is the present one."""

    case_id: UUID
    proposal: int
    by_party: UUID | None
    counters: int | None
    wording: str
    proposed_on: date
    answers: tuple[Answered, ...] = ()


def the_proposal(fact: ProposalMade | ProposalAnswered, id: UUID) -> Sequence[str]:
    """One proposal."""
    return [f"{id}/{fact.proposal}"]


def made(line: ProposalLine | None, fact: ProposalMade, about: About) -> ProposalLine:
    """A line opens with the proposal."""
    return ProposalLine(fact.case_id, fact.proposal, fact.by_party, fact.counters, fact.wording, fact.on)


def answered(line: Any, fact: ProposalAnswered, about: About) -> ProposalLine:
    """One party more has answered."""
    return replace(line, answers=(*line.answers, Answered(fact.party_id, fact.accepted, fact.reason)))


proposals = Register(
    name="proposals",
    row=ProposalLine,
    folds={ProposalMade: made, ProposalAnswered: answered},
    keys={ProposalMade: the_proposal, ProposalAnswered: the_proposal},
    shown=("proposal", "by_party", "wording", "proposed_on", "answers"),
    searched=("wording",),
)
