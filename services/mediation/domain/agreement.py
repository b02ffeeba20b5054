"""The text of an agreement, and what makes it fit to be signed: it answers every interest, binds only parties, and is sound."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from services.mediation.domain.terms import Checks, Clause, Interest, Obligation, PromisedAct, RootCause, Scope, Source
from shared.errors import BrokenRule
from shared.facts import RESTRICTED, encode, fact


@fact(visibility=RESTRICTED)
class AgreementDrafted:
    """The mediator laid a text before the parties; signatures under an earlier text are void."""

    case_id: UUID
    scope: Scope
    clauses: tuple[Clause, ...]
    interests: tuple[Interest, ...]
    obligations: tuple[Obligation, ...]
    voided: tuple[UUID, ...]
    dropped: tuple[UUID, ...] = ()
    checks: Checks
    root_causes: tuple[RootCause, ...]
    advised: tuple[UUID, ...]
    text_hash: str
    on: date
    on_behalf_of: Source | None = None


def require_balance(interests: Sequence[Interest], clauses: Sequence[Clause], parties: Collection[UUID]) -> None:
    """The balance rule: every party's interests are heard, and each one leads to a clause or to a stated reason."""
    for n, interest in enumerate(interests):
        if interest.party_id not in parties:
            raise BrokenRule("not-a-party", f"/interests/{n}/party_id")
        if any(not 1 <= number <= len(clauses) for number in interest.clauses):
            raise BrokenRule("unknown-clause", f"/interests/{n}/clauses", clauses=len(clauses))
        if not interest.clauses and not interest.reason:
            raise BrokenRule("interest-without-clause", f"/interests/{n}")
    if set(parties) - {interest.party_id for interest in interests}:
        raise BrokenRule("party-without-interest", "/interests")


def require_obligations(obligations: Sequence[PromisedAct], parties: Collection[UUID], on: date) -> None:
    """Only parties can owe something, and not before the agreement."""
    for n, promised in enumerate(obligations):
        if promised.debtor not in parties:
            raise BrokenRule("not-a-party", f"/obligations/{n}/debtor")
        if promised.due < on:
            raise BrokenRule("due-before-agreement", f"/obligations/{n}/due")


def require_soundness(checks: Checks) -> None:
    """No text goes to the parties that is unlawful, harms others or cannot be carried out."""
    if not checks.lawful:
        raise BrokenRule("agreement-not-lawful", "/checks/lawful")
    if not checks.harmless:
        raise BrokenRule("agreement-harms-others", "/checks/harmless")
    if not checks.executable:
        raise BrokenRule("agreement-not-executable", "/checks/executable")


def text_hash(scope: Scope, clauses: Sequence[Clause], obligations: Sequence[PromisedAct]) -> str:
    """SHA-256 (hex) of what is signed: scope, clauses and obligations as JSON with sorted keys and no blanks."""
    signed = {"scope": scope, "clauses": clauses, "obligations": obligations}
    canonical = json.dumps(json.loads(encode(signed)), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
