"""How a mediation succeeds: a balanced text that all sign."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from services.mediation.domain.agreement import (
    AgreementDrafted,
    require_balance,
    require_obligations,
    require_soundness,
    text_hash,
)
from services.mediation.domain.case import Case, Owed
from services.mediation.domain.rules import (
    act_of_mediator,
    act_of_party,
    day_under_mediator,
    known_organisations,
    listed,
    require_stage,
    within_mediation,
)
from services.mediation.domain.terms import (
    Axis,
    Checks,
    Clause,
    Interest,
    Obligation,
    PromisedAct,
    RootCause,
    Scope,
    Source,
    Stage,
    StatedInterest,
    settled_stage,
    sha256,
)
from shared.decider import Given
from shared.errors import BrokenRule, WrongState
from shared.facts import INTERAGENCY, RESTRICTED, area_code, command, fact, several
from shared.rules import happened, once


@fact(visibility=RESTRICTED)
class AgreementSigned:
    """A party signed the agreement."""

    case_id: UUID
    party_id: UUID
    text_hash: str
    on: date
    on_behalf_of: Source | None = None


@fact(visibility=INTERAGENCY)
class ConflictResolved:
    """All parties signed: the conflict is settled, in whole or in part."""

    case_id: UUID
    number: str
    axis: Axis
    area_code: str = area_code()
    scope: Scope
    root_causes: tuple[RootCause, ...]
    advised: tuple[UUID, ...]
    on: date


@command
class DraftAgreement:
    """Lay the text of an agreement before the parties."""

    scope: Scope
    clauses: tuple[Clause, ...] = several(1, 60)
    interests: tuple[StatedInterest, ...] = several(1, 200)
    obligations: tuple[PromisedAct, ...] = several(0, 200, default=())
    checks: Checks
    root_causes: tuple[RootCause, ...] = several(0, 7, default=())
    advised: tuple[UUID, ...] = several(0, 20, default=())
    on: date | None = None
    on_behalf_of: Source | None = None


@command
class SignAgreement:
    """Sign the agreement for one party."""

    party_id: UUID
    text_hash: str = sha256()
    on: date | None = None
    on_behalf_of: Source | None = None


def draft(state: Case, wish: DraftAgreement, given: Given) -> Sequence[Any]:
    """A text goes to the parties when it answers every interest, binds nobody else and is sound."""
    require_stage(state, (Stage.IN_MEDIATION, Stage.AGREEMENT_DRAFTED))
    on = day_under_mediator(state, wish.on, given)
    within_mediation(state, on, "/on")
    interests = interests_of(state, wish.interests, given)
    require_balance(interests, wish.clauses, state.parties)
    require_obligations(wish.obligations, state.parties, on)
    require_soundness(wish.checks)
    once(wish.root_causes, "/root_causes")
    once(wish.advised, "/advised")
    known_organisations(wish.advised, given, "/advised")
    acts = enumerate(wish.obligations, len(wish.interests))
    return [
        AgreementDrafted(
            case_id=state.id,
            scope=wish.scope,
            clauses=wish.clauses,
            interests=interests,
            obligations=tuple(Obligation(obligation_id=given.new_id(n), **vars(act)) for n, act in acts),
            voided=tuple(one.obligation_id for one in state.laid.obligations) if state.laid else (),
            dropped=dropped(state, interests),
            checks=wish.checks,
            root_causes=wish.root_causes,
            advised=wish.advised,
            text_hash=text_hash(wish.scope, wish.clauses, wish.obligations),
            on=on,
            on_behalf_of=act_of_mediator(state, wish.on_behalf_of, given),
        )
    ]


def dropped(state: Case, interests: Sequence[Interest]) -> tuple[UUID, ...]:
    """Those that only the former text stated."""
    kept = {*state.interests, *(one.interest_id for one in interests)}
    return tuple(one.interest_id for one in (state.laid.interests if state.laid else ()) if one.interest_id not in kept)


def interests_of(state: Case, stated: Sequence[StatedInterest], given: Given) -> tuple[Interest, ...]:
    """Those recorded before, each of which must be answered, and those that are stated here for the first time."""
    once([one.interest_id for one in stated if one.interest_id], "/interests")
    found = []
    for n, one in enumerate(stated):
        if one.interest_id is None:
            if one.party_id is None or one.need is None:
                raise BrokenRule("interest-not-stated", f"/interests/{n}")
            found.append(_interest(given.new_id(n), one.party_id, one.need, one))
            continue
        recorded = state.interests.get(one.interest_id)
        if recorded is None or one.party_id not in (None, recorded.party_id):
            raise BrokenRule("unknown-interest", f"/interests/{n}/interest_id")
        found.append(_interest(one.interest_id, recorded.party_id, recorded.need, one))
    missing = set(state.interests) - {one.interest_id for one in found}
    if missing:
        raise BrokenRule("recorded-interest-unanswered", "/interests", count=len(missing))
    return tuple(found)


def _interest(id: UUID, party_id: UUID, need: str, stated: StatedInterest) -> Interest:
    return Interest(interest_id=id, party_id=party_id, need=need, clauses=stated.clauses, reason=stated.reason)


def sign(state: Case, wish: SignAgreement, given: Given) -> Sequence[Any]:
    """Each party signs the present text once; the last signature settles the case."""
    if state.stage is Stage.SUSPENDED:
        raise WrongState("case-suspended", resume_on=state.resume_on)
    if state.draft is None:
        raise WrongState("no-agreement-to-sign")
    same_text = wish.text_hash == state.draft.text_hash
    if wish.party_id in state.signed and same_text:
        return []
    require_stage(state, (Stage.AGREEMENT_DRAFTED,))
    source = act_of_party(state, wish.party_id, wish.on_behalf_of, given)
    if not same_text:
        raise BrokenRule("text-differs-from-draft", "/text_hash")
    if set(state.interests) - {one.interest_id for one in state.draft.interests}:
        raise BrokenRule("interest-not-in-text")
    on = happened(wish.on, given)
    if on < state.draft.on:
        raise BrokenRule("signed-before-drafted", "/on")
    signature = AgreementSigned(case_id=state.id, party_id=wish.party_id, text_hash=wish.text_hash, on=on, on_behalf_of=source)
    after = signed(state, signature)
    return [signature, *settle(after, state.draft)] if after.signed == set(after.parties) else [signature]


def settle(state: Case, draft: AgreementDrafted) -> Sequence[Any]:
    """Papers come in any order: the case was settled on the day of the latest signature."""
    on = max(day for _, day in state.signatures)
    resolved = ConflictResolved(
        case_id=state.id,
        number=state.number,
        axis=state.axis,
        area_code=state.area_code,
        scope=draft.scope,
        root_causes=draft.root_causes,
        advised=draft.advised,
        on=on,
    )
    return [resolved, listed(state, settled_stage(draft.scope), on)]


def drafted(state: Case, fact: AgreementDrafted) -> Case:
    """Signatures under an earlier text are void."""
    return replace(state, stage=Stage.AGREEMENT_DRAFTED, draft=fact, laid=fact, signatures=())


def signed(state: Case, fact: AgreementSigned) -> Case:
    """One signature more, of the day on which it was given."""
    return replace(state, signatures=(*state.signatures, (fact.party_id, fact.on)))


def resolved(state: Case, fact: ConflictResolved) -> Case:
    """The obligations of the text bind from now on, beside those that were performed under an earlier one."""
    done = {key: one for key, one in state.owed.items() if one.performed}
    new = {one.obligation_id: Owed(one.debtor, one.due) for one in (state.draft.obligations if state.draft else ())}
    return replace(
        state,
        stage=settled_stage(fact.scope),
        scope=fact.scope,
        settled_on=fact.on,
        owed={**done, **new},
        laid=None,
        mediation_due=None,
        reviews=frozenset(),
    )
