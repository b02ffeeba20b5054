"""What is talked about: what each party needs, and what is proposed and answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from services.mediation.domain.case import Case
from services.mediation.domain.rules import (
    act_of_mediator,
    act_of_party,
    day_under_mediator,
    is_mediator,
    require_party_of,
    require_stage,
    within_mediation,
)
from services.mediation.domain.terms import MEDIATED, Source, Stage
from shared.decider import Given
from shared.errors import BrokenRule, WrongState
from shared.facts import RESTRICTED, amount, command, fact, text


@fact(visibility=RESTRICTED)
class InterestRecorded:
    """What a party needs was recorded, as against what it demands; other parties read it with the agreement that answers it."""

    case_id: UUID
    interest_id: UUID
    party_id: UUID
    need: str
    demand: str | None
    on: date
    on_behalf_of: Source | None = None


@fact(visibility=RESTRICTED)
class ProposalMade:
    """A party, or the mediator, made a proposal; it takes the place of the former one."""

    case_id: UUID
    proposal: int
    by_party: UUID | None
    counters: int | None
    wording: str
    on: date
    on_behalf_of: Source | None = None


@fact(visibility=RESTRICTED)
class ProposalAnswered:
    """A party answered the present proposal."""

    case_id: UUID
    proposal: int
    party_id: UUID
    accepted: bool
    reason: str | None
    on: date
    on_behalf_of: Source | None = None


@command
class RecordInterest:
    """Record what a party needs, as against what it demands."""

    party_id: UUID
    need: str = text(3, 1000, multiline=True)
    demand: str | None = text(3, 1000, multiline=True, default=None)
    on: date | None = None
    on_behalf_of: Source | None = None


@command
class MakeProposal:
    """Make a proposal for one party, or as the mediator."""

    by_party: UUID | None = None
    counters: int | None = amount(1, 1000, default=None)
    wording: str = text(3, 10_000, multiline=True)
    on: date | None = None
    on_behalf_of: Source | None = None


@command
class AnswerProposal:
    """Answer the present proposal for one party."""

    proposal: int = amount(1, 1000)
    party_id: UUID
    accepted: bool
    reason: str | None = text(3, 2000, multiline=True, default=None)
    on: date | None = None
    on_behalf_of: Source | None = None


def record_interest(state: Case, wish: RecordInterest, given: Given) -> Sequence[Any]:
    """An interest that comes up over a text must stand in the next one before anybody signs."""
    require_stage(state, MEDIATED)
    require_party_of(state, wish.party_id)
    on, source = day_under_mediator(state, wish.on, given), act_of_mediator(state, wish.on_behalf_of, given)
    return [
        InterestRecorded(
            case_id=state.id,
            interest_id=given.new_id(0),
            party_id=wish.party_id,
            need=wish.need,
            demand=wish.demand,
            on=on,
            on_behalf_of=source,
        )
    ]


def propose(state: Case, wish: MakeProposal, given: Given) -> Sequence[Any]:
    """Each proposal has the next number; a counter-proposal counters the present one."""
    require_stage(state, (Stage.IN_MEDIATION, Stage.AGREEMENT_DRAFTED))
    source = by_party_or_mediator(state, wish.by_party, wish.on_behalf_of, given)
    on = day_under_mediator(state, wish.on, given)
    within_mediation(state, on, "/on")
    present = state.proposal.number if state.proposal else 0
    if wish.counters is not None and wish.counters != present:
        raise BrokenRule("proposal-superseded", "/counters", present=present)
    return [
        ProposalMade(
            case_id=state.id,
            proposal=present + 1,
            by_party=wish.by_party,
            counters=wish.counters,
            wording=wish.wording,
            on=on,
            on_behalf_of=source,
        )
    ]


def by_party_or_mediator(state: Case, party_id: UUID | None, source: Source | None, given: Given) -> Source | None:
    """A proposal is a party's, or the mediator's, who may also write down what a party says in a session."""
    if party_id is None:
        return act_of_mediator(state, source, given)
    require_party_of(state, party_id, "/by_party")
    if is_mediator(state, given.actor):
        return None
    return act_of_party(state, party_id, source, given, "/by_party")


def answer(state: Case, wish: AnswerProposal, given: Given) -> Sequence[Any]:
    """Each other party answers the present proposal once."""
    require_stage(state, (Stage.IN_MEDIATION, Stage.AGREEMENT_DRAFTED))
    if state.proposal is None:
        raise WrongState("nothing-proposed")
    require_party_of(state, wish.party_id)
    mediated = is_mediator(state, given.actor)
    source = None if mediated else act_of_party(state, wish.party_id, wish.on_behalf_of, given)
    on = day_under_mediator(state, wish.on, given)
    if wish.proposal != state.proposal.number:
        raise BrokenRule("proposal-superseded", "/proposal", present=state.proposal.number)
    if wish.party_id == state.proposal.by:
        raise BrokenRule("own-proposal", "/party_id")
    said = state.proposal.answers.get(wish.party_id)
    if said == (wish.accepted, wish.reason):
        return []
    if said:
        raise BrokenRule("proposal-already-answered", "/party_id")
    told = {**vars(wish), "on": on, "on_behalf_of": source}
    return [ProposalAnswered(case_id=state.id, **told)]


def answered(state: Case, fact: ProposalAnswered) -> Case:
    """An answer stands until there is another proposal."""
    if state.proposal is None:
        return state
    answers = {**state.proposal.answers, fact.party_id: (fact.accepted, fact.reason)}
    return replace(state, proposal=replace(state.proposal, answers=answers))
