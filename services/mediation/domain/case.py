"""A case: parties in conflict over housing, and the agreement that they reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from services.mediation.domain.agreement import require_balance, require_obligations, require_soundness, text_hash
from services.mediation.domain.parties import axis_of, require_parties
from services.mediation.domain.rules import (
    act_of_another,
    happened,
    known_organisations,
    of_the_province,
    on_behalf,
    once,
)
from services.mediation.domain.terms import (
    SETTLED,
    Axis,
    Checks,
    Clause,
    Interest,
    NewParty,
    Obligation,
    Party,
    PromisedAct,
    RootCause,
    Scope,
    Source,
    Stage,
    StatedInterest,
    settled_stage,
    sha256,
    tracking_code,
)
from shared.decider import Decider, Given
from shared.errors import BrokenRule, WrongState
from shared.facts import INTERAGENCY, PUBLIC, RESTRICTED, area_code, command, fact, numbered, several, text

NOBODY = UUID(int=0)


@fact(visibility=RESTRICTED)
class ConflictRegistered:
    """A conflict was registered with its parties and the right that somebody feels neglected in."""

    case_id: UUID
    number: str
    title: str
    parties: tuple[Party, ...]
    axis: Axis
    area_code: str = area_code()
    claim: str
    on: date
    tracking_code: str
    on_behalf_of: Source | None = None


@fact(visibility=PUBLIC)
class CaseListed:
    """The public register shows how far a case is: its kind and its regency or city, no party and no content."""

    case_id: UUID
    number: str
    axis: Axis
    area_code: str = area_code()
    stage: Stage
    on: date


@fact(visibility=RESTRICTED)
class AgreementDrafted:
    """The mediator laid a text before the parties; signatures under an earlier text are void."""

    case_id: UUID
    scope: Scope
    clauses: tuple[Clause, ...]
    interests: tuple[Interest, ...]
    obligations: tuple[Obligation, ...]
    voided: tuple[UUID, ...]
    checks: Checks
    root_causes: tuple[RootCause, ...]
    advised: tuple[UUID, ...]
    text_hash: str
    on: date


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
class RegisterCase:
    """Register a conflict between parties."""

    title: str = text(5, 200)
    parties: tuple[NewParty, ...] = several(1, 60)
    area_code: str = area_code()
    claim: str = text(10, 4000, multiline=True)
    on: date | None = None
    on_behalf_of: Source | None = None


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


@command
class SignAgreement:
    """Sign the agreement for one party."""

    party_id: UUID
    text_hash: str = sha256()
    on: date | None = None
    on_behalf_of: Source | None = None


@dataclass(frozen=True)
class Case:
    """What the rules of a case need to remember."""

    id: UUID = NOBODY
    number: str = ""
    stage: Stage | None = None
    axis: Axis = Axis.OTHER
    area_code: str = ""
    parties: frozenset[UUID] = frozenset()
    registered_on: date = date.min
    draft: AgreementDrafted | None = None
    signatures: tuple[tuple[UUID, date], ...] = ()

    @property
    def signed(self) -> frozenset[UUID]:
        """The parties that have signed the present text."""
        return frozenset(party for party, _ in self.signatures)


def decide(state: Case, command: Any, given: Given) -> Sequence[Any]:
    """The facts that a wish about a case makes."""
    match command:
        case RegisterCase():
            return register(state, command, given)
        case DraftAgreement():
            return draft_agreement(state, command, given)
        case SignAgreement():
            return sign(state, command, given)
    raise TypeError(f"a case knows no {type(command).__name__}")


def register(state: Case, wish: RegisterCase, given: Given) -> Sequence[Any]:
    """A case gets its number, its tracking code and the axis that follows from its parties."""
    if state.stage:
        raise WrongState("case-already-registered", number=state.number)
    on = happened(wish.on, given)
    of_the_province(wish.area_code, given, "/area_code")
    require_parties(wish.parties, given.known["organisations"])
    registered = ConflictRegistered(
        case_id=given.new_id(0),
        number=numbered("MED", given.today.year),
        title=wish.title,
        parties=tuple(Party(party_id=given.new_id(n), **vars(party)) for n, party in enumerate(wish.parties, 2)),
        axis=axis_of(wish.parties),
        area_code=wish.area_code,
        claim=wish.claim,
        on=on,
        tracking_code=tracking_code(given.new_id(1)),
        on_behalf_of=on_behalf(wish.on_behalf_of, given),
    )
    return [registered, listed(evolve(state, registered), Stage.REGISTERED, on)]


def draft_agreement(state: Case, wish: DraftAgreement, given: Given) -> Sequence[Any]:
    """A text goes to the parties when it answers every interest, binds nobody else and is sound."""
    if state.stage is None:
        raise WrongState("case-not-registered")
    if state.stage in SETTLED:
        raise WrongState("case-already-settled", number=state.number)
    on = happened(wish.on, given)
    if on < state.registered_on:
        raise BrokenRule("drafted-before-registered", "/on")
    require_balance(wish.interests, wish.clauses, state.parties)
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
            interests=tuple(Interest(interest_id=given.new_id(n), **vars(one)) for n, one in enumerate(wish.interests)),
            obligations=tuple(Obligation(obligation_id=given.new_id(n), **vars(act)) for n, act in acts),
            voided=tuple(one.obligation_id for one in state.draft.obligations) if state.draft else (),
            checks=wish.checks,
            root_causes=wish.root_causes,
            advised=wish.advised,
            text_hash=text_hash(wish.scope, wish.clauses, wish.obligations),
            on=on,
        )
    ]


def sign(state: Case, wish: SignAgreement, given: Given) -> Sequence[Any]:
    """Each party signs the present text once; the last signature settles the case."""
    if state.draft is None:
        raise WrongState("no-agreement-to-sign")
    same_text = wish.text_hash == state.draft.text_hash
    if wish.party_id in state.signed and same_text:
        return []
    if state.stage in SETTLED:
        raise WrongState("case-already-settled", number=state.number)
    if wish.party_id not in state.parties:
        raise BrokenRule("not-a-party", "/party_id")
    if not same_text:
        raise BrokenRule("text-differs-from-draft", "/text_hash")
    on = happened(wish.on, given)
    if on < state.draft.on:
        raise BrokenRule("signed-before-drafted", "/on")
    source = act_of_another(wish.on_behalf_of, given)
    signed = AgreementSigned(case_id=state.id, party_id=wish.party_id, text_hash=wish.text_hash, on=on, on_behalf_of=source)
    after = evolve(state, signed)
    return [signed, *settle(after, state.draft)] if after.signed == after.parties else [signed]


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


def listed(state: Case, stage: Stage, on: date) -> CaseListed:
    """The public line of a case names the regency or city, never the village."""
    area = state.area_code[:5]
    return CaseListed(case_id=state.id, number=state.number, axis=state.axis, area_code=area, stage=stage, on=on)


def evolve(state: Case, fact: Any) -> Case:
    """The case after a fact."""
    match fact:
        case ConflictRegistered():
            parties = frozenset(party.party_id for party in fact.parties)
            return Case(fact.case_id, fact.number, Stage.REGISTERED, fact.axis, fact.area_code, parties, fact.on)
        case AgreementDrafted():
            return replace(state, stage=Stage.AGREEMENT_DRAFTED, draft=fact, signatures=())
        case AgreementSigned():
            return replace(state, signatures=(*state.signatures, (fact.party_id, fact.on)))
        case ConflictResolved():
            return replace(state, stage=settled_stage(fact.scope))
    return state


case = Decider("case", Case(), decide, evolve)
